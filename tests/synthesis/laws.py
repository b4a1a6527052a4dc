"""Data sets for the laws every synthesis must keep, whatever the numbers."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

# The same examples every time, so that a run says something about the code and not about luck.
laws = settings(max_examples=25, deadline=None, derandomize=True)

effect = st.floats(-4, 4).map(lambda y: round(y, 4))
variance = st.floats(-6, 3).map(lambda power: round(10 ** (power / 2), 6))


@st.composite
def data(draw, smallest=2, largest=12):
    """Return effects and variances, shape (k,), over a range of precision of 1 to 30,000."""
    k = draw(st.integers(smallest, largest))
    yi = draw(st.lists(effect, min_size=k, max_size=k))
    vi = draw(st.lists(variance, min_size=k, max_size=k))
    return np.array(yi), np.array(vi)
