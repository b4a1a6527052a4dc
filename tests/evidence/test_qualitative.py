"""Findings are counted as they are, and each stands in a statement whose level they allow."""

import dataclasses

import pytest

from analysis.evidence import qualitative
from analysis.evidence.statements import (
    COMPONENTS,
    FILE,
    LEVELS,
    ROLES,
    check_statements,
    most_confidence,
    read_statements,
)
from analysis.evidence.tables import load_evidence
from analysis.problems import ProblemsFound
from analysis.references import read_library

# Notes on professionalism, section 3: primary studies by theme (strengthened, mixed, unchanged,
# weakened). They count an expert panel on patient experience as a study; here it is none.
NOTES_PRIMARY = {
    "autonomy": [2, 1, 3, 5],
    "consultation": [0, 1, 0, 12],
    "continuity": [0, 1, 0, 7],
    "gaming_exceptions": [3, 7, 0, 3],
    "identity_professional_norms": [3, 9, 0, 1],
    "job_satisfaction": [1, 5, 1, 4],
    "moral_concerns": [0, 1, 0, 4],
    "motivation": [0, 4, 2, 6],
    "patient_experience": [1, 0, 5, 2],
    "surveillance": [0, 6, 0, 6],
    "teamwork_nursing": [2, 10, 0, 3],
    "workload": [1, 2, 1, 2],
}
SEEDS = {"lester2013", "kramer2012", "millett2011", "hsj2015", "pulse2014somerset"}


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def findings(evidence):
    return evidence.qualitative_findings


@pytest.fixture(scope="module")
def told(root):
    return read_statements(root)


@pytest.fixture(scope="module")
def library(root):
    return set(read_library(root / "references" / "library.ris"))


def test_the_notes_tally_comes_out_of_the_committed_findings(findings):
    first = findings[findings["extraction_row"].notna()]
    table = qualitative.by_theme(qualitative.primary(first))
    assert {theme: list(row) for theme, row in table.iterrows()} == NOTES_PRIMARY
    assert qualitative.by_theme(first).to_numpy().sum() == len(first)


def test_papers_on_one_sample_count_once(findings):
    ids = ["dowrick2009-q1", "leydon2011-q1", "kramer2012-q1"]
    told = qualitative.contribution(findings, ids)
    assert (told.n_findings, told.n_studies, told.n_families, told.n_context) == (3, 2, 1, 1)
    assert told.families == {"depression_study_team": ("dowrick2009", "leydon2011")}
    with pytest.raises(KeyError):
        qualitative.contribution(findings, ["nobody2099-q1"])


def test_the_evidence_profile_has_a_row_for_each_statement(told, findings):
    profile = qualitative.evidence_profile(findings, told.statements).set_index("id")
    assert list(profile.index) == [one.id for one in told.statements]
    assert (profile["families"] <= profile["studies"]).all() and (profile["studies"] > 0).all()
    first = told.statements[0]
    row = profile.loc[first.id]
    assert row["contradicting"] == len(first.contradicts)
    assert row["coherence"] == first.coherence.concern
    assert row["confidence"] == first.confidence.level


@pytest.mark.parametrize(
    ("concerns", "level"),
    [
        (["no or very minor"] * 4, "high"),
        (["minor"] * 4, "high"),
        (["minor", "moderate", "minor", "minor"], "moderate"),
        (["moderate", "moderate", "minor", "minor"], "low"),
        (["serious", "minor", "minor", "minor"], "low"),
        (["serious", "moderate", "minor", "minor"], "very low"),
        (["serious"] * 4, "very low"),
    ],
)
def test_confidence_starts_high_and_steps_down(concerns, level):
    assert most_confidence(concerns) == level


def test_every_finding_is_in_a_statement_or_left_out_with_a_reason(told, findings, library):
    assert check_statements(told, set(findings["finding_id"]), library) == []
    assert all(len(reason) > 10 for reason in told.not_used.values())


def test_eight_to_fourteen_statements_each_explained(told):
    assert 8 <= len(told.statements) <= 14
    assert len({one.id for one in told.statements}) == len(told.statements)
    for one in told.statements:
        assert one.confidence.level in LEVELS and len(one.confidence.explanation) > 20
        assert list(one.concerns) == list(COMPONENTS)
        assert all(len(concern.reason) > 10 for concern in one.concerns.values())
    assert "one reader" in told.basis["status"].lower() and "abstracts" in told.basis["status"]


def test_commentary_reviews_and_polls_support_nothing(told, findings):
    kind = findings.set_index("finding_id")["source_kind"]
    for one in told.statements:
        counted = kind[[*one.supports, *one.qualifies]]
        assert set(counted) <= {"study", "letter_with_data"}, one.id


def test_few_studies_are_a_concern_for_adequacy(told, findings):
    """CERQual: adequacy is how rich and how many the data are; abstracts are not rich."""
    study = findings.set_index("finding_id")["study_id"]
    for one in told.statements:
        if one.adequacy.concern == "no or very minor":
            assert len(set(study[list(one.supports + one.qualifies)])) > 4, one.id


def test_contrary_findings_are_listed(told, findings):
    """What strengthened a theme that mostly weakened, and the other way round, is not lost."""
    contrary = {finding for one in told.statements for finding in one.contradicts}
    assert {"mcdonald2007-q3", "allen2017-q2", "minchin2018-q1", "forbes2017-q1"} <= contrary
    assert {"chewgraham2013-q2", "alderson2014-q2"} <= contrary
    assert contrary <= set(findings["finding_id"])


def test_the_seeds_bear_on_statements(told, findings):
    source = findings.set_index("finding_id")["study_id"]
    bearing = {key for one in told.statements for key in one.see_also}
    bearing |= {source[finding] for one in told.statements for finding in one.findings}
    assert bearing >= SEEDS


def test_sources_are_in_the_library(evidence, library):
    for name in ("qualitative_findings", "survey_numbers", "to_extract", "seed_documents"):
        assert set(getattr(evidence, name)["study_id"]) <= library, name


def changed(told, **parts):
    first, *rest = told.statements
    return dataclasses.replace(told, statements=(dataclasses.replace(first, **parts), *rest))


@pytest.mark.parametrize(
    ("parts", "column", "words"),
    [
        ({"supports": ("lester2013-q99",)}, "supports", "did you mean lester2013-q"),
        ({"supports": ()}, "supports", "a finding that supports it"),
        ({"see_also": ("millett2012",)}, "see_also", "did you mean millett20"),
        ({"context": ("lester2013-q1",)}, "context", "in one role only"),
    ],
)
def test_a_spoilt_statement_is_told(told, findings, library, parts, column, words):
    spoilt = changed(told, **parts)
    problems = check_statements(spoilt, set(findings["finding_id"]), library)
    assert any(problem.column == column and words in problem.expected for problem in problems)


def test_more_confidence_than_the_concerns_allow_is_told(told, findings, library):
    high = dataclasses.replace(told.statements[0].confidence, level="high")
    problems = check_statements(
        changed(told, confidence=high), set(findings["finding_id"]), library
    )
    assert [problem.expected for problem in problems] == ["at most moderate, by its concerns"]


def test_a_concern_of_no_known_kind_is_told(told, findings, library):
    vague = dataclasses.replace(told.statements[0].coherence, concern="middling")
    (problem,) = check_statements(
        changed(told, coherence=vague), set(findings["finding_id"]), library
    )
    assert (problem.column, problem.value) == ("coherence", "middling")


def test_a_finding_in_no_statement_is_told(told, findings, library):
    known = {*findings["finding_id"], "new2027-q1"}
    (problem,) = check_statements(told, known, library)
    assert problem.row == "new2027-q1"
    assert "a reason in not_used" in problem.expected


@pytest.mark.parametrize("text", ["[", "{}", "statements: [{id: one}]\nnot_used: []\nbasis: {}"])
def test_a_spoilt_file_is_told(tmp_path, text):
    (tmp_path / "data").mkdir()
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(ProblemsFound, match="statements"):
        read_statements(tmp_path)


def test_roles_are_all_read(told):
    assert all(any(getattr(one, role) for one in told.statements) for role in ROLES)
