"""What is said of the map of gaps: alt text, caption and table."""

from collections.abc import Iterable

import pandas as pd

from analysis.figures.gap_cells import COLUMNS, GapMap


def alt(shown: GapMap, parts: Iterable[str]) -> str:
    """Return the map's point in words: how much is empty, and where."""
    sentences = []
    for part in parts:
        cells = [cell for cell in shown.cells if cell.part == part]
        empty = [cell for cell in cells if not cell.studies]
        judged = [cell for cell in cells if cell.answers]
        by_column = ", ".join(
            f"{column[0].lower()}{column[1:]} {sum(cell.column == column for cell in empty)}"
            for column in COLUMNS[part]
        )
        sentences.append(
            f"{part}: of {len(cells)} cells {len(empty)} hold no study and {len(judged)} an "
            f"answer with a level of certainty. Empty cells by phase of QOF: {by_column}."
        )
    return "Map of evidence and gaps, outcomes by phase. " + " ".join(sentences)


def caption(shown: GapMap) -> str:
    """Return how to read the map."""
    return (
        "How many studies and figures there are for each outcome in each phase of QOF, and how "
        "sure the answer is that rests on most of them: of four circles, as many are full. “Part”: "
        "answers rest on less than half the figures. “Not judged”: no answer rests on them. A "
        "count leads to the answer. Figures are changes and differences; levels and correlations "
        "across practices are not counted. For professional life findings of research are "
        f"counted, commentary is not. {shown.left_out} figures and findings belong to no phase. "
        "Many studies share practices."
    )


def table(shown: GapMap) -> pd.DataFrame:
    """Return one row a cell, gaps too."""
    return pd.DataFrame(
        [
            {
                "Outcome": cell.row,
                "Phase of QOF": cell.column,
                "Part": cell.part,
                "Studies": cell.studies,
                "Figures or findings": cell.figures,
                "Certainty": cell.judged or "gap: no study",
                "Answers": "; ".join(f"{title} ({level})" for title, level in cell.answers),
            }
            for cell in shown.cells
        ]
    )
