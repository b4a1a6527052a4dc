"""JSON-LD of a page in the words of schema.org: article, claim, book, dataset."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from analysis.evidence.schema import PACKAGE
from analysis.publish.book import Book
from analysis.publish.citing.citation import Edition, Work
from analysis.publish.citing.published import first_published
from analysis.publish.prose.in_numbers import in_numbers
from analysis.publish.works import told_in
from analysis.references import AND_OTHERS, Record

CONTEXT = "https://schema.org"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SUBJECT = "Quality and Outcomes Framework"
# Pages that hand out data, and so describe the data set too.
DATA_PAGES = ("api", "downloads", "provenance")
# RIS type: the type that schema.org has for it.
TYPES = {"JOUR": "ScholarlyArticle", "BOOK": "Book", "RPRT": "Report", "THES": "Thesis"}
FIRST = "index"
MOST_CITED = 200

LinkedData = dict[str, Any]


def linked_data(
    book: Book, edition: Edition, work: Work, told: str, sources: Sequence[str] = ()
) -> Iterator[LinkedData]:
    """Yield the JSON-LD objects of a page; a page that cannot be cited has none.

    `told` is the page's description, `sources` are keys of the library.
    """
    if make := MADE.get(work.kind):
        yield {"@context": CONTEXT, **make(book, edition, work, told, sources)}
    if work.page == FIRST:
        yield {"@context": CONTEXT, **whole_book(book, edition), "description": told}
    if work.page in DATA_PAGES:
        yield {"@context": CONTEXT, **dataset(book, edition)}


def whole_book(book: Book, edition: Edition) -> LinkedData:
    """Return the book itself."""
    return _filled(
        {
            "@type": "Book",
            "name": edition.title,
            "url": edition.base and f"{edition.base}/{FIRST}.html",
            "about": SUBJECT,
            **_edition(book, edition, FIRST),
        }
    )


def dataset(book: Book, edition: Edition) -> LinkedData:
    """Return the extracted tables as one data set, each table a distribution."""
    package = json.loads((book.root / PACKAGE).read_text("utf-8"))
    measured = [spoken.finding for spoken in book.findings.values()]
    return {
        "@type": "Dataset",
        "name": package["title"],
        "description": package["description"],
        "keywords": package["keywords"],
        "isAccessibleForFree": True,
        "spatialCoverage": "United Kingdom",
        "variableMeasured": [
            {"@type": "PropertyValue", "name": one.title, "unitText": one.unit} for one in measured
        ],
        "distribution": [_download(one, edition) for one in package["resources"]],
        **_edition(book, edition, FIRST),
        "creator": _author(edition),
    }


def _download(resource: Mapping[str, Any], edition: Edition) -> LinkedData:
    address = f"downloads/{resource['path']}"
    return {
        "@type": "DataDownload",
        "name": resource["title"],
        "encodingFormat": "text/csv",
        "contentUrl": f"{edition.base}/{address}" if edition.base else address,
    }


def _article(
    book: Book, edition: Edition, work: Work, told: str, sources: Sequence[str]
) -> LinkedData:
    return _filled(
        {
            "@type": "ScholarlyArticle",
            "headline": work.title,
            "name": work.title,
            "description": told,
            "url": edition.base and f"{edition.base}/{work.path}",
            "isPartOf": whole_book(book, edition),
            "citation": _cited(book, sources),
            **_edition(book, edition, work.page),
        }
    )


def _claim(
    book: Book, edition: Edition, work: Work, told: str, sources: Sequence[str]
) -> LinkedData:
    spoken = next(s for s in book.findings.values() if s.finding.id == work.id)
    finding = spoken.finding
    shown = [_appearance(page, edition) for page in told_in(book, finding)]
    return _filled(
        {
            "@type": "Claim",
            "name": work.title,
            "text": finding.claim,
            "description": f"{in_numbers(spoken)}. {spoken.certainty}. {spoken.cautions}",
            "about": finding.question,
            "url": edition.base and f"{edition.base}/{work.path}",
            "firstAppearance": shown[0] if shown else None,
            "appearance": shown,
            "isPartOf": whole_book(book, edition),
            "citation": _cited(book, sources),
            **_edition(book, edition, work.page),
        }
    )


def _appearance(work: Work, edition: Edition) -> LinkedData:
    url = edition.base and f"{edition.base}/{work.path}"
    return _filled({"@type": "ScholarlyArticle", "name": work.title, "url": url})


def _edition(book: Book, edition: Edition, page: str) -> LinkedData:
    return {
        "author": _author(edition),
        "datePublished": first_published(book.root, page, edition.data_date),
        "dateModified": edition.data_date,
        "version": edition.version,
        "license": LICENCE,
        "inLanguage": "en-GB",
    }


def _author(edition: Edition) -> LinkedData:
    return {"@type": "Organization", "name": edition.author}


def _cited(book: Book, sources: Sequence[str]) -> list[LinkedData]:
    known = [book.library[key] for key in dict.fromkeys(sources) if key in book.library]
    return [_source(record) for record in known[:MOST_CITED]]


def _source(record: Record) -> LinkedData:
    """Return a source; `@id` is its DOI's address, so that others can join on it."""
    return _filled(
        {
            "@type": TYPES.get(record.kind, "CreativeWork"),
            "@id": record.doi and f"https://doi.org/{record.doi}",
            "name": record.title,
            "author": [name for name in record.authors if name != AND_OTHERS],
            "datePublished": str(record.year or ""),
            "isPartOf": record.journal and {"@type": "Periodical", "name": record.journal},
            "url": "" if record.doi else record.url,
        }
    )


def _filled(entry: LinkedData) -> LinkedData:
    return {name: value for name, value in entry.items() if value not in ("", None, [])}


MADE: Mapping[str, Callable[[Book, Edition, Work, str, Sequence[str]], LinkedData]] = {
    "chapter": _article,
    "finding": _claim,
}
"""How each kind of work is told."""
