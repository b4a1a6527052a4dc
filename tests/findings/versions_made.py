"""Small made-up snapshots to compare in tests."""

from dataclasses import replace

from analysis.findings.snapshot import Snapshot, Told

TOLD = Told(
    id="care",
    title="Recorded care",
    kind="pooled",
    unit="percentage points",
    null=0.0,
    log_scale=False,
    claim="Care fell.",
    holds=True,
    certainty="low",
    method="REML hksj",
    numbers={"estimate": -20.0, "ci_low": -30.0, "ci_high": -10.0, "pi_low": -50.0, "pi_high": 10.0,
             "tau2": 100.0},
    counts={"k": 3, "n_studies": 2},
    rows={"a-1": "1", "a-2": "2", "b-1": "3"},
    defined="d",
    holds_if="ci_high < 0",
    claimed={"ci_high": -10.0},
)  # fmt: skip


def moved_to(estimate: float, **other: object) -> Told:
    """The finding with another average, its interval as wide."""
    shift = estimate - TOLD.numbers["estimate"]
    numbers = {name: value + shift for name, value in TOLD.numbers.items() if name != "tau2"}
    claimed = {"ci_high": numbers["ci_high"]}
    return replace(TOLD, numbers={**numbers, "tau2": 100.0}, claimed=claimed, **other)


def version(*told: Told, name: str = "1.0.0", **other: object) -> Snapshot:
    """A version that says these findings."""
    made = Snapshot(
        version=name,
        data_date="2026-01-02",
        findings={one.id: one for one in told},
        rows={"studies": {"a": "x", "b": "y"}},
        columns={"studies": ("study_id", "title")},
        studies=("a", "b"),
        records=10,
        pages=("index",),
        code="c",
        libraries="l",
    )
    return replace(made, **other)
