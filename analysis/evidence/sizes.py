"""Effect sizes and standard errors from the estimates and intervals that were printed."""

from statistics import NormalDist

import numpy as np
import pandas as pd

BINARY_NOISE = 1e-9
RATIO_MEASURES = ("odds_ratio", "rate_ratio", "median_odds_ratio", "hazard_ratio", "risk_ratio")


def effect_sizes(effects: pd.DataFrame) -> pd.DataFrame:
    """Return `effects` (n rows, as `load_evidence` gives them) with these columns added.

    - `scale`: `log` for ratios (natural logarithm), `identity` for everything else.
    - `yi`, `sei`, `vi`: estimate, standard error and its square on that scale; missing where no
      estimate or no confidence interval was printed.
    - `se_source`: `full_width`, `wider_side`, or blank where there is no standard error.
    - `asymmetry`: |low + high - 2 estimate| / (high - low) on that scale, 0 when centred.
    - `asymmetry_note`: why the wider side was taken; blank otherwise.

    A symmetric interval gives sei = (high - low) / (2 z), with z the normal quantile of its level
    (Higgins et al., Cochrane Handbook version 6, section 6.3). An interval that is off centre by
    more than the rounding of its printed numbers holds a slip or comes from another model; then
    sei = max(high - estimate, estimate - low) / z, the wider side, so that no row gains weight
    from a misprint. Ranges of scenarios are no confidence intervals, and an interval without width
    was rounded away: neither gives a standard error.
    """
    log = effects["measure"].isin(RATIO_MEASURES).to_numpy()
    printed = effects[["estimate", "ci_low", "ci_high"]].astype("float64")
    estimate, low, high = (_on_scale(values, log) for _, values in printed.items())
    confidence = effects["interval_kind"].eq("confidence").fillna(False).to_numpy(bool)
    width = np.where(confidence & (high > low), high - low, np.nan)
    off_centre = np.abs(low + high - 2 * estimate)
    skewed = off_centre > _rounding(printed, log)
    half = np.where(skewed, np.fmax(high - estimate, estimate - low), width / 2)
    usable = np.isfinite(width + estimate)
    sei = np.where(usable, half, np.nan) / _quantiles(effects["ci_level"])
    return effects.assign(
        scale=np.where(log, "log", "identity"),
        yi=estimate,
        sei=sei,
        vi=sei**2,
        se_source=np.select([usable & skewed, usable], ["wider_side", "full_width"], ""),
        asymmetry=off_centre / width,
        asymmetry_note=[
            _note(*ends) if flagged else ""
            for flagged, *ends in zip(usable & skewed, estimate - low, high - estimate, strict=True)
        ],
    )


def _on_scale(numbers: pd.Series, log: np.ndarray) -> np.ndarray:
    values = numbers.to_numpy(float)
    logged = np.log(values, out=np.full_like(values, np.nan), where=log & (values > 0))
    return np.where(log, logged, values)


def _quantiles(levels: pd.Series) -> np.ndarray:
    z = {level: NormalDist().inv_cdf(0.5 + level / 200) for level in levels.dropna().unique()}
    return levels.map(z).astype("float64").to_numpy()


def _rounding(printed: pd.DataFrame, log: np.ndarray) -> np.ndarray:
    """Return how far off centre rounding alone can put an interval, on the analysis scale.

    Each number may be off by half a unit of the last decimal printed in its row, and the estimate
    counts twice.
    """
    half_unit = 0.5 * 10.0 ** -printed.map(_decimals).max(axis=1).to_numpy(float)
    slack = {
        name: _on_scale(values, log) - _on_scale(values - half_unit, log)
        for name, values in printed.items()
    }
    return 2 * slack["estimate"] + slack["ci_low"] + slack["ci_high"] + BINARY_NOISE


def _decimals(value: float) -> int:
    text = np.format_float_positional(value, trim="-") if np.isfinite(value) else ""
    return len(text.partition(".")[2])


def _note(below: float, above: float) -> str:
    return (
        f"the interval reaches {below:.3g} below and {above:.3g} above the estimate, more than "
        "rounding explains; the standard error is from the wider side"
    )
