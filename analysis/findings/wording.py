"""Direction words, and what interval and certainty each one needs.

The rule, in one place: a word names a side of the null value, and how surely. The side is read
from the interval (for a pooled finding the summary's, for a listed one that of every row). How
surely follows GRADE's plain-language wording: high and moderate certainty may state, or say
"probably"; low may say "may"; very low only describes what was seen.
"""

from collections.abc import Sequence
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
        intervals = [row.interval for row in finding.rows if row.interval]
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


# What a reader may take from an outcome, by where its intervals lie and how sure the review is
# (GRADE's statements for plain language, in our words). Each entry: high, moderate, low certainty,
# and what the figures do where certainty is very low and nothing else may be said.
MEANINGS = {
    "change": {
        "below": ("fell", "probably fell", "may have fallen", "fell"),
        "above": ("rose", "probably rose", "may have risen", "rose"),
    },
    "difference": {
        "below": ("was lower", "was probably lower", "may be lower", "are lower"),
        "above": ("was higher", "was probably higher", "may be higher", "are higher"),
    },
    "gap": {
        "below": ("widened", "probably widened", "may have widened", "point to widening"),
        "above": ("narrowed", "probably narrowed", "may have narrowed", "point to narrowing"),
    },
}
LITTLE = (
    "made little or no difference to",
    "probably made little or no difference to",
    "may have made little or no difference to",
)
LEAST_THAT_MATTERS = {"percentage points": 1.0}
"""Nearer to no change than this, by unit, is "little": one patient in a hundred, our judgement."""
_OPEN = {
    "unclear": "show no clear change",
    "partly below": "fell in some estimates, with no clear change in others",
    "partly above": "rose in some estimates, with no clear change in others",
    "mixed": "differ in direction",
    "unmeasured": "have no printed interval",
}


def side_of(intervals: Sequence[tuple[float, float]], null: float, least: float = 0.0) -> str:
    """Return where intervals lie against `null`.

    `below`, `above` (all of them), `partly below`, `partly above` (the others include `null`),
    `mixed` (some on each side), `unclear` (all include it), `little` (all nearer to it than
    `least`, the smallest change that matters, in their unit) or `unmeasured` (there is none).
    """
    if not intervals:
        return "unmeasured"
    if all(max(abs(low - null), abs(high - null)) < least for low, high in intervals):
        return "little"
    found = {"below" if high < null else "above" if low > null else "" for low, high in intervals}
    clear = found - {""}
    if len(clear) != 1:
        return "mixed" if clear else "unclear"
    return f"partly {clear.pop()}" if "" in found else clear.pop()


def meaning(subject: str, cause: str, side: str, level: str, wording: str = "change") -> str:
    """Return the plain sentence for an outcome; `cause` is what may have made a difference.

    `subject` begins with a small letter; `level` is a GRADE level, `wording` a key of `MEANINGS`.
    """
    if level == "very low":
        seen = "hardly differ" if side == "little" else _seen(side, wording)
        return f"The evidence on {subject} is very uncertain. The figures {seen}."
    if side in _OPEN:
        return f"The figures for {subject} {_seen(side, wording)}."
    step = ("high", "moderate", "low").index(level)
    if side == "little":
        return f"{cause} {LITTLE[step]} {subject}."
    return f"{subject[0].upper()}{subject[1:]} {MEANINGS[wording][side][step]}."


def _seen(side: str, wording: str) -> str:
    return _OPEN.get(side) or MEANINGS[wording][side][-1]
