"""A sheet's risk of bias and topic: offered, read, checked and taken back, in all three forms."""

import csv
from functools import partial

import pytest
from openpyxl import load_workbook

from analysis.evidence.risk_of_bias import LINES
from tests.copies import edit_rows
from tests.intake.conftest import tree
from tests.intake.small_book import rows_of, small_book, write_sheet
from tests.intake.test_extract import FIGURE, NEW, STUDY

JUDGED, TOPIC = "minchin2018", "gpcontract_db"
BIAS, TOPICS = "risk of bias", "topic"
KINDS = ("xlsx", "csv", "txt")
MILD = {name: "continue" if name == "triage" else "moderate" for name in LINES}


def lines(judgements, **cells):
    reasons = {"proposed_reason": "made up for a test", "proposed_from": "abstract"}
    return {
        name: {"proposed_judgement": told} | reasons | cells for name, told in judgements.items()
    }


def answers(judgements=MILD, topic="payment began", **cells):
    """What a person types, by tab and by what stands in a row already."""
    return {
        "study": {NEW: STUDY},
        "effects": {"": FIGURE},
        BIAS: lines(judgements, **cells),
        TOPICS: {"": {"topic": topic} if topic else {}},
    }


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    made = small_book(tmp_path_factory.mktemp("judging") / "book", {JUDGED, TOPIC, NEW})
    edit_rows(
        made / "data" / "screening.csv",
        lambda rows: [row.update(decision="include", who="MA", when="2026-11-01") for row in rows],
    )
    return made


@pytest.fixture
def qof(qof):
    return partial(qof, "extract")


@pytest.fixture
def sheet(qof, tmp_path):
    """Write the blank sheet of the new study and fill it; return its files."""

    def made(kind="csv", typed=None):
        path = tmp_path / f"sheet.{kind}"
        assert qof(NEW, "--sheet", path)[0] == 0
        for file in sorted(tmp_path.glob(f"sheet*.{kind}")):
            FILL[kind](file, typed or answers())
        return sorted(tmp_path.glob(f"sheet*.{kind}"))

    return made


def _workbook(path, typed):
    book = load_workbook(path)
    for tab, rows in typed.items():
        names = [cell.value for cell in book[tab][1]]
        for begun, cells in rows.items():
            found = [r[0].row for r in book[tab].iter_rows(min_row=4) if _has(r, begun)]
            for name, value in cells.items():
                book[tab].cell((found or [4])[0], names.index(name) + 1, value)
    book.save(path)


def _has(row, begun):
    return bool(begun) and begun in [cell.value for cell in row]


def _csv(path, typed):
    with path.open(encoding="utf-8-sig", newline="") as cells:
        rows = list(csv.DictReader(cells))
    head, rows = list(rows[0]), rows[2:]
    tab = next(tab for tab in typed if {"study": "design", "effects": "estimate"}.get(
        tab, "domain" if tab == BIAS else "topic") in head)  # fmt: skip
    for begun, cells in typed[tab].items():
        own = next((row for row in rows if begun and begun in row.values()), None)
        if own is None:
            rows.append(own := dict.fromkeys(head, ""))
        own.update(cells)
    write_sheet(path, rows)


def _form(path, typed):
    blocks = path.read_text("utf-8").split("\n[")
    for at, block in enumerate(blocks[1:], start=1):
        tab = block.partition("]")[0]
        for begun, cells in typed.get(tab, {}).items():
            if not begun or f": {begun}\n" in block:
                blocks[at] = "\n".join(
                    f"{name}: {cells[name]}" if (name := line.partition(":")[0]) in cells else line
                    for line in block.split("\n")
                )
    path.write_text("\n[".join(blocks), "utf-8")


FILL = {"xlsx": _workbook, "csv": _csv, "txt": _form}


def judged(book):
    return [row for row in rows_of(book, "risk_of_bias") if row["study_id"] == NEW]


@pytest.mark.parametrize("kind", KINDS)
def test_judgements_and_topic_come_in_once_and_go_again(book, qof, sheet, kind):
    before, files = tree(book), sheet(kind)
    assert qof(NEW, "--from", *files, "--dry-run")[0] == 0
    assert tree(book) == before
    status, told, wrong = qof(NEW, "--from", *files)
    assert status == 0, wrong
    assert f"risk_of_bias {NEW}-all-overall: added" in told
    assert {row["domain"]: row["proposed_judgement"] for row in judged(book)} == MILD
    assert {(row["result"], row["tool"], row["tool_version"]) for row in judged(book)} == {
        ("all", "ROBINS-I", "V2 November 2025")
    }
    assert {row["final_judgement"] for row in judged(book)} == {""}
    assert rows_of(book, "undiscussed")[-1] == {"key": NEW, "topic": "payment began"}
    once = tree(book)
    assert "0 added, 0 changed, 11 there already" in qof(NEW, "--from", *files)[1]
    assert tree(book) == once
    assert qof(NEW, "--from", *files, "--undo")[0] == 0
    assert tree(book) == before


@pytest.mark.parametrize("kind", KINDS)
def test_rows_left_as_they_are_add_none(book, qof, sheet, kind):
    before = tree(book)
    files = sheet(kind, answers({}, topic=""))
    status, told, wrong = qof(NEW, "--from", *files)
    assert status == 0, wrong
    assert told.count(": added") == 2 and "2 rows in the sheet" in told
    after = tree(book)
    assert {name for name in after if after[name] != before[name]} == {
        "data/effects.csv",
        "data/studies.csv",
    }


def test_judgements_that_cannot_be_are_told_at_their_cells(book, qof, sheet):
    before = tree(book)
    wrong = {"triage": "moderate", "confounding": "continue", "missing_data": "grave"}
    status, _, told = qof(NEW, "--from", *sheet("xlsx", answers(MILD | wrong)))
    assert (status, tree(book)) == (1, before)
    place = "sheet.xlsx, tab risk of bias, row {}, column proposed_judgement: found {}; expected "
    assert place.format(4, "'moderate'") + "continue or critical, which triage can be" in told
    assert place.format(5, "'continue'") + "low or moderate or serious" in told
    assert place.format(8, "'grave'") + "one of continue, critical, low" in told
    assert told.endswith("3 problems found\nqof extract: nothing was written\n")


def test_an_overall_judgement_milder_than_a_domain(book, qof, sheet):
    before = tree(book)
    status, _, told = qof(NEW, "--from", *sheet(typed=answers(MILD | {"missing_data": "serious"})))
    assert (status, tree(book)) == (1, before)
    place = "sheet-risk_of_bias.csv, row 9, column proposed_judgement: found 'moderate'; expected "
    assert place + "serious" in told


def test_a_domain_left_out_and_a_reason_left_out(book, qof, sheet):
    before = tree(book)
    typed = answers({name: told for name, told in MILD.items() if name != "missing_data"})
    del typed[BIAS]["overall"]["proposed_reason"]
    status, _, told = qof(NEW, "--from", *sheet(typed=typed))
    assert (status, tree(book)) == (1, before)
    assert "risk_of_bias.csv, row 2, column domain" in told and "missing_data missing" in told
    assert "risk_of_bias.csv, row 9, column proposed_reason" in told


def of_result(result):
    own = {"result": result, "domain": "confounding"}
    tool = {"tool": "ROBINS-I", "tool_version": "V2 November 2025"}
    return lines({"confounding": "moderate"})["confounding"] | own | tool


def test_one_result_may_be_judged_if_the_study_has_it(book, qof, sheet, tmp_path):
    before, files = tree(book), sheet()
    known, unknown = (f"{NEW}-1", "measurement"), (f"{NEW}-9", "treatment")
    wrong = write_sheet(tmp_path / "wrong.csv", [of_result(one) for one in (*known, *unknown)])
    status, _, told = qof(NEW, "--from", *files, wrong)
    assert (status, tree(book)) == (1, before)
    for row, result in enumerate(unknown, start=4):
        expected = f"row {row}, column result: found '{result}'; expected one of all, {NEW}-1, mea"
        assert f"wrong.csv, {expected}" in told
    assert "2 problems found" in told
    right = write_sheet(tmp_path / "right.csv", [of_result(one) for one in known])
    status, told, wrong = qof(NEW, "--from", *files, right)
    assert status == 0, wrong
    assert f"risk_of_bias {NEW}-measurement-confounding: added" in told


def test_another_judgement_waits_for_replace(book, qof, sheet, tmp_path):
    assert qof(NEW, "--from", *sheet())[0] == 0
    once, again = tree(book), tmp_path / "again.txt"
    assert qof(NEW, "--sheet", again)[0] == 0
    _form(again, {BIAS: lines({"missing_data": "low"})})
    status, told, _ = qof(NEW, "--from", again)
    assert (status, tree(book)) == (1, once)
    assert f"risk_of_bias {NEW}-all-missing_data: changed" in told
    assert "    proposed_judgement: 'moderate' → 'low'" in told
    assert qof(NEW, "--from", again, "--replace")[0] == 0
    found = {row["domain"]: row["proposed_judgement"] for row in judged(book)}
    assert found == MILD | {"missing_data": "low"}


def test_what_was_there_before_the_sheet_stays(book, qof, sheet):
    topics = book / "data" / "undiscussed.csv"
    edit_rows(topics, lambda rows: rows.append({"key": NEW, "topic": "the years of payment"}))
    before = tree(book)
    files = sheet(typed=answers(topic=""))
    assert qof(NEW, "--from", *files)[0] == 0
    assert qof(NEW, "--from", *files, "--undo")[0] == 0
    assert tree(book) == before


def test_rows_as_the_table_has_them_are_known_without_their_ids(book, qof, tmp_path):
    rows = [row for row in rows_of(book, "risk_of_bias") if row["study_id"] == JUDGED]
    assert len(rows) == len(LINES)
    status, told, wrong = qof(JUDGED, "--from", write_sheet(tmp_path / "own.csv", rows))
    assert status == 0, wrong
    assert f"{len(rows)} rows in the sheet: 0 added, 0 changed" in told


def test_another_studys_line_is_refused(book, qof, tmp_path):
    row = next(row for row in rows_of(book, "risk_of_bias") if row["study_id"] == JUDGED)
    stolen = row | {"id": f"{JUDGED}-all-triage", "study_id": ""}
    _, _, told = qof(NEW, "--from", write_sheet(tmp_path / "own.csv", [stolen]))
    assert f"column id: found '{JUDGED}-all-triage'; expected an id of {NEW}" in told


def test_a_topic_is_chosen_or_made_up(book, qof, sheet):
    (path,) = sheet("xlsx", answers(topic="a topic of a test"))
    (rule,) = (
        rule
        for rule in load_workbook(path)[TOPICS].data_validations.dataValidation
        if rule.type == "list"
    )
    assert not rule.showErrorMessage
    assert qof(NEW, "--from", path)[0] == 0
    assert rows_of(book, "undiscussed")[-1]["topic"] == "a topic of a test"
