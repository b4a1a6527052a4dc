"""How far a headline rests on choices: every combination of them, and what they agree on."""

from dataclasses import dataclass
from functools import cached_property
from statistics import median

from analysis.findings.robust_among import Among, Specification, Tally
from analysis.findings.robust_choices import Choice
from analysis.findings.robust_doubt import Further, Left, OneEach, SmallStudy
from analysis.findings.robust_fit import Analysis, Mean
from analysis.findings.robust_options import filters, ways


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
    same_side: float | None = None
    excluding: float | None = None
    lowest: float | None = None
    median: float | None = None
    highest: float | None = None
    rank: int | None = None


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
    def specifications(self) -> Among:
        """Every combination of choices, each once, in the order of the choices."""
        return Among(
            tuple(choice.name for choice in self.choices),
            tuple(enumerate(ways(self.choices))),
            tuple(enumerate(filters(self.choices))),
            self.kept,
            self.tallies,
            self.analyses,
        )

    @cached_property
    def _by_choices(self) -> tuple[dict[tuple[str, ...], int], ...]:
        every = self.specifications
        return tuple({tuple(c.values()): at for at, c in of} for of in (every.ways, every.filters))

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
        way, rows = (
            tuple(chosen[choice.name] for choice in self.choices if choice.filters == about_rows)
            for about_rows in (False, True)
        )
        every, (by_way, by_rows) = self.specifications, self._by_choices
        return every[by_way[way] * len(every.filters) + by_rows[rows]]

    @cached_property
    def headline(self) -> Specification:
        """The combination that the question itself chose."""
        return self.find()

    @cached_property
    def same_question(self) -> Among:
        """The combinations that answer the headline's own question."""
        fixed = {c.name: c.usual for c in self.choices if c.other_question}
        return self.specifications.of(**fixed)

    def with_option(self, name: str, code: str) -> Among:
        """Return the combinations with one option, of the headline's question or that option's."""
        other = any(choice.name == name and choice.other_question for choice in self.choices)
        among = self.specifications if other else self.same_question
        return among.of(**{name: code})

    def verdict(self, among: Among) -> Verdict:
        """Return what combinations agree on, each analysis counted once."""
        found: list[Mean] = []
        lacking = 0
        for _, result, count in among.analysed():
            if result and result.mean:
                found.append(result.mean)
            else:
                lacking += count
        if not found:
            return Verdict(len(among), lacking, 0)
        estimates = sorted(one.estimate for one in found)
        below = [one.estimate < self.mean.estimate for one in found]
        return Verdict(
            combinations=len(among),
            not_estimable=lacking,
            n=len(found),
            same_side=sum(self._agrees(one.estimate) for one in found) / len(found),
            excluding=sum(self._beyond(one) for one in found) / len(found),
            lowest=estimates[0],
            median=median(estimates),
            highest=estimates[-1],
            rank=1 + sum(below),
        )

    @cached_property
    def mean(self) -> Mean:
        """The headline's estimate with its limits.

        Raises:
            ValueError: the finding is listed and has none.
        """
        own = self.headline.result
        if own is None or own.mean is None:
            raise ValueError(f"{self.id} is {self.kind}: it has no mean")
        return own.mean

    def _agrees(self, value: float) -> bool:
        return (value < self.null) == (self.mean.estimate < self.null)

    def _beyond(self, one: Mean) -> bool:
        return all(end != self.null and self._agrees(end) for end in (one.ci_low, one.ci_high))

    def excludes(self, one: Analysis) -> bool:
        """Return whether a whole interval lies on the headline's side of no effect."""
        return one.mean is not None and self._beyond(one.mean)

    def distinct(self) -> dict[tuple[int, int], Specification]:
        """Return each analysis with an estimate once, under the fewest changes that lead to it."""
        each = self.specifications.nearest_ways(self.usual)
        return {spec.at: spec for spec in each if spec.result and not spec.result.reason}
