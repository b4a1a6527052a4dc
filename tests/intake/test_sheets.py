"""Sheets by their parts: made-up tables in memory, and every fault told at its place."""

import io
from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from openpyxl import Workbook

from analysis.evidence.coefficients import Kappa
from analysis.intake.days import past_day
from analysis.intake.extraction import edit, settle
from analysis.intake.extraction.apply import judged, taken_back
from analysis.intake.extraction.delimited import read_csv
from analysis.intake.extraction.form import read_form, write_form
from analysis.intake.extraction.plan import CHANGED, NEW, SAME, plan
from analysis.intake.extraction.second import TABLE, Figure, known_figures
from analysis.intake.extraction.second_run import Compared
from analysis.intake.extraction.second_text import agreement_text, compared_text
from analysis.intake.extraction.sheet import Blank, Page, Sheet, SheetRow
from analysis.intake.extraction.tab import Column, Tab
from analysis.intake.extraction.workbook import read_workbook
from analysis.intake.tables import Tables
from analysis.problems import Problem


def column(name, kind="string", **given):
    return Column(name, name.title(), f"A {name}.", kind, (), False, "", **given)


NAMES = ("effect_id", "indicator", "estimate", "note")
CHOICES = "one of effect_id, estimate, indicator, note (did you mean note?)"
EFFECTS = Tab(
    name="effects",
    table="effects",
    title="Effects",
    key="effect_id",
    letter="",
    about=("indicator",),
    filled={},
    columns=tuple(column(name, "number" if name == "estimate" else "string") for name in NAMES),
    known=("study_id", *NAMES),
)
STUDY = Tab(
    name="study",
    table="studies",
    title="Study",
    key="study_id",
    letter="",
    about=(),
    filled={},
    columns=(column("study_id"), column("label")),
    known=("study_id", "label"),
)
TABS = (STUDY, EFFECTS)


def effect(name, indicator="bp", estimate="1.5", study="hill2015", note=""):
    return {
        "study_id": study,
        "effect_id": name,
        "indicator": indicator,
        "estimate": estimate,
        "note": note,
    }


def tables(*effects, **more):
    rows = {
        "studies": [{"study_id": "hill2015", "label": "Hill"}],
        "effects": list(effects),
        **more,
    }
    described = {
        name: SimpleNamespace(
            name=name, file=f"data/{name}.csv", columns=[*(given[0] if given else {"study_id": ""})]
        )
        for name, given in rows.items()
    }
    return Tables(described, rows, {})


def row(place=2, tab=EFFECTS, **cells):
    return SheetRow(tab, "a.csv", place, cells)


def told(problems):
    return [(one.row, one.column, one.value, one.expected) for one in problems]


# --- text forms --------------------------------------------------------------------------------


def form(text):
    return read_form(text.encode(), "a.txt", TABS)


def test_a_form_is_read_as_it_was_written():
    known = effect("hill2015-1", note="two\nlines")
    blank = Blank(
        "A form", ("Look.",), (Page(STUDY, (tables().rows["studies"][0],)), Page(EFFECTS, (known,)))
    )
    text = write_form(blank).decode()
    assert text.count("[study]") == 1
    assert text.count("[effects]") == 2, "the row that is there, and one to fill"
    sheet = read_form(text.encode(), "a.txt", TABS)
    assert sheet.problems == ()
    assert [one.tab.name for one in sheet.rows] == ["study", "effects"]
    assert sheet.rows[1].cells["note"] == "two lines"
    assert text.splitlines()[int(sheet.rows[1].place.removeprefix("line ")) - 1] == "[effects]"


def test_a_long_value_goes_on_indented_until_a_blank_line():
    sheet = form("[Effects]\nnote: one\n  two\n\tthree\n# a hint\nindicator:\n  bp\n\n  lost\n")
    assert [dict(one.cells) for one in sheet.rows] == [{"note": "one two three", "indicator": "bp"}]
    assert told(sheet.problems) == [
        ("line 9", None, "lost", "a [block], then a column, a colon and its value")
    ]


def test_every_line_of_a_form_that_cannot_be_is_told():
    text = (
        "note: early\n[efects]\nnote: passed over\n[effects]\nnot: x\nnote: a\nnote: b\nno colon\n"
    )
    sheet = form(text)
    assert [dict(one.cells) for one in sheet.rows] == [{"note": "a"}]
    assert told(sheet.problems) == [
        ("line 1", None, "note: early", "a [block], then a column, a colon and its value"),
        (
            "line 2",
            None,
            "efects",
            "a block of an extraction sheet, one of effects, study (did you mean effects?)",
        ),
        (
            "line 5",
            None,
            "not",
            f"a column of this block, {CHOICES}",
        ),
        (
            "line 7",
            None,
            "note",
            "a column named once in a block (begin another row with its [name])",
        ),
        ("line 8", None, "no colon", "a [block], then a column, a colon and its value"),
    ]


def test_a_form_in_another_encoding_is_told_with_its_line():
    sheet = read_form(b"[effects]\nnote: a\nnote: \xe9\n", "a.txt", TABS)
    assert (sheet.rows, told(sheet.problems)) == ((), [("line 3", None, None, "text in UTF-8")])


# --- CSV and workbooks -------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_any_usual_separator_is_read(mark):
    text = f"\ufeffindicator{mark}note\r\n\r\nbp\u00a0{mark} x \r\n"
    (one,) = read_csv(text.encode(), "a.csv", TABS).rows
    assert (one.place, dict(one.cells)) == (3, {"indicator": "bp", "note": "x"})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", (None, None, None, "a header and rows below it: nothing is there")),
        (b"indicator,note\na,\xe9\n", (2, None, None, "text in UTF-8 (save as “CSV UTF-8”)")),
        (
            b'indicator,note\na,"b\n',
            (None, None, "unexpected end of data", "cells quoted in pairs"),
        ),
        (b"note,Note\na,b\n", (1, "note", None, "a column named once")),
        (
            b"indicator,not\na,\n",
            (
                1,
                None,
                "not",
                f"a column of this tab, {CHOICES}",
            ),
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_told(content, problem):
    assert problem in told(read_csv(content, "a.csv", TABS).problems)


def test_what_a_spreadsheet_shows_is_read():
    book = Workbook()
    book.active.title = "Empty"
    page = book.create_sheet("effects")
    page.append(["indicator", "estimate", "note"])
    page.append(["# hint", None, None])
    page.append([time(9, 30), 0.125, 0.5])
    page["C3"].number_format = page["B3"].number_format = "0.0%"
    page.append(["bp", True, timedelta(hours=1)])
    stream = io.BytesIO()
    book.save(stream)
    sheet = read_workbook(stream.getvalue(), "a.xlsx", TABS)
    assert dict(sheet.rows[0].cells)["estimate"] == "12.5"
    assert dict(sheet.rows[0].cells)["note"] == "50%", "a text stays as it is shown"
    assert dict(sheet.rows[1].cells)["estimate"] == "true"
    assert [note.partition(": ")[0] for note in sheet.notes] == [
        "a.xlsx, tab effects, row 3, column estimate"
    ]


# --- days and editors --------------------------------------------------------------------------


def test_a_day_lies_in_the_past():
    assert past_day("2001-03-04") == "2001-03-04"
    assert past_day(date.today().isoformat()) == date.today().isoformat()
    with pytest.raises(ValueError, match="'4 March': expected a date such as"):
        past_day("4 March")
    with pytest.raises(ValueError, match="expected a date up to today"):
        past_day((date.today() + timedelta(days=2)).isoformat())


@pytest.mark.parametrize(
    ("command", "said"),
    [("no-such-editor-anywhere", "No such file"), ("false", "false ended with status 1; nothing")],
)
def test_an_editor_that_fails_is_told(monkeypatch, tmp_path, command, said):
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(edit.NotEdited, match=said):
        edit._open(tmp_path / "form.txt")


def test_a_draft_outlives_an_editor_that_fails(monkeypatch, tmp_path):
    monkeypatch.setattr(edit, "blank_sheet", lambda *_: Blank("A form", (), (Page(EFFECTS),)))
    (tmp_path / "references").mkdir()
    draft = edit.draft_of(tmp_path, "hill2015")

    def fail(path, text=""):
        path.write_bytes(path.read_bytes() + text.encode())
        raise edit.NotEdited("the editor fell over")

    def run(opened):
        with pytest.raises(edit.NotEdited):
            edit.edit(tmp_path, "hill2015", (), replace=False, dry_run=False, open_editor=opened)

    run(fail)
    assert not draft.exists(), "nothing was typed"
    run(lambda path: fail(path, "note: typed\n"))
    assert draft.read_text("utf-8").endswith("note: typed\n")


# --- plans -------------------------------------------------------------------------------------


def planned(rows, *known):
    return plan(Sheet(tuple(rows)), tables(*known), "hill2015", TABS)


def test_an_id_is_used_once_and_is_the_studys_own():
    rows = [
        row(effect_id="hill2015-1"),
        row(3, effect_id="hill2015-1"),
        row("line 9", effect_id="x-1"),
    ]
    made = planned(rows, effect("x-1", study="other2001"), effect("hill2015-1"))
    assert told(made.problems) == [
        (3, "effect_id", "hill2015-1", "a value used once (row 2 has it too)"),
        ("line 9", "effect_id", "x-1", "an id of hill2015; other2001 has this one"),
    ]


def test_a_row_of_another_study_is_told():
    made = planned([row(tab=STUDY, study_id="other2001")])
    assert told(made.problems) == [
        (2, "study_id", "other2001", "hill2015, or blank: the sheet is read for this study")
    ]


def test_a_row_that_could_be_two_needs_an_id():
    known = [effect("hill2015-1"), effect("hill2015-2", estimate="2.5")]
    made = planned([row(indicator="bp", estimate="3")], *known)
    expected = "the id of the row it changes, one of hill2015-1, hill2015-2"
    assert told(made.problems) == [(2, "effect_id", None, expected)]
    (alone,) = planned([row(indicator="bp", estimate="3")], known[0]).items
    assert (alone.outcome, alone.known["effect_id"]) == (CHANGED, "hill2015-1")
    assert alone.differences == (("estimate", "1.5", "3"),)


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ({"indicator": "bp", "estimate": "1.50"}, SAME),
        ({"indicator": "bp", "estimate": ""}, CHANGED),
        ({"effect_id": "hill2015-1", "note": "1"}, CHANGED),
        ({"indicator": "other", "estimate": "1.5", "effect_id": ""}, NEW),
    ],
)
def test_numbers_are_compared_as_numbers_and_texts_as_texts(cells, outcome):
    (item,) = planned([row(**cells)], effect("hill2015-1")).items
    assert item.outcome == outcome
    if outcome == NEW:
        assert item.after["effect_id"] == "hill2015-2"


def test_a_study_goes_with_its_last_row_and_not_before():
    rows = [
        row(tab=STUDY, study_id="hill2015", label="Hill"),
        row(indicator="bp", estimate="1.5", note=""),
    ]
    for known, gone in (
        ([effect("hill2015-1")], ["effects", "studies"]),
        ([effect("hill2015-1"), effect("hill2015-2", "chol")], ["effects"]),
    ):
        before = tables(*known)
        after, items = taken_back(plan(Sheet(tuple(rows)), before, "hill2015", TABS), before)
        assert [item.tab.table for item in items] == gone
        assert len(after.rows["effects"]) == len(known) - 1
        assert len(before.rows["effects"]) == len(known)


def test_what_a_check_says_is_told_at_the_sheet_or_where_it_stands(monkeypatch):
    file = "data/effects.csv"
    found = [
        Problem(file, "unlike any (row 3 has it too)", 2, "estimate", "1"),
        Problem(file, "unlike any (row 9 has it too)", 3, "estimate", "1"),
        Problem(file, "unlike any (row 4 has it too)", 2, "note", "1"),
        Problem(file, "a whole table"),
        Problem(file, "something old", 7, "note"),
    ]
    before, after = tables(effect("a")), tables(effect("a"), effect("b"))
    monkeypatch.setattr(Tables, "problems", lambda self, *_: found if self is after else found[4:])
    touched = {("effects", 2): row(12), ("effects", 3): row("line 8"), ("effects", 4): row(14)}
    assert [(one.file, *told([one])[0]) for one in judged(after, before, touched, ())] == [
        ("a.csv", 12, "estimate", "1", "unlike any (line 8 has it too)"),
        ("a.csv", "line 8", "estimate", "1", f"unlike any (row 9 of {file} has it too)"),
        ("a.csv", 12, "note", "1", "unlike any (row 14 has it too)"),
        (file, None, None, None, "a whole table"),
    ]
    assert judged(before, before, touched, ()) == []


# --- second extractions ------------------------------------------------------------------------


def difference(field, kind="open", number="7", **settled):
    cell = {"extraction_row": number, "field": field, "first": "1.5", "second": "2"}
    return cell | {"resolved": "", "reason": "", "kind": kind} | settled


FIRST = effect("hill2015-1") | {"extraction_row": "7"}
KNOWN = (Figure("effects", EFFECTS, FIRST),)


def settle_row(place=2, **cells):
    asked = {"figure": "hill2015-1", "field": "estimate", "resolved": "2", "reason": "as printed"}
    return row(place, settle.SETTLE, **(asked | {"kind": "content"} | cells))


def settled(*rows, cells=None):
    cells = [difference("estimate"), difference("unit")] if cells is None else cells
    return settle.settled(Sheet(rows), tables(FIRST, **{TABLE: cells}), KNOWN)


def test_open_differences_of_these_figures_are_listed():
    cells = [difference("estimate"), difference("unit", "same"), difference("unit", number="8")]
    page = settle.differences(tables(FIRST, **{TABLE: cells}), KNOWN)
    assert page.rows == (
        {"figure": "hill2015-1", "field": "estimate", "first": "1.5", "second": "2"},
    )


def test_what_holds_goes_into_the_figure():
    given = settle_row()
    after, touched, n, problems = settled(given)
    assert (n, problems) == (1, [])
    assert after.rows[TABLE][0] == difference(
        "estimate", "content", resolved="2", reason="as printed"
    )
    assert after.rows["effects"][0]["estimate"] == "2"
    assert touched == {(TABLE, 2): given, ("effects", 2): given}


def test_what_the_figure_does_not_hold_is_settled_beside_it():
    after, _, n, _ = settled(settle_row(field="unit", resolved="%"))
    assert n == 1 and after.rows["effects"] == [FIRST]


def test_a_difference_settled_before_stays_and_another_answer_is_refused():
    done = [difference("estimate", "content", resolved="2", reason="as printed")]
    after, touched, n, problems = settled(settle_row(), cells=done)
    assert (after.rows[TABLE], touched, n, problems) == (done, {}, 0, [])
    after, touched, n, problems = settled(settle_row(resolved="3"), cells=done)
    assert (after.rows[TABLE], touched, n) == (done, {}, 0)
    assert told(problems) == [(2, "field", "settled as '2'", "a difference that is open")]


def test_a_row_that_names_no_difference_or_gives_no_reason_is_told():
    rows = [
        settle_row(2, figure="hill2015-9"),
        settle_row(3, field="note"),
        settle_row(4, reason=""),
        settle_row(5, reason="", resolved="", kind=""),
        settle_row(6, figure=""),
    ]
    _, touched, n, problems = settled(*rows)
    assert (touched, n) == ({}, 0)
    assert [one[:3] for one in told(problems)] == [
        (2, "figure", "hill2015-9"),
        (3, "field", "note"),
        (4, "reason", None),
        (6, "figure", None),
    ]


def test_a_figure_is_told_once_in_a_blind_sheet():
    second = Tab("second", TABLE, "Second", "figure", "", (), {}, (), ())
    rows = [row(at, second, figure=name) for at, name in enumerate(["hill2015-1"] * 2 + ["x"], 2)]
    pairs, problems = known_figures(Sheet(tuple(rows)), tables(FIRST), TABS, "hill2015")
    assert [(one.place, figure.id) for one, figure in pairs] == [(2, "hill2015-1")]
    assert [one[:3] for one in told(problems)] == [(3, "figure", "hill2015-1"), (4, "figure", "x")]


def test_what_a_second_extraction_did_is_said():
    waits = ({"figure": "a-1", "field": "estimate", "first": "1.5", "second": ""},)
    text = compared_text(Compared("hill2015", 2, 1, 0, waits), dry_run=False)
    assert text.splitlines() == [
        "figures extracted twice: 2 added, 1 there already",
        "figure  field     first  second",
        "a-1     estimate  1.5    (blank)",
        "now: qof extract hill2015 --adjudicate --sheet hill2015-differences.csv, fill it, then",
        "     qof extract hill2015 --adjudicate --from hill2015-differences.csv",
    ]
    assert compared_text(Compared("hill2015", 0, 0, 2, ()), dry_run=True).splitlines() == [
        "differences settled: 2",
        "no difference is open",
        "dry run: nothing was written",
    ]
    assert compared_text(Compared("hill2015", 0, 0, 0, ()), dry_run=False).splitlines() == [
        "no difference is open",
        "now: qof check, then qof extract --agreement",
    ]


def test_agreement_says_what_it_cannot():
    pd = pytest.importorskip("pandas")
    fields = pd.DataFrame({"same_cell": [1], "same_content": [2], "rows": [3]}, index=["unit"])
    alike = Kappa(float("nan"), 4, 1.0, 1.0)
    told = SimpleNamespace(
        n_figures=3, n_open=1, fields=fields, direction=None, significance=alike,
        estimates=SimpleNamespace(n=1),
    )  # fmt: skip
    lines = agreement_text(told).splitlines()
    assert lines[0] == "3 figures extracted twice, 1 differences open"
    assert lines[3].split() == ["unit", "1", "2", "3"]
    assert lines[-2:] == [
        "direction: no figure coded by both",
        "significance: 4 figures, all coded alike; kappa has no value",
    ]
    assert agreement_text(SimpleNamespace(n_figures=0)) == "no figure was extracted twice"
