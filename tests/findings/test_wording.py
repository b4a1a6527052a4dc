from dataclasses import replace

import pytest

from analysis.findings.answer import answer
from analysis.findings.finding import Certainty
from analysis.findings.wording import WORDS, Unsupported, check_word, side
from tests.findings.conftest import EFFECTS, effects, question


@pytest.fixture
def fell(evidence):
    return answer(question(), evidence)


def flipped(evidence):
    rows = [(i, s, t, -e, -h if h else None, -lo if lo else None) for i, s, t, e, lo, h in EFFECTS]
    evidence.effects = effects(rows)
    return answer(question(), evidence)


def with_certainty(finding, level):
    return replace(finding, certainty=Certainty(level, ("Made up.",)))


def test_low_certainty_may_only_say_may(fell):
    assert check_word(fell, "may have fallen") == "may have fallen"
    with pytest.raises(Unsupported, match="needs moderate to high certainty; it is low"):
        check_word(fell, "fell")


def test_a_flipped_effect_stops_the_word(evidence, fell):
    assert check_word(with_certainty(fell, "moderate"), "fell") == "fell"
    with pytest.raises(Unsupported, match="it is above"):
        check_word(with_certainty(flipped(evidence), "moderate"), "fell")


def test_listed_findings_need_every_interval_on_one_side(evidence):
    listed = answer(question(kind="listed", holds_if="k_below > 0"), evidence)
    assert side(listed) == "below"
    evidence.effects.loc[1, "ci_high"] = 1.0
    assert side(answer(question(kind="listed", holds_if="k_below > 0"), evidence)) == "unclear"


def test_a_word_without_a_rule_is_refused(fell):
    with pytest.raises(Unsupported, match="collapsed"):
        check_word(fell, "collapsed")


@pytest.mark.parametrize("word", WORDS)
def test_every_word_can_be_said_of_something_and_not_of_everything(evidence, fell, word):
    lists = {"below": fell, "above": flipped(evidence), "unclear": None}
    finding = lists[WORDS[word].side] or replace(
        fell, summary=replace(fell.summary, ci_low=-1.0, ci_high=1.0)
    )
    assert check_word(with_certainty(finding, WORDS[word].most), word) == word
    other = flipped(evidence) if WORDS[word].side == "below" else fell
    with pytest.raises(Unsupported):
        check_word(with_certainty(other, WORDS[word].most), word)
