"""Do kinds of studies differ? A summary for each subgroup, and the test between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.dependence.clusters import checked_names
from analysis.synthesis.inputs import Effects, checked_effects
from analysis.synthesis.pooling.fit import Coefficient
from analysis.synthesis.pooling.random_effects import (
    PoolingOptions,
    RandomEffects,
    random_effects,
)
from analysis.synthesis.regression.meta_regression import (
    MetaRegression,
    OmnibusTest,
    meta_regression,
    omnibus_test,
)


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One subgroup: its `summary` on its own, and its `mean` when tau² is shared by all groups."""

    name: str
    summary: RandomEffects
    mean: Coefficient


@dataclass(frozen=True, slots=True)
class Subgroups:
    """Subgroups in order of first appearance, and the test between them.

    Each group's `summary` has a tau² of its own. The test `between` groups, and each group's
    `mean`, come from one meta-regression with a tau² common to all (`regression.tau2`): with few
    studies a group, a tau² each would be all but noise (Borenstein et al. 2009, Introduction to
    Meta-Analysis, ch. 19).
    """

    groups: tuple[Subgroup, ...]
    between: OmnibusTest
    regression: MetaRegression


def subgroups(
    yi: ArrayLike,
    vi: ArrayLike,
    groups: Iterable[str],
    *,
    labels: Iterable[object] | None = None,
    file: str = "input",
    **options: Unpack[PoolingOptions],
) -> Subgroups:
    """Return the summaries of subgroups and the test for a difference between them.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        groups: the group each effect belongs to, shape (k,).
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.
        options: `method`, `test` and `level` of `random_effects`.

    Raises:
        ProblemsFound: names every bad number and every effect without a group, or says that there
            is only one group.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    names = checked_names("groups", groups, effects, file)
    members = {name: np.array([one == name for one in names]) for name in dict.fromkeys(names)}
    if len(members) < 2:
        raise ProblemsFound([Problem(file, "at least 2 groups", None, "groups", names[0])])
    indicators = {name: inside.astype(float) for name, inside in members.items()}
    regression = meta_regression(
        effects.yi, effects.vi, indicators, intercept=False, labels=effects.labels, **options
    )
    means = regression.coefficients
    return Subgroups(
        tuple(
            Subgroup(name, _summary(effects, inside, options), mean)
            for (name, inside), mean in zip(members.items(), means, strict=True)
        ),
        omnibus_test(
            f"the mean effect is the same in {', '.join(members)}",
            np.eye(len(means))[1:] - np.eye(len(means))[0],
            means,
            regression.covariance,
        ),
        regression,
    )


def _summary(effects: Effects, inside: np.ndarray, options: PoolingOptions) -> RandomEffects:
    """Return the summary of one group on its own."""
    labels = [label for label, kept in zip(effects.labels, inside, strict=True) if kept]
    return random_effects(effects.yi[inside], effects.vi[inside], labels=labels, **options)
