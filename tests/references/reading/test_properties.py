"""Whatever the order, the encoding and the line endings, the records are the same."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.references import Library, read_export, read_library, write_library
from analysis.references.reading import detect, one_line, tagged
from analysis.references.reading.decode import decode
from tests.bench import fuzz_references
from tests.conftest import shared_pack
from tests.references.test_library import records as plain_records
from tests.references.test_library import words

FIXTURES = Path(__file__).parent / "fixtures"
EXPORTS = sorted((shared_pack() or Path("absent")).glob("exports/*"))
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
LINE_ENDS = ["\n", "\r\n", "\r", "\r\r\n"]

tags = st.text(st.characters(categories=["Lu", "Nd"], max_codepoint=127), min_size=1, max_size=2)
extras = st.lists(st.tuples(tags, words), max_size=3).map(tuple)
records = st.builds(lambda record, extra: replace(record, extra=extra), plain_records, extras)


@settings(max_examples=30, deadline=None)
@given(st.lists(records, min_size=1, max_size=3, unique_by=lambda record: record.key))
def test_a_library_that_is_written_is_read_back_with_what_no_field_holds(tmp_path_factory, some):
    path = tmp_path_factory.mktemp("library") / "library.ris"
    write_library(some, path)
    assert read_library(path) == Library(some)
    export = read_export(path)
    ordered = sorted(some, key=lambda record: record.key)
    assert [one.record for one in export.records] == [replace(one, key="") for one in ordered]


def test_what_no_field_holds_is_written_under_one_tag(tmp_path):
    (first, second) = [one.record for one in read_export(FIXTURES / "regular.ris").records]
    path = tmp_path / "library.ris"
    write_library([replace(first, key="a"), replace(second, key="b")], path)
    text = path.read_text("utf-8")
    assert "C6  - KW: asthma\nC6  - KW: diabetes\nER  - \n" in text
    assert text.count("C6  - ") == 2


def blocks(text, end):
    """Cut a text after each end of a record; what stands before the first one goes with it."""
    parts = text.split(end)
    return [part + end for part in parts[:-1] if part.strip()]


def told(export):
    return [(one.record, one.abstract) for one in export.records]


@settings(max_examples=15, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(
    "name", ["regular.ris", "doi_places.ris", "authors_in_one_line.ris", "year_forms.ris"]
)
def test_records_do_not_depend_on_order_encoding_or_line_ends(name, data):
    text = (FIXTURES / name).read_text("utf-8")
    parts = blocks(text, "ER  - \n")
    before = told(read_export(text.encode()))
    order = data.draw(st.permutations(range(len(parts))))
    changed = "\n".join(parts[index] for index in order)
    changed = changed.replace("\n", data.draw(st.sampled_from(LINE_ENDS)))
    after = read_export(changed.encode(data.draw(st.sampled_from(ENCODINGS))))
    assert told(after) == [before[index] for index in order]


@pytest.mark.skipif(not EXPORTS, reason="no folder 'shared' with exports beside the project")
@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
@pytest.mark.parametrize("number", range(len(ENCODINGS)))
def test_records_of_an_export_do_not_either(path, number):
    text, _ = decode(path.read_bytes())
    parts = blocks(text if text.endswith("\n") else text + "\n", "\nER  -")[:30]
    before = told(read_export(path))
    order = list(range(len(parts)))
    Random(number).shuffle(order)
    changed = "\n".join(parts[index].lstrip(" \n") for index in order)
    changed = changed.replace("\n", LINE_ENDS[number % len(LINE_ENDS)])
    after = read_export(changed.encode(ENCODINGS[number]))
    assert told(after) == [before[index] for index in order]


@pytest.mark.parametrize("path", [*FIXTURES.iterdir(), *EXPORTS], ids=lambda path: path.name)
def test_the_count_and_the_cutting_find_the_same_beginnings(path):
    text, _ = decode(path.read_bytes())
    dialect = detect.tagged_dialect(text)
    if dialect is None:
        return
    text, _ = one_line.unfold(text, dialect.known)
    assert list(tagged.beginnings(text, dialect)) == [line for line, _ in tagged.cut(text, dialect)]


def test_a_few_hundred_broken_inputs_neither_crash_nor_lose_a_record():
    figures = fuzz_references.run(seed=7, inputs=200)
    assert figures.faults == []
    assert figures.outcomes["read"] > 100
