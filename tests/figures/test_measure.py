import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures.measure import _pieces, width, wrap

WORDS = st.lists(st.text("abWil.,−", min_size=1, max_size=14), max_size=14)


def word_by_word(text, room):
    """The same lines, by trying each word in its turn."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width(longer) > room:
            lines.append(line)
            longer = word
        *full, line = _pieces(longer, lambda one: width(one) <= room)
        lines += full
    return (*lines, line)


@settings(max_examples=60)
@given(WORDS, st.sampled_from([4, 30, 60, 150, 400]))
def test_lines_break_where_trying_each_word_breaks_them(words, room):
    assert wrap(" ".join(words), room) == word_by_word(" ".join(words), room)


@pytest.mark.parametrize("text", ["", "one", "one two three four five"])
def test_what_fits_stays_on_one_line(text):
    assert wrap(text, 1000) == (text,)


def test_lines_left_off_are_told_by_an_ellipsis():
    first, last = wrap("many words that go over more than two lines of text", 60, most=2)
    assert first == wrap("many words that go over more than two lines of text", 60)[0]
    assert last.endswith("…")
    assert width(last) <= 60
