"""The official files: where they are, as `data/official_files.csv` lists them."""

import csv
from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.official.tidy import qof_year
from analysis.problems import Problem, ProblemsFound, nearest

FILE = "data/official_files.csv"
# Pages are for people; the others can be fetched.
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Source:
    """A file at `url`, to be kept as `file_name`; `sha256` is blank until someone fetched it."""

    year: str
    kind: str
    file_name: str
    url: str
    sha256: str


def read_sources(root: Path, years: tuple[str, ...] = ()) -> list[Source]:
    """Return the files that can be fetched, of `years` (as `2019-20`) or of all.

    Raises:
        ProblemsFound: a year is none, or nothing is listed for it.
    """
    with (root / FILE).open(encoding="utf-8", newline="") as lines:
        listed = [row for row in csv.DictReader(lines) if row["kind"] != PAGE]
    sources = [Source(**{name: row[name] for name in Source.__slots__}) for row in listed]
    known = sorted({source.year for source in sources})
    wanted = {qof_year(year): year for year in years}
    problems = [
        Problem(FILE, nearest(year or text, known, shown=20), column="year", value=text)
        for year, text in wanted.items()
        if year not in known
    ]
    if problems:
        raise ProblemsFound(problems)
    return [source for source in sources if not wanted or source.year in wanted]
