"""How far two extractions of the same rows agree, computed from `data/second_extraction.csv`.

Every function takes the table as `load_evidence` gives it: one row a cell, with `extraction_row`,
`study_id`, `measure`, `field`, `first`, `second` (text as each wrote it) and `kind`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence.coefficients import Kappa, cohen_kappa, icc_absolute
from analysis.evidence.sizes import RATIO_MEASURES

FIELDS = ("estimate", "ci_low", "ci_high", "p_value", "unit", "n_practices", "n_patients")
SIDES = ("first", "second")
KINDS = ("same", "format", "content")
SAME_CONTENT = ("same", "format")
NOT_COMPARED = "not_compared"
# Different, and nobody has settled yet which holds.
OPEN = "open"
# Rows that count indicators or only say a direction have no sign and no test of their own.
WITHOUT_SIGN = ("count_significant", "direction_only")
DIRECTIONS = {"increase": "increase", "decrease": "decrease", "reduction": "decrease"}
ALPHA = 0.05
DRAWS, SEED = 2000, 20131


@dataclass(frozen=True, slots=True)
class Icc:
    """ICC(2,1), absolute agreement, of `n` pairs; interval by resampling studies, 95%."""

    value: float
    low: float
    high: float
    n: int
    n_studies: int


def by_field(cells: pd.DataFrame) -> pd.DataFrame:
    """Return agreement by compared field, in the order of `FIELDS`, with a last line for all.

    Columns: `rows`, `same_cell` and `same_content` (counts), their shares in percent, and, where
    both extractions hold a value, `both_filled` and `both_identical`. Blank against blank counts
    as agreement in the first pair of columns, which flatters fields that are mostly blank.
    """
    compared = cells[cells["field"].isin(FIELDS)]
    filled = compared["first"].notna() & compared["second"].notna()
    counts = pd.DataFrame(
        {
            "field": compared["field"],
            "rows": 1,
            "same_cell": compared["kind"].eq("same"),
            "same_content": compared["kind"].isin(SAME_CONTENT),
            "both_filled": filled,
            "both_identical": filled & compared["first"].eq(compared["second"]),
        }
    )
    table = counts.groupby("field").sum().reindex(list(FIELDS), fill_value=0).astype(int)
    table.loc["all"] = table.sum()
    for name in ("same_cell", "same_content"):
        table[f"{name}_percent"] = 100 * table[name] / table["rows"]
    return table


def wide(cells: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return one extraction (`side` is `first` or `second`), one row a figure, one column a field.

    The index is `extraction_row`; `measure` and `study_id` stand beside the fields.
    """
    fields = cells.pivot(index="extraction_row", columns="field", values=side)
    return cells.groupby("extraction_row")[["study_id", "measure"]].first().join(fields)


def directions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return `first` and `second` direction of each row that has one in both.

    The first extraction kept none: its direction is the side of the null on which the estimate
    lies, or the sign of the change from baseline to follow-up. The second coded it from the text.
    """
    first, second = wide(cells, "first"), wide(cells, "second")
    null = np.where(first["measure"].isin(RATIO_MEASURES), 1.0, 0.0)
    change = _numbers(first, "followup_value") - _numbers(first, "baseline_value")
    size = (_numbers(first, "estimate") - null).fillna(change)
    derived = np.sign(size).map({1.0: "increase", -1.0: "decrease"})
    told = second.reindex(columns=["direction"])["direction"].map(DIRECTIONS)
    pairs = pd.DataFrame({"first": derived, "second": told})
    return pairs[~first["measure"].isin(WITHOUT_SIGN)].dropna()


def significance(cells: pd.DataFrame) -> pd.DataFrame:
    """Return `first` and `second` significance: significant, not, or not derivable.

    One rule serves both: the interval leaves out the null, or else the p value is below 0.05.
    """
    sides = {side: _significant(wide(cells, side)) for side in ("first", "second")}
    measure = wide(cells, "first")["measure"]
    return pd.DataFrame(sides)[~measure.isin(WITHOUT_SIGN)]


def icc_of_estimates(cells: pd.DataFrame) -> Icc:
    """Return the agreement of the estimates that both extractions hold, all scales together.

    The interval is the 2.5th to 97.5th percentile over `DRAWS` samples of whole studies, since rows
    of one study are not independent. Over so wide a range of scales the coefficient is close to 1
    whatever happens: the count of identical values in `by_field` says more. Missing for fewer than
    two pairs.
    """
    first, second = wide(cells, "first"), wide(cells, "second")
    pairs = pd.DataFrame({s: _numbers(f, "estimate") for s, f in (("a", first), ("b", second))})
    studies = first["study_id"]
    both = pairs.dropna()
    if len(both) < 2:
        return Icc(np.nan, np.nan, np.nan, len(both), len(both))
    clusters = [group.to_numpy() for _, group in both.groupby(studies.loc[both.index])]
    random = np.random.default_rng(SEED)
    chosen = random.integers(0, len(clusters), (DRAWS, len(clusters)))
    drawn = [icc_absolute(np.concatenate([clusters[i] for i in sample])) for sample in chosen]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    value = icc_absolute(both.to_numpy())
    return Icc(value, float(low), float(high), len(both), len(clusters))


def disagreements(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells whose content differs, with how each was resolved and why.

    Cells that are `OPEN` are among them: neither `resolved` nor `reason` is there yet.
    """
    columns = ["extraction_row", "study_id", "indicator", "field"]
    columns += ["first", "second", "resolved", "reason"]
    return cells.loc[cells["kind"].isin(("content", OPEN)), columns].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two extractions of the same figures agree, all measures side by side.

    `direction` and `significance` are missing where no figure has the coding in both.
    """

    n_figures: int
    n_open: int
    fields: pd.DataFrame
    direction: Kappa | None
    significance: Kappa | None
    estimates: Icc


def agreement(cells: pd.DataFrame) -> Agreement:
    """Return the agreement on all figures of `cells`: by field, kappa of codings, ICC of estimates.

    Figures that only one of the two could code are left out of that kappa.
    """
    if cells.empty:
        return Agreement(0, 0, by_field(cells), None, None, Icc(np.nan, np.nan, np.nan, 0, 0))
    coded = (directions(cells), significance(cells).replace("not derivable", pd.NA).dropna())
    direction, tested = (_kappa(one) for one in coded)
    n_open = int(cells["kind"].eq(OPEN).sum())
    n = cells["extraction_row"].nunique()
    return Agreement(n, n_open, by_field(cells), direction, tested, icc_of_estimates(cells))


def _kappa(coded: pd.DataFrame) -> Kappa | None:
    """Return the kappa of two codings side by side; none where nothing was coded by both."""
    first, second = (list(coded[side]) for side in SIDES)
    return cohen_kappa(first, second) if len(coded) else None


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    cells = frame.reindex(columns=[column])[column]
    return pd.to_numeric(cells, errors="coerce").astype("float64")


def _significant(side: pd.DataFrame) -> pd.Series:
    null = np.where(side["measure"].isin(RATIO_MEASURES), 1.0, 0.0)
    low, high = _numbers(side, "ci_low"), _numbers(side, "ci_high")
    p = pd.to_numeric(side["p_value"].str.lstrip("<P ="), errors="coerce")
    told = side["p_value"].str.startswith("<").fillna(False).astype(bool)
    small = (p < ALPHA) | (told & (p <= ALPHA))
    by_interval, by_p = low.notna() & high.notna(), p.notna()
    outside = (low > null) | (high < null)
    verdict = np.where(np.where(by_interval, outside, small), "significant", "not")
    return pd.Series(np.where(by_interval | by_p, verdict, "not derivable"), index=side.index)
