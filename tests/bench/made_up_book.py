"""A book of thousands of studies, made up from the real one: the same shape, only more of it.

Real studies are multiplied with new keys and labels, and with them their effects, judgements of
bias, records, screening rows and a search. Figures keep their digits, so that every rule of the
real tables still has something to look at. Left as they are: rows on which a question stands that
counts to a small number ("k_with_interval == 1").
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from string import ascii_lowercase

import yaml

from analysis.references import Record, read_library, write_library

Row = dict[str, str]
SEARCH = "s99"
TOPIC = "made up"
# What a chapter says of one finding under other choices, in words of `robust_says.SAYINGS`.
_ONE_CHOICE = re.compile(r"\{\{ robust\.\w+\.says\(\"([^\"]+)\"[^}]*\) \}\}")
_FOREST = re.compile(r"kind: forest, finding: \w+")
# Questions that count to a small number choose rows by these.
COUNTED_MEASURES = ("gap_reduction", "relative_change_percent_per_point", "trend_change_per_year")


def make_up(root: Path, n_studies: int, n_effects: int) -> None:
    """Let the copy of the project at `root` hold `n_studies` studies and `n_effects` effects."""
    data = root / "data"
    studies, effects = _read(data / "studies.csv"), _read(data / "effects.csv")
    by_study: dict[str, list[Row]] = {}
    for row in effects:
        if _multiplies(row):
            by_study.setdefault(row["study_id"], []).append(row)
    known = [row for row in studies if row["study_id"] in by_study]
    clones = list(islice(_clones(known), n_studies - len(studies)))
    made = list(_effects(clones, by_study, n_effects - len(effects)))
    _write(data / "studies.csv", studies + [new for new, _ in clones])
    _write(data / "effects.csv", effects + made)
    keys = {new["study_id"]: old["study_id"] for new, old in clones}
    _judge(data / "risk_of_bias.csv", keys)
    _record(root / "references" / "library.ris", keys)
    _screen(root, keys)
    _reword(root / "book")
    _shorten(data / "briefs.yml")


def settle_certainty(root: Path) -> None:
    """Give a reason wherever a certainty is not, or no longer, the one that the rules propose.

    More rows of the same kind change what the rules say of precision; an editor would answer.
    """
    from analysis.evidence.tables import load_evidence
    from analysis.findings.grade_final import differences, graded
    from analysis.findings.store import stored_findings

    path = root / "data" / "questions.yml"
    entries = yaml.safe_load(path.read_text("utf-8"))
    found = {
        one.finding.id: differences(one)
        for one in graded(root, stored_findings(root), load_evidence(root))
    }
    for entry in entries:
        entry["certainty"]["differs"] = dict.fromkeys(found[entry["id"]], "made up for a test")
    path.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), "utf-8")


def _multiplies(row: Row) -> bool:
    pooled_readings = (
        row["phase"] == "introduction" and row["indicator_type"] == "intermediate_outcome"
    )
    return row["measure"] not in COUNTED_MEASURES and not pooled_readings


def _clones(studies: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield made-up studies without end, each with the one it was made from."""
    for number, old in enumerate(cycle(studies)):
        name = _letters(number // len(studies))
        new = {
            "study_id": f"{old['study_id']}_{name}",
            "label": f"{old['label']} {name}",
            "sample_family": f"{old['sample_family']}_{name}",
        }
        yield old | new, old


def _letters(number: int) -> str:
    """Return "aa", "ab", ... "zz", "baa": two letters or more."""
    text = ""
    while number or len(text) < 2:
        number, at = divmod(number, len(ascii_lowercase))
        text = ascii_lowercase[at] + text
    return text


def _effects(
    clones: list[tuple[Row, Row]], by_study: dict[str, list[Row]], count: int
) -> Iterator[Row]:
    """Yield `count` effects: those of the studies, then some again under another name."""
    turns = [(new, row) for new, old in clones for row in by_study[old["study_id"]]]
    used: dict[str, int] = {}
    for number, (new, row) in enumerate(islice(cycle(turns), count)):
        key = new["study_id"]
        used[key] = used.get(key, 0) + 1
        turn = number // len(turns)
        name = row["indicator"] + f", part {turn + 1}" * bool(turn)
        yield row | {"study_id": key, "effect_id": f"{key}-{used[key]}", "indicator": name}


def _judge(path: Path, keys: dict[str, str]) -> None:
    rows = _read(path)
    whole: dict[str, list[Row]] = {}
    for row in rows:
        if not row["result"].startswith(row["study_id"]):
            whole.setdefault(row["study_id"], []).append(row)
    made = [row | {"study_id": new} for new, old in keys.items() for row in whole.get(old, ())]
    _write(path, rows + made)


def _record(path: Path, keys: dict[str, str]) -> None:
    library = read_library(path)
    made = [_again(library[old], new) for new, old in keys.items()]
    write_library([*library.values(), *made], path)


def _again(record: Record, key: str) -> Record:
    title = f"{record.title} ({key})"
    return replace(record, key=key, title=title, doi=f"10.9999/{key}", pmid="")


def _screen(root: Path, keys: dict[str, str]) -> None:
    screening = root / "data" / "screening.csv"
    rows = _read(screening)
    decided = {"stage": "title_abstract", "decision": "include", "reason": "", "who": "made up"}
    when = max(row["when"] for row in rows)
    made = [{"key": key, "search_id": SEARCH, **decided, "when": when} for key in keys]
    _write(screening, rows + made)
    searches = root / "references" / "searches.csv"
    log = _read(searches)
    count = str(len(keys))
    last = {"search_id": SEARCH, "records_identified": count, "records_new": count}
    _write(searches, [*log, log[-1] | last])
    waiting = root / "data" / "undiscussed.csv"
    _write(waiting, [*_read(waiting), *({"key": key, "topic": TOPIC} for key in keys)])


def _reword(book: Path) -> None:
    """Leave standing, unheld, what chapters say of a headline with one choice changed.

    With many more studies an interval that crossed the line of no difference does so no longer; an
    editor would write another sentence, of the same length.
    """
    for path in book.glob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(_ONE_CHOICE.sub(r"\1", text), "utf-8")


def _shorten(path: Path) -> None:
    """Take for briefs of two pages a figure that does not grow with the rows."""
    text = path.read_text("utf-8")
    path.write_text(_FOREST.sub("kind: series, finding: somerset", text), "utf-8")


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
