"""Meta-analysis of anyone's numbers: plain arrays and frames in, frozen results out.

    from analysis.synthesis import random_effects
    summary = random_effects(yi, vi)

Importing this package loads nothing; each name below loads its module when first used. A folder
holds what belongs together, and says so in its `__init__`: `measures` makes effects, `pooling` and
`regression` summarise them, `dependence` minds effects of one study, `small_study` and
`sensitivity` doubt the summary, `unpooled` does without one, `series` and `natural` are for a
policy that starts on a day, `batches` and `simulations` do it all many times. What lies beside the
folders serves every one of them.
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "inputs": ("Effects", "checked_effects"),
    "measures.effects": ("ReportedEffects", "from_interval", "from_p_value", "from_standard_error"),
    "measures.frames": ("from_frame",),
    "measures.measured": ("MeasuredEffects",),
    "measures.counts": ("COUNT_MEASURES", "two_by_two"),
    "measures.mantel_haenszel": ("MantelHaenszel", "mantel_haenszel"),
    "measures.rates": ("RATE_MEASURES", "rates"),
    "measures.means": ("MEAN_MEASURES", "mean_differences"),
    "measures.changes": ("CHANGE_MEASURES", "mean_changes"),
    "measures.proportions": ("PROPORTION_MEASURES", "proportions"),
    "measures.correlations": ("CORRELATION_MEASURES", "correlations"),
    "pooling.tau2": ("ESTIMATORS", "Tau2", "tau2"),
    "pooling.heterogeneity": ("Heterogeneity", "heterogeneity"),
    "pooling.fit": ("TESTS", "Coefficient"),
    "pooling.random_effects": ("RandomEffects", "random_effects"),
    "regression.meta_regression": ("MetaRegression", "OmnibusTest", "meta_regression"),
    "regression.subgroups": ("Subgroup", "Subgroups", "subgroups"),
    "regression.permutation": (
        "PermutationTest",
        "Shuffled",
        "permutation_subgroups",
        "permutation_test",
    ),
    "dependence.three_level": ("ThreeLevel", "three_level"),
    "dependence.robust": ("Robust", "cluster_robust"),
    "dependence.nested": ("NestedRegression", "nested_regression"),
    "small_study.asymmetry": ("EggerTest", "RankTest", "egger_test", "rank_test"),
    "small_study.trim_and_fill": ("TrimAndFill", "trim_and_fill"),
    "small_study.funnel": ("CONTOURS", "Funnel", "FunnelPoint", "funnel"),
    "sensitivity.multiverse": ("Declared", "Multiverse", "multiverse", "multiverse_size"),
    "sensitivity.influence": (
        "BaujatPoint",
        "Influence",
        "LeftOut",
        "baujat",
        "influence",
        "leave_one_out",
    ),
    "sensitivity.cumulative": ("Step", "cumulative"),
    "unpooled.direction": ("Aligned", "align", "directions", "study_directions"),
    "unpooled.sign_test": ("SignTest", "sign_test"),
    "unpooled.harvest": ("Bar", "Harvest", "harvest"),
    "unpooled.p_methods": ("COMBINATIONS",),
    "unpooled.combined_p": ("CombinedP", "combine_p_values", "combine_tests"),
    "series.its": ("InterruptedTimeSeries", "compare_methods", "interrupted_time_series"),
    "series.its_batch": ("ItsBatch", "its_batch"),
    "series.its_methods": ("ITS_METHODS",),
    "series.its_diagnostics": ("Autocorrelation",),
    "series.its_reanalysis": ("reanalyse_series",),
    "series.controlled_its": ("ControlledSeries", "controlled_its"),
    "natural.natural_experiment": ("NaturalExperiment", "natural_experiment"),
    "natural.natural_experiments": ("natural_experiments",),
    "natural.synthetic_control": ("SyntheticControl", "synthetic_control"),
    "batches.batch": ("RandomEffectsBatch", "random_effects_batch"),
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
