"""Which kind of file a sheet is, by its ending, and how that kind is read and written."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from analysis.intake.extraction.sheet import Blank, Page, Sheet
from analysis.intake.extraction.tab import STUDIES, Tab
from analysis.problems import Problem, ProblemsFound, nearest

FORM = ".txt"


def _csv(content: bytes, file: str, tabs: Sequence[Tab]) -> Sheet:
    from analysis.intake.extraction.delimited import read_csv

    return read_csv(content, file, tabs)


def _workbook(content: bytes, file: str, tabs: Sequence[Tab]) -> Sheet:
    from analysis.intake.extraction.workbook import read_workbook

    return read_workbook(content, file, tabs)


def _form(content: bytes, file: str, tabs: Sequence[Tab]) -> Sheet:
    from analysis.intake.extraction.form import read_form

    return read_form(content, file, tabs)


_READERS: Mapping[str, Callable[[bytes, str, Sequence[Tab]], Sheet]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".xlsx": _workbook,
    ".xlsm": _workbook,
    FORM: _form,
}
WRITTEN = (".xlsx", ".csv", FORM)


def read_sheet(paths: Sequence[str], tabs: Sequence[Tab]) -> Sheet:
    """Return what was filled in, from all files together.

    Raises:
        FileNotFoundError: a file is missing.
        ProblemsFound: a file is of no known kind.
    """
    sheet = Sheet()
    for name in paths:
        path = Path(name)
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            raise ProblemsFound([Problem(path.name, f"a file that ends in {_endings(_READERS)}")])
        sheet += reader(path.read_bytes(), path.name, tabs)
    return sheet


def write_sheet(path: Path, blank: Blank) -> list[Path]:
    """Write a sheet of the kind that the path's ending names; return the files.

    CSV holds one table a file: the study goes beside it, as `name-study.csv`.

    Raises:
        ProblemsFound: the ending names no kind, or there is such a file already.
    """
    if (kind := path.suffix.lower()) not in WRITTEN:
        raise ProblemsFound([Problem("command line", f"a path that ends in {_endings(WRITTEN)}",
                                     None, "--sheet", path.name)])  # fmt: skip
    contents = _contents(path, kind, blank)
    there = [one for one in contents if one.exists()]
    if there:
        expected = "a new file: what is filled in there would be lost"
        raise ProblemsFound([Problem(one.name, expected) for one in there])
    for one, content in contents.items():
        one.write_bytes(content)
    return list(contents)


def _contents(path: Path, kind: str, blank: Blank) -> dict[Path, bytes]:
    if kind == ".xlsx":
        from analysis.intake.extraction.workbook_blank import write_workbook

        return {path: write_workbook(blank)}
    if kind == FORM:
        from analysis.intake.extraction.form import write_form

        return {path: write_form(blank)}
    from analysis.intake.extraction.delimited import write_csv

    return {_beside(path, page, blank): write_csv(page) for page in blank.pages}


def _beside(path: Path, page: Page, blank: Blank) -> Path:
    figures = [one for one in blank.pages if one.tab.table != STUDIES]
    name = page.tab.name.replace(" ", "_")
    first = page is (figures or blank.pages)[0]
    return path if first else path.with_name(f"{path.stem}-{name}{path.suffix}")


def _endings(kinds: Sequence[str] | Mapping[str, object]) -> str:
    return nearest("", kinds).removeprefix("one of ")
