"""Standard errors from printed intervals."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.sizes import effect_sizes
from analysis.evidence.tables import load_evidence


def sized(measure, estimate, low, high, level=95.0, kind="confidence"):
    frame = pd.DataFrame(
        {
            "measure": [measure],
            "estimate": [estimate],
            "ci_low": [low],
            "ci_high": [high],
            "ci_level": [level],
            "interval_kind": [kind],
        }
    )
    return effect_sizes(frame).iloc[0]


def test_minchin2018_difference_by_hand():
    # Abstract: -62.3 (95% CI -65.6 to -59.0); 6.6 / 3.92 = 1.684.
    row = sized("change_pp", -62.3, -65.6, -59.0)
    assert row.scale == "identity"
    assert row.yi == -62.3
    assert row.sei == pytest.approx(1.684, abs=0.0005)
    assert row.vi == pytest.approx(row.sei**2)
    assert (row.se_source, row.asymmetry_note) == ("full_width", "")


def test_gp_worklife_survey_2019_difference_by_hand():
    # Summary page: +0.24 (95% CI 0.08 to 0.40); 0.32 / 3.92 = 0.082.
    assert sized("mean_difference", 0.24, 0.08, 0.40).sei == pytest.approx(0.082, abs=0.0005)


def test_millett2007_ratio_by_hand():
    # Abstract: OR 0.71 (95% CI 0.53-0.95); (ln 0.95 - ln 0.53) / 3.92 = 0.1489.
    row = sized("odds_ratio", 0.71, 0.53, 0.95)
    assert row.scale == "log"
    assert row.yi == pytest.approx(math.log(0.71))
    assert row.sei == pytest.approx(0.1489, abs=0.00005)


def test_kontopantelis2016_interval_of_99_percent_by_hand():
    # Abstract: OR 1.08 (99% CI 1.06 to 1.10); (ln 1.10 - ln 1.06) / (2 * 2.5758) = 0.00719.
    row = sized("odds_ratio", 1.08, 1.06, 1.10, level=99.0)
    assert row.sei == pytest.approx(0.00719, abs=0.00001)


def test_serumaga2011_takes_the_wider_side():
    # Abstract: -1.19 (-2.06 to 1.09): 0.87 below, 2.28 above; 2.28 / 1.96 = 1.163.
    row = sized("change_pp", -1.19, -2.06, 1.09)
    assert row.se_source == "wider_side"
    assert row.sei == pytest.approx(1.163, abs=0.0005)
    assert row.asymmetry == pytest.approx((2.28 - 0.87) / (2.28 + 0.87))
    assert "0.87 below and 2.28 above" in row.asymmetry_note


def test_morales2023_corrected_interval(root):
    # Printed -12.7 (-15.0 to -12.4); the lower side gives 2.3 / 1.96 = 1.17.
    effects = load_evidence(root).effects
    row = effect_sizes(effects).set_index("effect_id").loc["morales2023-9"]
    assert row.sei == pytest.approx(2.3 / 1.96, abs=0.001)
    assert row.se_source == "full_width"


def test_a_range_of_scenarios_gives_no_standard_error():
    row = sized("rate_difference", 11, 7, 16, level=np.nan, kind="scenario_range")
    assert np.isnan(row.sei) and np.isnan(row.vi) and np.isnan(row.asymmetry)
    assert row.yi == 11
    assert row.se_source == ""


def test_an_interval_rounded_to_no_width_gives_no_standard_error():
    # A zero would give the row all the weight there is.
    row = sized("odds_ratio", 1.0, 1.0, 1.0)
    assert np.isnan(row.sei)
    assert row.se_source == ""


def test_no_interval_gives_no_standard_error():
    row = sized("change_pp", -14.3, np.nan, np.nan, level=np.nan, kind=None)
    assert row.yi == -14.3
    assert np.isnan(row.sei)


def test_committed_rows(root):
    effects = load_evidence(root).effects
    sizes = effect_sizes(effects)
    confidence = effects["interval_kind"].eq("confidence").fillna(False)
    assert sizes["sei"].notna().equals(confidence.astype(bool))
    assert (sizes["sei"].dropna() > 0).all()
    wider = set(sizes.loc[sizes["se_source"] == "wider_side", "effect_id"])
    assert wider == {"serumaga2011-3", "serumaga2011-5", "serumaga2011-6", "vamos2011-2"}
    ratios = sizes.loc[sizes["scale"] == "log", "unit"]
    assert ratios.str.contains("ratio").all()
    assert not sizes.loc[sizes["scale"] == "identity", "unit"].str.contains("ratio").any()


@given(
    estimate=st.floats(-90, 90),
    se=st.floats(0.05, 20),
    decimals=st.integers(1, 3),
    log=st.booleans(),
)
def test_rounding_alone_is_never_called_asymmetric(estimate, se, decimals, log):
    if log:
        estimate, se = estimate / 100, se / 50
    ends = [estimate, estimate - 1.959964 * se, estimate + 1.959964 * se]
    printed = [round(math.exp(end) if log else end, decimals) for end in ends]
    if log and min(printed) <= 0:
        return
    row = sized("odds_ratio" if log else "change_pp", *printed)
    if printed[1] == printed[2]:
        assert np.isnan(row.sei)
        return
    assert row.se_source == "full_width"
    unit = 10.0**-decimals
    slack = unit / (min(printed) - unit / 2) if log else unit
    assert row.sei == pytest.approx(se, abs=slack / 1.95 + 1e-6)
