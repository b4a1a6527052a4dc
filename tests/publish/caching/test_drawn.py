import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.figure import Figure
from analysis.findings.finding import Certainty
from analysis.publish.caching.drawn import drawn, exact

LONG = pd.DataFrame({"a": range(500), "b": ["x"] * 500})
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES, VALUES)
def test_two_values_have_one_text_only_where_they_are_equal(one, other):
    # `1 == 1.0 == True`, but each may be drawn in another way.
    assert (exact(one) == exact(other)) == (repr(one) == repr(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, LONG.assign(a=LONG["a"].where(LONG["a"] != 250, -1))),
        (LONG, LONG.set_index("a", drop=False)),
        (LONG, LONG.rename(columns={"b": "c"})),
        (LONG, LONG.astype({"a": float})),
        (pd.DataFrame({"a": ["1"]}), pd.DataFrame({"a": [1]})),
        (pd.DataFrame({"a": [None]}), pd.DataFrame({"a": [""]})),
        (np.arange(5000), np.where(np.arange(5000) == 2500, 0, np.arange(5000))),
        (Certainty("low", ("a",)), Certainty("low", ("b",))),
        ((LONG,), (LONG.iloc[::-1],)),
    ],
)
def test_what_lies_deep_is_told_apart_too(one, other):
    assert exact(one) != exact(other)
    assert exact(one) == exact(one.copy() if hasattr(one, "copy") else one)


def test_what_has_no_exact_text_is_refused():
    with pytest.raises(TypeError, match="no exact text of object"):
        exact(object())


def circle(frame, colour="red"):
    circle.drawn += 1
    return Figure("<svg/>", f"{colour} {frame['a'].sum()}", "t", "c", frame, "n")


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "questions.yml").touch()
    monkeypatch.setenv("QOF_ROOT", str(tmp_path))
    circle.drawn = 0


def test_a_figure_is_drawn_once_for_what_it_shows(project):
    first, again = drawn(circle, LONG), drawn(circle, LONG.copy())
    assert circle.drawn == 1
    assert first.html() == again.html() == circle(LONG).html()
    pd.testing.assert_frame_equal(again.table, LONG)


def test_a_figure_of_anything_else_is_another(project):
    told = {drawn(circle, LONG).alt, drawn(circle, LONG[1:2]).alt, drawn(circle, LONG, "blue").alt}
    assert drawn(circle, LONG, colour="green").alt not in told
    assert len(told) == 3
    assert circle.drawn == 4


def test_other_code_draws_anew(project, monkeypatch):
    monkeypatch.setattr("analysis.publish.caching.drawn._code", lambda: "before")
    drawn(circle, LONG)
    monkeypatch.setattr("analysis.publish.caching.drawn._code", lambda: "after")
    drawn(circle, LONG)
    assert circle.drawn == 2


def test_outside_a_project_nothing_is_kept(project, monkeypatch, tmp_path):
    (tmp_path / "data" / "questions.yml").unlink()
    drawn(circle, LONG)
    drawn(circle, LONG)
    assert circle.drawn == 2
