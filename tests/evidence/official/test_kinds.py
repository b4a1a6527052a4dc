"""Every indicator's kind follows the written rule, from our words and from the official ones."""

import pytest

from analysis.evidence.official.kinds import KINDS, kind_of
from tests.evidence.conftest import read_rows


def test_committed_kinds_are_the_rules(root):
    for row in read_rows(root / "data" / "indicators.csv"):
        kind = kind_of(row["title"])
        assert kind is not None, row["indicator"]
        assert (row["indicator_type"], row["indicator_type_reason"]) == (kind.name, kind.reason)


def test_every_kind_is_used(root):
    used = {row["indicator_type"] for row in read_rows(root / "data" / "indicators.csv")}
    assert used == {kind.name for kind in KINDS}


def test_official_wording_gives_the_same_kind(shared, root):
    ours = {row["indicator"]: row for row in read_rows(root / "data" / "indicators.csv")}
    rows = read_rows(shared / "evidence" / "qof" / "indicator_definitions.csv")
    assert {row["indicator_code"] for row in rows} <= set(ours)
    for row in rows:
        assert kind_of(row["definition"]).name == ours[row["indicator_code"]]["indicator_type"], row


@pytest.mark.parametrize(
    ("wording", "kind"),
    [
        ("Diabetes: last HbA1c 64 mmol/mol or less", "intermediate_outcome"),
        ("Diabetes: HbA1c read", None),
        # What is offered is recorded; what is referred for is given.
        ("COPD: an offer of referral to rehabilitation", "recording_or_review"),
        ("Diabetes: referred to education", "treatment"),
    ],
)
def test_borders(wording, kind):
    found = kind_of(wording)
    assert (found and found.name) == kind
