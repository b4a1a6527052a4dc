"""The meta-analysis of a table: a `Sheet` in, plain numbers that JSON can write out."""

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from statsmodels.tools.sm_exceptions import ModelWarning

from analysis.pool.sheet import Sheet, as_number, read_sheet
from analysis.problems import Problem, ProblemsFound
from analysis.synthesis import (
    RandomEffects,
    cluster_robust,
    egger_test,
    meta_regression,
    random_effects,
    rank_test,
    three_level,
    trim_and_fill,
)
from analysis.synthesis.columns import FINITE, POSITIVE, FloatArray
from analysis.synthesis.small_study.asymmetry import FEWEST

# What is found: JSON's own types only, and no number that JSON cannot write.
Results = dict[str, Any]

# Where variances are looked for, in this order, when no column is named.
_SPREADS = ("vi", "sei", "se")

_INTERVAL = ("estimate", "se", "ci_low", "ci_high", "p_value")
HETEROGENEITY = ("tau2", "tau2_ci_low", "tau2_ci_high", "i2", "h2", "q", "q_p_value")
_SUMMARY = (
    *("k", *_INTERVAL, *HETEROGENEITY, "pi_low", "pi_high"),
    *("method", "test", "df", "level", "warnings"),
)
VARIANCES = ("sigma2_between", "sigma2_within")
_EGGER = ("form", "statistic", "df", "p_value", "limit", "limit_ci_low", "limit_ci_high")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a table: its columns, and the options of `random_effects`.

    `vi`, `se`: the column of variances, or of standard errors; with neither, the first there is
    of vi, sei and se. `label`: a column to list the effects by. `moderators`: columns of numbers
    or of categories. `cluster`: the column that tells which effects belong together. `bias`:
    whether to test for small-study effects; `force`: with fewer than 10 effects too.
    """

    yi: str = "yi"
    vi: str | None = None
    se: str | None = None
    method: str = "REML"
    test: str = "hksj"
    level: float = 0.95
    label: str | None = None
    moderators: tuple[str, ...] = ()
    cluster: str | None = None
    bias: bool = False
    force: bool = False


def pool(source: str, wanted: Wanted) -> Results:
    """Return the meta-analysis of a CSV file; `source` is its path, or "-" for standard input.

    Raises:
        ProblemsFound: names every cell that is wrong with its row and column, or the column that
            is not there, or says why the file is no table of effects.
    """
    return analyse(read_sheet(source), wanted)


def analyse(sheet: Sheet, wanted: Wanted) -> Results:
    """Return the meta-analysis of a table.

    Raises:
        ProblemsFound: as for `pool`.
    """
    yi, vi = _effects(sheet, wanted)
    with _computable(sheet.file):
        options = {"method": wanted.method, "test": wanted.test, "level": wanted.level}
        summary = random_effects(yi, vi, **options, labels=sheet.rows, file=sheet.file)
        results = {"file": sheet.file, **_chosen(summary, _SUMMARY)}
        if wanted.label:
            results["effects"] = _listed(sheet, wanted.label, summary)
        if wanted.moderators:
            results |= _moderated(sheet, wanted, summary, results["warnings"])
        if wanted.cluster:
            results |= _clustered(sheet, wanted.cluster, wanted, summary, results["warnings"])
        if wanted.bias:
            results |= _small_study(summary, wanted, results["warnings"])
    plain: Results = _plain(results)
    return plain


@contextmanager
def _computable(file: str) -> Iterator[None]:
    """Tell as a fault of the table where arithmetic lost its digits or a fit is not unique."""
    try:
        with warnings.catch_warnings():
            for category in (RuntimeWarning, ModelWarning):
                warnings.simplefilter("error", category)
            yield
    except (ArithmeticError, np.linalg.LinAlgError, RuntimeWarning, ModelWarning) as error:
        expected = "effects and variances of sizes that can be computed with; check their units"
        raise ProblemsFound([Problem(file, expected, value=str(error))]) from None


def _effects(sheet: Sheet, wanted: Wanted) -> tuple[FloatArray, FloatArray]:
    """Return effects and variances, each of shape (k,); faults of both are told together."""
    found = next((name for name in _SPREADS if name in sheet.columns), "vi")
    chosen = wanted.vi or wanted.se or found
    option = "--se" if wanted.se else "--vi or --se"
    columns: list[FloatArray] = []
    problems: list[Problem] = []
    for name, flag, rule in ((wanted.yi, "--yi", FINITE), (chosen, option, POSITIVE)):
        try:
            columns.append(sheet.numbers(name, flag, rule))
        except ProblemsFound as faults:
            problems += faults.problems
    if problems:
        raise ProblemsFound(problems)
    yi, spread = columns
    is_variance = bool(wanted.vi) or (chosen == "vi" and not wanted.se)
    return yi, spread if is_variance else spread**2


def _listed(sheet: Sheet, label: str, summary: RandomEffects) -> list[Results]:
    rows = zip(sheet.cells(label, "--label"), summary.yi, summary.vi, summary.weights, strict=True)
    return [dict(zip(("label", "yi", "vi", "weight"), row, strict=True)) for row in rows]


def _moderated(sheet: Sheet, wanted: Wanted, summary: RandomEffects, told: list[str]) -> Results:
    """Return the meta-regression on the moderators, and add its warnings to those given."""
    design, references = _design(sheet, wanted)
    found = meta_regression(
        summary.yi,
        summary.vi,
        design,
        method=wanted.method,
        test=wanted.test,
        level=wanted.level,
        labels=sheet.rows,
        file=sheet.file,
    )
    told += [f"With moderators: {sentence}" for sentence in found.warnings]
    return {
        "coefficients": [_chosen(one, ("name", *_INTERVAL)) for one in found.coefficients],
        "reference_levels": references,
        "qm": found.moderators.statistic,
        "qm_p_value": found.moderators.p_value,
        "r2": found.r2,
        "residual": _chosen(found, HETEROGENEITY),
    }


def _design(sheet: Sheet, wanted: Wanted) -> tuple[dict[str, FloatArray], dict[str, str]]:
    """Return the columns of the design by name, and the level each category is held against."""
    design, references = {}, {}
    for name in wanted.moderators:
        cells = sheet.cells(name, "--moderators")
        if name == wanted.yi:
            expected = "a moderator other than the effects themselves"
            raise ProblemsFound([Problem(sheet.file, expected, 1, name)])
        # One number is enough to expect numbers: a stray "n/a" must not turn years to categories.
        if any(as_number(cell) is not None for cell in cells):
            design[name] = sheet.numbers(name, "--moderators")
            continue
        references[name], *others = _levels(sheet, name, cells)
        for level in others:
            design[f"{name}={level}"] = np.array([float(cell == level) for cell in cells])
    return design, references


def _levels(sheet: Sheet, name: str, cells: tuple[str, ...]) -> list[str]:
    """Return the categories of a moderator in the order of the alphabet; the first is held to."""
    levels = sorted(set(cells))
    problems = [
        Problem(sheet.file, "a category", row, name, cell)
        for row, cell in zip(sheet.rows, cells, strict=True)
        if not cell
    ]
    if len(levels) == 1 and not problems:
        problems = [Problem(sheet.file, "at least 2 categories", None, name, levels[0])]
    if problems:
        raise ProblemsFound(problems)
    return levels


def _clustered(
    sheet: Sheet, cluster: str, wanted: Wanted, summary: RandomEffects, told: list[str]
) -> Results:
    """Return the three-level model, and the CR2 errors of the mean under its weights."""
    clusters = sheet.cells(cluster, "--cluster")
    given = (summary.yi, summary.vi, clusters)
    options = {"level": wanted.level, "labels": sheet.rows, "file": sheet.file}
    with _called(clusters=cluster, yi=wanted.yi):
        model = three_level(*given, **options)
        variances = _chosen(model, VARIANCES)
        robust = cluster_robust(*given, **variances, **options)
    told += [f"Three-level: {sentence}" for sentence in model.warnings]
    return {
        "three_level": _chosen(model, ("n_clusters", *_INTERVAL, *VARIANCES)),
        "robust": {"type": robust.kind, **_chosen(robust, (*_INTERVAL, "df"))},
    }


@contextmanager
def _called(**columns: str) -> Iterator[None]:
    """Tell faults by the names the table has for columns, not by those of the arguments."""
    try:
        yield
    except ProblemsFound as found:
        problems = (
            replace(one, column=columns.get(one.column or "", one.column)) for one in found.problems
        )
        raise ProblemsFound(problems) from None


def _small_study(summary: RandomEffects, wanted: Wanted, told: list[str]) -> Results:
    """Return the tests of the funnel, None for those that cannot be done and a warning why."""
    if summary.k < FEWEST and not wanted.force:
        told.append(
            f"Small-study effects were not tested: {summary.k} effects are too few to see them "
            f"(at least {FEWEST}; --force tests all the same)."
        )
        return {"egger": None, "rank": None, "trimfill": None}
    given, force = (summary.yi, summary.vi), wanted.force
    options = {"method": wanted.method, "test": wanted.test, "level": wanted.level}
    tests: dict[str, Callable[[], Results]] = {
        "egger": lambda: _chosen(egger_test(*given, level=wanted.level, force=force), _EGGER),
        "rank": lambda: _chosen(rank_test(*given, force=force), ("kendall_tau", "p_value")),
        "trimfill": lambda: _filled(trim_and_fill(*given, force=force, **options)),
    }
    results: Results = {}
    for name, test in tests.items():
        try:
            results[name] = test()
        except ProblemsFound as found:
            results[name] = None
            told.append(f"No {name} test: expected {found.problems[0].expected}.")
    return results


def _filled(found: Any) -> Results:
    return {"k0": found.k0, "side": found.side, **_chosen(found.summary, (*_INTERVAL, "tau2"))}


def _chosen(result: object, names: Iterable[str]) -> Results:
    """Return fields of a result by name; tuples become lists, as JSON has them."""
    values = ((name, getattr(result, name)) for name in names)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def _plain(value: Any) -> Any:
    """Return a result with every number JSON cannot write (infinite df, say) as None."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
