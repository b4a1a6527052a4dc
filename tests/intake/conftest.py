"""A small project to add to, and made-up exports."""

import argparse
import shutil
from functools import partial
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.references import read_library, write_library
from analysis.verbs import add as verb

PAPER = """\
TY  - JOUR
T1  - Payment by points and the recording of blood pressure in made-up practices
AU  - Ashdown, Mary
AU  - Birch, Tom
PY  - 2011
JF  - British Journal of General Practice
VL  - 61
IS  - 590
SP  - e564
EP  - e572
DO  - 10.9999/made.up.590
AB  - Background: an invented abstract that must not be kept anywhere.
KW  - invented keyword
DB  - Made-up database
ER  -

"""
SAME_SHORTER = """\
TY  - JOUR
T1  - PAYMENT BY POINTS AND THE RECORDING OF BLOOD PRESSURE IN MADE-UP PRACTICES
AU  - Ashdown, M
AU  - Birch, T
PY  - 2011
JF  - Br J Gen Pract
VL  - 61
SP  - e564
ER  -

"""
MAYBE = """\
TY  - JOUR
T1  - Erratum: Payment by points and the recording of blood pressure in made-up practices
AU  - Ashdown, Mary
AU  - Birch, Tom
PY  - 2011
JF  - British Journal of General Practice
VL  - 61
DB  - Made-up database
ER  -

"""
OTHER = """\
TY  - JOUR
T1  - Smoking advice under an invented incentive: a survey of nurses
AU  - Ashdown, Mary
PY  - 2011
JF  - Invented Nursing
VL  - 3
SP  - 12
ER  -

"""


@pytest.fixture(scope="session")
def template(root, tmp_path_factory) -> Path:
    """The tables that `qof add` writes, with a dozen records of the library."""
    book = tmp_path_factory.mktemp("template")
    (book / "references").mkdir()
    (book / "data").mkdir()
    # What `qof add` logged stands for records that are not here.
    log = (root / "references" / "searches.csv").read_text("utf-8").splitlines(keepends=True)
    searches = "".join(line for line in log if "file sha256" not in line)
    (book / "references" / "searches.csv").write_text(searches, "utf-8")
    shutil.copy(root / "data" / "questions.yml", book / "data")
    library = read_library(root / "references" / "library.ris")
    few = [record for record in library.values() if record.volume][:12]
    write_library(few, book / "references" / "library.ris")
    for name in ("screening.csv", "extraction_stubs.csv"):
        header = (root / "data" / name).read_text("utf-8").splitlines()[0]
        (book / "data" / name).write_text(header + "\n", "utf-8")
    return book


@pytest.fixture
def project(template, tmp_path) -> Path:
    """A small project to add to."""
    return Path(shutil.copytree(template, tmp_path / "book"))


@pytest.fixture
def book(project) -> Path:
    """The same project, where the tests speak of a book."""
    return project


@pytest.fixture
def qof(book, capsys, monkeypatch):
    """Run `qof` on the book, nobody named as its reader; returns status, output and errors."""
    monkeypatch.delenv("QOF_WHO", raising=False)

    def run(*words):
        status = main(["--root", str(book), *map(str, words)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def export(tmp_path):
    """Write a made-up export and return its path."""
    return partial(write_export, tmp_path)


def write_export(folder: Path, *records: str, name: str = "export.ris") -> str:
    path = folder / name
    path.write_text("".join(records), "utf-8")
    return str(path)


@pytest.fixture
def add(project):
    """Run `qof add` on the project; returns the exit status."""
    return partial(run_add, project)


def run_add(project: Path, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path)
    verb.add_options(parser)
    return verb.run(parser.parse_args(["--root", str(project), *arguments]))


def tree(project: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(project)): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
    }
