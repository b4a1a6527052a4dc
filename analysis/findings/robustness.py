"""How far a headline rests on choices: every combination of them, and what they agree on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from analysis.findings.robust_choices import Choice
from analysis.findings.robust_doubt import Further, Left, OneEach, SmallStudy
from analysis.findings.robust_fit import Analysis
from analysis.findings.robust_options import filters, ways


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

    choices: Mapping[str, str]
    at: tuple[int, int]
    tally: Tally
    result: Analysis | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What analyses agree on. Choices that keep the same rows make one analysis, counted once.

    `combinations`, `not_estimable`: of choices. `n`: distinct analyses with an estimate.
    `same_side`: share of them on the headline's side of no effect; `excluding`: share whose whole
    interval is. `rank`: the headline's place from the lowest, 1 to n.
    """

    combinations: int
    not_estimable: int
    n: int
    same_side: float | None
    excluding: float | None
    lowest: float | None
    median: float | None
    highest: float | None
    rank: int | None


@dataclass(frozen=True)
class Robustness:
    """One finding under every combination of choices.

    `kept`: for each combination of the choices about rows (in the order of `filters`), which set
    of rows it keeps; `tallies`: one a set; `analyses`: sets by ways (in the order of `ways`),
    none where the finding is listed. `left`: the headline without each study and each row.
    `small_study`, `further`: None where the finding is listed; `one_each` also where all rows
    are of one sample.
    """

    id: str
    name: str
    kind: str
    title: str
    unit: str
    null: float
    log_scale: bool
    certainty: str
    choices: tuple[Choice, ...]
    kept: tuple[int, ...]
    tallies: tuple[Tally, ...]
    analyses: tuple[tuple[Analysis, ...], ...] = ()
    left: tuple[Left, ...] = ()
    small_study: SmallStudy | None = None
    further: Further | None = None
    one_each: OneEach | None = None

    @property
    def usual(self) -> dict[str, str]:
        """The headline's choices; "" for a choice that does not arise in it."""
        chosen: dict[str, str] = {}
        for choice in self.choices:
            chosen[choice.name] = choice.usual if choice.arises(chosen) else ""
        return chosen

    @cached_property
    def specifications(self) -> tuple[Specification, ...]:
        """Every combination of choices, each once, in the order of the choices."""
        return tuple(self._specified())

    def _specified(self) -> Iterator[Specification]:
        order, made = [c.name for c in self.choices], list(ways(self.choices))
        for at_way, way in enumerate(made):
            for kept, rows in zip(self.kept, filters(self.choices), strict=True):
                both = {**way, **rows}
                result = self.analyses[kept][at_way] if self.analyses else None
                chosen = {name: both[name] for name in order}
                yield Specification(chosen, (kept, at_way), self.tallies[kept], result)

    @cached_property
    def _by_choices(self) -> dict[tuple[str, ...], Specification]:
        return {tuple(spec.choices.values()): spec for spec in self.specifications}

    def find(self, **changed: str) -> Specification:
        """Return the headline with some choices changed, `find(dependence="three_level")`.

        A choice that then arises for the first time takes its usual option.

        Raises:
            KeyError: no choice or option is called so.
        """
        known = {choice.name: choice for choice in self.choices}
        for name, code in changed.items():
            if name not in known or code not in known[name].options:
                raise KeyError(f"{self.id}: no choice {name} = {code!r}")
        chosen: dict[str, str] = {}
        for choice in self.choices:
            wanted = changed.get(choice.name, choice.usual)
            chosen[choice.name] = wanted if choice.arises(chosen) else ""
        return self._by_choices[tuple(chosen.values())]

    @cached_property
    def headline(self) -> Specification:
        """The combination that the question itself chose."""
        return self.find()

    @cached_property
    def same_question(self) -> tuple[Specification, ...]:
        """The combinations that answer the headline's own question."""
        fixed = {c.name: c.usual for c in self.choices if c.other_question}
        return tuple(spec for spec in self.specifications if fixed.items() <= spec.choices.items())

    def with_option(self, name: str, code: str) -> tuple[Specification, ...]:
        """Return the combinations with one option, of the headline's question or that option's."""
        other = any(choice.name == name and choice.other_question for choice in self.choices)
        among = self.specifications if other else self.same_question
        return tuple(spec for spec in among if spec.choices[name] == code)

    def verdict(self, among: tuple[Specification, ...]) -> Verdict:
        """Return what combinations agree on, each analysis counted once."""
        found = {s.at: s.result for s in among if s.result and not s.result.reason}
        lacking = sum(not s.result or bool(s.result.reason) for s in among)
        if not found:
            return Verdict(len(among), lacking, 0, *[None] * 6)
        estimates = sorted(one.estimate for one in found.values())
        own = self.headline.result
        below = [one.estimate < own.estimate for one in found.values()]
        return Verdict(
            combinations=len(among),
            not_estimable=lacking,
            n=len(found),
            same_side=sum(self._agrees(one.estimate) for one in found.values()) / len(found),
            excluding=sum(self.excludes(one) for one in found.values()) / len(found),
            lowest=estimates[0],
            median=median(estimates),
            highest=estimates[-1],
            rank=1 + sum(below),
        )

    def _agrees(self, value: float) -> bool:
        return (value < self.null) == (self.headline.result.estimate < self.null)

    def excludes(self, one: Analysis) -> bool:
        """Return whether a whole interval lies on the headline's side of no effect."""
        return all(end != self.null and self._agrees(end) for end in (one.ci_low, one.ci_high))

    def distinct(self) -> dict[tuple[int, int], Specification]:
        """Return each analysis with an estimate once, under the fewest changes that lead to it."""
        usual, found = self.usual, {}
        for spec in self.specifications:
            if spec.result is None or spec.result.reason:
                continue
            changes = sum(code not in ("", usual[name]) for name, code in spec.choices.items())
            if spec.at not in found or changes < found[spec.at][0]:
                found[spec.at] = (changes, spec)
        return {at: spec for at, (_, spec) in found.items()}
