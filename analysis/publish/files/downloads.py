"""The files of the page *Downloads*: references, tables, slides, the data package whole."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.evidence.schema import PACKAGE
from analysis.findings.store import digest_of
from analysis.publish.book import Book
from analysis.publish.caching.kept import kept_bytes
from analysis.publish.caching.packed import workbook, zipped
from analysis.publish.citing.citation import Edition
from analysis.publish.citing.crate import NAME as CRATE
from analysis.publish.citing.crate import crate_metadata
from analysis.publish.files.slides import slides_markdown, slides_pptx
from analysis.references.export import export

FOLDER = "downloads"
DATA = ("data/*.csv", "data/datapackage.json", "analysis/publish/caching/packed.py")
CODE = (
    "analysis/publish/files/slides.py",
    "analysis/publish/caching/packed.py",
    "requirements.lock",
)
# File: what it is. The tables are told by the data package.
FILES = {
    "library.ris": "The reference library as RIS.",
    "references.bib": "The reference library as BibTeX.",
    "references.csl.json": "The reference library as CSL-JSON.",
    "references.csv": "The reference library as a table.",
    "findings.json": "Every finding with all that is stored of it.",
    "datapackage.json": "What every table and column means (Frictionless Data Package).",
    "qof-evidence-data.xlsx": "All tables as one workbook, a sheet a table.",
    "qof-evidence-data.zip": "All tables and their description in one archive.",
    "qof-evidence-book.epub": "The book for readers of electronic books.",
    "qof-evidence-book.pdf": "The book for printing and reading offline, as tagged PDF.",
    "key-findings.pptx": "Slides of the key findings.",
}


def download_files(book: Book, edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Yield the files that are made for the page: path within the site, and bytes."""
    records = list(book.library.values())
    yield _in("references.csl.json", export(records, "csl").encode())
    yield _in("references.csv", export(records, "csv").encode())
    package = json.loads((book.root / PACKAGE).read_text("utf-8"))
    data = f"{digest_of(book.root, *DATA)} {edition}"
    yield _in("qof-evidence-data.xlsx", _workbook(book, edition, package, data))
    yield _in("qof-evidence-data.zip", _archive(book, edition, package, data))
    made_from = f"slides {slides_markdown(book, edition)} {digest_of(book.root, *CODE)}"
    slides = kept_bytes(book.root, made_from, lambda: slides_pptx(book, edition))
    yield _in("key-findings.pptx", slides)
    tables = {table["path"]: table["description"] for table in package["resources"]}
    keywords = tuple(package["keywords"])
    crate = crate_metadata(edition, {**FILES, **tables}, package["description"], keywords)
    yield _in(CRATE, crate)


def _in(name: str, content: bytes) -> tuple[str, bytes]:
    return f"{FOLDER}/{name}", content


def _workbook(book: Book, edition: Edition, package: Mapping[str, Any], data: str) -> bytes:
    first = [edition.named, f"{edition.author}. CC BY 4.0; official statistics OGL v3.0."]
    return kept_bytes(
        book.root,
        f"workbook {data}",
        lambda: workbook(book.root / "data", package, first, edition.data_date),
    )


def _archive(book: Book, edition: Edition, package: Mapping[str, Any], data: str) -> bytes:
    names = ["datapackage.json", *(table["path"] for table in package["resources"])]
    return kept_bytes(
        book.root,
        f"archive {data}",
        lambda: zipped(
            {name: (book.root / "data" / name).read_bytes() for name in names}, edition.data_date
        ),
    )
