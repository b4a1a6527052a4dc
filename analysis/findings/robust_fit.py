"""One analysis after another of the same rows: many sets of rows, each in many ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.findings.robust_options import Mask
from analysis.findings.shared_work import in_order
from analysis.problems import ProblemsFound
from analysis.synthesis.columns import FloatArray

LEAST = 2
_SHOWN = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
_NUMBERS = ("k", *_SHOWN, "tau2")
_Ways = Sequence[Mapping[str, str]]


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

    @property
    def mean(self) -> "Mean | None":
        """The estimate with its limits; None where there is a reason why there is none."""
        if self.estimate is None or self.ci_low is None or self.ci_high is None:
            return None
        return Mean(self.estimate, self.ci_low, self.ci_high)


class Mean(NamedTuple):
    """A mean that could be estimated, and its 95% limits, on the printed scale."""

    estimate: float
    ci_low: float
    ci_high: float


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
    by_way: dict[int, list[Analysis]] = {}
    for dependence, analysed in _WAYS.items():
        asked = [at for at, way in enumerate(ways) if way["dependence"] == dependence]
        if asked:
            found = analysed(rows, kept, [ways[at] for at in asked])
            by_way.update(zip(asked, found, strict=True))
    return [[by_way[at][place] for at in range(len(ways))] for place in range(len(kept))]


def one_a_family(rows: Rows, kept: Sequence[Mask]) -> list[Mask]:
    """Return the most precise row of each sample among those of each set; the first of equals."""
    order = np.argsort(rows.vi, kind="stable")
    _, sample = np.unique(rows.family.astype(str)[order], return_inverse=True)
    chosen = []
    for one in kept:
        inside = np.flatnonzero(one[order])
        _, first = np.unique(sample[inside], return_index=True)
        mask = np.zeros(len(one), dtype=bool)
        mask[order[inside[first]]] = True
        chosen.append(mask)
    return chosen


def _by_rows(rows: Rows, kept: Sequence[Mask], ways: _Ways) -> list[list[Analysis]]:
    return _two_level(rows, kept, ways, "row")


def _by_family(rows: Rows, kept: Sequence[Mask], ways: _Ways) -> list[list[Analysis]]:
    return _two_level(rows, one_a_family(rows, kept), ways, "sample")


def _two_level(rows: Rows, kept: Sequence[Mask], ways: _Ways, what: str) -> list[list[Analysis]]:
    """Return the sets analysed in each way, ways by sets."""
    made = [Analysis(int(one.sum()), reason=_too_few(int(one.sum()), what)) for one in kept]
    enough = [at for at, one in enumerate(made) if not one.reason]
    if not enough:
        return [made for _ in ways]
    found = _batches(rows, np.array([kept[at] for at in enough]), ways)
    results = []
    for way in ways:
        batch, analysed = found[way["method"], way["test"]], list(made)
        numbers = [getattr(batch, name).tolist() for name in _NUMBERS]
        for at, of in zip(enough, zip(*numbers, strict=True), strict=True):
            analysed[at] = analysis(dict(zip(_NUMBERS, of, strict=True)), rows.log)
        results.append(analysed)
    return results


def _batches(rows: Rows, present: NDArray[np.bool_], ways: _Ways) -> dict[tuple[str, str], Any]:
    """Return the summaries of sets, shape (m, k), by method and test."""
    from analysis.synthesis.batches.batch import Asked, summaries
    from analysis.synthesis.batches.batch_data import checked_sets

    yi, vi = (np.broadcast_to(of, present.shape) for of in (rows.yi, rows.vi))
    sets = checked_sets(yi, vi, present, "input")
    found: dict[tuple[str, str], Any] = {}
    for method in dict.fromkeys(way["method"] for way in ways):
        tests = tuple(way["test"] for way in ways if way["method"] == method)
        # The variance between rows is that of the method, whatever the test.
        batches = summaries(sets, method, Asked(tests))
        found |= {(method, test): one for test, one in zip(tests, batches, strict=True)}
    return found


def _too_few(n: int, what: str) -> str:
    """Return why so few rows, samples or studies give no estimate, "" where they do."""
    if n >= LEAST:
        return ""
    left = f"one {what} is" if n == 1 else "no row is"
    return f"{left} left; a mean needs two"


def _nested(rows: Rows, kept: Sequence[Mask], ways: _Ways) -> list[list[Analysis]]:
    # One set in all ways before the next: what does not depend on the way is at hand.
    asked = [(one, float(way["rho"])) for one in kept for way in ways]
    found = in_order(lambda one: _three_level(rows, *one), asked)
    return [found[at :: len(ways)] for at in range(len(ways))]


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

    def shown(name: str) -> float | None:
        value = _finite(found.get(name))
        return exp(value) if log and value is not None else value

    return Analysis(
        k=int(found["k"]),
        estimate=shown("estimate"),
        ci_low=shown("ci_low"),
        ci_high=shown("ci_high"),
        pi_low=shown("pi_low"),
        pi_high=shown("pi_high"),
        tau2=_finite(found.get("tau2")),
    )


def _finite(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else float(value)


_WAYS = {"rows": _by_rows, "family": _by_family, "three_level": _nested}
