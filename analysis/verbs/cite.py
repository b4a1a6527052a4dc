"""`qof cite`: how to cite the book, a chapter, a finding, a figure or a brief."""

import argparse

HELP = "say how to cite a finding, a chapter, a figure, a brief or the whole book"
EPILOG = """\
examples:
  qof cite withdrawal-recorded-care
  qof cite book --format bibtex >> references.bib
  qof cite when-payment-stopped#forest-withdrawal-recorded-care --format apa
  qof cite brief-professionalism --format ris
  qof cite --list

exit status: 0 done, 2 nothing has that name
"""
FORMATS = ("vancouver", "harvard", "apa", "bibtex", "ris", "csl")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what is cited, in which form."""
    add = parser.add_argument
    what = "a finding, a chapter, a brief, PAGE#FIGURE, or book (default)"
    add("ids", nargs="*", metavar="ID", help=what)
    add("--format", choices=FORMATS, default="vancouver", help="default: vancouver")
    add("--address", default="", metavar="URL", help="where the book is published")
    add("--list", action="store_true", help="list what can be cited")


def run(options: argparse.Namespace) -> int:
    """Write the citations; 2 when nothing has that name."""
    from analysis.paths import project_root
    from analysis.problems import Problem, tell
    from analysis.publish.book import load_book
    from analysis.publish.citing.citation import cite, edition_of
    from analysis.publish.works import find_work, works

    book = load_book(project_root(options.root))
    edition = edition_of(book, options.address)
    if options.list:
        for work in works(book).values():
            print(f"{work.id}\t{work.kind}\t{work.title}")
        return 0
    chosen, unknown = [], []
    for name in options.ids or ["book"]:
        try:
            chosen.append(find_work(book, name))
        except KeyError as error:
            unknown.append(Problem("command line", error.args[0], value=name))
    if unknown:
        tell(unknown)
        return 2
    print("\n".join(cite(work, edition, options.format) for work in chosen), end="")
    return 0
