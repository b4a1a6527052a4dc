"""Combinations made one at a time are those that all of them written out would be."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.findings.robust_among import Among, Specification, Tally
from analysis.findings.robust_fit import Analysis

NAMES = ("method", "designs", "kinds")
WAYS = ({"method": "a"}, {"method": "b"})
FILTERS = tuple({"designs": d, "kinds": k} for d, k in product(("all", "its"), ("all", "x", "y")))
USUAL = {"method": "a", "designs": "all", "kinds": "all"}


@st.composite
def amongst(draw):
    """Return combinations in which some keep the same rows and some analyses have no estimate."""
    kept, known = [], 0
    for _ in FILTERS:
        kept.append(draw(st.integers(0, known)))
        known = max(known, kept[-1] + 1)
    reasons = st.sampled_from(["", "", "too few"])
    analyses = tuple(
        tuple(Analysis(at, float(at + way), reason=draw(reasons)) for way in range(len(WAYS)))
        for at in range(known)
    )
    tallies = tuple(Tally(at, at, at, at, 0, 0, None, None, None) for at in range(known))
    every = (tuple(enumerate(of)) for of in (WAYS, FILTERS))
    return Among(NAMES, *every, tuple(kept), tallies, analyses)


def written_out(among):
    return [
        Specification(
            {name: {**way, **rows}[name] for name in NAMES},
            (among.kept[at], place),
            among.tallies[among.kept[at]],
            among.analyses[among.kept[at]][place],
        )
        for (place, way), (at, rows) in product(enumerate(WAYS), enumerate(FILTERS))
    ]


some = settings(max_examples=40, deadline=None, derandomize=True)


@some
@given(amongst())
def test_each_combination_stands_in_its_place(among):
    every = written_out(among)
    assert list(among) == every
    assert len(among) == len(every)
    assert [among[at] for at in range(len(every))] == every
    assert among[-1] == every[-1]
    assert among[2:5] == tuple(every[2:5])


@some
@given(amongst(), st.sampled_from(["all", "x"]), st.sampled_from(["a", "b"]))
def test_those_with_some_codes_are_chosen_from_all(among, kinds, method):
    asked = {"kinds": kinds, "method": method}
    wanted = [one for one in written_out(among) if asked.items() <= one.choices.items()]
    assert list(among.of(**asked)) == wanted
    assert list(among.of(kinds=kinds).of(method=method)) == wanted


@some
@given(amongst())
def test_each_analysis_is_told_once_with_how_many_lead_to_it(among):
    every = [one.at for one in written_out(among)]
    told = {at: count for at, _, count in among.analysed()}
    assert told == {at: every.count(at) for at in every}
    assert all(result is among.analyses[at[0]][at[1]] for at, result, _ in among.analysed())


@some
@given(amongst())
def test_each_analysis_stands_under_its_fewest_changes(among):
    def changes(one):
        return sum(USUAL[name] != code for name, code in one.choices.items() if name != "method")

    for one in among.nearest_ways(USUAL):
        same = [other for other in written_out(among) if other.at == one.at]
        assert one == min(same, key=changes)


@given(amongst())
@settings(max_examples=1, derandomize=True)
def test_a_choice_there_is_not_is_refused(among):
    with pytest.raises(KeyError, match="no choice colour"):
        among.of(colour="red")
