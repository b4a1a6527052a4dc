"""Extraction stubs: one row a new record, for a person to fill."""

from collections.abc import Mapping

from analysis.references import Record

FILE = "data/extraction_stubs.csv"
COLUMNS = (
    "study_id",
    "label",
    "design",
    "setting",
    "phase",
    "indicator",
    "estimate",
    "ci_low",
    "ci_high",
    "unit",
    "reported_as",
    "locator",
    "source_url",
)


def stub(record: Record) -> Mapping[str, str]:
    """Return a record's row: its key and label; the rest is blank until somebody has read it."""
    return dict.fromkeys(COLUMNS, "") | {"study_id": record.key, "label": record.label}
