"""An analysis that has an estimate: what a figure can draw of it."""

from dataclasses import dataclass

from analysis.findings.robust_fit import Analysis


@dataclass(frozen=True, slots=True)
class Estimated:
    """An estimate and its 95% interval, on the printed scale."""

    estimate: float
    ci_low: float
    ci_high: float

    @classmethod
    def of(cls, result: Analysis | None) -> "Estimated":
        """Return what an analysis estimates.

        Raises:
            ValueError: nothing was analysed, or the analysis has no estimate.
        """
        if result is None or result.reason:
            raise ValueError(f"expected an estimate; found {result and result.reason}")
        estimate, low, high = result.estimate, result.ci_low, result.ci_high
        if estimate is None or low is None or high is None:
            raise ValueError(f"expected an estimate with its interval; found {result}")
        return cls(estimate, low, high)
