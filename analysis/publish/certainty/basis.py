"""What each finding rests on: how much of it was read, checked and compared."""

from collections.abc import Callable, Iterable
from html import escape

from analysis.findings.finding import Finding, Row
from analysis.numbers import number, percent
from analysis.publish.certainty.basis_counts import compares
from analysis.publish.tables.listings import Listed

TITLE = "What each finding rests on"
HEADINGS = (
    "Finding", "Certainty", "Figures", "With an interval", "Studies", "Read in an abstract",
    "Looked up again", "From a comparison",
)  # fmt: skip


def basis(findings: Iterable[Finding]) -> Listed:
    """Return a table of all findings made of rows: how many, read in what, checked, compared."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    rows = "".join(_row(finding) for finding in findings if finding.rows)
    return Listed(
        '<div class="qof-scroll qof-listing" tabindex="0" role="region" '
        f'aria-label="{TITLE}"><table><caption>{TITLE}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>",
        TITLE,
    )


def _row(finding: Finding) -> str:
    rows = finding.rows
    link = f'<a href="findings/{escape(finding.id)}.html">{escape(finding.title)}</a>'
    counted = (len(rows), sum(row.interval is not None for row in rows), finding.n_studies)
    cells = [*map(number, counted), *(_share(rows, is_so) for is_so in SHARES)]
    told = "".join(f'<td class="qof-num">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{link}</th><td>{finding.certainty.level}</td>{told}</tr>'


def _from_abstract(row: Row) -> bool:
    return row.extracted_from == "abstract"


def _again(row: Row) -> bool:
    return row.checked.startswith("second")


def _compared(row: Row) -> bool:
    return compares(row.design_class)


SHARES: tuple[Callable[[Row], bool], ...] = (_from_abstract, _again, _compared)


def _share(rows: tuple[Row, ...], is_so: Callable[[Row], bool]) -> str:
    return percent(100 * sum(map(is_so, rows)) / len(rows), digits=0)
