"""Direction words, and what interval and certainty each one needs.

The rule, in one place: a word names a side of the null value, and how surely. The side is read
from the interval (for a pooled finding the summary's, for a listed one that of every row). How
surely follows GRADE's plain-language wording: high and moderate certainty may state, or say
"probably"; low may say "may"; very low only describes what was seen.
"""

from dataclasses import dataclass

from analysis.findings.claims import LEVELS
from analysis.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class Word:
    """A direction word: the side it names and the certainty it needs."""

    side: str
    least: str = "very low"
    most: str = "high"


WORDS = {
    "fell": Word("below", least="moderate"),
    "probably fell": Word("below", least="moderate", most="moderate"),
    "may have fallen": Word("below", least="low", most="low"),
    "was lower": Word("below"),
    "rose": Word("above", least="moderate"),
    "probably rose": Word("above", least="moderate", most="moderate"),
    "may have risen": Word("above", least="low", most="low"),
    "was higher": Word("above"),
    "shows no clear change": Word("unclear"),
}


class Unsupported(ValueError):
    """A sentence says more than its numbers."""


def side(finding: Finding) -> str:
    """Return `below`, `above` or `unclear`: where the interval lies against the null value."""
    if finding.summary:
        intervals = [(finding.summary.ci_low, finding.summary.ci_high)]
    else:
        intervals = [(row.ci_low, row.ci_high) for row in finding.rows if row.ci_low is not None]
    if intervals and all(high < finding.null for _, high in intervals):
        return "below"
    if intervals and all(low > finding.null for low, _ in intervals):
        return "above"
    return "unclear"


def check_word(finding: Finding, word: str) -> str:
    """Return `word` when the finding supports it.

    Raises:
        Unsupported: it does not, or the word is not in `WORDS`.
    """
    if word not in WORDS:
        raise Unsupported(f"{word!r} has no rule; the words with one are: {', '.join(WORDS)}")
    needs, level = WORDS[word], LEVELS[finding.certainty.level]
    found = side(finding)
    if found != needs.side:
        raise Unsupported(
            f"{finding.id}: {word!r} needs the interval {needs.side} {finding.null:g}; "
            f"it is {found}"
        )
    if not LEVELS[needs.least] <= level <= LEVELS[needs.most]:
        raise Unsupported(
            f"{finding.id}: {word!r} needs {needs.least} to {needs.most} certainty; "
            f"it is {finding.certainty.level}"
        )
    return word
