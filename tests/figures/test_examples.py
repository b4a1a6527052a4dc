"""The examples carry printed digits: they must be those of the evidence pack."""

import csv

import pytest

from tests.figures import examples


def number(text):
    return float(text) if text else None


@pytest.fixture(scope="module")
def effects(shared):
    with (shared / "evidence" / "effects.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["row"]): row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "printed", [*examples.WITHDRAWAL, examples.SILENT, *examples.RATIOS], ids=lambda p: str(p[0])
)
def test_effects_are_as_extracted(effects, printed):
    key, study, _, _, *numbers, words = printed
    found = effects[key]
    assert found["study_id"] == study
    assert numbers == [number(found[name]) for name in ("estimate", "ci_low", "ci_high")]
    assert words == found["reported_as"]


def test_points_are_the_official_ones(shared):
    path = shared / "evidence" / "qof" / "points_england_somerset_2014_15_to_2019_20.csv"
    with path.open(encoding="utf-8", newline="") as file:
        found = {
            (r["year"], r["geography_code"]): float(r["pct_of_max"]) for r in csv.DictReader(file)
        }
    for year, somerset, rest in examples.POINTS:
        assert (found[year, "11X"], found[year, "ENG_X_11X"]) == (somerset, rest)
