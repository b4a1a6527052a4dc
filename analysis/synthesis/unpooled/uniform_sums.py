"""How often k numbers, each drawn evenly from 0 to 1, have a sum as small as the one at hand.

Exactly up to `FEW` numbers; beyond, by a saddlepoint approximation whose relative error there is
below 1e-6 wherever the answer is a number at all (below 1e-8 where it is above 1e-60).
"""

import math
from fractions import Fraction

import numpy as np
from scipy import optimize, special

# Up to here the sum in whole numbers takes less than a tenth of a second.
FEW = 500
# Bits of the sum that are kept: k numbers lose at most k / 2^128 of the answer by it.
_BITS = 128
_SMALLEST_LOG = -746.0  # e to this is 0
# Below this many standard errors from the middle the expansion about the middle is exact enough.
_MIDDLE = 1.0
# log(sinh h / h) as a sum of even powers, h² first: Bernoulli numbers.
_SERIES = (
    1 / 6,
    -1 / 180,
    1 / 2835,
    -1 / 37800,
    1 / 467775,
    -691 / 3831077250,
    2 / 127702575,
    -3617 / 2605132530000,
)


def lower_tail(k: int, total: Fraction) -> float:
    """Return P(sum of k <= total), total above 0 and below k; the rest follows by symmetry."""
    if 2 * total > k:
        return 1 - lower_tail(k, k - total) if k > FEW else _exact(k, k - total, upper=True)
    if k <= FEW:
        return _exact(k, total)
    # (total)^k / k! is never too small.
    log_bound = k * math.log(total) - math.lgamma(k + 1)
    return 0.0 if log_bound < _SMALLEST_LOG else _approximate(k, float(total))


def _exact(k: int, total: Fraction, upper: bool = False) -> float:
    """Return Σ_j (-1)^j C(k, j) (S - j)^k / k! over j <= S, or 1 less that.

    In whole numbers: the terms are huge and all but cancel (Edgington 1972, J Psychol 80:351).
    """
    top, unit = _shortened(total).as_integer_ratio()
    terms = ((-1) ** j * math.comb(k, j) * (top - j * unit) ** k for j in range(top // unit + 1))
    tail, whole = sum(terms), int(unit**k) * math.factorial(k)
    found: float = (whole - tail if upper else tail) / whole
    return found


def _shortened(total: Fraction) -> Fraction:
    """Return the sum to 128 bits: p-values of 1e-300 would have a thousand of them."""
    size = total.numerator.bit_length() - total.denominator.bit_length()
    unit = Fraction(2) ** (size - _BITS)
    return round(total / unit) * unit


def _approximate(k: int, total: float) -> float:
    """Return the lower tail for many numbers, of a sum up to k/2."""
    away = total / k - 0.5
    z = away * math.sqrt(12 * k)
    return _middle(k, z) if z > -_MIDDLE else _saddlepoint(k, away, total / k)


def _middle(k: int, z: float) -> float:
    """Return Edgeworth's expansion to 1/k³, from cumulants 4, 6 and 8 of a uniform number."""
    c4, c6, c8 = -6 / 5 / k, 48 / 7 / float(k) ** 2, -432 / 5 / float(k) ** 3
    terms = {3: c4 / 24, 5: c6 / 720, 7: c8 / 40320 + c4**2 / 1152}
    terms |= {9: c4 * c6 / 17280, 11: c4**3 / 82944}
    beyond = sum(factor * float(special.eval_hermitenorm(n, z)) for n, factor in terms.items())
    return float(special.ndtr(z)) - _density(z) * beyond


def _saddlepoint(k: int, away: float, mean: float) -> float:
    """Return Lugannani & Rice's tail with its second term (Daniels 1987, Int Stat Rev 55:37)."""
    t: float = optimize.brentq(lambda at: _cumulants(at)[1] - away, -2 / mean - 10, 0, xtol=1e-15)
    height, _, k2, k3, k4 = _cumulants(t)
    w, u = math.sqrt(2 * k * (t * away - height)), -t * math.sqrt(k * k2)
    skew, tails = -k3 / k2**1.5 / math.sqrt(k), k4 / k2**2 / k
    first = 1 / u - 1 / w
    second = (tails / 8 - 5 * skew**2 / 24) / u - 1 / u**3 - skew / (2 * u**2) + 1 / w**3
    tail: float = float(special.ndtr(-w)) + _density(w) * (first + second)
    return tail


def _density(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _cumulants(t: float) -> tuple[float, ...]:
    """Return log(sinh h / h), h = t/2, the cumulant function of a centred uniform number.

    With its four derivatives; as a series where the closed form would cancel.
    """
    h = t / 2
    if abs(h) < 0.3:
        powers = np.array([0.0, *(term for one in _SERIES for term in (0.0, one))])
        series = np.polynomial.Polynomial(powers)
        return tuple(float(series.deriv(n)(h)) / 2**n if n else float(series(h)) for n in range(5))
    c = 1 / math.tanh(h)
    q = c * c - 1
    height = math.log1p(-math.exp(-2 * abs(h))) + abs(h) - math.log(2 * abs(h))
    first, second = c - 1 / h, 1 / h**2 - q
    third, fourth = 2 * c * q - 2 / h**3, 6 / h**4 - 4 * c * c * q - 2 * q * q
    return height, first / 2, second / 4, third / 8, fourth / 16
