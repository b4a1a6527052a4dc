"""The forest plot: what is drawn, where, and what it says."""

import itertools
import re
from dataclasses import replace
from functools import cache
from html import unescape

import pytest

from analysis.figures.forest import forest, limits_for, marks_for
from analysis.figures.forest_columns import MARKS_LEAST, columns_for, stacked_for
from analysis.figures.forest_rows import entries_for
from analysis.figures.forest_words import footer
from analysis.figures.frame import Text
from analysis.figures.marks import Diamond, Dot, NullLine, PredictionBar, Square
from analysis.figures.measure import width
from analysis.figures.twofold import NARROW
from tests.figures import examples

LONG = "the percentage of patients with coronary heart disease whose last cholesterol was 5 or less"


def wild():
    """One interval far beyond the others, a study and an indicator that need many lines."""
    base = examples.finding(id="wild")
    label = "Commissioning Collaboration for Counterincentivisation 2018"
    odd = replace(base.rows[2], ci_low=-190.0, ci_high=165.0, label=label, indicator=LONG)
    return replace(base, rows=(*base.rows[:2], odd, *base.rows[3:]))


def larger(row):
    """The row with numbers too wide to stand in one line beside marks on a phone."""
    if row.estimate is None:
        return row
    ends = [value and value * 54321 for value in (row.estimate, row.ci_low, row.ci_high)]
    return replace(row, estimate=ends[0], ci_low=ends[1], ci_high=ends[2])


FINDINGS = {
    "pooled": examples.finding,
    "one": lambda: examples.few(1),
    "two": lambda: examples.few(2),
    "ratios": examples.ratios,
    "listed": examples.listed,
    "wild": wild,
    "labels": lambda: examples.finding(left_label=LONG, right_label=LONG, x_label=LONG * 2),
    "large": lambda: examples.finding(rows=tuple(map(larger, examples.finding().rows))),
    "nothing sized": lambda: examples.listed(rows=(examples.row(examples.SILENT),)),
}


LAYOUTS = {
    "wide": columns_for,
    "narrow": lambda finding: stacked_for(finding, NARROW),
}


@cache
def drawn(name):
    return forest(FINDINGS[name]())


@cache
def both(name):
    """The two drawings of a finding: for a page and for a phone."""
    return drawn(name).svg, drawn(name).narrow


@pytest.fixture(params=FINDINGS)
def finding(request):
    return FINDINGS[request.param]()


@pytest.fixture
def figure(request):
    """The plot of the test's finding."""
    return drawn(request.node.callspec.params["finding"])


def count(figure, kind):
    return figure.svg.count(f'class="qof-{kind}"')


def texts(figure):
    return [unescape(text) for text in re.findall(r">([^<>]*)</text>", figure.svg)]


def test_the_name_of_each_link_says_whose_numbers_it_holds(finding, figure):
    names = dict(re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', figure.svg))
    for row in finding.rows:
        name = unescape(names[f"trails.html#{row.effect_id}"])
        assert name.startswith(row.label[:12])
        assert name.partition(": ")[2]
    assert figure.svg.count("<a ") == figure.svg.count("aria-label=")


def test_each_kind_of_row_has_its_mark(finding, figure):
    rows = finding.rows
    ranged = [row for row in rows if row.ci_low is not None]
    assert count(figure, "square") == sum(row.weight is not None for row in rows)
    assert count(figure, "interval") == len(ranged)
    assert count(figure, "point") == sum(row.weight is None for row in ranged)
    assert count(figure, "open-point") == sum(
        row.estimate is not None and row.ci_low is None for row in rows
    )


def test_each_summary_has_its_diamond_and_only_a_total_its_prediction_bar(finding, figure):
    groups = {row.group for row in finding.rows}
    subtotals = sum(g.summary is not None and len(groups) > 1 for g in finding.groups)
    assert count(figure, "diamond") == subtotals + (finding.summary is not None)
    predicted = finding.summary is not None and finding.summary.pi_low is not None
    assert count(figure, "prediction") == predicted
    assert count(figure, "null") == 1


def test_what_is_not_pooled_has_no_diamond_and_says_so():
    figure = drawn("listed")
    assert count(figure, "diamond") == count(figure, "prediction") == count(figure, "square") == 0
    assert "Not pooled: 13 figures from 2 studies, side by side." in texts(figure)
    assert "Weight" not in texts(figure)
    assert "not pooled" in figure.alt


@pytest.mark.parametrize(("name", "arrows"), [("wild", 2), ("pooled", 0)])
def test_only_what_is_cut_has_arrows_and_a_word_for_them(name, arrows):
    figure = drawn(name)
    assert count(figure, "arrow") == arrows
    assert ("arrow" in figure.caption) == (arrows > 0)


@pytest.fixture(params=LAYOUTS)
def columns(request, finding):
    return LAYOUTS[request.param](finding)


def marks_of(finding, columns):
    return marks_for(finding, columns, limits_for(finding), entries_for(finding, columns))


def boxes(finding, columns):
    """Every text of the plot as left, right, top, bottom, in px."""
    marks, height = marks_of(finding, columns)
    for mark in marks:
        if isinstance(mark, Text) and mark.text:
            wide = width(mark.text, mark.size, mark.bold)
            left = mark.x - {"left": 0, "center": 0.5, "right": 1}[mark.align] * wide
            half = mark.size / 2
            yield mark.text, left, left + wide, mark.y - half, mark.y + half, height


def test_no_words_overlap_or_leave_the_figure(finding, columns):
    every = list(boxes(finding, columns))
    for text, left, right, top, bottom, height in every:
        assert left >= -0.01, text
        assert right <= columns.wide + 0.01, text
        assert (top >= 0) and (bottom <= height), text
    for one, other in itertools.combinations(every, 2):
        beside = one[1] >= other[2] or other[1] >= one[2]
        apart = one[3] >= other[4] or other[3] >= one[4]
        assert beside or apart, (one[0], other[0])


def test_no_line_across_the_plot_runs_through_words(finding, columns):
    marks, _ = marks_of(finding, columns)
    parts = [part for mark in marks if isinstance(mark, NullLine) for part in mark.parts]
    assert parts
    for text, left, right, top, bottom, _ in boxes(finding, columns):
        if left < columns.right and right > columns.left:
            assert not any(low < bottom and top < high for low, high in parts), text


def test_every_mark_of_a_row_has_the_null_line_beside_it(finding, columns):
    marks, _ = marks_of(finding, columns)
    parts = [part for mark in marks if isinstance(mark, NullLine) for part in mark.parts]
    ys = [mark.y for mark in marks if isinstance(mark, Square | Dot | Diamond | PredictionBar)]
    assert all(any(low < y < high for low, high in parts) for y in ys)


def whole(lines):
    return "".join(lines).replace(" ", "")


def told(svg):
    """The words of a drawing in one line, those broken over lines put together again."""
    return " ".join(unescape(text) for text in re.findall(r">([^<>]*)</text>", svg))


def test_both_drawings_tell_the_same_words_and_numbers(finding):
    wide, narrow = (
        [
            # A word too long for its room is cut where there is no space.
            (e.to, e.named, e.bold, *map(whole, (e.study, e.indicator, e.numbers)))
            for e in entries_for(finding, layout(finding))
            if not e.silent
        ]
        for layout in LAYOUTS.values()
    )
    assert narrow == wide


def test_a_phone_is_told_what_a_page_is_told(finding, figure):
    shown = told(figure.narrow)
    for row in finding.rows:
        assert row.label in shown
        assert row.indicator in shown
    assert " ".join(footer(finding)) in shown


MARKS = ("square", "interval", "point", "open-point", "diamond", "prediction", "arrow", "band")


@pytest.mark.parametrize("name", FINDINGS)
def test_both_drawings_have_the_same_marks_and_links(name):
    wide, narrow = both(name)
    for kind in (*MARKS, "null", "summary-line", "axis"):
        mark = f'class="qof-{kind}"'
        assert narrow.count(mark) == wide.count(mark), kind
    named = r'<a href="([^"]+)" aria-label="([^"]+)"'
    links = [dict(re.findall(named, svg)) for svg in (wide, narrow)]
    assert links[0].keys() == links[1].keys()
    assert {to for to in links[0] if links[0][to] != links[1][to]} <= silent(FINDINGS[name]())


def silent(finding):
    """The addresses of rows whose words are cut short where there is little room."""
    return {f"trails.html#{row.effect_id}" for row in finding.rows if row.estimate is None}


def middles(svg):
    found = re.findall(r'class="qof-square"[^>]*><path d="M ([\d.]+) [\d.]+ L ([\d.]+)', svg)
    return [(float(a) + float(b)) / 2 for a, b in found]


@pytest.mark.parametrize("name", ["pooled", "ratios", "wild"])
def test_both_drawings_place_estimates_alike(name):
    wide, narrow = map(middles, both(name))
    ends = [layout(FINDINGS[name]()) for layout in LAYOUTS.values()]
    shares = [
        [(x - c.left) / (c.right - c.left) for x in xs]
        for xs, c in zip((wide, narrow), ends, strict=True)
    ]
    assert shares[1] == pytest.approx(shares[0], abs=0.001)
    assert len(shares[0]) > 1


def test_letters_of_the_narrow_drawing_are_as_large_on_a_phone_as_on_a_page(finding, figure):
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure.narrow)]
    # A phone 375 px wide leaves 343 to a figure: nothing shrinks.
    assert NARROW <= 343
    assert f'viewBox="0 0 {NARROW:g} ' in figure.narrow
    assert min(sizes) >= 11


def test_no_id_is_in_both_drawings(finding, figure):
    ids = re.findall(r' id="([^"]+)"', figure.html())
    assert len(ids) == len(set(ids))
    for svg in (figure.svg, figure.narrow):
        for name in re.search('aria-labelledby="([^"]+)"', svg)[1].split():
            assert f'id="{name}"' in svg


def test_where_no_style_sheet_chooses_the_narrow_drawing_is_hidden(finding, figure):
    wide, narrow = re.findall(r'<div class="qof-(?:wide|narrow)"([^>]*)>', figure.html())
    assert (wide, narrow) == ("", ' style="display:none"')


def test_words_stand_clear_of_the_plot(finding, columns):
    assert columns.left > columns.indicator
    assert columns.right - columns.left >= min(MARKS_LEAST, 120)
    assert columns.numbers - columns.numbers_room > columns.right


def test_rows_come_by_group_and_then_by_size():
    table = drawn("pooled").table
    assert list(dict.fromkeys(table["Type"])) == list(examples.KINDS.values())
    for _, rows in table.groupby("Type"):
        shown = [v for v in rows.iloc[:, 4] if v != "not printed"]
        sizes = [float(value.replace("−", "-")) for value in shown]
        assert sizes == sorted(sizes)
        assert list(rows.iloc[:, 4][: len(shown)]) == shown


def test_a_row_of_a_group_nobody_named_is_still_shown():
    base = examples.finding()
    lost = replace(base.rows[0], group="unheard_of")
    figure = forest(replace(base, rows=(lost, *base.rows[1:])))
    assert len(figure.table) == len(base.rows)
    assert "unheard_of" in texts(figure)


def test_the_table_has_a_row_a_figure_with_its_way_back(finding, figure):
    table = figure.table
    assert len(table) == len(finding.rows)
    by_words = {row.reported_as: row for row in finding.rows}
    for line in table.to_dict("records"):
        row = by_words[line["As printed"]]
        source = line["Where in the source"]
        assert (line["Study"], line["Indicator"]) == (row.label, row.indicator)
        assert (source.text, source.address) == (row.locator, row.source_url)
        assert (line["Weight"] == "not pooled") == (row.weight is None)
        assert (line["95% interval"] == "not printed") == (row.ci_low is None)


def test_numbers_are_written_as_in_the_field():
    shown = texts(drawn("pooled"))
    assert "−12.7 (−15.0 to −10.4)" in shown
    assert "−5.8" in shown
    ratios = texts(drawn("ratios"))
    assert "0.87 (0.83 to 0.92)" in ratios


def test_a_figure_without_a_size_is_listed_in_its_own_words():
    assert {"little change ... on the 6", "quality measures"} <= set(texts(drawn("pooled")))


def test_long_words_are_cut_short_in_the_plot_and_whole_in_the_table():
    said = "no estimate was printed " * 9
    row = replace(examples.row(examples.SILENT), reported_as=said)
    figure = forest(examples.listed(rows=(row,)))
    assert any(text.endswith("…") for text in texts(figure))
    assert figure.table.loc[0, "As printed"] == said


def test_rows_alike_but_for_their_time_point_are_told_apart():
    base = examples.listed()
    plan = next(row for row in base.rows if "care plan" in row.indicator)
    twin = replace(plan, effect_id="twin", timepoint="next year")
    shown = " ".join(texts(forest(replace(base, rows=(*base.rows, twin)))))
    assert "recorded, 3 years" in shown
    assert "recorded, next year" in shown
    assert "status recording, " not in shown


def test_the_footer_tells_what_was_pooled_and_how():
    shown, s = " ".join(texts(drawn("pooled"))), examples.finding().summary
    assert "k = 11 pooled, from 2 studies; 13 figures listed in all." in shown
    assert f"τ² = {s.tau2:.1f}; I² = {s.i2:.1f}%; Q = {s.q:.1f} (df = 10, p < 0.001)." in shown
    assert "by DL; Wald interval (normal), p < 0.001; prediction interval (normal)." in shown


def test_the_footer_names_t_tails_and_the_interval_of_tau2():
    base = examples.finding()
    summary = replace(
        base.summary, df=10.0, test="hksj", method="REML", tau2_ci_low=1.5, tau2_ci_high=900.25
    )
    shown = " ".join(texts(forest(replace(base, summary=summary))))
    assert "(95% CI 1.5 to 900.3); I²" in shown
    assert "REML; Hartung-Knapp-Sidik-Jonkman interval (t, df = 10), p < 0.001;" in shown
    assert "prediction interval (t, df = 10)." in shown


@pytest.mark.parametrize("k", [1, 2])
def test_too_few_for_a_prediction_interval_is_said_aloud(k):
    finding = examples.few(k)
    figure = forest(finding)
    shown = " ".join(texts(figure))
    assert finding.summary.warnings[0] in shown
    assert "no prediction interval can be estimated" in shown
    assert "No prediction interval can be estimated." in figure.alt
    assert ("Heterogeneity" in shown) == (k > 1)


def test_a_log_scale_says_so():
    shown = " ".join(texts(drawn("ratios")))
    assert "on the log scale" in shown
    assert " 0.7 0.8 0.9 1 " in shown


def test_both_sides_of_the_null_are_named():
    shown = texts(drawn("pooled"))
    assert "← recorded care fell" in shown
    assert "recorded care rose →" in shown


def test_alt_text_makes_the_point_in_numbers():
    finding = examples.finding()
    alt, s = drawn("pooled").alt, finding.summary
    assert alt.startswith(
        "Forest plot of 13 figures from 2 studies: Recorded care fell when incentives were "
        "withdrawn. The estimates (percentage points) run from −62.3 to −5.0: "
        "12 of 12 below 0 (recorded care fell). 1 figure printed without a size."
    )
    mean, low, high = (f"{v:.1f}".replace("-", "−") for v in (s.estimate, s.ci_low, s.ci_high))
    assert f"summary of 11 figures is {mean} ({low} to {high}), a 95% confidence interval" in alt
    assert "interval that excludes 0 (no difference)" in alt
    assert f"prediction interval, −50.4 to {s.pi_high:.1f}, includes 0 (no difference)" in alt
    assert "Recording or review −51.3" in alt
    assert alt.endswith("Certainty of the evidence: low.")


def test_alt_text_counts_both_sides():
    assert "3 of 4 below 1 (less retinopathy), 1 of 4 above 1 (more" in drawn("ratios").alt


def test_the_caption_states_the_order_and_names_only_what_is_there():
    full, bare = drawn("pooled").caption, drawn("two").caption
    assert full.startswith("By group, and within each from the lowest to the highest estimate.")
    assert "open circle" in full
    assert bare.startswith("Ordered from the lowest to the highest estimate.")
    for absent in ("open circle", "flat bar", "arrow", "words in place"):
        assert absent not in bare


def test_what_is_no_forest_is_refused():
    with pytest.raises(
        ValueError, match="expected rows and one of the kinds pooled, nested, listed"
    ):
        forest(examples.series())
