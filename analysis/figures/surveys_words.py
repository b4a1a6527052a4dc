"""What is said of survey answers over the years: alt text, caption and table."""

from collections.abc import Mapping

import pandas as pd

from analysis.figures.survey_waves import Survey, Wave
from analysis.numbers import interval, number

NOT_SEEN = "not seen"


def alt(shown: Survey) -> str:
    """Return the figure's point in words: every value, and where the line breaks."""
    values = ", ".join(f"{wave.label} {written(wave, shown)}" for wave in shown.waves)
    broken = "".join(f" {found.told}." for found in shown.breaks)
    notes = "".join(f" {note}." for note in shown.notes)
    return f"{shown.measure.title}: {values}. {shown.measure.axis}.{broken}{notes}"


def caption(shown: list[Survey]) -> str:
    """Return how to read the figure, and what it lacks."""
    waves = [wave for one in shown for wave in one.waves]
    without = sum(wave.low is None for wave in waves)
    parts = ["The value axis is cut, so a change looks larger than on the whole scale."]
    if any(one.breaks for one in shown):
        parts.append(
            "Values are joined only where the same question was put to a sample named alike."
        )
    if any(wave.ours for wave in waves):
        parts.append("Open signs are worked out from a printed change, whose interval is drawn.")
    if without:
        parts.append(f"{without} of {len(waves)} values were seen without an interval or spread.")
    return " ".join(parts)


def table(shown: list[Survey], labels: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a value."""
    return pd.DataFrame(
        [
            {
                "Asked": wave.label,
                "Question": wave.asked,
                "Of whom": wave.group,
                "Answers": NOT_SEEN if wave.n is None else number(wave.n, 0),
                "Value": written(wave, one),
                "Interval": _interval(wave, one),
                "How known": "worked out from a printed change" if wave.ours else "as printed",
                "Note": wave.note,
                "Source": labels.get(wave.study_id, wave.study_id),
            }
            for one in shown
            for wave in one.waves
        ]
    )


def written(wave: Wave, shown: Survey) -> str:
    """Return a value as text, with no more decimals than were printed: 4.5 stays 4.5."""
    return f"{round(wave.value, shown.measure.digits):g}"


def _interval(wave: Wave, shown: Survey) -> str:
    if wave.low is None or wave.high is None:
        return NOT_SEEN
    return interval(wave.low, wave.high, shown.measure.digits)
