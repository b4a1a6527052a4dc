import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.problems import ProblemsFound
from analysis.references import KINDS, Library, Record, library, read_library, write_library

FAULTS = Path(__file__).parent / "faults"

KRAMER = Record(
    key="kramer2012",
    kind="JOUR",
    title="Payment for Performance and the QOF: are we doing the right thing?",
    authors=("Kramer, Graham",),
    year=2012,
    date="2012-03-01",
    journal="British Journal of General Practice",
    journal_abbrev="Br J Gen Pract",
    volume="62",
    issue="596",
    first_page="e217",
    last_page="e219",
    doi="10.3399/bjgp12x630151",
    url="http://bjgp.org/content/62/596/e217.abstract",
    publication_type="debate article",
    found_by=("professionalism", "seed"),
    unverified=("issue",),
    notes="A note; with a semicolon.",
)
BMA = Record("bma2013", "RPRT", "GP survey", ("British Medical Association",), publisher="BMA")

# Any printed mark of any script, and those that mean something to RIS, in words a space apart.
marks = st.characters(exclude_categories=("C", "Z")) | st.sampled_from("-/;:&{}é–")
words = st.lists(st.text(marks, min_size=1, max_size=6), min_size=1, max_size=3).map(" ".join)
maybe = st.just("") | words
short = st.sampled_from(["", "62", "1p1", "e217", "2-3"])
solid = words.map(lambda text: text.replace(" ", ""))
records = st.builds(
    Record,
    key=st.from_regex(r"[a-z][a-z0-9_]{0,3}", fullmatch=True),
    kind=st.sampled_from(sorted(KINDS)),
    title=words,
    authors=st.lists(words, max_size=4).map(tuple),
    year=st.none() | st.integers(1600, 2099),
    date=st.just("") | st.dates().map(str) | st.dates().map(lambda day: str(day)[:7]),
    journal=maybe,
    journal_abbrev=short,
    volume=short,
    issue=short,
    first_page=short,
    last_page=short,
    doi=st.just("") | solid.map(lambda text: f"10.1136/{text}"),
    pmid=st.just("") | st.integers(1, 99_999_999).map(str),
    url=st.just("") | solid.map(lambda text: f"https://{text}"),
    publisher=maybe,
    publication_type=short,
    found_by=st.lists(words, max_size=2).map(tuple),
    unverified=st.lists(st.sampled_from(["doi", "authors", "year"]), max_size=3).map(tuple),
    notes=maybe,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(records, max_size=3, unique_by=lambda record: record.key))
def test_what_is_written_is_read_back(tmp_path_factory, some):
    path = tmp_path_factory.mktemp("library") / "library.ris"
    write_library(some, path)
    first = path.read_bytes()
    assert read_library(path) == Library(some)
    write_library(reversed(some), path)
    assert path.read_bytes() == first


def test_other_software_reads_what_is_written(tmp_path):
    path = tmp_path / "library.ris"
    write_library([KRAMER, BMA], path)
    bma, kramer = rispy.loads(path.read_text("utf-8"))
    assert bma["type_of_reference"] == "RPRT"
    assert bma["authors"] == ["British Medical Association"]
    assert kramer["title"] == KRAMER.title
    assert kramer["authors"] == ["Kramer, Graham"]
    assert kramer["secondary_title"] == "British Journal of General Practice"
    assert (kramer["year"], kramer["date"]) == ("2012", "2012/03/01")
    assert (kramer["start_page"], kramer["end_page"]) == ("e217", "e219")
    assert kramer["doi"] == "10.3399/bjgp12x630151"


def test_a_doi_spelt_as_an_address_is_read_bare(tmp_path):
    path = tmp_path / "library.ris"
    write_library([KRAMER], path)
    text = path.read_text("utf-8").replace("10.3399/bjgp12x", "https://doi.org/10.3399/bjgp12X")
    path.write_text(text, "utf-8")
    assert read_library(path) == Library([KRAMER])


def test_the_file_has_one_form(tmp_path):
    path = tmp_path / "library.ris"
    write_library([KRAMER, BMA], path)
    content = path.read_bytes()
    assert b"\r" not in content
    assert content.index(b"bma2013") < content.index(b"kramer2012")
    assert content.endswith(b"N1  - A note; with a semicolon.\nER  - \n")


def test_a_file_from_windows_reads_the_same(tmp_path):
    path = tmp_path / "library.ris"
    write_library([KRAMER, BMA], path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_library(path) == Library([KRAMER, BMA])


def test_a_faulty_byte_is_told_with_its_line_from_the_first_on(tmp_path):
    path = tmp_path / "library.ris"
    path.write_bytes(b"\n\xff\n")
    with pytest.raises(ProblemsFound) as found:
        read_library(path)
    assert [(one.row, one.value) for one in found.value.problems] == [(2, r"b'\xff'")]


@pytest.mark.parametrize(
    ("fault", "places"),
    [
        ("missing_end", [(4, "ER", "PY  - 2011")]),
        ("missing_start", [(1, "TY", "ID  - millett2011")]),
        ("repeated_key", [(9, "ID", "kramer2012")]),
        ("bad_doi", [(4, "DO", "10.3399")]),
        ("bad_year", [(4, "PY", "2012a")]),
        ("bad_date", [(4, "DA", "2012/02/30")]),
        ("unknown_tag", [(3, "XX", "2012")]),
        ("unknown_kind", [(1, "TY", "ARTICLE")]),
        ("repeated_single_tag", [(5, "VL", "63")]),
        ("no_key_no_title", [(1, "ID", "TY  - JOUR"), (1, "TI", "TY  - JOUR")]),
        ("wrapped_title", [(4, None, "      are we doing the right thing?")]),
        ("empty_value", [(4, "IS", "")]),
        ("truncated", [(10, "ER", "TI  - Implementation of pay for perf")]),
        ("latin1", [(4, None, r"b'\xf1'")]),
    ],
)
def test_a_fault_is_told_by_file_line_tag_and_value(fault, places):
    path = FAULTS / f"{fault}.ris"
    with pytest.raises(ProblemsFound) as found:
        read_library(path)
    problems = found.value.problems
    assert [(problem.row, problem.column, problem.value) for problem in problems] == places
    assert {problem.file for problem in problems} == {str(path)}
    assert all(problem.expected for problem in problems)


def test_every_fault_file_is_tested():
    text = Path(__file__).read_text("utf-8")
    assert all(f'("{path.stem}",' in text for path in FAULTS.iterdir())


def test_all_faults_are_told_at_once(tmp_path):
    path = tmp_path / "library.ris"
    faults = sorted(FAULTS.glob("*_*.ris"))
    path.write_text("\n".join(fault.read_text("utf-8") for fault in faults), "utf-8")
    with pytest.raises(ProblemsFound) as found:
        read_library(path)
    columns = {problem.column for problem in found.value.problems}
    assert columns == {"TY", "ID", "TI", "PY", "DA", "DO", "VL", "IS", "XX", "ER", None}


def test_a_message_lists_what_is_valid():
    with pytest.raises(
        ProblemsFound, match=r"row 3, column XX: found '2012'; expected .*AN, AU, C4"
    ):
        read_library(FAULTS / "unknown_tag.ris")
    with pytest.raises(ProblemsFound, match="line 2 has it"):
        read_library(FAULTS / "repeated_key.ris")


def test_a_record_the_parser_loses_is_told(tmp_path, monkeypatch):
    path = tmp_path / "library.ris"
    write_library([KRAMER, BMA], path)
    whole = rispy.loads
    monkeypatch.setattr(library.rispy, "loads", lambda *given, **named: whole(*given, **named)[1:])
    with pytest.raises(ProblemsFound, match=r"found '1 records'; expected .*TY lines \(2\)"):
        read_library(path)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"title": "Two\nlines"}, "TI"),
        ({"title": "Two  spaces"}, "TI"),
        ({"notes": "A hidden\u200bmark"}, "N1"),
        ({"title": ""}, "TI"),
        ({"key": "Kramer 2012"}, "ID"),
        ({"kind": "ARTICLE"}, "TY"),
        ({"doi": "bjgp12x630151"}, "DO"),
        ({"date": "March 2012"}, "DA"),
        ({"url": "bjgp.org"}, "UR"),
        ({"unverified": ("page",)}, "C5"),
        ({"authors": ("",)}, None),
        ({"year": "2012"}, None),
        ({"found_by": ["seed"]}, None),
    ],
)
def test_a_record_that_would_not_come_back_is_not_written(tmp_path, change, column):
    path = tmp_path / "library.ris"
    with pytest.raises(ProblemsFound) as found:
        write_library([replace(KRAMER, **change), BMA], path)
    (problem,) = found.value.problems
    assert (problem.row, problem.column) == (change.get("key", "kramer2012"), column)
    assert not path.exists()


def test_a_repeated_key_is_not_written(tmp_path):
    with pytest.raises(ProblemsFound, match="kramer2012, column ID"):
        write_library([KRAMER, KRAMER], tmp_path / "library.ris")


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "library.ris"
    write_library([KRAMER], path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_library([KRAMER, BMA], path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_library_is_a_mapping_in_order_of_keys():
    both = Library([KRAMER, BMA])
    assert list(both) == ["bma2013", "kramer2012"]
    assert both["kramer2012"] is KRAMER
    assert "nobody" not in both and both.get("nobody") is None
    assert repr(both) == "<Library of 2 records>"
    with pytest.raises(TypeError):
        both["kramer2012"] = BMA


def test_an_unknown_key_is_answered_with_likely_ones():
    with pytest.raises(KeyError, match=re.escape("did you mean kramer2012?")):
        Library([KRAMER, BMA])["kramer2021"]


def test_a_library_has_each_key_once():
    with pytest.raises(ValueError, match="kramer2012"):
        Library([KRAMER, KRAMER])


def test_all_of_a_library_is_on_the_disk_before_it_replaces_the_old(tmp_path, monkeypatch):
    path, sizes = tmp_path / "library.ris", []
    monkeypatch.setattr(library.os, "fsync", lambda file: sizes.append(os.fstat(file).st_size))
    write_library([KRAMER], path)
    assert sizes == [path.stat().st_size] and sizes[0] > 0
