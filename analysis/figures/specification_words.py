"""The words of a specification curve: its alt text, its caption, and its table by choice."""

import pandas as pd

from analysis.figures.estimated import Estimated
from analysis.findings.robust_fit import Analysis
from analysis.findings.robust_summary import Option, options
from analysis.findings.robustness import Robustness, Verdict
from analysis.numbers import NOT_ESTIMABLE, interval, number, with_interval


def digits(found: Robustness) -> int:
    """Return how many decimals this finding's numbers have throughout the book."""
    return 2 if found.log_scale else 1


def share(part: float | None) -> str:
    """Return a share as a percentage; one that is not all or nothing never reads as that."""
    if part is None:
        return "not estimable"
    places = 0 if part in (0.0, 1.0) else 1
    shown = min(max(100 * part, 0.1), 99.9) if places else 100 * part
    return f"{number(shown, places)}%"


def alt(found: Robustness) -> str:
    """Return the point of the curve in words."""
    every = found.verdict(found.specifications)
    own = number(Estimated.of(found.headline.result).estimate, digits(found))
    return (
        f"Specification curve: {found.title}. {every.n:,} distinct analyses, sorted by their "
        f"estimate, run from {_extent(found, every)} {found.unit}, the middle one "
        f"{number(every.median, digits(found))}. The headline of {own} is marked with a diamond; "
        f"it is number {every.rank:,} from the lowest. {share(every.same_side)} of the analyses "
        f"lie on its side of no difference, and {share(every.excluding)} of the intervals lie "
        f"there wholly. Below the curve, marks show what each analysis chose."
    )


def caption(found: Robustness, drawn: int) -> str:
    """Return what is drawn, of how much, and how to read it."""
    every = found.verdict(found.specifications)
    said = f"{every.combinations:,} combinations of choices; {every.not_estimable:,} of them "
    said += "leave too few rows, samples or studies for an estimate. The rest make "
    said += f"{every.n:,} distinct analyses, for choices that keep the same rows are one. "
    said += (
        "All are drawn. "
        if drawn == every.n
        else f"{drawn:,} of them are drawn: the ends, the headline, and one by chance from each of "
        "as many equal stretches between. "
    )
    said += "Lines are 95% intervals, grey where they cross the line of no difference, and cut at "
    said += "the edge of the plot. Marks below the curve show each analysis's choices; neighbours "
    said += "join. An analysis that several combinations lead to stands under the fewest changes."
    return said


def table(found: Robustness) -> pd.DataFrame:
    """Return what becomes of the headline by choice, one row an option.

    Raises:
        ValueError: the finding is listed, so that its analyses agree on nothing.
    """
    return pd.DataFrame([_row(found, option) for option in options(found)])


def _row(found: Robustness, option: Option) -> dict[str, str]:
    verdict, places = option.verdict, digits(found)
    if verdict is None:
        raise ValueError(f"{found.id} is {found.kind}: no mean that choices could move")
    mark = " (headline)" if option.usual else ""
    return {
        "Option": f"{option.choice}: {option.label}{mark}",
        "Only this changed": _alone(found, option),
        "Analyses": number(verdict.n),
        "Middle estimate": number(verdict.median, places),
        "Lowest to highest": _extent(found, verdict),
        "Interval wholly on the headline's side": share(verdict.excluding),
    }


def _alone(found: Robustness, option: Option) -> str:
    if option.same_rows:
        return "the same rows: no change"
    return told(found, option.alone.result)


def told(found: Robustness, result: Analysis | None) -> str:
    """Return a result as "−20.6 (−31.8 to −9.5)", or why there is none."""
    if result is None:
        return NOT_ESTIMABLE
    if result.reason:
        return f"not estimable: {result.reason}"
    return with_interval(result.estimate, result.ci_low, result.ci_high, digits(found))


def _extent(found: Robustness, verdict: Verdict) -> str:
    return interval(verdict.lowest, verdict.highest, digits(found))
