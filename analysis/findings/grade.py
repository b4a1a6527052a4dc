"""Propose a certainty: from what a finding's numbers and tables say to steps, each with a reason.

GRADE's domains (Guyatt et al. 2011, J Clin Epidemiol 64:383-394) by the written rules of
`grade_rules`. A proposal is no verdict: the final level stands in `data/questions.yml`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from analysis.findings import grade_rules as rules
from analysis.findings.claims import LEVELS
from analysis.numbers import MINUS, number, percent

_NAMES = {step: name for name, step in LEVELS.items()}


@dataclass(frozen=True, slots=True)
class Given:
    """What the rules read of one finding. Shares are parts of its weight, from 0 to 1.

    Attributes:
        kind: pooled, nested, listed or series.
        overall: share at each overall risk of bias; blank for not judged.
        serious_measurement: share at serious risk in the measurement of the outcome.
        k: estimates with an interval.
        below, above: intervals wholly below and above no change.
        under, over: figures (intervals or not) below and above no change.
        mean: estimate and interval of the average, if one is made.
        prediction: the prediction interval of the average, if there is one.
        null: what no change is, 0 or 1.
        points: whether the unit is percentage points; ratio: whether it is a ratio.
        explained: whether the groups of the question explain the spread.
        abroad, partial, records, gaps: shares from outside the UK, read in abstracts and press, of
            what exists mainly as a record, of contrasts between groups.
        practices: how many practices stand behind the intervals, if known for all.
        ordered: how many kinds of indicator the claim puts in an order that holds.
        flags: keys of `grade_rules.FLAGS` that the question declares.
    """

    kind: str
    overall: Mapping[str, float]
    serious_measurement: float
    k: int
    below: int
    above: int
    under: int
    over: int
    mean: tuple[float, float, float] | None
    prediction: tuple[float, float] | None
    null: float
    points: bool
    ratio: bool
    explained: bool
    abroad: float
    partial: float
    records: float
    gaps: float
    practices: float | None
    ordered: int
    flags: tuple[str, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether more than half was judged with ROBINS-I."""
        return 1 - self.overall.get("", 0.0) > rules.MORE_THAN


@dataclass(frozen=True, slots=True)
class Step:
    """Steps in one domain: below 0 down, above 0 up, and why."""

    steps: int
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The certainty that the rules propose: steps from high, one entry a domain."""

    steps: Mapping[str, Step]

    @property
    def level(self) -> str:
        """The level after all steps, never below very low."""
        return level_after(step.steps for step in self.steps.values())


def level_after(steps: Iterable[int]) -> str:
    """Return the level that `steps` lead to from high, within very low and high."""
    reached = LEVELS[rules.START] + sum(steps)
    return _NAMES[min(max(reached, min(_NAMES)), max(_NAMES))]


def propose(given: Given) -> Proposal:
    """Return the proposal of the rules for what is given."""
    steps = {domain: rule(given) for domain, rule in _LOWERING.items()}
    room = _room(steps["risk_of_bias"].steps)
    for domain, rule in _RAISING.items():
        steps[domain] = rule(given) if room else Step(0, _NO_ROOM)
        room = room and not steps[domain].steps
    return Proposal(steps)


_NO_ROOM = "No step taken for risk of bias is left to give back."


def _room(risk_of_bias: int) -> bool:
    """Whether a step up may give back one for risk of bias: there is one, and not for critical."""
    return rules.RISK_OF_BIAS["critical"] < risk_of_bias < 0


def _risk_of_bias(given: Given) -> Step:
    if given.gaps > rules.MORE_THAN:
        return Step(rules.GAP, "It describes a gap between groups that differ in other ways too.")
    if not given.judged:
        return Step(rules.NOT_JUDGED, "Most of it is not judged with ROBINS-I.")
    worse = 0.0
    for judgement, steps in rules.RISK_OF_BIAS.items():
        worse += given.overall.get(judgement, 0.0)
        if worse > rules.MORE_THAN:
            or_worse = "" if judgement == "critical" else " or worse"
            return Step(steps, f"{_part(worse)} of the weight is at {judgement} risk{or_worse}.")
    return Step(0, "Most of the weight is at low risk.")


def _inconsistency(given: Given) -> Step:
    spread = _spread(given)
    if spread and given.explained:
        return Step(0, f"{spread} The kinds of indicator explain it.")
    return Step(-1, spread) if spread else Step(0, _agreement(given))


def _agreement(given: Given) -> str:
    if given.kind == "series":
        return "One series against another; there is nothing to compare it with."
    return "No two figures clearly disagree." if given.k > 1 else "One interval; none to compare."


def _spread(given: Given) -> str:
    """Return in what way figures disagree, blank where they do not."""
    if given.below and given.above:
        return f"Intervals wholly below no change: {given.below}; wholly above: {given.above}."
    if (given.below and given.over) or (given.above and given.under):
        return "Figures that are clear face others that point the other way."
    agree = given.k == given.below + given.above
    if given.prediction and not agree and _includes(given.prediction, given.null):
        return "The prediction interval includes no change."
    return ""


def _indirectness(given: Given) -> Step:
    if given.abroad > rules.MORE_THAN:
        return Step(-1, f"{_part(given.abroad)} comes from outside the United Kingdom.")
    if declared := [rules.FLAGS[flag] for flag in given.flags]:
        told = "; ".join(declared)
        return Step(-1, f"{told[0].upper()}{told[1:]}.")
    if given.records > rules.MORE_THAN:
        if given.serious_measurement > rules.MORE_THAN:
            return Step(0, "Most of it counts a record; measurement has counted that already.")
        return Step(-1, f"{_part(given.records)} counts what exists mainly as a record.")
    return Step(0, "Patients, payment and outcome are those of the claim.")


def _imprecision(given: Given) -> Step:
    if given.kind == "series":
        return Step(0, "Complete counts.")
    if given.mean and _includes(given.mean[1:], given.null):
        return Step(-1, "The interval of the average includes no change.")
    unclear = given.k - given.below - given.above
    if not given.mean and given.k and unclear / given.k > rules.MORE_THAN:
        return Step(-1, f"{unclear} of {given.k} intervals include no change.")
    if given.k < rules.LEAST_ESTIMATES:
        return Step(-1, f"Estimates with an interval: {given.k}.")
    if given.practices is not None and given.practices < rules.LEAST_PRACTICES:
        return Step(-1, f"{number(given.practices, 0)} practices.")
    return Step(0, "Enough estimates, and most are clear.")


def _reporting(given: Given) -> Step:
    part = f"{_part(given.partial)} was read in abstracts or news."
    averaged = given.mean is not None
    return Step(-1 if averaged and given.partial > rules.MORE_THAN else 0, part)


def _large_effect(given: Given) -> Step:
    if given.mean is None:
        return Step(0, "No average is made.")
    estimate, *ends = given.mean
    if _includes(ends, given.null):
        return Step(0, "The interval of the average includes no change.")
    far = given.points and abs(estimate) >= rules.LARGE_POINTS
    apart = given.ratio and max(estimate, 1 / estimate) >= rules.LARGE_RATIO
    size = f"The average is {number(estimate)}{' percentage points' if given.points else ''}."
    return Step(int(far or apart), size)


def _gradient(given: Given) -> Step:
    if given.ordered >= rules.STEPS_OF_GRADIENT:
        return Step(1, f"{given.ordered} kinds of indicator stand in the order of the claim.")
    return Step(0, "The claim orders no row of kinds.")


_LOWERING: Mapping[str, Callable[[Given], Step]] = {
    "risk_of_bias": _risk_of_bias,
    "inconsistency": _inconsistency,
    "indirectness": _indirectness,
    "imprecision": _imprecision,
    "reporting": _reporting,
}
_RAISING: Mapping[str, Callable[[Given], Step]] = {
    "large_effect": _large_effect,
    "gradient": _gradient,
}


def _includes(ends: Iterable[float], null: float) -> bool:
    low, high = ends
    return low <= null <= high


def _part(share: float) -> str:
    return percent(100 * share, 0)


def signed(steps: int) -> str:
    """Write steps as "−2", "0" or "+1"."""
    return f"{MINUS if steps < 0 else '+' if steps else ''}{abs(steps)}"
