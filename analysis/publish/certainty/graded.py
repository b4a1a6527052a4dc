"""Certainty for a page: the lights of risk of bias, the rules, and proposed beside final."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis.evidence.statements import Statements, most_confidence
from analysis.evidence.tables import Evidence
from analysis.figures.figure import Figure, name_for
from analysis.figures.traffic_light_words import DOMAIN_WORDS, Group, Lights
from analysis.findings.finding import SYMBOLS, Finding
from analysis.findings.grade import signed
from analysis.findings.grade_bias import Assessed, assessed, behind
from analysis.findings.grade_final import Graded, differences
from analysis.findings.grade_rules import DOMAINS, RULES
from analysis.publish.tables.listings import Listed, as_listed

# Soft hyphens let a narrow column break its heading.
PROFILE: Mapping[str, tuple[str, ...]] = {
    "Risk of bias": ("risk_of_bias",),
    "Incon\N{SOFT HYPHEN}sistency": ("inconsistency",),
    "Indirect\N{SOFT HYPHEN}ness": ("indirectness",),
    "Impre\N{SOFT HYPHEN}cision": ("imprecision",),
    "Report\N{SOFT HYPHEN}ing": ("reporting",),
    "Up": ("large_effect", "gradient"),
}


def lights_of(finding: Finding, evidence: Evidence) -> Figure:
    """Return the traffic lights of one finding, its bars in parts of its weight."""
    from analysis.figures.traffic_light import traffic_light
    from analysis.publish.caching.drawn import drawn

    parts = assessed(finding, behind(evidence))
    averaged = finding.kind == "pooled"
    measured = "Share of the weight" if averaged else "Share of the finding"
    content = Lights((Group(finding.title, parts),), parts, measured)
    title = f"Risk of bias: {finding.title}"
    return drawn(traffic_light, content, name=name_for("lights", finding.id), title=title)


def all_lights(findings: Iterable[Finding], evidence: Evidence) -> Figure:
    """Return the lights of every judged study, each under the first finding that it serves.

    The bars and the data table take each study, or part of it judged apart, once.
    """
    from analysis.figures.traffic_light import traffic_light
    from analysis.publish.caching.drawn import drawn

    tables = behind(evidence)
    groups: list[Group] = []
    seen: set[tuple[str, tuple[object, ...]]] = set()
    for finding in findings:
        parts = tuple(part for part in assessed(finding, tables) if part.lines)
        new = tuple(part for part in parts if _key(part) not in seen)
        seen |= {_key(part) for part in new}
        groups += [Group(finding.title, new)] if new else []
    once = tuple(replace(part, share=1 / len(seen)) for group in groups for part in group.parts)
    content = Lights(tuple(groups), once, "Share of the studies")
    title = "Risk of bias of every judged study"
    return drawn(traffic_light, content, name="lights-all", title=title)


def _key(part: Assessed) -> tuple[str, tuple[object, ...]]:
    return part.study_id, tuple(part.lines.items())


# Only a draft comes so far without a reason.
UNSETTLED = "[under review: no reason is given yet]"


@dataclass(frozen=True, slots=True)
class GradeTables:
    """What the rules propose for every finding, and what stands."""

    graded: tuple[Graded, ...]
    told: Statements

    def rules(self) -> Listed:
        """Return the rules in words, from the same data by which they are run."""
        rows = {
            "Domain": [_heading(domain) for domain in RULES],
            "Rule": list(RULES.values()),
        }
        return as_listed(pd.DataFrame(rows), "The rules by which a certainty is proposed")

    def domains(self) -> Listed:
        """Return the lines of the tool with what each asks."""
        rows = [(words.short, words.asks) for words in DOMAIN_WORDS.values()]
        return as_listed(pd.DataFrame(rows, columns=["Line", "Asks"]), "What ROBINS-I asks")

    def profile(self) -> Listed:
        """Return one row a finding: final steps in each domain, proposed and final level.

        Where the rules propose another step it stands in brackets.
        """
        rows = [
            {
                "Finding": one.finding.title,
                **{name: _cell(one, domains) for name, domains in PROFILE.items()},
                "Proposed": one.proposal.level,
                "Final": _level(one.final.level),
            }
            for one in self.graded
        ]
        return as_listed(
            pd.DataFrame(rows), "Steps from high, final (and proposed where different)"
        )

    def differing(self) -> Listed:
        """Return each step that is not the one proposed, with both reasons."""
        rows = [
            {
                "Finding": one.finding.title,
                "Domain": _heading(domain),
                "Proposed": f"{signed(proposed)}: {one.proposal.steps[domain].reason}",
                "Final": f"{signed(final)}: {one.final.differs.get(domain, UNSETTLED)}",
            }
            for one in self.graded
            for domain, (proposed, final) in differences(one).items()
        ]
        columns = ["Finding", "Domain", "Proposed", "Final"]
        return as_listed(pd.DataFrame(rows, columns=columns), "Where the final step is another")

    def interviews(self) -> Listed:
        """Return the highest confidence that concerns allow beside the one given (CERQual)."""
        rows = [
            {
                "Finding": one.title,
                "Concerns": ", ".join(told.concern for told in one.concerns.values()),
                "At most": _level(most_confidence([c.concern for c in one.concerns.values()])),
                "Given": _level(one.confidence.level),
            }
            for one in self.told.statements
        ]
        title = "Confidence in the findings of interview studies"
        return as_listed(pd.DataFrame(rows), title)


def _cell(one: Graded, domains: Iterable[str]) -> str:
    final = sum(one.final.steps.get(domain, 0) for domain in domains)
    proposed = sum(one.proposal.steps[domain].steps for domain in domains)
    return signed(final) if final == proposed else f"{signed(final)} ({signed(proposed)})"


def _heading(domain: str) -> str:
    words = DOMAINS[domain].removeprefix("the ")
    return words[0].upper() + words[1:]


def _level(name: str) -> str:
    return f"{SYMBOLS[name]} {name}"
