"""bib-dedupe itself, asked about every pair, is the oracle for the pairs asked about here."""

import warnings
from dataclasses import replace

import pandas as pd
import pytest

from analysis.references import read_library
from analysis.references.bibdedupe import Text, _Overlap, _row, prepare, similar_pairs


@pytest.fixture(scope="module")
def texts(root):
    """Twenty records known, and forty incoming: half of them copies with faults."""
    library = read_library(root / "references" / "library.ris")
    records = [record for record in library.values() if record.volume and record.doi][:40]
    damaged = [
        replace(record, title=record.title.upper(), first_page="", doi="", journal="")
        if at % 2
        else replace(record, title=record.title.replace("e", "", 1), journal=record.journal_abbrev)
        for at, record in enumerate(records[:20])
    ]
    return [Text(record, f"abstract of {record.key}") for record in (*records, *damaged)]


@pytest.fixture(scope="module")
def answer(texts):
    """What bib-dedupe says: prepared fields, and its certain pairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bib_dedupe.bib_dedupe as itself

        frame = pd.DataFrame([_row(at, text) for at, text in enumerate(texts)])
        prepared = itself.prep(frame, verbosity_level=0, cpu=1)
        matched = itself.match(itself.block(prepared, cpu=1), cpu=1)
    certain = matched[matched["duplicate_label"] == "duplicate"]
    return prepared, {
        tuple(sorted(map(int, pair)))
        for pair in certain[["ID_1", "ID_2"]].itertuples(index=False, name=None)
    }


def test_fields_are_prepared_as_bib_dedupe_does(texts, answer):
    prepared = prepare(texts, lambda _: None)
    assert prepared.pop("pmid").tolist() == [text.record.pmid for text in texts]
    for column in prepared:
        assert prepared[column].tolist() == answer[0][column].fillna("").tolist(), column


@pytest.mark.parametrize("first_incoming", [0, 40])
def test_certain_pairs_are_those_of_bib_dedupe(texts, answer, first_incoming):
    pairs = similar_pairs(prepare(texts, lambda _: None), first_incoming, lambda _: None)
    certain = set(pairs.loc[pairs["certain"], ["one", "two"]].itertuples(index=False, name=None))
    expected = {pair for pair in answer[1] if max(pair) >= first_incoming}
    assert certain == expected
    assert len(expected) >= 10


def test_nothing_is_printed(texts, capfd):
    similar_pairs(prepare(texts[:5], lambda _: None), 2, lambda _: None)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("one", "two", "overlap"),
    [
        ("a b c d", "a b c d", True),
        ("a b c d e", "a b c x y", True),
        ("a b c d", "a b x y", False),
        ("a b c d e f g h", "a b", True),
        ("a", "x y z", True),
        ("x y", "a b c", False),
        ("", "a b c", True),
    ],
)
def test_titles_overlap_in_half_their_words_or_are_too_short_to_tell(one, two, overlap):
    assert _Overlap([one, two])(0, 1) is overlap
    assert _Overlap([one, two])(1, 0) is overlap
