"""What `qof extract --second`, `--adjudicate` and `--agreement` say."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analysis.evidence.agreement import Agreement, agreement
from analysis.evidence.coefficients import Kappa
from analysis.intake.extraction.second import FIGURE
from analysis.intake.extraction.second_run import Compared
from analysis.intake.extraction.tab import STUDY_ID

_SIDES = (FIGURE, "field", "first", "second")


def compared_text(done: Compared, dry_run: bool) -> str:
    """Return what was entered or settled, and the open differences side by side."""
    lines = []
    if done.added or done.before:
        lines.append(f"figures extracted twice: {done.added} added, {done.before} there already")
    if done.settled:
        lines.append(f"differences settled: {done.settled}")
    lines += side_by_side(done.open) if done.open else ["no difference is open"]
    if dry_run:
        return "\n".join([*lines, "dry run: nothing was written"])
    if done.open:
        path = f"{done.study_id}-differences.csv"
        lines.append(f"now: qof extract {done.study_id} --adjudicate --sheet {path}, fill it, then")
        lines.append(f"     qof extract {done.study_id} --adjudicate --from {path}")
    else:
        lines.append("now: qof check, then qof extract --agreement")
    return "\n".join(lines)


def side_by_side(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield the differences as a table: figure, field, first, second."""
    table = [_SIDES, *([row[name] or "(blank)" for name in _SIDES] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def agreement_of(root: Path, study_ids: Sequence[str]) -> Agreement:
    """Return the agreement on the figures of some studies, or of all.

    Raises:
        ProblemsFound: the tables cannot be read.
    """
    from analysis.evidence.tables import load_evidence

    cells = load_evidence(root).second_extraction
    return agreement(cells[cells[STUDY_ID].isin(study_ids)] if study_ids else cells)


def agreement_text(told: Agreement) -> str:
    """Return the agreement of two extractions as text."""
    if not told.n_figures:
        return "no figure was extracted twice"
    lines = [f"{told.n_figures} figures extracted twice, {told.n_open} differences open", ""]
    lines.append(f"{'field':12}{'same':>6}{'same content':>14}{'of':>6}")
    for name, row in told.fields.iterrows():
        lines.append(f"{name:12}{row.same_cell:>6.0f}{row.same_content:>14.0f}{row.rows:>6.0f}")
    lines += ["", _kappa("direction", told.direction), _kappa("significance", told.significance)]
    one = told.estimates
    if one.n >= 2:
        lines.append(
            f"estimates: ICC {one.value:.3f} ({one.low:.3f} to {one.high:.3f}), {one.n} pairs of "
            f"{one.n_studies} studies; scales differ widely, so that identical cells say more"
        )
    return "\n".join(lines)


def _kappa(name: str, told: Kappa | None) -> str:
    if told is None:
        return f"{name}: no figure coded by both"
    if told.value != told.value:
        return f"{name}: {told.n} figures, all coded alike; kappa has no value"
    return f"{name}: kappa {told.value:.2f}, {100 * told.observed:.0f}% alike of {told.n} figures"
