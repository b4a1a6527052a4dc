"""Answer a question from values over time: a focus, a comparator, and the gap between them."""

from collections.abc import Mapping
from typing import Any

from analysis.evidence.tables import Evidence
from analysis.findings.finding import Point
from analysis.findings.parts import fault, slug
from analysis.findings.questions import Question
from analysis.problems import nearest


def parts_from_series(question: Question, evidence: Evidence) -> dict[str, Any]:
    """Return the parts of a finding that a table of values over time gives.

    Raises:
        ProblemsFound: the table lacks a column or series that the question names.
    """
    frame = getattr(evidence, question.table, None)
    if frame is None:
        raise fault(question, "table", question.table, "a table of the evidence")
    for role in ("x", "value", "series"):
        column = getattr(question, role)
        if column not in frame.columns:
            raise fault(question, role, column, nearest(column, frame.columns))
    for column, wanted in question.where.items():
        if column not in frame.columns:
            raise fault(question, f"where.{column}", str(wanted), nearest(column, frame.columns))
        frame = frame[frame[column].isin(wanted)]
    points = tuple(
        Point(str(name), str(x), float(value))
        for name, x, value in zip(
            frame[question.series], frame[question.x], frame[question.value], strict=True
        )
    )
    for role in ("focus", "comparator"):
        names = {point.series for point in points}
        if getattr(question, role) not in names:
            raise fault(question, role, getattr(question, role), nearest("", names))
    return {
        "null": 0.0,
        "log_scale": False,
        "rows": (),
        "summary": None,
        "groups": (),
        "points": points,
        "values": _series_values(question, points),
    }


def _series_values(question: Question, points: tuple[Point, ...]) -> dict[str, float]:
    values = {f"{slug(p.series)}_{slug(p.x)}": p.value for p in points}
    gaps = _gaps(question, points)
    return values | {f"gap_{slug(x)}": gap for x, gap in gaps.items()}


def _gaps(question: Question, points: tuple[Point, ...]) -> Mapping[str, float]:
    by_series: dict[str, dict[str, float]] = {}
    for point in points:
        by_series.setdefault(point.series, {})[point.x] = point.value
    focus, others = by_series[question.focus], by_series[question.comparator]
    return {x: focus[x] - others[x] for x in focus if x in others}
