"""Whether a number has the sign with which its source prints it.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

import re
from decimal import Decimal

import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.digits import EXPLAINING, shows
from analysis.evidence.interval_rules import FIGURE, Found, present

_MINUS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
# After a digit, a letter or a percent sign it is a dash or a hyphen; before a space it is a dash.
_SIGNED = re.compile(r"(?P<sign>(?<![\w%)])[+\-−–])?[£$]?(?P<digits>\d+(?:,\d{3})*(?:[.·]\d+)?)")
_PLAIN = str.maketrans({"·": ".", ",": None})


def sign_printed(frame: pd.DataFrame) -> Found:
    """Find numbers whose sign is not the printed one, where the phrase prints a sign.

    A phrase without a sign, or with both, decides nothing; a note that gives the number and says
    that it was corrected is as good as the phrase.
    """
    for column in present(frame, FIGURE):
        typed = frame[numbers(frame[column]).fillna(0) != 0]
        for row, value, printed, notes in typed[[column, "reported_as", "notes"]].itertuples():
            signs = printed_signs(printed, value)
            wrong = {"-"} if not value.startswith("-") else {"+"}
            if signs == wrong and not _explained(notes, value):
                told = "negative" if wrong == {"-"} else "positive"
                yield row, column, f"a {told} number, as {printed!r} prints it"


def printed_signs(printed: str, value: str) -> set[str]:
    """Return the signs with which `printed` shows the digits of `value`: "-", "+" or "" each."""
    wanted, found = abs(Decimal(value)), set()
    for match in _SIGNED.finditer(printed):
        if Decimal(match["digits"].translate(_PLAIN)) == wanted:
            sign = match["sign"] or ""
            found.add("-" if sign in _MINUS else sign)
    return found


def _explained(notes: str, value: str) -> bool:
    return any(word in notes for word in (*EXPLAINING, "sign")) and shows(notes, value)
