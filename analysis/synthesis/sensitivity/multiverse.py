"""Every defensible analysis of one table: all specifications, fitted, counted and summed up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.synthesis.batches.batch import Asked, summaries
from analysis.synthesis.batches.batch_data import Sets
from analysis.synthesis.batches.distributed import Progress, mapped
from analysis.synthesis.columns import FloatArray
from analysis.synthesis.inputs import Effects, checked_choice, checked_effects
from analysis.synthesis.pooling.tau2 import ESTIMATORS
from analysis.synthesis.sensitivity.families import Choices, choices

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 4096  # sets of one part: enough for arrays to pay, few enough to share out
# What every specification reports, as in `RandomEffects`.
RESULTS = (
    "k",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "p_value",
    "tau2",
    "i2",
    "pi_low",
    "pi_high",
    "converged",
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What varies between the analyses of one table; all combinations are made.

    `methods`: names in `ESTIMATORS`. `tests`: names in `TESTS`. `filters`: name of a choice ->
    its options, each a label -> the rows kept, as pandas' `query` reads it ("" keeps all).
    `family`: a column that says which effects share their participants, so that one of each
    family enters; None takes all. `at_most`: of the ways to take one per family, for each
    combination of filters; more are sampled with `seed`. `level`: of all intervals.
    """

    methods: tuple[str, ...] = ("REML", "DL", "PM")
    tests: tuple[str, ...] = ("hksj", "hksj-modified", "z")
    filters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    family: str | None = None
    at_most: int = 1000
    seed: int = 0
    level: float = 0.95


class Size(NamedTuple):
    """How large a multiverse is: known before anything is fitted.

    `specifications`: rows of the result. `choices`: ways to take one effect a family that are
    analysed, over all filters, and `possible`, how many there are. `empty`: combinations of
    filters that keep no effect.
    """

    specifications: int
    choices: int
    possible: int
    empty: int

    @property
    def sampled(self) -> bool:
        """Whether some ways to choose were left out."""
        return self.choices < self.possible

    def __str__(self) -> str:
        said = f"{self.specifications:,} specifications"
        if self.sampled:
            said += f"; {self.choices:,} of {self.possible:,} choices of one effect a family, drawn"
        return said + (f"; {self.empty:,} combinations of filters keep nothing" * (self.empty > 0))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the specifications with an estimate agree on.

    `excluding_0`: share whose interval lies wholly on one side of 0. `lowest`, `median`,
    `highest`: of the estimates. `above_0`: share of estimates above 0. `not_converged`: how many
    did not; they are counted with the rest.
    """

    n: int
    excluding_0: float
    above_0: float
    lowest: float
    median: float
    highest: float
    not_converged: int


@dataclass(frozen=True, slots=True, eq=False)
class Multiverse:
    """All specifications, `frame` one row each, with their `size` and what they agree on."""

    frame: "pd.DataFrame"
    size: Size
    verdict: Verdict


class _Kept(NamedTuple):
    """One combination of filters: the options chosen, and the ways to take one a family."""

    options: tuple[str, ...]
    choices: Choices


class _Part(NamedTuple):
    """Sets to fit, and by what; nothing else travels to another machine."""

    sets: Sets
    methods: tuple[str, ...]
    asked: Asked


def multiverse_size(frame: "pd.DataFrame", declared: Declared, *, file: str = "input") -> Size:
    """Return how many specifications there are, without fitting any.

    Raises:
        ProblemsFound: a column, filter, method or test is not known.
    """
    return _size(_kept(frame, declared, file), declared)


def multiverse(
    frame: "pd.DataFrame",
    declared: Declared,
    *,
    yi: str = "yi",
    vi: str = "vi",
    dask_address: str | None = None,
    progress: Progress | None = None,
    file: str = "input",
) -> Multiverse:
    """Return the random-effects summary under every combination of choices.

    Args:
        frame: one row an effect; its index names the effects.
        declared: what varies.
        yi: column of effects.
        vi: column of sampling variances.
        dask_address: see `mapped`; the digits are the same wherever it runs.
        progress: called with the number of parts done and in all.
        file: what error messages call the source of the numbers.

    Raises:
        ProblemsFound: names every bad number with its row and column, or an unknown column,
            filter, method or test.
    """
    kept = _kept(frame, declared, file)
    missing = [
        Problem(file, nearest(c, frame.columns), None, c) for c in (yi, vi) if c not in frame
    ]
    if missing:
        raise ProblemsFound(missing)
    effects = checked_effects(frame[yi], frame[vi], file=file)
    parts = list(_parts(effects, kept, declared))
    results = mapped(_fitted, parts, dask_address=dask_address, progress=progress)
    table = _table(kept, declared, effects, results)
    return Multiverse(table, _size(kept, declared), _verdict(table))


def _kept(frame: "pd.DataFrame", declared: Declared, file: str) -> list[_Kept]:
    """Return every combination of filters, in the order they were declared."""
    for method in declared.methods:
        checked_choice("method", method, ESTIMATORS)
    Asked(declared.tests, declared.level)
    masks = {
        (name, label): _mask(frame, name, query, file)
        for name, options in declared.filters.items()
        for label, query in options.items()
    }
    families = None
    if declared.family is not None:
        if declared.family not in frame:
            wanted = nearest(declared.family, frame.columns)
            raise ProblemsFound([Problem(file, wanted, None, "family", declared.family)])
        families = frame[declared.family].astype(str).to_numpy()
    found, rng = [], np.random.default_rng(declared.seed)
    for options in product(*declared.filters.values()):
        mask = np.ones(len(frame), dtype=bool)
        for chosen in zip(declared.filters, options, strict=True):
            mask &= masks[chosen]
        found.append(_Kept(options, choices(mask, families, declared.at_most, rng)))
    return found


def _mask(frame: "pd.DataFrame", name: str, query: str, file: str) -> NDArray[np.bool_]:
    """Return which rows a filter keeps."""
    if not query:
        return np.ones(len(frame), dtype=bool)
    try:
        kept = np.asarray(frame.eval(query, engine="python"))
    except Exception as wrong:
        wanted = f"a condition on the columns {', '.join(map(str, frame.columns))} ({wrong})"
        raise ProblemsFound([Problem(file, wanted, None, name, query)]) from wrong
    if kept.shape != (len(frame),) or kept.dtype != bool:
        raise ProblemsFound([Problem(file, "a condition, true or false a row", None, name, query)])
    return kept


def _size(kept: list[_Kept], declared: Declared) -> Size:
    made = [len(one.choices.present) for one in kept]
    ways = len(declared.methods) * len(declared.tests)
    possible = sum(one.choices.possible for one in kept)
    return Size(sum(made) * ways, sum(made), possible, made.count(0))


def _parts(effects: Effects, kept: list[_Kept], declared: Declared) -> Iterator[_Part]:
    asked = Asked(declared.tests, declared.level)
    for _, (present, _, _) in kept:
        used = present.any(axis=0)
        for start in range(0, len(present), _ROWS):
            here = present[start : start + _ROWS, used]
            y = np.where(here, effects.yi[used], 0.0)
            v = np.where(here, effects.vi[used], np.inf)
            yield _Part(Sets(y, v), declared.methods, asked)


def _fitted(part: _Part) -> dict[str, FloatArray]:
    """Return results of shape (sets, methods, tests)."""
    fits = [summaries(part.sets, method, part.asked) for method in part.methods]
    return {
        name: np.array([[getattr(one, name) for one in tests] for tests in fits]).transpose(2, 0, 1)
        for name in RESULTS
    }


def _table(
    kept: list[_Kept], declared: Declared, effects: Effects, results: list[dict[str, FloatArray]]
) -> "pd.DataFrame":
    """Return one row a specification: what was chosen, then what came of it."""
    import pandas as pd

    made = [len(one.choices.present) for one in kept]
    ways = list(product(declared.methods, declared.tests))
    columns: dict[str, object] = {
        name: np.repeat(
            np.repeat(np.array([one.options[at] for one in kept], dtype=object), made), len(ways)
        )
        for at, name in enumerate(declared.filters)
    }
    if declared.family is not None:
        chosen = [said for one in kept for said in one.choices.said(effects.labels)]
        columns["chosen"] = np.repeat(np.array(chosen, dtype=object), len(ways))
    for at, name in enumerate(("method", "test")):
        columns[name] = np.tile(np.array([way[at] for way in ways], dtype=object), sum(made))
    for name in RESULTS:
        columns[name] = np.concatenate([part[name].ravel() for part in results]) if results else []
    return pd.DataFrame(columns)


def _verdict(table: "pd.DataFrame") -> Verdict:
    """Return what the specifications agree on.

    Raises:
        ProblemsFound: no specification keeps an effect.
    """
    if not len(table):
        raise ProblemsFound([Problem("input", "filters that keep at least 1 effect", None)])
    excludes = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    estimate = table["estimate"]
    return Verdict(
        n=len(table),
        excluding_0=float(excludes.mean()),
        above_0=float((estimate > 0).mean()),
        lowest=float(estimate.min()),
        median=float(estimate.median()),
        highest=float(estimate.max()),
        not_converged=int((~table["converged"].astype(bool)).sum()),
    )
