"""How a summary-of-findings table is set: a table where there is room, cards where there is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from analysis.publish.certainty.summaries import Asked

COLUMNS = ("Outcome", "What was found", "Evidence", "Certainty", "What it means")


@dataclass(frozen=True, slots=True)
class Told:
    """One outcome in words, ready to be set."""

    name: str
    found: str
    absolute: str
    evidence: str
    symbol: str
    level: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    means: str
    section: str
    note: str = ""
    # What certainty and reasons speak of, where that is more than this row.
    judged: str = ""


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """A table of outcomes; on a narrow screen each row reads as a card with its labels."""

    asked: Asked
    told: tuple[Told, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.asked.title}

    def html(self) -> str:
        """Return the table as HTML. Roles are written out, for cards lose them in browsers."""
        heads = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in COLUMNS)
        rows = "".join(map(_row, self.told))
        notes = "".join(f"<p>{escape(note)}</p>" for note in dict.fromkeys(_notes(self.told)))
        title = escape(self.asked.title)
        return (
            f'<div class="qof-summary" id="summary-table-{escape(self.asked.id)}">'
            f'<table role="table"><caption>{title}<span>{escape(_scope(self.asked))}</span>'
            f'</caption><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table>{notes}</div>'
        )


def _notes(told: tuple[Told, ...]) -> Iterator[str]:
    yield from (one.note for one in told if one.note)


def _scope(asked: Asked) -> str:
    return f"{asked.population} {asked.comparison}"


def _row(one: Told) -> str:
    """Return an outcome's row and, over its whole width, why its certainty is what it is."""
    name = escape(one.name)
    if one.section:
        page, _, label = one.section.partition("#")
        name = f'<a href="{escape(page)}.html#{escape(label)}">{name}</a>'
    cells = (_found(one), _lines(one.evidence), _certainty(one), escape(one.means))
    data = "".join(
        f'<td role="cell"><span class="qof-label" aria-hidden="true">{label}</span>{cell}</td>'
        for label, cell in zip(COLUMNS[1:], cells, strict=True)
    )
    row = f'<tr role="row"><th scope="row" role="rowheader">{name}</th>{data}</tr>'
    return row + (_why(one) if one.level else "")


def _found(one: Told) -> str:
    more = f'<span class="qof-absolute">{escape(one.absolute)}</span>' if one.absolute else ""
    return f"{_lines(one.found[:1].upper() + one.found[1:])}{more}"


def _lines(text: str) -> str:
    """Return what semicolons part, each on a line; read aloud they are parted by a space."""
    parts = map(escape, text.split("; "))
    return "".join(f'<span class="qof-line">{part}</span> ' for part in parts)


def _certainty(one: Told) -> str:
    if not one.level:
        return "–"
    judged = f' <span class="qof-absolute">{escape(one.judged)}</span>' if one.judged else ""
    return f'<span class="qof-certainty">{one.symbol} {one.level}</span>{judged}'


def _why(one: Told) -> str:
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in one.reasons)
    cautions = "".join(f"<li>{escape(caution)}</li>" for caution in one.cautions)
    judged = f"<p>Judged {escape(one.judged)}, not for this row alone.</p>" if one.judged else ""
    named = f'<span class="qof-unseen">: {escape(one.name)}</span>'
    return (
        f'<tr class="qof-why" role="row"><td role="cell" colspan="{len(COLUMNS)}">'
        f"<details><summary>Why {one.level}{named}</summary>{judged}<ul>{reasons}</ul>"
        f"<p>What it does not show</p><ul>{cautions}</ul></details></td></tr>"
    )
