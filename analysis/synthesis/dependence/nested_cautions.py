"""What a reader must be told beside a three-level meta-regression, each a plain sentence."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.dependence.nested_fit import Fitted, Nested
from analysis.synthesis.dependence.nested_robust import Spread

_FEW = 5  # clusters: below this the variance between them is all but unknown
_FEW_DF = 4  # below, p-values mislead even with CR2 (Tipton 2015, Psychol Methods 20:375)
_FEW_FOR_BETWEEN = 10  # clusters for one moderator of clusters (Cochrane Handbook, 10.11.4)
_ALL = 0.99  # of the variance


class Judged(NamedTuple):
    """A fit and everything it rests on."""

    data: Nested
    spreads: Mapping[str, Spread]
    peak: Fitted
    converged: bool


def cautions(judged: Judged) -> tuple[str, ...]:
    """Return every sentence that applies, the gravest first."""
    said = (check(judged) for check in _CHECKS)
    return tuple(sentence for sentence in said if sentence)


def _not_converged(judged: Judged) -> str:
    if judged.converged:
        return ""
    return "REML did not converge: do not rely on these variances."


def _unknown(judged: Judged) -> str:
    names = [name for name, spread in judged.spreads.items() if not spread.known]
    if not names:
        return ""
    return (
        f"No robust error can be given for {', '.join(names)}: clusters that could differ in it "
        "are missing, or do not differ. Only the model-based error is left."
    )


def _understated(judged: Judged) -> str:
    shares = {name: one.seen for name, one in judged.spreads.items() if one.known}
    low = [f"{name} ({share:.0%})" for name, share in shares.items() if share < _ALL]
    if not low:
        return ""
    return (
        "The robust variance reaches, if the model is true, only part of the variance of "
        f"{', '.join(low)}: too few clusters speak of it. Its robust error, and that of every "
        "difference from it, is too small; read it beside the model-based error."
    )


def _few_clusters(judged: Judged) -> str:
    n = judged.data.data.n_clusters
    if n >= _FEW:
        return ""
    return (
        f"Only {n} clusters: the variance between clusters is all but unknown, and no method "
        "makes up for the clusters that are missing."
    )


def _few_df(judged: Judged) -> str:
    dfs = {name: spread.df for name, spread in judged.spreads.items() if spread.known}
    low = [f"{name} ({df:.1f})" for name, df in dfs.items() if df < _FEW_DF]
    if not low:
        return ""
    return (
        f"Fewer than {_FEW_DF} degrees of freedom for {', '.join(low)}: these intervals and "
        "p-values are unreliable."
    )


def _only_between(judged: Judged) -> str:
    n, data = judged.data.data.n_clusters, judged.data
    names = [
        name
        for name, column in zip(judged.spreads, data.x.T, strict=True)
        if np.ptp(column) > 0 and _constant_within(column, data)
    ]
    if n >= _FEW_FOR_BETWEEN * max(1, len(names)) or not names:
        return ""
    verb = "does" if len(names) == 1 else "do"
    return (
        f"{', '.join(names)} {verb} not vary within clusters: {n} clusters hold almost no "
        "information about that."
    )


def _constant_within(column: FloatArray, data: Nested) -> bool:
    starts = data.data.starts
    return bool((np.maximum.reduceat(column, starts) == np.minimum.reduceat(column, starts)).all())


def _none_between(judged: Judged) -> str:
    if judged.peak.at[0] > 0:
        return ""
    n = judged.data.data.n_clusters
    return (
        f"The variance between clusters is estimated as 0: {n} clusters do not show more "
        "differences than the model leaves to chance, which is no proof that there are none."
    )


_CHECKS: tuple[Callable[[Judged], str], ...] = (
    _not_converged,
    _unknown,
    _understated,
    _few_clusters,
    _few_df,
    _only_between,
    _none_between,
)
