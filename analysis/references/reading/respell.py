"""Fields in another spelling than RIS has, written as RIS line by line: no line comes or goes.

Read where nothing else was found: `TY` with a tab, a glued or long dash, small letters or an
indent; Ovid's records with their fields' names in full; RefWorks (`RT Journal Article`); the
Cochrane Library ("Record #1 of 5"). Ovid's MEDLARS records, which begin with `UI  -`, are spelt
as PubMed's.
"""

import re

from analysis.references.reading.people import family_first

_BLANK = "[ \t\u00a0]"
_TYPE = re.compile(
    rf"^(?P<indent>(?:{_BLANK}|>){{0,8}})(?P<tag>TY|ty)(?P<dash>{_BLANK}{{0,3}}[-‐-―])"
    rf"{_BLANK}{{0,2}}[A-Za-z]{{3,5}}{_BLANK}*$",
    re.MULTILINE,
)
_REFWORKS = re.compile(r"^RT [A-Z][A-Za-z]+.*$", re.MULTILINE)
_REFWORKS_LINE = re.compile(r"^([A-Z][A-Z0-9]) (?=\S)|^ER[ \t]*$", re.MULTILINE)
REFWORKS_TAGS = {"RT": "TY", "VO": "VL", "OP": "EP", "YR": "PY", "FD": "DA", "LK": "UR"}
_COCHRANE = re.compile(r"^Record #\d+ of \d+[ \t]*$", re.MULTILINE)
_COCHRANE_LINE = re.compile(r"^([A-Z]{2,3}): ?", re.MULTILINE)
_COCHRANE_TAGS = {"NO": "IS", "PG": "SP", "YR": "PY", "DOI": "DO", "US": "UR", "PT": "M3"}
_COCHRANE_TAGS |= {"SO": "T2", "CC": "DB", "ID": "AN", "PM": "C2"}
_PUBMED = re.compile(r"^(?:PMID|TY {2})-", re.MULTILINE)
_OVID_LINE = re.compile(r"^(UI|YR|DO) {2}- ", re.MULTILINE)
_OVID_HEAD = re.compile(r"^(VN {2}- .*\n(?:[A-Z]{2} {2}- .*\n){0,4}?)(UI {2}- .*\n)", re.MULTILINE)
_OVID_TAGS = {"YR": "DP  - ", "DO": "LID - "}
_EPPI = "\nKW  - eppi-reviewer"
_EPPI_AUTHOR = re.compile(
    r"^(A[1U] {2}- )([^,\n]+?)[ \t]*(?:\nA[1U] {2}- ((?:[A-Z][ \t]*)+))?$", re.MULTILINE
)

# EndNote records of Digital Commons begin with their title.
_TITLE_FIRST = re.compile(r"(\A\s*|\n[ \t]*\n)(%T .*\n)(%0 .*(?:\n|\Z))")
_LABELLED = re.compile(r"^<\d+>[ \t]*\n(?:[A-Z][A-Za-z ]+[ \t]*\n[ \t]+\S)", re.MULTILINE)
_LABELLED_START = re.compile(r"^<\d+>[ \t]*$", re.MULTILINE)
_LABEL = re.compile(r"^([A-Z][A-Za-z/() -]{2,60}?)[ \t]*\n[ \t]+(?=\S)", re.MULTILINE)
_LABELS = {
    "Abstract": "AB",
    "Accession Number": "AN",
    "Author": "AU",
    "Authors": "AU",
    "Book Title": "T2",
    "DOI": "DO",
    "DOI Number": "DO",
    "Database": "DB",
    "Digital Object Identifier": "DO",
    "Document Type": "M3",
    "ISSN": "SN",
    "Institution": "AD",
    "Language": "LA",
    "Link to the Ovid Full Text or citation": "UR",
    "Publication Type": "M3",
    "Publisher": "PB",
    "Source": "SO",
    "Title": "TI",
    "URL": "UR",
    "Year of Publication": "PY",
}
_PLAIN_LABELLED = re.compile(r"^(?:AU|SO) {2}- .*$", re.MULTILINE)
# The numbers of the places that authors are of, and the full stop behind a journal.
_IN_LABELLED = re.compile(r"(?<=\S) \d{1,2}(?=;)| \d{1,2}$|(?<=[^\s.\d])\.$")


def as_ris(text: str) -> str:
    """Return a text as RIS; "" where it is in none of the spellings."""
    if found := _TYPE.search(text):
        return _by_first_line(text, found)
    if _COCHRANE.search(text):
        return _COCHRANE.sub("TY  - JOUR", _COCHRANE_LINE.sub(_from_cochrane, text))
    if _LABELLED.search(text):
        text = _LABELLED_START.sub("TY  - JOUR", _LABEL.sub(_from_label, text))
        return _PLAIN_LABELLED.sub(lambda found: _IN_LABELLED.sub("", found[0].rstrip()), text)
    if _REFWORKS.search(text):
        plain = _REFWORKS.sub(lambda found: found[0].partition(",")[0], text)
        return _REFWORKS_LINE.sub(_from_refworks, plain)
    return ""


def endnote(text: str) -> str:
    """Return EndNote records with their type first, where their title comes before it."""
    return _TITLE_FIRST.sub(r"\1\3\2", text)


def eppi(text: str) -> str:
    """Return EPPI-Reviewer's RIS with commas in its names, which have the family's first.

    A family name of two words stands in a line of its own there, and its initials in the next.
    """
    return _EPPI_AUTHOR.sub(_from_eppi, text) if _EPPI in text else text


def _from_eppi(found: re.Match[str]) -> str:
    tag, name, initials = found.groups()
    return f"{tag}{name}, {initials}\n" if initials else f"{tag}{family_first(name)}"


def ovid(text: str) -> str:
    """Return a text of Ovid's as PubMed spells it, and any other as it is.

    The number under `UI` is PubMed's in MEDLINE alone: elsewhere it stays with its tag.
    """
    if _PUBMED.search(text):
        return text
    # In a complete reference the database's name comes first.
    text = _OVID_HEAD.sub(lambda found: found[2] + found[1], text)
    number = "PMID- " if re.search(r"^VN {2}- .*medline", text, re.I | re.M) else "PMID- UI "
    return _OVID_LINE.sub(lambda found: _OVID_TAGS.get(found[1], number), text)


def _by_first_line(text: str, first: re.Match[str]) -> str:
    """Spell every field as RIS that is spelt as the first type of a source is."""
    letters = "[a-z][a-z0-9]" if first["tag"] == "ty" else "[A-Z][A-Z0-9]"
    field = rf"^{re.escape(first['indent'])}({letters}){re.escape(first['dash'])}{_BLANK}?"
    return re.sub(field, lambda found: f"{found[1].upper()}  - ", text, flags=re.MULTILINE)


def _from_cochrane(found: re.Match[str]) -> str:
    return f"{_COCHRANE_TAGS.get(found[1], found[1][:2])}  - "


def _from_label(found: re.Match[str]) -> str:
    """Put a field's tag before its text, which stands in the line below; and a name with none."""
    tag = _LABELS.get(found[1])
    return f"\n{tag}  - " if tag else f"\nN1  - {found[1]}: "


def _from_refworks(found: re.Match[str]) -> str:
    return f"{REFWORKS_TAGS.get(found[1], found[1])}  - " if found[1] else "ER  - "
