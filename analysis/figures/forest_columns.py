"""Where the words, marks and numbers of a forest plot stand: side by side, or under each other."""

from dataclasses import dataclass

from analysis.figures import forest_words as words
from analysis.figures import look
from analysis.figures.measure import width
from analysis.findings.finding import Finding

GAP = 16.0
STUDY_ROOM = 124.0
INDICATOR_ROOM = 206.0
NUMBERS_LEAST = 120.0
# Beside the marks of a narrow drawing: numbers of more width than leaves the marks this are broken.
MARKS_LEAST = 130.0
# Above the first line of words and under the marks of a row whose words stand above them.
EDGE = (look.ROW - look.LEADING) / 2
# Between those words and the lines across the marks.
CLEAR = 1.5
NUMBERS_HEAD = "Estimate (95% CI)"
WEIGHT_HEAD = "Weight"


@dataclass(frozen=True, slots=True)
class Middles:
    """The middles of a line's study, indicator and marks, and where it ends, in px from its top.

    `strip` is how far the null line reaches beside its marks, from and to; all of it if the words
    stand aside.
    """

    study: float
    indicator: float
    marks: float
    height: float
    strip: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns stand, in px; the plot lies between `left` and `right`.

    Numbers and weights are set flush right at theirs; without weights that column is `None`. The
    rooms are how wide each text may be; `silent_room` is for words that stand in place of numbers.
    """

    wide: float
    study_room: float
    indicator: float
    indicator_room: float
    label_room: float
    left: float
    right: float
    numbers: float
    numbers_room: float
    silent_room: float
    weight: float | None
    heads: tuple[tuple[float, str, str], ...]

    def middles(self, study: int, indicator: int, numbers: int) -> Middles:
        """Return where the parts of a line stand, of so many lines of text each."""
        height = look.ROW + (max(study, indicator, numbers) - 1) * look.LEADING
        return Middles(height / 2, height / 2, height / 2, height, (0, height))

    def sides(self, null: float) -> tuple[tuple[float, str, float], tuple[float, str, float]]:
        """Return where the words for either side of the null stand: x, alignment and room."""
        return (
            (null - look.PAD, "right", null - look.PAD),
            (null + look.PAD, "left", self.wide - null - look.PAD),
        )


@dataclass(frozen=True, slots=True)
class Stacked(Columns):
    """Columns of a narrow drawing: a row's words above its marks, each as wide as the paper."""

    def middles(self, study: int, indicator: int, numbers: int) -> Middles:
        """Return where the parts of a line stand, of so many lines of text each."""
        ends = [EDGE + lines * look.LEADING for lines in (0, study, study + indicator)]
        foot = ends[2] + numbers * look.LEADING
        strip = (ends[2] + CLEAR, foot + 2 * CLEAR) if numbers else (0.0, 0.0)
        return Middles(
            study=(ends[0] + ends[1]) / 2,
            indicator=(ends[1] + ends[2]) / 2,
            marks=(ends[2] + foot + 3 * CLEAR) / 2,
            height=foot + EDGE + (2 * CLEAR if numbers else 0),
            strip=strip,
        )

    def sides(self, null: float) -> tuple[tuple[float, str, float], tuple[float, str, float]]:
        """Return where the words for either side of the null stand: half of the paper each."""
        room = self.wide / 2 - look.PAD
        return (0.0, "left", room), (self.wide, "right", room)


def columns_for(finding: Finding) -> Columns:
    """Return columns side by side, each as wide as its text needs; the plot has what is left."""
    room = _numbers_room(finding)
    study = min(STUDY_ROOM, max(width(row.label) for row in finding.rows))
    named = min(INDICATOR_ROOM, max(width(words.told_apart(row, finding)) for row in finding.rows))
    weighted = any(row.weight is not None for row in finding.rows)
    last = look.WIDTH - (width(WEIGHT_HEAD, bold=True) + GAP if weighted else 0)
    indicator = study + GAP
    heads = [
        (0.0, "left", "Study"),
        (indicator, "left", "Indicator"),
        (last, "right", NUMBERS_HEAD),
    ]
    if weighted:
        heads.append((look.WIDTH, "right", WEIGHT_HEAD))
    return Columns(
        wide=look.WIDTH,
        study_room=study,
        indicator=indicator,
        indicator_room=named,
        label_room=study + GAP + named,
        left=indicator + named + GAP,
        right=last - room - GAP,
        numbers=last,
        numbers_room=room,
        silent_room=room,
        weight=look.WIDTH if weighted else None,
        heads=tuple(heads),
    )


def stacked_for(finding: Finding, wide: float) -> Columns:
    """Return the columns of a drawing `wide` px wide, too narrow for words beside the marks.

    It has no weights: the squares show them, and the data table tells them.
    """
    most = wide - look.PAD - MARKS_LEAST - GAP
    room = min(_numbers_room(finding), most)
    return Stacked(
        wide=wide,
        study_room=wide,
        indicator=0.0,
        indicator_room=wide,
        label_room=wide,
        left=look.PAD,
        right=wide - room - GAP,
        numbers=wide,
        numbers_room=room,
        silent_room=wide,
        weight=None,
        heads=((0.0, "left", "Study and indicator"), (wide, "right", NUMBERS_HEAD)),
    )


def _numbers_room(finding: Finding) -> float:
    """Return the width of the widest numbers, those of summaries in bold."""
    digits = words.digits_of(finding)
    numbers = [words.estimate(row, digits) for row in finding.rows if row.estimate is not None]
    summaries = [finding.summary, *(group.summary for group in finding.groups)]
    bold = [NUMBERS_HEAD, *(words.mean(s, digits) for s in summaries if s is not None)]
    return max(NUMBERS_LEAST, *map(width, numbers), *(width(text, bold=True) for text in bold))
