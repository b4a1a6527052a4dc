"""Everything a page may speak of: findings, cited facts, counts, version and data date."""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from analysis.evidence.statements import read_statements
from analysis.findings.finding import SYMBOLS, Finding
from analysis.findings.store import INPUTS, digest_of, stored_findings
from analysis.paths import LIBRARY, SEARCHES
from analysis.problems import nearest
from analysis.publish.certainty.basis_counts import basis_counts
from analysis.publish.certainty.robust import Robust
from analysis.publish.chapters import chapters
from analysis.publish.prose.cited import read_sources
from analysis.publish.prose.glossary import page_text, read_glossary
from analysis.publish.prose.review import reviews
from analysis.publish.prose.spoken import Spoken
from analysis.publish.tables.most import first, rest
from analysis.references import (
    Library,
    Record,
    Search,
    citation,
    read_library,
    read_searches,
    to_bibtex,
)

BIBLIOGRAPHY = Path("_build") / "references.bib"
# Code that can change what a page shows: the package and the versions it runs on.
CODE = ("analysis/**/*.py", "requirements.lock")


@dataclass(frozen=True, slots=True)
class Texts:
    """Short texts by name: `counts.effects`, `book.version`."""

    texts: Mapping[str, str]

    def __getattr__(self, name: str) -> str:
        # Unpickling asks for special names, and for the fields before they are there.
        if name.startswith("_") or name in ("texts", "rows"):
            raise AttributeError(name)
        if name not in self.texts:
            raise AttributeError(f"no {name!r}: {nearest(name, self.texts)}")
        return self.texts[name]


@dataclass(frozen=True, slots=True)
class Facts(Texts):
    """Cited single facts: `facts.kramer_income_share` is the text to show."""

    rows: tuple[Mapping[str, str], ...]

    def compared(self, ending: str, heading: str) -> str:
        """Return a Markdown table of all facts whose name ends so: source, figure, as printed.

        Raises:
            ValueError: there is none.
        """
        rows = [row for row in self.rows if row["fact_id"].endswith(ending)]
        if not rows:
            raise ValueError(f"no fact ends with {ending!r}: {nearest(ending, self.texts)}")
        lines = [f"| Source | {heading} | As printed |", "| --- | --- | --- |"]
        for row in rows:
            printed = row["reported_as"].replace("|", "\\|")
            lines.append(f"| {{cite:t}}`{row['study_id']}` | {row['text']} | {printed} |")
        return "\n".join(lines)


# Each is itself alone, so that what was made of one can be looked up by it.
@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """The book's contents by the names chapters use; `state` is the digest of its inputs."""

    root: Path
    state: str
    about: Texts
    library: Library
    findings: Mapping[str, Spoken]
    facts: Facts
    counts: Texts
    events: Texts
    sources: Texts

    def names(self) -> dict[str, object]:
        """Return what `{{ ... }}` in a chapter may begin with."""
        texts = {"facts": self.facts, "counts": self.counts, "events": self.events}
        robust = Robust(self.root, self.state)
        named = {"robust": robust, "book": self.about, "sources": self.sources}
        return {**self.findings, **texts, **named}


def _library_list(library: Library) -> str:
    records = sorted(library.values(), key=citation)
    more = rest(len(records), "records, in order of their citations,", "references.csv")
    shown = '<ul class="qof-library">\n' + "\n".join(map(_listed, first(records))) + "\n</ul>"
    return f"<p>{more}</p>\n{shown}" if more else shown


def _listed(record: Record) -> str:
    address = f"https://doi.org/{record.doi}" if record.doi else record.url
    link = f' <a href="{escape(address)}">{record.doi or "online"}</a>' if address else ""
    unseen = ", ".join(name.replace("_", " ") for name in record.unverified)
    marked = f" <em>Not yet checked: {unseen}.</em>" if unseen else ""
    return f"<li>{escape(citation(record))}{link}{marked}</li>"


def load_book(root: Path) -> Book:
    """Return the book of the current inputs; findings come from the store when it is current."""
    # Which sources are discussed follows from the chapters.
    texts = "book/**/*.md"
    return _load(root, digest_of(root, *INPUTS, texts, "references/*.csv", "pyproject.toml"))


@lru_cache(maxsize=1)
def _load(root: Path, state: str) -> Book:
    library = read_library(root / LIBRARY)
    findings = stored_findings(root)
    searches = read_searches(root / SEARCHES)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    about = {
        "version": project["version"],
        "data_date": max(search.date for search in searches),
        "library": _library_list(library),
        "glossary": _glossary(root),
    }
    facts = tuple(_rows(root / "data" / "facts.csv"))
    return Book(
        root=root,
        state=state,
        about=Texts(about),
        library=library,
        findings=_spoken(root, findings),
        facts=Facts({row["fact_id"]: row["text"] for row in facts}, facts),
        events=Texts(_event_figures(root)),
        sources=Texts(_sources(root)),
        counts=Texts(
            _counts(root, library, searches)
            | _levels(findings.values())
            | _confidence(root)
            | basis_counts(root, findings.values())
        ),
    )


def _spoken(root: Path, findings: Mapping[str, Finding]) -> dict[str, Spoken]:
    review = {name: str(one) for name, one in reviews(root, findings).items()}
    return {one.name: Spoken(one, review.get(one.id, "")) for one in findings.values()}


def write_bibliography(book: Book) -> None:
    """Write the library as BibTeX, where sphinxcontrib-bibtex reads it."""
    path, text = book.root / BIBLIOGRAPHY, to_bibtex(book.library)
    # An unchanged file keeps its time, so that no page looks older than what it cites.
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _levels(findings: Iterable[Finding]) -> dict[str, str]:
    found = {finding.certainty.level for finding in findings}
    *most, last = [level for level in SYMBOLS if level in found]
    return {"certainty_levels": " or ".join([*filter(None, [", ".join(most)]), last])}


def _confidence(root: Path) -> dict[str, str]:
    """Return the confidence in each qualitative statement, as `confidence_second_agenda`.

    `certainty_second_agenda` is the same with its sign.
    """
    told = {
        one.id.replace("-", "_"): one.confidence.level for one in read_statements(root).statements
    }
    signs = {
        f"certainty_{one}": f"{SYMBOLS[level]} {level} confidence" for one, level in told.items()
    }
    return {f"confidence_{one}": level for one, level in told.items()} | signs


def _counts(root: Path, library: Library, searches: tuple[Search, ...]) -> dict[str, str]:
    effects = list(_rows(root / "data" / "effects.csv"))
    qualitative = list(_rows(root / "data" / "qualitative_findings.csv"))
    cases = list(_rows(root / "data" / "cases.csv"))
    counts = {
        "records": len(library),
        "searches": sum(search.n_searches or 0 for search in searches),
        "identified": sum(search.records_identified for search in searches),
        "effects": len(effects),
        # A range over scenarios of a model is not one.
        "effects_with_interval": sum(row["interval_kind"] == "confidence" for row in effects),
        "effects_from_abstracts": sum(row["extracted_from"] == "abstract" for row in effects),
        "effects_checked": sum(row["checked"] != "no" for row in effects),
        "studies_with_effects": len({row["study_id"] for row in effects}),
        "qualitative_findings": len(qualitative),
        "qualitative_studies": len({row["study_id"] for row in qualitative}),
        "cases": len(cases),
        "cases_evaluated": sum(row["certainty"] != "none" for row in cases),
        "timeline_events": sum(1 for _ in _rows(root / "data" / "timeline.csv")),
    }
    counts["duplicates_removed"] = counts["identified"] - counts["records"]
    return {name: f"{count:,}" for name, count in counts.items()}


def _sources(root: Path) -> dict[str, str]:
    return read_sources(root, chapters(root)).texts()


def _glossary(root: Path) -> str:
    return page_text(read_glossary(root))


def _event_figures(root: Path) -> dict[str, str]:
    """Return the number of each timeline event that has one: `events.wales_2014_1` is "669"."""
    events = _rows(root / "data" / "timeline.csv")
    return {
        event["event_id"].replace("-", "_"): f"{float(event['figure']):,.10g}"
        for event in events
        if event["figure"]
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
