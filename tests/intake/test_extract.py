"""`qof extract`: sheets out and in, checked before anything is written, and taken back."""

import shutil
import signal
import sys
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from analysis import transaction
from analysis.cli import main
from analysis.intake.extraction.layout import read_layout
from analysis.intake.extraction.workbook import plain
from tests.copies import edit_rows
from tests.intake.conftest import tree
from tests.intake.small_book import rows_of, small_book, write_sheet
from tests.intake.test_include import in_a_process, run_words

STUDIES = {
    "minchin2018",
    "campbell2005",
    "lester2013",
    "whalley2008",
    "mclean2007",
    "gpcontract_db",
}
TOPICS = ("statistics, contracts and news",)
NEW, WAITS = "asaria2016gp", "bottle2008"
STUDY = {
    "study_id": NEW,
    "label": "Asaria 2016b",
    "design": "made up for a test",
    "design_class": "before_after",
    "country": "UK",
    "setting": "made up for a test",
    "phase": "other",
    "sample_family": NEW,
}
FIGURE = {
    "phase": "other",
    "outcome_domain": "care_process",
    "condition": "hypertension",
    "indicator": "blood pressure measured",
    "indicator_type": "measurement",
    "timepoint": "2013 to 2015",
    "measure": "change_pp",
    "adjustment": "before_after",
    "estimate": "-4.5",
    "ci_low": "-6.1",
    "ci_high": "-2.9",
    "ci_level": "95",
    "interval_kind": "confidence",
    "unit": "percentage points",
    "contrast_between_groups": "false",
    "reported_as": "fell by 4.5 points (95% CI -6.1 to -2.9)",
    "locator": "Abstract",
    "source_url": "https://doi.org/10.9999/made.up",
    "extracted_from": "abstract",
}
OTHER = FIGURE | {
    "indicator": "cholesterol measured",
    "estimate": "3",
    "ci_low": "1",
    "ci_high": "5",
    "reported_as": "rose by 3 points (1 to 5)",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    made = small_book(tmp_path_factory.mktemp("extract") / "book", {*STUDIES, NEW, WAITS})

    def include(rows):
        for row in rows:
            if row["key"] != WAITS:
                row.update(decision="include", who="MA", when="2026-11-01")

    edit_rows(made / "data" / "screening.csv", include)
    return made


@pytest.fixture
def sheets(tmp_path):
    return filled(tmp_path, [FIGURE, OTHER])


def filled(folder, figures):
    study = write_sheet(folder / "study.csv", [STUDY])
    return study, write_sheet(folder / "effects.csv", figures)


@pytest.mark.parametrize(
    ("study", "kind"),
    [
        ("minchin2018", "xlsx"),
        ("mclean2007", "xlsx"),
        ("campbell2005", "csv"),
        ("gpcontract_db", "csv"),
        ("lester2013", "txt"),
        ("whalley2008", "txt"),
    ],
)
def test_what_is_there_goes_out_and_comes_back_unchanged(book, qof, tmp_path, study, kind):
    before = tree(book)
    assert qof("extract", study, "--sheet", tmp_path / f"sheet.{kind}")[0] == 0
    files = sorted(tmp_path.glob(f"sheet*.{kind}"))
    status, told, wrong = qof("extract", study, "--from", *files)
    assert status == 0, wrong
    assert "0 added, 0 changed" in told
    n = sum(
        row[tab.owner] == study for tab in read_layout(book) for row in rows_of(book, tab.table)
    )
    assert told.startswith(f"{n} rows in the sheet")
    assert tree(book) == before


def test_a_new_study_gets_its_ids_and_the_same_sheet_adds_nothing(book, qof, sheets):
    status, told, _ = qof("extract", NEW, "--from", *sheets)
    assert status == 0
    assert "effects asaria2016gp-1: added" in told and "now: qof check" in told
    rows = [row for row in rows_of(book, "effects") if row["study_id"] == NEW]
    assert [row["effect_id"] for row in rows] == [f"{NEW}-1", f"{NEW}-2"]
    assert {row["checked"] for row in rows} == {"no"}
    once = tree(book)
    status, told, _ = qof("extract", NEW, "--from", *sheets)
    assert (status, tree(book)) == (0, once)
    assert "0 added, 0 changed, 3 there already" in told


def test_only_new_lines_are_written(book, qof, sheets):
    before = (book / "data" / "effects.csv").read_bytes()
    qof("extract", NEW, "--from", *sheets)
    after = (book / "data" / "effects.csv").read_bytes()
    assert after.startswith(before) and after.count(b"\n") == before.count(b"\n") + 2


def test_undo_restores_every_byte(book, qof, sheets):
    before = tree(book)
    qof("extract", NEW, "--from", *sheets)
    status, told, _ = qof("extract", NEW, "--from", *sheets, "--undo", "--dry-run")
    assert status == 0 and "nothing was written" in told
    assert tree(book) != before
    assert qof("extract", NEW, "--from", *sheets, "--undo")[0] == 0
    assert tree(book) == before


def test_undo_leaves_what_was_there_before_the_sheet(book, qof, tmp_path):
    before = tree(book)
    sheet = tmp_path / "sheet.csv"
    qof("extract", "campbell2005", "--sheet", sheet)
    assert qof("extract", "campbell2005", "--from", sheet, "--undo")[1].startswith("nothing of it")
    assert tree(book) == before


def test_a_changed_row_is_shown_and_waits_for_replace(book, qof, tmp_path, sheets):
    qof("extract", NEW, "--from", *sheets)
    once = tree(book)
    again = filled(tmp_path, [FIGURE | {"estimate": "-4.4", "reported_as": "4.4 (-6.1 to -2.9)"}])
    status, told, _ = qof("extract", NEW, "--from", *again)
    assert (status, tree(book)) == (1, once)
    assert "    estimate: '-4.5' → '-4.4'" in told and "--replace" in told
    assert qof("extract", NEW, "--from", *again, "--replace")[0] == 0
    row = next(row for row in rows_of(book, "effects") if row["effect_id"] == f"{NEW}-1")
    assert row["estimate"] == "-4.4"


def test_all_rows_or_none(book, qof, tmp_path):
    before = tree(book)
    sheets = filled(tmp_path, [FIGURE, OTHER | {"estimate": "about 3"}])
    status, _, told = qof("extract", NEW, "--from", *sheets)
    assert (status, tree(book)) == (1, before)
    assert "effects.csv, row 3, column estimate: found 'about 3'; expected a number" in told


def test_a_figure_twice_in_a_sheet_is_told_by_its_row_there(book, qof, tmp_path):
    twice = FIGURE | {"population": "elsewhere"}
    status, _, told = qof("extract", NEW, "--from", *filled(tmp_path, [FIGURE, twice]))
    assert status == 1
    assert "row 3, column estimate" in told and "(row 2 has it too)" in told


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (WAITS, f"run qof include {WAITS} first"),
        ("minchin2081", "a key of references/library.ris"),
    ],
)
def test_only_an_included_record_is_extracted(book, qof, sheets, key, said):
    before = tree(book)
    status, _, told = qof("extract", key, "--from", *sheets)
    assert (status, tree(book)) == (1, before)
    assert said in told


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"estimate": "estimat"}, ("found 'estimat'", "did you mean estimate?")),
        ({"locator": "where"}, ("found 'where'", "column locator: expected this column")),
    ],
)
def test_a_renamed_column_is_told_once(book, qof, tmp_path, header, said):
    row = {header.get(name, name): value for name, value in FIGURE.items()}
    sheets = filled(tmp_path, [row, row | {"indicator": "another"}])
    status, _, told = qof("extract", NEW, "--from", *sheets)
    assert status == 1
    for words in said:
        assert told.count(words) == 1


def test_titles_serve_as_names_and_semicolons_as_commas(book, qof, tmp_path):
    study, path = filled(tmp_path, [FIGURE])
    text = Path(path).read_text("utf-8").replace("estimate", "Estimate", 1)
    text = text.replace("timepoint", "Time", 1).replace(",", ";")
    Path(path).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert qof("extract", NEW, "--from", study, path)[0] == 0


def test_a_file_of_no_known_kind_and_one_that_is_missing(qof, tmp_path):
    assert "ends in" in qof("extract", NEW, "--from", tmp_path / "a.docx")[2]
    assert qof("extract", NEW, "--from", tmp_path / "a.csv")[0] == 2
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"no workbook")
    assert "an Excel workbook" in qof("extract", NEW, "--from", broken)[2]


def test_a_sheet_that_is_there_is_not_written_over(qof, tmp_path):
    path = tmp_path / "a.xlsx"
    assert qof("extract", NEW, "--sheet", path)[0] == 0
    kept = path.read_bytes()
    status, _, told = qof("extract", NEW, "--sheet", path)
    assert (status, path.read_bytes()) == (1, kept)
    assert "would be lost" in told


# --- what spreadsheets make of cells ----------------------------------------------------------


def workbook(path, **cells):
    """A sheet with one figure, as Excel has it: numbers are numbers; `cells` are changed."""
    book = Workbook()
    book.active.title = "Effects"
    page = book.active
    row = FIGURE | {name: float(FIGURE[name]) for name in ("estimate", "ci_low", "ci_high")}
    row |= {"ci_level": 95.0, "contrast_between_groups": False}
    page.append(list(row))
    page.append(list(row.values()))
    for name, (value, shown_as) in cells.items():
        cell = page.cell(2, list(row).index(name) + 1, value)
        cell.number_format = shown_as or cell.number_format
    for _ in range(40):
        page.append([None] * len(row))
    book.save(path)
    return path


def test_numbers_and_truth_values_come_as_they_are_typed(book, qof, tmp_path, sheets):
    sheet = workbook(tmp_path / "a.xlsx")
    assert qof("extract", NEW, "--from", sheets[0], sheet)[0] == 0
    row = next(row for row in rows_of(book, "effects") if row["study_id"] == NEW)
    assert {name: row[name] for name in FIGURE} == FIGURE


def test_a_cell_shown_as_percent_is_read_as_shown_and_told(book, qof, tmp_path, sheets):
    sheet = workbook(tmp_path / "a.xlsx", estimate=(-0.045, "0.0%"))
    status, _, told = qof("extract", NEW, "--from", sheets[0], sheet)
    assert status == 0
    assert "tab Effects, row 2, column estimate: read as -4.5, as the cell shows it" in told
    assert next(r for r in rows_of(book, "effects") if r["study_id"] == NEW)["estimate"] == "-4.5"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("timepoint", datetime(2015, 3, 1), "the spreadsheet made a date of it"),
        ("estimate", datetime(1900, 1, 4), "the spreadsheet made a date of it"),
        ("estimate", "=1-5.5", "open and save it where formulas are computed"),
        ("locator", "#REF!", "not an error of the spreadsheet"),
        ("phase", "#N/A", "not an error of the spreadsheet"),
    ],
)
def test_what_excel_made_of_a_cell_is_told(book, qof, tmp_path, sheets, column, value, said):
    before = tree(book)
    sheet = workbook(tmp_path / "a.xlsx", **{column: (value, None)})
    status, _, told = qof("extract", NEW, "--from", sheets[0], sheet)
    assert (status, tree(book)) == (1, before)
    assert f"a.xlsx, tab Effects, row 2, column {column}:" in told
    assert said in told


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.0, "12"), (0.1 + 0.2, "0.3"), (-12.7, "-12.7"), (1e-7, "0.0000001"), (236467, "236467")],
)
def test_a_number_is_written_without_what_the_machine_added(value, text):
    assert plain(value) == text


def test_an_unknown_tab_is_told(qof, tmp_path, sheets):
    path = workbook(tmp_path / "a.xlsx")
    changed = load_workbook(path)
    changed["Effects"].title = "Efects"
    changed.save(path)
    assert "did you mean effects?" in qof("extract", NEW, "--from", sheets[0], path)[2]


def test_the_workbook_has_hints_and_drop_downs_from_the_schema(book, qof, tmp_path):
    path = tmp_path / "a.xlsx"
    qof("extract", NEW, "--sheet", path)
    made = load_workbook(path)
    for tab in read_layout(book):
        page = made[tab.name]
        assert [cell.value for cell in page[1]] == [column.name for column in tab.columns]
        lists = {
            str(rule.sqref).split(":")[0]: rule.formula1
            for rule in page.data_validations.dataValidation
            if rule.type == "list"
        }
        for at, column in enumerate(tab.columns, start=1):
            assert column.hint in page.cell(2, at).value
            listed = column.choices or (column.name in tab.suggested and TOPICS)
            if listed:
                place = lists[page.cell(4, at).coordinate]
                name, cells = place.rsplit("!", 1)
                found = made[name.strip("'")][cells.replace("$", "")]
                assert [cell.value for (cell,) in found] == list(listed)


# --- an editor --------------------------------------------------------------------------------

EDITOR = """\
import sys
from pathlib import Path

path, answers = Path(sys.argv[-1]), dict(pair.split("=", 1) for pair in sys.argv[1:-1])
lines, block = [], ""
for line in path.read_text("utf-8").splitlines():
    block = line if line.startswith("[") else block
    name = line.partition(":")[0]
    key = block.strip("[]") + "." + name
    lines.append(f"{name}: {answers[key]}" if key in answers else line)
path.write_text("\\n".join(lines) + "\\n", "utf-8")
"""


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Set an editor that types the answers given."""
    script = tmp_path / "editor.py"
    script.write_text(EDITOR, "utf-8")

    def use(study, figure):
        answers = [f"study.{name}={value}" for name, value in study.items()]
        answers += [f"effects.{name}={value}" for name, value in figure.items()]
        words = [sys.executable, str(script), *answers]
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", " ".join(f"'{word}'" for word in words))

    return use


def test_a_form_in_an_editor(book, qof, editor):
    editor(STUDY, FIGURE)
    status, _, wrong = qof("extract", NEW)
    assert status == 0, wrong
    row = next(row for row in rows_of(book, "effects") if row["study_id"] == NEW)
    assert {name: row[name] for name in FIGURE} == FIGURE
    assert not list((book / "references" / "inbox").iterdir())


def test_a_draft_stays_until_it_is_right(book, qof, editor):
    editor(STUDY, FIGURE | {"estimate": "about 4"})
    status, _, told = qof("extract", NEW)
    assert status == 1
    assert f"{NEW}.extract.txt, line " in told and "opens it again" in told
    editor({}, {"estimate": "-4.5"})
    assert qof("extract", NEW)[0] == 0


def test_no_editor_and_nothing_filled_in(book, qof, editor, monkeypatch):
    before = tree(book)
    editor({}, {})
    assert "nothing was filled in" in qof("extract", NEW)[2]
    monkeypatch.delenv("EDITOR")
    assert "set EDITOR" in qof("extract", NEW)[2]
    assert tree(book) == before


# --- interrupted ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step", ["staged data/effects.csv", "journal written", "renamed data/effects.csv"]
)
def test_killed_at_a_step_the_next_run_carries_on(book, qof, template, tmp_path, sheets, step):
    words = ["extract", NEW, "--from", *sheets]
    child = in_a_process(run_words, book, step, words)
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert qof(*words)[0] == 0
    assert not transaction.interrupted(book)
    undisturbed = Path(shutil.copytree(template, tmp_path / "undisturbed"))
    assert main(["--root", str(undisturbed), *words]) == 0
    assert tree(book) == tree(undisturbed)
