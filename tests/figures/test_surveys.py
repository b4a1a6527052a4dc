"""Survey answers: joined only where question and sample are the same, nothing made up."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence.tables import load_evidence
from analysis.figures.survey_waves import MEASURES, start_of, survey_of, with_patient_surveys
from analysis.figures.surveys import surveys
from analysis.figures.surveys_words import NOT_SEEN

SERIES = "gp_worklife_satisfaction"
BEGAN = 2004.25
BLANK = {"n": None, "low": None, "high": None, "notes": None, "study_id": "a2001"}


def rows(*told):
    """One row a value: timepoint, value, group, outcome, and what else differs."""
    made = [
        {
            **BLANK,
            "series": SERIES,
            "statistic": "mean",
            "timepoint": str(year),
            "year": None if " to " in str(year) else float(str(year)[-4:]),
            "value": value,
            "group": group,
            "outcome": asked,
            **more,
        }
        for year, value, group, asked, more in told
    ]
    return pd.DataFrame(made)


def plain(year, value, group="GPs", asked="q", **more):
    return (year, value, group, asked, more)


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def numbers(evidence):
    return with_patient_surveys(evidence.survey_numbers, evidence.series)


def test_lines_part_where_the_sample_or_the_question_changes():
    table = rows(
        plain(2001, 4.0),
        plain(2002, 4.2),
        plain(2003, 4.4, group="GP principals"),
        plain(2005, 4.1, group="GP principals", asked="another"),
    )
    shown = survey_of(table, SERIES, BEGAN)
    assert [(a.label, b.label) for a, b in shown.joined()] == [("2001", "2002")]
    assert [found.mark for found in shown.breaks] == [1, 2]
    assert "“GPs” before, “GP principals” after" in shown.breaks[0].told
    assert "“q” before, “another” after" in shown.breaks[1].told
    figure = surveys([shown], {})
    assert figure.svg.count('class="qof-stroke"') == 1
    assert figure.svg.count('class="qof-break"') == 2
    for found in shown.breaks:
        assert found.told in figure.alt


@settings(max_examples=25, deadline=None)  # a busy machine makes pandas slow
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("qr")), min_size=2, max_size=8))
def test_every_pair_of_neighbours_is_joined_or_parted(kinds):
    table = rows(*(plain(2000 + n, 1.0, group, asked) for n, (group, asked) in enumerate(kinds)))
    shown = survey_of(table, SERIES, BEGAN)
    assert len(shown.joined()) + len(shown.breaks) == len(kinds) - 1
    assert all((a.group, a.asked) == (b.group, b.asked) for a, b in shown.joined())


def test_a_printed_change_gives_the_value_it_leads_to_and_says_so():
    change = {"statistic": "change_pp", "low": -9.6, "high": -9.2}
    table = rows(plain(2012, 56.7), plain("2012 to 2017", -9.4, asked="change in q", **change))
    first, last = survey_of(table, SERIES, BEGAN).waves
    assert not first.ours
    assert last.ours
    assert (last.value, last.low, last.high) == pytest.approx((47.3, 47.1, 47.5))
    assert last.group == first.group
    figure = surveys([survey_of(table, SERIES, BEGAN)], {})
    assert figure.svg.count('class="qof-open"') == 1
    assert "−9.40 (95% CI −9.60 to −9.20), as printed" in figure.alt


def test_a_change_whose_end_was_printed_too_is_told_and_adds_no_value():
    change = {"statistic": "mean_difference", "low": 0.08, "high": 0.40, "series": None}
    span = plain("2017 to 2019", 0.24, asked="change in q", **change)
    shown = survey_of(rows(plain(2017, 4.25), plain(2019, 4.49), span), SERIES, BEGAN)
    assert [wave.value for wave in shown.waves] == [4.25, 4.49]
    assert shown.notes == ("2017 to 2019: +0.24 (95% CI 0.08 to 0.40), as printed",)


def test_months_stand_where_they_are_and_no_decimals_are_added():
    table = rows(plain("Feb 2004", 4.5), plain("Sept 2005", 5.17))
    shown = survey_of(table, SERIES, BEGAN)
    assert [wave.when for wave in shown.waves] == pytest.approx([2004.125, 2005 + 8.5 / 12])
    figure = surveys([shown], {"a2001": "A 2001"})
    assert list(figure.table["Value"]) == ["4.5", "5.17"]
    assert list(figure.table["Interval"]) == [NOT_SEEN] * 2
    assert list(figure.table["Source"]) == ["A 2001"] * 2


def test_the_start_of_qof_is_drawn_only_among_years_that_hold_it():
    inside = survey_of(rows(plain(2001, 4.0), plain(2005, 4.2)), SERIES, BEGAN)
    after = survey_of(rows(plain(2012, 4.0), plain(2015, 4.2)), SERIES, BEGAN)
    assert surveys([inside], {}).svg.count('class="qof-start"') == 1
    assert surveys([after], {}).svg.count('class="qof-start"') == 0


def test_what_has_no_figure_or_no_row_is_told():
    with pytest.raises(KeyError, match="gp_worklife_hours"):
        survey_of(rows(plain(2001, 4.0)), "gp_worklife_hour", BEGAN)
    with pytest.raises(ValueError, match="no row"):
        survey_of(rows(plain(2001, 4.0)), "gp_worklife_hours", BEGAN)


@pytest.mark.parametrize("series", MEASURES)
def test_every_value_of_the_tables_is_shown_as_it_stands(series, numbers):
    shown = survey_of(numbers, series, BEGAN)
    mine = numbers[(numbers["series"] == series) & numbers["statistic"].isin(["mean", "percent"])]
    printed = [wave for wave in shown.waves if not wave.ours]
    assert sorted(w.value for w in printed) == sorted(mine["value"].astype(float))
    figure = surveys([shown], {})
    for svg in (figure.svg, figure.narrow):
        texts = re.findall(r">([^<>]+)</text>", svg)
        assert set(figure.table["Value"]) <= set(texts)


def test_satisfaction_before_and_after_the_contract_are_of_one_question(numbers):
    """Whalley 2008: 4.58 in February 2004 and 5.17 in September 2005, of 7."""
    shown = survey_of(numbers, SERIES, BEGAN)
    pairs = [(a.value, b.value) for a, b in shown.joined()]
    assert (4.58, 5.17) in pairs
    assert len(shown.breaks) == 3
    assert shown.notes


def test_qof_began_in_april_2004(evidence):
    assert start_of(evidence.timeline) == pytest.approx(2004.25)
