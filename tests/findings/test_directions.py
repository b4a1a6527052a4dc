"""Directions are counted once a sample, and reasons for not averaging add up."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.evidence.tables import load_evidence
from analysis.findings.directions import reasons, which_way
from tests.findings.conftest import effects


def made_up(rows):
    table = effects([("x", *row, None, None) for row in rows])
    table = table.assign(
        phase="introduction", adjustment="before_after", direction=None,
        baseline_value=float("nan"), followup_value=float("nan"),
    )  # fmt: skip
    families = {"alpha2018": "north", "beta2023": "north", "gamma2024": "south"}
    studies = pd.DataFrame({"study_id": families.keys(), "sample_family": families.values()})
    return SimpleNamespace(effects=table, studies=studies)


def test_papers_on_one_sample_count_once():
    rows = [
        ("alpha2018", "measurement", 5.0),
        ("beta2023", "measurement", 3.0),
        ("gamma2024", "measurement", -2.0),
    ]
    (row,) = which_way(made_up(rows), "introduction").to_dict("records")
    assert (row["figures"], row["samples"], row["better"], row["worse"]) == (3, 2, 1, 1)
    assert row["p_value"] == pytest.approx(1.0)


def test_a_sample_that_points_both_ways_is_conflicting():
    rows = [("alpha2018", "measurement", 5.0), ("beta2023", "measurement", -3.0)]
    (row,) = which_way(made_up(rows), "introduction").to_dict("records")
    assert (row["better"], row["worse"], row["conflicting"]) == (0, 0, 1)
    assert row["p_value"] is None


def test_counts_of_the_real_figures_add_up(root):
    evidence = load_evidence(root)
    table = which_way(evidence, "introduction")
    assert (table["better"] + table["worse"] + table["conflicting"] == table["samples"]).all()
    assert (table["samples"] <= table["figures"]).all()
    told = reasons(evidence, "introduction")
    assert told["figures"].sum() == (evidence.effects["phase"] == "introduction").sum()
