"""What changed, as lines for a terminal and as JSON for a program."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from analysis.findings.changes import Changes, FindingChange, RowChanges
from analysis.findings.snapshot import Told
from analysis.numbers import interval, number
from analysis.publish.prose.kept_numbers import claimed, estimate

MOST_NAMED = 12
"""How many ids a line names; JSON has all."""

WIDTH = 20


def as_data(found: Changes) -> str:
    """Return everything as JSON."""
    told = {
        "old": _which(found, "old"),
        "new": _which(found, "new"),
        "studies": asdict(found.studies),
        "tables": {name: asdict(rows) for name, rows in found.tables.items()},
        "findings": [_data(one) for one in found.findings],
        "under_review": [one.id for one in found.under_review],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _which(found: Changes, name: str) -> Mapping[str, object]:
    made = getattr(found, name)
    return {part: getattr(made, part) for part in ("version", "data_date", "records")}


def _data(one: FindingChange) -> Mapping[str, object]:
    sides = {"before": one.before, "after": one.after}
    return {
        "id": one.id,
        "title": one.told.title,
        "status": one.status,
        "under_review": one.under_review,
        "causes": one.causes,
        "rows": asdict(one.rows),
        **{side: _numbers(told) for side, told in sides.items()},
    }


def _numbers(told: Told | None) -> Mapping[str, object] | None:
    if told is None:
        return None
    named = ("claim", "holds", "holds_if", "certainty", "method", "unit", "claimed")
    return {**{name: getattr(told, name) for name in named}, **told.numbers, **told.counts}


def as_text(found: Changes) -> str:
    """Return it as lines: studies, tables, findings, claims under review."""
    return "\n".join(_lines(found))


def _lines(found: Changes) -> Iterator[str]:
    old, new = found.old, found.new
    yield f"from {old.version} (evidence to {old.data_date}, {old.records} records)"
    yield f"to   {new.version} as it stands (evidence to {new.data_date}, {new.records} records)"
    if not found:
        yield "\nnothing changed"
    yield from _studies(found.studies)
    yield from _tables(found.tables)
    yield from _findings(found.findings)
    yield from _review(found.under_review)


def _studies(rows: RowChanges) -> Iterator[str]:
    yield "\nstudies"
    for name in ("added", "removed", "corrected"):
        ids = getattr(rows, name)
        yield f"  {name:{WIDTH - 2}}{len(ids):>5}{_named(ids)}"


def _named(ids: tuple[str, ...]) -> str:
    if not ids:
        return ""
    more = f", … {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return f"  {', '.join(ids[:MOST_NAMED])}{more}"


def _tables(tables: Mapping[str, RowChanges]) -> Iterator[str]:
    if tables:
        yield f"\n{'tables':{WIDTH + 4}}{'rows added':>12}{'removed':>12}{'corrected':>12}"
    for name, rows in tables.items():
        corrected = "columns other" if rows.reshaped else str(len(rows.corrected))
        yield f"  {name:{WIDTH + 2}}{len(rows.added):>12}{len(rows.removed):>12}{corrected:>12}"


def _findings(findings: Iterable[FindingChange]) -> Iterator[str]:
    yield "\nfindings"
    for one in findings:
        causes = f" ({', '.join(one.causes)})" if one.causes and one.status != "new" else ""
        yield f"  {one.status:9} {one.id}{causes}"
        if one.status in ("moved", "gone", "reworded"):
            yield from (f"  {'':9} {line}" for line in sides(one))
        elif one.after and one.status == "new":
            yield f"  {'':9} {_side(one.after)}"


def sides(one: FindingChange) -> Iterator[str]:
    """Yield what both versions say, and the rows that differ."""
    if one.before:
        yield f"before: {_side(one.before)}"
    if one.after:
        yield f"after:  {_side(one.after)}"
    for name in ("added", "removed", "corrected"):
        if ids := getattr(one.rows, name):
            yield f"rows {name}: {len(ids)}{_named(ids)}"


def _side(told: Told) -> str:
    said = [estimate(told) if told.kind == "series" else f"{estimate(told)} {told.unit}"]
    if "pi_low" in told.numbers:
        low, high = told.numbers["pi_low"], told.numbers["pi_high"]
        said.append(f"prediction {interval(low, high, 2 if told.log_scale else 1)}")
        said.append(f"tau2 {number(told.numbers['tau2'], 2)}")
    said += [f"{name} {told.counts[name]:g}" for name in ("k", "n_studies") if name in told.counts]
    return "; ".join([*said, f"{told.certainty} certainty"])


def _review(findings: Iterable[FindingChange]) -> Iterator[str]:
    for one in findings:
        yield f"\nunder review: {one.id}: {one.told.claim}"
        yield f"  holds while {one.told.holds_if}"
        yield f"  old: {claimed(one.before) if one.before else 'not in that version'}"
        yield f"  new: {claimed(one.told)}"
