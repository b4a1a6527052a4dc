"""The specification curve: every analysis sorted by its estimate, with its choices below.

After Simonsohn, Simmons & Nelson 2020 (Specification curve analysis, Nature Human Behaviour): the
curve shows how far an estimate depends on what the analyst decided, the panel on which decisions.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.figures import look, scale
from analysis.figures import specification_words as words
from analysis.figures.drawing import Mark, put
from analysis.figures.estimated import Estimated
from analysis.figures.figure import name_for
from analysis.figures.frame import Glyph, Line, Text
from analysis.figures.look import Colour
from analysis.figures.measure import width, wrap
from analysis.figures.twofold import NARROW, Twofold, Words, twofold
from analysis.findings.robust_among import Specification
from analysis.findings.robust_choices import Choice
from analysis.findings.robustness import Robustness
from analysis.numbers import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 240
"""How many analyses are drawn at most: more would be finer than a screen's dots."""
LEFT, EDGE = 318.0, 4.0
# In a narrow drawing the choices stand above their marks, and only the scale before them.
NARROW_LEFT, NARROW_ROW, UNDER = 44.0, 31.0, 13.0
TOP, BOTTOM = 46.0, 266.0
ROW, GAP, TALL = 15.0, 9.0, 7.0
CHOICE_ROOM = 112.0

Stroke = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Strokes:
    """Many straight strokes as one shape, in px, so that hundreds stay light."""

    kind: str
    ends: tuple[Stroke, ...]
    colour: Colour = look.FOCUS
    width: float = look.THIN

    def draw(self, axes: "Axes") -> None:
        """Draw on `axes`, whose scales are px."""
        from analysis.figures.written import Written, px

        if not self.ends:
            return
        path = "".join(map(_stroke, self.ends))
        style = f"fill: none; stroke: {self.colour.light}; stroke-width: {px(self.width)}"
        put(axes, Written("path", {"d": path, "style": style}), self.kind)


def _stroke(ends: Stroke) -> str:
    """Write a stroke that runs straight down or across, as all of these do, in few letters."""
    (x, y), (to_x, to_y) = ((round(a, 2), round(b, 2)) for a, b in ends)
    return f"M{x:g} {y:g}" + (f"V{to_y:g}" if x == to_x else f"H{to_x:g}")


@dataclass(frozen=True, slots=True)
class Curve:
    """The analyses drawn, lowest first, and where values stand; `own` is the headline's place."""

    found: Robustness
    specs: tuple[Specification, ...]
    own: int
    low: float
    high: float
    wide: float = look.WIDTH
    left: float = LEFT

    @property
    def above(self) -> bool:
        """Whether words stand above the marks, for want of room before them."""
        return self.left < LEFT

    @property
    def right(self) -> float:
        """Where the plot ends, in px."""
        return self.wide - EDGE

    @property
    def step(self) -> float:
        """Px from one analysis to the next."""
        return (self.right - self.left) / len(self.specs)

    def excludes(self, spec: Specification) -> bool:
        """Return whether a whole interval lies on the headline's side of no effect."""
        return spec.result is not None and self.found.excludes(spec.result)

    def across(self, at: float) -> float:
        """Return the middle of an analysis's place, in px."""
        return self.left + (at + 0.5) * self.step

    def down(self, value: float) -> float:
        """Return where a value stands, in px from the top; values beyond stand on the edge."""
        to = math.log if self.found.log_scale else float
        part = (to(value) - to(self.low)) / (to(self.high) - to(self.low))
        return BOTTOM - min(max(part, 0.0), 1.0) * (BOTTOM - TOP)


def curve(found: Robustness) -> Twofold:
    """Return the specification curve of a finding that has a mean.

    Raises:
        ValueError: the finding is listed, or its headline has no estimate.
    """
    own = found.headline.result
    if not found.analyses or own is None or own.reason:
        raise ValueError(f"{found.id} is {found.kind}: no mean that choices could move")
    name, title = name_for("curve", found.id), f"Specification curve: {found.title}"
    content, alt = _content(found), words.alt(found)
    caption = words.caption(found, len(content.specs))
    told = Words(name, title, alt, caption, words.table(found))
    return twofold(lambda wide: _marks(_within(content, wide)), told)


def _within(content: Curve, wide: float) -> Curve:
    left = LEFT if wide > NARROW else NARROW_LEFT
    return replace(content, wide=wide, left=left)


def _marks(content: Curve) -> tuple[list[Mark], float]:
    rows, height = _rows(content)
    return [*_frame(content), *rows, *_estimates(content), *_headline(content)], height


def _content(found: Robustness) -> Curve:
    distinct = found.distinct().values()
    order = sorted(distinct, key=lambda spec: (Estimated.of(spec.result).estimate, *spec.at))
    own = next(at for at, spec in enumerate(order) if spec.at == found.headline.at)
    kept = sorted({*thinned(len(order)), own})
    specs = tuple(order[at] for at in kept)
    results = [Estimated.of(spec.result) for spec in specs]
    ends = [(one.ci_low, one.ci_high) for one in results]
    low, high = scale.limits([r.estimate for r in results], ends, found.null, found.log_scale)
    return Curve(found, specs, kept.index(own), low, high)


def thinned(n: int, most: int = MOST) -> tuple[int, ...]:
    """Return at most `most` of the places 0 to n - 1, rising, with the first and the last.

    One of each of `most` equal stretches, drawn with a fixed seed: every third of analyses that
    differ in three intervals would show one kind of interval alone.
    """
    if n <= most:
        return tuple(range(n))
    ends = [round(at * n / most) for at in range(most + 1)]
    drawn = random.Random(0)
    places = [drawn.randrange(low, high) for low, high in pairwise(ends)]
    return (0, *places[1:-1], n - 1)


def _frame(content: Curve) -> list[Mark]:
    """Return the scale of estimates, its name, and the line of no effect."""
    found = content.found
    ticks = scale.ticks(content.low, content.high, found.log_scale)
    unit = f"{found.unit} (log scale)" if found.log_scale else found.unit
    said = f"{unit}; thick grey line: no difference" if content.above else unit
    (short,) = wrap(said, content.right - content.left, look.SMALL, most=1)
    marks: list[Mark] = [Text(content.left, 12, short, size=look.SMALL, colour=look.SOFT)]
    ends = (content.left, content.right)
    for value, label in zip(ticks, scale.tick_labels(ticks, found.log_scale), strict=True):
        y = content.down(value)
        marks.append(Line(ends, (y, y), look.HAIR))
        marks.append(Text(content.left - 8, y, label, "right", look.SMALL, look.SOFT))
    null = content.down(found.null)
    marks.append(Line(ends, (null, null), look.RULE, 1.2, kind="null"))
    if not content.above:
        # Beside the scale, where no curve runs.
        beside = content.left - 50
        marks.append(Text(beside, null, "no difference", "right", look.SMALL, look.SOFT))
    return marks


def _estimates(content: Curve) -> list[Mark]:
    """Return the intervals, those that leave out no effect apart, and the estimates on them."""
    clear: list[Stroke] = []
    unclear: list[Stroke] = []
    points: list[Stroke] = []
    for at, spec in enumerate(content.specs):
        result, x = Estimated.of(spec.result), content.across(at)
        ends = ((x, content.down(result.ci_low)), (x, content.down(result.ci_high)))
        (clear if content.excludes(spec) else unclear).append(ends)
        half, y = 0.45 * content.step, content.down(result.estimate)
        points.append(((x - half, y), (x + half, y)))
    thick = min(look.LINE, 0.6 * content.step)
    return [
        Strokes("interval-open", tuple(unclear), look.RULE, thick),
        Strokes("interval", tuple(clear), look.FOCUS, thick),
        Strokes("estimate", tuple(points), look.INK, look.STRONG),
    ]


def _headline(content: Curve) -> list[Mark]:
    """Return the headline's mark with its word."""
    result = Estimated.of(content.specs[content.own].result)
    x, y = content.across(content.own), content.down(result.estimate)
    text = f"headline {number(result.estimate, words.digits(content.found))}"
    half = width(text, look.SMALL, bold=True) / 2
    middle = min(max(x, content.left + half), content.right - half)
    return [
        Line((x, x), (TOP - 8, y), look.SUMMARY, look.THIN),
        Glyph(x, y, "diamond", 13.0, look.SUMMARY),
        Text(middle, TOP - 16, text, "center", look.SMALL, look.SUMMARY, bold=True),
    ]


def _rows(content: Curve) -> tuple[list[Mark], float]:
    """Return the panel of choices, and where it ends."""
    marks: list[Mark] = []
    y = BOTTOM + 26.0
    room = content.wide if content.above else CHOICE_ROOM
    for choice in content.found.choices:
        marks.append(Line((0, content.right), (y - ROW / 2 - GAP / 2,) * 2, look.HAIR))
        lines = wrap(choice.label, room, look.SMALL, bold=True)
        for n, line in enumerate(lines):
            marks.append(Text(0, y + n * ROW, line, size=look.SMALL, bold=True))
        y += len(lines) * ROW if content.above else 0
        for code, label in choice.options.items():
            marks += _option(content, choice, code, label, y)
            y += NARROW_ROW if content.above else ROW
        y += GAP
    return marks, y


def _option(content: Curve, choice: Choice, code: str, label: str, y: float) -> list[Mark]:
    room = content.wide if content.above else content.left - 8 - CHOICE_ROOM - 4
    x, align = (0.0, "left") if content.above else (content.left - 8, "right")
    (short,) = wrap(label, room, look.SMALL, most=1)
    marks: list[Mark] = [Text(x, y, short, align, look.SMALL, look.SOFT)]
    y += UNDER if content.above else 0
    taken = [at for at, spec in enumerate(content.specs) if spec.choices[choice.name] == code]
    if not taken:
        said = _why_empty(content.found, choice, code)
        return [*marks, Text(content.left + 4, y, said, size=look.SMALL, colour=look.SOFT)]
    strokes = tuple(
        ((content.across(a) - 0.45 * content.step, y), (content.across(b) + 0.45 * content.step, y))
        for a, b in runs(taken)
    )
    marks.append(Strokes("chosen", strokes, look.FOCUS, TALL))
    if content.own in taken:
        marks.append(Glyph(content.across(content.own), y, "diamond", 10.0, look.SUMMARY))
    return marks


def _why_empty(found: Robustness, choice: Choice, code: str) -> str:
    if found.verdict(found.with_option(choice.name, code)).n == 0:
        return "not estimable: too little is left"
    return "the same rows as under another option"


def runs(places: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Yield the first and last of each run of neighbours in rising `places`."""
    start = before = places[0]
    for at in places[1:]:
        if at != before + 1:
            yield start, before
            start = at
        before = at
    yield start, before
