"""What changed since the last version, as a page shows it; and what each version said."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.findings.changes import Changes, FindingChange
from analysis.findings.snapshot import HISTORY, Snapshot, Told, read_snapshot, versions
from analysis.findings.snapshot_made import PACKAGE
from analysis.findings.versions import declared, now, since_last
from analysis.numbers import NOT_ESTIMABLE, interval, number
from analysis.publish.living.schedule import living
from analysis.publish.prose.kept_numbers import claimed, estimate
from analysis.publish.tables.listings import Listed, as_listed
from analysis.references import read_library

if TYPE_CHECKING:
    from analysis.figures.figure import Figure

VERSIONS = "versions"
"""The folder of the pages that hold one version each."""

NEVER = "not in this version"
STATUS = {
    "new": "new",
    "gone": "no longer asked",
    "moved": "moved",
    "reworded": "same numbers, other words",
    "same": "same",
}
ORDER = ("moved", "gone", "reworded", "same", "new")
CAUSES = {
    "data": "data: a row that enters is new, gone or corrected",
    "question": "question: what is asked, claimed or judged, or how it is computed",
    "code": "code: the same rows, computed by other code",
    "libraries": "libraries: the same rows, computed with other versions of libraries",
}
NO_VERSION = "No version has been kept yet, so there is nothing to compare with."


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What one version said of a finding; `page` is that version's page, empty for this one."""

    version: str
    page: str
    said: str


def version_page(version: str) -> str:
    """Return the page of a kept version, without ending."""
    return f"{VERSIONS}/{version}"


def kept_versions(root: Path) -> tuple[Snapshot, ...]:
    """Return every kept version, the oldest first; read once as long as the files stay."""
    files = [(root / HISTORY / f"{name}.json").stat() for name in versions(root)]
    return _kept(root, tuple((one.st_mtime_ns, one.st_size) for one in files))


@lru_cache(maxsize=4)
def _kept(root: Path, _files: tuple[tuple[int, int], ...]) -> tuple[Snapshot, ...]:
    return tuple(read_snapshot(root, version) for version in versions(root))


def history(root: Path, told: Told) -> list[HistoryRow]:
    """Return what each kept version and this one say of a finding, the oldest first.

    `told` is the finding as it is now. Versions before the first that had it are left out.
    """
    finding_id = told.id
    kept = [(one, one.findings.get(finding_id)) for one in kept_versions(root)]
    first = next((at for at, (_, had) in enumerate(kept) if had), len(kept))
    rows = [
        HistoryRow(f"Version {one.version}", version_page(one.version), said(had))
        for one, had in kept[first:]
    ]
    last, had = kept[-1] if kept else (None, None)
    if last and had == told and last.version == declared(root):
        return rows
    return [*rows, HistoryRow("These pages", "", said(told))]


def said(told: Told | None) -> str:
    """Return estimate, how many stand behind it and certainty, in one line."""
    if told is None:
        return NEVER
    return "; ".join([_size(told), *_counted(told), f"{told.certainty} certainty"])


def _size(told: Told) -> str:
    text = estimate(told)
    if text == NOT_ESTIMABLE:
        return "no size printed"
    return text if told.kind == "series" else f"{text} {told.unit}"


def _counted(told: Told) -> list[str]:
    # Of an average the estimates in it are told, not those listed beside it.
    names = [name for name in COUNTED if not (name == "k_listed" and "k" in told.counts)]
    return [_count(told, name, COUNTED[name]) for name in names if told.counts.get(name)]


COUNTED = {"k": "estimate averaged", "k_listed": "estimate listed", "n_studies": "evaluation"}


def _count(told: Told, name: str, thing: str) -> str:
    count = told.counts[name]
    noun, _, rest = thing.partition(" ")
    return f"{number(count, 0)} {noun}{'' if count == 1 else 's'}{' ' + rest if rest else ''}"


@dataclass(frozen=True)
class Changed:
    """The changes since the last version, and the versions, as a chapter shows them."""

    root: Path
    found: Changes | None

    @cached_property
    def kept(self) -> tuple[Snapshot, ...]:
        """Every kept version, the oldest first."""
        return kept_versions(self.root)

    def summary(self) -> Listed:
        """Return what changed, in counts."""
        if self.found is None:
            return Listed(f"<p>{NO_VERSION}</p>", "Changes in short")
        old, new = self.found.old, self.found.new
        rows = [(name, number(before), number(after)) for name, before, after in _totals(old, new)]
        columns = ["", f"Version {old.version}", "Now"]
        return as_listed(pd.DataFrame(rows, columns=columns), "Changes in short")

    def review(self) -> Listed:
        """Return the claims that no longer hold, with old and new numbers, or that all hold."""
        failing = self.found.under_review if self.found else ()
        if not failing:
            return Listed("<p>No claim is under review: each holds with today's numbers.</p>", "")
        rows = [_reviewed(one) for one in failing]
        return as_listed(pd.DataFrame(rows), "Claims under review")

    def findings(self) -> Listed:
        """Return every finding before and after, those that moved first, with the causes."""
        if self.found is None:
            return Listed(f"<p>{NO_VERSION}</p>", "Findings")
        old = self.found.old.version
        first = sorted(self.found.findings, key=lambda one: ORDER.index(one.status))
        known = [one for one in first if one.before]
        new = [one for one in first if not one.before]
        table = as_listed(pd.DataFrame([_row(one, old) for one in known]), "Findings, then and now")
        added = as_listed(pd.DataFrame([_new(one) for one in new]), "New findings")
        folded = (
            f'<details class="qof-topic"><summary>New findings: {number(len(new))}</summary>'
            f"{added.html}</details>"
        )
        html = table.html * bool(known) + folded * bool(new)
        return Listed(linked(html, {one.told.id: one.told.title for one in first}), table.title)

    def arrows(self) -> "Figure":
        """Return each averaged finding before and after, as a figure.

        Raises:
            ValueError: no version has been kept.
        """
        from analysis.figures.arrows import arrows
        from analysis.publish.caching.drawn import drawn

        if self.found is None:
            raise ValueError(NO_VERSION)
        return drawn(arrows, self.found)

    def growth(self) -> "Figure":
        """Return what the book rested on, version by version, as a figure."""
        from analysis.figures.versions import growth
        from analysis.publish.caching.drawn import drawn

        current = self.found.new if self.found else now(self.root)
        same = self.kept and self.kept[-1].findings == current.findings
        shown = self.kept if same else (*self.kept, current)
        return drawn(growth, shown, named_now=not same)

    def studies(self) -> Listed:
        """Return the studies that are new, gone or corrected, by their labels."""
        if self.found is None:
            return Listed(f"<p>{NO_VERSION}</p>", "Studies")
        labels = _labels(self.root)
        parts = [
            _named(heading, [labels.get(key, key) for key in getattr(self.found.studies, name)])
            for name, heading in STUDIES.items()
        ]
        return Listed("".join(parts), "Studies added, removed and corrected")

    def tables(self) -> Listed:
        """Return how many rows of each table are new, gone or corrected."""
        titles = _titles(self.root)
        rows = [
            {
                "Table": titles.get(name, name),
                "Added": number(len(one.added)),
                "Removed": number(len(one.removed)),
                "Corrected": "other columns" if one.reshaped else number(len(one.corrected)),
            }
            for name, one in (self.found.tables if self.found else {}).items()
        ]
        columns = ["Table", "Added", "Removed", "Corrected"]
        return as_listed(pd.DataFrame(rows, columns=columns), "Rows of each table")

    def causes(self) -> Listed:
        """Return why findings differ, with how many each cause touched, and what made both."""
        rows = [
            {"Cause": text, "Findings": number(len(self._by(cause)))}
            for cause, text in CAUSES.items()
        ]
        if self.found is None:
            return Listed(f"<p>{NO_VERSION}</p>", "Causes")
        return as_listed(pd.DataFrame(rows), "Why findings differ")

    def _by(self, cause: str) -> Sequence[FindingChange]:
        found = self.found.findings if self.found else ()
        return [one for one in found if cause in one.causes and one.before and one.after]

    def versions(self) -> Listed:
        """Return the kept versions with their pages, the newest first."""
        rows = [
            f'<li><a href="{version_page(one.version)}.html">Version {one.version}</a>: evidence '
            f"to {one.data_date}; {number(one.records)} records, {number(len(one.findings))} "
            "findings</li>"
            for one in reversed(self.kept)
        ]
        return Listed(f"<ul>{''.join(rows)}</ul>" if rows else f"<p>{NO_VERSION}</p>", "Versions")

    def living(self) -> Listed:
        """Return the steps that keep the review living: how often, last, next."""
        return living(self.root)


STUDIES = {"added": "New", "removed": "Taken out", "corrected": "Corrected"}


def changed(root: Path) -> Changed:
    """Return what changed at `root` since the last version."""
    return Changed(root, since_last(root))


def totals(made: Snapshot) -> Mapping[str, int]:
    """Return what a version rests on, in counts."""
    return {
        "Records in the library": made.records,
        "Studies with extracted figures": len(made.studies),
        "Extracted figures": len(made.rows.get("effects", ())),
        "Findings": len(made.findings),
    }


def _totals(old: Snapshot, new: Snapshot) -> Iterator[tuple[str, int, int]]:
    before = totals(old)
    for name, after in totals(new).items():
        yield name, before[name], after


def linked(html: str, titles: Mapping[str, str], up: str = "") -> str:
    """Return a table with each title in its first column leading to the finding's page."""
    for name, title in titles.items():
        cell = f'<th scope="row">{escape(title)}</th>'
        to = f'<th scope="row"><a href="{up}findings/{escape(name)}.html">{escape(title)}</a></th>'
        html = html.replace(cell, to)
    return html


def _new(one: FindingChange) -> Mapping[str, object]:
    told = one.told
    return {"Finding": told.title, "Now": _numbers(told), "Certainty": told.certainty}


def _row(one: FindingChange, old: str) -> Mapping[str, object]:
    return {
        "Finding": one.told.title,
        f"Version {old}": _numbers(one.before),
        "Now": _numbers(one.after),
        "Certainty": _levels(one),
        "Status": "under review" if one.under_review else STATUS[one.status],
        "Cause": ", ".join(one.causes) if one.before and one.after else "",
    }


def _numbers(told: Told | None) -> str:
    if told is None:
        return "–"
    parts = [_size(told)]
    low, high = told.numbers.get("pi_low"), told.numbers.get("pi_high")
    if low is not None:
        parts.append(f"prediction interval {interval(low, high, 2 if told.log_scale else 1)}")
    if told.numbers.get("tau2") is not None:
        parts.append(f"τ² {number(told.numbers['tau2'], 2)}")
    return "; ".join([*parts, *_counted(told)])


def _levels(one: FindingChange) -> str:
    levels = dict.fromkeys(told.certainty for told in (one.before, one.after) if told)
    return " → ".join(levels)


def _reviewed(one: FindingChange) -> Mapping[str, object]:
    return {
        "Finding": one.told.title,
        "Claim": one.told.claim,
        "Before": claimed(one.before) if one.before else NEVER,
        "Now": claimed(one.told),
    }


def _named(heading: str, labels: Sequence[str]) -> str:
    if not labels:
        return f"<p><strong>{heading}:</strong> none.</p>"
    names = "; ".join(escape(label) for label in sorted(labels))
    return (
        f'<details class="qof-topic"><summary>{heading}: {number(len(labels))}</summary>'
        f"<p>{names}.</p></details>"
    )


def _labels(root: Path) -> Mapping[str, str]:
    from analysis.paths import LIBRARY

    return {key: record.label for key, record in read_library(root / LIBRARY).items()}


def _titles(root: Path) -> Mapping[str, str]:
    resources = json.loads((root / PACKAGE).read_text("utf-8"))["resources"]
    return {one["name"]: one["title"] for one in resources}
