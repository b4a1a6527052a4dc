"""The simulation: the committed table is what the command makes, and its measures are right."""

import argparse

import numpy as np
import pandas as pd
import pytest

from analysis.synthesis import cluster_robust, random_effects, three_level
from analysis.synthesis.simulations.cell import Cell, Simulated
from analysis.synthesis.simulations.nested import nested
from analysis.synthesis.simulations.pooled import BALANCES, DEFAULT, pooled, variances
from analysis.synthesis.simulations.series import autoregressive
from analysis.synthesis.simulations.simulation import _row, all_cells, simulate
from analysis.verbs import simulate as verb
from tests.conftest import ROOT

COMMITTED = pd.read_csv(ROOT / "data" / "coverage.csv")
KEYS = ["design", "size", "strength", "balance", "method", "target"]
SEED = 2004


def options(*given):
    parser = argparse.ArgumentParser()
    verb.add_options(parser)
    return parser.parse_args([str(one) for one in given])


# The table.


def test_every_cell_stands_in_the_table_once():
    assert not COMMITTED.duplicated(KEYS).any()
    there = set(COMMITTED[KEYS[:4]].itertuples(index=False, name=None))
    wanted = {(c.design, c.size, c.strength, c.balance or "one series") for c in all_cells()}
    assert there == wanted
    conditions = {(c.size, c.strength, c.balance) for c in all_cells() if c.design == "pooled"}
    assert len(conditions) == 5 * 4 * 3


@pytest.mark.parametrize(
    "cell",
    [
        Cell("pooled", 3, 0.0, "equal"),
        Cell("pooled", 5, 1.0, "one giant"),
        Cell("series", 12, 0.4),
    ],
    ids=str,
)
def test_a_slice_made_again_has_the_digits_of_the_whole(cell):
    sets = int(COMMITTED["sets"].max())
    again = simulate([cell], sets=sets, seed=SEED)
    keyed = COMMITTED.set_index(KEYS).loc[list(again[KEYS].itertuples(index=False, name=None))]
    pd.testing.assert_frame_equal(
        again.drop(columns=KEYS).reset_index(drop=True),
        keyed.reset_index(drop=True),
        rtol=1e-5,  # the table is written with six digits
        atol=1e-9,
    )


def test_a_part_of_the_cells_has_the_digits_of_all_of_them():
    cells = [
        Cell("pooled", 5, 1.0, "equal"),
        Cell("series", 12, 0.2),
        Cell("pooled", 3, 0.0, "equal"),
    ]
    whole, part = simulate(cells, sets=40, seed=1), simulate(cells[1:2], sets=40, seed=1)
    rows = whole[whole["design"] == "series"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, part, check_exact=True)
    other = simulate(cells[1:2], sets=40, seed=2)
    assert not other["width"].equals(part["width"])


# How it is made.


@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("k", [3, 40])
def test_the_typical_variance_is_1_so_that_tau2_of_1_is_an_i2_of_50(balance, k):
    v = variances(balance, k)
    typical = (k - 1) * (1 / v).sum() / ((1 / v).sum() ** 2 - (1 / v**2).sum())
    assert typical == pytest.approx(1)
    assert len(v) == k
    # SJ gives some tau² above 0 to any effects that differ, so that I² can be read against it.
    found = random_effects(np.arange(k), v, method="SJ")
    assert found.i2 == pytest.approx(100 * found.tau2 / (found.tau2 + 1))


def test_each_method_is_the_fit_it_is_called():
    cell, rng = Cell("pooled", 5, 1.0, "ten to one"), np.random.default_rng(0)
    simulated = {(one.method, one.target): one for one in pooled(cell, 3, rng)}
    v = variances(cell.balance, 5)
    y = np.random.default_rng(0).normal(size=(3, 5)) * np.sqrt(v + 1.0)
    for method, test, name in (
        ("REML", "hksj", DEFAULT),
        ("REML", "hksj-modified", "REML, modified HKSJ"),
        ("DL", "z", "DerSimonian-Laird, Wald"),
        ("PM", "hksj", "Paule-Mandel, HKSJ"),
    ):
        fits = [random_effects(one, v, method=method, test=test) for one in y]
        assert simulated[name, "mean"].low == pytest.approx([fit.ci_low for fit in fits])
    new = simulated[DEFAULT, "new study"]
    assert new.high == pytest.approx([random_effects(one, v).pi_high for one in y])


@pytest.mark.parametrize(("balance", "sizes"), [("four each", [4] * 4), ("uneven", [2, 2, 2, 10])])
def test_each_method_for_effects_of_few_studies_is_the_fit_it_is_called(balance, sizes):
    found = nested(Cell("nested", 4, 0.25, balance), 2, np.random.default_rng(5))
    rng, clusters = np.random.default_rng(5), np.repeat(np.arange(4), sizes)
    y = rng.normal(size=(2, 4))[:, clusters] * 0.25**0.5
    y += rng.normal(size=(2, 16)) * (0.75 + 1) ** 0.5
    v = np.ones(16)
    alone = [random_effects(one, v) for one in y]
    assert [one.truth for one in found] == [0.0] * 3
    assert found[0].low == pytest.approx([one.ci_low for one in alone])
    robust = cluster_robust(y[0], v, clusters, sigma2_within=alone[0].tau2)
    assert (found[1].low, found[1].p_value) == pytest.approx((robust.ci_low, robust.p_value))
    levels = three_level(y[0], v, clusters)
    assert (found[2].low, found[2].high) == pytest.approx((levels.ci_low, levels.ci_high))


def test_the_errors_of_a_series_depend_on_each_other_as_asked():
    values = autoregressive(0.6, (4000, 6), np.random.default_rng(1))
    assert values.var(axis=0) == pytest.approx(np.full(6, 1 / (1 - 0.36)), rel=0.1)
    assert np.corrcoef(values[:, 2], values[:, 3])[0, 1] == pytest.approx(0.6, abs=0.04)


def test_slow_methods_take_a_part_of_the_sets():
    found = nested(Cell("nested", 4, 0.25, "uneven"), 40, np.random.default_rng(2))
    assert [len(one.estimate) for one in found] == [40, 8, 2]
    assert all((one.low < one.high).all() for one in found)


def test_the_measures_are_what_they_are_called():
    """Four sets by hand: three intervals hold 0, one test of four is below 0.05."""
    estimate, low = np.array([0.1, -0.2, 0.3, 1.0]), np.array([-0.4, -0.7, -0.2, 0.5])
    p_value, yes = np.array([0.5, 0.4, 0.3, 0.01]), np.array([True, True, True, False])
    row = _row(Simulated("m", "mean", 0.0, estimate, low, low + 1, p_value, yes))
    assert row["sets"] == 4
    assert row["coverage"] == 0.75
    assert row["coverage_mcse"] == pytest.approx((0.75 * 0.25 / 4) ** 0.5)
    assert row["width"] == pytest.approx(1)
    assert row["width_mcse"] == pytest.approx(0)
    assert row["bias"] == pytest.approx(0.3)
    assert row["bias_mcse"] == pytest.approx(np.std(estimate, ddof=1) / 2)
    assert row["error_rate"] == 0.25
    assert row["converged"] == 0.75


# The command.


def test_the_command_writes_the_table(tmp_path, capsys, monkeypatch):
    some = [Cell("pooled", 3, 1.0, "equal"), Cell("series", 12, 0.2)]
    monkeypatch.setattr("analysis.synthesis.simulations.simulation.all_cells", lambda: some)
    out = tmp_path / "coverage.csv"
    assert verb.run(options("--sets", 20, "--seed", 5, "--out", out)) == 0
    told = capsys.readouterr()
    assert told.out == f"{len(pd.read_csv(out))} rows in {out}\n"
    assert "2 of 2 cells" in told.err
    assert list(pd.read_csv(out).columns) == list(COMMITTED.columns)
    first = out.read_bytes()
    assert verb.run(options("--sets", 20, "--seed", 5, "--out", out)) == 0
    assert out.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["coverage.csv"]


def test_one_design_alone(tmp_path, monkeypatch):
    some = [Cell("pooled", 3, 1.0, "equal"), Cell("series", 12, 0.2)]
    monkeypatch.setattr("analysis.synthesis.simulations.simulation.all_cells", lambda: some)
    out = tmp_path / "coverage.csv"
    assert verb.run(options("--sets", 20, "--design", "series", "--out", out)) == 0
    assert set(pd.read_csv(out)["design"]) == {"series"}


def test_a_missing_extra_is_told_and_the_old_table_stays(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    out = tmp_path / "coverage.csv"
    out.write_text("old")
    assert verb.run(options("--out", out, "--dask", "local")) == 2
    assert "qof-evidence-book[dask]" in capsys.readouterr().err
    assert out.read_text() == "old"


@pytest.mark.parametrize("sets", ["1", "0", "-5", "many"])
def test_too_few_sets_are_refused(sets, capsys):
    with pytest.raises(SystemExit):
        options("--sets", sets)
    assert "expected a whole number above 1" in capsys.readouterr().err
