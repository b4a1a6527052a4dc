import pickle

import pytest

from analysis.findings.answer import answer
from analysis.findings.wording import Unsupported
from analysis.publish.prose.spoken import Spoken
from tests.findings.conftest import SERIES, evidence, question  # noqa: F401


@pytest.fixture
def spoken(evidence):  # noqa: F811
    return Spoken(answer(question(), evidence))


def test_numbers_come_out_as_text_in_one_format(spoken):
    summary = spoken.finding.summary
    assert spoken.estimate == f"{summary.estimate:.1f}".replace("-", "−")
    assert spoken.size == f"{-summary.estimate:.1f}"
    assert spoken.k == "4"
    assert spoken.range == "−20.0 to −14.0"
    low, high = -summary.ci_high, -summary.ci_low
    assert spoken.size_ci == f"95% CI {low:.1f} to {high:.1f}".replace("-", "−")
    assert spoken.size_range == "14.0 to 20.0"
    assert spoken.ci.startswith("95% CI −")
    assert spoken.certainty == "⊕⊕◯◯ low certainty"
    assert "REML" in spoken.method
    assert spoken.row("a-1") == "−20.0 (−22.0 to −18.0)"
    assert spoken.row("a-1", "95% CI") == "−20.0 (95% CI −22.0 to −18.0)"
    assert spoken.row("c-1") == "−12.0"


def test_a_series_speaks_of_its_gaps(evidence):  # noqa: F811
    somewhere = Spoken(answer(question(**SERIES), evidence))
    assert somewhere.gap_2018_19 == "−100.0"
    assert somewhere.gap_2019_20 == "+3.5"
    with pytest.raises(ValueError, match="no summary"):
        somewhere.ci  # noqa: B018


def test_a_number_that_is_not_there_names_those_that_are(spoken):
    with pytest.raises(AttributeError, match="did you mean estimate"):
        spoken.estimat  # noqa: B018
    with pytest.raises(ValueError, match="a-1"):
        spoken.row("a-7")
    with pytest.raises(ValueError, match="no pooled group"):
        spoken.group("measurement")


def test_a_word_is_checked(spoken):
    assert spoken.says("may have fallen") == "may have fallen"
    with pytest.raises(Unsupported):
        spoken.says("rose")


def test_sphinx_can_pickle_it(spoken):
    assert pickle.loads(pickle.dumps(spoken)).estimate == spoken.estimate
