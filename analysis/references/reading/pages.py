"""The first and the last page, however a range is written."""

import re

_RANGE = re.compile(
    r"(?:pp?\.? ?)?([A-Za-z]{0,4}\d+[A-Za-z]{0,3})\s*(?:-{1,3}|[‐-―−])\s*"
    r"([A-Za-z]{0,4}\d+[A-Za-z]{0,3})"
)
_PAGE = re.compile(r"([A-Za-z]*)(\d+)([A-Za-z]*)")
_NO_PAGE = frozenset(
    {"n.pag", "n.pag.", "no pagination", "n/a", "na", "-", "--", "no-no", "0", "0-0"}
)


def page_range(text: str) -> tuple[str, str]:
    """Return the first and last page of a range; a text that is no range is all first page.

    A last page of fewer digits is completed as MEDLINE shortens it: 123-9 is 123 to 129, and
    e408-15 is e408 to e415.
    """
    if text.isalnum():
        return ("", "") if text.lower() in _NO_PAGE else (text, "")
    if text.lower() in _NO_PAGE:
        return "", ""
    found = _RANGE.fullmatch(text.rstrip("."))
    if not found:
        return text, ""
    first, last = found.groups()
    completed = _completed(first, last)
    return (first, completed) if completed else (text, "")


def _completed(first: str, last: str) -> str:
    """Return the last page in full, or nothing where the two do not make a range."""
    start, end = _PAGE.fullmatch(first), _PAGE.fullmatch(last)
    if not start or not end:
        return ""
    prefix = end[1] or start[1]
    missing = len(start[2]) - len(end[2])
    digits = start[2][:missing] + end[2] if missing > 0 else end[2]
    if prefix == start[1] and int(digits) < int(start[2]):
        return ""
    return prefix + digits + end[3]
