"""Decisions on records: included, excluded or not retrieved, at a stage; and taken back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.evidence.screening import FILE, STAGES, Screening
from analysis.problems import Problem, ProblemsFound, nearest

ABSTRACT, FULL_TEXT = STAGES
WAITING, INCLUDE, EXCLUDE, NOT_RETRIEVED = "waiting", "include", "exclude", "not_retrieved"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, by whom and when; a blank `stage` is the one that waits.

    `decision` `waiting` takes the last decision back.
    """

    decision: str
    who: str = ""
    when: str = ""
    reason: str = ""
    stage: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the screening table before and after; `None` for a row that is not there."""

    before: Screening | None
    after: Screening | None

    @property
    def key(self) -> str:
        """The record's key."""
        return self._row.key

    @property
    def stage(self) -> str:
        """The stage that was decided."""
        return self._row.stage

    @property
    def _row(self) -> Screening:
        row = self.after or self.before
        assert row is not None, "a change has a row before it or after it"
        return row


def reason_in_words(told: str, known: Mapping[str, str]) -> str:
    """Return the sentence that `told` is the short name of, or `told` itself where it is one.

    Raises:
        ProblemsFound: it is one word that no reason is named by.
    """
    if told in known:
        return known[told]
    if told and len(told.split()) < 2:
        expected = f"a reason in words, or {nearest(told, known)}"
        raise ProblemsFound([Problem("command line", expected, None, "--reason", told)])
    return told


def decide(
    rows: Sequence[Screening], keys: Iterable[str], decision: Decision, extracted: Collection[str]
) -> tuple[list[Screening], list[Change]]:
    """Return the screening table with the decision on each of `keys`, and what changed.

    `extracted` are the keys that gave a figure, a finding or a fact. What is decided so already,
    by the same person, changes nothing.

    Raises:
        ProblemsFound: every decision that cannot be: an unknown key, a record decided before
            (without `again`), a full text of a record that was not included, an exclusion of what
            the tables hold. Nothing is changed then.
    """
    table = list(rows)
    changes: list[Change] = []
    problems: list[Problem] = []
    for key in dict.fromkeys(keys):
        try:
            changes += _change(table, key, decision, key in extracted)
        except ProblemsFound as found:
            problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return table, changes


def _change(
    table: list[Screening], key: str, decision: Decision, extracted: bool
) -> Sequence[Change]:
    own = {row.stage: row for row in table if row.key == key}
    if not own:
        known = {row.key for row in table}
        expected = f"a key of {FILE}, {nearest(key, known)}"
        raise ProblemsFound([Problem("command line", expected, None, "ID", key)])
    back = decision.decision == WAITING
    change = _taken_back(own, decision, extracted) if back else _decided(own, decision)
    if change is None:
        return ()
    _refuse_contradiction(own, change, extracted)
    _put(table, change)
    return (change,)


def _decided(own: Mapping[str, Screening], decision: Decision) -> Change | None:
    stage = decision.stage or _stage(own, decision.decision)
    before = own.get(stage)
    first = own.get(ABSTRACT) or next(iter(own.values()))
    told = (decision.reason, decision.who, decision.when)
    after = Screening(first.key, first.search_id, stage, decision.decision, *told)
    if before and replace(before, when=after.when) == after:
        return None
    if before and before.decision != WAITING and not decision.again:
        expected = "a record not decided yet at this stage, or --again to decide once more"
        value = f"{before.decision} by {before.who} on {before.when}"
        where = f"{before.key} ({stage})"
        raise ProblemsFound([Problem(FILE, expected, where, "decision", value)])
    return Change(before, after)


def _stage(own: Mapping[str, Screening], decision: str) -> str:
    if decision == NOT_RETRIEVED:
        return FULL_TEXT
    waits = [stage for stage in STAGES if stage in own and own[stage].decision == WAITING]
    return waits[0] if waits else max(own, key=STAGES.index)


def _taken_back(own: Mapping[str, Screening], decision: Decision, extracted: bool) -> Change:
    stage = decision.stage or max(own, key=STAGES.index)
    before = own.get(stage)
    if before is None or (before.decision == WAITING and stage == ABSTRACT):
        key = next(iter(own.values())).key
        expected = "a decision at this stage, to be taken back"
        where, value = f"{key} ({stage})", before.decision if before else None
        raise ProblemsFound([Problem(FILE, expected, where, "decision", value)])
    # A full text that waits is sought; without its row the abstract's figures stand alone.
    if stage == FULL_TEXT and (extracted or before.decision == WAITING):
        return Change(before, None)
    return Change(before, Screening(before.key, before.search_id, stage))


def _refuse_contradiction(own: Mapping[str, Screening], change: Change, extracted: bool) -> None:
    """Refuse what no flow can hold: see `analysis.evidence.flow`."""
    after = change.after
    included = after is not None and after.decision == INCLUDE
    if extracted and after and not included:
        expected = "no figure of it in data/: qof extract --undo takes out what was extracted"
        raise ProblemsFound([Problem(FILE, expected, change.key, "decision", after.decision)])
    abstract = own.get(ABSTRACT)
    if change.stage == FULL_TEXT and after and (not abstract or abstract.decision != INCLUDE):
        expected = f"include at stage {ABSTRACT} first"
        value = abstract.decision if abstract else None
        where = f"{change.key} ({ABSTRACT})"
        raise ProblemsFound([Problem(FILE, expected, where, "decision", value)])
    if change.stage == ABSTRACT and not included and FULL_TEXT in own:
        expected = f"no row at stage {FULL_TEXT}: take that back first (--stage {FULL_TEXT} --undo)"
        raise ProblemsFound([Problem(FILE, expected, change.key, "stage", FULL_TEXT)])


def _put(table: list[Screening], change: Change) -> None:
    """Put the new row where the old one was, or below the record's last row."""
    if change.before is None:
        at = end = 1 + max(at for at, row in enumerate(table) if row.key == change.key)
    else:
        at = table.index(change.before)
        end = at + 1
    table[at:end] = [change.after] if change.after else []
