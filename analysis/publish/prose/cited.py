"""Included sources: each is cited in a chapter, or stands in the list of those still to discuss.

`data/undiscussed.csv` holds that list, by topic. A row whose source a chapter cites has done its
work: the page leaves it out, and `qof status` says that it can go.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.screening import FILE as SCREENING
from analysis.evidence.screening import STAGES, read_screening
from analysis.problems import Problem, nearest
from analysis.publish.chapters import CITED, Chapter
from analysis.publish.tables.most import first, rest
from analysis.references import Library

FILE = "data/undiscussed.csv"
# Of one topic: each is cited, and each citation is set by Sphinx.
MOST = 200
# Facts that a chapter sets side by side bring their citations along.
COMPARED = re.compile(r"\bfacts\.compared\(\s*[\"']([^\"']+)[\"']")


@dataclass(frozen=True, slots=True)
class Sources:
    """Which included sources chapters cite, and which wait in the list, by key."""

    included: frozenset[str]
    cited: frozenset[str]
    topics: Mapping[str, str]

    @property
    def undiscussed(self) -> dict[str, str]:
        """The topic of each included source that no chapter cites and the list holds."""
        waiting = self.included - self.cited
        return {key: topic for key, topic in self.topics.items() if key in waiting}

    @property
    def lost(self) -> list[str]:
        """Included sources that neither a chapter cites nor the list holds."""
        return sorted(self.included - self.cited - self.topics.keys())

    @property
    def done(self) -> list[str]:
        """Rows of the list whose source a chapter cites by now."""
        return sorted(self.topics.keys() & self.cited)

    def texts(self) -> dict[str, str]:
        """Return what pages show: the counts, and the list as MyST, one line a topic."""
        by_topic: dict[str, list[str]] = {}
        for key, topic in self.undiscussed.items():
            by_topic.setdefault(topic, []).append(key)
        lines = [_line(topic, keys) for topic, keys in sorted(by_topic.items())]
        told = "\n".join(lines) or "Every included source is discussed."
        counts = {
            "included": len(self.included),
            "discussed": len(self.included & self.cited),
            "waiting": len(self.undiscussed),
        }
        return {"undiscussed": told} | {name: f"{count:,}" for name, count in counts.items()}


def _line(topic: str, keys: list[str]) -> str:
    shown = "; ".join(f"{{cite:t}}`{key}`" for key in first(keys, MOST))
    more = rest(len(keys), "sources", Path(FILE).name, MOST)
    return f"- **{topic.capitalize()}:** {shown}" + (more and f". {more}")


def read_sources(root: Path, chapters: Iterable[Chapter]) -> Sources:
    """Return the included sources of the project at `root`, cited by these chapters or not.

    Raises:
        ProblemsFound: the screening table cannot be read.
        FileNotFoundError: there is no list of sources to discuss.
    """
    decided: dict[str, str] = {}
    # The decision of a later stage counts.
    rows = read_screening((root / SCREENING).read_bytes())
    for row in sorted(rows, key=lambda row: STAGES.index(row.stage)):
        decided[row.key] = row.decision
    with (root / FILE).open(encoding="utf-8", newline="") as lines:
        topics = {row["key"]: row["topic"] for row in csv.DictReader(lines)}
    included = frozenset(key for key, decision in decided.items() if decision == "include")
    return Sources(included, _cited(root, chapters), topics)


def _cited(root: Path, chapters: Iterable[Chapter]) -> frozenset[str]:
    texts = [chapter.text for chapter in chapters]
    lists = [found for text in texts for found in CITED.findall(text)]
    keys = {key.strip() for found in lists for key in found.split(",")}
    endings = tuple(ending for text in texts for ending in COMPARED.findall(text))
    if endings:
        with (root / "data" / "facts.csv").open(encoding="utf-8", newline="") as lines:
            facts = csv.DictReader(lines)
            keys |= {row["study_id"] for row in facts if row["fact_id"].endswith(endings)}
    return frozenset(keys)


def check_cited(root: Path, chapters: Iterable[Chapter], library: Library) -> list[Problem]:
    """Return included sources that are nowhere, and rows of the list that are not included."""
    try:
        sources = read_sources(root, chapters)
    except FileNotFoundError:
        return [Problem(FILE, "the included sources that no chapter discusses yet")]
    topics = ", ".join(sorted(set(sources.topics.values())))
    problems = [
        Problem(
            SCREENING,
            f"{{cite:p}}`{key}` ({_title(library, key)}) in a chapter, or a row in {FILE} with a "
            f"topic such as {topics}",
            key,
            "decision",
            "include",
        )
        for key in sources.lost
    ]
    unknown = sorted(sources.topics.keys() - sources.included)
    return problems + [
        Problem(FILE, f"an included source, {nearest(key, sources.included)}", key, "key", key)
        for key in unknown
    ]


def _title(library: Library, key: str) -> str:
    return library[key].title if key in library else "not in the library"
