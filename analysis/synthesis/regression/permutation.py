"""Does a moderator matter? Answered by shuffling: permutation tests of meta-regressions.

With few studies the tails of z and t are hopeful, and trying several moderators finds one by luck;
a permutation test needs neither (Higgins & Thompson 2004, Stat Med 23:1663). Under its null the
effects, each with its variance, could stand in any order beside the moderators.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FINITE, FloatArray, checked_columns
from analysis.synthesis.dependence.clusters import checked_names
from analysis.synthesis.inputs import Effects, checked_choice, checked_effects
from analysis.synthesis.pooling.fit import TESTS
from analysis.synthesis.pooling.tau2 import ESTIMATORS
from analysis.synthesis.regression.meta_regression import meta_regression
from analysis.synthesis.regression.shuffled import Statistics, statistics

# A statistic this close to the observed one is the observed one, but for rounding.
_SAME = 1e-7
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Shuffled:
    """One moderator: its `statistic` (t or z) and how rarely a shuffle gave one as far from 0."""

    name: str
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """A permutation test of a meta-regression.

    `null` and `alternative`: in words. `exact`: whether every distinct arrangement was looked at;
    otherwise `arrangements` random ones, with the observed one among them (Phipson & Smyth 2010,
    Stat Appl Genet Mol Biol 9:39), drawn with `seed`. `moderators`: one each. `statistic`,
    `p_value`: of all moderators at once. `smallest_p`: what no p-value can be below, however
    strong the moderator. `p_error`: the Monte Carlo standard error of `p_value`, 0 if exact.
    """

    null: str
    alternative: str
    exact: bool
    arrangements: int
    seed: int | None
    moderators: tuple[Shuffled, ...]
    statistic: float
    p_value: float
    smallest_p: float
    p_error: float
    method: str
    test: str


def permutation_test(
    yi: ArrayLike,
    vi: ArrayLike,
    moderators: Mapping[str, ArrayLike],
    *,
    method: str = "REML",
    test: str = "hksj",
    most: int = 10_000,
    seed: int = 1,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> PermutationTest:
    """Return the permutation test of a meta-regression with an intercept.

    Args:
        yi: effects on the scale of the analysis, shape (k,).
        vi: sampling variances, shape (k,).
        moderators: name -> k numbers; a DataFrame will do.
        method: estimator of the residual tau², a name in `ESTIMATORS`.
        test: "hksj", "hksj-modified" or "z": which statistic is compared.
        most: arrangements looked at: all there are if no more than this, else so many at random.
        seed: of the random arrangements.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row and column; or there is no moderator,
            or nothing left to estimate tau² with.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    checked_choice("method", method, ESTIMATORS)
    checked_choice("test", test, TESTS)
    # Refuses moderators that cannot be told apart, before anything is shuffled.
    meta_regression(
        effects.yi,
        effects.vi,
        moderators,
        method=method,
        test=test,
        labels=effects.labels,
        file=file,
    )
    given = {"yi": (effects.yi, FINITE)} | {n: (moderators[n], FINITE) for n in moderators}
    columns, _ = checked_columns(given, effects.labels, file)
    names = tuple(map(str, moderators))
    design = np.column_stack([np.ones(effects.k), *(columns[name] for name in moderators)])
    return _test(effects, names, design, method, test, most, seed, file)


class PermutationOptions(TypedDict, total=False):
    """Options of `permutation_test` that its likes pass on; see there."""

    method: str
    test: str
    most: int
    seed: int


def permutation_subgroups(
    yi: ArrayLike,
    vi: ArrayLike,
    groups: Iterable[str],
    *,
    labels: Iterable[object] | None = None,
    file: str = "input",
    **options: Unpack[PermutationOptions],
) -> PermutationTest:
    """Return the permutation test for a difference between subgroups.

    `groups` holds the group of each effect, shape (k,); the first to appear is the one the others
    are held against in `moderators`. The rest is as in `permutation_test`.

    Raises:
        ProblemsFound: as for `permutation_test`; an effect has no group, or there is one group.
    """
    effects = checked_effects(yi, vi, labels=labels, file=file)
    names = checked_names("groups", groups, effects, file)
    first, *others = dict.fromkeys(names)
    if not others:
        raise ProblemsFound([Problem(file, "at least 2 groups", None, "groups", first)])
    indicators = {one: np.array([float(name == one) for name in names]) for one in others}
    return permutation_test(
        effects.yi, effects.vi, indicators, labels=effects.labels, file=file, **options
    )


def _test(
    effects: Effects,
    names: tuple[str, ...],
    design: FloatArray,
    method: str,
    test: str,
    most: int,
    seed: int,
    file: str,
) -> PermutationTest:
    """Return the test of checked numbers, design of shape (k, p) with the intercept first."""
    if not names or effects.k <= design.shape[1]:
        wanted = f"a moderator, and more effects than coefficients ({design.shape[1]})"
        raise ProblemsFound([Problem(file, wanted, None, "yi", f"{effects.k} effects")])
    if most < 1:
        raise ProblemsFound([Problem(file, "1 or more", None, "most", str(most))])
    ids = np.unique(design, axis=0, return_inverse=True)[1].ravel()
    count = _how_many(ids)
    exact = count <= most
    orders = _every(ids) if exact else _random(effects.k, most - 1, seed)
    observed = statistics(effects, design, np.arange(effects.k)[None], method, test)
    as_far = np.zeros(len(names) + 1)
    for batch in _batches(orders, ids):
        as_far += _as_far(statistics(effects, design, batch, method, test), observed)
    # A random sample counts the observed arrangement too: p is then never 0.
    looked_at, own = (count, 0) if exact else (most, 1)
    *p_values, p_value = ((as_far + own) / looked_at).tolist()
    return PermutationTest(
        f"effects do not depend on {', '.join(names)}: any study could have had any other's",
        f"effects differ with {' or '.join(names)}, in either direction",
        exact,
        looked_at,
        None if exact else seed,
        tuple(
            Shuffled(name, float(value), p)
            for name, value, p in zip(names, observed.each[0], p_values, strict=True)
        ),
        float(observed.all[0]),
        p_value,
        1 / looked_at,
        0.0 if exact else math.sqrt(p_value * (1 - p_value) / looked_at),
        method,
        test,
    )


def _as_far(found: Statistics, observed: Statistics) -> FloatArray:
    """Return how many statistics reach the observed one: of each moderator, and of all at once."""
    values = np.column_stack([np.abs(found.each), found.all])
    reached = np.append(np.abs(observed.each[0]), observed.all)
    as_far: FloatArray = (values >= reached - _SAME * np.maximum(1, reached)).sum(axis=0)
    return as_far


def _how_many(ids: NDArray[np.int_]) -> int:
    """Return in how many distinct ways rows with these designs can be arranged."""
    repeats = np.bincount(ids)
    return math.factorial(len(ids)) // math.prod(math.factorial(int(n)) for n in repeats)


def _every(ids: NDArray[np.int_]) -> Iterator[NDArray[np.int_]]:
    """Yield every distinct arrangement of the ids (Knuth, TAOCP 4A, algorithm 7.2.1.2L)."""
    row = sorted(ids.tolist())
    while True:
        yield np.argsort(row, kind="stable")
        rise = next((at for at in range(len(row) - 2, -1, -1) if row[at] < row[at + 1]), None)
        if rise is None:
            return
        swap = next(at for at in range(len(row) - 1, rise, -1) if row[at] > row[rise])
        row[rise], row[swap] = row[swap], row[rise]
        row[rise + 1 :] = reversed(row[rise + 1 :])


def _random(k: int, draws: int, seed: int) -> Iterator[NDArray[np.int_]]:
    """Yield random orders of k rows."""
    chance = np.random.default_rng(seed)
    for _ in range(draws):
        yield chance.permutation(k)


def _batches(
    orders: Iterator[NDArray[np.int_]], ids: NDArray[np.int_]
) -> Iterator[NDArray[np.int_]]:
    """Yield orders of the effects, shape (m, k), for the design as it stands."""
    # An arrangement says which effects belong to the 1st, 2nd, ... row of the sorted design.
    back = np.argsort(np.argsort(ids, kind="stable"))
    batch: list[NDArray[np.int_]] = []
    for order in orders:
        batch.append(order[back])
        if len(batch) == _AT_ONCE:
            yield np.array(batch)
            batch = []
    if batch:
        yield np.array(batch)
