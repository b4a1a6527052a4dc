"""Where a chapter's notebook can be had: addresses, buttons, and the branch Colab reads."""

import re
import subprocess
from types import SimpleNamespace

import pytest
import yaml

from analysis.publish import build
from analysis.publish.notebooks.launch import (
    BRANCH,
    BUILT,
    REF,
    REPOSITORY,
    Repository,
    _add_buttons,
    _take,
    checked,
    repository,
    services,
)
from tests.conftest import ROOT

SETTINGS = checked({"binderhub_url": "https://binder.test/", "colab_url": "https://colab.test"})
OPENED = "?urlpath=lab/tree/_build/html/notebooks/page.ipynb"
PAGES = ROOT / ".github" / "workflows" / "pages.yml"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, {}),
        (
            Repository("https://github.com/owner/name.git"),
            {
                "Binder": f"https://binder.test/v2/gh/owner/name/HEAD{OPENED}",
                "Colab": "https://colab.test/github/owner/name/blob/notebooks/page.ipynb",
            },
        ),
        (
            Repository("https://gitlab.com/group/part/name", "v1.2.3"),
            {"Binder": f"https://binder.test/v2/gl/group%2Fpart%2Fname/v1.2.3{OPENED}"},
        ),
        (Repository("https://code.example.org/owner/name"), {}),
        (Repository("https://github.com.example.org/owner/name"), {}),
    ],
    ids=["none", "github", "gitlab", "elsewhere", "like github"],
)
def test_services_open_what_they_can_reach(at, expected):
    assert {name: link for name, link, _ in services("page", SETTINGS, at)} == expected


def test_a_service_without_an_address_has_no_button():
    only = checked({"binderhub_url": "", "colab_url": "https://colab.test", "thebe": False})
    at = Repository("https://github.com/owner/name")
    assert [name for name, *_ in services("page", only, at)] == ["Colab"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"jupyterhub_url": "https://hub.test"}, "jupyterhub_url; known are"),
        ({"notebook_interface": "lab"}, "lab; known are"),
    ],
)
def test_a_setting_that_would_do_nothing_is_told(settings, said):
    with pytest.raises(ValueError, match=said):
        checked(settings)


def test_the_deployment_names_repository_and_state(monkeypatch):
    monkeypatch.delenv(REPOSITORY, raising=False)
    assert repository() is None
    monkeypatch.setenv(REPOSITORY, "https://github.com/owner/name/")
    monkeypatch.setenv(REF, "")
    assert repository() == Repository("https://github.com/owner/name", "HEAD")
    monkeypatch.setenv(REF, "v1.2.3")
    assert repository().ref == "v1.2.3"
    # A build that knows nothing of them would say that nothing changed.
    assert {REPOSITORY, REF} <= set(build.ADDRESSES)


def buttons(page, monkeypatch, address):
    monkeypatch.setenv(REPOSITORY, address)
    options = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["launch_buttons"]
    config = SimpleNamespace(html_theme_options={"launch_buttons": options})
    env = SimpleNamespace(doc2path=lambda name: ROOT / "book" / f"{name}.md")
    _take(None, config)
    assert "launch_buttons" not in config.html_theme_options
    shown = [{"label": "download-buttons", "buttons": [{"text": ".md"}]}]
    context = {"header_buttons": shown, "pathto": lambda name, _: name}
    _add_buttons(SimpleNamespace(env=env, config=config), page, "page.html", context, object())
    return {group["label"]: [one["text"] for one in group["buttons"]] for group in shown}


def test_a_page_with_code_has_its_notebook_and_where_to_run_it(monkeypatch):
    page, address = "devolution-somerset", "https://github.com/owner/name"
    downloads = {"download-buttons": [".ipynb", ".md"]}
    assert buttons(page, monkeypatch, "") == downloads
    launch = {"launch-buttons": ["Binder", "Colab"]}
    assert buttons(page, monkeypatch, address) == {**launch, **downloads}
    assert buttons("rebuild", monkeypatch, address) == {"download-buttons": [".md"]}


def test_the_repository_s_sign_is_of_the_font_that_the_site_keeps():
    shown = [{"icon": "fab fa-github"}, {"icon": "fas fa-download"}, {"label": "no sign"}]
    _add_buttons(None, "page", "page.html", {"header_buttons": shown}, None)
    assert [one.get("icon", "") for one in shown] == ["fas fa-code-branch", "fas fa-download", ""]


def jobs():
    return yaml.safe_load(PAGES.read_text("utf-8"))["jobs"]


def test_only_the_job_for_the_branch_may_write_to_the_repository():
    may = {name: job["permissions"].get("contents") for name, job in jobs().items()}
    assert [name for name, right in may.items() if right == "write"] == ["notebooks"]
    assert may["build"] == "read"


def test_the_branch_gets_what_the_build_made():
    uploads = [step for step in jobs()["build"]["steps"] if "/upload-" in str(step)]
    (download,) = [step for step in jobs()["notebooks"]["steps"] if "download" in str(step)]
    assert [step["with"]["path"] for step in uploads] == ["_build/html", BUILT]
    assert uploads[-1]["with"]["name"] == download["with"]["name"]
    assert jobs()["notebooks"]["needs"] == "build"
    (made,) = [step for step in jobs()["build"]["steps"] if "make book" in str(step)]
    assert {REPOSITORY, REF} <= set(made["env"])


def git(folder, *arguments):
    said = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_the_branch_is_replaced_whole_each_time(tmp_path):
    """The commands of the workflow, run against a repository beside."""
    switch, push = [step["run"] for step in jobs()["notebooks"]["steps"] if "run" in step]
    environment = {"GITHUB_REF_NAME": "main", "GITHUB_SHA": "abc", "PATH": "/usr/bin:/bin"}
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin")
    git(tmp_path, "clone", "--quiet", "origin", "work")
    (tmp_path / "work" / "README.md").write_text("the book")
    git(tmp_path / "work", "add", "--all")
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    git(tmp_path / "work", *who, "commit", "--quiet", "--message", "book")
    git(tmp_path / "work", "push", "--quiet", "origin", "main")
    for name in ("first", "second"):
        clone = tmp_path / name
        git(tmp_path, "clone", "--quiet", "--branch", "main", "origin", name)
        for command, files in ((switch, [f"{name}.ipynb"]), (push, [])):
            subprocess.run(["sh", "-e", "-c", command], cwd=clone, env=environment, check=True)
            for file in files:
                (clone / file).write_text("{}")
        origin = tmp_path / "origin"
        assert git(origin, "ls-tree", "--name-only", BRANCH).split() == [f"{name}.ipynb"]
        assert git(origin, "rev-list", "--count", BRANCH).strip() == "1"
        assert git(origin, "log", "-1", "--format=%s", BRANCH) == "Notebooks of main, abc\n"


def test_binder_builds_the_book_after_the_package():
    lines = (ROOT / "postBuild").read_text("utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands[0] == "set -e"
    assert re.match(r"pip install .*--editable \.$", commands[1])
    assert commands[2:] == ["python -m analysis build"]
