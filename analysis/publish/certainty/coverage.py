"""What the simulation found, as the appendix shows it: tables, and sentences read off them."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

import pandas as pd

from analysis.publish.tables.listings import as_listed

NOMINAL = 0.95


@dataclass(frozen=True, slots=True)
class Wording:
    """How a design is spoken of: its title, what its conditions are called, and its intervals."""

    title: str
    conditions: Mapping[str, str]
    held: str


# (design, target) -> wording; `conditions` are columns of the table -> headings.
WORDINGS: Mapping[tuple[str, str], Wording] = MappingProxyType(
    {
        ("pooled", "mean"): Wording(
            "Intervals of a pooled mean",
            {"balance": "Sizes", "size": "Studies", "strength": "tau² by typical variance"},
            "the true mean",
        ),
        ("pooled", "new study"): Wording(
            "Prediction intervals",
            {"balance": "Sizes", "size": "Studies", "strength": "tau² by typical variance"},
            "the true effect of a new study",
        ),
        ("series", "level"): Wording(
            "Change in level of an interrupted series",
            {"size": "Points", "strength": "Autocorrelation"},
            "the true change in level",
        ),
        ("series", "slope"): Wording(
            "Change in slope of an interrupted series",
            {"size": "Points", "strength": "Autocorrelation"},
            "the true change in slope",
        ),
        ("nested", "mean"): Wording(
            "Intervals where effects come from few studies",
            {
                "balance": "Effects a study",
                "size": "Studies",
                "strength": "Share of variance between studies",
            },
            "the true mean",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A table with the sentences that say what it shows, for a page."""

    title: str
    sentences: tuple[str, ...]
    table: pd.DataFrame

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Show it as HTML in a notebook, and as text where there is no HTML."""
        said = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.sentences)
        html = f"<ul>{said}</ul>{as_listed(self.table, self.title).html}"
        return {"text/html": html, "text/plain": " ".join(self.sentences)}


def coverage(table: pd.DataFrame, design: str, target: str) -> Shown:
    """Return the coverage of one kind of interval under every condition.

    Args:
        table: `data/coverage.csv`.
        design: "pooled", "series" or "nested".
        target: what the interval is of; with `design`, a key of `WORDINGS`.
    """
    wording = WORDINGS[design, target]
    rows = table[(table["design"] == design) & (table["target"] == target)]
    sentences = tuple(_said(name, some, wording) for name, some in _by_method(rows))
    title = f"{wording.title}: coverage in percent, and mean width"
    return Shown(title, (*sentences, _error(rows)), _wide(rows, wording))


def _by_method(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return list(rows.groupby("method", sort=False))


def _said(method: str, rows: pd.DataFrame, wording: Wording) -> str:
    """Return how often the intervals of one method held the truth, and where least."""
    least, most = rows.loc[rows["coverage"].idxmin()], rows["coverage"].max()
    where = "; ".join(
        f"{head.lower()}: {_plain(least[c])}" for c, head in wording.conditions.items()
    )
    return (
        f"{method[0].upper()}{method[1:]}: the interval held {wording.held} in "
        f"{_percent(least['coverage'])}% ({where}) to {_percent(most)}% of the sets; "
        f"in {_near(rows)} of {len(rows)} conditions this is {_percent(NOMINAL)}% to within three "
        "Monte Carlo errors."
    )


def _near(rows: pd.DataFrame) -> int:
    """Count the conditions whose coverage chance alone explains, were it exactly nominal."""
    error = (NOMINAL * (1 - NOMINAL) / rows["sets"]) ** 0.5
    return int(((rows["coverage"] - NOMINAL).abs() <= 3 * error).sum())


def _error(rows: pd.DataFrame) -> str:
    """Return how sure the shares are, and how many sets they come from."""
    sets = sorted({f"{one:,}" for one in rows["sets"]}, key=lambda text: -len(text))
    largest = 100 * rows["coverage_mcse"].max()
    unfinished = 100 * (1 - rows["converged"].min())
    said = f"Each condition has {' or '.join(sets)} sets, by method; the Monte Carlo error of a "
    said += f"share is at most {largest:.1f} percentage points."
    if unfinished:
        said += f" At most {unfinished:.2f}% of the fits of a condition did not converge."
    return said


def _wide(rows: pd.DataFrame, wording: Wording) -> pd.DataFrame:
    """Return one row a condition and one column a method."""
    cells = rows.assign(
        **{name: rows[name].map(_plain) for name in wording.conditions},
        shown=[
            f"{_percent(c)} ({w:.2f})" for c, w in zip(rows["coverage"], rows["width"], strict=True)
        ],
    )
    methods = list(dict.fromkeys(rows["method"]))
    wide = cells.pivot_table(
        index=list(wording.conditions),
        columns="method",
        values="shown",
        aggfunc="first",
        sort=False,
    )
    return wide[methods].reset_index().rename(columns=dict(wording.conditions))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g}"
