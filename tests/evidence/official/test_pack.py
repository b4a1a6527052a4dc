"""The committed tables are those that the full official material gives."""

import pandas as pd
import pytest

from analysis.evidence.official.compare import somerset_return
from analysis.evidence.official.practice_csv import read_csv
from analysis.evidence.official.tables import rebuild
from tests.evidence.conftest import read_rows

FULL = "ccg_indicator_2014_15_to_2019_20.csv.gz"


@pytest.fixture(scope="module")
def qof(shared):
    return shared / "evidence" / "qof"


@pytest.fixture(scope="module")
def full(qof):
    return read_csv(qof / FULL, FULL).frame


@pytest.fixture(scope="module")
def returned(full):
    return somerset_return(full).set_index("indicator")


def test_somerset_return_is_the_full_materials(root, returned):
    committed = pd.read_csv(root / "data" / "somerset_return.csv").set_index("indicator")
    assert list(committed.index) == list(returned.index)
    for column in returned:
        if committed[column].dtype.kind in "if":
            assert (committed[column] - returned[column]).abs().max() < 1e-6, column
        else:
            assert (committed[column] == returned[column]).all(), column


@pytest.mark.parametrize(
    ("indicator", "difference"), [("DEP003", 39.57), ("RA002", 37.64), ("AF007", -0.04)]
)
def test_differences_that_the_plan_names(returned, indicator, difference):
    assert round(returned.loc[indicator, "difference"], 2) == difference
    assert returned.loc[indicator, "n_ccg"] == 116


def test_no_table_would_change(full, root):
    assert {table.file: table.changes for table in rebuild(full, root)} == {
        "data/indicators.csv": (),
        "data/somerset_return.csv": (),
        "data/somerset_series.csv": (),
        "data/ccg_spread.csv": (),
    }


def test_series_agrees_with_the_packs_own_sums(root, qof):
    names = {"11X": "Somerset", "ENG_X_11X": "Rest of England"}
    own = {
        (row["indicator"], row["year"], row["area"]): row
        for row in read_rows(root / "data" / "somerset_series.csv")
    }
    compared = 0
    for row in read_rows(qof / "england_somerset_indicator_2014_15_to_2019_20.csv"):
        area = names.get(row["geography_code"])
        if area is None:
            continue
        ours = own.pop((row["indicator_code"], row["year"], area))
        for name in ("numerator", "denominator", "exceptions"):
            assert float(ours[name]) == float(row[name])
        for name in ("patients_receiving_pct", "exception_rate_pct"):
            assert float(ours[name]) == pytest.approx(float(row[name]), abs=0.0006)
        compared += 1
    assert compared > 600
    assert own == {}


def test_points_of_the_indicators_make_the_maximum(full, root):
    best = full.assign(mean=full["points"] / full["n_practices"])
    maximum = best.groupby(["year", "indicator"])["mean"].max().sub(1e-6).floordiv(1).add(1)
    known = {
        row["year"]: int(row["max_points"])
        for row in read_rows(root / "data" / "somerset_points.csv")
    }
    assert maximum.groupby("year").sum().to_dict() == known
    last = {row["indicator"]: row for row in read_rows(root / "data" / "indicators.csv")}
    for (year, indicator), points in maximum.items():
        if last[indicator]["last_year"] == year:
            assert float(last[indicator]["points"]) == points


MEASURES = {
    "mean_points_per_practice": "mean_points",
    "mean_points_pct_of_max": "points_pct",
    "overall_exception_rate": "exception_rate",
    "max_points_available": "max_points",
    "n_practices": "n_practices",
}


def test_national_headlines_are_the_packs(root, qof):
    theirs = {}
    for row in read_rows(qof / "national_headlines.csv"):
        measure = MEASURES.get(row["measure"].removesuffix("_computed"))
        computed = row["measure"].endswith("_computed")
        if measure and "2004/05" <= row["year"] <= "2019/20":
            key = (row["country"], measure, row["year"], computed)
            theirs.setdefault(key, set()).add(float(row["value"]))
    ours = {
        (row["country"], row["measure"], row["year"], row["basis"] == "computed"): float(
            row["value"]
        )
        for row in read_rows(root / "data" / "national_series.csv")
    }
    # The pack's notes have the exception rate of 2013/14, its table of headlines has not.
    assert ours.pop(("England", "exception_rate", "2013/14", True)) == 4.12
    assert set(ours) == set(theirs)
    assert all(value in theirs[key] for key, value in ours.items())


def test_computed_headlines_follow_from_the_counts(root, full, qof):
    rows = read_rows(root / "data" / "national_series.csv")
    computed = {
        (r["measure"], r["year"]): float(r["value"]) for r in rows if r["basis"] == "computed"
    }
    practices = full.drop_duplicates(["year", "area"]).groupby("year")["n_practices"].sum()
    mean = full.groupby("year")["points"].sum() / practices
    sums = full.groupby("year")[["exceptions", "denominator"]].sum()
    for year in practices.index:
        assert computed["mean_points", year] == pytest.approx(mean[year], abs=0.006)
        rate = 100 * sums.loc[year, "exceptions"] / sums.loc[year].sum()
        assert computed["exception_rate", year] == pytest.approx(rate, abs=0.006)
    groups = pd.read_csv(qof / "ccg_group_2013_14_to_2019_20.csv.gz")
    before = groups[groups["year"] == "2013/14"][["exceptions", "denominators"]].sum()
    rate = 100 * before["exceptions"] / before.sum()
    assert computed["exception_rate", "2013/14"] == pytest.approx(rate, abs=0.006)


def test_every_address_is_listed(root, qof):
    ours = {row["url"] for row in read_rows(root / "data" / "official_files.csv")}
    assert {row["url"] for row in read_rows(qof / "official_file_urls.csv")} <= ours


def test_payments_are_those_of_the_notes(root, shared):
    notes = (shared / "evidence" / "notes-qof-data.md").read_text("utf-8")
    (line,) = [line for line in notes.splitlines() if line.startswith("QOF payment per registered")]
    for row in read_rows(root / "data" / "somerset_payment.csv"):
        assert row["gbp_per_patient"] in line
