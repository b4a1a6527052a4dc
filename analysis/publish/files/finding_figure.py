"""The one figure that shows a finding, where its kind has one."""

from collections.abc import Mapping

from analysis.figures.figure import Figure
from analysis.publish.prose.spoken import Spoken

# The figure that a kind of finding has; the others are asked for where it can be drawn.
DRAWN: Mapping[str, str] = {
    "pooled": "forest",
    "nested": "forest",
    "listed": "forest",
    "series": "series",
}


def has_figure(spoken: Spoken) -> bool:
    """Return whether a figure shows the finding."""
    return spoken.finding.kind in DRAWN


def figure_of(spoken: Spoken) -> Figure:
    """Return the figure that shows the finding.

    Raises:
        KeyError: none does; see `has_figure`.
    """
    figure: Figure = getattr(spoken, DRAWN[spoken.finding.kind])()
    return figure
