"""Sentences about robustness, each computed: what moved a headline, and what would."""

from typing import TypeVar

from analysis.figures.specification_words import digits, share, told
from analysis.findings.robustness import Robustness
from analysis.numbers import number, p_value

Part = TypeVar("Part")


def influence(found: Robustness) -> str:
    """Return which study and which row, left out, move the headline furthest."""
    said = [_moved(found, what) for what in ("study", "row")]
    return " ".join(sentence for sentence in said if sentence)


def _moved(found: Robustness, what: str) -> str:
    moved = [
        (_distance(found, left.change), left)
        for left in found.left
        if left.what == what and left.change is not None
    ]
    if not moved:
        return "" if what == "row" else "There is a single study, so none can be left out."
    _, most = max(moved, key=lambda one: one[0])
    shown = told(found, most.result)
    return f"Without the {what} that moves it most ({most.label}) the estimate is {shown}."


def _distance(found: Robustness, change: float) -> float:
    from math import log

    return abs(log(change) if found.log_scale else change)


def _held(found: Robustness, part: Part | None) -> Part:
    """Return a part that only findings with a mean have."""
    if part is None:
        raise ValueError(f"{found.id} is {found.kind}: it has no mean")
    return part


def small_study(found: Robustness) -> str:
    """Return the test whether small studies differ, or why there is none."""
    test = _held(found, found.small_study)
    if test.reason:
        return f"No test of small studies is reported: {test.reason}."
    slope = number(test.slope, digits(found))
    return (
        f"For each unit of standard error the effect changes by {slope} ({p_value(test.p_value)}, "
        f"{test.k:,} rows of {test.n_families:,} samples)."
    )


def one_each(found: Robustness) -> str:
    """Return what comes of one row a sample, over the ways to take one."""
    each = found.one_each
    if each is None:
        return "All rows come from one sample, so a mean of one row a sample cannot be made."
    places = digits(found)
    ways = f"{each.n:,}" if each.n == each.possible else f"{each.n:,} drawn of {each.possible:,}"
    return (
        f"With one row a sample there are {ways} ways to take one. Their estimates run from "
        f"{number(each.lowest, places)} to {number(each.highest, places)}, the middle one is "
        f"{number(each.median, places)}, and {share(each.excluding)} of their intervals stay clear "
        "of the line of no difference."
    )


def change_of_mind(found: Robustness) -> str:
    """Return what a further study would have to find to unsettle the headline."""
    further, unit = _held(found, found.further), found.unit
    if further.included:
        return (
            "The headline's interval crosses the line of no difference already. "
            f"A further study that found no difference would move the estimate to "
            f"{told(found, further.with_null)}."
        )
    said = (
        "A further row as precise as the middle one that found no difference would move the "
        f"headline to {told(found, further.with_null)}. "
    )
    if further.tipping is None:
        reach = number(further.reach, digits(found), sign=not found.log_scale)
        return said + (
            f"No single further result as far as {reach} {unit} would make the interval cross "
            "the line of no difference."
        )
    tipping = number(further.tipping, digits(found), sign=not found.log_scale)
    return said + (
        "To make the interval cross the line of no difference it would have to find "
        f"{tipping} {unit} or beyond."
    )


def extraction(found: Robustness) -> str:
    """Return what is left of the headline without figures that were read in an abstract."""
    spec = found.find(extraction="beyond_abstract")
    if spec.at == found.headline.at:
        return "No figure behind it was read in an abstract alone."
    result = _held(found, spec.result)
    if result.reason:
        return f"Without figures read in an abstract it is not estimable: {result.reason}."
    return f"Without figures read in an abstract it is {told(found, result)}."


def verdict(found: Robustness) -> str:
    """Return what the analyses of the headline's own question agree on."""
    agreed, places = found.verdict(found.same_question), digits(found)
    return (
        f"{agreed.combinations:,} combinations of choices ask the headline's own question. "
        f"{agreed.not_estimable:,} leave too little for an estimate; the rest make {agreed.n:,} "
        f"distinct analyses. Their estimates run from {number(agreed.lowest, places)} to "
        f"{number(agreed.highest, places)} {found.unit}, the middle one is "
        f"{number(agreed.median, places)}, and the headline is number {agreed.rank:,} from the "
        f"lowest. {share(agreed.same_side)} lie on the headline's side of no difference; "
        f"{share(agreed.excluding)} have an interval that lies there wholly."
    )
