"""The boxes of a PRISMA flow in words and numbers, from top to bottom."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.evidence.flow import Flow, Lane


@dataclass(frozen=True, slots=True)
class Count:
    """One line of a box: words, a number, and the keys counted (None where none are listed)."""

    words: str
    n: int
    keys: tuple[str, ...] | None = None
    anchor: str = ""

    def __str__(self) -> str:
        return f"{self.words} (n = {self.n:,})"


@dataclass(frozen=True, slots=True)
class Step:
    """A box of the main column and, beside it, what leaves there (may be empty).

    `follows` says whether its records come from the box above: lanes stand side by side in
    meaning, under each other in print.
    """

    stage: str
    counts: tuple[Count, ...]
    aside: tuple[Count, ...] = ()
    follows: bool = True


def steps_of(flow: Flow, samples: int | None = None) -> tuple[Step, ...]:
    """Return every box of `flow`; `samples` is the number of separate samples included."""
    steps = [step for lane in flow.lanes for step in _lane(lane)]
    total = [_listed("Reports included", flow.included, "included")]
    if flow.previous:
        before = _listed("Reports included in the previous version", flow.previous, "previous")
        steps.insert(0, Step("Previous version", (before,)))
        total.insert(0, _listed("New reports in this version", flow.added, "added"))
    if samples is not None:
        total.append(Count("Separate samples of practices or patients", samples))
    return (*steps, Step("Included", tuple(total)))


def said(flow: Flow) -> str:
    """Return the way from searches to reports in a sentence a lane."""
    told = [_said(lane) for lane in flow.lanes]
    return " ".join([*told, f"In all {len(flow.included):,} reports are included."])


def _said(lane: Lane) -> str:
    if not lane.n_identified:
        return f"{lane.name}: none searched."
    counts = {
        "records identified": lane.n_identified,
        "duplicates": lane.duplicates,
        "screened": len(lane.screened),
        "extracted from the abstract or opening": len(lane.from_abstract),
        "full texts sought": len(lane.sought),
        "included from the full text": len(lane.from_full_text),
    }
    return f"{lane.name}: " + ", ".join(f"{words} {n:,}" for words, n in counts.items()) + "."


def lists(flow: Flow) -> tuple[Count, ...]:
    """Return every count with keys behind it, in the order of the boxes."""
    counts = [one for step in steps_of(flow) for one in (*step.counts, *step.aside)]
    return tuple(count for count in counts if count.keys)


def _lane(lane: Lane) -> list[Step]:
    if not lane.n_identified:
        none = Count(f"{lane.name}: none searched", 0)
        return [Step("Identification", (none,), follows=False)]
    mark = lane.name.split()[0].lower()
    sources = [Count(f"From {source.source}", source.n) for source in lane.identified]
    excluded = _reasons("Excluded", lane.excluded, f"{mark}-excluded")
    ineligible = _reasons("Full text excluded", lane.ineligible, f"{mark}-ineligible")
    return [
        Step(
            f"{lane.name}: identification",
            (Count("Records identified", lane.n_identified), *sources),
            (Count("Duplicates removed", lane.duplicates),),
            follows=False,
        ),
        Step(
            f"{lane.name}: screening",
            (_listed("Records screened on title and abstract", lane.screened, f"{mark}-screened"),),
            (*excluded, _listed("Not yet decided", lane.unscreened, f"{mark}-undecided")),
        ),
        Step(
            f"{lane.name}: abstract",
            (
                _listed(
                    "Extracted from the abstract or opening", lane.from_abstract, f"{mark}-abstract"
                ),
            ),
            (_listed("Relevant, nothing extracted yet", lane.unsought, f"{mark}-unsought"),),
        ),
        Step(
            f"{lane.name}: full text",
            (
                _listed("Full texts sought", lane.sought, f"{mark}-sought"),
                _listed("Included from the full text", lane.from_full_text, f"{mark}-full-text"),
            ),
            (
                _listed("Full text not retrieved", lane.not_retrieved, f"{mark}-not-retrieved"),
                _listed("Full text not yet read", lane.unread, f"{mark}-unread"),
                *ineligible,
            ),
        ),
    ]


def _listed(words: str, keys: tuple[str, ...], anchor: str) -> Count:
    return Count(words, len(keys), keys, f"flow-{anchor}")


def _reasons(words: str, groups: Mapping[str, tuple[str, ...]], anchor: str) -> list[Count]:
    """Count the excluded by reason; with none excluded, the box still says so."""
    if not groups:
        return [Count(words, 0)]
    return [
        _listed(f"{words}: {reason}", keys, f"{anchor}-{number}")
        for number, (reason, keys) in enumerate(groups.items(), start=1)
    ]
