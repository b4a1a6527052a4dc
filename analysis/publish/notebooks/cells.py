"""A chapter as a notebook that reads and runs outside the book, cell by cell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.publish.book import Book
from analysis.publish.chapters import Chapter, chapters
from analysis.publish.citing.citation import Edition, in_style
from analysis.publish.inputs import inputs
from analysis.publish.notebooks.launch import Repository, notebook_file
from analysis.publish.notebooks.outputs import shown
from analysis.publish.notebooks.plain_markdown import filled, plain, sources
from analysis.publish.notebooks.plain_roles import Targets, targets_of
from analysis.publish.prose.review import is_draft
from analysis.publish.read_by import digest
from analysis.publish.works import works
from analysis.references import citation

UP = ".."
"""The way from a notebook to the site where that has no address."""

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
_TITLE = re.compile(r"^# .+$\n?", re.MULTILINE)
HEAD = """\
# {title}

From [{book}]({page}), version {version}, evidence to {data_date}.

Cite as: {cited}

Text, tables and figures: CC BY 4.0. Code: MIT. Contains public sector information licensed under
the Open Government Licence v3.0.

**To run it,** in a clone of {clone}: `make book` makes the environment and this file again,
`.venv/bin/pip install jupyterlab` adds Jupyter, and
`.venv/bin/jupyter-lab _build/html/{file}` opens it. Cells compute figures and tables anew from the
clone's data. Numbers in sentences are those of this version and stay as they are.
"""
COLAB = """\
# On Google Colab: fetch the book and what it needs. Anywhere else this cell does nothing.
# Where Colab then asks to restart the session, do so, and run all cells again.
import os
import subprocess
import sys

if "google.colab" in sys.modules:
    if not os.path.isfile("data/questions.yml"):
        if not os.path.isdir({folder!r}):
            subprocess.run({clone!r}, check=True)
        os.chdir({folder!r})
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "--requirement", "requirements.lock"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], check=True)
    sys.path.insert(0, os.getcwd())"""


@dataclass(frozen=True)
class Maker:
    """What all notebooks of one build share."""

    book: Book
    edition: Edition
    at: Repository | None

    @cached_property
    def texts(self) -> list[Chapter]:
        """Every chapter of the book."""
        return chapters(self.book.root)

    @cached_property
    def targets(self) -> Targets:
        """What the chapters can point at."""
        base = self.edition.base or UP
        return targets_of(base, self.book.library, self.texts, self.book.root / "book")

    @cached_property
    def names(self) -> Mapping[str, object]:
        """What the chapters can speak of."""
        return self.book.names()

    def page(self, chapter: Chapter) -> str:
        """Return the name of a chapter's page."""
        return chapter.path.relative_to(self.book.root / "book").with_suffix("").as_posix()

    def made_from(self, chapter: Chapter) -> str:
        """Return all that a chapter's notebook depends on."""
        shared = (self.edition, self.at, self.targets.titles, self.targets.labels, is_draft())
        return f"notebook {chapter.text} {digest(inputs(chapter), self.book)} {shared}"


def notebook(chapter: Chapter, source: Any, maker: Maker) -> Any:
    """Return a valid notebook of a chapter, to be read and run outside the book.

    `source` is the chapter as a notebook, with or without outputs.
    """
    from nbformat import validate

    page = maker.page(chapter)
    cells = [*_first(page, maker), *_cells(source, maker), *_last(chapter, maker)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    made = _v4().new_notebook(cells=cells, metadata=METADATA)
    validate(made)
    return made


def _v4() -> Any:
    """Return the makers of cells and notebooks, which are without annotations."""
    import nbformat.v4

    return nbformat.v4


def _first(page: str, maker: Maker) -> Iterator[Any]:
    edition, at = maker.edition, maker.at
    work = works(maker.book)[page]
    yield _v4().new_markdown_cell(
        HEAD.format(
            title=work.title,
            book=edition.title,
            page=maker.targets.page(page),
            version=edition.version,
            data_date=edition.data_date,
            cited=in_style(work, edition, "vancouver"),
            clone=f"[the book's repository]({at.address})" if at else "the book's repository",
            file=notebook_file(page),
        ).rstrip()
    )
    if at:
        yield _v4().new_code_cell(_colab(at))


def _colab(at: Repository) -> str:
    folder = at.path.rpartition("/")[2]
    tag = ["--branch", at.ref] if at.ref != "HEAD" else []
    clone = ["git", "clone", "--quiet", "--depth", "1", *tag, at.address, folder]
    return COLAB.format(clone=clone, folder=folder)


def _cells(source: Any, maker: Maker) -> Iterator[Any]:
    titled = False
    for cell in source.cells:
        if cell.cell_type == "code":
            yield _code(cell, maker.targets.base)
            continue
        text = filled(cell.source, maker.names)
        if not titled:
            # The first cell has it.
            text, count = _TITLE.subn("", text, count=1)
            titled = count > 0
        if text := plain(text, maker.targets):
            yield _v4().new_markdown_cell(text)


def _code(cell: Any, base: str) -> Any:
    tags = {"tags": list(cell.metadata["tags"])} if cell.metadata.get("tags") else {}
    outputs = [shown(output, base) for output in cell.get("outputs", ())]
    count = cell.get("execution_count")
    return _v4().new_code_cell(cell.source, metadata=tags, outputs=outputs, execution_count=count)


def _last(chapter: Chapter, maker: Maker) -> Iterator[Any]:
    keys = sources(filled(chapter.text, maker.names))
    if keys:
        records = sorted((maker.book.library[key] for key in keys), key=citation)
        listed = "\n".join(f"- {citation(one)}" for one in records)
        yield _v4().new_markdown_cell(f"## Sources\n\n{listed}")
