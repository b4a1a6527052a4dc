"""The national series: what its lines join, where they break, and what its words tell."""

import re
from functools import cache

import pandas as pd
import pytest

import analysis
from analysis.figures import look
from analysis.figures.figure import Link
from analysis.figures.national import STYLES, national, scale_of, segments
from analysis.figures.national_words import MEASURES, NATIONS, national_of

# Not figures of any publication: each row stands for one thing a real row can be.
ROWS = [
    ("England", "2004/05", 90.0, "quoted", "1,050 points", ""),
    ("England", "2005/06", 96.5, "quoted", "1,050 points", ""),
    ("England", "2006/07", 95.0, "quoted", "1,000 points", "the maximum falls"),
    ("England", "2007/08", 95.5, "quoted", "1,000 points", ""),
    ("England", "2007/08", 95.25, "computed", "1,000 points", ""),
    ("England", "2010/11", 94.0, "derived", "1,000 points", ""),
    ("England", "2011/12", 97.0, "quoted", "1,000 points", ""),
    ("Wales", "2005/06", 93.0, "quoted", "", ""),
    ("Wales", "2006/07", 94.0, "quoted", "567 points", ""),
    ("Northern Ireland", "2006/07", 98.0, "quoted", "", "another maximum"),
]
COLUMNS = ("country", "year", "value", "basis", "definition", "break_reason")


def rows(measure="points_pct", found=ROWS):
    frame = pd.DataFrame(found, columns=COLUMNS)
    told = frame["value"].astype(str).where(frame["basis"] == "quoted", "")
    extra = {"measure": measure, "reported_as": told, "notes": float("nan")}
    return frame.assign(**extra, source_title="A publication", source_url="https://example.org/qof")


@cache
def example():
    return national(rows(), "points_pct")


@cache
def official():
    return analysis.table("national_series")


def joined(nation):
    return [(a.label, b.label) for a, b in segments(national_of(rows(), "points_pct"), nation)]


def texts(figure):
    return re.findall(r">([^<>]*)</text>", figure.svg)


def test_a_stroke_joins_neighbouring_years_and_no_others():
    assert joined("England") == [
        ("2004/05", "2005/06"),
        ("2006/07", "2007/08"),
        ("2010/11", "2011/12"),
    ]


def test_a_stroke_does_not_join_what_is_not_known_to_be_counted_alike():
    assert joined("Wales") == []


def test_of_two_values_of_a_year_both_are_drawn_and_our_own_is_joined():
    shown = national_of(rows(), "points_pct")
    year = [value for value in shown.values if value.label == "2007/08"]
    assert [(value.value, value.ours) for value in year] == [(95.5, False), (95.25, True)]
    assert [v.value for v in shown.line("England") if v.label == "2007/08"] == [95.25]


def test_printed_values_are_filled_and_all_others_open():
    svg = example().svg
    bases = [basis for *_, basis, _, _ in ROWS]
    legend = 1
    samples = svg.count('class="qof-sample"')
    assert svg.count('class="qof-open"') == len(bases) - bases.count("quoted") + legend
    assert svg.count('class="qof-solid"') == bases.count("quoted") + legend + samples
    found = re.findall(r'class="qof-open">\s*<path[^>]*style="([^"]*)"', svg)
    assert found
    assert all("fill: none" in style for style in found)


def test_breaks_are_numbered_above_and_told_below_the_plot():
    figure = example()
    assert figure.svg.count('class="qof-break"') == 1
    assert texts(figure).count("1") == 2
    told = "2006/07. England: the maximum falls. Northern Ireland: another maximum"
    assert told in texts(figure)
    assert told in figure.alt


def test_a_break_stands_between_the_years_it_parts():
    shown = national_of(rows(), "points_pct")
    scale = scale_of(shown)
    block = re.search(r'class="qof-break">\s*<path d="M ([\d.]+)', example().svg)
    assert scale.x(2005) < float(block[1]) < scale.x(2006)


def test_nations_differ_in_sign_and_in_dash():
    assert list(STYLES) == list(NATIONS)
    for feature in ("sign", "dash"):
        assert len({getattr(style, feature) for style in STYLES.values()}) == len(STYLES)
    assert {style.colour for style in STYLES.values()} <= set(look.COLOURS)


def test_each_line_is_named_once_with_its_last_value():
    shown = " ".join(texts(example()))
    for label in ("England 97", "Wales 94 in 2006/07", "Northern Ireland 98 in 2006/07"):
        assert shown.count(label) == 1


def test_alt_text_tells_the_stretches_apart_and_what_is_missing():
    alt = example().alt
    assert "England, in 2 stretches not to be compared: 90 in 2004/05, 96.5 in 2005/06; " in alt
    assert "; 95 in 2006/07, lowest 94 in 2010/11, 97 in 2011/12." in alt
    assert "Wales, in 2 stretches not to be compared: 93 in 2005/06; 94 in 2006/07." in alt
    assert "Northern Ireland: 98 in 2006/07." in alt
    assert alt.endswith("No value of this measure was found for Scotland.")


def test_the_caption_explains_what_is_there_and_nothing_else():
    assert "Open signs" in example().caption
    assert "runs through the open sign" in example().caption
    plain = national(rows(found=ROWS[:2]), "points_pct")
    for absent in ("Open signs", "open sign", "upright"):
        assert absent not in plain.caption
    assert "our own sum or working" not in texts(plain)


def test_the_table_has_a_row_a_point_with_its_source():
    table = example().table
    assert len(table) == len(ROWS)
    assert set(table["Source"]) == {Link("A publication", "https://example.org/qof")}
    assert "nan" not in example().html()
    derived = table[table["Basis"].str.startswith("worked out")]
    assert list(derived["Points achieved, % of the maximum"]) == ["94"]


def test_the_order_of_rows_does_not_matter():
    assert national(rows(found=ROWS[::-1]), "points_pct").svg == example().svg


def test_an_unknown_measure_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match=r"points_pc.*points_pct"):
        national(rows(), "points_pc")


def test_a_measure_without_rows_is_refused():
    with pytest.raises(ValueError, match="at least one row of the measure 'exception_rate'"):
        national(rows(), "exception_rate")


@pytest.mark.parametrize("measure", MEASURES)
def test_no_official_line_crosses_a_break(measure):
    table = official()[official()["measure"] == measure]
    told = table[table["break_reason"].fillna("") != ""]
    broken = set(zip(told["country"], told["year"], strict=True))
    assert broken
    shown = national_of(official(), measure)
    strokes = [(nation, b) for nation in shown.nations() for _, b in segments(shown, nation)]
    assert strokes
    assert not {(nation, end.label) for nation, end in strokes} & broken


@pytest.mark.parametrize("measure", MEASURES)
def test_every_official_row_is_drawn_and_listed(measure):
    mine = official()[official()["measure"] == measure]
    figure = national(official(), measure)
    assert len(figure.table) == len(mine)
    assert sorted(map(str, figure.table["Source"])) == sorted(mine["source_title"])
    assert figure.svg.count('class="qof-open"') == (mine["basis"] != "quoted").sum() + 1


@pytest.mark.parametrize("measure", MEASURES)
def test_official_strokes_span_one_year(measure):
    shown = national_of(official(), measure)
    years = [(a.year, b.year) for n in shown.nations() for a, b in segments(shown, n)]
    assert {b - a for a, b in years} == {1}
