"""Robustness in few bytes, for a page on which a reader chooses and sees the number.

One finding is a dictionary:

- `choices`: each with its `name`, `label`, `options` as [code, label], `usual` code, `only_with`
  (another choice -> the codes under which this one arises) and whether it `filters` rows.
- `ways`: every combination of the choices that do not filter, as codes in the order of `choices`;
  "" where one does not arise.
- `kept`: for every combination of the choices that filter, the last of them changing fastest,
  which set of rows it keeps.
- `sets`: of each set of rows, the numbers named in `counts` (those without an interval included
  in `listed` only); `holds` is 1 where a listed finding's claim still holds, 0 where it does not,
  null where it is not asked or names a group that is gone.
- `results`: for each set and way, the numbers named in `columns`, or a place in `reasons`.

So the result of a choice is `results[kept[f]][w]`. Numbers are rounded as the book prints them,
to `digits` decimals.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.findings.robust_among import Tally
from analysis.findings.robust_choices import Choice
from analysis.findings.robust_fit import Analysis
from analysis.findings.robust_options import ways
from analysis.findings.robustness import Robustness
from analysis.numbers import MINUS, decimals, number

FORMAT = 1
COUNTS = ("listed", "k", "studies", "samples", "below", "above", "holds")
COLUMNS = ("k", "estimate", "ci_low", "ci_high", "pi_low", "pi_high", "tau2")


def compact(found: Robustness) -> dict[str, Any]:
    """Return one finding under every combination of choices, ready for JSON; see the module."""
    places = 2 if found.log_scale else 1
    reasons: dict[str, int] = {}
    return {
        "id": found.id,
        "name": found.name,
        "kind": found.kind,
        "title": found.title,
        "unit": found.unit,
        "null": found.null,
        "log": found.log_scale,
        "digits": places,
        "certainty": found.certainty,
        "choices": [_choice(choice) for choice in found.choices],
        "ways": [list(way.values()) for way in ways(found.choices)],
        "kept": list(found.kept),
        "counts": list(COUNTS),
        "sets": [_set(tally) for tally in found.tallies],
        "columns": list(COLUMNS),
        "results": [[_result(one, places, reasons) for one in of] for of in found.analyses],
        "reasons": list(reasons),
    }


def compact_all(found: Mapping[str, Robustness] | Iterable[Robustness]) -> dict[str, Any]:
    """Return all findings in one dictionary: `format` and `findings`."""
    every = found.values() if isinstance(found, Mapping) else found
    return {"format": FORMAT, "findings": [compact(one) for one in every]}


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "name": choice.name,
        "label": choice.label,
        "usual": choice.usual,
        "filters": choice.filters,
        "other_question": choice.other_question,
        "only_with": {name: list(codes) for name, codes in choice.only_with.items()},
        "options": [list(option) for option in choice.options.items()],
    }


def _set(tally: Tally) -> list[int | None]:
    holds = None if tally.holds is None else int(tally.holds)
    counts = (tally.k_listed, tally.k, tally.n_studies, tally.n_families)
    return [*counts, tally.k_interval_below, tally.k_interval_above, holds]


def _result(one: Analysis, places: int, reasons: dict[str, int]) -> list[int | float | None] | int:
    if one.reason:
        return reasons.setdefault(one.reason, len(reasons))
    shown = (one.estimate, one.ci_low, one.ci_high, one.pi_low, one.pi_high)
    return [one.k, *(printed(value, places) for value in shown), printed(one.tau2)]


def printed(value: float | None, places: int | None = None) -> float | None:
    """Return the number a reader sees, so that a script shows the digits the book prints."""
    if value is None:
        return None
    text = number(value, decimals(value) if places is None else places)
    return float(text.replace(MINUS, "-").replace(",", ""))
