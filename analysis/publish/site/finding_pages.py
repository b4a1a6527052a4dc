"""A page for each finding, at an address that does not change: findings/ID.html."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from analysis.findings.snapshot_made import told_of
from analysis.publish.book import Book
from analysis.publish.caching.kept import kept
from analysis.publish.chapters import Chapter, chapters
from analysis.publish.citing.box import cite_box
from analysis.publish.citing.citation import Edition, Work
from analysis.publish.files.embed_figures import figure_snippet, path_of
from analysis.publish.files.embeds import snippet, template_of
from analysis.publish.files.finding_figure import figure_of, has_figure
from analysis.publish.inputs import inputs
from analysis.publish.living.changed import history
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.prose.review import is_draft
from analysis.publish.prose.spoken import Spoken
from analysis.publish.read_by import fingerprint
from analysis.publish.works import FINDINGS, works
from analysis.references import citation

TEMPLATE = "finding-page.html"


def finding_pages(
    book: Book, edition: Edition, only: Collection[str] = ()
) -> Iterator[tuple[str, str, str]]:
    """Yield page, title and HTML body of every finding, in the order of `data/questions.yml`.

    `only` are the pages to make, when not all of them.
    """
    template, known, texts = template_of(book.root, TEMPLATE), works(book), chapters(book.root)
    for spoken in book.findings.values():
        work = known[spoken.finding.id]
        if only and work.page not in only:
            continue
        told = _told(book, spoken, work, edition, _told_in(spoken, texts, known, book.root))
        yield work.page, work.title, template.render(told)


def _told(
    book: Book, spoken: Spoken, work: Work, edition: Edition, told_in: list[Work]
) -> dict[str, object]:
    figures = [_drawn(book, spoken)] if has_figure(spoken) else []
    return {
        "finding": spoken.finding,
        "numbers": in_numbers(spoken),
        "certainty": spoken.certainty,
        "figures": figures,
        "sources": list(_sources(book, spoken)),
        "told_in": told_in,
        "cite": cite_box(work, edition),
        "uses": list(_uses(spoken)),
        "snippet": snippet(spoken, edition.base),
        "figure_snippets": [figure_snippet(spoken, edition.base, drawn) for drawn in figures],
        "review": spoken.review if is_draft() else "",
        "history": history(book.root, told_of(spoken.finding)),
    }


def _drawn(book: Book, spoken: Spoken) -> str:
    made_from = f"{spoken.finding.fingerprint} {fingerprint(book, 'code')}"
    html = kept(book.root, made_from, lambda: figure_of(spoken).html())
    # The page lies one folder below those that figures are drawn for.
    return html.replace('href="trails.html', 'href="../trails.html')


def _sources(book: Book, spoken: Spoken) -> Iterator[Mapping[str, str]]:
    keys = dict.fromkeys(row.study_id for row in spoken.finding.rows)
    for key in keys:
        if key in book.library:
            yield {"text": citation(book.library[key]), "trail": f"trails.html#trail-{key}"}


def _told_in(
    spoken: Spoken, texts: list[Chapter], known: Mapping[str, Work], root: Path
) -> list[Work]:
    names = {spoken.finding.id, spoken.finding.name}
    pages = [
        text.path.relative_to(root / "book").with_suffix("").as_posix()
        for text in texts
        if names & inputs(text)
    ]
    return [known[page] for page in pages]


def _uses(spoken: Spoken) -> Iterator[Mapping[str, str]]:
    name = spoken.finding.id
    yield {"href": f"../api/{FINDINGS}/{name}.json", "text": "This finding as JSON"}
    yield {"href": f"../embed/{name}.html", "text": "A card to embed in your own page"}
    if not has_figure(spoken):
        return
    yield {"href": f"../{path_of(spoken)}", "text": "The figure as a page to embed"}
    yield {"href": f"../figures/{name}.svg", "text": "The figure as SVG, its citation inside"}
    yield {"href": f"../figures/{name}.png", "text": "The figure as PNG"}
