"""All specifications of a table, each the single fit it says it is."""

import itertools
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.problems import ProblemsFound
from analysis.synthesis import random_effects
from analysis.synthesis.batches.distributed import mapped
from analysis.synthesis.sensitivity.multiverse import Declared, multiverse, multiverse_size

EFFECTS = pd.DataFrame(
    {
        "yi": [-0.4, -0.1, -0.3, 0.1, -0.6, -0.2, -0.5],
        "vi": [0.03, 0.02, 0.05, 0.04, 0.09, 0.01, 0.06],
        "family": ["A", "A", "B", "C", "C", "C", "D"],
        "bias": ["low", "low", "serious", "low", "serious", "low", "low"],
        "year": [2005, 2006, 2008, 2010, 2011, 2014, 2016],
    },
    index=[f"study {name}" for name in "pqrstuv"],
)
DECLARED = Declared(
    methods=("REML", "DL"),
    tests=("hksj", "z"),
    filters={
        "risk of bias": {"all": "", "no serious": "bias != 'serious'"},
        "years": {"all": "", "to 2010": "year <= 2010"},
    },
    family="family",
)


def test_every_row_is_the_single_fit_it_names():
    found = multiverse(EFFECTS, DECLARED)
    assert len(found.frame) == found.size.specifications
    for row in found.frame.to_dict("records"):
        kept = EFFECTS.query("bias != 'serious'") if row["risk of bias"] != "all" else EFFECTS
        kept = kept.query("year <= 2010") if row["years"] != "all" else kept
        several = kept[kept["family"].duplicated(keep=False)].index
        chosen = kept.loc[
            [at not in several or at in row["chosen"].split("; ") for at in kept.index]
        ]
        assert chosen["family"].is_unique
        assert set(chosen["family"]) == set(kept["family"])
        one = random_effects(chosen["yi"], chosen["vi"], method=row["method"], test=row["test"])
        assert row["k"] == one.k
        for name in ("estimate", "ci_low", "ci_high", "p_value", "tau2", "i2"):
            assert row[name] == pytest.approx(getattr(one, name), rel=1e-9, abs=1e-11), name


def test_the_specifications_are_complete_and_in_order():
    found = multiverse(EFFECTS, DECLARED).frame
    names = ["risk of bias", "years", "chosen", "method", "test"]
    assert not found.duplicated(names).any()
    # A: 2 ways, C: 3; without serious bias C: 2; to 2010 C: 1 (study s).
    ways = found.groupby(["risk of bias", "years"], sort=False)["chosen"].nunique()
    assert ways.to_dict() == {
        ("all", "all"): 6,
        ("all", "to 2010"): 2,
        ("no serious", "all"): 4,
        ("no serious", "to 2010"): 2,
    }
    order = found[["method", "test"]].head(4).itertuples(index=False, name=None)
    assert list(order) == list(itertools.product(("REML", "DL"), ("hksj", "z")))
    pd.testing.assert_frame_equal(found, multiverse(EFFECTS, DECLARED).frame, check_exact=True)


def test_the_size_is_told_before_anything_is_fitted():
    size = multiverse_size(EFFECTS, DECLARED)
    assert size == multiverse(EFFECTS, DECLARED).size
    assert (size.specifications, size.choices, size.possible, size.empty) == (56, 14, 14, 0)
    assert str(size) == "56 specifications"


def test_too_many_choices_are_drawn_and_said():
    declared = Declared(family="family", at_most=4, seed=7)
    found = multiverse(EFFECTS, declared)
    assert found.size.sampled
    assert found.size.possible == 6
    assert 1 < found.size.choices <= 4
    assert "of 6 choices of one effect a family, drawn" in str(found.size)
    again = multiverse(EFFECTS, declared)
    pd.testing.assert_frame_equal(found.frame, again.frame, check_exact=True)
    every = multiverse(EFFECTS, Declared(family="family")).frame
    assert set(found.frame["chosen"]) <= set(every["chosen"])


def test_without_families_all_effects_enter():
    found = multiverse(EFFECTS, Declared(methods=("REML",), tests=("hksj",)))
    (row,) = found.frame.to_dict("records")
    assert row["k"] == len(EFFECTS)
    assert "chosen" not in row


def test_the_verdict_is_read_off_the_frame():
    found = multiverse(EFFECTS, DECLARED)
    frame, verdict = found.frame, found.verdict
    apart = [row.ci_low > 0 or row.ci_high < 0 for row in frame.itertuples()]
    assert verdict.excluding_0 == pytest.approx(np.mean(apart))
    assert (verdict.lowest, verdict.highest) == (frame["estimate"].min(), frame["estimate"].max())
    assert verdict.lowest < verdict.median < verdict.highest
    assert verdict.n == len(frame)
    assert verdict.not_converged == 0


def test_filters_that_keep_nothing_are_counted():
    filters = {"years": {"all": "", "none": "year > 2100"}}
    found = multiverse(EFFECTS, Declared(filters=filters))
    assert found.size.empty == 1
    assert "1 combinations of filters keep nothing" in str(found.size)
    assert set(found.frame["years"]) == {"all"}
    with pytest.raises(ProblemsFound, match="keep at least 1 effect"):
        multiverse(EFFECTS, Declared(filters={"years": {"none": "year > 2100"}}))


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (Declared(methods=("DSL",)), "column method: found 'DSL'"),
        (Declared(tests=("knha",)), "column test: found 'knha'"),
        (Declared(level=95), "column level"),
        (Declared(family="famly"), "column family: found 'famly'.*did you mean family"),
        (Declared(filters={"f": {"a": "biass == 1"}}), "column f: found 'biass == 1'"),
        (Declared(filters={"f": {"a": "year + 1"}}), "true or false a row"),
    ],
)
def test_what_is_declared_wrongly_is_named(declared, said):
    with pytest.raises(ProblemsFound, match=said):
        multiverse(EFFECTS, declared)


def test_faults_of_the_table_are_named():
    broken = EFFECTS.assign(vi=[0.03, 0.02, -1, 0.04, 0.09, 0.01, 0.06])
    with pytest.raises(ProblemsFound, match=r"t\.csv, study r, column vi: found '-1\.0'"):
        multiverse(broken, DECLARED, file="t.csv")
    with pytest.raises(ProblemsFound, match="column y: expected one of"):
        multiverse(EFFECTS, DECLARED, yi="y")


# Somewhere else.


@pytest.fixture(scope="module")
def scheduler():
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    )
    with cluster:
        yield cluster.scheduler_address


def test_a_cluster_gives_the_same_digits_and_tells_progress(scheduler, monkeypatch):
    module = sys.modules["analysis.synthesis.sensitivity.multiverse"]
    monkeypatch.setattr(module, "_ROWS", 2)
    told = []
    there = multiverse(
        EFFECTS, DECLARED, dask_address=scheduler, progress=lambda *now: told.append(now)
    )
    here = multiverse(EFFECTS, DECLARED)
    pd.testing.assert_frame_equal(there.frame, here.frame, check_exact=True)
    assert [done for done, _ in told] == list(range(1, told[0][1] + 1))
    assert told[0][1] > 2


def test_progress_is_told_here_too():
    told = []
    assert mapped(abs, [-1, -2], progress=lambda *now: told.append(now)) == [1, 2]
    assert told == [(1, 2), (2, 2)]


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"qof-evidence-book\[dask\]"):
        mapped(abs, [1], dask_address="local")
