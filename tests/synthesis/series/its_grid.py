"""Reference results of interrupted time series, and the public series that several tests use."""

import json
from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "reference"
ITS = json.loads((FOLDER / "its.json").read_text(encoding="utf-8"))


@cache
def cigarettes():
    """Return packs per head, states (39) by years (1970-2000), California treated from 1989.

    tests/reference/prop99.csv names its source and its licence.
    """
    years = pd.read_csv(FOLDER / "prop99.csv", comment="#", index_col="Year")
    return years.T
