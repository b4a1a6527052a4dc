"""How a summary came to be what it is: effects added one at a time, by year, say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from analysis.synthesis.columns import FINITE, checked_columns
from analysis.synthesis.inputs import checked_effects
from analysis.synthesis.pooling.random_effects import (
    PoolingOptions,
    RandomEffects,
    random_effects,
)


@dataclass(frozen=True, slots=True)
class Step:
    """The summary once all effects up to `order` are in; `added` names those that came with it."""

    order: float
    added: tuple[str, ...]
    summary: RandomEffects


def cumulative(
    yi: ArrayLike,
    vi: ArrayLike,
    order: ArrayLike | None = None,
    *,
    labels: Iterable[object] | None = None,
    file: str = "input",
    **options: Unpack[PoolingOptions],
) -> tuple[Step, ...]:
    """Return summaries of a growing number of effects (Lau et al. 1992, N Engl J Med 327:248).

    Effects of one `order` (one year) enter together, for which of them comes first is chance.
    With repeated looks the intervals are narrower than they claim: read them as a history, not
    as tests.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        order: k numbers, the lowest first; by default one effect a step, in the order given.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.
        options: `method`, `test` and `level` of `random_effects`.

    Raises:
        ProblemsFound: names every bad number with its row and column.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    given = np.arange(1.0, effects.k + 1) if order is None else order
    columns, _ = checked_columns(
        {"yi": (effects.yi, FINITE), "order": (given, FINITE)}, effects.labels, file
    )
    steps = []
    for place in np.unique(columns["order"]):
        # In the order they came, so that each step's labels read as a history.
        by_order = np.argsort(columns["order"], kind="stable")
        kept = by_order[columns["order"][by_order] <= place]
        names = [effects.labels[at] for at in kept]
        added = tuple(effects.labels[at] for at in kept if columns["order"][at] == place)
        summary = random_effects(effects.yi[kept], effects.vi[kept], labels=names, **options)
        steps.append(Step(float(place), added, summary))
    return tuple(steps)
