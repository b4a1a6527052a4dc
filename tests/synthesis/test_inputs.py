"""Nothing but finite numbers and variances above 0 comes through the door."""

import numpy as np
import pandas as pd
import pytest

from analysis.problems import ProblemsFound
from analysis.synthesis import checked_effects, random_effects
from analysis.synthesis.inputs import checked_choice, checked_level

LABELS = ("Colditz 1994", "Hine 1989", "Baskerville 2012")


def faults(*args, **kwargs):
    with pytest.raises(ProblemsFound) as caught:
        checked_effects(*args, **kwargs)
    return [(p.row, p.column, p.value) for p in caught.value.problems], str(caught.value)


@pytest.mark.parametrize(
    "values",
    [
        [0.1, -0.2, 3],
        (0.1, -0.2, 3),
        np.array([0.1, -0.2, 3]),
        pd.Series([0.1, -0.2, 3]),
        pd.Series([0.1, -0.2, 3], dtype="Float64"),
        (value for value in [0.1, -0.2, 3]),
        [np.float64(0.1), np.float32(-0.2), np.int64(3)],
    ],
    ids=["list", "tuple", "array", "series", "nullable series", "generator", "numpy scalars"],
)
def test_any_sequence_of_numbers_is_taken(values):
    effects = checked_effects(values, [1, 2, 3])
    assert effects.yi == pytest.approx([0.1, -0.2, 3])
    assert effects.vi.tolist() == [1, 2, 3]
    assert effects.k == 3


def test_a_single_pair_of_numbers_is_one_effect():
    assert checked_effects(0.3, 0.2).k == 1


def test_the_object_does_not_change_with_what_it_was_made_from():
    given = np.array([0.1, 0.2])
    effects = checked_effects(given, [1, 1])
    given[0] = 9
    assert effects.yi[0] == 0.1
    with pytest.raises(ValueError, match="read-only"):
        effects.yi[0] = 9


def test_labels_come_from_the_caller_the_index_or_the_position():
    assert checked_effects([1, 2], [1, 1], labels=["a", "b"]).labels == ("a", "b")
    frame = pd.DataFrame({"y": [1.0, 2.0], "v": [1.0, 1.0]}, index=["x", "z"])
    assert checked_effects(frame["y"], frame["v"]).labels == ("x", "z")
    assert checked_effects([1, 2], [1, 1]).labels == ("1", "2")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (-float("inf"), "-inf"),
        (None, "None"),
        ("0.3", "0.3"),
        ("", ""),
        (True, "True"),
        (pd.NA, "<NA>"),
        (1 + 2j, "(1+2j)"),
        ([0.3], "[0.3]"),
        (1e61, "1e+61"),
    ],
)
@pytest.mark.parametrize("column", ["yi", "vi"])
def test_what_is_no_number_is_named_by_row_column_and_value(column, value, shown):
    columns = {"yi": [0.1, 0.2, 0.3], "vi": [1.0, 1.0, 1.0]}
    columns[column][1] = value
    found, text = faults(**columns, labels=LABELS)
    assert found == [("Hine 1989", column, shown)]
    assert f"Hine 1989, column {column}: found {shown!r}; expected a " in text


@pytest.mark.parametrize("value", [0, 0.0, -0.0, -1, 1e-310])
def test_a_variance_must_be_above_0(value):
    found, text = faults([0.1, 0.2], [1, value])
    assert found == [(2, "vi", str(value))]
    assert text.startswith("input, row 2, column vi: found ")


def test_text_is_called_text():
    _, text = faults(["0.3"], [1])
    assert text == "input, row 1, column yi: found '0.3'; expected a finite number, not text"


def test_every_fault_is_told_at_once():
    found, text = faults([0.1, "x", None], [0, 1, float("nan")], labels=LABELS, file="effects.csv")
    assert found == [
        ("Hine 1989", "yi", "x"),
        ("Baskerville 2012", "yi", "None"),
        ("Colditz 1994", "vi", "0"),
        ("Baskerville 2012", "vi", "nan"),
    ]
    assert text.count("effects.csv, ") == 4


def test_lengths_that_differ_are_told_with_the_bad_rows():
    found, text = faults([0.1, float("nan")], [1, 1, 1], labels=["a", "b"])
    assert found == [(None, "vi", "3 values"), ("b", "yi", "nan")]
    assert "expected 2 values, as many as yi" in text
    assert faults([0.1], [1], labels=["a", "b"])[0] == [(None, "labels", "2 values")]


def test_no_effects_at_all():
    found, text = faults([], [])
    assert found == [(None, "yi", "0 values")]
    assert "at least 1 effect" in text


def test_series_of_different_rows_are_not_joined_by_position():
    yi = pd.Series([0.1, 0.2], index=["a", "b"])
    found, text = faults(yi, pd.Series([1.0, 2.0], index=["b", "a"]))
    assert found == [(None, "vi", "another index")]
    assert "the same index as yi" in text


def test_masked_values_are_not_unmasked():
    found, _ = faults(np.ma.array([0.1, 0.2], mask=[False, True]), [1, 1])
    assert found == [(2, "yi", "nan")]


@pytest.mark.parametrize("unordered", [{0.1, 0.2}, {0.1: 1, 0.2: 2}], ids=["set", "mapping"])
def test_values_without_an_order_are_refused(unordered):
    with pytest.raises(ProblemsFound):
        checked_effects(unordered, [1, 1])


def test_a_table_is_not_a_column():
    found, _ = faults(np.ones((2, 2)), [1, 1])
    assert [row for row, _, _ in found] == [1, 2]


def test_an_unknown_choice_lists_the_known_and_the_likeliest_first():
    with pytest.raises(ProblemsFound, match=r"column method.*'RELM'.*did you mean REML\?"):
        checked_choice("method", "RELM", ["REML", "ML", "DL"])


@pytest.mark.parametrize("level", [95, 0, 1, -0.5, float("nan")])
def test_a_level_is_a_fraction(level):
    with pytest.raises(ProblemsFound, match="a fraction between 0 and 1"):
        checked_level(level)
    with pytest.raises(ProblemsFound, match="level"):
        random_effects([0.1, 0.2], [1, 1], level=level)


def test_a_fault_past_the_last_label_is_named_by_its_position():
    with pytest.raises(ProblemsFound) as caught:
        checked_effects([0.1, 0.2, np.nan], [1, 1, 1], labels=["a", "b"])
    assert [(p.row, p.column) for p in caught.value.problems] == [(None, "labels"), (3, "yi")]
