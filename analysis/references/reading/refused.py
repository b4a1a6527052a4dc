"""What to say of a file in which no citation was found: what it is, and what to choose instead."""

from analysis.references.imported import NotACitationFile

LOOKED_FOR = (
    "RIS (TY  - JOUR … ER  -), PubMed (PMID- …), HighWire MEDLARS (PT  - …), Web of Science"
    " (PT J … ER), EndNote (%0 …), BibTeX (@article{…}), JSON ([{…}]), XML of EndNote or"
    " PubMed, CSV, TSV or Excel (a heading with a title and one more known column)"
)
INSTEAD = "in the database or reference manager choose “Export”, and as the format RIS"
# How files begin that are no text, or are text for something else.
_OTHERS = (
    (b"%PDF-", "a PDF, which is read by people"),
    (b"{\\rtf", "a document with its layout (RTF)"),
    (b"SQLite format 3", "a database of its own program, as Zotero and EndNote keep theirs"),
    (b"\x1f\x8b", "a packed file (gzip): unpack it first, or"),
    (b"7z\xbc\xaf", "a packed file (7z): unpack it first, or"),
    (b"Rar!", "a packed file (RAR): unpack it first, or"),
)
_LONGEST_TOLD = 100
_PAGE = ("<!doctype html", "<html")


def of_another_kind(file: str, content: bytes) -> NotACitationFile | None:
    """Return the error for bytes that plainly are something else; nothing for all other ones."""
    for begins, what in _OTHERS:
        if content.startswith(begins):
            return NotACitationFile(f"{_named(file)} is {_then(what)} {INSTEAD}")
    return None


def _then(what: str) -> str:
    return what if what.endswith(", or") else f"{what}:"


def nothing_found(file: str, encoding: str, text: str) -> NotACitationFile:
    """Return the error for a text in which nothing was found, naming what was looked for."""
    begins = " ".join(text[:200].split())[:60]
    if begins.lower().startswith(_PAGE):
        return NotACitationFile(f"{_named(file)} is a saved web page: {INSTEAD}")
    what = f"begins with {begins!r}" if begins else "is empty"
    return NotACitationFile(
        f"{_named(file)} ({encoding}) {what}: expected citations as {LOOKED_FOR}; {INSTEAD}"
    )


def other_xml(file: str, root: str) -> NotACitationFile:
    """Return the error for a file that is XML of a kind that is not known."""
    return NotACitationFile(
        f"{_named(file)} is XML that begins with <{root}>, and no record was found in it: expected"
        " XML of EndNote, PubMed, MODS, MARC, Word, RefWorks or Zotero (RDF); instead,"
        f" {INSTEAD}"
    )


def no_table(file: str, first_row: str) -> NotACitationFile:
    """Return the error for a workbook without a sheet of citations, or another archive."""
    if first_row:
        return NotACitationFile(
            f"{_named(file)} is a spreadsheet in which no sheet has a heading with a title and"
            f" one more known column (its first row: {first_row[:_LONGEST_TOLD]}): name the"
            f" columns as PubMed or Scopus do, or {INSTEAD}"
        )
    return NotACitationFile(
        f"{_named(file)} is a ZIP archive or an office document: expected what is in it,"
        f" unpacked, or {INSTEAD}"
    )


def _named(file: str) -> str:
    return file or "this export"
