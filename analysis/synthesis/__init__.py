"""Meta-analysis of anyone's numbers: plain arrays and frames in, frozen results out.

    from analysis.synthesis import random_effects
    summary = random_effects(yi, vi)

Importing this package loads nothing; each name below loads its module when first used.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_WHERE = {
    "inputs": ("Effects", "checked_effects"),
    "effects": ("ReportedEffects", "from_interval", "from_p_value", "from_standard_error"),
    "frames": ("from_frame",),
    "measured": ("MeasuredEffects",),
    "counts": ("COUNT_MEASURES", "two_by_two"),
    "mantel_haenszel": ("MantelHaenszel", "mantel_haenszel"),
    "rates": ("RATE_MEASURES", "rates"),
    "means": ("MEAN_MEASURES", "mean_differences"),
    "changes": ("CHANGE_MEASURES", "mean_changes"),
    "proportions": ("PROPORTION_MEASURES", "proportions"),
    "correlations": ("CORRELATION_MEASURES", "correlations"),
    "tau2": ("ESTIMATORS", "Tau2", "tau2"),
    "heterogeneity": ("Heterogeneity", "heterogeneity"),
    "fit": ("TESTS", "Coefficient"),
    "batch": ("RandomEffectsBatch", "random_effects_batch"),
    "multiverse": ("Declared", "Multiverse", "multiverse", "multiverse_size"),
    "random_effects": ("RandomEffects", "random_effects"),
    "meta_regression": ("MetaRegression", "OmnibusTest", "meta_regression"),
    "subgroups": ("Subgroup", "Subgroups", "subgroups"),
    "three_level": ("ThreeLevel", "three_level"),
    "robust": ("Robust", "cluster_robust"),
    "nested": ("NestedRegression", "nested_regression"),
    "small_study": ("EggerTest", "RankTest", "egger_test", "rank_test"),
    "trim_and_fill": ("TrimAndFill", "trim_and_fill"),
    "influence": (
        "BaujatPoint",
        "Influence",
        "LeftOut",
        "baujat",
        "influence",
        "leave_one_out",
    ),
    "cumulative": ("Step", "cumulative"),
    "funnel": ("CONTOURS", "Funnel", "FunnelPoint", "funnel"),
    "permutation": (
        "PermutationTest",
        "Shuffled",
        "permutation_subgroups",
        "permutation_test",
    ),
    "direction": ("Aligned", "align", "directions", "study_directions"),
    "sign_test": ("SignTest", "sign_test"),
    "harvest": ("Bar", "Harvest", "harvest"),
    "p_methods": ("COMBINATIONS",),
    "combined_p": ("CombinedP", "combine_p_values", "combine_tests"),
    "its": ("InterruptedTimeSeries", "compare_methods", "interrupted_time_series"),
    "its_batch": ("ItsBatch", "its_batch"),
    "its_methods": ("ITS_METHODS",),
    "its_diagnostics": ("Autocorrelation",),
    "its_reanalysis": ("reanalyse_series",),
    "controlled_its": ("ControlledSeries", "controlled_its"),
    "natural_experiment": ("NaturalExperiment", "natural_experiment"),
    "natural_experiments": ("natural_experiments",),
    "synthetic_control": ("SyntheticControl", "synthetic_control"),
}
_MODULE = {name: module for module, names in _WHERE.items() for name in names}
__all__ = sorted(_MODULE)


def __getattr__(name: str) -> Any:
    """Load the module of a public name, and keep the name."""
    if name not in _MODULE:
        raise AttributeError(f"{__name__} has no {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(f"{__name__}.{_MODULE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


class _Room(ModuleType):
    """Keeps a function visible that is named like its module.

    Importing a module binds it to its package; without this, whether `random_effects` is the
    function or the module would depend on what was imported first.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _MODULE and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room
