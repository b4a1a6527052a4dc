"""How the official files are laid out, as data.

CSV layouts follow the column names that public code for these files uses. The words of workbook
headers are those that public notebooks show, and near relatives; whether a new publication keeps
to them is told by the reader, which names what it looked for and what it found.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """A CSV file: the names a column may go by, for each role; all of `needs` must be there."""

    name: str
    needs: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]] = field(repr=False)

    def columns(self, header: Sequence[str]) -> dict[str, str]:
        """Return the columns of `header` by role; names match without case and punctuation."""
        plain = {_plain(name): name for name in reversed(header)}
        found = {
            role: next((plain[alias] for alias in names if alias in plain), None)
            for role, names in self.aliases.items()
        }
        return {role: name for role, name in found.items() if name is not None}


@dataclass(frozen=True, slots=True)
class WorkbookLayout:
    """A sheet a condition: several header rows, an indicator above each block of its columns.

    Patterns match a whole column header in lower case with single spaces. `total` is the
    denominator and exceptions together, which checks the columns found.
    """

    name: str
    area: re.Pattern[str]
    roles: Mapping[str, re.Pattern[str]] = field(repr=False)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text).lower())


_PRACTICE = ("practicecode", "practice")
_INDICATOR = ("indicatorcode", "indicator")
CSV_LAYOUTS = (
    CsvLayout(
        "practice, one row a measure (ACHIEVEMENT_*.csv from 2015/16)",
        ("area", "indicator", "measure", "value"),
        {
            "area": _PRACTICE,
            "indicator": _INDICATOR,
            "measure": ("measure",),
            "value": ("value",),
        },
    ),
    CsvLayout(
        "practice, one column a measure (2013/14 and 2014/15)",
        ("area", "indicator", "numerator", "denominator"),
        {
            "area": _PRACTICE,
            "indicator": _INDICATOR,
            "numerator": ("numerator",),
            "denominator": ("denominator",),
            "exceptions": ("exceptions", "exceptioncount", "pcas"),
            "points": ("achievedpoints", "points"),
        },
    ),
    CsvLayout(
        "CCG table (the workbooks' rows, all years in one file)",
        ("year", "area", "indicator", "numerator", "denominator", "exceptions"),
        {
            "year": ("year",),
            "area": ("geographycode", "ccgcode"),
            "area_name": ("geographyname", "ccgname"),
            "indicator": _INDICATOR,
            "n_practices": ("npractices",),
            "list_size": ("listsize",),
            "points": ("points",),
            "numerator": ("numerator",),
            "denominator": ("denominator",),
            "exceptions": ("exceptions",),
        },
    ),
)
LONG, WIDE, CCG = CSV_LAYOUTS
GEOGRAPHY = CsvLayout(
    "practices and their CCG (ORGANISATION_REFERENCE, MAPPING_NHS_GEOGRAPHIES)",
    ("area", "ccg"),
    {
        "area": _PRACTICE,
        "ccg": ("ccgcode", "ccgodscode", "ccggeographycode"),
        "ccg_name": ("ccgname",),
    },
)
# MEASURE of the long layout, by role; registers are a size of the practice, not of care.
MEASURES = {
    "NUMERATOR": "numerator",
    "DENOMINATOR": "denominator",
    "EXCEPTIONS": "exceptions",
    "PCAS": "exceptions",
    "ACHIEVED_POINTS": "points",
}
REGISTER = "REGISTER"

_SHARED = {
    "area_name": r"ccg name.*",
    "n_practices": r"(number of|no\.? of)?\s?(gp |general )?practices.*",
    "list_size": r"(sum of )?(practice )?list sizes?.*",
    "numerator": r"(sum of )?numerators?",
    "denominator": r"(sum of )?denominators?",
    "points": r"achievement score.*|(sum of )?(total )?points( achieved)?|achieved points",
}


def _layout(name: str, area: str, left_out: str) -> WorkbookLayout:
    words = _SHARED | {
        "exceptions": rf"(sum of |number of )?({left_out})",
        "total": rf"(sum of )?denominators? ?(\+|plus|and) ?({left_out})",
    }
    return WorkbookLayout(
        name, re.compile(area), {role: re.compile(text) for role, text in words.items()}
    )


WORKBOOK_LAYOUTS = (
    _layout("CCG workbook with exceptions (2014/15 to 2018/19)", r"ccg .*code.*", "exceptions?"),
    _layout(
        "CCG workbook with personalised care adjustments (2019/20)",
        r"ccg .*code.*",
        r"pcas?|personalised care adjustments?( \(pcas?\))?",
    ),
)
WORKBOOK_NEEDS = ("numerator", "denominator", "exceptions")
