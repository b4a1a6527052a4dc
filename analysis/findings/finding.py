"""What a synthesis found, frozen: the one object that chapters, figures and briefs read."""

from dataclasses import dataclass, field

SYMBOLS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕◯", "low": "⊕⊕◯◯", "very low": "⊕◯◯◯"}


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure the review is (GRADE), with a reason for each step down or up."""

    level: str
    reasons: tuple[str, ...]

    @property
    def symbol(self) -> str:
        """The four GRADE circles."""
        return SYMBOLS[self.level]


@dataclass(frozen=True, slots=True)
class Row:
    """One extracted figure as it enters a finding, with its way back to the printed digits.

    `estimate`, `ci_low`, `ci_high` are on the printed scale (ratios are not logged);
    `weight` is in percent and `None` where the figure is listed but not pooled.
    """

    effect_id: str
    study_id: str
    label: str
    group: str
    indicator: str
    timepoint: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    weight: float | None
    reported_as: str
    locator: str
    source_url: str
    extracted_from: str
    checked: str
    notes: str = ""
    design_class: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both limits on the printed scale; `None` where a limit is lacking."""
        if self.ci_low is None or self.ci_high is None:
            return None
        return self.ci_low, self.ci_high


@dataclass(frozen=True, slots=True)
class Summary:
    """A random-effects summary on the printed scale; `tau2` and `q` on the analysis scale.

    Fields that the data cannot support (a prediction interval with k < 3) are `None`, and so is
    `df` where the tails are normal.
    """

    k: int
    estimate: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float | None
    q: float
    q_df: int
    q_p_value: float
    pi_low: float | None
    pi_high: float | None
    df: float | None
    method: str
    test: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind of indicator, and their own summary where there are enough."""

    name: str
    label: str
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series."""

    series: str
    x: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One answered question of `data/questions.yml`.

    `kind` is `pooled` (a random-effects summary), `nested` (the same, its rows within studies:
    three levels and robust errors), `listed` (figures side by side, counted but
    not pooled) or `series` (values over time). `name` is what chapters call it in their text.
    A number in `values` is `None` where it cannot be estimated.
    """

    id: str
    name: str
    kind: str
    title: str
    question: str
    claim: str
    holds_if: str
    holds: bool
    unit: str
    null: float
    log_scale: bool
    higher_is_better: bool | None
    certainty: Certainty
    cautions: tuple[str, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    summary: Summary | None
    points: tuple[Point, ...]
    focus: str
    comparator: str
    values: dict[str, float | None] = field(default_factory=dict)
    x_label: str = ""
    y_label: str = ""
    left_label: str = ""
    right_label: str = ""
    fingerprint: str = ""

    @property
    def n_studies(self) -> int:
        """How many studies the rows come from."""
        return len({row.study_id for row in self.rows})
