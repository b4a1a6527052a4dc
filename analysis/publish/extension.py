"""The Sphinx extension: numbers in prose, pages that follow their inputs, honest metadata."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.publish.book import Book, load_book
from analysis.publish.chapters import Chapter, digest, stamped


def setup(app: Any) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    # After MyST has made its own configuration (priority 500), which holds the substitutions.
    app.connect("builder-inited", _hand_over_names, priority=900)
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _stamp)
    app.connect("html-page-context", _about)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _book(app: Any) -> Book:
    return load_book(Path(app.srcdir).parent)


def _hand_over_names(app: Any) -> None:
    # Not through the configuration: Sphinx would rebuild every page when any number changes.
    names = {**app.env.myst_config.substitutions, **_book(app).names()}
    app.env.myst_config = replace(app.env.myst_config, substitutions=names)


def _chapter(app: Any, docname: str, text: str | None = None) -> Chapter:
    path = Path(app.env.doc2path(docname))
    return Chapter(path, path.read_text("utf-8") if text is None else text)


def _outdated(
    app: Any, env: Any, added: set[str], changed: set[str], removed: set[str]
) -> Iterable[str]:
    """Return the pages whose findings, facts, citations or code changed since they were read."""
    known = getattr(env, "qof_inputs", {})
    book = _book(app)
    old = set(env.found_docs) - added - changed - removed
    return [name for name in sorted(old) if known.get(name) != digest(_chapter(app, name), book)]


def _stamp(app: Any, docname: str, source: list[str]) -> None:
    chapter = _chapter(app, docname, source[0])
    key = digest(chapter, _book(app))
    if not hasattr(app.env, "qof_inputs"):
        app.env.qof_inputs = {}
    app.env.qof_inputs[docname] = key
    source[0] = stamped(source[0], key)


def _about(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    book = _book(app)
    about = {"qof-version": book.version, "qof-data-date": book.data_date}
    tags = "".join(f'\n    <meta name="{name}" content="{text}" />' for name, text in about.items())
    context["metatags"] = context.get("metatags", "") + tags
