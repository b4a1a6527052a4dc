"""How many point the same way: the sign test, for studies whose effects cannot be pooled."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scipy import special

from analysis.problems import Problem, ProblemsFound
from analysis.synthesis.columns import problem, sequence
from analysis.synthesis.inputs import checked_choice, checked_level
from analysis.synthesis.quantiles import critical
from analysis.synthesis.unpooled.direction import BETTER, CONFLICTING, NEITHER, WORSE

NULL = "a study is as likely to find better as worse"
ALTERNATIVE = "studies find one of the two more often"
CAUTION = (
    "This counts directions. It says nothing of how large effects are, gives a small study the "
    "vote of a large one, and few studies rarely reach a small p-value: no evidence of an effect "
    "is not evidence of none."
)


@dataclass(frozen=True, slots=True)
class SignTest:
    """The share of studies that favour the better side.

    `better`, `worse`: studies counted, `n` together. `neither`: studies that point nowhere or both
    ways, not counted. `proportion`, `ci_low`, `ci_high`: of n that found better, with the
    `interval` named. `p_value`: exact, two-sided, against one half. `null`, `alternative`,
    `caution`: in words.
    """

    better: int
    worse: int
    neither: int
    proportion: float
    ci_low: float
    ci_high: float
    interval: str
    level: float
    p_value: float
    null: str = NULL
    alternative: str = ALTERNATIVE
    caution: str = CAUTION

    @property
    def n(self) -> int:
        """How many studies were counted."""
        return self.better + self.worse


def sign_test(
    given: Iterable[str], *, interval: str = "wilson", level: float = 0.95, file: str = "input"
) -> SignTest:
    """Return the sign test of directions, one a study (see `study_directions`).

    McKenzie & Brennan, Cochrane Handbook version 6, section 12.2.1.3; Borenstein et al. 2009,
    Introduction to Meta-Analysis, ch. 36.

    Args:
        given: "better", "worse", "neither" or "conflicting" for each study.
        interval: "wilson" (Wilson 1927, J Am Stat Assoc 22:209) or "clopper-pearson" (1934,
            Biometrika 26:404; never below its level, and wider).
        level: of the interval.
        file: what error messages call the source of the directions.

    Raises:
        ProblemsFound: names each unknown direction; or no study points anywhere.
    """
    names = list(sequence(given))
    known = (BETTER, WORSE, NEITHER, CONFLICTING)
    if problems := [
        problem(file, at, "direction", name, f"one of {', '.join(known)}")
        for at, name in enumerate(names, start=1)
        if name not in known
    ]:
        raise ProblemsFound(problems)
    better, worse = names.count(BETTER), names.count(WORSE)
    if not (n := better + worse):
        wanted = "at least 1 study that found better or worse"
        raise ProblemsFound([Problem(file, wanted, None, "direction", f"0 of {len(names)}")])
    limits = INTERVALS[checked_choice("interval", interval, INTERVALS)]
    low, high = limits(better, n, checked_level(level))
    p_value = min(1.0, 2 * float(special.bdtr(min(better, worse), n, 0.5)))
    return SignTest(better, worse, len(names) - n, better / n, low, high, interval, level, p_value)


def _wilson(x: int, n: int, level: float) -> tuple[float, float]:
    """Where the score test of a proportion is not rejected."""
    z2 = critical(level) ** 2
    middle = (x + z2 / 2) / (n + z2)
    half = math.sqrt(z2 * (x * (n - x) / n + z2 / 4)) / (n + z2)
    # With none or all of n the limit is 0 or 1 but for rounding.
    return (0.0 if x == 0 else middle - half), (1.0 if x == n else middle + half)


def _clopper_pearson(x: int, n: int, level: float) -> tuple[float, float]:
    """Where neither tail of the binomial is below (1 - level) / 2."""
    tail = (1 - level) / 2
    low = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(special.betaincinv(x + 1, n - x, 1 - tail))
    return low, high


INTERVALS: Mapping[str, Callable[[int, int, float], tuple[float, float]]] = MappingProxyType(
    {"wilson": _wilson, "clopper-pearson": _clopper_pearson}
)
