"""`qof add`: every record accounted for, nothing lost, nothing altered."""

import io
import json
import os
import re
from copy import copy
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from analysis import transaction
from analysis.evidence.schema import read_package
from analysis.evidence.screening import COLUMNS as SCREENING
from analysis.evidence.screening import read_screening
from analysis.intake import add as adding
from analysis.intake import stubs
from analysis.intake.state import load
from analysis.problems import ProblemsFound
from analysis.references import Record, merges, read_library, read_searches
from analysis.references.imported import Export, Imported, Rejection
from analysis.references.keys import give_keys
from analysis.references.ledger import read_rows
from analysis.references.reading import read_export
from tests.evidence.conftest import read_rows as rows_of
from tests.intake.conftest import MAYBE, OTHER, PAPER, SAME_SHORTER, tree

FAULTY = "TY  - JOUR\nAU  - Nobody, N\nER  - \n\n"


def library(project):
    return read_library(project / "references" / "library.ris")


def merged(project):
    path = project / merges.FILE
    return read_rows(merges.FILE, path.read_bytes() if path.exists() else None, merges.COLUMNS)


def test_a_new_record_gets_a_key_a_screening_row_and_a_stub(project, export, add):
    before = library(project)
    assert add(export(PAPER), "--searched", "2026-01-02") == 0
    after = library(project)
    (key,) = set(after) - set(before)
    assert key == "ashdown2011"
    assert {name: after[name] for name in before} == dict(before)
    search = read_searches(project / "references" / "searches.csv")[-1]
    assert after[key].found_by == (search.search_id,)
    assert (search.date, search.source, search.scope) == (
        "2026-01-02",
        "Made-up database",
        "export.ris",
    )
    assert (search.records_identified, search.records_new) == (1, 1)
    (row,) = read_screening((project / "data" / "screening.csv").read_bytes())
    assert (row.key, row.search_id, row.stage, row.decision) == (
        key,
        search.search_id,
        "title_abstract",
        "waiting",
    )
    (stub,) = rows_of(project / stubs.FILE)
    assert stub.pop("study_id") == key
    assert stub.pop("label") == "Ashdown & Birch 2011"
    assert set(stub.values()) == {""}


def test_no_file_keeps_an_abstract_and_source_tags_are_kept(project, export, add):
    add(export(PAPER))
    add(export(SAME_SHORTER.replace("ER", "AB  - An invented abstract too.\nER"), name="b.ris"))
    texts = {name: content.decode("utf-8") for name, content in tree(project).items()}
    assert not [name for name, text in texts.items() if "invented abstract" in text]
    assert "invented keyword" in texts["references/library.ris"]


def test_the_same_file_twice_changes_no_byte(project, export, add, capsys):
    path = export(PAPER, OTHER, MAYBE, FAULTY, SAME_SHORTER)
    status = add(path)
    before = tree(project)
    capsys.readouterr()
    assert add(path, "--json") == status
    assert tree(project) == before
    (told,) = json.loads(capsys.readouterr().out)["files"]
    assert (told["added"], told["duplicates"] + told["possible_duplicates"]) == (0, 4)


def test_the_same_file_twice_in_one_run_is_logged_once(project, export, add):
    before = read_searches(project / "references" / "searches.csv")
    add(export(PAPER, OTHER), export(PAPER, OTHER, name="copy.ris"))
    assert len(read_searches(project / "references" / "searches.csv")) == len(before) + 1
    assert merged(project) == []


def test_a_duplicate_fills_blanks_and_overwrites_nothing(project, export, add):
    add(export(SAME_SHORTER, name="first.ris"))
    (key,) = (key for key in library(project) if key.startswith("ashdown"))
    first = library(project)[key]
    add(export(PAPER, name="second.ris"))
    after = library(project)[key]
    assert (after.title, after.authors, after.journal) == (
        first.title,
        first.authors,
        first.journal,
    )
    assert (after.issue, after.last_page, after.doi) == ("590", "e572", "10.9999/made.up.590")
    assert len(after.found_by) == 2
    (row,) = merged(project)
    assert row["key"] == key
    assert set(row["filled"].split()) >= {"issue", "last_page", "doi", "found_by"}
    assert "invented keyword" in row["record"]
    assert row["file"] == "second.ris"
    assert str(project.parent) not in "".join(row.values())


def test_a_last_page_is_not_put_to_another_first_page(project, export, add):
    add(export(SAME_SHORTER.replace("e564", "1564"), name="first.ris"))
    add(export(PAPER.replace("e564", "564"), name="second.ris"))
    (key,) = (key for key in library(project) if key.startswith("ashdown2011"))
    assert library(project)[key].last_page == ""


def test_keys_do_not_depend_on_the_order_of_the_file():
    second = OTHER.replace("Smoking", "Alcohol")
    orders = [(PAPER, OTHER, second), (second, PAPER, OTHER)]
    told = []
    for records in orders:
        found = read_export("".join(records).encode(), "made-up").records
        keys = give_keys([one.record for one in found], ["ashdown2011"])
        told.append({one.record.title: key for one, key in zip(found, keys, strict=True)})
    assert told[0] == told[1]
    assert sorted(told[0].values()) == ["ashdown2011a", "ashdown2011b", "ashdown2011c"]


def test_a_dry_run_writes_nothing_and_tells_the_same(project, export, add, capsys):
    path, before = export(PAPER, OTHER, SAME_SHORTER, FAULTY), tree(project)
    add(path, "--dry-run", "--json")
    dry = json.loads(capsys.readouterr().out)
    assert tree(project) == before
    add(path, "--json")
    assert json.loads(capsys.readouterr().out) == dry


def test_json_is_exactly_as_promised(project, export, add, capsys):
    path = export(PAPER, FAULTY, SAME_SHORTER)
    assert add(path, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["files", "library_before", "library_after"]
    assert told["library_after"] == told["library_before"] + 1
    (one,) = told["files"]
    assert list(one) == [
        "file",
        "format",
        "encoding",
        "seen",
        "added",
        "duplicates",
        "possible_duplicates",
        "rejected",
        "rejections",
        "keys",
        "duplicates_of",
    ]
    assert one["keys"] == ["ashdown2011"]
    (copy,) = one["duplicates_of"]
    assert copy == {"line": PAPER.count("\n") + FAULTY.count("\n") + 1, "key": "ashdown2011"}
    counts = ("added", "duplicates", "possible_duplicates", "rejected")
    assert one["file"] == path
    assert one["seen"] == sum(one[name] for name in counts) == 3
    assert [set(rejection) for rejection in one["rejections"]] == [{"line", "reason"}]


def test_an_encoding_that_was_guessed_is_told_and_no_other(project, add, tmp_path, capsys):
    told = {}
    for encoding in ("utf-8", "gb18030", "cp1252"):
        path = tmp_path / f"{encoding}.ris"
        title = "Été" if encoding == "cp1252" else "按绩效付费对社区糖尿病管理质量的影响"
        path.write_bytes(f"TY  - JOUR\nTI  - {title}\nPY  - 2015\nER  - \n".encode(encoding))
        add(str(path), "--dry-run")
        # With some of the words, by which a person sees at once whether the guess was right.
        told[encoding] = (
            f"were read as {encoding}, by their look ({title} …)" in capsys.readouterr().out
        )
    assert told == {"utf-8": False, "gb18030": True, "cp1252": True}


def test_the_summary_tells_rejections_and_what_to_do_next(project, export, add, capsys):
    add(export(PAPER, FAULTY, MAYBE))
    told = capsys.readouterr().out
    assert re.search(r"export\.ris, line \d+: rejected: ", told)
    assert "now: screen the new records in data/screening.csv" in told
    assert "now: mend the rejected records in a copy of their file" in told
    assert "qof add --resolve" in told


def test_the_summary_names_what_is_new_and_what_each_duplicate_is_one_of(
    project, export, add, capsys
):
    path = export(PAPER, OTHER, SAME_SHORTER)
    add(path)
    told = capsys.readouterr().out
    assert "export.ris: new: ashdown2011, ashdown2011a\n" in told
    line = (PAPER + OTHER).count("\n") + 1
    assert f"export.ris, line {line}: a duplicate of ashdown2011\n" in told
    add(path)
    again = capsys.readouterr().out
    assert "added before" in again and ": new: " not in again
    assert f"export.ris, line {line}: a duplicate of ashdown2011\n" in again
    assert re.search(r"export\.ris, line \d+: a duplicate of ashdown2011a\n", again)


def test_of_many_records_the_summary_names_some(project, export, add, capsys):
    many = [
        OTHER.replace("2011", str(1980 + n)).replace("nurses", f"{n} nurses") for n in range(23)
    ]
    add(export(*many))
    told = capsys.readouterr().out
    assert re.search(r": new: (\w+, ){19}\w+ and 3 more\n", told)
    add(export(*many, "\n", name="again.ris"))
    told = capsys.readouterr().out
    assert told.count(": a duplicate of ") == 20
    assert "again.ris: and 3 more duplicates (--json has all)\n" in told


def test_several_files_are_one_search_each(project, export, add):
    before = read_searches(project / "references" / "searches.csv")
    add(export(PAPER, name="a.ris"), export(OTHER, SAME_SHORTER, name="b.ris"))
    new = read_searches(project / "references" / "searches.csv")[len(before) :]
    assert [(one.scope, one.records_identified, one.records_new) for one in new] == [
        ("a.ris", 1, 1),
        ("b.ris", 2, 1),
    ]
    assert new[1].source == "b"


def test_standard_input_is_read_by_its_dash(project, add, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(PAPER.encode())))
    assert add("-", "--json") == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["file"] == "-"
    assert read_searches(project / "references" / "searches.csv")[-1].scope == "standard input"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.ris"], "missing.ris: No such file"),
        (["letter.txt"], "letter.txt"),
        ([], "expected a file"),
        (["good.ris", "--resolve"], "--resolve takes no files"),
        (["-", "-"], "read once"),
        ([""], "empty file name"),
        (["folder"], "Is a directory"),
        (["--undo", ""], "no merge ''"),
        (["good.ris", "letter.txt"], "nothing was written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_writes_nothing(project, export, add, capsys, arguments, said):
    export("Dear editor,\n\nthis is no export at all.\n", name="letter.txt")
    export(PAPER, name="good.ris")
    folder, before = project.parent, tree(project)
    (folder / "folder").mkdir()
    here = (".ris", ".txt", "folder")
    given = [str(folder / one) if one.endswith(here) else one for one in arguments]
    assert add(*given) == 2
    assert said in capsys.readouterr().err
    assert tree(project) == before


@pytest.mark.parametrize(
    "day",
    ["22/11/2026", "2026-13-01", (date.today() + timedelta(days=2)).isoformat()],
    ids=["words", "no month", "future"],
)
def test_a_wrong_date_is_told(export, add, capsys, day):
    with pytest.raises(SystemExit) as stopped:
        add(export(PAPER), "--searched", day)
    assert stopped.value.code == 2
    assert "expected a date" in capsys.readouterr().err


def test_a_faulty_library_is_told_and_left(project, export, add):
    path = project / "references" / "library.ris"
    path.write_text(path.read_text("utf-8").replace("ER  - ", "", 1), "utf-8")
    before = tree(project)
    with pytest.raises(ProblemsFound):
        add(export(PAPER))
    assert tree(project) == before


@pytest.mark.parametrize("saved", ["utf-8-sig", "cr"])
def test_a_screening_table_saved_by_a_spreadsheet_is_read(project, export, add, saved):
    add(export(OTHER, name="first.ris"))
    path = project / "data" / "screening.csv"
    text = path.read_text("utf-8")
    line_end = "\r" if saved == "cr" else "\r\n"
    path.write_bytes(text.replace("\n", line_end).encode("utf-8-sig" if saved != "cr" else "utf-8"))
    assert add(export(PAPER)) == 0
    assert path.read_text("utf-8").startswith(text)
    assert len(read_screening(path.read_bytes())) == 2


def test_a_screening_table_parted_by_semicolons_is_told(project, export, add):
    path = project / "data" / "screening.csv"
    path.write_text(path.read_text("utf-8").replace(",", ";"), "utf-8")
    before = tree(project)
    with pytest.raises(ProblemsFound, match=r"screening\.csv, row 1.*parted by commas"):
        add(export(PAPER))
    assert tree(project) == before


def test_a_record_of_more_letters_than_a_cell_of_python_takes_is_kept_and_read(
    project, export, add
):
    """csv refuses to read cells of more than 131,072 letters, and so the project ever after."""
    add(export(SAME_SHORTER, name="first.ris"))
    cited = "".join(f"CR  - Invented reference {n} of a long list\n" for n in range(4000))
    assert add(export(PAPER.replace("ER  -", f"{cited}ER  -"), name="second.ris")) == 0
    assert add(export(OTHER, name="third.ris")) == 0
    assert "Invented reference 3999" in merged(project)[0]["record"]


def test_a_file_name_that_is_no_text_is_logged_all_the_same(project, tmp_path, add, capsys):
    path = tmp_path / os.fsdecode(b"caf\xe9 \xc3\xa9.ris")
    try:
        path.write_text(PAPER, "utf-8")
    except (OSError, UnicodeEncodeError):
        pytest.skip("this file system keeps no such name")
    assert add(str(path), "--json") == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["file"].endswith("/caf\ufffd é.ris")
    assert read_searches(project / "references" / "searches.csv")[-1].scope == "caf\ufffd é.ris"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OSError(28, "No space left on device", "somewhere"), 2, "somewhere: No space left"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
    ids=["full disk", "Ctrl-C"],
)
@pytest.mark.parametrize("step", ["staged references/library.ris", "renamed data/screening.csv"])
def test_what_is_stopped_midway_says_what_is_written(
    project, export, add, capsys, monkeypatch, step, error, status, said
):
    def fail(now):
        if now == step:
            # A new one each time: what is written of a run is noted on its error.
            raise copy(error)

    before, path = tree(project), export(PAPER)
    monkeypatch.setattr(transaction, "reached", fail)
    assert add(path, "--json") == status
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    if step.startswith("staged"):
        assert told.err.endswith("; nothing was written\n")
        assert tree(project) == before
    else:
        assert told.err.endswith(f"; {transaction.UNFINISHED}\n")
    monkeypatch.undo()
    assert add(path) == 0
    assert list(library(project)).count("ashdown2011") == 1


def test_an_error_in_writing_the_report_does_not_say_that_nothing_was_written(
    project, export, add, monkeypatch
):
    def broken(*_):
        raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", SimpleNamespace(write=broken))
    with pytest.raises(BrokenPipeError):
        add(export(PAPER))
    assert "ashdown2011" in library(project)


def test_the_tables_have_the_columns_of_their_schemas(root):
    described = {table.file: tuple(table.columns) for table in read_package(root)}
    assert described["data/screening.csv"] == SCREENING
    assert described[stubs.FILE] == stubs.COLUMNS


def test_counts_that_do_not_add_up_are_refused():
    told = {"file": "a.ris", "format": "RIS", "encoding": "utf-8", "search_id": "s01"}
    counts = {"added": 3, "duplicates": 2, "possible_duplicates": 1}
    rejected = (Rejection(9, "no title"),)
    assert adding.Added(**told, **counts, seen=7, rejections=rejected).seen == 7
    for seen in (6, 8):
        with pytest.raises(ValueError, match=rf"a.ris: {seen} records seen, but \[3, 2, 1, 1\]"):
            adding.Added(**told, **counts, seen=seen, rejections=rejected)


def test_a_record_that_the_library_cannot_hold_is_rejected_with_its_line(project):
    fine = Imported(Record("", "JOUR", "A title that nobody has used before"), 4)
    bad = Imported(Record("", "JOUR", "two  spaces"), 2)
    export = Export("a.ris", "RIS", "utf-8", 3, (fine, bad), (Rejection(3, "no title"),))
    state = load(project)
    (told,) = adding.add(
        state, [adding.Given(export, "")], source="", searched="2026-01-02", today="2026-01-02"
    )
    assert (told.seen, told.added, told.duplicates, told.possible_duplicates) == (3, 1, 0, 0)
    assert [one.line for one in told.rejections] == [2, 3]
    assert told.rejections[0].reason.startswith("TI: found 'two  spaces'")
    assert not [one for one in state.library.values() if "two" in one.title]
