"""The appendix says what stands in the table, and says all of it."""

import pandas as pd
import pytest

from analysis import table
from analysis.publish.certainty.coverage import WORDINGS, coverage

SIMULATED = pd.DataFrame(
    {
        "design": "series",
        "size": [12, 24, 12, 24],
        "strength": [0.0, 0.6, 0.0, 0.6],
        "balance": "one series",
        "method": ["least squares", "least squares", "Newey-West", "Newey-West"],
        "target": "level",
        "sets": [1000, 1000, 1000, 500],
        "coverage": [0.951, 0.703, 0.874, 0.803],
        "coverage_mcse": [0.0068, 0.0144, 0.0105, 0.0178],
        "width": [5.281, 2.5, 3.39, 4.0],
        "converged": [1.0, 1.0, 1.0, 0.99],
    }
)


def test_sentences_are_read_off_the_table():
    first, second, about = coverage(SIMULATED, "series", "level").sentences
    assert first == (
        "Least squares: the interval held the true change in level in 70.3% (points: 24; "
        "autocorrelation: 0.6) to 95.1% of the sets; in 1 of 2 conditions this is 95.0% to within "
        "three Monte Carlo errors."
    )
    assert second.startswith("Newey-West: the interval held the true change in level in 80.3% (")
    assert "1,000 or 500 sets" in about
    assert "at most 1.8 percentage points" in about
    assert "At most 1.00% of the fits" in about


def test_the_table_has_a_row_a_condition_and_a_column_a_method():
    shown = coverage(SIMULATED, "series", "level").table
    assert list(shown.columns) == ["Points", "Autocorrelation", "least squares", "Newey-West"]
    assert shown.to_numpy().tolist() == [
        ["12", "0", "95.1 (5.28)", "87.4 (3.39)"],
        ["24", "0.6", "70.3 (2.50)", "80.3 (4.00)"],
    ]


def test_the_page_is_html_with_its_text_twin():
    shown = coverage(SIMULATED, "series", "level")
    bundle = shown._repr_mimebundle_()
    assert '<th scope="col">Autocorrelation</th>' in bundle["text/html"]
    assert 'tabindex="0"' in bundle["text/html"]
    assert all(sentence in bundle["text/plain"] for sentence in shown.sentences)


@pytest.mark.parametrize(("design", "target"), WORDINGS)
def test_every_row_of_the_committed_table_is_shown(design, target):
    rows = table("coverage").query("design == @design and target == @target")
    shown = coverage(table("coverage"), design, target)
    cells = shown.table[list(rows["method"].unique())]
    assert cells.size == len(rows)
    assert not cells.isna().any(axis=None)


def test_every_kind_of_row_has_its_words():
    kinds = table("coverage")[["design", "target"]].drop_duplicates()
    assert set(kinds.itertuples(index=False, name=None)) == set(WORDINGS)
