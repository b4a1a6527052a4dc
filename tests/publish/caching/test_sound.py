"""A check without problems is not made again until what it looks at changes."""

from analysis.problems import Problem
from analysis.publish.caching.sound import problems_of

FAULT = Problem("data/effects.csv", "a number", 2, "estimate", "x")


def test_what_was_sound_is_looked_at_again_only_when_it_changes(tmp_path):
    looked = []
    for made_from in ("one", "one", "two", "one"):
        assert problems_of(tmp_path, made_from, lambda one=made_from: looked.append(one)) == []
    assert looked == ["one", "two"]


def test_problems_are_found_anew_each_time(tmp_path):
    found = [[FAULT], [FAULT], []]
    told = [problems_of(tmp_path, "one", lambda: found.pop(0)) for _ in range(3)]
    assert told == [[FAULT], [FAULT], []]
    assert not found
