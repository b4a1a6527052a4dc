"""Each kind of fault, put into a copy of the data, is told once and where it is."""

import shutil
from dataclasses import dataclass

import frictionless
import pytest

from analysis.evidence.checks import check_evidence
from analysis.evidence.tables import load_evidence
from analysis.problems import ProblemsFound
from tests.copies import edit_rows
from tests.evidence.conftest import read_rows


@dataclass(frozen=True)
class Fault:
    """Cells of one row are changed; `column` is blamed, in words that hold each of `words`."""

    name: str
    file: str
    at: str
    change: dict
    column: str
    words: tuple


EFFECTS, FACTS, STUDIES = "effects.csv", "facts.csv", "studies.csv"
TIMELINE, SOMERSET = "timeline.csv", "somerset_points.csv"
ASSOCIATIONS, LEVELS, SERIES = "associations.csv", "levels.csv", "series.csv"
TYPES, LEFT_OUT = "indicator_types.csv", "left_out.csv"
NATIONS, QUARTILES, LEVEL = "mclean2007-a1", "doran2008lancet-l1", "mclean2007-l1"
POINT = "gpcontract_db-s97"
TABLES = [
    EFFECTS,
    FACTS,
    STUDIES,
    TIMELINE,
    SOMERSET,
    ASSOCIATIONS,
    LEVELS,
    SERIES,
    TYPES,
    LEFT_OUT,
]
MATIAS, MINCHIN = "matias2024-1", "minchin2018-1"

# What a Table Schema can say, which frictionless has to find as well.
SCHEMA_FAULTS = [
    Fault("text in a number", EFFECTS, MATIAS, {"estimate": "about 14"}, "estimate", ("a number",)),
    Fault(
        "true minus in a number",
        EFFECTS,
        "matias2024-2",
        {"estimate": "−14.3"},
        "estimate",
        ("did you mean -14.3?",),
    ),
    Fault(
        "part of a patient", EFFECTS, "ma2020-1", {"n_patients": "2.5"}, "n_patients", ("whole",)
    ),
    Fault(
        "yes for true",
        EFFECTS,
        "ma2020-2",
        {"contrast_between_groups": "yes"},
        "contrast_between_groups",
        ("true or false",),
    ),
    Fault(
        "unknown choice",
        EFFECTS,
        "ma2020-3",
        {"indicator_type": "recording_or_revue"},
        "indicator_type",
        ("one of composite_mixed", "did you mean recording_or_review?"),
    ),
    Fault(
        "unknown study",
        EFFECTS,
        "ma2020-4",
        {"study_id": "minchin2081"},
        "study_id",
        ("study_id of the studies table", "did you mean minchin2018?"),
    ),
    Fault("blank required", EFFECTS, "ma2020-5", {"locator": ""}, "locator", ("required",)),
    Fault("blank digits", EFFECTS, "ma2020-6", {"reported_as": ""}, "reported_as", ("required",)),
    Fault(
        "below minimum", EFFECTS, "ma2020-7", {"n_practices": "0"}, "n_practices", ("at least 1",)
    ),
    Fault(
        "above maximum",
        EFFECTS,
        "morales2023-1",
        {"ci_level": "950"},
        "ci_level",
        ("at most 99.9",),
    ),
    Fault(
        "no address",
        EFFECTS,
        "morales2023-2",
        {"source_url": "page 4"},
        "source_url",
        ("text like https://",),
    ),
    Fault(
        "two labels alike",
        STUDIES,
        "romano2025",
        {"label": "Rison 2024"},
        "label",
        ("used once (row",),
    ),
    Fault(
        "date in words", TIMELINE, "england-2014-2", {"date": "April 2014"}, "date", ("2014-04",)
    ),
    Fault(
        "unknown statistic",
        LEVELS,
        QUARTILES,
        {"statistic": "meddian"},
        "statistic",
        ("did you mean median?",),
    ),
    Fault(
        "unknown study of an association",
        ASSOCIATIONS,
        NATIONS,
        {"study_id": "mclean2008"},
        "study_id",
        ("did you mean mclean2007?",),
    ),
    Fault(
        "year of a series",
        SERIES,
        POINT,
        {"year": "2013-14"},
        "year",
        ("2013/14",),
    ),
    Fault("long label", TIMELINE, "england-2014-2", {"short": "x" * 41}, "short", ("at most 40",)),
]

# What needs more than one cell.
RULE_FAULTS = [
    Fault(
        "a review combined with its studies",
        EFFECTS,
        "kang2024-1",
        {"phase": "introduction"},
        "phase",
        ("other", "count its studies again"),
    ),
    Fault(
        "low above high",
        EFFECTS,
        MINCHIN,
        {"ci_low": "-59.0", "ci_high": "-65.6"},
        "ci_low",
        ("less than ci_high, -65.6",),
    ),
    Fault(
        "estimate outside its interval",
        EFFECTS,
        MINCHIN,
        {"estimate": "62.3"},
        "estimate",
        ("-65.6 to -59.0",),
    ),
    Fault("one end only", EFFECTS, MINCHIN, {"ci_high": ""}, "ci_high", ("ci_low has one",)),
    Fault("level without interval", EFFECTS, MATIAS, {"ci_level": "95"}, "ci_level", ("blank",)),
    Fault(
        "interval without level",
        EFFECTS,
        MINCHIN,
        {"ci_level": ""},
        "ci_level",
        ("level of the interval",),
    ),
    Fault(
        "interval of no kind",
        EFFECTS,
        "fleetcroft2010-1",
        {"interval_kind": ""},
        "interval_kind",
        ("there is an interval",),
    ),
    Fault(
        "ratio below zero",
        EFFECTS,
        "carey2009-1",
        {"ci_low": "-1.01"},
        "ci_low",
        ("ratio above 0",),
    ),
    Fault(
        "points beyond 100",
        EFFECTS,
        MATIAS,
        {"estimate": "-143", "reported_as": "143 percentage points"},
        "estimate",
        ("-100 to 100",),
    ),
    Fault(
        "percent as fraction",
        EFFECTS,
        MATIAS,
        {"estimate": "-0.143"},
        "estimate",
        ("prints 100 times as much", "14.3"),
    ),
    Fault(
        "level as fraction",
        EFFECTS,
        "rison2024-1",
        {"baseline_value": "0.91"},
        "baseline_value",
        ("91% to 62%",),
    ),
    Fault(
        "level beyond 100",
        EFFECTS,
        "rison2024-1",
        {"followup_value": "620"},
        "followup_value",
        ("0 to 100",),
    ),
    Fault(
        "digits not as printed",
        EFFECTS,
        MATIAS,
        {"estimate": "-13.4"},
        "reported_as",
        ("digits of estimate -13.4", "printed, corrected or rounded"),
    ),
    Fault(
        "correction not explained",
        EFFECTS,
        "morales2023-9",
        {"notes": "printed otherwise"},
        "reported_as",
        ("digits of ci_high -10.4",),
    ),
    Fault(
        "estimate left out", EFFECTS, MATIAS, {"estimate": ""}, "estimate", ("for this measure",)
    ),
    Fault(
        "level left out",
        EFFECTS,
        "rison2024-1",
        {"followup_value": ""},
        "followup_value",
        ("for this measure",),
    ),
    Fault(
        "named after another study",
        EFFECTS,
        MINCHIN,
        {"effect_id": "morales2023-99"},
        "study_id",
        ("effect_id morales2023-99 begins with",),
    ),
    Fault(
        "words without direction",
        EFFECTS,
        "kontopantelis2014-1",
        {"direction": ""},
        "direction",
        ("tells only the direction",),
    ),
    Fault(
        "direction beside a number",
        EFFECTS,
        MINCHIN,
        {"direction": "lower"},
        "direction",
        ("the numbers show",),
    ),
    Fault(
        "standard error not printed",
        EFFECTS,
        "fichera2016-1",
        {"standard_error": "0.82"},
        "standard_error",
        ("reported_as or notes show",),
    ),
    Fault(
        "type not by the rule",
        EFFECTS,
        MATIAS,
        {"indicator_type": "treatment"},
        "indicator_type",
        ("measurement by data/indicator_types.csv", "or a reason"),
    ),
    Fault(
        "table called an abstract",
        ASSOCIATIONS,
        NATIONS,
        {"extracted_from": "abstract"},
        "extracted_from",
        ("names a table",),
    ),
    Fault(
        "limits of an association exchanged",
        ASSOCIATIONS,
        NATIONS,
        {"ci_low": "1.8", "ci_high": "0.4"},
        "ci_low",
        ("less than ci_high, 0.4",),
    ),
    Fault(
        "association not as printed",
        ASSOCIATIONS,
        NATIONS,
        {"estimate": "1.2"},
        "reported_as",
        ("digits of estimate 1.2",),
    ),
    Fault(
        "association named after another study",
        ASSOCIATIONS,
        NATIONS,
        {"association_id": "mclean2006-a99"},
        "study_id",
        ("begins with",),
    ),
    Fault(
        "level outside its range",
        LEVELS,
        QUARTILES,
        {"value": "90.8", "reported_as": "90.8% (IQR 79.0-89.1)"},
        "value",
        ("79.0 to 89.1",),
    ),
    Fault(
        "share above all",
        LEVELS,
        LEVEL,
        {"value": "934", "reported_as": "934"},
        "value",
        ("0 to 100",),
    ),
    Fault(
        "level missing",
        LEVELS,
        LEVEL,
        {"value": ""},
        "value",
        ("is no range",),
    ),
    Fault(
        "share not of its counts",
        SERIES,
        POINT,
        {"value": "97.7"},
        "value",
        ("95.3, numerator by denominator",),
    ),
    Fault(
        "pattern left open",
        TYPES,
        "1",
        {"pattern": "response (rate"},
        "pattern",
        ("a regular expression", "unterminated"),
    ),
    Fault(
        "fact shown with other digits",
        FACTS,
        "kramer_income_share",
        {"text": "25%"},
        "text",
        ("digits of value 20",),
    ),
    Fault(
        "fact printed with other digits",
        FACTS,
        "hsj_ccgs_replaced",
        {"value": "2", "text": "two"},
        "reported_as",
        ("digits of value 2",),
    ),
    Fault("no such day", TIMELINE, "england-2018-1", {"date": "2018-06-31"}, "date", ("calendar",)),
    Fault(
        "date to come", TIMELINE, "england-2018-1", {"date": "2999-07-04"}, "date", ("up to today",)
    ),
    Fault(
        "precision not the date's",
        TIMELINE,
        "england-2018-1",
        {"date_precision": "month"},
        "date_precision",
        ("day, as the date is written",),
    ),
    Fault(
        "headline without label", TIMELINE, "england-2018-1", {"short": ""}, "short", ("headline",)
    ),
    Fault("study from the future", STUDIES, "rison2024", {"year": "2999"}, "year", ("up to",)),
    Fault(
        "mean not of its total",
        SOMERSET,
        "2014/15",
        {"mean_points": "454.5"},
        "mean_points",
        ("444.50, total_points by n_practices",),
    ),
    Fault(
        "mean above the maximum",
        SOMERSET,
        "2014/15",
        {"max_points": "400"},
        "mean_points",
        ("at most max_points",),
    ),
]


# What a slip of the hand does to a row that is whole.
SLIPS = [
    Fault(
        "sign not as printed",
        EFFECTS,
        "fichera2016-2",
        {"estimate": "0.67"},
        "estimate",
        ("a negative number, as '-0.67",),
    ),
    Fault(
        "standard error not of its interval",
        EFFECTS,
        "campbell2005-1",
        {"standard_error": "17.6"},
        "standard_error",
        ("about 1.91, as the interval gives it",),
    ),
    Fault(
        "large p value beside an effect",
        EFFECTS,
        "campbell2005-2",
        {"p_value": "0.46"},
        "p_value",
        ("a small p value",),
    ),
    Fault(
        "small p value beside none",
        EFFECTS,
        "campbell2005-3",
        {"ci_low": "-7.3"},
        "p_value",
        ("a large p value",),
    ),
    Fault(
        "fewer patients than practices",
        EFFECTS,
        "steel2007-1",
        {"n_patients": "17"},
        "n_patients",
        ("at least as many",),
    ),
    Fault(
        "change against its levels",
        EFFECTS,
        "steel2007-2",
        {
            "baseline_value": "99",
            "reported_as": "99% to 64%, 11% (6 to 15)",
        },
        "estimate",
        ("followup_value less baseline_value",),
    ),
    Fault(
        "time that runs backwards",
        EFFECTS,
        "calvert2009-1",
        {"timepoint": "2004 to 2001"},
        "timepoint",
        ("not before its start",),
    ),
    Fault(
        "time to come",
        EFFECTS,
        "minchin2018-2",
        {"timepoint": "2010 to 2093"},
        "timepoint",
        ("years up to",),
    ),
    Fault(
        "unit of another measure",
        EFFECTS,
        "carey2009-1",
        {"unit": "percentage points"},
        "unit",
        ("odds ratio, as odds_ratio is in",),
    ),
    Fault(
        "address without a server",
        EFFECTS,
        "minchin2018-3",
        {"source_url": "https://abstract"},
        "source_url",
        ("an address that others can open",),
    ),
    Fault(
        "follow-up before the start",
        EFFECTS,
        "minchin2018-4",
        {"follow_up_years": "-1"},
        "follow_up_years",
        ("at least 0",),
    ),
    Fault(
        "level as a share",
        EFFECTS,
        "morales2023-3",
        {"ci_level": "0.95"},
        "ci_level",
        ("at least 50",),
    ),
    Fault(
        "financial year of two",
        SERIES,
        "gpcontract_db-s98",
        {"year": "2013/15"},
        "year",
        ("2013/14",),
    ),
    Fault(
        "year of a series to come",
        SERIES,
        "gpcontract_db-s99",
        {"year": "2093/94"},
        "year",
        ("a year up to",),
    ),
]


FAULTS = SCHEMA_FAULTS + RULE_FAULTS + SLIPS


@pytest.fixture
def project(root, tmp_path):
    """A copy of the data in which tables that no test here spoils have their header only."""
    shutil.copytree(root / "data", tmp_path / "data", ignore=shutil.ignore_patterns("*.yml"))
    for path in (tmp_path / "data").glob("*.csv"):
        if path.name not in TABLES:
            path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")
    return tmp_path


def together(faults):
    """Put faults into groups in which no row is spoilt twice, so that one check tells them all."""
    groups = []
    for fault in faults:
        fits = (g for g in groups if (fault.file, fault.at) not in {(f.file, f.at) for f in g})
        group = next(fits, None)
        if group is None:
            groups.append(group := [])
        group.append(fault)
    return groups


def spoil(project, fault):
    """Return the row of the changed record, as a spreadsheet counts."""
    path = project / "data" / fault.file
    # The first column is the key, and the first row with it is meant.
    place = [next(iter(row.values())) for row in read_rows(path)].index(fault.at)
    edit_rows(path, lambda rows: rows[place].update(fault.change))
    return place + 2


@pytest.mark.parametrize("faults", together(FAULTS), ids=lambda faults: faults[0].name)
def test_a_fault_is_told_once_with_its_place_and_what_was_expected(project, keys, faults):
    places = {(f"data/{f.file}", spoil(project, f), f.column): f for f in faults}
    problems = check_evidence(project, keys)
    assert sorted((p.file, p.row, p.column) for p in problems) == sorted(places)
    for problem in problems:
        fault = places[problem.file, problem.row, problem.column]
        changed = read_rows(project / "data" / fault.file)[problem.row - 2]
        assert problem.value == (changed[fault.column] or None), fault.name
        for words in fault.words:
            assert words in problem.expected, fault.name


def test_frictionless_finds_the_same_cells_where_a_schema_can_say_it(project, keys):
    for fault in SCHEMA_FAULTS:
        spoil(project, fault)
    ours = {(p.file, p.row, p.column) for p in check_evidence(project, keys)}
    report = frictionless.Package(str(project / "data" / "datapackage.json")).validate()
    theirs = {
        (f"data/{task.place}", error.row_number, getattr(error, "field_name", None) or "study_id")
        for task in report.tasks
        for error in task.errors
    }
    assert ours == theirs
    assert len(ours) == len(SCHEMA_FAULTS)


def test_frictionless_does_not_find_what_needs_more_than_a_schema(project):
    # A fault that renames a row comes last, or the others would not find it.
    for fault in sorted(RULE_FAULTS, key=lambda fault: "_id" in "".join(fault.change)):
        spoil(project, fault)
    assert frictionless.Package(str(project / "data" / "datapackage.json")).validate().valid


def test_loading_refuses_every_cell_its_schema_does_not_allow(project):
    # Keys between tables are left to check_evidence.
    of_cells = [fault for fault in SCHEMA_FAULTS if not fault.name.startswith("unknown study")]
    for faults in together(of_cells)[:1]:
        for fault in faults:
            spoil(project, fault)
        with pytest.raises(ProblemsFound) as found:
            load_evidence(project)
        told_at = {(problem.file, problem.column) for problem in found.value.problems}
        assert told_at == {(f"data/{fault.file}", fault.column) for fault in faults}
        assert len(found.value.problems) == len(faults)


@pytest.mark.parametrize("name", ["unknown study", "unknown study of an association"])
def test_loading_leaves_keys_between_tables_to_the_check(project, name):
    spoil(project, next(fault for fault in SCHEMA_FAULTS if fault.name == name))
    load_evidence(project)


def told(project, keys):
    return [
        (problem.file.removeprefix("data/"), problem.row, problem.column, problem.expected)
        for problem in check_evidence(project, keys)
    ]


def test_the_same_row_twice(project, keys):
    rows = read_rows(project / "data" / EFFECTS)
    # A row without an estimate, which cannot also be the same figure entered twice.
    first = next(place for place, row in enumerate(rows, start=2) if not row["estimate"])
    edit_rows(project / "data" / EFFECTS, lambda rows: rows.append(dict(rows[first - 2])))
    assert told(project, keys) == [
        (EFFECTS, len(rows) + 2, "effect_id", f"a value used once (row {first} has it too)"),
    ]


def test_the_same_figure_under_another_id(project, keys):
    def again(rows):
        row = next(row for row in rows if row["effect_id"] == MINCHIN)
        rows.append(row | {"effect_id": "minchin2018-99"})

    edit_rows(project / "data" / EFFECTS, again)
    ((file, row, column, expected),) = told(project, keys)
    last = len(read_rows(project / "data" / EFFECTS)) + 1
    assert (file, row, column) == (EFFECTS, last, "estimate")
    assert "entered once (row" in expected


def test_the_same_year_and_area_twice(project, keys):
    edit_rows(project / "data" / SOMERSET, lambda rows: rows.append(dict(rows[0])))
    assert told(project, keys) == [
        (SOMERSET, 14, "year, area", "a value used once (row 2 has it too)"),
    ]


def test_a_study_not_in_the_library(project, keys):
    (problem,) = check_evidence(project, keys - {"minchin2018"} | {"minchin2018nejm"})
    assert (problem.file, problem.column, problem.value) == (
        "data/studies.csv",
        "study_id",
        "minchin2018",
    )
    assert "did you mean minchin2018nejm?" in problem.expected


def test_without_a_library_the_tables_are_still_checked(project):
    assert check_evidence(project, None) == []


def test_a_study_without_rows(project, keys):
    edit_rows(
        project / "data" / STUDIES,
        lambda rows: rows.append(
            rows[0] | {"study_id": "nobody2020", "label": "Nobody 2020", "sample_family": "x"}
        ),
    )
    ((file, _, column, expected),) = told(project, keys | {"nobody2020"})
    assert (file, column) == (STUDIES, "study_id")
    assert expected.startswith("a study that has a row in data/effects.csv or data/facts.csv")


def test_all_problems_of_all_tables_at_once(project, keys):
    faults = [fault for fault in FAULTS if fault.name in SEVERAL]
    for fault in faults:
        spoil(project, fault)
    found = {(p.file, p.column) for p in check_evidence(project, keys)}
    assert found == {(f"data/{fault.file}", fault.column) for fault in faults}
    assert len(found) == len(SEVERAL)


SEVERAL = {
    "unknown choice",
    "blank required",
    "estimate outside its interval",
    "fact shown with other digits",
    "no such day",
    "mean not of its total",
    "study from the future",
}


# --- files that are not the table described ---------------------------------------------------


def rewrite(project, file, change):
    path = project / "data" / file
    path.write_bytes(change(path.read_bytes()))


def test_a_missing_column_does_not_hide_the_rest(project, keys):
    def drop(data):
        return data.replace(b"Rest of England", b"Rest of Engand", 1).replace(b",licence\n", b"\n")

    rewrite(project, SOMERSET, drop)
    problems = told(project, keys)
    assert problems[0] == (SOMERSET, 1, "licence", "this column in the header")
    # Every row now has a cell more than the header.
    assert [row for _, row, _, _ in problems[1:]] == list(range(2, 14))


def test_a_column_renamed(project, keys):
    rewrite(project, SOMERSET, lambda data: data.replace(b"n_practices", b"n_practises", 1))
    missing, extra = told(project, keys)
    assert missing == (SOMERSET, 1, "n_practices", "this column in the header")
    assert extra[:3] == (SOMERSET, 1, None)
    assert "did you mean n_practices?" in extra[3]


def test_columns_in_another_order(project, keys):
    rewrite(project, SOMERSET, lambda data: data.replace(b"year,area,", b"area,year,", 1))
    expected = told(project, keys)[0]
    assert expected[:3] == (SOMERSET, 1, None)
    assert expected[3].startswith("columns in the order year, area, n_practices")


def test_an_extra_cell_and_one_too_few(project, keys):
    def cells(data):
        lines = data.split(b"\n")
        lines[2] += b",more"
        lines[4] = lines[4].rpartition(b",")[0]
        return b"\n".join(lines)

    rewrite(project, SOMERSET, cells)
    expected = "12 cells, as the header has"
    assert told(project, keys) == [(SOMERSET, 3, None, expected), (SOMERSET, 5, None, expected)]
    values = [problem.value for problem in check_evidence(project, keys)]
    assert values == ["13 cells", "11 cells"]


def test_text_that_is_not_utf8(project, keys):
    rewrite(project, FACTS, lambda data: data.replace("£1.6".encode(), b"\xa31.6", 1))
    ((file, row, _, expected),) = told(project, keys)
    assert (file, row, expected) == (FACTS, 2, "UTF-8 text")


def test_a_byte_order_mark(project, keys):
    rewrite(project, STUDIES, lambda data: b"\xef\xbb\xbf" + data)
    assert told(project, keys) == [(STUDIES, 1, None, "UTF-8 without a byte order mark")]


def test_a_quote_left_open(project, keys):
    rewrite(project, SOMERSET, lambda data: data.replace(b"2019/20,", b'"2019/20,', 1))
    ((file, row, _, expected),) = told(project, keys)
    assert (file, row, expected) == (SOMERSET, 12, "cells quoted in pairs, as CSV has it")


@pytest.mark.parametrize("file", [EFFECTS, FACTS, STUDIES, TIMELINE, LEVELS])
def test_a_missing_file(project, keys, file):
    (project / "data" / file).unlink()
    problems = told(project, keys)
    assert (file, None, None, "a file: the data package describes it") in problems
    assert {name for name, *_ in problems} == {file}


def test_an_empty_file(project, keys):
    rewrite(project, TIMELINE, lambda data: b"")
    assert told(project, keys) == [(TIMELINE, None, None, "a header and rows: the file is empty")]


@pytest.mark.parametrize("file", [EFFECTS, STUDIES, SOMERSET, SERIES, TYPES])
def test_a_header_without_rows_is_no_traceback(project, keys, file):
    rewrite(project, file, lambda data: data.split(b"\n")[0] + b"\n")
    check_evidence(project, keys)
    load_evidence(project)


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("{", 1, "valid JSON"),
        ("{}", None, "resources with name, path and schema"),
        (None, None, "the description of the tables"),
    ],
)
def test_a_spoilt_package(project, keys, text, row, expected):
    path = project / "data" / "datapackage.json"
    path.write_text(text) if text is not None else path.unlink()
    (problem,) = check_evidence(project, keys)
    assert (problem.file, problem.row, problem.expected) == (
        "data/datapackage.json",
        row,
        expected,
    )


def test_a_table_the_package_does_not_describe(project):
    path = project / "data" / "datapackage.json"
    path.write_text(path.read_text("utf-8").replace('"name": "facts"', '"name": "fact"'), "utf-8")
    with pytest.raises(ProblemsFound, match="a resource named facts"):
        load_evidence(project)
