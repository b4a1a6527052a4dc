"""What a slip of the hand breaks: units, years, counts, levels, addresses.

Each function takes a table as text and yields `(row, column, expected)` for what breaks its rule.
"""

import re
from datetime import date
from urllib.parse import urlsplit

import pandas as pd

from analysis.evidence.cells import numbers
from analysis.evidence.interval_rules import FIGURE, Found, where
from analysis.evidence.sign_rules import sign_printed
from analysis.evidence.spread_rules import error_fits_interval, p_fits_interval

# What the unit begins with, where the measure leaves no choice.
UNITS = {
    "change_pp": "percentage points",
    "difference_pp": "percentage points",
    "trend_change_pp_per_month": "percentage points per month",
    "before_after_percent": "percent",
    "two_groups_percent": "percent",
    "level_percent": "percent",
    "relative_change_percent": "percent relative change",
    "odds_ratio": "odds ratio",
    "rate_ratio": "rate ratio",
    "hazard_ratio": "hazard ratio",
    "risk_ratio": "risk ratio",
}
_YEARS = re.compile(r"\b((?:19|20)\d\d)(?:/\d{1,4})?\s*(?:-|–|to|until)\s*((?:19|20)\d\d)\b")


def years_follow(frame: pd.DataFrame) -> Found:
    """Find times whose end is before their start, or that lie ahead."""
    this = date.today().year
    for row, told in frame["timepoint"].items():
        spans = [(int(a), int(b)) for a, b in _YEARS.findall(told)]
        if any(end < start for start, end in spans):
            yield row, "timepoint", "an end that is not before its start"
        elif any(max(span) > this for span in spans):
            yield row, "timepoint", f"years up to {this}"


def financial_year(frame: pd.DataFrame) -> Found:
    """Find financial years whose second part is not the year after, or that lie ahead."""
    this = date.today().year
    for row, told in frame["year"].items():
        match = re.fullmatch(r"(\d{4})/(\d{2})", told)
        if match and int(match[2]) != (int(match[1]) + 1) % 100:
            yield row, "year", f"{match[1]}/{(int(match[1]) + 1) % 100:02d}"
        elif match and int(match[1]) > this:
            yield row, "year", f"a year up to {this}"


def unit_of_measure(frame: pd.DataFrame) -> Found:
    """Find units that the measure cannot be in."""
    for measure, unit in UNITS.items():
        bad = frame["measure"].eq(measure) & ~frame["unit"].str.startswith(unit)
        yield from where(bad & (frame["unit"] != ""), "unit", f"{unit}, as {measure} is in")


def counts_fit(frame: pd.DataFrame) -> Found:
    """Find fewer patients than practices."""
    fewer = numbers(frame["n_patients"]) < numbers(frame["n_practices"])
    yield from where(fewer, "n_patients", "at least as many patients as practices")


def change_of_levels(frame: pd.DataFrame) -> Found:
    """Find plain changes that run against their own levels before and after."""
    change, before, after = (
        numbers(frame[name]) for name in ("estimate", "baseline_value", "followup_value")
    )
    plain = frame["measure"].eq("change_pp") & frame["adjustment"].eq("before_after")
    against = plain & (change * (after - before) < 0)
    yield from where(against, "estimate", "the sign of followup_value less baseline_value")


def address_named(frame: pd.DataFrame) -> Found:
    """Find addresses without a server's full name, or with a name in angle brackets."""
    for row, told in frame["source_url"].items():
        host = urlsplit(told).hostname if told.startswith("http") else "a.b"
        if not host or "." not in host.strip(".") or "<" in told:
            yield row, "source_url", "an address that others can open, such as https://doi.org/…"


_SPREAD = ("measure", "ci_low", "ci_high", "ci_level")
_PRINTED = (*FIGURE, "reported_as", "notes")
_FIGURES = ("effects", "associations", "levels", "series")

PLAUSIBLE_RULES = (
    *(("sign printed", name, _PRINTED, sign_printed) for name in ("effects", "associations")),
    *(
        ("error fits interval", name, (*_SPREAD, "standard_error"), error_fits_interval)
        for name in ("effects", "associations")
    ),
    *(
        ("p fits interval", name, (*_SPREAD, "p_value"), p_fits_interval)
        for name in ("effects", "associations")
    ),
    *(
        ("unit of measure", name, ("measure", "unit"), unit_of_measure)
        for name in ("effects", "associations")
    ),
    *(("years follow", name, ("timepoint",), years_follow) for name in _FIGURES[:3]),
    *(("counts fit", name, ("n_patients", "n_practices"), counts_fit) for name in _FIGURES[:3]),
    (
        "change of levels",
        "effects",
        ("measure", "adjustment", "estimate", "baseline_value", "followup_value"),
        change_of_levels,
    ),
    ("year whole", "series", ("year",), financial_year),
    *(
        ("address named", name, ("source_url",), address_named)
        for name in (*_FIGURES, "qualitative_findings", "survey_numbers")
    ),
)
"""Name, table, columns that are read, function."""
