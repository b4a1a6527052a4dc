"""A review counts its studies again: its figures stand apart from what is combined."""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.problems import Problem

TABLES = ("effects", "associations", "levels", "series")
APART = "other"
EXPECTED = f"{APART}: the source is a review, whose figures count its studies again"


def reviews_apart(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield a problem for each figure of a review in a phase whose figures are combined."""
    studies = frames.get("studies")
    if studies is None or not {"study_id", "design_class"} <= set(studies.columns):
        return
    reviews = studies.loc[studies["design_class"] == "review", "study_id"]
    for name in TABLES:
        frame = frames.get(name)
        if frame is None or not {"study_id", "phase"} <= set(frame.columns):
            continue
        # A blank phase is told by the schema.
        bad = frame["study_id"].isin(reviews) & ~frame["phase"].isin([APART, ""])
        for row, phase in frame.loc[bad, "phase"].items():
            yield Problem(files[name], EXPECTED, row, "phase", phase)
