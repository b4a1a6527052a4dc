"""`qof brief`: a policy brief of two pages, from the current findings."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.publish.brief.topics import BriefTopic

HELP = "make a policy brief as PDF, Word, HTML or Markdown"
EPILOG = """\
examples:
  qof brief --list
  qof brief drop-qof
  qof brief local-schemes --audience local --format docx
  qof brief professionalism -o brief.html --address https://example.org/book
  qof brief drop-qof --format md -o -

exit status: 0 done, 1 a sentence is no longer supported, 2 wrong use
"""
FORMATS = ("pdf", "docx", "html", "md")
AUDIENCES = ("national", "local", "practice")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare which brief is made, for whom, and where it goes."""
    add = parser.add_argument
    add("topic", nargs="?", metavar="TOPIC", help="one of those that --list names")
    add("--list", action="store_true", help="list the briefs there are")
    add("--format", choices=FORMATS, help="default: what FILE ends in, or pdf")
    add("--audience", choices=AUDIENCES, default="national", help="default: national")
    there = "default: TOPIC-AUDIENCE.FORMAT here; - writes to standard output"
    add("-o", "--output", "--to", dest="to", metavar="FILE", help=there)
    add("--address", default="", metavar="URL", help="where the book is published, for links")


def run(options: argparse.Namespace) -> int:
    """Write the brief and print where; 2 when there is no such brief or format."""
    from analysis.paths import project_root
    from analysis.problems import Problem, tell
    from analysis.publish.brief.topics import find_brief, read_briefs

    root = project_root(options.root)
    if options.list or not options.topic:
        for topic in read_briefs(root).values():
            print(f"{topic.id}\t{topic.title}\t{topic.summary}")
        return 0 if options.list else 2
    try:
        topic = find_brief(root, options.topic)
    except KeyError as error:
        tell([Problem("command line", error.args[0], value=options.topic)])
        return 2
    form = options.format or Path(options.to or "").suffix.lstrip(".") or FORMATS[0]
    if form not in FORMATS:
        tell([Problem("command line", f"one of {', '.join(FORMATS)}", column="-o", value=form)])
        return 2
    _write(_made(root, topic, options, form), options.to or f"{topic.id}-{options.audience}.{form}")
    return 0


def _made(root: Path, topic: "BriefTopic", options: argparse.Namespace, form: str) -> bytes:
    from analysis.publish.book import load_book
    from analysis.publish.brief.formats import brief_bytes, parts_of
    from analysis.publish.brief.writing import write_brief
    from analysis.publish.citing.citation import edition_of

    book = load_book(root)
    edition = edition_of(book, options.address)
    return brief_bytes(parts_of(book, write_brief(book, topic, options.audience, edition)), form)


def _write(content: bytes, to: str) -> None:
    import sys

    if to == "-":
        sys.stdout.buffer.write(content)
        return
    Path(to).write_bytes(content)
    print(to)
