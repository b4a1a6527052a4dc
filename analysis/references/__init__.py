"""The reference library: one record a source, read from and written to RIS, cited as BibTeX."""

from analysis.references.bibtex import to_bibtex
from analysis.references.citation import citation
from analysis.references.library import Library, read_library, write_library
from analysis.references.reading import read_export
from analysis.references.record import AND_OTHERS, KINDS, Record, normalise_doi
from analysis.references.searches import Search, read_searches

__all__ = [
    "AND_OTHERS",
    "KINDS",
    "Library",
    "Record",
    "Search",
    "citation",
    "normalise_doi",
    "read_export",
    "read_library",
    "read_searches",
    "to_bibtex",
    "write_library",
]
