"""The Sphinx extension: numbers in prose, pages that follow their inputs, honest metadata."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape, unescape
from itertools import chain
from pathlib import Path
from typing import Any

from analysis.findings.store import digest_of
from analysis.publish.book import Book, load_book, write_bibliography
from analysis.publish.caching.remembered import same_outside
from analysis.publish.chapters import Chapter
from analysis.publish.citing.box import cite_box, with_figure_boxes
from analysis.publish.citing.citation import Edition, Work, edition_of, in_style
from analysis.publish.inputs import inputs
from analysis.publish.prose.glossary import PAGE as GLOSSARY
from analysis.publish.read_by import digest, stamped
from analysis.publish.site.finding_pages import finding_pages
from analysis.publish.site.metadata import Page, page_head
from analysis.publish.site.searching import (
    feed,
    feed_places,
    indicator_places,
    study_places,
    term_places,
)
from analysis.publish.site.sitemap import not_found
from analysis.publish.site.toggles import named_toggles
from analysis.publish.site.traced import TRAILS, traced
from analysis.publish.site.version_pages import version_pages
from analysis.publish.tables.indicators import PAGE as INDICATORS
from analysis.publish.works import works

FOOTER = """\
<p>Version {version} · evidence to {data_date}</p>
<p>Cite this page as: {cited}</p>
{box}
<p>Text and tables CC BY 4.0, code MIT. Contains public sector information licensed under the Open
Government Licence v3.0.</p>"""

# Roles that ARIA no longer knows or that hide content, and a label that hides the words shown.
MENDED = {
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    ' role="doc-biblioentry"': "",
    ' aria-label="Toggle hidden content"': "",
}


def setup(app: Any) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    # The pages to make, when not all that are out of date: an empty list is all.
    app.add_config_value("qof_only", [], "", list)
    app.setup_extension("analysis.publish.prose.explained")
    app.setup_extension("analysis.publish.notebooks.launch")
    app.setup_extension("analysis.publish.site.traced")
    app.connect("config-inited", _configure)
    # After MyST has made its own configuration (priority 500), which holds the substitutions.
    app.connect("builder-inited", _hand_over_names, priority=900)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _forget_old_labels)
    app.connect("env-check-consistency", _nothing_else)
    app.connect("source-read", _stamp)
    app.connect("html-collect-pages", _one_page_a_finding)
    app.connect("html-collect-pages", _not_found)
    app.connect("html-collect-pages", _name_places, priority=800)
    app.connect("html-collect-pages", _forget_old_words, priority=900)
    app.connect("build-finished", _forget_old_pages)
    app.connect("html-page-context", _contents, priority=100)
    app.connect("html-page-context", _about)
    app.connect("html-page-context", _mend, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _book(app: Any) -> Book:
    # Inputs do not change while pages are made; asking them once a page costs seconds.
    if not hasattr(app, "qof_book"):
        app.qof_book = load_book(Path(app.srcdir).parent)
    book: Book = app.qof_book
    return book


def _configure(app: Any, config: Any) -> None:
    write_bibliography(_book(app))
    # The theme would write an error to the console of every first visit without it.
    config.html_context.setdefault("default_mode", "auto")
    # Jupyter Book lists them as the disk does, which is another order on another machine.
    config.html_js_files = sorted(config.html_js_files, key=str)
    config.html_css_files = sorted(config.html_css_files, key=str)
    config.html_baseurl = os.environ.get("QOF_BASE_URL", config.html_baseurl)
    if repository := os.environ.get("QOF_REPOSITORY_URL"):
        config.html_theme_options |= {"repository_url": repository, "use_repository_button": True}


def _hand_over_names(app: Any) -> None:
    # Not through the configuration: Sphinx would rebuild every page when any number changes.
    names = {**app.env.myst_config.substitutions, **traced(_book(app).names())}
    app.env.myst_config = replace(app.env.myst_config, substitutions=names)


def _chapter(app: Any, docname: str, text: str | None = None) -> Chapter:
    path = Path(app.env.doc2path(docname))
    return Chapter(path, path.read_text("utf-8") if text is None else text)


def _outdated(
    app: Any, env: Any, added: set[str], changed: set[str], removed: set[str]
) -> Iterable[str]:
    """Return the pages whose findings, facts, citations or code changed since they were read."""
    known = getattr(env, "qof_inputs", {})
    old = set(env.found_docs) - added - changed - removed
    if app.config.qof_only:
        return sorted(old.intersection(app.config.qof_only))
    read = [name for name in sorted(old) if known.get(name) != _key(app, _chapter(app, name))]
    return read + _for_assets(app, env)


def _for_assets(app: Any, env: Any) -> list[str]:
    # Sphinx copies styles and scripts only when it writes a page.
    before = getattr(env, "qof_assets", "")
    env.qof_assets = digest_of(Path(app.srcdir), "_static/**/*")
    return [app.config.root_doc] if before not in ("", env.qof_assets) else []


def _key(app: Any, chapter: Chapter) -> str:
    return digest(inputs(chapter), _book(app))


def _nothing_else(app: Any, env: Any) -> None:
    # Pages alone are neither searched, nor named anew in the contents that others show.
    if app.config.qof_only:
        app.builder.search = False
        env.files_to_rebuild.clear()


def _forget_old_labels(app: Any, env: Any, pages: list[str]) -> None:
    # Sphinx forgets a page as it comes to read it anew; until then a label that moved to another
    # page would stand twice.
    for page in pages:
        env.clear_doc(page)


def _stamp(app: Any, docname: str, source: list[str]) -> None:
    chapter = _chapter(app, docname, source[0])
    if not hasattr(app.env, "qof_inputs"):
        app.env.qof_inputs = {}
    app.env.qof_inputs[docname] = _key(app, chapter)
    source[0] = stamped(chapter, _book(app))


def _contents(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    # Before the theme asks for them.
    if page not in app.env.found_docs:
        known = vars(app).setdefault("qof_contents", {})
        context["toctree"] = same_outside(context["toctree"], page, known)


def _mend(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Take out what the theme gets wrong for assistive technology, and a script nobody uses."""
    if app.config.qof_only:
        # The page of search is there all the same.
        known = context["hasdoc"]
        context["hasdoc"] = lambda name: name == "search" or known(name)
    if "body" in context:
        for wrong, right in MENDED.items():
            context["body"] = context["body"].replace(wrong, right)
    # Live code cells are not offered; their script declares a name twice and names another host.
    context["script_files"] = [s for s in context["script_files"] if "thebe" not in _script(s)]
    context["generate_toctree_html"] = named_toggles(context["generate_toctree_html"])
    # This sheet's name carries a hash; whether Sphinx adds another depends on earlier builds.
    link = context["css_tag"]
    context["css_tag"] = lambda sheet: re.sub(r"(mystnb\.\w+\.css)\?v=\w+", r"\1", link(sheet))


def _name_places(app: Any) -> Iterable[Any]:
    """Make studies findable by name in the table of trails, and words in the glossary."""
    if indexer := getattr(app.builder, "indexer", None):
        book, known = _book(app), app.env.get_domain("std").objects
        terms = {name: place[1] for (kind, name), place in known.items() if kind == "term"}
        feed_places(indexer, TRAILS, study_places(book))
        feed_places(indexer, GLOSSARY, term_places(book.root, terms))
        feed_places(indexer, INDICATORS, indicator_places(book.root))
    return ()


def _forget_old_words(app: Any) -> Iterable[Any]:
    """Drop words no page has any more, so that the same sources give the same search index."""
    if indexer := getattr(app.builder, "indexer", None):
        for words in (indexer._mapping, indexer._title_mapping):
            for word in [word for word, pages in words.items() if not pages]:
                del words[word]
    return ()


def _forget_old_pages(app: Any, error: Exception | None) -> None:
    # Of an earlier build that had a chapter, a finding or a version more.
    made, site = getattr(app, "qof_pages", set()) | app.env.found_docs, Path(app.outdir)
    # Where no chapter changed, nothing was made, and all that is there stays.
    unchanged = error or app.config.qof_only or not hasattr(app, "qof_pages")
    for path in () if unchanged else site.rglob("*.html"):
        if path.relative_to(site).with_suffix("").as_posix() not in made:
            path.unlink()


def _one_page_a_finding(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    book = _book(app)
    edition = _edition(app)
    only = app.config.qof_only
    made = chain(finding_pages(book, edition, only), () if only else version_pages(book, edition))
    for page, title, body in made:
        if indexer := getattr(app.builder, "indexer", None):
            feed(indexer, page, title, body)
        yield page, {"title": title, "body": body}, "page.html"


def _not_found(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    for page, title, body in () if app.config.qof_only else not_found():
        yield page, {"title": title, "body": body}, "page.html"


def _edition(app: Any) -> Edition:
    return edition_of(_book(app), app.config.html_baseurl)


def _script(script: Any) -> str:
    return f"{script.filename} {script.attributes.get('body', '')}".lower()


def _about(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Say on every page which version it is, how far its evidence goes, and how to cite it."""
    vars(app).setdefault("qof_pages", set()).add(page)
    book = _book(app)
    titles = app.env.titles
    title = escape(titles[page].astext() if page in titles else context.get("title", ""))
    work = _work(book, page, title)
    head = page_head(book, _edition(app), Page(work, context.get("body", "")))
    context["metatags"] = context.get("metatags", "") + head
    context["theme_extra_footer"] = _footer(_edition(app), work)
    if "body" in context and doctree is not None:
        context["body"] = with_figure_boxes(context["body"], page, _edition(app))


def _work(book: Book, page: str, title: str) -> Work:
    known = {work.page: work for work in works(book).values() if work.id != "book"}
    return known.get(page) or Work(page, "page", unescape(title) or page, page)


def _footer(edition: Edition, work: Work) -> str:
    # A finding has its box beside its use, not below the page.
    box = "" if work.kind == "finding" else cite_box(work, edition)
    return FOOTER.format(
        cited=escape(in_style(work, edition, "vancouver")),
        box=box,
        version=edition.version,
        data_date=edition.data_date,
    )
