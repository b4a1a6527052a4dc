"""Effects that share participants: the ways to take one of each family."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Choices(NamedTuple):
    """Ways to take one effect a family.

    `present`: shape (c, k). `possible`: how many ways there are. `rivals`: effects that are not
    alone in their family, shape (k,).
    """

    present: NDArray[np.bool_]
    possible: int
    rivals: NDArray[np.bool_]

    def said(self, labels: tuple[str, ...]) -> Iterator[str]:
        """Yield, for each way, the names of the effects taken where there was a choice."""
        rivals = np.flatnonzero(self.rivals)
        for row in self.present[:, rivals]:
            yield "; ".join(labels[at] for at in rivals[row])


def choices(
    kept: NDArray[np.bool_],
    families: NDArray[np.str_] | None,
    at_most: int,
    rng: np.random.Generator,
) -> Choices:
    """Return the ways to take one of each family among the effects kept.

    All of them, the last family changing fastest, or, where they are more than `at_most`, that
    many draws with equal chances, without those drawn twice.

    Args:
        kept: which effects may enter, shape (k,).
        families: the family of each, shape (k,); None lets all enter.
        at_most: how many ways are wanted.
        rng: draws where there are more.
    """
    if not kept.any():
        return Choices(np.zeros((0, len(kept)), dtype=bool), 0, kept)
    if families is None:
        return Choices(kept[None, :].copy(), 1, np.zeros(len(kept), dtype=bool))
    members = [np.flatnonzero(kept & (families == name)) for name in dict.fromkeys(families[kept])]
    sizes = [len(one) for one in members]
    possible = math.prod(sizes)
    if possible <= at_most:
        picks = np.stack(np.unravel_index(np.arange(possible), sizes), axis=1)
    else:
        picks = np.unique(rng.integers(0, sizes, (at_most, len(sizes))), axis=0)
    present = np.zeros((len(picks), len(kept)), dtype=bool)
    for family, pick in zip(members, picks.T, strict=True):
        present[np.arange(len(picks)), family[pick]] = True
    rivals = np.zeros(len(kept), dtype=bool)
    for family in members:
        rivals[family] = len(family) > 1
    return Choices(present, possible, rivals)
