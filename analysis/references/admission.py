"""Whether the library can hold a record, told before anything is written."""

from dataclasses import replace

from analysis.references.record import Record
from analysis.references.ris import Line, find_problems
from analysis.references.tags import END, from_entry, to_entry, to_lines


def faults(record: Record) -> str:
    """Return why the library cannot hold a record that has no key yet; "" when it can."""
    keyed = replace(record, key="x")
    pairs = to_lines(keyed)
    lines = [Line("", tag, value, value) for tag, value in [*pairs, (END, "")]]
    told = [
        f"{problem.column or 'a line'}: found {problem.value!r}, expected {problem.expected}"
        for problem in find_problems("", [lines])
    ]
    if not told and from_entry(to_entry(pairs)) != keyed:
        told = ["a field that would not be read back as it is"]
    return "; ".join(told)
