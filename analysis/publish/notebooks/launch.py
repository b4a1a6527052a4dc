"""Where a chapter's notebook can be had or run: download, Binder, Colab.

`launch_buttons` in `_config.yml` is Jupyter Book's own setting. The theme would link notebooks that
lie in the repository; ours are made when the book is built, so the links are made here.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from analysis.publish.chapters import Chapter

FOLDER = "notebooks"
"""The folder of the notebooks within the site."""

REPOSITORY, REF = "QOF_REPOSITORY_URL", "QOF_REPOSITORY_REF"
# Colab opens notebooks from a branch, and Binder's image has them where `postBuild` made them.
BRANCH = "notebooks"
BUILT = f"_build/html/{FOLDER}"
GITHUB, GITLAB = "github.com", "gitlab.com"
INTERFACES = {"jupyterlab": "lab/tree", "classic": "tree"}
INTERFACE = "notebook_interface"
# The theme's group of links: its place and words.
_GROUP = {
    "type": "group",
    "tooltip": "Run this page as a notebook",
    "icon": "fas fa-rocket",
    "label": "launch-buttons",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the book's source is published, and which state of it: a tag, or the newest."""

    address: str
    ref: str = "HEAD"

    @property
    def host(self) -> str:
        """The name of the server, as in `github.com`."""
        return urlsplit(self.address).hostname or ""

    @property
    def path(self) -> str:
        """What the repository is called there, as in `owner/name`."""
        return urlsplit(self.address).path.strip("/").removesuffix(".git")


def repository() -> Repository | None:
    """Return the repository that a deployment names, None where none is named."""
    address = os.environ.get(REPOSITORY, "")
    return Repository(address.rstrip("/"), os.environ.get(REF) or "HEAD") if address else None


def notebook_file(page: str) -> str:
    """Return a page's notebook: its path within the site."""
    return f"{FOLDER}/{page}.ipynb"


def binder(page: str, server: str, interface: str, at: Repository) -> str:
    """Return the address that opens a page's notebook on Binder; empty for an unknown host."""
    places = {GITHUB: f"gh/{at.path}", GITLAB: f"gl/{quote(at.path, safe='')}"}
    if at.host not in places:
        return ""
    opened = f"{INTERFACES[interface]}/{BUILT}/{page}.ipynb"
    return f"{server}/v2/{places[at.host]}/{quote(at.ref, safe='')}?urlpath={quote(opened)}"


def colab(page: str, server: str, interface: str, at: Repository) -> str:
    """Return the address that opens a page's notebook on Colab, which reads GitHub only."""
    if at.host != GITHUB:
        return ""
    return f"{server}/github/{at.path}/blob/{BRANCH}/{page}.ipynb"


@dataclass(frozen=True, slots=True)
class Service:
    """A place that runs notebooks; `logo` is a file that the theme brings."""

    name: str
    logo: str
    address: Callable[[str, str, str, Repository], str]


SERVICES: Mapping[str, Service] = {
    "binderhub_url": Service("Binder", "_static/images/logo_binder.svg", binder),
    "colab_url": Service("Colab", "_static/images/logo_colab.png", colab),
}
"""The services by their key in `launch_buttons`."""


def checked(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings in use.

    Raises:
        ValueError: a service or an interface that this book does not know.
    """
    used = {key: str(value).rstrip("/") for key, value in settings.items() if value}
    known = {*SERVICES, INTERFACE}
    if unknown := sorted(used.keys() - known):
        raise ValueError(f"_config.yml, launch_buttons: {unknown[0]}; known are {sorted(known)}")
    interface = used.setdefault(INTERFACE, "jupyterlab")
    if interface not in INTERFACES:
        raise ValueError(f"_config.yml, {INTERFACE}: {interface}; known are {sorted(INTERFACES)}")
    return used


def services(
    page: str, settings: Mapping[str, str], at: Repository | None
) -> Iterator[tuple[str, str, str]]:
    """Yield name, address and logo for each service that can open a page's notebook."""
    for key, one in SERVICES.items():
        if at and key in settings:
            address = one.address(page, settings[key], settings[INTERFACE], at)
            if address:
                yield one.name, address, one.logo


def setup(app: Any) -> dict[str, Any]:
    """Connect the buttons to Sphinx."""
    # All pages are written again when one of them changes.
    app.add_config_value("qof_launch", {}, "html", types=dict)
    app.add_config_value("qof_repository", [], "html", types=list)
    app.connect("config-inited", _take)
    # The theme has made its own buttons by then (501).
    app.connect("html-page-context", _add_buttons, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _take(app: Any, config: Any) -> None:
    at = repository()
    config.qof_launch = checked(config.html_theme_options.pop("launch_buttons", None) or {})
    config.qof_repository = [at.address, at.ref] if at else []


def _add_buttons(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    buttons = context.get("header_buttons")
    _draw_repository(buttons or [])
    if buttons is None or doctree is None or not _has_code(Path(app.env.doc2path(page))):
        return
    _add_download(buttons, context["pathto"](notebook_file(page), 1))
    at = Repository(*app.config.qof_repository) if app.config.qof_repository else None
    if links := [_link(*link) for link in services(page, app.config.qof_launch, at)]:
        buttons.insert(0, {**_GROUP, "buttons": links})


def _draw_repository(buttons: list[dict[str, Any]]) -> None:
    """Give the link to the repository a sign of the font that the site keeps."""
    for button in buttons:
        if button.get("icon", "").startswith("fab "):
            button["icon"] = "fas fa-code-branch"


def _has_code(path: Path) -> bool:
    return Chapter(path, path.read_text("utf-8")).has_code


def _add_download(buttons: list[dict[str, Any]], address: str) -> None:
    tip, label = "Download this page as a notebook", "download-notebook-button"
    link = _link(".ipynb", address, "fas fa-code") | {"tooltip": tip, "label": label}
    for group in buttons:
        if group.get("label") == "download-buttons":
            group["buttons"].insert(0, link)


def _link(text: str, address: str, icon: str) -> dict[str, Any]:
    tip = f"Open in {text}"
    return {"type": "link", "text": text, "url": address, "icon": icon, "tooltip": tip}
