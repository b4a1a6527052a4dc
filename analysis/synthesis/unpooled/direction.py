"""Which way is better: effects turned so that up is, and the direction each one points in."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import FINITE, FloatArray, checked_columns, problem, sequence
from analysis.synthesis.dependence.clusters import checked_names
from analysis.synthesis.inputs import Effects

BETTER, WORSE, NEITHER = "better", "worse", "neither"
CONFLICTING = "conflicting"
_WRITTEN = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """Effects turned so that higher is better; arrays have shape (k,).

    `yi`: the effects. `ci_low`, `ci_high`: their limits, changed round where an effect was turned;
    NaN where none were given. `flipped`: which were turned. Variances need no turning.
    """

    yi: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    flipped: NDArray[np.bool_]
    labels: tuple[str, ...]


def align(
    yi: ArrayLike,
    higher_is_better: bool | Iterable[bool],
    *,
    ci_low: ArrayLike | None = None,
    ci_high: ArrayLike | None = None,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> Aligned:
    """Return effects turned so that above 0 is better.

    Args:
        yi: effects on the scale of the analysis (ratios logged, so that 0 is none), shape (k,).
        higher_is_better: true where a rise is wanted, for all or one a row.
        ci_low: lower limits on the same scale.
        ci_high: upper limits.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each bad number, each row of which it is not known what is better, and
            each limit in the wrong order.
    """
    given = {"yi": (yi, FINITE)}
    limits = {"ci_low": ci_low, "ci_high": ci_high}
    given |= {name: (values, FINITE) for name, values in limits.items() if values is not None}
    columns, names = checked_columns(given, labels, file)
    if len(given) == 2:
        raise ProblemsFound([Problem(file, "both limits or neither", None, "ci_low, ci_high")])
    flipped = ~_known(higher_is_better, names, file)
    nothing = np.full(len(names), np.nan)
    low, high = (columns.get(name, nothing) for name in limits)
    if wrong := [
        problem(file, names[at], "ci_high", high[at], f"a number above ci_low ({low[at]:g})")
        for at in np.flatnonzero(high <= low)
    ]:
        raise ProblemsFound(wrong)
    sign = np.where(flipped, -1.0, 1.0)
    ends = (np.where(flipped, -high, low), np.where(flipped, -low, high))
    # Adding 0 takes the sign from a 0 that was turned.
    return Aligned(sign * columns["yi"] + 0.0, *ends, flipped, names)


def directions(yi: ArrayLike) -> tuple[str, ...]:
    """Return the direction of each aligned effect: "better", "worse" or "neither" (exactly 0).

    Size and significance play no part: a vote on significance is not a synthesis (McKenzie &
    Brennan, Cochrane Handbook version 6, section 12.2.2.1).
    """
    columns, _ = checked_columns({"yi": (yi, FINITE)}, None, "input")
    names = {1.0: BETTER, -1.0: WORSE, 0.0: NEITHER}
    return tuple(names[sign] for sign in np.sign(columns["yi"]).tolist())


def study_directions(
    given: Iterable[str], studies: Iterable[object], *, share: float = 0.7, file: str = "input"
) -> dict[str, str]:
    """Return one direction a study from those of its effects, in order of first appearance.

    A study points where at least `share` of its effects do, else it is "conflicting" (Boon &
    Thomson 2021, Res Synth Methods 12:29, who take 70%). Several effects of one study are no
    separate votes.

    Raises:
        ProblemsFound: an effect has no study, or `share` would let two directions win.
    """
    if not 0.5 < share <= 1:
        raise ProblemsFound([Problem(file, "above 0.5, at most 1", None, "share", str(share))])
    every = list(sequence(given))
    none = np.zeros(len(every))
    rows = Effects(none, none, tuple(map(str, range(1, len(every) + 1))))
    names = checked_names("studies", studies, rows, file)
    return {name: _shared([d for d, n in zip(every, names, strict=True) if n == name], share)
            for name in dict.fromkeys(names)}  # fmt: skip


def _shared(found: list[str], share: float) -> str:
    """Return the direction that enough of the effects share."""
    most = max(dict.fromkeys(found), key=found.count)
    return most if found.count(most) >= share * len(found) else CONFLICTING


def _known(given: bool | Iterable[bool], names: tuple[str, ...], file: str) -> NDArray[np.bool_]:
    """Return which way is better, one a row."""
    single = isinstance(given, bool | np.bool_ | str)
    values = [given] * len(names) if single else list(sequence(given))
    if len(values) != len(names):
        wanted = f"one value, or {len(names)} as yi has"
        raise ProblemsFound([Problem(file, wanted, None, "higher_is_better", f"{len(values)}")])
    read = [_truth(value) for value in values]
    if problems := [
        problem(file, name, "higher_is_better", value, "true or false")
        for name, value, truth in zip(names, values, read, strict=True)
        if truth is None
    ]:
        raise ProblemsFound(problems)
    return np.array(read, dtype=bool)


def _truth(value: object) -> bool | None:
    """Return a truth value as Python, pandas or a CSV writes it; None for anything else."""
    if isinstance(value, str):
        return _WRITTEN.get(value.strip().lower())
    return bool(value) if isinstance(value, bool | np.bool_) else None
