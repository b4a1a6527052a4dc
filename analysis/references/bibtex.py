"""The library as BibTeX, for the chapters' citations."""

import re
from collections.abc import Mapping

from analysis.references.record import AND_OTHERS, Record

_ESCAPES = str.maketrans(
    {
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        # \{ would count as an opening brace when the file is parsed; the named marks balance.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
    }
)
# Where TeX would draw two marks as one (-- as a dash, '' or ,, as a quotation mark).
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=,)(?=,)|(?<=[?!])(?=`)")

# RIS type: entry type, the field its journal goes to, the field its publisher goes to.
_ENTRIES = {
    "BOOK": ("book", "series", "publisher"),
    "CHAP": ("incollection", "booktitle", "publisher"),
    "CONF": ("inproceedings", "booktitle", "publisher"),
    "ELEC": ("misc", "", ""),
    "GEN": ("misc", "", ""),
    "JOUR": ("article", "journal", "publisher"),
    "NEWS": ("article", "journal", "publisher"),
    "RPRT": ("techreport", "series", "institution"),
    "THES": ("phdthesis", "series", "school"),
}

# What a bibliography style cannot do without; a record that lacks one becomes `misc`.
_REQUIRED = {
    "article": ("author", "journal", "year"),
    "book": ("author", "publisher", "year"),
    "incollection": ("author", "booktitle", "year"),
    "inproceedings": ("author", "booktitle", "year"),
    "phdthesis": ("author", "school", "year"),
    "techreport": ("author", "institution", "year"),
}

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

# What is cited by its publisher when nobody signed it.
_UNSIGNED = {"NEWS", "ELEC", "RPRT"}

# How a field is called in the note, where its name alone would not do.
_WORDS = {
    "authors": "author list",
    "doi": "DOI",
    "pmid": "PubMed number",
    "url": "address",
    "first_page": "first page",
    "last_page": "last page",
    "journal_abbrev": "abbreviated journal name",
}


def to_bibtex(library: Mapping[str, Record]) -> str:
    """Return every record as a BibTeX entry, in the order of the keys.

    Text stays Unicode; what TeX would take as a command is escaped. Capitals that a style would
    make small are kept by braces. A record without what its entry type needs (an author, a
    year) becomes a `misc` entry that says where it appeared in `howpublished`.
    """
    return "\n".join(_entry(library[key]) for key in sorted(library))


def _entry(record: Record) -> str:
    kind, journal_field, publisher_field = _ENTRIES[record.kind]
    fields = {
        "author": _authors(record),
        "title": _title(record.title),
        journal_field: _escape(record.journal),
        "volume": _escape(record.volume),
        "number": _escape(record.issue),
        "pages": _pages(record),
        publisher_field: _escape(record.publisher),
        "year": str(record.year or ""),
    }
    if not all(fields[needed] for needed in _REQUIRED.get(kind, ())):
        kind = "misc"
    if kind == "misc":
        kept = {name: fields[name] for name in ("author", "title", "year")}
        fields = kept | {"howpublished": _escape(_appeared_in(record))}
    address = ("doi", record.doi) if record.doi else ("url", record.url)
    fields |= {address[0]: _raw(address[1]), "note": _note(record)}
    body = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{record.key},", *body, *_month(record), "}\n"])


def _authors(record: Record) -> str:
    """Return the authors, or, for an unsigned piece of news or page, who published it."""
    if record.authors or record.kind not in _UNSIGNED:
        return " and ".join(map(_name, record.authors))
    publisher = record.publisher or record.journal
    return f"{{{_escape(publisher)}}}" if publisher else ""


def _escape(text: str) -> str:
    return "{}".join(part.translate(_ESCAPES) for part in _LIGATURE.split(text))


def _title(title: str) -> str:
    """Escape a title and put braces round each word that a style would respell in small letters."""
    words = []
    for position, word in enumerate(title.split(" ")):
        respelt = word.lower() if position else word[:1].upper() + word[1:].lower()
        words.append(_escape(word) if word == respelt else f"{{{_escape(word)}}}")
    return " ".join(words)


def _name(author: str) -> str:
    if author == AND_OTHERS:
        return "others"
    family, comma, given = author.partition(", ")
    if not comma or " and " in author.lower():
        return f"{{{_escape(author)}}}"
    return f"{_escape(family)}, {_escape(_initials(given))}"


def _initials(given: str) -> str:
    """Set initials written as one word ("RJ") apart, as a style expects given names."""
    bunched = given.isalpha() and given.isupper()
    return " ".join(f"{letter}." for letter in given) if bunched else given


def _pages(record: Record) -> str:
    return "--".join(_escape(page) for page in (record.first_page, record.last_page) if page)


def _appeared_in(record: Record) -> str:
    """Return journal or publisher with volume, issue and pages, as one phrase."""
    issue = f"({record.issue})" if record.issue else ""
    pages = "–".join(page for page in (record.first_page, record.last_page) if page)
    numbers = ": ".join(part for part in (record.volume + issue, pages) if part)
    return " ".join(part for part in (record.journal or record.publisher, numbers) if part)


def _raw(address: str) -> str:
    """Return a DOI or URL as it is, except for what would end or unbalance the field."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _month(record: Record) -> list[str]:
    """Return the month as the name BibTeX styles define, if the date is of the record's year."""
    if record.date[:4] != str(record.year):
        return []
    return [f"  month = {_MONTHS[int(record.date[5:7]) - 1]},"]


def _note(record: Record) -> str:
    if not record.unverified:
        return ""
    names = ", ".join(_WORDS.get(field, field) for field in record.unverified)
    return f"Not yet checked against a public page: {_escape(names)}"
