"""Sheets as plain text for an editor: `column: value` lines, one block a row, hints as comments."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from analysis.intake.extraction.sheet import HINT, Blank, Page, Sheet, SheetRow, column_named
from analysis.intake.extraction.tab import Column, Tab, named
from analysis.problems import Problem, nearest

_BLOCK = re.compile(r"\[(.+)\]")
_LINE = re.compile(r"([^:]+?)\s*:(?:\s+(.*)|)")
_WIDTH = 96
HOW = (
    "Fill what stands after a colon; leave blank what was not seen. For another row copy a block,",
    "from its [name] on. Lines that begin with # are hints; a long value goes on, indented, below.",
)


def write_form(blank: Blank) -> bytes:
    """Return the sheet as text: each table's rows, then a block to fill."""
    lines = [f"{HINT} {line}" for line in (blank.title, *blank.lead, *HOW)]
    for page in blank.pages:
        lines += ["", *_page(page)]
    return ("\n".join(lines) + "\n").encode()


def _page(page: Page) -> Iterator[str]:
    yield f"{HINT} --- {page.tab.title} " + "-" * max(3, 70 - len(page.tab.title))
    complete = page.rows and (page.tab.single or page.tab.offered)
    blocks = page.rows if complete else (*page.rows, {})
    for at, row in enumerate(blocks):
        yield f"[{page.tab.name}]"
        for column in page.tab.columns:
            if at == 0:
                yield from _hint(column)
            value = row.get(column.name, "").replace("\n", " ")
            yield f"{column.name}: {value}".rstrip()
        yield ""


def _hint(column: Column) -> Iterator[str]:
    told = f"{column.title}. {column.hint} Takes: {column.takes}."
    yield from textwrap.wrap(
        told, _WIDTH, initial_indent=f"{HINT} ", subsequent_indent=f"{HINT}   "
    )


def read_form(content: bytes, file: str, tabs: Sequence[Tab]) -> Sheet:
    """Return the filled blocks of a form; places are lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = f"line {content.count(bytes([10]), 0, error.start) + 1}"
        return Sheet(problems=(Problem(file, "text in UTF-8", line),))
    reader = _Reader(file, tabs)
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith(HINT):
            reader.take(f"line {number}", line)
    rows = (SheetRow(tab, file, place, cells) for place, tab, cells in reader.blocks)
    filled = tuple(row for row in rows if any(row.cells.values()))
    return Sheet(filled, tuple(reader.problems))


class _Reader:
    """The blocks of a form as they are read, line by line; `last` is the column that may go on."""

    def __init__(self, file: str, tabs: Sequence[Tab]) -> None:
        self.file, self.tabs = file, tabs
        self.blocks: list[tuple[str, Tab, dict[str, str]]] = []
        self.problems: list[Problem] = []
        self.last, self.lost = "", False

    def take(self, place: str, line: str) -> None:
        """Read one line."""
        if not line.strip():
            self.last = ""
        elif line[0].isspace() and self.last:
            cells = self.blocks[-1][2]
            cells[self.last] = f"{cells[self.last]} {line.strip()}".strip()
        elif block := _BLOCK.fullmatch(line.strip()):
            self._block(place, block[1])
        elif not self.lost:
            self._cell(place, line)

    def _block(self, place: str, name: str) -> None:
        tab, self.last = named(self.tabs, name), ""
        self.lost = tab is None
        if tab is not None:
            self.blocks.append((place, tab, {}))
            return
        choices = nearest(name, [one.name for one in self.tabs])
        self._wrong(place, f"a block of an extraction sheet, {choices}", name)

    def _cell(self, place: str, line: str) -> None:
        self.last, split = "", _LINE.fullmatch(line.rstrip())
        if split is None or not self.blocks:
            self._wrong(place, "a [block], then a column, a colon and its value", line.strip())
            return
        _, tab, cells = self.blocks[-1]
        name = column_named(split[1], tab)
        if name is None:
            choices = nearest(split[1].strip(), [column.name for column in tab.columns])
            self._wrong(place, f"a column of this block, {choices}", split[1])
        elif name in cells:
            again = "a column named once in a block (begin another row with its [name])"
            self._wrong(place, again, name)
        else:
            self.last, cells[name] = name, (split[2] or "").strip()

    def _wrong(self, place: str, expected: str, value: str) -> None:
        self.problems.append(Problem(self.file, expected, place, value=value))
