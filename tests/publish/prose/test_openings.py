"""The reading grade of the openings: the formula, the syllables, the text that is read."""

import pytest

from analysis.publish.chapters import Chapter
from analysis.publish.prose.openings import grade, opening, openings, syllables

# Counted by hand. The rules were written with most of these words in sight.
COUNTED = {
    1: "care the one were there whole schemes times used looked judged through friends",
    2: "practice patient payment table people before question science uses places wanted little "
    "framework something useful statement nation million quarter language",
    3: "recorded quality general evidence certainty average interval medicine ratio area idea "
    "serious previous natural usual agreement managers year-on-year departments",
    4: "indicator professional autonomy diabetes society experience valuable comparison "
    "cholesterol criteria continuous independent",
    5: "association evaluation individual",
}


@pytest.mark.parametrize(
    ("count", "word"), [(n, word) for n, words in COUNTED.items() for word in words.split()]
)
def test_syllables_of_words_counted_by_hand(count, word):
    assert syllables(word) == count


def test_the_formula_on_sentences_worked_out_by_hand():
    # 6 words of one syllable, one sentence.
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    # 16 words, 23 syllables, one sentence.
    text = "This sentence, taken as a reading passage unto itself, is being used to prove a point."
    assert grade(text) == pytest.approx(0.39 * 16 + 11.8 * 23 / 16 - 15.59)


def test_numbers_abbreviations_and_many_sentences():
    assert grade("It fell by 20.7 points.") == grade("It fell by six points.")
    assert grade("The GP met us.") == grade("The doctor met us.")
    assert grade("We saw it. We saw it.") == grade("We saw it.")
    assert grade("") is None


def test_longer_words_and_sentences_are_harder():
    easy = "Care was paid for. Staff wrote it down. Then the pay stopped."
    hard = (
        "Following discontinuation of incentivisation, documentation of reimbursable clinical "
        "activities deteriorated considerably notwithstanding organisational continuity."
    )
    assert grade(easy) < 3 < 20 < grade(hard)


def test_the_opening_is_what_a_reader_sees_before_the_first_heading(tmp_path):
    text = (
        "---\na: b\n---\n\n# Title\n\n(label)=\n:::{div} cover\nIt **fell** by "
        "[{{ n }} points]{.qof-number} (low certainty). See {doc}`the methods <methods>`.\n"
        ":::\n\n## Next\n\nNot this.\n"
    )
    told = opening(Chapter(tmp_path / "a.md", text), {"n": "3"})
    assert " ".join(told.split()) == "It fell by 3 points. See the methods."


def test_pages_come_hardest_first(tmp_path):
    easy = Chapter(tmp_path / "easy.md", "# A\n\nWe saw it.\n")
    hard = Chapter(tmp_path / "hard.md", "# B\n\nIncentivisation deteriorated considerably.\n")
    assert [one.page for one in openings([easy, hard], {})] == ["hard", "easy"]
