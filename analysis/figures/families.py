"""The map of sample families: a band a family with its papers, and a dot each for the others."""

from dataclasses import replace

from analysis.figures import families_words as words
from analysis.figures import look
from analysis.figures.drawing import Mark
from analysis.figures.family_groups import SIGNS, Families, Family, Paper
from analysis.figures.frame import Band, Line, Text, lines_of_text
from analysis.figures.measure import width, wrap
from analysis.figures.most import heaviest, told
from analysis.figures.twofold import Sign, Twofold, Words, legend, twofold

NAMES = 190.0
# A paper's name and number need so much room; as many columns stand side by side as fit.
ITEM = 176.0
LINE = 18.0
GAP = 6.0
DOT = 9.0
SIGN_ROOM = 14.0
UNDATED_ROOM = 72.0


def families(shown: Families) -> Twofold:
    """Return the map of `shown`."""
    drawn = replace(shown, shared=heaviest(shown.shared, lambda family: len(family.papers)))
    caption = words.caption(shown) + told(
        len(drawn.shared), len(shown.shared), "shared families", "with most papers"
    )
    said = Words(shown.name, shown.title, words.alt(shown), caption, words.table(shown))
    return twofold(lambda wide: _map(drawn, wide), said)


def _map(shown: Families, wide: float) -> tuple[list[Mark], float]:
    signs = dict(zip(shown.kinds, SIGNS, strict=True))
    keys = [(*sign, kind) for kind, sign in signs.items()]
    marks, y = legend(keys, wide, look.ROW / 2)
    for family in shown.shared:
        drawn, y = _band(family, signs, wide, y + GAP)
        marks += drawn
    drawn, y = _alone(shown, signs, wide, y + look.ROW)
    return [*marks, *drawn], y


def _band(
    family: Family, signs: dict[str, tuple[str, bool]], wide: float, y: float
) -> tuple[list[Mark], float]:
    """Return a family's band from `y` down, its name left of its papers or, if narrow, above."""
    beside = wide > NAMES + 2 * ITEM
    room = NAMES - look.PAD if beside else wide - look.PAD
    name = wrap(family.name, room - look.PAD, bold=True)
    left = NAMES if beside else look.PAD
    columns = int((wide - left) / ITEM)
    rows = -(-len(family.papers) // columns)
    top = y + GAP + (0 if beside else len(name) * look.LEADING)
    bottom = max(top + rows * LINE, y + GAP + len(name) * look.LEADING) + GAP
    marks: list[Mark] = [Band(y, bottom, 0, wide)]
    middle = y + GAP + (len(name) - 1) / 2 * look.LEADING + LINE / 2 - 1
    marks += lines_of_text(look.PAD, middle, name, bold=True)
    each = (wide - left) / columns
    for at, paper in enumerate(family.papers):
        x = left + at % columns * each
        marks += _item(paper, signs[paper.kind], x, top + (at // columns + 0.5) * LINE, each)
    return marks, bottom


def _item(paper: Paper, sign: tuple[str, bool], x: float, y: float, room: float) -> list[Mark]:
    """Return a paper's sign, and its name with how many rows it gives, which leads to them."""
    count = f" ({paper.rows})" if paper.rows else ""
    left = room - SIGN_ROOM - width(count, look.SMALL) - look.PAD
    (text,) = wrap(paper.label, left, look.SMALL, most=1)
    name = Text(x + SIGN_ROOM, y, text + count, size=look.SMALL, to=paper.to)
    return [Sign(x + 5, y, *sign), name]


def _alone(
    shown: Families, signs: dict[str, tuple[str, bool]], wide: float, y: float
) -> tuple[list[Mark], float]:
    """Return a column of signs a year for the papers that stand alone."""
    dated = [paper for paper in shown.alone if paper.year]
    undated = [paper for paper in shown.alone if not paper.year]
    first, last = min(p.year or 0 for p in dated), max(p.year or 0 for p in dated)
    places = [*range(first, last + 1), None]
    step = wide / len(places)
    most = max(sum(p.year == year for p in shown.alone) for year in places)
    base = y + look.ROW + most * DOT
    heading = f"{len(shown.alone)} papers that stand alone, by year"
    marks: list[Mark] = [Text(look.PAD, y, heading, bold=True)]
    marks.append(Line((0, wide), (base + 2, base + 2)))
    for at, year in enumerate(places):
        x = (at + 0.5) * step
        mine = undated if year is None else [p for p in dated if p.year == year]
        mine = sorted(mine, key=lambda paper: shown.kinds.index(paper.kind))
        for up, paper in enumerate(mine):
            marks.append(Sign(x, base - (up + 0.5) * DOT, *signs[paper.kind], size=DOT - 2))
        if year is not None and year % 5 == 0 and x < wide - UNDATED_ROOM:
            marks.append(Text(x, base + 14, str(year), "center", look.SMALL, look.SOFT))
    if undated:
        marks.append(Text(wide, base + 14, words.UNDATED, "right", look.SMALL, look.SOFT))
    return marks, base + look.ROW + 2
