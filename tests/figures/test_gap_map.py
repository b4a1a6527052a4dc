"""The map of gaps: counts from the tables, gaps named, the certainty of what rests on a cell."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.evidence.statements import read_statements
from analysis.evidence.tables import load_evidence
from analysis.figures.gap_cells import (
    BEARS_ON,
    CARE,
    COLUMNS,
    DOMAINS,
    NOTHING,
    PHASES,
    PROFESSION,
    ROWS,
    THEMES,
    Cell,
    gaps,
)
from analysis.figures.gap_map import gap_map
from analysis.publish.tables.addresses import addresses
from analysis.publish.tables.mapped import mapped

FIGURES = pd.DataFrame(
    [
        ("e1", "a2001", "introduction", "care_process"),
        ("e2", "a2001", "introduction", "care_process"),
        ("e3", "b2002", "introduction", "care_process"),
        ("e4", "b2002", "withdrawal", "mortality"),
        ("e5", "c2003", "other", "mortality"),
    ],
    columns=["effect_id", "study_id", "phase", "outcome_domain"],
)
ACCOUNTS = pd.DataFrame(
    [
        ("q1", "d2004", "autonomy", "qof", "study"),
        ("q2", "e2005", "autonomy", "qof", "commentary"),
        ("q3", "d2004", "autonomy", "wider_change", "study"),
    ],
    columns=["finding_id", "study_id", "theme", "bears_on", "source_kind"],
)


def answer(name, level, *ids):
    rows = tuple(SimpleNamespace(effect_id=one) for one in ids)
    sure = SimpleNamespace(level=level)
    return SimpleNamespace(id=name, title=name.title(), certainty=sure, rows=rows)


def statement(name, level, *ids):
    sure = SimpleNamespace(level=level)
    return SimpleNamespace(id=name, title=name.title(), confidence=sure, supports=ids, qualifies=())


@pytest.fixture(scope="module")
def small():
    findings = [answer("one", "low", "e1", "e2"), answer("two", "high", "e3")]
    told = [statement("said", "moderate", "q1")]
    return gaps(FIGURES, findings, ACCOUNTS, told, {"one": "page.html#one", "said": "p.html#s"})


def cell(shown, row, column):
    (found,) = [c for c in shown.cells if (c.row, c.column) == (row, column)]
    return found


def test_studies_and_figures_are_counted_and_the_main_answer_leads(small):
    full = cell(small, "Care recorded", "It began")
    assert (full.studies, full.figures) == (2, 3)
    assert full.answers == (("One", "low"), ("Two", "high"))
    assert (full.level, full.judged, full.circles) == ("low", "low", 2)
    assert full.to == "page.html#one"


def test_figures_without_an_answer_are_not_judged_and_those_of_no_phase_left_out(small):
    assert cell(small, "Deaths", "It stopped").judged == "not judged"
    assert small.left_out == 2
    assert sum(c.figures for c in small.cells if c.part == CARE) == 4


def test_commentary_is_not_counted(small):
    under = cell(small, "Autonomy", "Under QOF")
    assert (under.studies, under.figures, under.level) == (1, 1, "moderate")


@pytest.mark.parametrize(("share", "judged"), [(1.0, "low"), (0.5, "low"), (0.4, "part: low")])
def test_answers_to_less_than_half_speak_for_a_part(share, judged):
    made = Cell(CARE, "Deaths", "It began", 2, 5, (("One", "low"),), share)
    assert made.judged == judged


def test_every_gap_is_named_and_every_full_cell_drawn(small):
    figure = gap_map(small)
    for svg in (figure.svg, figure.narrow):
        texts = re.findall(r">([^<>]+)</text>", svg)
        assert texts.count(NOTHING) == len(small.empty)
        assert svg.count('class="qof-band"') == len(small.cells) - len(small.empty)
        assert re.findall(r'<a href="([^"]+)"', svg) == ["page.html#one", "p.html#s"]
    assert len(figure.table) == len(small.cells)
    assert (figure.table["Certainty"] == "gap: no study").sum() == len(small.empty)


def test_one_part_alone(small):
    figure = gap_map(small, [PROFESSION])
    assert set(figure.table["Part"]) == {PROFESSION}
    assert "Deaths" not in figure.svg


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


def test_the_map_has_a_row_or_column_for_all_the_tables_use(evidence):
    assert set(evidence.effects["outcome_domain"]) <= DOMAINS.keys()
    assert set(evidence.qualitative_findings["theme"]) == THEMES.keys()
    held = {phase for phases in PHASES.values() for phase in phases}
    assert set(evidence.effects["phase"]) - held <= {"other", "other_scheme"}
    held = {one for ones in BEARS_ON.values() for one in ones}
    assert set(evidence.qualitative_findings["bears_on"]) - held == {"wider_change"}


@pytest.fixture(scope="module")
def real(root, evidence):
    return mapped(root, evidence)


def test_real_counts_are_those_of_the_tables(real, evidence):
    effects = evidence.effects
    for name, domain in {label: key for key, label in DOMAINS.items()}.items():
        mine = effects[(effects["outcome_domain"] == domain) & (effects["phase"] == "withdrawal")]
        found = cell(real, name, "It stopped")
        assert (found.studies, found.figures) == (mine["study_id"].nunique(), len(mine))
    assert len(real.cells) == sum(len(ROWS[p]) * len(COLUMNS[p]) for p in ROWS)


@pytest.mark.parametrize("outcome", ["Illness and events", "Deaths", "Hospital admissions"])
def test_withdrawal_has_the_gaps_that_what_next_names(real, outcome):
    assert not cell(real, outcome, "It stopped").studies


def test_what_came_back_in_somerset_is_on_the_map(real):
    back = cell(real, "Care recorded", "It came back")
    assert "What returned in Somerset with QOF, by kind of indicator" in dict(back.answers)


def test_every_address_is_a_page_of_the_book(real, root):
    found = addresses(root, read_statements(root))
    pages = {path.stem for path in (root / "book").glob("*.md")}
    assert {address.split(".html")[0] for address in found.values()} <= pages - {"index"}
    assert found["second-agenda"] == "professionalism-evidence.html#second-agenda"
    assert {c.to for c in real.cells if c.part == PROFESSION and c.answers} <= set(found.values())


def test_an_address_leads_to_the_figure_where_one_is_drawn(tmp_path):
    (tmp_path / "book").mkdir()
    told = SimpleNamespace(statements=(SimpleNamespace(id="said"),))
    texts = {
        "index": 'finding("one").forest()',
        "b-page": 'x = finding("two")\nfinding("one").series()',
        "c-page": "statements().profiles()",
    }
    for name, code in texts.items():
        (tmp_path / "book" / f"{name}.md").write_text(f"```{{code-cell}}\n{code}\n```\n", "utf-8")
    assert addresses(tmp_path, told) == {
        "one": "b-page.html#series-one",
        "two": "b-page.html",
        "said": "c-page.html#said",
    }
