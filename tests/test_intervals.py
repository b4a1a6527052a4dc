"""One rule for every interval: what the evidence's tables and the synthesis read is the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.evidence.sizes import effect_sizes
from analysis.evidence.tables import load_evidence
from analysis.intervals import SCALES, printed_decimals, read_intervals
from analysis.synthesis import from_interval


def test_the_committed_intervals_are_read_alike_by_both_rooms(root):
    effects = load_evidence(root).effects
    sizes = effect_sizes(effects)
    ranged = sizes[sizes["sei"].notna()]
    found = from_interval(
        *(ranged[name].to_numpy(float) for name in ("estimate", "ci_low", "ci_high")),
        scale=list(ranged["scale"]),
        level=ranged["ci_level"].to_numpy(float) / 100,
    )
    assert len(ranged) > 10
    assert found.se == pytest.approx(ranged["sei"].to_numpy(float), rel=1e-12)
    assert found.yi.tolist() == ranged["yi"].tolist()
    assert list(found.notes) == list(ranged["asymmetry_note"])
    assert found.asymmetric.tolist() == (ranged["se_source"] == "wider_side").tolist()


def read(estimate, low, high, scale="identity", **options):
    columns = (np.atleast_1d(np.array(one, dtype=float)) for one in (estimate, low, high))
    return read_intervals(*columns, np.array([scale]), **options)


def test_the_wider_side_stands_where_rounding_does_not_explain():
    found = read(-1.19, -2.06, 1.09)
    assert found.half[0] == pytest.approx(2.28)
    assert found.asymmetry[0] == pytest.approx((-1.19 + 0.485) / 1.575)
    assert "0.87 below and 2.28 above" in found.notes[0]
    centred = read(-1.2, -2.1, -0.4)
    assert centred.half[0] == pytest.approx(0.85)
    assert centred.notes == ("",)


def test_a_computed_interval_is_not_lopsided_for_its_last_bits():
    rng = np.random.default_rng(5)
    yi, half = rng.normal(0, 100, 500), 10 ** rng.uniform(-6, 2, 500)
    found = read_intervals(yi, yi - half, yi + half, np.full(500, "identity"))
    assert not found.asymmetric.any()


@settings(derandomize=True, deadline=None)
@given(
    st.floats(-50, 50), st.floats(0.01, 20), st.floats(-1.5, 1.5), st.sampled_from(sorted(SCALES))
)
def test_no_interval_gains_weight_by_being_off_centre(middle, half, off, scale):
    if scale == "log":
        middle, half = middle / 20, half / 10
    ends = np.array([middle + off * half, middle - half, middle + half])
    estimate, low, high = np.exp(ends) if scale == "log" else ends
    found = read(estimate, low, high, scale)
    assert found.half[0] >= half * (1 - 1e-6)
    assert found.half[0] <= half * (1 + abs(off)) * (1 + 1e-6)


def test_what_is_missing_stays_missing():
    nothing = np.nan
    found = read(nothing, 1, 2)
    assert np.isnan(found.estimate[0]) and not found.asymmetric[0]
    for low, high in ((nothing, 2), (1, nothing), (1, 1), (2, 1)):
        assert np.isnan(read(1.5, low, high).half[0])
    assert printed_decimals(np.array([nothing, 0.25])).tolist() == [0, 2]
