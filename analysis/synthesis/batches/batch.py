"""Thousands of random-effects summaries at once, in arrays: for simulations and multiverses."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.synthesis.batches.batch_data import Batch, Sets, checked_sets, prepared
from analysis.synthesis.batches.batch_roots import Roots
from analysis.synthesis.batches.batch_tau2 import batch_tau2, generalised_q_roots
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.inputs import checked_choice, checked_level
from analysis.synthesis.pooling.fit import TESTS
from analysis.synthesis.pooling.tau2 import ESTIMATORS
from analysis.synthesis.quantiles import chi2_ends, critical

if TYPE_CHECKING:
    import pandas as pd

_AT_ONCE = 2**15  # effects worked on at a time: arrays that a processor keeps at hand


@dataclass(frozen=True, slots=True, eq=False)
class RandomEffectsBatch:
    """Random-effects summaries of m sets; every field is an array, shape (m,).

    The fields are those of `RandomEffects`, and equal to them. NaN stands where that has None:
    the prediction interval with fewer than three effects or under "EE", the interval of tau² of
    a single effect, or where it was not asked for. `test`: the test in fact used.
    """

    k: NDArray[np.int64]
    estimate: FloatArray
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    statistic: FloatArray
    p_value: FloatArray
    df: FloatArray
    tau2: FloatArray
    tau2_ci_low: FloatArray
    tau2_ci_high: FloatArray
    i2: FloatArray
    h2: FloatArray
    i2_q: FloatArray
    q: FloatArray
    q_p_value: FloatArray
    pi_low: FloatArray
    pi_high: FloatArray
    method: NDArray[np.str_]
    test: NDArray[np.str_]
    converged: NDArray[np.bool_]

    def frame(self) -> "pd.DataFrame":
        """Return the summaries as a frame, one row a set."""
        import pandas as pd

        return pd.DataFrame({field.name: getattr(self, field.name) for field in fields(self)})


def random_effects_batch(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    method: str = "REML",
    test: str = "hksj",
    level: float = 0.95,
    present: ArrayLike | None = None,
    tau2_interval: bool = False,
    file: str = "input",
) -> RandomEffectsBatch:
    """Return the random-effects summaries of m sets of at most k effects.

    Args:
        yi: effects, shape (m, k); NaN in both `yi` and `vi` where a set has fewer.
        vi: sampling variances, shape (m, k).
        method: estimator of tau², a name in `ESTIMATORS`.
        test: a name in `TESTS`.
        level: of all intervals.
        present: whether an effect is there, shape (m, k); what is not may hold anything.
        tau2_interval: whether to find the Q-profile interval of tau² too, which takes as long
            as all the rest.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names the set and the column of every bad number, or the shapes.
    """
    asked = Asked((test,), level, tau2_interval)
    return summaries(checked_sets(yi, vi, present, file), method, asked)[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of every set: tests, the level of intervals, whether that of tau² too."""

    tests: tuple[str, ...]
    level: float = 0.95
    tau2_interval: bool = False

    def __post_init__(self) -> None:
        """Refuse unknown tests and impossible levels."""
        checked_level(self.level)
        for test in self.tests:
            checked_choice("test", test, TESTS)


def summaries(sets: Sets, method: str, asked: Asked) -> tuple[RandomEffectsBatch, ...]:
    """Return the summaries of checked sets, a batch for each test, from one estimate of tau²."""
    checked_choice("method", method, ESTIMATORS)
    many = max(1, _AT_ONCE // sets.y.shape[1])
    starts = range(0, len(sets.y), many)
    parts = [
        _part(Sets(*(one[start : start + many] for one in sets)), method, asked) for start in starts
    ]
    return tuple(joined(parts_of_test) for parts_of_test in zip(*parts, strict=True))


def _part(sets: Sets, method: str, asked: Asked) -> list[RandomEffectsBatch]:
    data = prepared(sets)
    tau2 = batch_tau2(data, method)
    shared = _shared(data, tau2, method, asked)
    return [_judged(data, tau2, shared, test, asked.level) for test in asked.tests]


def joined(parts: Sequence[RandomEffectsBatch]) -> RandomEffectsBatch:
    """Return batches as one, in their order."""
    names = [field.name for field in fields(RandomEffectsBatch)]
    return RandomEffectsBatch(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    )


class _Shared(TypedDict):
    """The fields of a summary that are the same under every test."""

    k: NDArray[np.int64]
    tau2: FloatArray
    tau2_ci_low: FloatArray
    tau2_ci_high: FloatArray
    i2: FloatArray
    h2: FloatArray
    i2_q: FloatArray
    q: FloatArray
    q_p_value: FloatArray
    method: NDArray[np.str_]
    converged: NDArray[np.bool_]


def _shared(data: Batch, tau2: Roots, method: str, asked: Asked) -> _Shared:
    """Return what does not depend on the test: heterogeneity."""
    q = np.maximum(0.0, data.plain.y_p_y)
    several = data.df > 0
    h2_q = np.divide(q, data.df, out=np.ones_like(q), where=several)
    i2_q = 100 * np.maximum(0.0, np.divide(q - data.df, q, out=np.zeros_like(q), where=q > 0))
    if method == "EE":
        i2, h2 = i2_q, h2_q
    else:
        typical = np.divide(data.df, data.plain.trace_p, out=np.ones_like(q), where=several)
        total = tau2.value + typical
        i2, h2 = 100 * (tau2.value / total), total / typical
    low, high = _q_profile(data, asked)
    return {
        "k": data.k.astype(np.int64),
        "tau2": tau2.value,
        "tau2_ci_low": low,
        "tau2_ci_high": high,
        "i2": i2,
        "h2": h2,
        "i2_q": i2_q,
        "q": q,
        "q_p_value": np.where(several, special.chdtrc(np.maximum(data.df, 1), q), 1.0),
        "method": np.full(len(q), method),
        "converged": tau2.converged,
    }


def _q_profile(data: Batch, asked: Asked) -> tuple[FloatArray, FloatArray]:
    """Return the Q-profile interval of tau², NaN where not asked for or only one effect."""
    low, high = np.full(len(data.k), np.nan), np.full(len(data.k), np.nan)
    several = np.flatnonzero(data.df > 0)
    if not (asked.tau2_interval and len(several)):
        return low, high
    some = data.take(several)
    below, above = _by_df(some.df, lambda df: chi2_ends(asked.level, df))
    low[several] = generalised_q_roots(some, above).value
    high[several] = generalised_q_roots(some, below).value
    return low, high


def _judged(
    data: Batch, tau2: Roots, shared: _Shared, test: str, level: float
) -> RandomEffectsBatch:
    """Return the summaries under one test; see `weighted_fit` for where it falls back."""
    at = data.at(tau2.value)
    alone, equal = data.df == 0, data.rss == 0
    used = np.full(len(data.k), test, dtype=object)
    used[equal & (test == "hksj")] = "hksj-modified"
    used[alone] = "z"
    estimated = at.y_p_y / np.maximum(data.df, 1)
    scale, df = np.ones(len(used)), np.full(len(used), math.inf)
    for name in set(used):
        where = used == name
        scale[where] = TESTS[name].scale(estimated[where])
        df[where] = data.df[where] if TESTS[name].uses_t else math.inf
    mean, se = data.centred.origin + at.shift, np.sqrt(scale / at.total)
    half = _by_df(df, lambda one: (critical(level, one),))[0]
    spread = half * np.hypot(se, np.sqrt(tau2.value))
    spread[(data.k < 3) | (shared["method"] == "EE")] = np.nan
    return RandomEffectsBatch(
        estimate=mean,
        se=se,
        ci_low=mean - half * se,
        ci_high=mean + half * se,
        statistic=mean / se,
        p_value=_two_sided_p(mean / se, df),
        df=df,
        pi_low=mean - spread,
        pi_high=mean + spread,
        test=used.astype(str),
        **shared,
    )


def _by_df(df: FloatArray, quantiles: Callable[[float], tuple[float, ...]]) -> FloatArray:
    """Return quantiles for each of m degrees of freedom, each kind computed once: (q, m)."""
    kinds, which = np.unique(df, return_inverse=True)
    return np.array([quantiles(one) for one in kinds.tolist()]).T[:, which]


def _two_sided_p(statistic: FloatArray, df: FloatArray) -> FloatArray:
    low, normal = -np.abs(statistic), np.isinf(df)
    p_values: FloatArray = 2 * np.where(
        normal, special.ndtr(low), special.stdtr(np.where(normal, 1.0, df), low)
    )
    return p_values
