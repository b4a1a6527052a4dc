"""Sixty and more kinds of bad row: each is told with its place, and nothing is written."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.evidence.checks import check_evidence
from analysis.intake.extraction.apply import applied, judged
from analysis.intake.extraction.plan import Plan
from analysis.intake.extraction.run import planned
from analysis.intake.tables import read_tables
from analysis.references import read_library
from tests.copies import edit_rows
from tests.evidence.test_faults import FAULTS
from tests.intake.conftest import tree
from tests.intake.small_book import rows_of, small_book, write_sheet

KEYS = {
    "studies": "study_id",
    "effects": "effect_id",
    "associations": "association_id",
    "levels": "level_id",
    "series": "point_id",
    "qualitative_findings": "finding_id",
    "survey_numbers": "number_id",
}


@dataclass(frozen=True, eq=False)
class Kind:
    """One row of a table, with cells changed; `column` is blamed, in words that hold `words`.

    `also_checked`: `qof check` tells the same of the row in its table; a sheet can be wrong in ways
    of its own. `alone`: nothing else is wrong with the row then.
    """

    name: str
    table: str
    at: str
    change: dict
    column: str
    words: tuple
    also_checked: bool = True
    alone: bool = True

    @property
    def study(self):
        return self.at.rpartition("-")[0] if self.table != "studies" else self.at


# What the check of the data is tested with, here through a sheet. Not those that give a row
# another key or study: a sheet is read for one study, and has words of its own for that.
FROM_CHECK = [
    Kind(f.name, f.file.removesuffix(".csv"), f.at, f.change, f.column, f.words)
    for f in FAULTS
    if f.file.removesuffix(".csv") in KEYS
    and not {"study_id", KEYS[f.file.removesuffix(".csv")]} & set(f.change)
]
E, Q, N = "effects", "qualitative_findings", "survey_numbers"
FINDING, NUMBER, FIGURE = "lester2013-q1", "whalley2008-n1", "minchin2018-1"
OWN = [
    Kind("a quotation", Q, FINDING, {"finding": "“We lost it”"}, "finding", ("own words",)),
    Kind("unknown theme", Q, FINDING, {"theme": "autonmy"}, "theme", ("did you mean autonomy?",)),
    Kind("unknown way", Q, FINDING, {"direction": "worse"}, "direction", ("one of mixed",)),
    Kind("nobody asked", Q, FINDING, {"participants": ""}, "participants", ("required",)),
    Kind(
        "value off its scale",
        N,
        NUMBER,
        {"value": "45.8", "reported_as": "45.8"},
        "value",
        ("on the scale, 1 to 7",),
    ),
    Kind("scale with one end", N, NUMBER, {"scale_low": ""}, "scale_low", ("scale_high has one",)),
    Kind("survey of nobody", N, NUMBER, {"n": "0"}, "n", ("at least 1",)),
    Kind("survey digits", N, NUMBER, {"value": "4.85"}, "reported_as", ("digits of value 4.85",)),
    Kind("survey moment", N, NUMBER, {"moment": ""}, "moment", ("before or after",)),
    Kind("survey year in words", N, NUMBER, {"year": "Feb 2004"}, "year", ("whole number",)),
    Kind("decimal comma", E, FIGURE, {"estimate": "-62,3"}, "estimate", ("a number",)),
    Kind("percent sign", E, FIGURE, {"estimate": "-62.3%"}, "estimate", ("a number",)),
    Kind(
        "unit unknown",
        E,
        "minchin2018-2",
        {"unit": "per cent points"},
        "unit",
        ("did you mean percentage points?",),
    ),
    Kind(
        "p in words",
        E,
        "minchin2018-3",
        {"p_value": "significant"},
        "p_value",
        ("text like <0.001",),
    ),
    Kind("measure unknown", E, "minchin2018-1", {"measure": "change"}, "measure", ("one of",)),
    Kind(
        "read in a blog",
        E,
        "minchin2018-2",
        {"extracted_from": "blog"},
        "extracted_from",
        ("one of",),
    ),
    Kind(
        "minus one practice",
        E,
        "minchin2018-3",
        {"n_practices": "-644"},
        "n_practices",
        ("at least 1",),
    ),
    Kind(
        "address without http",
        E,
        "minchin2018-1",
        {"source_url": "doi.org/10.1"},
        "source_url",
        ("text like https://",),
    ),
    Kind(
        "another study",
        E,
        FIGURE,
        {"study_id": "morales2023"},
        "study_id",
        ("the sheet is read for this study",),
        False,
    ),
    Kind(
        "id of another study",
        E,
        FIGURE,
        {"effect_id": "morales2023-1"},
        "effect_id",
        ("an id of minchin2018; morales2023 has this one",),
        False,
        False,
    ),
    Kind(
        "id of no form",
        E,
        "minchin2018-2",
        {"effect_id": "Minchin 2"},
        "effect_id",
        ("text like minchin2018-1",),
        False,
        False,
    ),
    Kind(
        "design unknown",
        "studies",
        "minchin2018",
        {"design_class": "its"},
        "design_class",
        ("one of",),
    ),
    Kind("no setting", "studies", "minchin2018", {"setting": ""}, "setting", ("required",)),
    Kind(
        "year before QOF was thought of",
        "studies",
        "minchin2018",
        {"year": "1018"},
        "year",
        ("at least 1990",),
    ),
]
KINDS = FROM_CHECK + OWN


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    studies = {kind.study for kind in KINDS} | {"rison2024"}
    made = small_book(tmp_path_factory.mktemp("bad") / "book", studies)

    def include(rows):
        for row in rows:
            row["decision"] = "include"

    edit_rows(made / "data" / "screening.csv", include)
    return made


@pytest.fixture(scope="module")
def library(book):
    return set(read_library(book / "references" / "library.ris"))


def test_there_are_enough_kinds():
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names)) >= 60
    assert {kind.table for kind in KINDS} == set(KEYS)


def test_the_small_book_itself_is_right(book, library):
    assert check_evidence(book, library) == []


def spoilt(book, kind):
    rows = rows_of(book, kind.table)
    return next(row for row in rows if row[KEYS[kind.table]] == kind.at) | kind.change


def together(kinds, apart):
    """Put kinds into groups in which no row is spoilt twice, so that one run tells them all."""
    groups = []
    for kind in kinds:
        fits = (
            group
            for group in groups
            if apart(group[0]) == apart(kind)
            and (kind.table, kind.at) not in {(one.table, one.at) for one in group}
        )
        group = next(fits, None)
        if group is None:
            groups.append(group := [])
        group.append(kind)
    return groups


GROUPS = together([kind for kind in KINDS if kind.alone], lambda kind: "")
# One of each table goes the whole way from the command line.
FIRST = {kind.table: kind for kind in reversed(KINDS) if kind.alone}.values()


def sheets_of(book, folder, kinds):
    """Write a sheet for each study and table; return them by study, and each kind's place."""
    sheets, places = {}, {}
    for table, study in dict.fromkeys((kind.table, kind.study) for kind in kinds):
        own = [kind for kind in kinds if (kind.table, kind.study) == (table, study)]
        path = folder / f"{table}-{study}.csv"
        write_sheet(path, [spoilt(book, kind) for kind in own])
        sheets.setdefault(study, []).append(str(path))
        for row, kind in enumerate(own, start=2):
            places[kind] = f"{path.name}, row {row}, column {kind.column}:"
    return sheets, places


def extract(book, folder, kind, capsys):
    """Read a sheet with one spoilt row; return what is told, and its place."""
    sheets, places = sheets_of(book, folder, [kind])
    before = tree(book)
    read = ["extract", kind.study, "--replace", "--from", *sheets[kind.study]]
    assert main(["--root", str(book), *read]) == 1
    assert tree(book) == before
    return capsys.readouterr().err.splitlines(), places


def is_told(kind, place, told):
    (line,) = [line for line in told if line.startswith(place)]
    value = kind.change.get(kind.column, "")
    assert not value or f"found {value!r}; " in line
    assert all(words in line for words in kind.words), line


@pytest.mark.parametrize("kinds", GROUPS, ids=lambda kinds: kinds[0].name)
def test_each_bad_row_is_told_once_at_its_place_in_the_sheet(book, library, tmp_path, kinds):
    """What `qof extract` works with, over the sheets of all studies at once."""
    sheets, places = sheets_of(book, tmp_path, kinds)
    tables = read_tables(book)
    plans = [planned(book, tables, study, paths)[0] for study, paths in sheets.items()]
    items = tuple(item for one in plans for item in one.items)
    after, touched = applied(Plan(items), tables)
    problems = [problem for one in plans for problem in one.problems]
    problems += judged(after, tables, touched, library)
    told = [str(problem) for problem in problems]
    assert len(told) == len(kinds)
    for kind, place in places.items():
        is_told(kind, place, told)


@pytest.mark.parametrize("kind", FIRST, ids=lambda kind: kind.name)
def test_from_the_command_line_nothing_is_written(book, tmp_path, capsys, kind):
    told, places = extract(book, tmp_path, kind, capsys)
    is_told(kind, places[kind], told)
    assert told[1:] == ["1 problem found", "qof extract: nothing was written"]


@pytest.mark.parametrize("kind", [k for k in KINDS if not k.alone], ids=lambda kind: kind.name)
def test_a_wrong_key_is_told_with_what_follows_from_it(book, tmp_path, capsys, kind):
    told, places = extract(book, tmp_path, kind, capsys)
    is_told(kind, places[kind], told)


OURS = together([kind for kind in OWN if kind.also_checked], lambda kind: "")


@pytest.mark.parametrize("kinds", OURS, ids=lambda kinds: kinds[0].name)
def test_past_a_sheet_the_check_of_the_data_finds_the_same(book, tmp_path, library, kinds):
    copy, places = Path(shutil.copytree(book, tmp_path / "copy")), {}
    for kind in kinds:
        at = [row[KEYS[kind.table]] for row in rows_of(book, kind.table)].index(kind.at)
        path = copy / "data" / f"{kind.table}.csv"
        edit_rows(path, lambda rows, at=at, kind=kind: rows[at].update(kind.change))
        places[f"data/{kind.table}.csv", at + 2, kind.column] = kind
    found = {(p.file, p.row, p.column): p for p in check_evidence(copy, library)}
    assert set(found) == set(places)
    for place, kind in places.items():
        assert all(words in found[place].expected for words in kind.words)
