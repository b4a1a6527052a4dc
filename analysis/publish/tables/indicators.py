"""The indicators of the official statistics as a page lists them, each at an address of its own."""

from html import escape
from typing import Any

from analysis.evidence.tables import Evidence
from analysis.figures.forest_rows import TRAILS
from analysis.numbers import number
from analysis.publish.tables.cards import Card, cards, link
from analysis.publish.tables.listings import Listed

PAGE = "indicators"
TITLE = "Indicators of the official statistics for England"
HEADINGS = ("What it asks", "Kind", "Points", "Years", "Change on Somerset’s return")


def indicator_list(evidence: Evidence) -> Listed:
    """Return every indicator with its kind, points and years, and the change on the return."""
    returned = evidence.somerset_return.set_index("indicator")["difference"].to_dict()
    rows = evidence.indicators.sort_values("indicator").to_dict("records")
    return cards([_card(row, returned) for row in rows], "Indicator", HEADINGS, TITLE)


def anchor(code: str) -> str:
    """Return the place of an indicator on the page."""
    return f"indicator-{code}"


def _card(row: dict[str, Any], returned: dict[str, float]) -> Card:
    code, first, last = row["indicator"], row["first_year"], row["last_year"]
    kind = str(row["indicator_type"]).replace("_", " ")
    cells = (
        escape(row["title"]),
        f"{escape(kind)}: {escape(row['indicator_type_reason'])}",
        number(row["points"], digits=0),
        first if first == last else f"{first} to {last}",
        _returned(code, returned),
    )
    return Card(anchor(code), code, dict(zip(HEADINGS, cells, strict=True)))


def _returned(code: str, returned: dict[str, float]) -> str:
    if code not in returned:
        return "not counted in both years"
    text = f"{number(returned[code], digits=1, sign=True)} percentage points"
    return link(text, f"{TRAILS}#somerset_return-{code}")
