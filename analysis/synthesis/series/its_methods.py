"""The ways to treat autocorrelation in an interrupted time series, as a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.series.its_ar1 import Rho, iterated_rho, likelihood_rho, no_rho
from analysis.synthesis.series.its_design import Design


@dataclass(frozen=True, slots=True)
class Method:
    """A way to treat autocorrelation: how rho is found, and what follows from it.

    `robust`: standard errors by Newey and West. `keep_first`: whether the first point is used.
    `says`: what the method is, for messages and pages.
    """

    rho: Callable[[FloatArray, Design], Rho]
    says: str
    robust: bool = False
    keep_first: bool = True

    @property
    def models_rho(self) -> bool:
        """Whether the fit itself takes account of autocorrelation."""
        return self.rho is not no_rho


ITS_METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "ols": Method(no_rho, "ordinary least squares, autocorrelation ignored"),
        "newey-west": Method(
            no_rho, "ordinary least squares with Newey-West standard errors", robust=True
        ),
        "prais-winsten": Method(iterated_rho, "Prais-Winsten, iterated"),
        "cochrane-orcutt": Method(
            partial(iterated_rho, keep_first=False),
            "Cochrane-Orcutt, iterated",
            keep_first=False,
        ),
        "arima": Method(
            partial(likelihood_rho, restricted=False),
            "ARIMA(1,0,0) errors by maximum likelihood",
        ),
        "reml": Method(
            partial(likelihood_rho, restricted=True),
            "AR(1) errors by restricted maximum likelihood",
        ),
    }
)


def degrees(design: Design, way: Method) -> float:
    """Return the degrees of freedom of t: points used less coefficients."""
    return float(design.df - (not way.keep_first))
