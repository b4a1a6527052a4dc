"""Which figures a synthesis can average, which it can only list, and why.

A figure that cannot be averaged still counts: by its direction, as synthesis without
meta-analysis does (Campbell et al. 2020, SWiM guideline, BMJ 368:l6890, item 2).
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.evidence.interval_rules import TWO_LEVELS
from analysis.evidence.sizes import RATIO_MEASURES

HIGHER, SAME, LOWER = "higher", "no_change", "lower"
_SIGNS = {1.0: HIGHER, 0.0: SAME, -1.0: LOWER}

# Why a figure is not averaged, in the order in which the reasons are tried.
REASONS: Mapping[str, Callable[[pd.DataFrame], pd.Series]] = {
    "compares groups, so it is no effect of the scheme": lambda f: f["contrast_between_groups"],
    "a level or a trend by itself": lambda f: f["adjustment"] == "none",
    "told in words only": lambda f: f["measure"] == "direction_only",
    "a range over scenarios of a model": lambda f: f["interval_kind"] == "scenario_range",
    "two levels without the interval of their difference": lambda f: f["measure"].isin(TWO_LEVELS),
    "no interval printed": lambda f: f["ci_low"].isna() | f["ci_high"].isna(),
}


def why_not_pooled(effects: pd.DataFrame) -> pd.Series:
    """Return, for each of n effects (as `load_evidence` gives them), why it cannot be averaged.

    The reason is blank where the figure has an estimate with a confidence interval.
    """
    reasons = pd.Series("", index=effects.index, dtype=object)
    for reason, holds in REASONS.items():
        fits = holds(effects).fillna(False).astype(bool)
        reasons = reasons.mask(fits & (reasons == ""), reason)
    return reasons


def directions(effects: pd.DataFrame) -> pd.Series:
    """Return which way each of n figures points: higher, no_change, lower, or missing.

    It is read from the estimate against no change (1 for ratios, 0 otherwise), from the second
    level against the first, or from the words of the source; a level alone points nowhere.
    """
    null = effects["measure"].isin(RATIO_MEASURES).astype(float)
    change = effects["estimate"] - null
    levels = effects["followup_value"] - effects["baseline_value"]
    change = change.where(effects["estimate"].notna(), levels)
    found = np.sign(change).map(_SIGNS).astype(object)
    found = found.where(effects["adjustment"] != "none", None)
    words = effects["direction"].astype(object)
    return words.where(words.notna(), found)


def for_the_better(effects: pd.DataFrame) -> pd.Series:
    """Return True, False or missing: whether each of n figures points the way that is better."""
    way = directions(effects)
    known = way.isin([HIGHER, LOWER]) & effects["higher_is_better"].notna()
    better = (way == HIGHER) == effects["higher_is_better"].fillna(False).astype(bool)
    return better.astype(object).where(known, None)
