"""What a series chart says in words: order, caption, alt text and data table, by rule."""

import pandas as pd

from analysis.findings.finding import Finding, Point
from analysis.numbers import decimals, interval, number

NO_VALUE = "no value"


def categories(finding: Finding) -> list[str]:
    """Return the x values in order: by name where all begin with a year, else as they come."""
    found = list(dict.fromkeys(point.x for point in finding.points))
    return sorted(found) if all(x[:4].isdigit() for x in found) else found


def lines_of(finding: Finding) -> dict[str, list[Point]]:
    """Return each series' points in order of x; the focus first, then the comparator."""
    order = {x: place for place, x in enumerate(categories(finding))}
    found: dict[str, list[Point]] = {}
    for point in sorted(finding.points, key=lambda point: order[point.x]):
        found.setdefault(point.series, []).append(point)
    rank = {finding.focus: 0, finding.comparator: 1}
    return dict(sorted(found.items(), key=lambda item: rank.get(item[0], 2)))


def digits_of(finding: Finding) -> int:
    """Return the decimals of every value on the chart."""
    return decimals(*(point.value for point in finding.points))


def breaks(finding: Finding) -> list[str]:
    """Return the x values that a caution or a named value of the finding calls a break."""
    said = [words for words in (*finding.cautions, *finding.values) if "break" in words.lower()]
    return [x for x in categories(finding) if any(x in words for words in said)]


def alt(finding: Finding) -> str:
    """Return the chart's point in words: where each line starts and ends, and how far apart."""
    first, last = categories(finding)[0], categories(finding)[-1]
    paths = [_path(name, points, finding) for name, points in lines_of(finding).items()]
    sentences = [
        f"Line chart, {first} to {last}: {finding.title.rstrip('.')}.",
        f"{_measured(finding)}: {'; '.join(paths)}.",
        *_distance(finding),
        *(f"The series breaks at {x}." for x in breaks(finding)),
    ]
    return " ".join(sentences)


def caption(finding: Finding, foot: float = 0.0) -> str:
    """Return how to read the chart whose value axis begins at `foot`."""
    said = [f"{_measured(finding)}; values stand at both ends of each line."]
    if foot > 0:
        said.append(f"The axis begins at {number(foot, digits=0)}, not at zero.")
    if any(point.low is not None for point in finding.points):
        said.append(f"Upright bars: intervals of {finding.focus}.")
    if breaks(finding):
        said.append("Dotted upright: a break in the series.")
    return " ".join(said)


def table(finding: Finding) -> pd.DataFrame:
    """Return one row an x value, one column a series."""
    lines = lines_of(finding)
    values = {(p.series, p.x): _written(p, digits_of(finding)) for p in finding.points}
    rows = [
        {finding.x_label or "Time": x, **{name: values.get((name, x), NO_VALUE) for name in lines}}
        for x in categories(finding)
    ]
    return pd.DataFrame(rows)


def _measured(finding: Finding) -> str:
    """Return what the y axis counts, as the start of a sentence."""
    label = finding.y_label or finding.unit
    return label[:1].upper() + label[1:]


def _written(point: Point, digits: int) -> str:
    value = number(point.value, digits)
    if point.low is None or point.high is None:
        return value
    return f"{value} ({interval(point.low, point.high, digits)})"


def _path(name: str, points: list[Point], finding: Finding) -> str:
    digits = digits_of(finding)
    first, last = points[0], points[-1]
    least, most = (pick(points, key=lambda p: p.value) for pick in (min, max))
    words = f"{name} {number(first.value, digits)} in {first.x}"
    if first is last:
        return words
    for point, which in ((least, "lowest"), (most, "highest")):
        if point.value not in (first.value, last.value):
            words += f", {which} {number(point.value, digits)} in {point.x}"
    return f"{words}, {number(last.value, digits)} in {last.x}"


def _distance(finding: Finding) -> list[str]:
    """How far the focus stood from its comparator at the first and last x both have."""
    values = {(p.series, p.x): p.value for p in finding.points}
    pair = (finding.focus, finding.comparator)
    shared = [x for x in categories(finding) if all((name, x) in values for name in pair)]
    if not shared:
        return []
    said = []
    for x in dict.fromkeys((shared[0], shared[-1])):
        gap = values[pair[0], x] - values[pair[1], x]
        way = "above" if gap > 0 else "below"
        said.append(f"{number(abs(gap), digits_of(finding))} {way} {pair[1]} in {x}")
    return [f"{pair[0]} stood {' and '.join(said)}."]
