"""A chapter's key changes wherever what it shows does."""

from dataclasses import replace

import pytest

from analysis.figures.gap_cells import CARE, PROFESSION
from analysis.figures.gap_map import gap_map
from analysis.publish.caching.drawn import exact
from analysis.publish.inputs import inputs
from analysis.publish.read_by import READ, _map, _mapped, digest, fingerprint, stamped
from tests.publish.chapter_texts import HEADER, cell, chapter

PARTS = {"care": [CARE], "profession": [PROFESSION], "": [CARE, PROFESSION]}


@pytest.fixture(scope="module")
def whole(book):
    return _mapped(book.root, book.state)


@pytest.mark.parametrize("name", PARTS)
def test_the_map_is_drawn_from_nothing_but_what_its_key_is_made_from(book, whole, name):
    keyed, parts = _map(book, name.split(",")), PARTS[name]
    assert gap_map(keyed, parts).html() == gap_map(whole, parts).html()


def changed(whole, part):
    """The map with one study more in the last cell of a part."""
    last = [cell for cell in whole.cells if cell.part == part][-1]
    more = replace(last, studies=last.studies + 1)
    return replace(whole, cells=tuple(more if cell is last else cell for cell in whole.cells))


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("part", [CARE, PROFESSION])
def test_a_cell_changes_the_key_of_the_maps_it_stands_in(book, whole, name, part, monkeypatch):
    key = fingerprint(book, f"gap_map:{name}")
    other = changed(whole, part)
    monkeypatch.setattr("analysis.publish.read_by._mapped", lambda *_: other)
    assert (fingerprint(replace(book), f"gap_map:{name}") != key) == (part in PARTS[name])


def test_what_belongs_to_no_phase_changes_every_map(book, whole):
    # The caption tells how many there are.
    more = replace(whole, left_out=whole.left_out + 1)
    assert exact(more) != exact(whole)
    assert gap_map(more, [PROFESSION]).html() != gap_map(whole, [PROFESSION]).html()


def test_a_call_with_a_part_that_is_not_known_reads_what_the_whole_does(book):
    assert fingerprint(book, "families:studies") == fingerprint(book, "families")
    assert fingerprint(book, "families:qualitative") != fingerprint(book, "families")
    assert set(READ["families:qualitative"]) < set(READ["families"])


@pytest.fixture
def prints(monkeypatch):
    """The fingerprint of each name; others have none."""
    known = {}
    monkeypatch.setattr("analysis.publish.read_by.fingerprint", lambda book, name: known.get(name))
    return known


def test_the_key_goes_where_the_notebook_cache_looks_and_moves_no_line(tmp_path, book, prints):
    page = chapter(tmp_path, HEADER + "{{ withdrawal.k }}\n" + cell('finding("one")'))
    prints |= {"one": "first", "withdrawal": "x"}
    first = stamped(page, book)
    assert "kernelspec: {name: python3, inputs: '" in first
    assert first.count("\n") == page.text.count("\n")
    prints |= {"one": "second", "withdrawal": "x"}
    assert stamped(page, book) != first


def test_a_number_in_prose_alone_makes_no_cell_run_again(tmp_path, book, prints):
    page = chapter(tmp_path, HEADER + "{{ withdrawal.k }}\n" + cell('finding("one")'))
    prints |= {"one": "first", "withdrawal": "x"}
    first = stamped(page, book), digest(inputs(page), book)
    prints |= {"one": "first", "withdrawal": "y"}
    assert stamped(page, book) == first[0]
    assert digest(inputs(page), book) != first[1]
