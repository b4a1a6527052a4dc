"""The contour-enhanced funnel plot: estimates against their precision."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from analysis.figures import funnel_words as words
from analysis.figures import look
from analysis.figures.drawing import Mark, draw
from analysis.figures.figure import name_for
from analysis.figures.frame import Line, Text
from analysis.figures.funnel_words import Labels
from analysis.figures.marks import Dot, NullLine, SummaryLine
from analysis.figures.plane import TOP, Area, Plane, Slope
from analysis.figures.svg import canvas, inline
from analysis.figures.twofold import NARROW, Twofold, Words, grows, narrowly, twice
from analysis.findings.finding import Finding

if TYPE_CHECKING:
    from analysis.synthesis import Funnel

Back = Callable[[float], float]
# Dashes of the contours from the outermost p-value inward, so that grey tells them apart.
DASHES = ((1.0, 2.0), (4.0, 2.0), None)
MARGIN = 1.08
# Room for one contour in the key, and the length of its sample, in px.
KEY, SAMPLE = 84.0, 26.0


def funnel(finding: Finding, *, egger: bool = False, force: bool = False) -> Twofold:
    """Return the funnel plot of a finding's figures that have a confidence interval.

    With `egger` the regression line of Egger's test is drawn and its p-value told; with `force`
    fewer than 10 figures are drawn too.

    Raises:
        ProblemsFound: fewer than 10 figures have an interval (3 with `force`).
    """
    from analysis.synthesis import from_interval
    from analysis.synthesis import funnel as content

    rows = [row for row in finding.rows if row.ci_low is not None and row.ci_high is not None]
    labels = [f"{row.label}, {row.indicator}" if row.indicator else row.label for row in rows]
    printed = zip(*((row.estimate, row.ci_low, row.ci_high) for row in rows), strict=True)
    columns: list[tuple[Any, ...]] = [*printed] or [(), (), ()]
    scale = "log" if finding.log_scale else "identity"
    read = from_interval(*columns, scale=scale, labels=labels, file=finding.id)
    found = content(
        read.yi,
        read.vi,
        null=math.log(finding.null) if finding.log_scale else finding.null,
        egger="lm" if egger else None,
        force=force,
        labels=labels,
        file=finding.id,
    )
    labelled = Labels(
        name_for("funnel", finding.id), finding.title, finding.unit, finding.log_scale
    )
    return draw_funnel(found, labelled)


def draw_funnel(content: "Funnel", labels: Labels) -> Twofold:
    """Return the plot of a `synthesis.Funnel`, on the analysis scale or back from logarithms."""
    plane = _plane(content, labels.log_scale)
    alt, caption = words.alt(content, labels), words.caption(content)
    title = f"Funnel plot: {labels.title}"
    told = Words(labels.name, title, alt, caption, words.table(content, labels))

    def drawn(plane: Plane, name: str) -> str:
        with canvas(plane.wide, plane.height, name) as paper:
            draw(_marks(content, labels, plane), plane.axes(paper))
            return inline(paper, name, labels.title, alt, grows=grows(plane.wide))

    narrow = plane.narrow(NARROW)
    return twice(drawn(plane, labels.name), told, lambda: drawn(narrow, narrowly(labels.name)))


def _plane(content: "Funnel", log: bool) -> Plane:
    """Return the plane: every point, and the 5% contour at the foot, within it."""
    foot = MARGIN * max(point.se for point in content.points)
    effects = [point.effect for point in content.points]
    reach = _z(min(content.contours, default=0.05, key=lambda p: abs(p - 0.05))) * foot
    low = min([*effects, content.null - reach])
    high = max([*effects, content.null + reach])
    room = 0.04 * (high - low)
    low, high = low - room, high + room
    return Plane((math.exp(low), math.exp(high)) if log else (low, high), 0.0, foot, log)


def _z(p: float) -> float:
    from analysis.synthesis.quantiles import critical

    return critical(1 - p)


def _marks(content: "Funnel", labels: Labels, plane: Plane) -> list[Mark]:
    to = math.exp if labels.log_scale else float
    marks: list[Mark] = [*_cone(content, plane, to)]
    unit = f"{labels.unit} (log scale)" if labels.log_scale else labels.unit
    marks += plane.frame(unit, "Standard error" + (" of the logarithm" if labels.log_scale else ""))
    marks += _contours(content, plane, to)
    marks.append(NullLine(to(content.null), ((plane.above, plane.below),)))
    marks.append(SummaryLine(to(content.centre), ((plane.above, plane.below),)))
    marks += _regression(content, plane, to)
    marks += [Dot(to(point.effect), plane.down(point.se)) for point in content.points]
    return marks


def _regression(content: "Funnel", plane: Plane, to: Back) -> list[Mark]:
    """Return Egger's line, as far as it lies within the plot."""
    if content.egger is None:
        return []
    limit, slope = content.egger.limit, content.egger.slope
    back = math.log if plane.log else float
    ends = [0.0, plane.bottom]
    if slope:
        edges = sorted((back(edge) - limit) / slope for edge in plane.x)
        ends = [min(max(se, edges[0]), edges[1]) for se in ends]
    start, end = ((to(limit + slope * se), plane.down(se)) for se in ends)
    return [Slope(start, end, look.SUMMARY, look.LINE, kind="egger")]


def _ends(content: "Funnel", plane: Plane, p: float, to: Back) -> list[tuple[float, float]]:
    """Return where both sides of a contour leave the plot, values across and px down."""
    back = math.log if plane.log else float
    left, right = map(back, plane.x)
    found = []
    for edge, way in ((left, -1), (right, 1)):
        se = min(plane.bottom, abs(edge - content.null) / _z(p))
        found.append((to(content.null + way * _z(p) * se), plane.down(se)))
    return found


def _cone(content: "Funnel", plane: Plane, to: Back) -> list[Mark]:
    """Return the tint behind results that are not significant by the outermost contour."""
    if not content.contours:
        return []
    (left, left_y), (right, right_y) = _ends(content, plane, content.contours[0], to)
    foot = ((right, right_y), (right, plane.below), (left, plane.below), (left, left_y))
    return [Area(((to(content.null), plane.above), *foot))]


def _contours(content: "Funnel", plane: Plane, to: Back) -> list[Mark]:
    """Return the contours, and a sample of each with its p-value above the plot."""
    marks: list[Mark] = []
    x, y = plane.right - KEY * len(content.contours), plane.above - TOP / 2
    for at, p in enumerate(content.contours):
        dash = DASHES[at % len(DASHES)]
        for end in _ends(content, plane, p, to):
            marks.append(Slope((to(content.null), plane.above), end, dash=dash, kind="contour"))
        sample = (x + at * KEY, x + at * KEY + SAMPLE)
        marks.append(Line(sample, (y, y), look.RULE, dash=dash))
        key = Text(sample[1] + 5, y, f"p = {p:g}", size=look.SMALL, colour=look.SOFT)
        marks.append(key)
    return marks
