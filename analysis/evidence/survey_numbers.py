"""Survey numbers, by theme for small tables and by instrument for what changed over time.

Every function takes `data/survey_numbers.csv` as `load_evidence` gives it.
"""

import pandas as pd

BEFORE, AFTER = "before_2004_contract", "after_2004_contract"


def of_theme(numbers: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Return the rows of one theme, by outcome and year.

    Raises:
        ValueError: no row has this theme.
    """
    rows = numbers[numbers["theme"] == theme]
    if rows.empty:
        known = ", ".join(sorted(numbers["theme"].unique()))
        raise ValueError(f"no survey number has the theme {theme!r}, only {known}")
    return rows.sort_values(["outcome", "year", "number_id"], kind="stable")


def themes(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return `numbers` and `studies` of each theme, largest first."""
    groups = numbers.groupby("theme")
    table = pd.DataFrame({"numbers": groups.size(), "studies": groups["study_id"].nunique()})
    return table.sort_values("numbers", ascending=False, kind="stable")


def series(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the dated values asked with one instrument, by `series` and year."""
    dated = numbers[numbers["series"].notna() & numbers["year"].notna()]
    return dated.sort_values(["series", "year"], kind="stable")


def before_after(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return, for each series, the last value before the 2004 contract and the first after it.

    One row a pair from one study: `series`, `study_id`, `before`, `after`, `change` (in `unit`),
    the years, and the `n` of each. The change has no standard error, for no spread was displayed.
    """
    dated = series(numbers)
    keys = ["series", "study_id", "unit"]
    last = dated[dated["moment"] == BEFORE].groupby(keys)[["year", "value", "n"]].last()
    first = dated[dated["moment"] == AFTER].groupby(keys)[["year", "value", "n"]].first()
    both = last.merge(first, left_index=True, right_index=True, suffixes=("_before", "_after"))
    pairs = both.reset_index()
    pairs = pairs.rename(columns={"value_before": "before", "value_after": "after"})
    return pairs.assign(change=pairs["after"] - pairs["before"])
