"""`qof export`: the library for other programs."""

import argparse
from pathlib import Path

HELP = "write the reference library as BibTeX, CSL-JSON, RIS or CSV"
EPILOG = """\
examples:
  qof export --format bibtex > library.bib
  qof export minchin2018 morales2023 --format csl
  qof export --format ris --to library-for-zotero.ris

exit status: 0 done, 2 a key or an option is wrong
"""
FORMATS = ("bibtex", "csl", "csv", "ris")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare which records, in which form, to where."""
    add = parser.add_argument
    add("keys", nargs="*", metavar="KEY", help="these records only (default: the whole library)")
    add("--format", choices=FORMATS, default="bibtex", help="default: bibtex")
    add("--to", type=Path, metavar="FILE", help="write this file (default: standard output)")


def run(options: argparse.Namespace) -> int:
    """Write the records; 2 when a key is not in the library."""
    from analysis.paths import LIBRARY, project_root
    from analysis.problems import Problem, nearest, tell
    from analysis.references import read_library
    from analysis.references.export import export

    path = project_root(options.root) / LIBRARY
    library = read_library(path)
    expected = "a key of the library, "
    unknown = [
        Problem("command line", expected + nearest(key, library), value=key)
        for key in options.keys
        if key not in library
    ]
    if unknown:
        tell(unknown)
        return 2
    text = export([library[key] for key in options.keys or library], options.format)
    if options.to:
        options.to.write_text(text, "utf-8", newline="")
    else:
        print(text, end="")
    return 0
