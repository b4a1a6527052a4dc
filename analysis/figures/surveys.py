"""Survey answers over the years: joined where they compare, parted where they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.figures import look
from analysis.figures import surveys_words as words
from analysis.figures.drawing import Mark
from analysis.figures.figure import name_for
from analysis.figures.frame import Line, Text, lines_of_text
from analysis.figures.measure import wrap
from analysis.figures.scale import tick_labels, ticks
from analysis.figures.survey_waves import Survey, Wave
from analysis.figures.twofold import Sign, Twofold, Words, twofold

LEFT, EDGE = 40.0, 20.0
HEAD, FOOT = 62.0, 34.0
# How tall a panel is, alone or with others under it.
ALONE, AMONG = 200.0, 110.0
# Room above and below the values, in px: a value's text must fit.
MARGIN = 26.0
LEAST_YEAR_ROOM = 44.0
SIGN = look.POINT + 2
CLEAR = 16.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Which px a time (across) and a value (down from `top`) stand at, `wide` by `tall` px."""

    wide: float
    top: float
    first: int
    last: int
    low: float
    high: float
    tall: float

    def x(self, when: float) -> float:
        """Return the px from the left."""
        left, right = LEFT + EDGE, self.wide - EDGE
        return left + (when - self.first) / (self.last - self.first) * (right - left)

    def y(self, value: float) -> float:
        """Return the px from the top."""
        return self.foot - (value - self.low) / (self.high - self.low) * self.tall

    @property
    def foot(self) -> float:
        """Where the year axis stands, px from the top."""
        return self.top + HEAD + self.tall


def surveys(shown: Sequence[Survey], labels: Mapping[str, str]) -> Twofold:
    """Return one panel a question, under each other on the same years.

    `labels` name the sources in the data table.
    """
    title = "; ".join(one.measure.title for one in shown)
    told = Words(
        name_for("survey", "-".join(one.series for one in shown)),
        title,
        " ".join(map(words.alt, shown)),
        words.caption(list(shown)),
        words.table(list(shown), labels),
    )
    return twofold(lambda wide: _panels(shown, wide), told)


def _panels(shown: Sequence[Survey], wide: float) -> tuple[list[Mark], float]:
    waves = [wave for one in shown for wave in one.waves]
    span = int(min(w.when for w in waves)), int(max(w.when for w in waves)) + 1
    marks: list[Mark] = []
    y = 0.0
    for one in shown:
        scale = _scale(one, wide, y, span, ALONE if len(shown) == 1 else AMONG)
        notes, y = _notes(one, wide, scale.foot + FOOT)
        marks += [*_ground(one, scale), *_line(one, scale), *notes]
    return marks, y


def _scale(shown: Survey, wide: float, top: float, span: tuple[int, int], tall: float) -> Scale:
    ends = [wave.low for wave in shown.waves] + [wave.high for wave in shown.waves]
    values = [wave.value for wave in shown.waves] + [end for end in ends if end is not None]
    room = MARGIN / (tall - 2 * MARGIN) * ((max(values) - min(values)) or 1.0)
    return Scale(wide, top, *span, min(values) - room, max(values) + room, tall)


def _ground(shown: Survey, scale: Scale) -> list[Mark]:
    """What stands behind the line: the axes, the start of QOF, and the breaks."""
    head = wrap(shown.measure.axis, scale.wide, look.SMALL)
    marks: list[Mark] = []
    for at, line in enumerate(head):
        y = scale.top + look.PAD + at * look.LEADING
        marks.append(Text(0, y, line, size=look.SMALL, colour=look.SOFT))
    levels = ticks(scale.low, scale.high)
    for level, label in zip(levels, tick_labels(levels), strict=True):
        y = scale.y(level)
        marks.append(Line((LEFT, scale.wide), (y, y), look.HAIR))
        marks.append(Text(LEFT - look.PAD, y, label, "right", look.SMALL, look.SOFT))
    marks += [*_years(scale), *_start(shown, scale)]
    for found in shown.breaks:
        x = scale.x(found.when)
        ends = (scale.top + HEAD, scale.foot)
        marks.append(Line((x, x), ends, look.RULE, dash=look.DASH, kind="break"))
        marks.append(Text(x, ends[0] - look.PAD, str(found.mark), "center", look.SMALL, bold=True))
    return marks


def _years(scale: Scale) -> list[Mark]:
    apart = scale.x(scale.first + 1) - scale.x(scale.first)
    step = next(n for n in (1, 2, 5, 10, 20) if n * apart >= LEAST_YEAR_ROOM or n == 20)
    marks: list[Mark] = [Line((LEFT, scale.wide), (scale.foot, scale.foot))]
    for year in range(-(-scale.first // step) * step, scale.last + 1, step):
        x = scale.x(year)
        marks.append(Line((x, x), (scale.foot, scale.foot + 4)))
        marks.append(Text(x, scale.foot + 14, str(year), "center", look.SMALL, look.SOFT))
    return marks


def _start(shown: Survey, scale: Scale) -> list[Mark]:
    """The day QOF began, where the years shown hold it."""
    if not scale.first <= shown.began <= scale.last:
        return []
    x = scale.x(shown.began)
    top = scale.top + HEAD
    line = Line((x, x), (top - look.PAD * 2, scale.foot), look.SUMMARY, look.LINE, kind="start")
    return [line, Text(x, top - look.ROW, "QOF begins", "center", look.SMALL)]


def _line(shown: Survey, scale: Scale) -> list[Mark]:
    """The strokes, intervals, signs and printed values."""
    marks: list[Mark] = []
    for a, b in shown.joined():
        ends = (scale.x(a.when), scale.x(b.when)), (scale.y(a.value), scale.y(b.value))
        dash = look.DASH if b.ours else None
        marks.append(Line(*ends, look.FOCUS, look.LINE, dash, kind="stroke"))
    for wave in shown.waves:
        x, y = scale.x(wave.when), scale.y(wave.value)
        if wave.low is not None and wave.high is not None:
            down = (scale.y(wave.low), scale.y(wave.high))
            marks.append(Line((x, x), down, look.FOCUS, look.STRONG, kind="interval"))
        marks.append(Sign(x, y, "circle", wave.ours, SIGN))
        marks.append(_value(wave, shown, scale))
    return marks


def _value(wave: Wave, shown: Survey, scale: Scale) -> Text:
    """A wave's value, above its sign when it stands above its neighbours, else below.

    Just before the line of QOF's start it stands to the left, clear of that line.
    """
    x = scale.x(wave.when)
    if 0 <= scale.x(shown.began) - x < CLEAR:
        place = (x - SIGN, scale.y(wave.value))
        return Text(*place, words.written(wave, shown), "right", look.SMALL)
    at = shown.waves.index(wave)
    beside = [shown.waves[n].value for n in (at - 1, at + 1) if 0 <= n < len(shown.waves)]
    over = wave.value >= sum(beside) / len(beside) if beside else True
    y = scale.y(wave.value) + (-13 if over else 14)
    return Text(x, y, words.written(wave, shown), "center", look.SMALL)


def _notes(shown: Survey, wide: float, y: float) -> tuple[list[Mark], float]:
    """The breaks by number and the printed changes, in words under the panel."""
    marks: list[Mark] = []
    told = [(str(found.mark), f"{found.told}.") for found in shown.breaks]
    for mark, text in [*told, *(("", f"{note}.") for note in shown.notes)]:
        left = LEFT + (look.PAD * 1.5 if mark else 0)
        block = wrap(text, wide - left, look.SMALL)
        middle = y + (len(block) - 1) / 2 * look.LEADING
        marks.append(Text(LEFT, y, mark, "center", look.SMALL, bold=True))
        marks += lines_of_text(left, middle, block, size=look.SMALL)
        y += len(block) * look.LEADING + 4
    return marks, y + look.PAD
