"""A finding as chapters speak of it: the same object in code cells and in prose."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from analysis.findings.finding import Finding, Summary
from analysis.findings.wording import WORDS, check_word
from analysis.numbers import NOT_ESTIMABLE, interval, number, p_value
from analysis.problems import nearest
from analysis.publish.prose.review import is_draft, marked

if TYPE_CHECKING:
    from pandas import DataFrame

    from analysis.figures.figure import Figure

_COUNTS = ("k", "k_", "n_", "q_df")


class Spoken:
    """A finding whose numbers come out as text, formatted one way throughout the book.

    Every entry of the finding's `values` is an attribute, such as `withdrawal.estimate` or
    `somerset.gap_2018_19`.
    """

    def __init__(self, finding: Finding, review: str = "") -> None:
        self.finding = finding
        # What a draft prints in place of a claim that does not hold.
        self.review = review

    def __getattr__(self, name: str) -> str:
        # Unpickling asks for special names before `finding` exists.
        if name.startswith("_") or name in ("finding", "review"):
            raise AttributeError(name)
        values = self.finding.values
        if name not in values:
            raise AttributeError(f"{self.finding.id} has no {name!r}: {nearest(name, values)}")
        return self._text(name, values[name])

    def _text(self, name: str, value: float | None) -> str:
        if name.endswith("p_value"):
            return p_value(value)
        if name in _COUNTS or name.startswith(_COUNTS[1:3]):
            return number(value, digits=0)
        return number(value, digits=self._digits, sign=name.startswith("gap_"))

    @property
    def _digits(self) -> int:
        return 2 if self.finding.log_scale else 1

    @property
    def size(self) -> str:
        """The estimate without its sign, for sentences whose verb carries the direction."""
        return number(abs(self._summary.estimate), digits=self._digits)

    @property
    def size_range(self) -> str:
        """The ends of `range` as sizes, without signs, the smaller first."""
        low, high = self.finding.values["lowest"], self.finding.values["highest"]
        if low is None or high is None:
            return NOT_ESTIMABLE
        return self._range(*sorted((abs(low), abs(high))))

    @property
    def ci(self) -> str:
        """The confidence interval with its level, "95% CI −31.1 to −10.3"."""
        return f"95% CI {self._range(self._summary.ci_low, self._summary.ci_high)}"

    @property
    def size_ci(self) -> str:
        """The interval of `size`, "95% CI 10.3 to 31.1": a positive number is the same way."""
        made, way = self._summary, -1 if self._summary.estimate < 0 else 1
        return f"95% CI {self._range(*sorted((way * made.ci_low, way * made.ci_high)))}"

    def ci_of(self, name: str) -> str:
        """Return the interval of a named mean or difference, "95% CI 2.7 to 41.0".

        `name` is what follows `mean_` in the name of its value.
        """
        low, high = (self.finding.values[f"{end}_{name}"] for end in ("ci_low", "ci_high"))
        return f"95% CI {self._range(low, high)}"

    @property
    def prediction_interval(self) -> str:
        """The 95% prediction interval, "−58.0 to 17.4"."""
        return self._range(self._summary.pi_low, self._summary.pi_high)

    @property
    def range(self) -> str:
        """The lowest to the highest estimate: of all listed, or of those averaged."""
        return self._range(self.finding.values["lowest"], self.finding.values["highest"])

    def _range(self, low: float | None, high: float | None) -> str:
        return interval(low, high, digits=self._digits)

    @property
    def _summary(self) -> Summary:
        if self.finding.summary is None:
            # Not an AttributeError: Python would take that as a missing name and ask `__getattr__`.
            raise ValueError(f"{self.finding.id} is {self.finding.kind}: it has no summary")
        return self.finding.summary

    @property
    def certainty(self) -> str:
        """The certainty as a symbol and a word."""
        certainty = self.finding.certainty
        return f"{certainty.symbol} {certainty.level} certainty"

    @property
    def certainty_reasons(self) -> str:
        """Why the certainty is what it is, one sentence after another."""
        return " ".join(self.finding.certainty.reasons)

    @property
    def cautions(self) -> str:
        """What the finding does not show, one sentence after another."""
        return " ".join(self.finding.cautions)

    @property
    def claim(self) -> str:
        """The statement the numbers support; `qof check` stops when they no longer do."""
        return self.review if self.review and is_draft() else self.finding.claim

    @property
    def method(self) -> str:
        """How the summary was made, in words."""
        made = self._summary
        return f"random effects ({made.method}, {made.test.upper()} interval, {made.k} estimates)"

    def says(self, word: str) -> str:
        """Return `word`, such as "fell", when interval and certainty support it.

        Raises:
            Unsupported: they do not; the build stops. A draft prints the word marked.
        """
        return marked(word, lambda: check_word(self.finding, word), word in WORDS)

    def group(self, name: str) -> "Spoken":
        """Return the same grammar over one group's own summary."""
        from dataclasses import replace

        for group in self.finding.groups:
            if group.name == name and group.summary:
                return Spoken(
                    replace(self.finding, summary=group.summary, values=asdict(group.summary))
                )
        names = [group.name for group in self.finding.groups if group.summary]
        raise ValueError(f"{self.finding.id} has no pooled group {name!r}: {nearest(name, names)}")

    def row(self, effect_id: str, level: str = "") -> str:
        """Return one extracted figure, "−40.2 (−45.5 to −35.0)".

        `level` stands before the interval where a reader has no heading that tells what it is:
        with "95% CI", "−40.2 (95% CI −45.5 to −35.0)".
        """
        for row in self.finding.rows:
            if row.effect_id == effect_id:
                estimate = number(row.estimate, digits=self._digits)
                if row.ci_low is None:
                    return estimate
                ends = self._range(row.ci_low, row.ci_high)
                return f"{estimate} ({f'{level} {ends}'.strip()})"
        ids = [row.effect_id for row in self.finding.rows]
        raise ValueError(f"{self.finding.id} has no row {effect_id!r}: {nearest(effect_id, ids)}")

    def forest(self) -> "Figure":
        """Return the forest plot with its text twin and data table."""
        from analysis.figures.forest import forest
        from analysis.publish.caching.drawn import drawn

        return drawn(forest, self.finding)

    def funnel(self) -> "Figure":
        """Return the contour-enhanced funnel plot; ten estimates with an interval are needed."""
        from analysis.figures.funnel import funnel
        from analysis.publish.caching.drawn import drawn

        return drawn(funnel, self.finding)

    def harvest(self) -> "Figure":
        """Return which way the studies point, by group, bars as high as designs are strong."""
        from analysis.figures.designs import harvest_by_design
        from analysis.publish.caching.drawn import drawn

        return drawn(harvest_by_design, self.finding)

    def series(self) -> "Figure":
        """Return the values over time as a figure."""
        from analysis.figures.series import series
        from analysis.publish.caching.drawn import drawn

        return drawn(series, self.finding)

    def table(self) -> "DataFrame":
        """Return the study rows with their provenance."""
        return self.forest().table
