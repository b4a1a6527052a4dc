"""One analysis after another of the same rows: many sets of rows, each in many ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite
from typing import Any

import numpy as np
import pandas as pd

from analysis.findings.robust_options import Mask
from analysis.problems import ProblemsFound
from analysis.synthesis.columns import FloatArray

LEAST = 2
_SHOWN = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one set of rows gives, analysed in one way; limits at 95%.

    On the printed scale, `tau2` on that of the analysis (for three levels both variances
    together). `k`: rows that enter. `reason` says why there is no estimate, and is empty where
    there is one. The prediction interval is None where the method has none.
    """

    k: int
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    pi_low: float | None = None
    pi_high: float | None = None
    tau2: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of a question ready for analysis: effects, variances, studies, samples; (k,) each.

    `log` where effects are logarithms of what is printed.
    """

    yi: FloatArray
    vi: FloatArray
    study: np.ndarray
    family: np.ndarray
    log: bool = False

    def with_row(self, yi: float, vi: float) -> "Rows":
        """Return the rows and a further one, of a study and a sample of its own."""
        study, family = (np.append(names, "a further study") for names in (self.study, self.family))
        return Rows(np.append(self.yi, yi), np.append(self.vi, vi), study, family, self.log)


def rows_of(frame: pd.DataFrame, log: bool) -> Rows:
    """Return rows of `select` that have a standard error; a study without a sample is its own."""
    study = frame["study_id"].astype(str).to_numpy(object)
    family = study
    if "sample_family" in frame:
        family = frame["sample_family"].fillna(frame["study_id"]).astype(str).to_numpy(object)
    return Rows(frame["yi"].to_numpy(float), frame["vi"].to_numpy(float), study, family, log)


def fit_all(
    rows: Rows, kept: Sequence[Mask], ways: Sequence[Mapping[str, str]]
) -> list[list[Analysis]]:
    """Return each set of rows analysed in each way, sets by ways."""
    by_way = [_WAYS[way["dependence"]](rows, kept, way) for way in ways]
    return [list(of_set) for of_set in zip(*by_way, strict=True)]


def one_a_family(rows: Rows, kept: Mask) -> Mask:
    """Return the most precise row of each sample among those kept; the first of equals."""
    chosen = np.zeros(len(kept), dtype=bool)
    for family in set(rows.family[kept]):
        inside = np.flatnonzero(kept & (rows.family == family))
        chosen[inside[rows.vi[inside].argmin()]] = True
    return chosen


def _by_rows(rows: Rows, kept: Sequence[Mask], way: Mapping[str, str]) -> list[Analysis]:
    return _two_level(rows, kept, way, "row")


def _by_family(rows: Rows, kept: Sequence[Mask], way: Mapping[str, str]) -> list[Analysis]:
    return _two_level(rows, [one_a_family(rows, one) for one in kept], way, "sample")


def _two_level(
    rows: Rows, kept: Sequence[Mask], way: Mapping[str, str], what: str
) -> list[Analysis]:
    from analysis.synthesis import random_effects_batch

    made = [Analysis(int(one.sum()), reason=_too_few(int(one.sum()), what)) for one in kept]
    enough = [at for at, one in enumerate(made) if not one.reason]
    if not enough:
        return made
    present = np.array([kept[at] for at in enough])
    shape = present.shape
    yi, vi = np.broadcast_to(rows.yi, shape), np.broadcast_to(rows.vi, shape)
    found = random_effects_batch(yi, vi, method=way["method"], test=way["test"], present=present)
    numbers = {name: getattr(found, name).tolist() for name in ("k", *_SHOWN, "tau2")}
    for place, at in enumerate(enough):
        made[at] = analysis({name: of[place] for name, of in numbers.items()}, rows.log)
    return made


def _too_few(n: int, what: str) -> str:
    """Return why so few rows, samples or studies give no estimate, "" where they do."""
    if n >= LEAST:
        return ""
    left = f"one {what} is" if n == 1 else "no row is"
    return f"{left} left; a mean needs two"


def _nested(rows: Rows, kept: Sequence[Mask], way: Mapping[str, str]) -> list[Analysis]:
    return [_three_level(rows, one, float(way["rho"])) for one in kept]


def _three_level(rows: Rows, kept: Mask, rho: float) -> Analysis:
    from analysis.synthesis import nested_regression

    k = int(kept.sum())
    few = "no row is left; a mean needs two" if k == 0 else _too_few(_n(rows.study, kept), "study")
    if few:
        return Analysis(k, reason=few)
    try:
        fit = nested_regression(rows.yi[kept], rows.vi[kept], rows.study[kept], {}, rho=rho)
    except ProblemsFound:
        # The rows are sound, or the question would have told: what is left is one row a study.
        return Analysis(k, reason="each study has one row; three levels need more")
    mean = fit.coefficients[0]
    if not isfinite(mean.se):
        return Analysis(k, reason="too few studies for an error robust to dependence")
    tau2 = fit.sigma2_between + fit.sigma2_within
    ends = {"ci_low": mean.ci_low, "ci_high": mean.ci_high}
    return analysis({"k": k, "estimate": mean.estimate, **ends, "tau2": tau2}, rows.log)


def _n(names: np.ndarray, kept: Mask) -> int:
    return len(set(names[kept]))


def analysis(found: Mapping[str, Any], log: bool) -> Analysis:
    """Return a fit on the printed scale, what is NaN as None."""
    numbers = {name: _finite(found.get(name)) for name in (*_SHOWN, "tau2")}
    if log:
        numbers |= {n: exp(numbers[n]) for n in _SHOWN if numbers[n] is not None}
    return Analysis(k=int(found["k"]), **numbers)


def _finite(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else float(value)


_WAYS = {"rows": _by_rows, "family": _by_family, "three_level": _nested}
