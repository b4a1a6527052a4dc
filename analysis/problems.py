"""What is wrong with the project's inputs, told so that it can be mended."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it is, what stands there, what was expected.

    `row` is the line a spreadsheet or editor shows (the header is row 1), or a record's key.
    """

    file: str
    expected: str
    row: int | str | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}" if isinstance(self.row, int) else str(self.row))
        if self.column is not None:
            place.append(f"column {self.column}")
        found = "" if self.value is None else f" found {self.value!r};"
        return f"{', '.join(place)}:{found} expected {self.expected}"


class ProblemsFound(Exception):
    """Every problem found in one pass, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Refused(Exception):
    """What was asked cannot be done now; the message is for whoever asked."""


def tell(problems: Sequence[object]) -> int:
    """Write every problem and their number to standard error; return the exit status."""
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} found", file=sys.stderr)
    return 1 if problems else 0


def nearest(value: str, choices: Iterable[str], shown: int = 8) -> str:
    """Return `choices` as words for an error message, the likeliest meant one first."""
    from difflib import get_close_matches

    known = sorted(map(str, choices))
    likely = get_close_matches(value, known, n=1, cutoff=0.6)
    listed = ", ".join(known[:shown]) + (f", … ({len(known)} in all)" if len(known) > shown else "")
    return f"one of {listed}" + (f" (did you mean {likely[0]}?)" if likely else "")
