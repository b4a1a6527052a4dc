"""Every problem of the data tables, told in one pass."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.evidence.cells import check_cells, check_foreign_keys
from analysis.evidence.checked import checked
from analysis.evidence.indicator_types import (
    RULE_COLUMNS,
    TYPED,
    TYPED_TABLES,
    type_rules,
    unexplained,
)
from analysis.evidence.reviews import reviews_apart
from analysis.evidence.rules import RULES
from analysis.evidence.schema import Table, read_package
from analysis.problems import Problem, ProblemsFound, nearest

_Frames = Mapping[str, pd.DataFrame]
_Files = Mapping[str, str]


def check_evidence(root: Path, library_keys: Collection[str] | None) -> list[Problem]:
    """Return every problem of every table of the project at `root`, in the order of the tables.

    `library_keys` are the keys a study may have; without them (`None`, for a library that cannot
    be read) the tables are checked against each other only. A cell is told once.
    """
    try:
        tables = read_package(root)
    except ProblemsFound as found:
        return list(found.problems)
    read = {table.name: checked(root, table) for table in tables}
    problems = [fault for one in read.values() for fault in one.of_file]
    problems += [fault for one in read.values() for fault in one.of_cells]
    frames = {name: one.cells for name, one in read.items() if one.cells is not None}
    return _in_order([*problems, *_between(frames, tables, library_keys)], tables)


def check_frames(
    frames: Mapping[str, pd.DataFrame],
    tables: Sequence[Table],
    library_keys: Collection[str] | None,
) -> list[Problem]:
    """Return every problem of tables that are not written yet, as `check_evidence` would.

    `frames` are by table name, as `read_cells` gives them: text, indexed by row.
    """
    known = [table for table in tables if table.name in frames]
    problems = [p for table in known for p in check_cells(frames[table.name], table)]
    return _in_order([*problems, *_between(frames, tables, library_keys)], tables)


def _between(
    frames: _Frames, tables: Sequence[Table], library_keys: Collection[str] | None
) -> list[Problem]:
    """Return the problems that no cell has by itself."""
    files = {table.name: table.file for table in tables}
    problems: list[Problem] = []
    for table in tables:
        problems += check_foreign_keys(frames, table)
    problems += _between_cells(frames, files)
    problems += _types_by_rule(frames, files)
    problems += reviews_apart(frames, files)
    problems += _studies_known(frames, tables, library_keys)
    return problems


def _in_order(problems: list[Problem], tables: Sequence[Table]) -> list[Problem]:
    order = [table.file for table in tables]
    return sorted(_once_a_cell(problems), key=lambda problem: order.index(problem.file))


def _once_a_cell(problems: list[Problem]) -> Iterator[Problem]:
    told = set()
    for problem in problems:
        cell = (problem.file, problem.row, problem.column)
        if problem.column is None or cell not in told:
            told.add(cell)
            yield problem


def _between_cells(frames: _Frames, files: _Files) -> Iterator[Problem]:
    for rule in RULES:
        frame = frames.get(rule.table)
        if frame is None or not set(rule.needs) <= set(frame.columns):
            continue
        for row, column, expected in rule.problems(frame):
            value = frame.at[row, column] or None
            yield Problem(files[rule.table], expected, row, column, value)


def _types_by_rule(frames: _Frames, files: _Files) -> Iterator[Problem]:
    patterns = frames.get("indicator_types")
    if patterns is None or not set(RULE_COLUMNS) <= set(patterns.columns):
        return
    try:
        rules = type_rules(patterns)
    except (ValueError, re.error):
        return  # Its own rules tell which pattern or place is wrong.
    for name in set(TYPED_TABLES) & set(frames):
        frame = frames[name]
        if set(TYPED) <= set(frame.columns):
            for row, column, expected in unexplained(frame, rules):
                yield Problem(files[name], expected, row, column, frame.at[row, column] or None)


def _studies_known(
    frames: _Frames, tables: Sequence[Table], library_keys: Collection[str] | None
) -> Iterator[Problem]:
    if "study_id" not in frames.get("studies", ()):
        return
    using = {
        table.file: frames[table.name][key.field]
        if key.field in frames.get(table.name, ())
        else None
        for table in tables
        for key in table.foreign_keys
        if key.reference == "studies"
    }
    readable = [column for column in using.values() if column is not None]
    used = {study for column in readable for study in column}
    file = next(table.file for table in tables if table.name == "studies")
    for row, study in frames["studies"]["study_id"].items():
        if library_keys is not None and study not in library_keys:
            expected = f"a key of references/library.ris, {nearest(study, library_keys)}"
        elif len(readable) == len(using) and study not in used:
            expected = f"a study that has a row in {' or '.join(using)}"
        else:
            continue
        yield Problem(file, expected, row, "study_id", study)
