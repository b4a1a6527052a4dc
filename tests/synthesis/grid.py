"""The reference grid: results of metafor, and a comparison that leaves no field out."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "reference"
METAFOR = json.loads((FOLDER / "metafor.json").read_text(encoding="utf-8"))
MORE = json.loads((FOLDER / "metafor_more.json").read_text(encoding="utf-8"))
EFFECTS = json.loads((FOLDER / "metafor_effects.json").read_text(encoding="utf-8"))
CASES = METAFOR["cases"]

# What metafor calls a test or method -> what it is called here.
TESTS = {"z": "z", "knha": "hksj"}

# Estimators with a closed form agree to rounding; the others to the tolerance both sides iterate
# to (the reference ran at 1e-14 and prints 15 digits).
CLOSED_FORM = 1e-10
ITERATED = 1e-8
CLOSED = {"EE", "DL", "HE", "HS", "SJ"}


def tolerance(method):
    return CLOSED_FORM if method in CLOSED else ITERATED


def compare(reference, found, *, rel, not_results=(), absolute=None):
    """Hold found values against a reference, field by field; every field must be accounted for.

    `found`: reference field -> value here. `not_results`: fields that say what was asked.
    `absolute`: field -> absolute tolerance in place of the relative one.
    """
    assert set(found) | set(not_results) == set(reference)
    for field, value in found.items():
        allowed = {"abs": absolute[field]} if field in (absolute or {}) else {"rel": rel}
        expected = reference[field]
        if expected == []:  # metafor has no such number
            assert value in (None, []), field
        elif isinstance(expected, str):
            assert value == expected, field
        else:
            # No absolute slack by default: a p-value of 1e-26 must agree in its digits too, and a
            # zero must be a zero.
            assert value == pytest.approx(expected, **{"abs": 0.0} | allowed), field
