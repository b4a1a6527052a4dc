"""The box *Cite this*: every form of a citation, each with a button that copies it."""

import re
from html import escape, unescape

from analysis.publish.citing.citation import FORMATS, LABELS, Edition, Work, cite
from analysis.publish.works import figure_work

# A figure is cited in the styles of text: its page has the forms for reference managers.
FOR_FIGURES = ("vancouver", "harvard", "apa")
_FIGURE = re.compile(
    r'(<figure class="qof-figure" id="(?P<anchor>[^"]+)">.*?<figcaption><strong>(?P<title>.*?)'
    r"\.?</strong>.*?)</figure>",
    re.DOTALL,
)


def cite_box(work: Work, edition: Edition, forms: tuple[str, ...] = tuple(FORMATS)) -> str:
    """Return the box as HTML; it opens without a script, and copying needs one."""
    rows = "".join(_form(work, edition, form) for form in forms)
    address = f"{edition.base}/{work.path}" if edition.base else ""
    link = escape(address or f"#{work.anchor}")
    return (
        f'<details class="qof-cite"><summary>Cite this {work.kind}</summary>'
        f'<dl>{rows}</dl><p class="qof-permalink">Permalink: '
        f'<a href="{link}">{escape(address or work.path)}</a></p></details>'
    )


def with_figure_boxes(body: str, page: str, edition: Edition) -> str:
    """Return a page's HTML with a box inside each figure of ours."""

    def boxed(found: re.Match[str]) -> str:
        work = figure_work(page, found["anchor"], unescape(found["title"]))
        return f"{found[1]}{cite_box(work, edition, FOR_FIGURES)}</figure>"

    return _FIGURE.sub(boxed, body)


def _form(work: Work, edition: Edition, form: str) -> str:
    text = escape(cite(work, edition, form).rstrip())
    name = f"{LABELS[form]} citation of “{escape(work.title)}”"
    return (
        f"<div><dt>{LABELS[form]}</dt><dd><pre>{text}</pre>"
        f'<button type="button" class="qof-copy" aria-label="Copy: {name}">Copy</button></dd></div>'
    )
