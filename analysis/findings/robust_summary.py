"""What each option of each choice makes of a headline: the short table of a robustness."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.findings.robust_among import Specification, Tally
from analysis.findings.robustness import Robustness, Verdict


@dataclass(frozen=True, slots=True)
class Option:
    """One option of one choice. `alone`: the headline with this option and nothing else changed.

    `verdict`: what all analyses with it agree on, None for a listed finding. `usual`: whether the
    headline takes it. `same_rows`: whether it keeps every row of the headline, and so changes
    nothing by itself (options about rows only).
    """

    choice: str
    label: str
    name: str
    code: str
    usual: bool
    same_rows: bool
    alone: Specification
    verdict: Verdict | None


def options(found: Robustness) -> Iterator[Option]:
    """Yield every option of every choice, in their written order."""
    own = found.headline
    for choice in found.choices:
        for code, label in choice.options.items():
            alone = _alone(found, choice.name, code)
            usual = own.choices[choice.name] == code
            same = choice.filters and not usual and alone.at == own.at
            among = found.with_option(choice.name, code)
            verdict = found.verdict(among) if found.analyses else None
            yield Option(choice.label, label, choice.name, code, usual, same, alone, verdict)


def _alone(found: Robustness, name: str, code: str) -> Specification:
    """Return the headline with one option, and what that option needs to arise at all."""
    needed = next(choice.only_with for choice in found.choices if choice.name == name)
    own = found.headline.choices
    changed = {n: codes[0] for n, codes in needed.items() if own[n] not in codes}
    return found.find(**changed, **{name: code})


@dataclass(frozen=True, slots=True)
class Counted:
    """A listed finding under every combination of choices about rows.

    `combinations`: how many; `n`: those that keep a row with an interval; `sets`: distinct sets
    of rows among these; `holds`, `fails`: in how many of the sets the claim holds or does not;
    in the others a group that it names has no row left. `fewest`: rows with an interval.
    """

    combinations: int
    n: int
    sets: int
    holds: int
    fails: int
    fewest: int


def counted(found: Robustness) -> Counted:
    """Return in how many sets of rows the claim of a listed finding holds."""
    among = found.same_question
    # A listed finding is analysed in one way: none.
    left = [(found.tallies[kept], n) for kept, n in among.sets().items() if found.tallies[kept].k]
    told = [tally.holds for tally, _ in left]
    return Counted(
        combinations=len(among),
        n=sum(times for _, times in left),
        sets=len(left),
        holds=told.count(True),
        fails=told.count(False),
        fewest=min((tally.k for tally, _ in left), default=0),
    )


def rows_left(tally: Tally) -> str:
    """Return what a set of rows holds, in words: "4 rows of 3 studies"."""
    rows, studies = ("row", "rows"), ("study", "studies")
    return f"{tally.k} {rows[tally.k != 1]} of {tally.n_studies} {studies[tally.n_studies != 1]}"
