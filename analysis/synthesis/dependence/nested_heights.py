"""The restricted likelihood of a three-level regression on a grid of variances, all at once.

The same sums as one fit needs, for every pair of variances together: building them one by one
takes longer than adding them up.
"""

from typing import NamedTuple

import numpy as np

from analysis.synthesis.columns import FloatArray
from analysis.synthesis.dependence.clusters import Clustered

# So many numbers are held at once.
_HELD = 2_000_000


class _Crossed(NamedTuple):
    """Z'V⁻¹Z, shape (n, m, q, q), and log|V|, shape (n, m): n variances within, m between."""

    products: FloatArray
    log_determinant: FloatArray


def heights(data: Clustered, basis: FloatArray, values: FloatArray) -> FloatArray:
    """Return the likelihood, constants dropped, at every pair of values.

    Args:
        data: k effects in clusters.
        basis: columns that span the moderators, shape (k, p).
        values: of either variance, shape (m,).

    Returns:
        Shape (m, m): between in rows, within in columns.
    """
    columns = np.column_stack([basis, data.y])
    held = max(1, _HELD // (len(values) * data.n_clusters * columns.shape[1]))
    parts = [values[at : at + held] for at in range(0, len(values), held)]
    return np.concatenate([_heights(data, columns, values, part) for part in parts]).T


def _heights(
    data: Clustered, columns: FloatArray, between: FloatArray, within: FloatArray
) -> FloatArray:
    """Return the likelihood at every pair, shape (n, m)."""
    found, log_determinant = _crossed(data, columns, between, within)
    meat, along = found[..., :-1, :-1], found[..., :-1, -1]
    explained = np.vecdot(along, np.linalg.solve(meat, along[..., None])[..., 0])
    q, information = found[..., -1, -1] - explained, np.linalg.slogdet(meat)[1]
    heights: FloatArray = -0.5 * (information + log_determinant + q)
    return heights


def _crossed(
    data: Clustered, columns: FloatArray, between: FloatArray, within: FloatArray
) -> _Crossed:
    rho, s = data.rho, np.sqrt(data.v)
    d = (1 - rho) * data.v + within[:, None]
    w = 1 / d
    gram = _sums(data, np.stack([w, s * w, s * s * w], axis=-1))
    g, g_s, g_ss = (gram[:, None, :, at] for at in range(3))
    a, b = 1 + between[:, None] * g, 1 + rho * g_ss
    ratio = a * b - between[:, None] * rho * g_s**2
    # What the effects of a cluster share, and how they differ: see `Inverse.times`.
    mean = _sums(data, columns / d[..., None]) / gram[:, :, :1]
    rest = columns - mean[:, data.owner]
    along = _sums(data, rest * (s / d)[..., None])
    mean, along = mean[:, None], along[:, None]
    mean_t, along_t = mean.swapaxes(-1, -2), along.swapaxes(-1, -2)
    once, tilt = (b * g - rho * g_s**2) / ratio, rho * a / ratio
    both = (mean_t * (-rho * g_s / ratio)[..., None, :]) @ along
    clusters = (mean_t * once[..., None, :]) @ mean + both + both.swapaxes(-1, -2)
    tilted = (along_t * tilt[..., None, :]) @ along
    own = (rest.swapaxes(-1, -2) @ (rest / d[..., None]))[:, None]
    determinant = np.log(d).sum(axis=-1)[:, None] + np.log(ratio).sum(axis=-1)
    return _Crossed(own + clusters - tilted, determinant)


def _sums(data: Clustered, values: FloatArray) -> FloatArray:
    """Return the sum over each cluster, shape (n, J, q)."""
    return np.add.reduceat(values, data.starts, axis=1)
