"""CSV files that `qof add` keeps and people read: merges, possible duplicates."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from analysis.problems import Problem, ProblemsFound

# A record with a thousand cited references is one cell; the default is 131,072 letters.
csv.field_size_limit(2**31 - 1)


def read_rows(file: str, content: bytes | None, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV file, each cell as text; none for no file (`None`).

    A spreadsheet's byte order mark and line ends are taken as they come.

    Raises:
        ProblemsFound: the file is not UTF-8, or its columns or cells are not those expected.
    """
    if content is None:
        return []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProblemsFound([Problem(file, "text in UTF-8 (save as CSV UTF-8)", line)]) from None
    header, *body = list(csv.reader(StringIO(text, newline=""))) or [[]]
    if tuple(header) != tuple(columns):
        expected = f"the columns {', '.join(columns)}, parted by commas"
        raise ProblemsFound([Problem(file, expected, 1, value=",".join(header))])
    filled = [(row, cells) for row, cells in enumerate(body, start=2) if any(cells)]
    problems = [
        Problem(file, f"{len(columns)} cells, as the header has", row, value=f"{len(cells)} cells")
        for row, cells in filled
        if len(cells) != len(columns)
    ]
    if problems:
        raise ProblemsFound(problems)
    return [dict(zip(columns, cells, strict=True)) for _, cells in filled]


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as CSV in UTF-8 with plain line ends; `None` is a blank cell."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
