"""The places where QOF was varied, as a page shows them: a map, and a table with its sources."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.evidence.cases import NO_EVALUATION, named
from analysis.evidence.tables import Evidence
from analysis.figures.forest_rows import TRAILS
from analysis.figures.places import KINDS
from analysis.findings.finding import SYMBOLS
from analysis.publish.tables.cards import Card, cards, link
from analysis.publish.tables.listings import Listed
from analysis.references import Library, Record

if TYPE_CHECKING:
    from analysis.figures.figure import Figure

TITLE = "What was allowed, who took part, what was found"
HEADINGS = ("What was done", "Who took part", "What was found", "Sources")


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases over the current tables."""

    evidence: Evidence
    library: Library

    def map(self) -> "Figure":
        """Return the map of tiles, each leading to its row in `table()`."""
        from analysis.figures.places import places
        from analysis.publish.caching.drawn import drawn

        return drawn(places, self.evidence.cases)

    def table(self, *kinds: str) -> Listed:
        """Return the cases of these kinds of `places.KINDS`, or all, with result and sources.

        Raises:
            ValueError: no case is of such a kind.
        """
        rows = self.evidence.cases
        rows = rows[rows["kind"].isin(kinds)] if kinds else rows
        if rows.empty:
            raise ValueError(f"no case of the kinds {', '.join(kinds)}: one of {', '.join(KINDS)}")
        filled = rows.astype(object).where(rows.notna(), "").to_dict("records")
        return cards([self._card(row) for row in filled], "Place", HEADINGS, TITLE)

    def _card(self, row: dict[str, Any]) -> Card:
        cells = (
            f"<p>{_capital(row['years'])}. <em>{KINDS[row['kind']][1]}.</em></p>"
            f"<p>{escape(row['allowed'])}</p>",
            _capital(row["participation"]) + ".",
            self._result(row),
            ", ".join(self._sources(row)),
        )
        return Card(f"case-{row['case_id']}", row["place"], dict(zip(HEADINGS, cells, strict=True)))

    def _result(self, row: dict[str, Any]) -> str:
        said = f"{escape(row['result'])} {escape(row['reason'])}".strip()
        if row["certainty"] == NO_EVALUATION:
            return said
        level, place = row["certainty"], escape(row["place"])
        links = [
            f'<a href="{TRAILS}#{one}" aria-label="{place}, figure {number}">{number}</a>'
            for number, one in enumerate(named(row["figures"]), start=1)
        ]
        sure = f'<span class="qof-certainty">{SYMBOLS[level]} {level} certainty.</span>'
        return (
            f"<p>{escape(row['result'])}</p><p>{sure} {escape(row['reason'])}</p>"
            f"<p>Figures: {', '.join(links)}.</p>"
        )

    def _sources(self, row: dict[str, Any]) -> Iterator[str]:
        records = [self.library[key] for key in named(row["sources"])]
        seen = {_address(record) for record in records}
        yield from (link(record.label, _address(record)) for record in records)
        events = self.evidence.timeline.set_index("event_id")
        for event in named(row["events"]):
            told = events.loc[event]
            yield from _once(seen, told["source_publisher"], told["date"], told["source_url"])
        pages = self.evidence.case_pages
        for page in pages[pages["case_id"] == row["case_id"]].itertuples():
            yield from _once(seen, page.publisher, page.date, page.source_url)


def _once(seen: set[str], publisher: str, date: Any, address: Any) -> Iterator[str]:
    """Yield a page as a link, unless it was given before; a source held as text has no address."""
    where = "" if pd.isna(address) else str(address)
    if where and where not in seen:
        seen.add(where)
        year = "" if pd.isna(date) else f" {str(date)[:4]}"
        yield link(f"{publisher}{year}", where)


def _address(record: Record) -> str:
    return f"https://doi.org/{record.doi}" if record.doi else record.url or ""


def _capital(text: str) -> str:
    return escape(text[:1].upper() + text[1:])
