"""Records as CSL-JSON, the form citation processors and reference managers share."""

import json
from collections.abc import Iterable
from typing import Any

from analysis.references.record import AND_OTHERS, Record

# RIS type: CSL type (CSL 1.0.2 specification, appendix III).
TYPES = {
    "BOOK": "book",
    "CHAP": "chapter",
    "CONF": "paper-conference",
    "ELEC": "webpage",
    "GEN": "document",
    "JOUR": "article-journal",
    "NEWS": "article-newspaper",
    "RPRT": "report",
    "THES": "thesis",
}
# CSL variable: the field of `Record` that it holds as text.
TEXTS = {
    "title": "title",
    "container-title": "journal",
    "container-title-short": "journal_abbrev",
    "volume": "volume",
    "issue": "issue",
    "DOI": "doi",
    "PMID": "pmid",
    "URL": "url",
    "publisher": "publisher",
    "genre": "publication_type",
}


def to_csl(records: Iterable[Record]) -> str:
    """Return records as a CSL-JSON array, in the order given."""
    return json.dumps([csl_item(record) for record in records], indent=2, ensure_ascii=False) + "\n"


def csl_item(record: Record) -> dict[str, Any]:
    """Return one record as a CSL-JSON item, without what is not known."""
    item: dict[str, Any] = {"id": record.key, "type": TYPES[record.kind]}
    item |= {name: getattr(record, field) for name, field in TEXTS.items()}
    item["author"] = [_name(author) for author in record.authors if author != AND_OTHERS]
    item["issued"] = _issued(record)
    item["page"] = "-".join(page for page in (record.first_page, record.last_page) if page)
    item["note"] = _note(record)
    return {name: value for name, value in item.items() if value}


def _name(author: str) -> dict[str, str]:
    family, comma, given = author.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": author}


def _issued(record: Record) -> dict[str, list[list[int]]]:
    date = record.date if record.date[:4] == str(record.year) else str(record.year or "")
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else {}


def _note(record: Record) -> str:
    """Say what an item cannot hold otherwise, so that a reader of the export is not misled."""
    told = ["Author list not complete"] if AND_OTHERS in record.authors else []
    if record.unverified:
        told.append(f"Not yet checked: {', '.join(record.unverified)}")
    return "; ".join(told)
