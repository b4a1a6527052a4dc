"""What the national series says: its values, where it breaks, alt text, caption and table."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.figures.figure import Link
from analysis.figures.scale import tick_labels
from analysis.problems import nearest

PRINTED = "quoted"
# How each basis is told; all but the printed are drawn open.
BASES = {
    PRINTED: "as printed",
    "computed": "our own sum",
    "derived": "worked out from two printed numbers",
}
NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of the table: its figure's title and what the value axis counts."""

    title: str
    axis: str


MEASURES = {
    "points_pct": Measure(
        "Points achieved in each nation, year by year", "Points achieved, % of the maximum"
    ),
    "exception_rate": Measure(
        "Exceptions in each nation, year by year", "Exception rate, % over the indicators counted"
    ),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value: `year` is the calendar year in which QOF year `label` begins.

    `counted` says what is counted, blank where that is not known.
    """

    nation: str
    year: int
    label: str
    value: float
    counted: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Break:
    """A year whose values do not continue the earlier ones, and why, by nation."""

    mark: int
    label: str
    reasons: tuple[tuple[str, str], ...]

    @property
    def year(self) -> int:
        """The calendar year in which the first QOF year after the break begins."""
        return int(self.label[:4])

    @property
    def told(self) -> str:
        """What changed, in words."""
        return f"{self.label}. " + ". ".join(f"{nation}: {why}" for nation, why in self.reasons)


@dataclass(frozen=True, slots=True)
class National:
    """One measure over the years: the rows as read, every value, and the breaks.

    `span` is the first and the last calendar year of the axis.
    """

    measure: Measure
    rows: pd.DataFrame
    values: tuple[Value, ...]
    breaks: tuple[Break, ...]
    span: tuple[int, int]

    def nations(self) -> list[str]:
        """Return the nations with a value, in the order of `NATIONS`."""
        return [nation for nation in NATIONS if any(v.nation == nation for v in self.values)]

    def line(self, nation: str) -> list[Value]:
        """Return one value a year, in order: our own sum where there is one, else the printed."""
        mine = [value for value in self.values if value.nation == nation]
        return list({v.year: v for v in sorted(mine, key=lambda v: (v.year, v.ours))}.values())

    def stretches(self, nation: str) -> list[list[Value]]:
        """Return the nation's line cut where it is not known to be counted as before.

        Years may be missing within a stretch.
        """
        cuts = {b.year for b in self.breaks if nation in dict(b.reasons)}
        found: list[list[Value]] = []
        for value in self.line(nation):
            before = found[-1][-1] if found else None
            if not before or value.counted != before.counted or value.year in cuts:
                found.append([])
            found[-1].append(value)
        return found


def national_of(table: pd.DataFrame, measure: str) -> National:
    """Return one measure of the table `national_series`.

    Raises:
        KeyError: the measure has no figure; the message lists those that have.
        ValueError: the table has no row of it.
    """
    if measure not in MEASURES:
        raise KeyError(f"no national series {measure!r}: {nearest(measure, MEASURES)}")
    rows = table[table["measure"] == measure].astype(object).fillna("")
    if rows.empty:
        raise ValueError(f"national_series: expected at least one row of the measure {measure!r}")
    rank = rows["country"].map(NATIONS.index)
    rows = rows.assign(rank=rank).sort_values(["rank", "year", "basis"], ascending=[1, 1, 0])
    values = tuple(
        Value(
            row.country,
            int(row.year[:4]),
            row.year,
            row.value,
            row.definition,
            row.basis != PRINTED,
        )
        for row in rows.itertuples(index=False)
    )
    # The same years on every measure's axis, so that figures can be laid side by side.
    span = int(table["year"].min()[:4]), int(table["year"].max()[:4])
    return National(MEASURES[measure], rows, values, tuple(_breaks(rows)), span)


def written(value: float) -> str:
    """Write a value with the decimals it has, neither more nor fewer."""
    return tick_labels((value,))[0]


def alt(shown: National) -> str:
    """Return the figure's point in words: each nation's values between breaks, and the breaks."""
    first, last = shown.rows["year"].min(), shown.rows["year"].max()
    told = "; ".join(f"{b.mark}, {b.told}" for b in shown.breaks)
    sentences = [
        f"Line chart, {first} to {last}: {shown.measure.axis}.",
        *(_path(nation, shown.stretches(nation)) for nation in shown.nations()),
        f"What changed at the numbered breaks: {told}." if told else "",
        _without(shown),
    ]
    return " ".join(filter(None, sentences))


def caption(shown: National, foot: float) -> str:
    """Return how to read the figure whose value axis begins at `foot`."""
    both = len({(v.nation, v.year) for v in shown.values}) < len(shown.values)
    ours = any(value.ours for value in shown.values)
    sentences = [
        "One line a nation, told by its sign and its dashes; it joins neighbouring years that are "
        "counted in one way.",
        "Filled signs: as printed. Open signs: our own sum or working." if ours else "",
        "Where a year has both, the line runs through the open sign." if both else "",
        "A numbered upright stands before the first value counted in another way: for the nation "
        "named below the plot, its two sides do not compare."
        if shown.breaks
        else "",
        f"The axis begins at {written(foot)}, not at zero." if foot > 0 else "",
        _without(shown),
    ]
    return " ".join(filter(None, sentences))


def table(shown: National) -> pd.DataFrame:
    """Return one row a point, with its source."""
    rows = shown.rows
    return pd.DataFrame(
        {
            "Nation": rows["country"],
            "Year": rows["year"],
            shown.measure.axis: [written(value) for value in rows["value"]],
            "Basis": rows["basis"].map(BASES),
            "What is counted": rows["definition"],
            "Break": rows["break_reason"],
            "Words of the source": rows["reported_as"],
            "Source": list(map(Link, rows["source_title"], rows["source_url"])),
            "Note": rows["notes"],
        }
    ).reset_index(drop=True)


def _breaks(rows: pd.DataFrame) -> Iterable[Break]:
    broken = rows[rows["break_reason"] != ""].drop_duplicates(["country", "year"])
    for mark, (label, group) in enumerate(broken.groupby("year"), start=1):
        reasons = zip(group["country"], group["break_reason"], strict=True)
        yield Break(mark, str(label), tuple(reasons))


def _path(nation: str, stretches: list[list[Value]]) -> str:
    apart = f", in {len(stretches)} stretches not to be compared" if len(stretches) > 1 else ""
    return f"{nation}{apart}: {'; '.join(map(_stretch, stretches))}."


def _stretch(values: list[Value]) -> str:
    first, last = values[0], values[-1]
    least, most = (pick(values, key=lambda v: v.value) for pick in (min, max))
    told = [_at(first)]
    for value, which in ((least, "lowest"), (most, "highest")):
        if value.value not in (first.value, last.value):
            told.append(f"{which} {_at(value)}")
    return ", ".join(told if first is last else [*told, _at(last)])


def _at(value: Value) -> str:
    return f"{written(value.value)} in {value.label}"


def _without(shown: National) -> str:
    missing = [nation for nation in NATIONS if nation not in shown.nations()]
    return f"No value of this measure was found for {' or '.join(missing)}." if missing else ""
