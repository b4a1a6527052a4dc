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
    "tau2": ("ESTIMATORS", "Tau2", "tau2"),
    "heterogeneity": ("Heterogeneity", "heterogeneity"),
    "fit": ("TESTS", "Coefficient"),
    "random_effects": ("RandomEffects", "random_effects"),
    "meta_regression": ("MetaRegression", "OmnibusTest", "meta_regression"),
    "subgroups": ("Subgroup", "Subgroups", "subgroups"),
    "three_level": ("ThreeLevel", "three_level"),
    "robust": ("Robust", "cluster_robust"),
    "small_study": ("EggerTest", "RankTest", "egger_test", "rank_test"),
    "trim_and_fill": ("TrimAndFill", "trim_and_fill"),
    "influence": ("Influence", "LeftOut", "influence", "leave_one_out"),
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
