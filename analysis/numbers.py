"""How numbers are written, in prose and in figures alike.

Rounding is half away from zero on the shortest decimal that stands for the float
(2.675 → 2.68, −0.125 → −0.13), as a reader does by hand; Python's own `round` would take
halves to the even digit of the binary value. A number that rounds to zero carries no sign.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from numbers import Integral
from typing import TypeGuard

MINUS = "\N{MINUS SIGN}"
NOT_ESTIMABLE = "not estimable"
MOST_DECIMALS = 4
# At what size of number how many decimals are worth printing; smaller ones get two figures.
_DECIMALS_FROM_SIZE = ((1000, 0), (1, 1))
# Room for the longest float there is (309 digits before the point).
_EXACT = Context(prec=400)
_P_SMALLEST = Decimal("0.001")
_P_LINE = Decimal("0.05")


def decimals(*values: float | None) -> int:
    """Return how many decimals suit numbers printed side by side: those of the largest.

    None from 1,000 on, one from 1 on; below that two significant figures, at most
    `MOST_DECIMALS`. Numbers that are absent or not finite have no say; zero alone gets one.
    """
    largest = max((abs(value) for value in values if _is_finite(value)), default=0.0)
    places = _decimals_for(largest)
    # 0.996 rounds up to 1.00 and 999.96 to 1,000.0: let the printed size decide.
    return min(places, _decimals_for(float(_rounded(largest, places))))


def number(value: float | None, digits: int | None = None, sign: bool = False) -> str:
    """Write `value` with a true minus, thousands commas and `digits` decimals.

    Without `digits` integers stay whole and the rest follow `decimals`. With `sign` a plus is
    written too (never before zero). `None`, NaN and infinities are "not estimable".
    """
    if not _is_finite(value):
        return NOT_ESTIMABLE
    if digits is None:
        digits = 0 if isinstance(value, Integral) else decimals(value)
    rounded = _rounded(value, digits)
    mark = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return f"{mark}{abs(rounded):,.{digits}f}"


def interval(low: float | None, high: float | None, digits: int | None = None) -> str:
    """Write "−31.1 to −10.3", both ends with the same number of decimals.

    An interval that lacks an end is "not estimable".
    """
    if not (_is_finite(low) and _is_finite(high)):
        return NOT_ESTIMABLE
    digits = decimals(low, high) if digits is None else digits
    return f"{number(low, digits)} to {number(high, digits)}"


def with_interval(
    value: float | None, low: float | None, high: float | None, digits: int | None = None
) -> str:
    """Write "−12.7 (−15.0 to −10.4)", or the value alone where there is no interval."""
    if not (_is_finite(value) and _is_finite(low) and _is_finite(high)):
        return number(value, digits)
    digits = decimals(value, low, high) if digits is None else digits
    return f"{number(value, digits)} ({interval(low, high, digits)})"


def percent(value: float | None, digits: int | None = None) -> str:
    """Write a value that already is in percent: 45.31 → "45.3%"."""
    text = number(value, digits)
    return text if text == NOT_ESTIMABLE else f"{text}%"


def p_value(p: float | None) -> str:
    """Write "p = 0.03", "p = 0.004", "p < 0.001" or "p > 0.99".

    Two decimals from 0.01, three below; more where rounding would move p onto or over 0.05.

    Raises:
        ValueError: `p` is not a probability.
    """
    if not _is_finite(p):
        return f"p {NOT_ESTIMABLE}"
    if not 0 <= p <= 1:
        raise ValueError(f"p value {p!r}: expected a probability from 0 to 1")
    exact = Decimal(str(float(p)))
    if exact < _P_SMALLEST:
        return f"p < {_P_SMALLEST}"
    if exact > Decimal("0.99"):
        return "p > 0.99"
    for places in range(2 if exact >= Decimal("0.01") else 3, MOST_DECIMALS + 1):
        rounded = _rounded(p, places)
        if exact.compare(_P_LINE) == rounded.compare(_P_LINE):
            return f"p = {rounded}"
    return f"p {'<' if exact < _P_LINE else '>'} {_P_LINE}"


def _is_finite(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _decimals_for(size: float) -> int:
    for least, places in _DECIMALS_FROM_SIZE:
        if size >= least:
            return places
    return 1 if size == 0 else min(MOST_DECIMALS, 1 - math.floor(math.log10(size)))


def _rounded(value: float, digits: int) -> Decimal:
    exact = Decimal(str(int(value) if isinstance(value, Integral) else float(value)))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_EXACT)
