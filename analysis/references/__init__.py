"""The reference library: one record a source, read from and written to RIS, cited as BibTeX."""

from analysis.references.bibtex import to_bibtex
from analysis.references.citation import citation
from analysis.references.library import Library, read_library, write_library
from analysis.references.record import AND_OTHERS, KINDS, Record, normalise_doi

__all__ = [
    "AND_OTHERS",
    "KINDS",
    "Library",
    "Record",
    "citation",
    "normalise_doi",
    "read_library",
    "to_bibtex",
    "write_library",
]
