"""What the traffic lights say in words: domains, judgements, alt text, caption and data table."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.evidence.risk_of_bias import (
    CONTINUE,
    DOMAINS,
    JUDGEMENTS,
    LINES,
    NO_INFORMATION,
    OVERALL,
    TRIAGE,
)
from analysis.figures.forest_words import counted
from analysis.findings.grade_bias import Assessed, share_of
from analysis.numbers import percent


@dataclass(frozen=True, slots=True)
class Domain:
    """A line of the tool: its name in a heading, and what it asks."""

    short: str
    asks: str


@dataclass(frozen=True, slots=True)
class LightWords:
    """A judgement: its letter and its words."""

    letter: str
    words: str


DOMAIN_WORDS: Mapping[str, Domain] = {
    TRIAGE: Domain("Triage", "is the result worth judging further at all?"),
    "confounding": Domain("Confounding", "what else differed and was not allowed for?"),
    "classification_of_interventions": Domain(
        "Who was paid", "is it known who was paid, for what, from when?"
    ),
    "selection_of_participants": Domain(
        "Selection", "who is in the study, and did that depend on what happened later?"
    ),
    "missing_data": Domain("Missing data", "who or what is not in the figures?"),
    "measurement_of_outcome": Domain(
        "Measurement", "could payment change how the outcome was written down?"
    ),
    "selection_of_reported_result": Domain(
        "Reported result", "was this figure chosen among several?"
    ),
    OVERALL: Domain("Overall", "the worst of them, or worse where several add up"),
}
LIGHTS: Mapping[str, LightWords] = {
    "low": LightWords("L", "low risk"),
    "moderate": LightWords("M", "moderate risk"),
    "serious": LightWords("S", "serious risk"),
    "critical": LightWords("C", "critical risk"),
    NO_INFORMATION: LightWords("?", "no information"),
    CONTINUE: LightWords("→", "goes on"),
    "": LightWords("–", "not judged"),
}
BASES: Mapping[str, str] = {
    "abstract": "abstract",
    "full_text": "full text",
    "official_statistics": "official statistics",
}


def light_of(judgement: str) -> LightWords:
    """Return the letter and words of a judgement; blank is "not judged"."""
    return LIGHTS[judgement]


@dataclass(frozen=True, slots=True)
class Group:
    """The studies behind one finding, under its title."""

    title: str
    parts: tuple[Assessed, ...]


@dataclass(frozen=True, slots=True)
class Lights:
    """What the figure shows: groups of studies, and `parts`, of which the bars are made.

    `measured` says of what the bars show the parts.
    """

    groups: tuple[Group, ...]
    parts: tuple[Assessed, ...]
    measured: str


def alt_of(content: Lights, title: str) -> str:
    """Return the point of the figure in words: how many studies, and what is overall at what."""
    studies = len({part.study_id for part in content.parts})
    shares = share_of(content.parts)
    told = [
        f"{percent(100 * shares[name], 0)} {light_of(name).words}"
        for name in (*reversed(JUDGEMENTS), NO_INFORMATION, "")
        if shares.get(name)
    ]
    return (
        f"Traffic lights of risk of bias, {counted(studies, 'study', 'studies')}: "
        f"{title.rstrip('.')}. {content.measured}, overall: {', '.join(told)}. {_worst(content)}"
    )


def _worst(content: Lights) -> str:
    """Return which domain is most often serious or critical."""
    by_domain = {
        domain: sum(share_of(content.parts, domain).get(name, 0.0) for name in JUDGEMENTS[2:])
        for domain in DOMAINS
    }
    worst = max(by_domain, key=lambda domain: by_domain[domain])
    if not by_domain[worst]:
        return "No domain is at serious or critical risk."
    name = DOMAIN_WORDS[worst].short.lower()
    return f"The weakest domain is {name}, {percent(100 * by_domain[worst], 0)} serious or worse."


def caption_of(content: Lights) -> str:
    """Return what the lights are, and how far they can be relied on."""
    judged = [line for part in content.parts for line in part.lines.values()]
    proposed = all(line.status == "proposed" for line in judged)
    status = (
        "All judgements are proposed, by one reader, most of them from abstracts. "
        if proposed
        else "Final judgements stand where there are any; the data table marks the proposed ones. "
    )
    return (
        f"{status}Terms and domains of ROBINS-I, version 2. Low in confounding means low except "
        "for what was not controlled. Reasons are in the data table."
    )


def table_of(content: Lights) -> pd.DataFrame:
    """Return one row a line of each study: judgement, reason, status, and what was read."""
    rows = [
        {
            "Study": part.label,
            "Result": "; ".join(part.results) or "all",
            "Domain": DOMAIN_WORDS[name].short,
            "Judgement": light_of(part.lines[name].judgement).words,
            "Why": part.lines[name].reason,
            "Status": part.lines[name].status,
            "Read in": BASES[part.lines[name].basis],
        }
        for part in content.parts
        for name in LINES
        if name in part.lines
    ]
    columns = ["Study", "Result", "Domain", "Judgement", "Why", "Status", "Read in"]
    return pd.DataFrame(rows, columns=columns)
