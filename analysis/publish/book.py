"""Everything a page may speak of: findings, cited facts, counts, version and data date."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path

from analysis.findings.store import INPUTS, digest_of, stored_findings
from analysis.problems import nearest
from analysis.publish.spoken import Spoken
from analysis.references import Library, Record, citation, read_library, to_bibtex

LIBRARY = Path("references") / "library.ris"
BIBLIOGRAPHY = Path("_build") / "references.bib"


@dataclass(frozen=True, slots=True)
class Facts:
    """Cited single facts, by name: `facts.kramer_income_share` is the text to show."""

    rows: Mapping[str, Mapping[str, str]]

    def __getattr__(self, name: str) -> str:
        if name.startswith("_") or name == "rows":
            raise AttributeError(name)
        if name not in self.rows:
            raise AttributeError(f"no fact {name!r}: {nearest(name, self.rows)}")
        return self.rows[name]["text"]

    def compared(self, ending: str, heading: str) -> str:
        """Return a Markdown table of all facts whose name ends so: source, figure, as printed.

        Raises:
            ValueError: there is none.
        """
        rows = [row for name, row in self.rows.items() if name.endswith(ending)]
        if not rows:
            raise ValueError(f"no fact ends with {ending!r}: {nearest(ending, self.rows)}")
        lines = [f"| Source | {heading} | As printed |", "| --- | --- | --- |"]
        for row in rows:
            printed = row["reported_as"].replace("|", "\\|")
            lines.append(f"| {{cite:t}}`{row['study_id']}` | {row['text']} | {printed} |")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Plain:
    """Short texts by name, such as the book's version or a count of its rows."""

    texts: Mapping[str, str]

    def __getattr__(self, name: str) -> str:
        if name.startswith("_") or name == "texts":
            raise AttributeError(name)
        if name not in self.texts:
            raise AttributeError(f"no {name!r}: {nearest(name, self.texts)}")
        return self.texts[name]


@dataclass(frozen=True, slots=True)
class Book:
    """The book's contents by the names chapters use."""

    root: Path
    version: str
    data_date: str
    library: Library
    findings: Mapping[str, Spoken]
    facts: Facts
    counts: Plain

    def names(self) -> dict[str, object]:
        """Return what `{{ ... }}` in a chapter may begin with."""
        about = Plain(
            {"version": self.version, "data_date": self.data_date, "library": self.listed()}
        )
        return {**self.findings, "facts": self.facts, "counts": self.counts, "book": about}

    def listed(self) -> str:
        """Return the whole library as a Markdown list, each with what was not yet checked."""
        records = sorted(self.library.values(), key=citation)
        return '<ul class="qof-library">\n' + "\n".join(map(_listed, records)) + "\n</ul>"

    def fingerprint(self, name: str) -> str:
        """Return what changes when the content behind `name` does.

        `name` is a finding's id or name, `cite:KEY`, a table, or anything else for all inputs.
        """
        for spoken in self.findings.values():
            if name in (spoken.finding.id, spoken.finding.name):
                return spoken.finding.fingerprint
        if name.startswith("cite:"):
            return repr(self.library.get(name.removeprefix("cite:")))
        if name in ("facts", "counts", "book"):
            content = repr(self.names()[name])
            return sha256(content.encode()).hexdigest()
        table = self.root / "data" / f"{name}.csv"
        return digest_of(
            self.root, f"data/{name}.csv" if table.is_file() else INPUTS[0], *INPUTS[1:4]
        )


def _listed(record: Record) -> str:
    address = f"https://doi.org/{record.doi}" if record.doi else record.url
    link = f' <a href="{escape(address)}">{record.doi or "online"}</a>' if address else ""
    unseen = ", ".join(name.replace("_", " ") for name in record.unverified)
    marked = f" <em>Not yet checked: {unseen}.</em>" if unseen else ""
    return f"<li>{escape(citation(record))}{link}{marked}</li>"


def load_book(root: Path) -> Book:
    """Return the book of the current inputs; findings come from the store when it is current."""
    return _load(root, digest_of(root, *INPUTS, "references/*.csv", "pyproject.toml"))


@lru_cache(maxsize=1)
def _load(root: Path, _digest: str) -> Book:
    library = read_library(root / LIBRARY)
    findings = stored_findings(root)
    searches = list(_rows(root / "references" / "searches.csv"))
    return Book(
        root=root,
        version=tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"],
        data_date=max(row["date"] for row in searches),
        library=library,
        findings={finding.name: Spoken(finding) for finding in findings.values()},
        facts=Facts({row["fact_id"]: row for row in _rows(root / "data" / "facts.csv")}),
        counts=Plain(_counts(root, library, searches, findings)),
    )


def write_bibliography(book: Book) -> None:
    """Write the library as BibTeX, where sphinxcontrib-bibtex reads it."""
    path, text = book.root / BIBLIOGRAPHY, to_bibtex(book.library)
    # An unchanged file keeps its time, so that no page looks older than what it cites.
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _counts(
    root: Path, library: Library, searches: list[dict[str, str]], findings: Mapping[str, object]
) -> dict[str, str]:
    effects = list(_rows(root / "data" / "effects.csv"))
    counts = {
        "records": len(library),
        "searches": sum(int(row["n_searches"] or 0) for row in searches),
        "identified": sum(int(row["records_identified"]) for row in searches),
        "effects": len(effects),
        "effects_with_interval": sum(bool(row["ci_low"]) for row in effects),
        "effects_from_abstracts": sum(row["extracted_from"] == "abstract" for row in effects),
        "effects_checked": sum(row["checked"] != "no" for row in effects),
        "studies_with_effects": len({row["study_id"] for row in effects}),
        "timeline_events": sum(1 for _ in _rows(root / "data" / "timeline.csv")),
        "findings": len(findings),
    }
    counts["duplicates_removed"] = counts["identified"] - counts["records"]
    return {name: f"{count:,}" for name, count in counts.items()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
