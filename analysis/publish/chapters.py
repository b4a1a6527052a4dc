"""A chapter's text: what it depends on, and whether what it names exists."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.publish.book import Book
from analysis.publish.templates import engine

KERNEL = "kernelspec: {name: python3}"
EXECUTES = "file_format: mystnb"
CODE_CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
OPTION = re.compile(r"^:[\w-]+:.*$", re.MULTILINE)
# The grammar of code cells: what each call reads when its argument is written out.
EVERYTHING = "*"
READS = {
    "briefs": "briefs",
    "card_code": "questions",
    "cases": "cases",
    "changes": "changes",
    "checklist": "checklists",
    "coverage": "coverage",
    "explorer": "explore",
    "families": "families",
    "finding": None,
    "finding_files": "questions",
    "grade": "grade",
    "gap_map": "gap_map",
    "indicators": "indicator_list",
    "links": "links",
    "listing": None,
    "national": "national_series",
    "options": "summaries",
    "listed_robustness": "robust",
    "robustness": "robust",
    "risk_of_bias": "grade",
    "schema_keys": "schemas",
    "screening": "flow",
    "statements": "statements",
    "steps": "steps",
    "summary_of_findings": "summaries",
    "surveys": "surveys",
    "table": None,
    "table_list": "package",
    "timeline": "timeline",
    "trails": "tables",
}
# Calls that read less when their arguments, all written out, ask for a part.
IN_PARTS = ("families", "gap_map")
CONTENTS = "_toc.yml"
# Templates of briefs lie under `book/` and are no chapters.
BRIEFS = "briefs"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One source file of the book."""

    path: Path
    text: str

    @property
    def has_code(self) -> bool:
        """Whether the chapter has cells to execute."""
        return bool(CODE_CELL.search(self.text))

    @property
    def cells(self) -> list[str]:
        """The code of each cell, without cell options."""
        return [OPTION.sub("", body) for body in CODE_CELL.findall(self.text)]


def chapters(root: Path) -> list[Chapter]:
    """Return every chapter under `book/`, in a fixed order.

    Raises:
        ProblemsFound: a chapter is not text in UTF-8.
    """
    found, problems = [], []
    for path in sorted((root / "book").glob("**/*.md")):
        if _hidden(path, root):
            continue
        try:
            found.append(Chapter(path, path.read_text("utf-8")))
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            problems.append(Problem(path.relative_to(root).as_posix(), "text in UTF-8", line))
    if problems:
        raise ProblemsFound(problems)
    return found


def check_contents(root: Path, texts: Iterable[Chapter]) -> list[Problem]:
    """Return the chapters that `_toc.yml` names and are not there, or are there and not named."""
    text = (root / CONTENTS).read_text("utf-8")
    named = set(re.findall(r"^\s*(?:- )?(?:root|file):\s*(\S+)", text, re.MULTILINE))
    there = {c.path.relative_to(root / "book").with_suffix("").as_posix() for c in texts}
    dead = [Problem(CONTENTS, nearest(name, there), value=name) for name in sorted(named - there)]
    unnamed = sorted(there - named)
    return dead + [Problem(f"book/{name}.md", f"to be named in {CONTENTS}") for name in unnamed]


def _hidden(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return parts[:2] == ("book", BRIEFS) or any(part[0] in "._" for part in parts)


def cell_inputs(chapter: Chapter) -> set[str]:
    """Return the names of what the chapter's cells read.

    A cell that does more than call the grammar with a written-out name may read anything, so it
    depends on `EVERYTHING`.
    """
    return {name for cell in chapter.cells for name in _reads(cell)}


def inputs(chapter: Chapter) -> set[str]:
    """Return the names of all that the page shows: findings, tables, facts, counts, citations."""
    prose = {name.split(".")[0].split("(")[0].strip() for name in NAMED.findall(chapter.text)}
    cited = {
        f"cite:{key.strip()}" for keys in CITED.findall(chapter.text) for key in keys.split(",")
    }
    whole = {EVERYTHING} if "{bibliography}" in chapter.text else set()
    return prose | cited | whole | cell_inputs(chapter)


def _reads(cell: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(cell)):
        if isinstance(node, ast.Import):
            names.add(EVERYTHING)
        elif isinstance(node, ast.ImportFrom):
            allowed = node.module == "analysis" and {a.name for a in node.names} <= READS.keys()
            names |= set() if allowed else {EVERYTHING}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            names.add(_read_by(node))
    return names


def _read_by(call: ast.Call) -> str:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in READS:
        return EVERYTHING
    if read := READS[name]:
        return _part(read, call) if name in IN_PARTS else read
    if not (call.args and isinstance(call.args[0], ast.Constant)):
        return EVERYTHING
    return ("listing:" if name == "listing" else "") + str(call.args[0].value)


def _part(read: str, call: ast.Call) -> str:
    values = [one.value for one in call.args if isinstance(one, ast.Constant)]
    if call.keywords or len(values) < len(call.args):
        return read
    return f"{read}:{','.join(map(str, values))}"


def digest(names: set[str], book: Book) -> str:
    """Return a hash of the content behind `names`, and of the code that shows it."""
    parts = [f"{name}={book.fingerprint(name)}" for name in ("code", *sorted(names))]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def stamped(chapter: Chapter, book: Book) -> str:
    """Return the source with its cells' inputs in the kernel metadata, which jupyter-cache hashes.

    On one line, so that line numbers in messages stay those of the file.
    """
    key = digest(cell_inputs(chapter), book)
    return chapter.text.replace(KERNEL, f"kernelspec: {{name: python3, inputs: '{key}'}}", 1)


def check_chapter(
    chapter: Chapter, book: Book, names: Mapping[str, object] | None = None
) -> list[Problem]:
    """Return every dead name, dead citation and missing header of one chapter.

    `names` are what it may speak of; by default those of the book.
    """
    file = chapter.path.relative_to(book.root).as_posix()
    return [
        *_header(file, chapter),
        *_citations(file, chapter, book),
        *_expressions(file, chapter, book.names() if names is None else names),
        *_cells(file, chapter, book),
    ]


def _header(file: str, chapter: Chapter) -> list[Problem]:
    head = chapter.text.split("\n---\n", 1)[0]
    if not chapter.has_code or (EXECUTES in head and KERNEL in head):
        return []
    return [Problem(file, f"a header with '{EXECUTES}' and '{KERNEL}'", 1, value="code cells")]


def _citations(file: str, chapter: Chapter, book: Book) -> list[Problem]:
    found = [(m, key.strip()) for m in CITED.finditer(chapter.text) for key in m[1].split(",")]
    return [
        Problem(file, nearest(key, book.library), _line(chapter.text, m.start()), "citation", key)
        for m, key in found
        if key not in book.library
    ]


def _expressions(file: str, chapter: Chapter, names: Mapping[str, object]) -> list[Problem]:
    found = list(NAMED.finditer(chapter.text))
    fills = engine()
    # Compiling takes the time: where all can be filled at once, none need be compiled alone.
    whole = "\n".join(dict.fromkeys(match[0] for match in found))
    if _fault(fills, whole, names) is None:
        return []
    faults = ((match, _fault(fills, match[0], names)) for match in found)
    return [_dead(file, chapter, match, fault, names) for match, fault in faults if fault]


def _fault(fills: Any, text: str, names: Mapping[str, object]) -> Exception | None:
    """Return why a template cannot be filled, None where it can."""
    from jinja2 import TemplateError

    try:
        fills.from_string(text).render(names)
    except (TemplateError, ValueError, AttributeError, KeyError, TypeError) as error:
        return error
    return None


def _dead(
    file: str, chapter: Chapter, match: re.Match[str], error: Exception, names: Mapping[str, object]
) -> Problem:
    line = _line(chapter.text, match.start())
    first = match[1].split(".")[0].split("(")[0].strip()
    expected = str(error) if first in names else nearest(first, names)
    return Problem(file, expected, line, "{{ }}", match[1].strip())


def _cells(file: str, chapter: Chapter, book: Book) -> list[Problem]:
    problems = []
    for match in CODE_CELL.finditer(chapter.text):
        try:
            ast.parse(OPTION.sub("", match[1]))
        except SyntaxError as error:
            line = _line(chapter.text, match.start(1)) + (error.lineno or 1) - 1
            problems.append(
                Problem(file, "Python code", line, "code cell", str(error.text).strip())
            )
    return problems


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
