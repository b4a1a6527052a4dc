"""Combinations of choices, made one at a time as they are asked for: there may be a million."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import overload

from analysis.findings.robust_fit import Analysis

Codes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """What one set of rows holds before any mean: counts, and whether the claim still does.

    `k_listed`: rows, with an interval or without; `k`: those with one. `holds` is None where the
    claim is not asked again (findings with a mean), or names a group that is no longer there.
    """

    k_listed: int
    k: int
    n_studies: int
    n_families: int
    k_interval_below: int
    k_interval_above: int
    lowest: float | None
    median: float | None
    highest: float | None
    holds: bool | None = None


@dataclass(frozen=True, slots=True)
class Specification:
    """One combination of choices, name -> code ("" where a choice does not arise), and its result.

    `at` is the place of its analysis among the distinct ones. A listed finding has no `result`.
    """

    choices: Codes
    at: tuple[int, int]
    tally: Tally
    result: Analysis | None


@dataclass(frozen=True, slots=True, eq=False)
class Among(Sequence[Specification]):
    """Some combinations of choices: each of `ways` with each of `filters`, in that order.

    `names`: the choices in their order. `ways`, `filters`: codes of the choices about method and
    about rows, each with its place among all. `kept`, `tallies`, `analyses`: as in `Robustness`.
    """

    names: tuple[str, ...]
    ways: tuple[tuple[int, Codes], ...]
    filters: tuple[tuple[int, Codes], ...]
    kept: tuple[int, ...]
    tallies: tuple[Tally, ...]
    analyses: tuple[tuple[Analysis, ...], ...]

    def of(self, **codes: str) -> "Among":
        """Return those of these combinations that have all these codes.

        Raises:
            KeyError: no choice is called so.
        """
        if strangers := codes.keys() - set(self.names):
            raise KeyError(f"no choice {', '.join(sorted(strangers))}")
        ways, filters = (
            tuple(one for one in of if all(one[1].get(n, c) == c for n, c in codes.items()))
            for of in (self.ways, self.filters)
        )
        return replace(self, ways=ways, filters=filters)

    def __len__(self) -> int:
        return len(self.ways) * len(self.filters)

    def __iter__(self) -> Iterator[Specification]:
        for way, rows in product(self.ways, self.filters):
            yield self._made(way, rows)

    @overload
    def __getitem__(self, at: int) -> Specification: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Specification, ...]: ...
    def __getitem__(self, at: int | slice) -> Specification | tuple[Specification, ...]:
        """Return a combination by its place, or several."""
        places = range(len(self))[at]
        if isinstance(places, range):
            return tuple(self[place] for place in places)
        way, rows = divmod(places, len(self.filters))
        return self._made(self.ways[way], self.filters[rows])

    def _made(self, way: tuple[int, Codes], rows: tuple[int, Codes]) -> Specification:
        (at_way, ways), (at_rows, filters) = way, rows
        kept = self.kept[at_rows]
        chosen = {name: ways[name] if name in ways else filters[name] for name in self.names}
        result = self.analyses[kept][at_way] if self.analyses else None
        return Specification(chosen, (kept, at_way), self.tallies[kept], result)

    def sets(self) -> dict[int, int]:
        """Return how many of the `filters` keep each set of rows, by the place of the set."""
        counts: dict[int, int] = {}
        for at, _ in self.filters:
            counts[self.kept[at]] = counts.get(self.kept[at], 0) + 1
        return counts

    def analysed(self) -> Iterator[tuple[tuple[int, int], Analysis | None, int]]:
        """Yield the distinct analyses: place, result, and how many combinations lead to it."""
        counts = self.sets()
        for at_way, _ in self.ways:
            for kept, count in counts.items():
                result = self.analyses[kept][at_way] if self.analyses else None
                yield (kept, at_way), result, count

    def nearest_ways(self, usual: Codes) -> Iterator[Specification]:
        """Yield each distinct analysis under the fewest changes of `usual` that lead to it."""
        best: dict[int, tuple[int, tuple[int, Codes]]] = {}
        for rows in self.filters:
            changes = sum(code not in ("", usual[name]) for name, code in rows[1].items())
            kept = self.kept[rows[0]]
            if kept not in best or changes < best[kept][0]:
                best[kept] = (changes, rows)
        for way in self.ways:
            for _, rows in best.values():
                yield self._made(way, rows)
