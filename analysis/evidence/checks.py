"""Every problem of the data tables, told in one pass."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pandas as pd

from analysis.evidence.cells import check_cells, check_foreign_keys
from analysis.evidence.reading import read_cells
from analysis.evidence.rules import RULES
from analysis.evidence.schema import read_package
from analysis.problems import Problem, ProblemsFound, nearest

_Frames = Mapping[str, pd.DataFrame]
_Files = Mapping[str, str]
USES_STUDIES = ("effects", "facts")


def check_evidence(root: Path, library_keys: Collection[str] | None) -> list[Problem]:
    """Return every problem of every table of the project at `root`, in the order of the tables.

    `library_keys` are the keys a study may have; without them (`None`, for a library that cannot
    be read) the tables are checked against each other only. A cell is told once.
    """
    try:
        tables = read_package(root)
    except ProblemsFound as found:
        return list(found.problems)
    problems: list[Problem] = []
    frames: dict[str, pd.DataFrame] = {}
    for table in tables:
        frame, faults = read_cells(root, table)
        problems += faults
        if frame is not None:
            frames[table.name] = frame
            problems += check_cells(frame, table)
    files = {table.name: table.file for table in tables}
    for table in tables:
        problems += check_foreign_keys(frames, table)
    problems += _between_cells(frames, files)
    problems += _studies_known(frames, files, library_keys)
    order = list(files.values())
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
        for row, column, expected in rule.find(frame):
            value = frame.at[row, column] or None
            yield Problem(files[rule.table], expected, row, column, value)


def _studies_known(
    frames: _Frames, files: _Files, library_keys: Collection[str] | None
) -> Iterator[Problem]:
    if "study_id" not in frames.get("studies", ()):
        return
    uses = [frames[name] for name in USES_STUDIES if "study_id" in frames.get(name, ())]
    used = {study for frame in uses for study in frame["study_id"]}
    tables = " or ".join(files[name] for name in USES_STUDIES)
    for row, study in frames["studies"]["study_id"].items():
        if library_keys is not None and study not in library_keys:
            expected = f"a key of references/library.ris, {nearest(study, library_keys)}"
        elif len(uses) == len(USES_STUDIES) and study not in used:
            expected = f"a study that has a row in {tables}"
        else:
            continue
        yield Problem(files["studies"], expected, row, "study_id", study)
