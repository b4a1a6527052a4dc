"""Keys of new records: readable, and the same whatever the order."""

import pytest

from analysis.references import Record
from analysis.references.keys import give_keys


def record(title="A title", author="", year=2010):
    return Record("", "JOUR", title, (author,) if author else (), year)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (record(author="Kontopantelis, E"), "kontopantelis2010"),
        (record(author="Müller-Ørsted, Bø"), "mullerorsted2010"),
        (record(author="O'Brien, C"), "obrien2010"),
        (record(author="van der Berg, J"), "vanderberg2010"),
        (record("The cost of care in Wales", "Department of Health"), "cost_care_wales2010"),
        (record("2004 and all that"), "x2004_all_that2010"),
        (record(author="Smith, J", year=None), "smithnd"),
        (record("质量", "王, 明"), "record2010"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_key_says_who_and_when(given, key):
    assert give_keys([given], []) == [key]


def test_repeats_get_letters_and_no_key_changes():
    records = [record(f"Title {at}", "Smith, J") for at in range(28)]
    keys = give_keys(records, ["smith2010", "smith2010b"])
    assert len(set(keys)) == 28
    assert sorted(keys, key=lambda key: (len(key), key))[:2] == ["smith2010a", "smith2010c"]
    assert {"smith2010z", "smith2010aa"} <= set(keys)
    backwards = give_keys(records[::-1], ["smith2010", "smith2010b"])
    assert backwards == keys[::-1]
