"""Directions by theme: one bar a family, research above opinion, wider change left out."""

import pandas as pd
import pytest

from analysis.evidence.tables import load_evidence
from analysis.figures.family_groups import OPINION
from analysis.figures.themes import by_theme, harvest_by_theme
from analysis.paths import LIBRARY
from analysis.references import read_library

COLUMNS = ["study_id", "sample_family", "theme", "direction", "source_kind", "bears_on"]


def made(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def bars(*rows):
    table = made(*rows)
    return by_theme(table, {study: study.upper() for study in table["study_id"]}).bars


def test_papers_of_one_family_are_one_bar_in_a_theme():
    (bar,) = bars(
        ("a", "glasgow_nurses", "workload", "weakened", "study", "qof"),
        ("b", "glasgow_nurses", "workload", "weakened", "letter_with_data", "qof"),
    )
    assert (bar.label, bar.direction) == ("Practice nurses in Glasgow", "worse")
    assert (bar.height, bar.shade) == (2.0, "study")


def test_a_family_that_disagrees_with_itself_stands_in_the_middle():
    (bar,) = bars(
        ("a", "a", "autonomy", "weakened", "study", "qof"),
        ("a", "a", "autonomy", "strengthened", "study", "qof"),
    )
    assert (bar.label, bar.side) == ("A", "neither")


@pytest.mark.parametrize(
    ("direction", "side"),
    [("weakened", "worse"), ("strengthened", "better"), ("mixed", "neither")],
)
def test_opinion_is_short_and_wider_change_is_left_out(direction, side):
    (bar,) = bars(
        ("a", "a", "autonomy", direction, "commentary", "qof"),
        ("b", "b", "autonomy", direction, "study", "wider_change"),
        ("c", "c", "autonomy", direction, "study", "after_withdrawal"),
    )
    assert (bar.side, bar.height, bar.shade) == (side, 1.0, OPINION)


@pytest.fixture(scope="module")
def real(root):
    labels = {key: record.label for key, record in read_library(root / LIBRARY).items()}
    return load_evidence(root).qualitative_findings, labels


def test_every_family_that_speaks_of_qof_has_its_bar(real):
    findings, labels = real
    bearing = findings[findings["bears_on"] == "qof"]
    pairs = bearing.groupby(["theme", "sample_family"]).ngroups
    figure = harvest_by_theme(findings, labels)
    assert len(by_theme(findings, labels).bars) == len(figure.table) == pairs
    assert "no vote" in figure.caption


@pytest.mark.parametrize("theme", ["The consultation", "Continuity", "Moral unease"])
def test_strain_outweighs_gain_where_the_chapter_says_so(real, theme):
    shown = by_theme(*real)
    assert len(shown.cell(theme, "worse")) > len(shown.cell(theme, "neither"))
    assert not shown.cell(theme, "better")


@pytest.mark.parametrize(
    "theme", ["Teamwork and nursing", "Norms and identity", "Exceptions and gaming"]
)
def test_accounts_are_mostly_mixed_where_the_chapter_says_so(real, theme):
    shown = by_theme(*real)
    mixed = shown.cell(theme, "neither")
    assert len(mixed) > max(len(shown.cell(theme, side)) for side in ("worse", "better"))


def test_the_narrow_drawing_holds_the_same_bars(real):
    figure = harvest_by_theme(*real)
    key = len(by_theme(*real).shades)
    for svg in (figure.svg, figure.narrow):
        assert svg.count('class="qof-bar"') == len(figure.table) + key
