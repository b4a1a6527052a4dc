"""The points of a contour-enhanced funnel plot: what was found against how precisely.

Contours show where a result would have been called significant against no effect. Gaps among the
results that were not speak for missing studies; gaps elsewhere for other reasons (Peters et al.
2008, J Clin Epidemiol 61:991).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FINITE, PROBABILITY, checked_columns, per_row
from analysis.synthesis.inputs import checked_effects
from analysis.synthesis.pooling.random_effects import random_effects
from analysis.synthesis.quantiles import two_sided_p
from analysis.synthesis.small_study.asymmetry import FEWEST, EggerTest, egger_test, enough

# Standard errors within this ratio of each other make no funnel.
ALIKE = 1.5
# Two-sided p-values at which a contour is drawn.
CONTOURS = (0.1, 0.05, 0.01)


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One effect: `se` its standard error, `p_value` of its z against `null`, two-sided."""

    label: str
    effect: float
    se: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot's content, on the scale of the analysis.

    `centre`: the summary the funnel stands on, by `method`. `null`: no effect, where the contours
    start. `contours`: two-sided p-values, falling. `counts`: how many points lie between
    contours, from the least significant on, one more than contours. `egger`: the regression
    on the standard error, limit + slope × se, where it was asked for. `warnings`: plain sentences.
    """

    points: tuple[FunnelPoint, ...]
    centre: float
    null: float
    method: str
    contours: tuple[float, ...]
    counts: tuple[int, ...]
    egger: EggerTest | None
    warnings: tuple[str, ...]


def funnel(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    null: float = 0.0,
    method: str = "REML",
    contours: tuple[float, ...] = CONTOURS,
    egger: str | None = None,
    force: bool = False,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> Funnel:
    """Return the points and contours of a funnel plot.

    Args:
        yi: effects on the scale of the analysis (ratios logged), shape (k,).
        vi: sampling variances, shape (k,).
        null: no effect, on that scale.
        method: estimator of tau² behind the centre; "EE" is the common-effect mean.
        contours: two-sided p-values to draw contours at.
        egger: form of the regression line, "lm" or "rma"; none by default.
        force: draw fewer than 10 effects all the same.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number; or there are fewer than 10 effects, which show no
            funnel.
    """
    effects = enough(checked_effects(yi, vi, labels=labels, file=file), force)
    per_row(effects.labels, file, null=(null, FINITE))
    lines = _falling(contours, file)
    points = tuple(
        FunnelPoint(label, float(y), float(se), two_sided_p(float((y - null) / se)))
        for label, y, se in zip(effects.labels, effects.yi, np.sqrt(effects.vi), strict=True)
    )
    summary = random_effects(effects.yi, effects.vi, method=method, test="z")
    line = None if egger is None else egger_test(effects.yi, effects.vi, form=egger, force=force)
    counts = _counts(points, lines)
    said = _few(effects.k) + _alike(points)
    return Funnel(points, summary.estimate, float(null), method, lines, counts, line, said)


def _falling(contours: tuple[float, ...], file: str) -> tuple[float, ...]:
    """Return checked p-values, the largest first."""
    if not len(contours):
        return ()
    columns, _ = checked_columns({"contours": (contours, PROBABILITY)}, None, file)
    return tuple(sorted(columns["contours"].tolist(), reverse=True))


def _counts(points: tuple[FunnelPoint, ...], lines: tuple[float, ...]) -> tuple[int, ...]:
    """Return how many points lie between one contour and the next."""
    edges = (np.inf, *lines, -np.inf)
    values = np.array([point.p_value for point in points])
    return tuple(
        int(((values <= above) & (values > below)).sum()) for above, below in pairwise(edges)
    )


def _few(k: int) -> tuple[str, ...]:
    if k >= FEWEST:
        return ()
    return (f"Only {k} effects: no shape can be read from them.",)


def _alike(points: tuple[FunnelPoint, ...]) -> tuple[str, ...]:
    sizes = [point.se for point in points]
    if max(sizes) < ALIKE * min(sizes):
        return (
            "The standard errors hardly differ: there are no small and large studies to compare.",
        )
    return ()
