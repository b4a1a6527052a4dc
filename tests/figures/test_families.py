"""The map of families: every paper once, families as large as the tables say, names that lead."""

import re

import pytest

import analysis
from analysis.evidence.tables import load_evidence
from analysis.figures.families import families
from analysis.figures.family_groups import NAMES, OPINION, REPORT, of_findings, of_studies
from analysis.paths import LIBRARY
from analysis.references import read_library


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def shown(root, evidence):
    labels = {key: record.label for key, record in read_library(root / LIBRARY).items()}
    return {
        "studies": of_studies(evidence.studies, [evidence.effects, evidence.levels]),
        "qualitative": of_findings(evidence.qualitative_findings, labels),
    }


@pytest.fixture(scope="module")
def drawn(shown):
    return {name: families(one) for name, one in shown.items()}


TABLES = {"studies": "studies", "qualitative": "qualitative_findings"}


@pytest.mark.parametrize("name", TABLES)
def test_every_paper_stands_once_and_families_are_those_of_the_table(name, shown, evidence):
    one, rows = shown[name], getattr(evidence, TABLES[name])
    papers = [p for family in one.shared for p in family.papers] + list(one.alone)
    assert sorted(p.study_id for p in papers) == sorted(rows["study_id"].unique())
    assert one.n_papers == len(papers) == rows["study_id"].nunique()
    assert one.n_families == rows["sample_family"].nunique()
    sizes = rows.groupby("sample_family")["study_id"].nunique()
    assert {f.id: len(f.papers) for f in one.shared} == sizes[sizes > 1].to_dict()


@pytest.mark.parametrize("name", TABLES)
def test_every_family_has_a_name_a_reader_can_read(name, shown):
    assert {family.id for family in shown[name].shared} <= NAMES.keys()


def test_names_are_of_families_that_exist(evidence):
    known = {*evidence.studies["sample_family"], *evidence.qualitative_findings["sample_family"]}
    assert known >= NAMES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_a_name_leads_to_the_rows_of_its_paper(name, shown, drawn):
    told = [p for family in shown[name].shared for p in family.papers if p.rows]
    for svg in (drawn[name].svg, drawn[name].narrow):
        links = re.findall(r'<a href="([^"]+)"', svg)
        assert sorted(links) == sorted(f"trails.html#trail-{paper.study_id}" for paper in told)


@pytest.mark.parametrize("name", TABLES)
def test_one_sign_a_paper_and_one_more_a_kind_in_the_key(name, shown, drawn):
    one = shown[name]
    for svg in (drawn[name].svg, drawn[name].narrow):
        assert len(re.findall(r'class="qof-(?:solid|open)"', svg)) == one.n_papers + len(one.kinds)
        assert len(re.findall('class="qof-band"', svg)) == len(one.shared)


def test_rows_are_counted_from_the_tables(shown, evidence):
    rows = [*evidence.effects["study_id"], *evidence.levels["study_id"]]
    papers = {p.study_id: p for family in shown["studies"].shared for p in family.papers}
    assert {key: p.rows for key, p in papers.items()} == {key: rows.count(key) for key in papers}


def test_kinds_follow_design_and_source(shown):
    kinds = {p.study_id: p.kind for f in shown["studies"].shared for p in f.papers}
    assert kinds["alshamsan2012"].startswith("with a comparison")
    assert kinds["gpcontract_db"] == REPORT
    kinds = {p.study_id: p.kind for p in shown["qualitative"].alone}
    assert (kinds["kramer2012"], kinds["khan2020"]) == (OPINION, "review")


@pytest.mark.parametrize("name", TABLES)
def test_words_and_table_are_of_the_same_papers(name, shown, drawn):
    one, figure = shown[name], drawn[name]
    assert f"{one.n_papers} papers" in figure.alt
    assert f"{one.n_families} separate samples" in figure.alt
    assert len(figure.table) == one.n_papers
    assert (figure.table["Family"] == "stands alone").sum() == len(one.alone)
    # Only where the table has the reasons does the caption send readers there.
    assert ("data table says" in figure.caption) == any(figure.table["Why it is one family"])


def test_the_narrow_drawing_fits_a_phone_without_scrolling(drawn):
    html = drawn["studies"].html()
    assert html.count("<svg ") == 2
    assert html.index("qof-wide") < html.index("qof-narrow")
    (least,) = re.findall(r"min-width:(\d+)px", drawn["studies"].narrow)
    assert int(least) <= 320
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_grammar_names_what_there_is(root, monkeypatch):
    monkeypatch.setenv("QOF_ROOT", str(root))
    with pytest.raises(KeyError, match="studies"):
        analysis.families("study")
