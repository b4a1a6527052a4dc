"""Prose about robustness says what was computed, and stops the build where it was not so."""

import pytest

from analysis import robustness
from analysis.findings.robust_store import stored_robustness
from analysis.findings.wording import Unsupported
from analysis.publish.certainty.robust import Robust, SpokenRobustness, listed_robustness
from analysis.publish.certainty.robust_says import SAYINGS
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def every():
    return stored_robustness(ROOT)


@pytest.fixture(scope="module")
def withdrawal(every):
    return SpokenRobustness(every["withdrawal-recorded-care"])


def test_numbers_come_as_text(withdrawal):
    told = withdrawal.found.verdict(withdrawal.found.same_question)
    assert withdrawal.analyses == f"{told.n:,}"
    assert withdrawal.share_same_side == "100%"
    assert withdrawal.all_combinations == f"{len(withdrawal.found.specifications):,}"
    assert withdrawal.median.startswith("−")
    assert withdrawal.only("dependence", "three_level").startswith("−20.7 (−82.1 to 40.7)")
    assert withdrawal.only("extraction", "beyond_abstract").startswith("not estimable: no row")


def test_sentences_are_computed(withdrawal, every):
    assert "of their intervals stay clear of the line" in withdrawal.one_each
    assert "No test of small studies is reported" in withdrawal.small_study
    assert withdrawal.extraction.startswith("Without figures read in an abstract it is not")
    assert "it would have to find +" in withdrawal.change_of_mind
    headline = SpokenRobustness(every["payment-and-the-record"])
    assert "crosses the line of no difference already" in headline.change_of_mind
    somerset = SpokenRobustness(every["somerset-return-by-kind"])
    assert somerset.extraction == "No figure behind it was read in an abstract alone."
    assert somerset.influence.startswith("There is a single study")
    assert "No single further result" in somerset.change_of_mind


def test_words_that_the_numbers_do_not_support_stop_the_build(withdrawal):
    assert withdrawal.says("crosses the line of no difference", dependence="three_level")
    assert withdrawal.says("matters little", method="DL") == "matters little"
    with pytest.raises(Unsupported, match="dependence = three_level"):
        withdrawal.says("stays clear of the line of no difference", dependence="three_level")
    with pytest.raises(Unsupported, match="matters little"):
        withdrawal.says("matters little", kinds="recording_or_review")
    with pytest.raises(Unsupported, match="is not estimable"):
        withdrawal.says("is not estimable")
    with pytest.raises(Unsupported, match=", ".join(SAYINGS)):
        withdrawal.says("is true")
    with pytest.raises(KeyError, match="no choice method = 'XX'"):
        withdrawal.says("matters little", method="XX")


def test_unknown_names_are_told_with_those_there_are(withdrawal, every):
    with pytest.raises(AttributeError, match="did you mean median"):
        _ = withdrawal.medin
    with pytest.raises(AttributeError, match="did you mean withdrawal"):
        _ = Robust(ROOT).withdrawl
    listed = SpokenRobustness(every["introduction-smi-recording"])
    assert int(listed.holds) <= int(listed.sets)
    with pytest.raises(AttributeError, match="has no 'median'"):
        _ = listed.median
    with pytest.raises(KeyError, match="no robustness of 'withdrawal-recorded'"):
        robustness("withdrawal-recorded")


def test_all_findings_with_a_mean_are_asked(every):
    told = Robust(ROOT)
    assert told.says("on one side of no difference")
    with pytest.raises(Unsupported, match=r"\w-\w"):
        told.says("crosses the line of no difference")
    assert told.headline.found == every["payment-and-the-record"]


def test_tables_are_html_with_headers(withdrawal, every):
    html = withdrawal.by_choice().html
    assert '<th scope="col">Only this changed</th>' in html
    assert "(headline)" in html
    counts = SpokenRobustness(every["introduction-smi-recording"]).by_choice().html
    assert "does not hold" in counts
    claims = dict.fromkeys(every, "It rose.")
    listed = listed_robustness(every, claims).html
    kinds = [one for one in every.values() if one.kind == "listed"]
    assert listed.count("<tr>") == len(kinds) + 1
