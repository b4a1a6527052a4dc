"""What a sentence may say of robustness, and what each needs: the build stops when it is not so."""

from collections.abc import Callable, Mapping

from analysis.findings.robust_fit import Analysis
from analysis.findings.robustness import Robustness
from analysis.findings.wording import Unsupported

# How far a choice may move the estimate or an end of its interval and still matter little: a
# tenth of the headline's interval, on the scale of the analysis.
LITTLE = 0.1


def _one_side(found: Robustness, _: Analysis) -> bool:
    return found.verdict(found.specifications).same_side == 1.0


def _includes(found: Robustness, one: Analysis) -> bool:
    mean = one.mean
    return mean is not None and mean.ci_low <= found.null <= mean.ci_high


def _leaves_out(found: Robustness, one: Analysis) -> bool:
    return found.excludes(one)


def _moves_little(found: Robustness, one: Analysis) -> bool:
    from math import log

    if one.mean is None:
        return False
    to: Callable[[float], float] = log if found.log_scale else float
    own = found.mean
    moved = [abs(to(new) - to(old)) for new, old in zip(one.mean, own, strict=True)]
    return max(moved) <= LITTLE * (to(own.ci_high) - to(own.ci_low))


SAYINGS: Mapping[str, Callable[[Robustness, Analysis], bool]] = {
    "on one side of no difference": _one_side,
    "crosses the line of no difference": _includes,
    "stays clear of the line of no difference": _leaves_out,
    "matters little": _moves_little,
    "is not estimable": lambda _, one: bool(one.reason),
}
"""Words -> whether a finding, and its headline with the choices named, support them."""


def says(found: Robustness, said: str, **changed: str) -> str:
    """Return `said` when the numbers support it for the headline with some choices changed.

    Raises:
        Unsupported: they do not, or the words are not in `SAYINGS`.
        KeyError: no choice or option is called so.
    """
    if said not in SAYINGS:
        raise Unsupported(f"{said!r} has no rule; those with one are: {', '.join(SAYINGS)}")
    result = found.find(**changed).result
    if result is None or not SAYINGS[said](found, result):
        under = ", ".join(f"{name} = {code}" for name, code in changed.items()) or "the headline"
        raise Unsupported(f"{found.id}: {said!r} is not so under {under}: {result}")
    return said
