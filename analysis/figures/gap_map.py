"""The map of evidence and gaps: a row an outcome, a column a phase, gaps named in words."""

from collections.abc import Sequence

from analysis.figures import gap_words as words
from analysis.figures import look
from analysis.figures.drawing import Mark
from analysis.figures.figure import name_for
from analysis.figures.frame import Band, Line, Text, lines_of_text
from analysis.figures.gap_cells import CARE, COLUMNS, NOTHING, PROFESSION, ROWS, Cell, GapMap
from analysis.figures.measure import wrap
from analysis.figures.twofold import NARROW, Sign, Twofold, Words, twofold

NAMES = 150.0
STEP = 14.0
CELL = 4 * STEP
DOT = 7.0
TITLES = {CARE: "What is known of care, and where nothing is"}
TITLES[PROFESSION] = "What is known of professional life, and where nothing is"
WHOLE = "What is known, and where nothing is"


def gap_map(shown: GapMap, parts: Sequence[str] = (CARE, PROFESSION)) -> Twofold:
    """Return the map of one or both `parts` (keys of `gap_cells.ROWS`)."""
    title = TITLES[parts[0]] if len(parts) == 1 else WHOLE
    told = Words(
        name_for("gaps", "-".join(parts)),
        title,
        words.alt(shown, parts),
        words.caption(shown),
        words.table(GapMap(tuple(c for c in shown.cells if c.part in parts), 0)),
    )
    return twofold(lambda wide: _map(shown, parts, wide), told)


def _map(shown: GapMap, parts: Sequence[str], wide: float) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    y = 0.0
    for part in parts:
        drawn, y = _part(shown, part, wide, y)
        marks += drawn
    return marks, y


def _part(shown: GapMap, part: str, wide: float, y: float) -> tuple[list[Mark], float]:
    """Return one part's heading, columns and rows, the names beside the cells if there is room."""
    beside = wide > NARROW
    left = NAMES if beside else 0.0
    each = (wide - left) / len(COLUMNS[part])
    marks: list[Mark] = [Text(0, y + look.ROW / 2, part, bold=True)]
    y += look.ROW
    heads = [wrap(column, each - look.PAD, look.SMALL, bold=True) for column in COLUMNS[part]]
    tall = max(map(len, heads)) * look.LEADING
    for at, head in enumerate(heads):
        middle = (left + (at + 0.5) * each, y + tall / 2)
        marks += lines_of_text(*middle, head, align="center", size=look.SMALL, bold=True)
    y += tall + 4
    for name in ROWS[part].values():
        marks.append(Line((0, wide), (y, y), look.HAIR))
        if beside:
            block = wrap(name, NAMES - look.PAD, look.SMALL)
            marks += lines_of_text(0, y + 4 + CELL / 2, block, size=look.SMALL)
        else:
            marks.append(Text(0, y + 11, name, size=look.SMALL, bold=True))
            y += look.LEADING + 2
        cells = [cell for cell in shown.cells if (cell.part, cell.row) == (part, name)]
        for at, cell in enumerate(cells):
            marks += _cell(cell, left + at * each, y + 4, each)
        y += CELL + 8
    return marks, y + look.PAD


def _cell(cell: Cell, x: float, y: float, wide: float) -> list[Mark]:
    """Return a cell's tint, counts, circles and level; a gap is named and left untinted."""
    middle = x + wide / 2
    if not cell.studies:
        where = (middle, y + CELL / 2)
        return [Text(*where, NOTHING, "center", look.SMALL, look.SOFT)]
    marks: list[Mark] = [Band(y, y + CELL, x + 1.5, x + wide - 1.5)]
    studies = f"{cell.studies} {'study' if cell.studies == 1 else 'studies'}"
    noun = "figure" if cell.part == CARE else "finding"
    figures = f"{cell.figures} {noun}{'' if cell.figures == 1 else 's'}"
    lines = [y + 9 + at * (STEP - 1) for at in range(4)]
    marks.append(Text(middle, lines[0], studies, "center", look.SMALL, to=cell.to))
    marks.append(Text(middle, lines[1], figures, "center", look.SMALL, look.SOFT))
    if cell.answers:
        places = [middle + (at - 1.5) * (DOT + 4) for at in range(4)]
        marks += [
            Sign(place, lines[2], "circle", at >= cell.circles, DOT)
            for at, place in enumerate(places)
        ]
    judged = lines[3] if cell.answers else (lines[2] + lines[3]) / 2
    return [*marks, Text(middle, judged, cell.judged, "center", look.SMALL)]
