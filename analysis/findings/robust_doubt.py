"""What a headline owes to single rows, whether small studies differ, and what would overturn it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt

import numpy as np

from analysis.findings.robust_fit import LEAST, Analysis, Rows, fit_all
from analysis.problems import ProblemsFound

# Sterne et al. 2011 (BMJ 343:d4002): with fewer effects a test of the funnel sees nothing.
FEWEST_FOR_FUNNEL = 10
# Tipton 2015 (Psychol Methods 20:375): below, p-values mislead even with CR2.
LEAST_DF = 4.0
# How far beyond no effect a further result is tried, in sizes of the headline, and how finely.
_BEYOND, _STEPS, _HALVINGS = 4.0, 31, 14


@dataclass(frozen=True, slots=True)
class Left:
    """The headline without one study (`what` is "study") or one row ("row").

    `key`: its study_id or effect_id; `change`: the estimate's move on the printed scale (a ratio
    of two estimates where the finding is one of ratios), None where nothing can be estimated.
    """

    what: str
    key: str
    label: str
    result: Analysis
    change: float | None


@dataclass(frozen=True, slots=True)
class SmallStudy:
    """A test whether small studies report other effects than large ones.

    `slope`: what the effect gains with each unit of standard error, on the scale of the analysis;
    `form`: "lm" (Egger et al. 1997, BMJ 315:629) where each sample gives one row, else "robust":
    the same regression with three levels and errors robust to dependence, as Rodgers &
    Pustejovsky (Psychol Methods 2020) try it. `reason` says why there is no p-value.
    """

    k: int
    n_families: int
    form: str = ""
    slope: float | None = None
    p_value: float | None = None
    df: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Further:
    """What one further row, of a study of its own, would have to find to unsettle the headline.

    `se`: its standard error, that of the middle row, on the scale of the analysis. `included`:
    whether the interval includes no effect already. `with_null`: the headline after a further
    result of no effect. `tipping`: the further result nearest the headline, on the side of no
    effect and beyond, at which the interval just includes no effect; None where none as far as
    `reach` does. How many results of no effect it takes is not told: each of them narrows the
    interval as it moves the mean, so that no number of them need be enough.
    """

    se: float
    included: bool
    with_null: Analysis
    tipping: float | None
    reach: float


@dataclass(frozen=True, slots=True)
class OneEach:
    """The mean of one row a sample, over the ways to take one; limits of its estimates.

    `n` of `possible` ways were analysed, by the headline's estimator and interval or, where it
    has three levels, by REML and HKSJ. `excluding`: share whose interval leaves out no effect.
    """

    n: int
    possible: int
    lowest: float
    median: float
    highest: float
    excluding: float


def left_out(
    rows: Rows, way: Mapping[str, str], labels: Mapping[str, str], keys: list[str]
) -> tuple[Left, ...]:
    """Return the headline without each study, where there are several, and without each row.

    Args:
        rows: those of the headline.
        way: its choices of method.
        labels: study_id or key -> how pages call it.
        keys: effect_id of each row.
    """
    studies = list(dict.fromkeys(rows.study))
    asked = [("study", s, rows.study != s) for s in studies] if len(studies) > 1 else []
    asked += [("row", key, np.arange(len(keys)) != at) for at, key in enumerate(keys)]
    everything = np.ones(len(keys), dtype=bool)
    (whole,), *others = fit_all(rows, [everything, *(mask for *_, mask in asked)], [way])
    return tuple(
        Left(what, key, labels[key], found, _change(found, whole, rows.log))
        for (what, key, _), (found,) in zip(asked, others, strict=True)
    )


def _change(found: Analysis, whole: Analysis, log_scale: bool) -> float | None:
    if found.estimate is None or whole.estimate is None:
        return None
    if log_scale:
        return found.estimate / whole.estimate
    return found.estimate - whole.estimate


def one_each(rows: Rows, way: Mapping[str, str]) -> OneEach | None:
    """Return what comes of taking one row a sample, each way; None where there is one sample."""
    import pandas as pd

    from analysis.synthesis import Declared, multiverse

    if len(set(rows.family)) < LEAST:
        return None
    frame = pd.DataFrame({"yi": rows.yi, "vi": rows.vi, "family": rows.family})
    method, test = way.get("method") or "REML", way.get("test") or "hksj"
    declared = Declared(methods=(method,), tests=(test,), family="family")
    found = multiverse(frame, declared)
    told = found.verdict
    back: Callable[[float], float] = exp if rows.log else float
    return OneEach(
        n=found.size.choices,
        possible=found.size.possible,
        lowest=back(told.lowest),
        median=back(told.median),
        highest=back(told.highest),
        excluding=told.excluding_0,
    )


def small_study(rows: Rows) -> SmallStudy:
    """Return the test of the funnel, or why there is none."""
    k, families = len(rows.yi), len(set(rows.family))
    if k < FEWEST_FOR_FUNNEL:
        reason = f"a test of the funnel needs {FEWEST_FOR_FUNNEL} rows or more, and there are {k}"
        return SmallStudy(k, families, reason=reason)
    if np.ptp(rows.vi) == 0:
        return SmallStudy(k, families, reason="all rows have one standard error")
    return _egger(rows, k) if families == k else _egger_robust(rows, k, families)


def _egger(rows: Rows, k: int) -> SmallStudy:
    from analysis.synthesis import egger_test

    found = egger_test(rows.yi, rows.vi)
    return SmallStudy(k, k, "lm", found.slope, found.p_value, found.df)


def _egger_robust(rows: Rows, k: int, families: int) -> SmallStudy:
    from analysis.synthesis import nested_regression

    few = f"the {k} rows come from {families} samples, too few to test"
    told = SmallStudy(k, families, "robust", reason=few)
    if families < 2:
        return SmallStudy(k, families, "robust", reason="all rows come from one sample")
    try:
        fit = nested_regression(rows.yi, rows.vi, rows.family, {"se": np.sqrt(rows.vi)})
    except ProblemsFound:
        return told
    slope = fit.coefficients[1]
    if not isfinite(slope.se) or slope.df < LEAST_DF:
        return told
    return SmallStudy(k, families, "robust", slope.estimate, slope.p_value, slope.df)


def further(rows: Rows, way: Mapping[str, str]) -> Further | None:
    """Return what a further row would have to find; None where the rows have no mean."""
    whole = _with(rows, way, None)
    if whole.mean is None:
        return None
    own = whole.mean.estimate
    vi = float(np.median(rows.vi))
    back: Callable[[float], float] = exp if rows.log else float
    start = log(own) if rows.log else own
    included = _includes(whole, rows.log)
    reach = -_BEYOND * start
    tipping = None if included else _tipping(rows, way, vi, start)
    return Further(
        se=sqrt(vi),
        included=included,
        with_null=_with(rows, way, (0.0, vi)),
        tipping=None if tipping is None else back(tipping),
        reach=back(reach),
    )


def _with(rows: Rows, way: Mapping[str, str], added: tuple[float, float] | None) -> Analysis:
    more = rows if added is None else rows.with_row(*added)
    return fit_all(more, [np.ones(len(more.yi), dtype=bool)], [way])[0][0]


def _includes(found: Analysis, log_scale: bool) -> bool:
    null = 1.0 if log_scale else 0.0
    mean = found.mean
    return mean is not None and mean.ci_low <= null <= mean.ci_high


def _tipping(rows: Rows, way: Mapping[str, str], vi: float, start: float) -> float | None:
    """Return the first result, on the way from the headline past no effect, that unsettles it."""

    def unsettles(yi: float) -> bool:
        return _includes(_with(rows, way, (yi, vi)), rows.log)

    tried = np.linspace(start, -_BEYOND * start, _STEPS)
    first = next((at for at, yi in enumerate(tried) if unsettles(float(yi))), None)
    if not first:
        return None if first is None else float(start)
    before, after = float(tried[first - 1]), float(tried[first])
    for _ in range(_HALVINGS):
        middle = (before + after) / 2
        before, after = (before, middle) if unsettles(middle) else (middle, after)
    return after
