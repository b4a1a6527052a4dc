"""Summary-of-findings tables: every number from its finding, every fault told."""

import re
from dataclasses import replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.tables import load_evidence
from analysis.findings.finding import SYMBOLS
from analysis.findings.store import stored_findings
from analysis.findings.wording import LEAST_THAT_MATTERS, MEANINGS, meaning, side_of
from analysis.numbers import number
from analysis.paths import LIBRARY, project_root
from analysis.problems import ProblemsFound
from analysis.publish.certainty.summaries import FILE, MOST_OUTCOMES, Outcome, read_summaries
from analysis.publish.certainty.summary_table import check_summaries, summary_table
from analysis.publish.certainty.summary_values import VALUES, absolute, baseline, rests_on, shown
from analysis.references import read_library
from tests.conftest import ROOT

TABLES = read_summaries(ROOT)
ASKED = [(name, one) for name, table in TABLES.items() for one in table.outcomes]
MEASURED = [(name, one) for name, one in ASKED if not one.unmeasured]
NAMED = [f"{name}: {one.name}" for name, one in MEASURED]


@pytest.fixture(scope="module")
def made():
    """What every table is made from: root, findings, evidence, library."""
    return ROOT, stored_findings(ROOT), load_evidence(ROOT), read_library(ROOT / LIBRARY)


def test_the_project_has_its_four_tables_and_no_problem(made):
    assert list(TABLES) == ["withdrawal", "introduction", "outcomes", "beside"]
    assert check_summaries(*made) == []


@pytest.mark.parametrize(("name", "one"), MEASURED, ids=NAMED)
def test_a_figure_that_is_only_listed_is_never_averaged(made, name, one):
    finding = made[1][one.finding]
    kind = one.value.split()[0]
    assert kind in VALUES
    if finding.kind == "listed":
        assert kind in ("range", "row")
    text = shown(one, finding).text
    assert ("on average" in text) == (kind in ("summary", "group"))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_reads_alone(made, name):
    html = summary_table(name, *made).html()
    asked = TABLES[name].outcomes
    assert len(asked) <= MOST_OUTCOMES
    assert html.count('<th scope="row" role="rowheader">') == len(asked)
    labels = re.findall(r'<span class="qof-label" aria-hidden="true">([^<]+)</span>', html)
    heads = re.findall(r'<th scope="col" role="columnheader">([^<]+)</th>', html)
    assert labels == heads[1:] * len(asked)
    for one in asked:
        if one.finding:
            finding = made[1][one.finding]
            assert f"{SYMBOLS[finding.certainty.level]} {finding.certainty.level}" in html
            page, _, label = one.section.partition("#")
            assert f'href="{page}.html#{label}"' in html


def test_reasons_and_limits_stand_in_the_table(made):
    html = summary_table("withdrawal", *made).html()
    finding = made[1]["withdrawal-recorded-care"]
    for sentence in (*finding.certainty.reasons, *finding.cautions):
        assert f"<li>{escape(sentence)}</li>" in html


def test_the_mean_of_a_pooled_finding_is_its_own(made):
    finding = made[1]["withdrawal-readings-at-target"]
    one = next(one for _, one in MEASURED if one.finding == finding.id)
    assert shown(one, finding).text.startswith(number(finding.summary.estimate, 1))


def test_an_absolute_change_starts_from_a_printed_level(made):
    finding = made[1]["withdrawal-readings-at-target"]
    one = next(one for _, one in MEASURED if one.finding == finding.id)
    row = made[2].effects.set_index("effect_id").loc[one.baseline["row"]]
    assert baseline(one, made[2]) == row[one.baseline["column"]]
    after = number(row[one.baseline["column"]] + finding.summary.estimate, 0)
    told = absolute(one, finding, shown(one, finding), baseline(one, made[2]))
    assert told.startswith(f"from {number(baseline(one, made[2]), 0)} in 100 to {after} in 100 (")


def test_an_odds_ratio_moves_a_level_as_odds_do(made):
    """Cochrane Handbook 6.4, section 15.4: odds ratio 2 at half of all is two in three."""
    finding = made[1]["introduction-hba1c"]
    two = replace(shown(Outcome("x", value="range"), finding), estimate=2.0, ci=(1.0, 3.0))
    assert absolute(Outcome("x"), finding, two, 50) == "from 50 in 100 to 67 in 100 (50 to 75)"


def test_a_small_change_is_told_in_a_thousand(made):
    """0.41 points from 87 would read as one in 100 more: 87 to 88."""
    finding = made[1]["higher-threshold-flu"]
    one = replace(shown(Outcome("x", value="range"), finding), estimate=0.41, ci=(0.25, 0.56))
    told = absolute(Outcome("x"), finding, one, 87.1)
    assert told == "from 871 in 1,000 to 875 in 1,000 (874 to 877)"


def test_samples_are_not_added_up_and_say_where_they_are_not_known(made):
    """England's patients are in two of the studies: their sum is nobody's number."""
    finding = made[1]["withdrawal-recorded-care"]
    told = rests_on(finding.rows, made[2])
    effects = made[2].effects
    used = effects[effects["effect_id"].isin([row.effect_id for row in finding.rows])]
    largest = used.groupby("study_id")["n_practices"].max()
    most = int(largest.max())
    assert f"up to {most:,} practices in one (known for {largest.count()})" in told
    assert told.startswith(f"{used['study_id'].nunique()} studies, {len(used)} estimates")
    (patients,) = re.findall(r"up to about ([\d,]+) patients in one", told)
    assert float(patients.replace(",", "")) == float(f"{used['n_patients'].max():.2g}")


def test_a_row_that_shows_a_part_says_that_certainty_is_of_the_whole(made):
    told = {one.name: one for one in summary_table("introduction", *made).told}
    part = told["Blood pressure at target, allowing for the trend"]
    whole = told["Recorded care, allowing for the trend"]
    count = len(made[1]["introduction-trend-adjusted"].rows)
    assert (part.judged, whole.judged) == (f"for all {count} estimates of the finding", "")
    html = summary_table("introduction", *made).html()
    assert f"Judged {part.judged}, not for this row alone." in html
    assert f'{part.level}</span> <span class="qof-absolute">{part.judged}</span>' in html


def test_what_is_said_only_in_words_is_not_called_unreported(made):
    told = {one.name: one for one in summary_table("outcomes", *made).told}
    words = told["Heart attacks, strokes and deaths in high blood pressure"]
    assert words.found == "Reported without a figure"
    assert words.evidence == made[3]["serumaga2011"].label
    assert told["Daily life"].found == "Not reported"


FAULTS = {
    "finding: withdrawal-recorded-care": ("finding: withdrawal-recordet-care", "finding", "mean"),
    "value: group treatment": ("value: group teatment", "value", "did you mean treatment"),
    "value: row serumaga2011-3": ("value: summary", "value", "has no mean"),
    "value: row kontopantelis2013-1": ("value: row nobody-1", "value", "one of"),
    "value: range measurement": ("value: median measurement", "value", "range"),
    "section: inequality#care-gap-finding": ("section: inequality#no", "section", "label"),
    "row: rison2024-3": ("row: rison2024-9", "value", "row with a value"),
    "column: reference_value": ("column: reference_valeu", "value", "column of data"),
    "wording: gap": ("wording: gab", "wording", "did you mean gap"),
    "reported_by: serumaga2011": ("reported_by: serumaga2010", "reported_by", "did you mean"),
    "title: Paying": ("tittel: x\n  title: Paying", "tittel", "did you mean title"),
}


@pytest.mark.parametrize("right", FAULTS)
def test_a_fault_is_told_with_file_row_and_column(made, tmp_path, right):
    wrong, column, said = FAULTS[right]
    text = (ROOT / FILE).read_text("utf-8")
    assert right in text
    (tmp_path / "data").mkdir()
    (tmp_path / "book").symlink_to(ROOT / "book")
    (tmp_path / FILE).write_text(text.replace(right, wrong, 1), "utf-8")
    problems = check_summaries(tmp_path, *made[1:])
    assert [(p.file, p.column) for p in problems] == [(FILE, column)]
    assert problems[0].row
    assert said in problems[0].expected


def test_an_eighth_outcome_and_a_missing_file_are_told(made, tmp_path):
    assert "this file" in check_summaries(tmp_path, *made[1:])[0].expected
    (tmp_path / "data").mkdir()
    head = "- {id: t, title: t, cause: c, population: p, comparison: c, outcomes: [\n"
    full = head + ", ".join(["{name: a, unmeasured: b}"] * (MOST_OUTCOMES + 1)) + "]}\n"
    (tmp_path / FILE).write_text(full, "utf-8")
    assert check_summaries(tmp_path, *made[1:])[0].value == str(MOST_OUTCOMES + 1)


def test_a_table_that_is_not_there_names_those_that_are(made):
    with pytest.raises(KeyError, match="did you mean withdrawal"):
        summary_table("withdrawel", *made)


def test_a_page_does_not_show_a_table_with_a_dead_name(made):
    root, findings, *rest = made
    fewer = {name: one for name, one in findings.items() if name != "withdrawal-recorded-care"}
    with pytest.raises(ProblemsFound, match="withdrawal-recorded-care"):
        summary_table("withdrawal", root, fewer, *rest)


intervals = st.lists(
    st.tuples(st.floats(-50, 50), st.floats(0, 20)).map(lambda at: (at[0], at[0] + at[1])),
    max_size=6,
)


@given(intervals, st.floats(-5, 5), st.floats(0, 3))
def test_a_side_is_said_only_where_every_interval_is_on_it(limits, null, least):
    side = side_of(limits, null, least)
    below = [high < null for _, high in limits]
    above = [low > null for low, _ in limits]
    if side == "little":
        assert all(abs(end - null) < least for pair in limits for end in pair)
    assert side != "below" or (limits and all(below))
    assert side != "above" or (limits and all(above))
    assert (side == "unmeasured") == (not limits)
    assert side != "mixed" or (any(below) and any(above))


@given(intervals, st.sampled_from(list(SYMBOLS)), st.sampled_from(list(MEANINGS)))
def test_low_certainty_never_states_and_very_low_says_so(limits, level, wording):
    side = side_of(limits, 0.0, 1.0)
    told = meaning("recorded care", "Payment", side, level, wording)
    assert told.endswith(".")
    assert told[0].isupper()
    assert ("very uncertain" in told) == (level == "very low")
    if level == "low" and side in ("below", "above", "little"):
        assert " may " in told
    if level == "moderate" and side in ("below", "above", "little"):
        assert "probably" in told


def test_the_least_that_matters_is_said_where_it_is_used(made):
    used = [one for one in summary_table("beside", *made).told if "little or no" in one.means]
    assert used
    html = summary_table("beside", *made).html()
    least = number(LEAST_THAT_MATTERS["percentage points"], 0)
    assert f"nearer to no change than {least} percentage point." in html


def test_chapters_reach_the_tables(monkeypatch):
    import analysis

    monkeypatch.setenv("QOF_ROOT", str(ROOT))
    assert project_root() == ROOT
    shown_on_page = analysis.summary_of_findings("outcomes")._repr_mimebundle_()
    assert '<div class="qof-summary" id="summary-table-outcomes">' in shown_on_page["text/html"]
