"""Effects of a two-by-two table: events among two groups of people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analysis.problems import ProblemsFound
from analysis.synthesis.columns import FloatArray, checked_columns, problem
from analysis.synthesis.inputs import checked_choice
from analysis.synthesis.measures.measured import Formula, MeasuredEffects, measured
from analysis.synthesis.measures.zero_cells import GROUP, SIZE, filled_cells

Result = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class CountMeasure:
    """A formula of the four cells, and what is added to zero cells unless asked otherwise."""

    formula: Formula
    add: float = 0.5


def two_by_two(
    events1: ArrayLike,
    n1: ArrayLike,
    events2: ArrayLike,
    n2: ArrayLike,
    *,
    measure: str,
    add: float | None = None,
    to: str = "only0",
    drop00: bool = False,
    labels: Iterable[object] | None = None,
    file: str = "input",
) -> MeasuredEffects:
    """Return the effects of group 1 against group 2 from counts of events.

    Args:
        events1: people with the event in group 1 (the treated, say), shape (k,).
        n1: all people in group 1.
        events2: people with the event in group 2.
        n2: all people in group 2.
        measure: a name in `COUNT_MEASURES`; ratios are natural logarithms.
        add: what to add to each of the four cells where `to` says; by default 0.5, and 0 for the
            arcsine difference, which zeros do not harm.
        to: "only0" (rows with a zero cell), "all", "if0all" (every row if any has a zero cell) or
            "none".
        drop00: leave out rows where neither group, or everybody in both, had the event: for
            ratios they hold no information.
        labels: k names; by default the index of a Series, or 1 to k.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names each count that is no whole number, is negative or exceeds its group,
            and each row whose counts give no effect (zeros with `to` "none", say).
    """
    chosen = COUNT_MEASURES[checked_choice("measure", measure, COUNT_MEASURES)]
    given = {"events1": (events1, SIZE), "n1": (n1, GROUP)}
    given |= {"events2": (events2, SIZE), "n2": (n2, GROUP)}
    columns, names = checked_columns(given, labels, file)
    check_within(columns, names, (("events1", "n1"), ("events2", "n2")), file)
    a, c = columns["events1"], columns["events2"]
    b, d = columns["n1"] - a, columns["n2"] - c
    none = ((a == 0) & (c == 0)) | ((b == 0) & (d == 0))
    cells = filled_cells(
        (a, b, c, d),
        names,
        add=chosen.add if add is None else add,
        to=to,
        dropped=none if drop00 else None,
        file=file,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = chosen.formula(*cells.counts)
    return measured(yi, vi, measure, names, file=file, kept=cells.kept, notes=cells.notes)


def check_within(
    columns: Mapping[str, FloatArray],
    names: tuple[str, ...],
    pairs: Iterable[tuple[str, str]],
    file: str,
) -> None:
    """Raise where more people had the event than there are in the group."""
    if problems := [
        problem(file, names[at], part, f"{columns[part][at]:g}", f"{columns[whole][at]:g} at most,"
                f" as many as {whole}")
        for part, whole in pairs
        for at in np.flatnonzero(columns[part] > columns[whole])
    ]:  # fmt: skip
        raise ProblemsFound(problems)


def _risk_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Result:
    """p1 - p2, variance Σ p (1 - p) / n (Fleiss & Berlin 2009, Handbook of Research Synthesis)."""
    n1, n2 = a + b, c + d
    return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3


def _percentage_points(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Result:
    """Return 100 times the risk difference."""
    yi, vi = _risk_difference(a, b, c, d)
    return 100 * yi, 100**2 * vi


def _log_risk_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Result:
    """ln(p1 / p2), variance 1/a - 1/n1 + 1/c - 1/n2 (Katz et al. 1978, Biometrics 34:469)."""
    n1, n2 = a + b, c + d
    # b / (a n) is 1/a - 1/n without the digits lost where nearly everybody had the event.
    return np.log(a / n1) - np.log(c / n2), b / (a * n1) + d / (c * n2)


def _log_odds_ratio(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Result:
    """ln(ad / bc), variance 1/a + 1/b + 1/c + 1/d (Woolf 1955, Ann Hum Genet 19:251)."""
    return np.log(a / b) - np.log(c / d), 1 / a + 1 / b + 1 / c + 1 / d


def _peto(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Result:
    """(observed - expected) / V, variance 1/V (Yusuf et al. 1985, Prog Cardiovasc Dis 27:335).

    V is the hypergeometric variance of the events in group 1.
    """
    n1, n2 = a + b, c + d
    n = n1 + n2
    spread = (a + c) * (b + d) * (n1 / n) * (n2 / n) / (n - 1)
    return (a - (a + c) * n1 / n) / spread, 1 / spread


def _arcsine_difference(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> Result:
    """Arcsine of √p1 less that of √p2, variance 1/(4 n1) + 1/(4 n2).

    Rücker et al. 2009, Stat Med 28:721.
    """
    n1, n2 = a + b, c + d
    yi = np.arcsin(np.sqrt(a / n1)) - np.arcsin(np.sqrt(c / n2))
    return yi, 1 / (4 * n1) + 1 / (4 * n2)


COUNT_MEASURES: Mapping[str, CountMeasure] = MappingProxyType(
    {
        "risk_difference": CountMeasure(_risk_difference),
        "risk_difference_pp": CountMeasure(_percentage_points),
        "log_risk_ratio": CountMeasure(_log_risk_ratio),
        "log_odds_ratio": CountMeasure(_log_odds_ratio),
        "peto_log_odds_ratio": CountMeasure(_peto),
        "arcsine_difference": CountMeasure(_arcsine_difference, add=0.0),
    }
)
