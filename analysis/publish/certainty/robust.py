"""Robustness as chapters speak of it: the same object in code cells and in prose."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.figures.specification_words import digits, share, table, told
from analysis.findings.robust_summary import Counted, counted, options, rows_left
from analysis.findings.robustness import Robustness, Verdict
from analysis.numbers import interval, number
from analysis.problems import nearest
from analysis.publish.certainty import robust_words as words
from analysis.publish.certainty.robust_says import SAYINGS, says
from analysis.publish.prose.review import marked
from analysis.publish.tables.listings import Listed, as_listed

if TYPE_CHECKING:
    from analysis.figures.figure import Figure

# What prose may say: of the analyses that answer the headline's own question, or of all of them
# (`all_...`), and whole sentences.
_NUMBERS: Mapping[str, Callable[[Robustness, Verdict], str]] = {
    "combinations": lambda found, v: number(v.combinations),
    "not_estimable": lambda found, v: number(v.not_estimable),
    "analyses": lambda found, v: number(v.n),
    "share_same_side": lambda found, v: share(v.same_side),
    "share_excluding": lambda found, v: share(v.excluding),
    "median": lambda found, v: number(v.median, digits(found)),
    "range": lambda found, v: interval(v.lowest, v.highest, digits(found)),
    "rank": lambda found, v: number(v.rank),
}
_SENTENCES: Mapping[str, Callable[[Robustness], str]] = {
    "verdict": words.verdict,
    "influence": words.influence,
    "small_study": words.small_study,
    "one_each": words.one_each,
    "change_of_mind": words.change_of_mind,
    "extraction": words.extraction,
}
_COUNTS = ("combinations", "sets", "holds", "fails")


class SpokenRobustness:
    """One finding's robustness: figures and tables in cells, numbers and sentences in prose.

    For a finding with a mean `share_same_side`, `median`, ... of the analyses that answer its
    own question, `all_median`, ... of all, and sentences such as `change_of_mind`; for a listed
    one the counts of `Counted`.
    """

    def __init__(self, found: Robustness) -> None:
        self.found = found

    def __getattr__(self, name: str) -> str:
        # Unpickling asks for special names before `found` exists.
        if name.startswith("_") or name == "found":
            raise AttributeError(name)
        if not self.found.analyses:
            return self._count(name)
        if name in _SENTENCES:
            return _SENTENCES[name](self.found)
        known = {**_NUMBERS, **{f"all_{one}": made for one, made in _NUMBERS.items()}}
        if name not in known:
            raise AttributeError(
                f"{self.found.id} has no {name!r}: {nearest(name, [*known, *_SENTENCES])}"
            )
        every = name.startswith("all_")
        among = self.found.specifications if every else self.found.same_question
        return known[name](self.found, self.found.verdict(among))

    def _count(self, name: str) -> str:
        if name not in _COUNTS:
            raise AttributeError(f"{self.found.id} has no {name!r}: {nearest(name, _COUNTS)}")
        return number(getattr(counted(self.found), name))

    def only(self, choice: str, option: str) -> str:
        """Return the headline with one choice changed, "−20.7 (−82.1 to 40.7)".

        Raises:
            KeyError: there is no such choice or option.
        """
        return told(self.found, self.found.find(**{choice: option}).result)

    def says(self, said: str, **changed: str) -> str:
        """Return words about the headline with some choices changed; see `SAYINGS`.

        Raises:
            Unsupported: the numbers do not support them; the build stops.
        """
        return marked(said, lambda: says(self.found, said, **changed), said in SAYINGS)

    def curve(self) -> "Figure":
        """Return the specification curve with its text twin and data table."""
        from analysis.figures.specification import curve
        from analysis.publish.caching.drawn import drawn

        return drawn(curve, self.found)

    def by_choice(self) -> Listed:
        """Return what becomes of the headline under each option of each choice."""
        if not self.found.analyses:
            return _counts_by_choice(self.found)
        return as_listed(table(self.found), f"By choice: {self.found.title}")

    def leave_one_out(self) -> "Figure":
        """Return the headline without each study and each row, as a figure with its table."""
        from analysis.figures.left_out import left_out
        from analysis.publish.caching.drawn import drawn

        return drawn(left_out, self.found)


def _counts_by_choice(found: Robustness) -> Listed:
    import pandas as pd

    told_of = {True: "holds", False: "does not hold", None: "cannot be asked"}
    rows = [
        {
            "Option": f"{one.choice}: {one.label}" + " (headline)" * one.usual,
            "Left": rows_left(one.alone.tally),
            "Intervals below": number(one.alone.tally.k_interval_below),
            "Intervals above": number(one.alone.tally.k_interval_above),
            "The claim": told_of[one.alone.tally.holds],
        }
        for one in options(found)
    ]
    return as_listed(pd.DataFrame(rows), f"By choice: {found.title}")


def listed_robustness(every: Mapping[str, Robustness], claims: Mapping[str, str]) -> Listed:
    """Return in how many sets of rows the claim of each listed finding holds.

    Args:
        every: the robustness of all findings, by id.
        claims: what each finding claims, by id.
    """
    import pandas as pd

    rows = [
        _claimed(found, claims[found.id], counted(found))
        for found in every.values()
        if not found.analyses
    ]
    return as_listed(pd.DataFrame(rows), "Claims of findings that are listed, not averaged")


def _claimed(found: Robustness, claim: str, counts: Counted) -> dict[str, str]:
    lost = counts.sets - counts.holds - counts.fails
    return {
        "Claim": claim,
        "Certainty": found.certainty,
        "Rows": rows_left(found.headline.tally),
        "Combinations": f"{counts.combinations:,}",
        "That leave a row": f"{counts.n:,}",
        "Distinct sets of rows": number(counts.sets),
        "Claim holds": number(counts.holds),
        "Does not": number(counts.fails),
        "Cannot be asked": number(lost),
    }


def _all_say(every: Iterable[Robustness], said: str) -> str:
    for found in every:
        says(found, said)
    return said


@dataclass(frozen=True, slots=True)
class Robust:
    """The robustness of every finding by its name in prose: `robust.withdrawal.median`.

    Computed when first spoken of: most pages do not. `state` is the digest of the inputs where it
    is known, so that files are not read again for each number.
    """

    root: Path
    state: str = ""

    def says(self, said: str) -> str:
        """Return words that are so of every finding with a mean; see `SAYINGS`.

        Raises:
            Unsupported: they are not; the build stops.
        """
        every = [one for one in self._stored().values() if one.analyses]
        return marked(said, lambda: _all_say(every, said), said in SAYINGS)

    def __getattr__(self, name: str) -> SpokenRobustness:
        # Unpickling asks for special names, and for the field before it is there.
        if name.startswith("_") or name in ("root", "state"):
            raise AttributeError(name)
        named = {found.name: found for found in self._stored().values()}
        if name not in named:
            raise AttributeError(f"no robustness of {name!r}: {nearest(name, named)}")
        return SpokenRobustness(named[name])

    def _stored(self) -> Mapping[str, Robustness]:
        from analysis.findings.robust_store import stored_robustness

        return _known(self.root, self.state) if self.state else stored_robustness(self.root)


@lru_cache(maxsize=1)
def _known(root: Path, _state: str) -> Mapping[str, Robustness]:
    from analysis.findings.robust_store import stored_robustness

    return stored_robustness(root)
