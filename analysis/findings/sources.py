"""Where the rows of a finding come from: extracted figures, official counts, or both, in one form.

Every source gives a frame with the columns of `data/effects.csv`, those `effect_sizes` adds, and
those of the row's study (ending in `_of_study` where both have a name).
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import pandas as pd

from analysis.evidence.sizes import effect_sizes
from analysis.evidence.tables import Evidence

OFFICIAL = "nhsdigital2020ccg"
"""The library's key of the counts that `data/somerset_return.csv` was made from."""
_WIDTH = NormalDist().inv_cdf(0.975)
_SIGNED = ("estimate", "yi")


def extracted(evidence: Evidence) -> pd.DataFrame:
    """Return the extracted effects with their studies, without contrasts between groups."""
    frame = _with_studies(evidence)
    return frame[~_contrast(frame)]


def contrasts(evidence: Evidence) -> pd.DataFrame:
    """Return the extracted contrasts between groups of patients or practices, in the same form.

    They describe a gap at one time: no effect of the scheme.
    """
    frame = _with_studies(evidence)
    return frame[_contrast(frame)]


def _with_studies(evidence: Evidence) -> pd.DataFrame:
    # Every question of a run asks for the same join; other holders of tables may change them.
    return _joined_once(evidence) if isinstance(evidence, Evidence) else _joined(evidence)


@lru_cache(maxsize=1)
def _joined_once(evidence: Evidence) -> pd.DataFrame:
    return _joined(evidence)


def _joined(evidence: Evidence) -> pd.DataFrame:
    studies = evidence.studies.set_index("study_id")
    return effect_sizes(evidence.effects).join(studies, on="study_id", suffixes=("", "_of_study"))


def _contrast(frame: pd.DataFrame) -> pd.Series:
    return frame["contrast_between_groups"].fillna(False).astype(bool)


def somerset_return(evidence: Evidence) -> pd.DataFrame:
    """Return what came back in Somerset's records with QOF, against the other CCGs.

    One row an indicator: the change in Somerset less the mean change elsewhere; the spread of
    the others' changes is its standard error.
    """
    table = evidence.somerset_return
    half = _WIDTH * table["comparator_sd"]
    address = _address(evidence, str(table["year_after"].iloc[0]))
    return pd.DataFrame(
        {
            "effect_id": "somerset_return-" + table["indicator"],
            "study_id": OFFICIAL,
            "label": "Somerset " + table["year_after"],
            "country": "England",
            "design_class": "natural_experiment",
            "indicator": table["title"],
            "indicator_type": table["indicator_type"],
            "condition": table["condition"],
            "timepoint": table["year_before"] + " to " + table["year_after"],
            "estimate": table["difference"],
            "ci_low": table["difference"] - half,
            "ci_high": table["difference"] + half,
            "ci_level": 95.0,
            "scale": "identity",
            "yi": table["difference"],
            "sei": table["comparator_sd"],
            "vi": table["comparator_sd"] ** 2,
            "reported_as": [_printed(row) for row in table.itertuples()],
            "locator": "CCG workbooks of both years",
            "source_url": address,
            "extracted_from": "official statistic",
            "checked": "computed",
            "notes": "interval from the spread of changes in the other CCGs",
        }
    )


def with_payment(evidence: Evidence) -> pd.DataFrame:
    """Return what payment held in the record: withdrawals turned round, and Somerset's return.

    Recorded care with payment less recorded care without it, in percentage points; `change`
    says whether payment was withdrawn or came back.
    """
    frame = extracted(evidence)
    chosen = frame["phase"].eq("withdrawal") & frame["measure"].eq("change_pp")
    withdrawn = frame[chosen]
    ends = {"ci_low": -withdrawn["ci_high"], "ci_high": -withdrawn["ci_low"]}
    turned = {name: -withdrawn[name] for name in _SIGNED}
    return pd.concat(
        [
            withdrawn.assign(**ends, **turned, change="withdrawn"),
            somerset_return(evidence).assign(change="returned"),
        ],
        ignore_index=True,
    )


def _address(evidence: Evidence, year: str) -> str:
    files = evidence.official_files
    held = files[(files["year"] == year) & (files["kind"] == "ccg_workbook")]
    return str(held["url"].iloc[0]) if len(held) else ""


def _printed(row: Any) -> str:
    before, after = f"{row.somerset_before:.1f}%", f"{row.somerset_after:.1f}%"
    return f"Somerset {before} to {after}; {row.n_ccg} other CCGs {row.comparator_mean:+.1f} points"


def _once(source: Callable[[Evidence], pd.DataFrame]) -> Callable[[Evidence], pd.DataFrame]:
    """Return a source that is made once for the tables of a run, of which all questions ask."""
    made = lru_cache(maxsize=1)(source)
    # Other holders of tables may change them.
    return lambda evidence: (made if isinstance(evidence, Evidence) else source)(evidence)


SOURCES: Mapping[str, Callable[[Evidence], pd.DataFrame]] = {
    "effects": _once(extracted),
    "contrasts": _once(contrasts),
    "somerset_return": _once(somerset_return),
    "with_payment": _once(with_payment),
}
"""What a question may name as its `source`."""
