"""A second extraction: blind, compared, settled, and carried to the figure."""

import csv
from functools import partial

import pytest

from analysis.cli import main
from analysis.evidence.agreement import FIELDS, agreement
from analysis.evidence.checks import check_evidence
from analysis.evidence.tables import load_evidence
from analysis.intake.extraction.second import GIVEN
from tests.intake.conftest import tree
from tests.intake.small_book import rows_of, small_book, write_sheet

# Figures of all three kinds, none of them extracted twice.
STUDY, LEVELS = "mclean2007", "doran2008lancet"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return small_book(tmp_path_factory.mktemp("second") / "book", {STUDY, LEVELS, "morales2023"})


@pytest.fixture
def qof(qof):
    return partial(qof, "extract")


@pytest.fixture
def blind(qof, tmp_path):
    """The blind sheet as rows."""
    path = tmp_path / "blind.csv"
    assert qof(STUDY, "--second", "--sheet", path)[0] == 0
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [row for row in csv.DictReader(lines) if not row["figure"].startswith("#")]


def first_of(book, figure):
    rows = (row for name in ("effects", "associations", "levels") for row in rows_of(book, name))
    return next(row for row in rows if figure in row.values())


def looked_up(book, row, **changes):
    """Fill a row of the sheet with what the first extraction has, but for `changes`."""
    first = first_of(book, row["figure"])
    names = {"estimate": "value", "ci_low": "low", "ci_high": "high"} if "value" in first else {}
    same = {name: first.get(names.get(name, name), "") for name in (*FIELDS, "reported_as")}
    return row | same | {"found": "yes"} | changes


def test_the_sheet_is_blind(book, blind):
    figures = [row for row in rows_of(book, "associations") if row["study_id"] == STUDY]
    assert {row["association_id"] for row in figures} <= {row["figure"] for row in blind}
    for row in blind:
        assert {name for name, cell in row.items() if cell} <= {"figure", *GIVEN}


@pytest.fixture
def read_twice(book, qof, blind, tmp_path):
    """Three figures, one with a number written otherwise, one with another estimate."""
    numbered = [row for row in blind if first_of(book, row["figure"]).get("ci_low")][:3]
    first = first_of(book, numbered[2]["figure"])
    other = str(float(first["estimate"]) + 0.1)[:4]
    printed = f"{other} ({first['ci_low']} to {first['ci_high']})"
    rows = [
        looked_up(book, numbered[0]),
        looked_up(book, numbered[1], n_practices="7"),
        looked_up(book, numbered[2], estimate=other, reported_as=printed),
    ]
    sheet = write_sheet(tmp_path / "filled.csv", rows)
    return rows, sheet, qof(STUDY, "--second", "--from", sheet, "--who", "TB")


def test_differences_are_listed_side_by_side(book, read_twice, qof):
    rows, _, (status, told, wrong) = read_twice
    assert status == 0, wrong
    assert "3 added" in told
    cells = rows_of(book, "second_extraction")
    opened = [(row["field"], row["first"], row["second"]) for row in cells if row["kind"] == "open"]
    first = first_of(book, rows[2]["figure"])
    assert opened == [
        ("n_practices", first_of(book, rows[1]["figure"])["n_practices"], "7"),
        ("estimate", first["estimate"], rows[2]["estimate"]),
    ]
    _, listed, _ = qof(STUDY, "--adjudicate")
    assert rows[2]["figure"] in listed and rows[2]["estimate"] in listed
    assert first_of(book, rows[0]["figure"])["checked"] == "second_person"
    assert first["checked"] != "second_person"
    assert {row["who"] for row in cells if row["study_id"] == STUDY} == {"TB"}
    assert check_evidence(book, None) == []


def test_the_same_sheet_again_adds_nothing_and_another_is_refused(book, read_twice, qof, tmp_path):
    rows, sheet, _ = read_twice
    once = tree(book)
    status, told, _ = qof(STUDY, "--second", "--from", sheet, "--who", "TB")
    assert (status, tree(book)) == (0, once)
    assert "0 added, 3 there already" in told
    sheet = write_sheet(tmp_path / "other.csv", [rows[1] | {"n_practices": "8"}])
    status, _, told = qof(STUDY, "--second", "--from", sheet, "--who", "TB")
    assert (status, tree(book)) == (1, once)
    assert "column n_practices: found '8'; expected '7', as it was entered before" in told


def test_what_was_read_twice_waits_no_longer(read_twice, qof, tmp_path):
    rows, _, _ = read_twice
    qof(STUDY, "--second", "--sheet", tmp_path / "next.csv")
    text = (tmp_path / "next.csv").read_text("utf-8-sig")
    assert all(f"\n{row['figure']}," not in text for row in rows)


def test_a_settled_difference_reaches_the_figure(book, read_twice, qof, tmp_path):
    rows, _, _ = read_twice
    sheet = tmp_path / "d.csv"
    assert qof(STUDY, "--adjudicate", "--sheet", sheet)[0] == 0
    with sheet.open(encoding="utf-8-sig", newline="") as lines:
        waits = [row for row in csv.DictReader(lines) if not row["figure"].startswith("#")]
    assert [(row["resolved"], row["reason"]) for row in waits] == [("", "")] * 2
    waits[0] |= {"resolved": "7", "reason": "seven in the table", "kind": "content"}
    half = write_sheet(tmp_path / "half.csv", waits)
    status, told, wrong = qof(STUDY, "--adjudicate", "--from", half)
    assert status == 0, wrong
    assert "differences settled: 1" in told
    figure = first_of(book, rows[1]["figure"])
    assert (figure["n_practices"], figure["checked"]) == ("7", "second_person")
    once = tree(book)
    assert qof(STUDY, "--adjudicate", "--from", half)[0] == 0
    assert tree(book) == once
    assert check_evidence(book, None) == []


def test_settling_on_a_figure_that_cannot_be_is_refused(book, read_twice, qof, tmp_path):
    rows, _, _ = read_twice
    before = tree(book)
    bad = {"figure": rows[2]["figure"], "field": "estimate", "resolved": "99.5", "kind": "content"}
    for reason, said in (("a slip", "a value within its interval"), ("", "why it was settled so")):
        sheet = write_sheet(tmp_path / "bad.csv", [bad | {"reason": reason}])
        status, _, told = qof(STUDY, "--adjudicate", "--from", sheet)
        assert (status, tree(book)) == (1, before)
        assert "bad.csv, row 2, column" in told and said in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"estimate": "about 1"}, "column estimate: found 'about 1'; expected a number"),
        ({"ci_high": ""}, "column ci_high: expected a value: ci_low has one"),
        ({"found": "perhaps"}, "expected one of no, yes"),
        ({"found": "no"}, "blank: the figure was not found"),
        ({"figure": "mclean2007-a999"}, "a figure of mclean2007"),
        ({"estimate": "1.0", "reported_as": "another phrase"}, "column reported_as"),
    ],
)
def test_a_bad_row_of_the_second_reader_is_told(book, qof, blind, tmp_path, change, said):
    row = next(r for r in blind if first_of(book, r["figure"]).get("ci_low"))
    before = tree(book)
    sheet = write_sheet(tmp_path / "bad.csv", [looked_up(book, row) | change])
    status, _, told = qof(STUDY, "--second", "--from", sheet, "--who", "TB")
    assert (status, tree(book)) == (1, before)
    assert "bad.csv, row 2" in told and said in told


def test_a_figure_without_a_number_gets_one(book, qof, tmp_path):
    path = book / "data" / "associations.csv"
    text = path.read_text("utf-8")
    rows = rows_of(book, "associations")
    figure = next(row for row in rows if row["study_id"] == STUDY and row["estimate"])
    last = f",{figure['extraction_row']}\n"
    lines = text.splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if line.startswith(figure["association_id"]))
    lines[at] = lines[at].removesuffix(last) + ",\n"
    path.write_text("".join(lines), "utf-8")
    sheet = write_sheet(tmp_path / "s.csv", [looked_up(book, {"figure": figure["association_id"]})])
    assert qof(STUDY, "--second", "--from", sheet, "--who", "TB")[0] == 0
    number = first_of(book, figure["association_id"])["extraction_row"]
    known = {row["extraction_row"] for row in rows if row["study_id"] == STUDY}
    assert number.isdecimal() and number not in known
    cells = rows_of(book, "second_extraction")
    assert [row["field"] for row in cells if row["extraction_row"] == number][: len(FIELDS)] == [
        *FIELDS
    ]


def test_agreement_is_told_for_all_and_for_one_study(root, book, read_twice, qof, capsys):
    _, told, _ = qof("--agreement", STUDY)
    assert "3 figures extracted twice, 2 differences open" in told
    assert main(["--root", str(root), "extract", "--agreement"]) == 0
    told = capsys.readouterr().out
    whole = agreement(load_evidence(root).second_extraction)
    assert f"{whole.n_figures} figures extracted twice" in told
    assert f"direction: kappa {whole.direction.value:.2f}" in told
    assert "estimates: ICC" in told


def test_who_read_it_is_asked(book, qof, tmp_path):
    before = tree(book)
    status, _, told = qof(STUDY, "--second", "--from", tmp_path / "a.csv")
    assert (status, tree(book)) == (2, before)
    assert "expected --who" in told
