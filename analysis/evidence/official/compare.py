"""Somerset against the other CCGs: sums, spreads and changes. Bookkeeping, no model."""

import pandas as pd

from analysis.evidence.official.tidy import COUNTS, RATES, rate
from analysis.problems import Problem, ProblemsFound

SOMERSET = "11X"
AREAS = ("Somerset", "Rest of England")
BEFORE, AFTER = "2018/19", "2019/20"
QUANTILES = {"p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
_RECEIVING = "patients_receiving_pct"


def somerset_return(frame: pd.DataFrame) -> pd.DataFrame:
    """Return, by indicator, Somerset's change beside the changes of the CCGs of both years.

    Args:
        frame: CCG rows of the tidy shape.

    Returns:
        One row an indicator counted in both years. Changes are in percentage points of patients
        receiving care: numerator over denominator plus exceptions. `comparator_sd` is the sample
        standard deviation of the other CCGs' changes. `placebo_rank`: each CCG takes Somerset's
        part in turn; 1 where no other difference is larger in size, ties rank last. A CCG counts
        when its code is in both years, so merged ones drop out.

    Raises:
        ProblemsFound: Somerset, or fewer than two other CCGs, are in both years.
    """
    start, end = (_wide(frame[frame["year"] == year], year) for year in (BEFORE, AFTER))
    both = start.index.intersection(end.index)
    counted = start.columns.intersection(end.columns)
    change = end.loc[both, counted] - start.loc[both, counted]
    areas = both.drop(SOMERSET, errors="ignore")
    if SOMERSET not in both or len(areas) < 2:
        found = f"{len(areas)} other CCGs, Somerset {'in' if SOMERSET in both else 'missing'}"
        expected = f"Somerset ({SOMERSET}) and two other CCGs in {BEFORE} and {AFTER}"
        raise ProblemsFound([Problem("official statistics", expected, value=found)])
    own, others = change.loc[SOMERSET], change.loc[areas]
    patients = frame.assign(eligible=frame["denominator"] + frame["exceptions"])
    eligible = patients[patients["area"] == SOMERSET].pivot(
        index="indicator", columns="year", values="eligible"
    )
    table = pd.DataFrame(
        {
            "year_before": BEFORE,
            "year_after": AFTER,
            "n_ccg": others.count(),
            "somerset_eligible_before": eligible[BEFORE],
            "somerset_eligible_after": eligible[AFTER],
            "somerset_before": start.loc[SOMERSET],
            "somerset_after": end.loc[SOMERSET],
            "somerset_change": own,
            "comparator_mean": others.mean(),
            "comparator_sd": others.std(),
            "difference": own - others.mean(),
            "placebo_rank": _placebo_rank(change),
        }
    )
    return table.loc[change.columns[own.notna()]].rename_axis("indicator").reset_index()


def somerset_series(frame: pd.DataFrame) -> pd.DataFrame:
    """Return counts and rates of Somerset and of all other CCGs together, by indicator and year."""
    counted = frame.dropna(subset=["denominator"])
    area = counted["area"].eq(SOMERSET).map(dict(zip((True, False), AREAS, strict=True)))
    keys = [counted["indicator"], counted["year"], area.rename("area")]
    sums = counted.groupby(keys)[["numerator", "denominator", "exceptions"]].sum().reset_index()
    rates = sums.assign(**{name: rate(sums, name) for name in RATES})
    order = rates["area"].map(AREAS.index)
    return (
        rates.assign(order=order).sort_values(["indicator", "year", "order"]).drop(columns="order")
    )


def ccg_spread(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how patients receiving care spread over the other CCGs, with Somerset beside them.

    `somerset_rank` counts from the highest of all CCGs, Somerset among them.
    """
    values = frame.assign(value=rate(frame, _RECEIVING)).dropna(subset=["value"])
    keys = ["indicator", "year"]
    own = values[values["area"] == SOMERSET].set_index(keys)["value"]
    others = values[values["area"] != SOMERSET]
    spread = others.groupby(keys)["value"].agg(["count", "mean", "std", "min", "max"])
    spread = spread.rename(
        columns={"count": "n_ccg", "std": "sd", "min": "lowest", "max": "highest"}
    )
    quantiles = others.groupby(keys)["value"].quantile(list(QUANTILES.values())).unstack()
    spread[list(QUANTILES)] = quantiles[list(QUANTILES.values())]
    above = others["value"].to_numpy() > own.reindex(others.set_index(keys).index).to_numpy()
    spread["somerset"] = own
    spread["somerset_rank"] = (
        pd.Series(above, index=others.index).groupby([others[key] for key in keys]).sum() + 1
    )
    spread.loc[spread["somerset"].isna(), "somerset_rank"] = None
    order = ["n_ccg", "mean", "sd", "lowest", *QUANTILES, "highest", "somerset", "somerset_rank"]
    return spread[order].reset_index()


def to_ccgs(practices: pd.DataFrame, geography: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return sums over the practices of each CCG, and how many practices have no CCG.

    Args:
        practices: practice rows of the tidy shape.
        geography: columns `area` (practice), `ccg` and `ccg_name`.
    """
    ccg = practices["area"].map(geography.set_index("area")["ccg"])
    numbers = ["n_practices", *COUNTS]
    keys = [practices["year"], ccg.rename("area"), practices["indicator"]]
    sums = practices.groupby(keys, observed=True)[numbers].sum(min_count=1).reset_index()
    names = geography.drop_duplicates("ccg").set_index("ccg")["ccg_name"]
    unknown = practices.loc[ccg.isna(), "area"].nunique()
    return sums.assign(area_name=sums["area"].map(names), list_size=float("nan")), int(unknown)


def _placebo_rank(change: pd.DataFrame) -> pd.Series:
    """Return the place of Somerset's difference by size, each CCG held against all others."""
    differences = change - (change.sum() - change) / (change.count() - 1)
    size = differences.abs()
    return (size >= size.loc[SOMERSET]).sum()


def _wide(frame: pd.DataFrame, year: str) -> pd.DataFrame:
    if frame.empty:
        raise ProblemsFound([Problem("official statistics", f"rows of {year}")])
    values = frame.assign(value=rate(frame, _RECEIVING)).dropna(subset=["value"])
    return values.pivot(index="area", columns="indicator", values="value")
