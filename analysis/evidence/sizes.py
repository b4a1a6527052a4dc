"""Effect sizes and standard errors from the estimates and intervals that were printed."""

from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.intervals import FloatArray, read_intervals

RATIO_MEASURES = ("odds_ratio", "rate_ratio", "median_odds_ratio", "hazard_ratio", "risk_ratio")


def effect_sizes(effects: pd.DataFrame) -> pd.DataFrame:
    """Return `effects` (n rows, as `load_evidence` gives them) with these columns added.

    - `scale`: `log` for ratios (natural logarithm), `identity` for everything else.
    - `yi`, `sei`, `vi`: estimate, standard error and its square on that scale; missing where no
      estimate or no confidence interval was printed.
    - `se_source`: `full_width`, `wider_side`, or blank where there is no standard error.
    - `asymmetry`: |low + high - 2 estimate| / (high - low) on that scale, 0 when centred.
    - `asymmetry_note`: why the wider side was taken; blank otherwise.

    `analysis.intervals` holds the rule: half the width of an interval divided by the normal
    quantile of its level, or its wider side where it is off centre by more than rounding. Ranges
    of scenarios are no confidence intervals, and an interval without width was rounded away:
    neither gives a standard error.
    """
    scale = np.where(effects["measure"].isin(RATIO_MEASURES), "log", "identity")
    printed = effects[["estimate", "ci_low", "ci_high"]].to_numpy("float64", copy=True)
    confidence = effects["interval_kind"].eq("confidence").fillna(False).to_numpy(bool)
    printed[~confidence, 1:] = np.nan
    estimate, low, high = printed.T
    found = read_intervals(estimate, low, high, scale)
    sei = found.half / _quantiles(effects["ci_level"])
    usable = np.isfinite(sei)
    return effects.assign(
        scale=scale,
        yi=found.estimate,
        sei=sei,
        vi=sei**2,
        se_source=np.select([usable & found.asymmetric, usable], ["wider_side", "full_width"], ""),
        asymmetry=np.abs(found.asymmetry),
        asymmetry_note=list(found.notes),
    )


def _quantiles(levels: pd.Series) -> FloatArray:
    z = {level: NormalDist().inv_cdf(0.5 + level / 200) for level in levels.dropna().unique()}
    found: FloatArray = levels.map(z).astype("float64").to_numpy()
    return found
