"""What kind of thing an official indicator counts: a written rule over its wording.

The rule reads the official wording and the book's own short titles alike, and gives its reason.
It follows the order of the rule for printed figures in `data/README.md`, with two kinds of its
own: registers, and what the practice as a whole has to show.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of indicator, why, and the words that show it; the first that fits counts."""

    name: str
    reason: str
    words: re.Pattern[str]


def _kind(name: str, reason: str, words: str) -> Kind:
    return Kind(name, reason, re.compile(words, re.IGNORECASE))


KINDS = (
    _kind("register", "a list of patients is kept", r"^register of|maintains a register"),
    _kind(
        "practice_organisation",
        "the practice shows how it works; no patients are counted",
        r"^practice |the contractor (has|supports|can|participates)\b",
    ),
    _kind(
        "intermediate_outcome",
        "the last reading is at its target",
        r"\bor less\b|\bor below\b|therapeutic range",
    ),
    _kind(
        "recording_or_review",
        "something is asked, advised, offered, planned, scored or reviewed, and written down",
        r"\breview|care plan|smoking status|alcohol|\boffer|information|stroke risk",
    ),
    _kind(
        "treatment",
        "a drug, a vaccine or a referral is given",
        r"treated with|being taken|immuni[sz]|vaccin|referr",
    ),
    _kind(
        "measurement",
        "a test, a reading or an examination is done",
        r"blood pressure|\bbmi\b|examination|spirometry|echocardiogra|fev1|oxygen|variability"
        r"|creatinine|\bfbc\b|blood (count|tests)|screening|albumin",
    ),
)


def kind_of(wording: str) -> Kind | None:
    """Return the first of `KINDS` whose words `wording` has; `None` when the rule cannot tell."""
    return next((kind for kind in KINDS if kind.words.search(wording)), None)
