"""Reporting standards, item by item: what the book does about each, and where.

The items' wording is ours; numbers and topics follow the standards (PRISMA 2020, PRISMA-LSR 2024,
SWiM 2020, ENTREQ 2012). A link is a page, or a page and an anchor: `methods#methods-sources`.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from analysis.problems import Problem, nearest
from analysis.publish.chapters import Chapter
from analysis.publish.tables.listings import Listed

FILE = "data/checklists.csv"
STATUS = {"done": "● done", "partly": "◐ partly", "not done": "○ not done"}
HEADINGS = ("Item", "What it asks for", "Status", "What this book does", "Where")
_LABEL = re.compile(r"^\(([\w-]+)\)=$|^\{#([\w-]+)\}$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _numbered(last: int, parts: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(
        f"{item}{part}" for item in range(1, last + 1) for part in parts.get(item, "") or ("",)
    )


@dataclass(frozen=True, slots=True)
class Standard:
    """A reporting standard: its title, and the numbers of all its items."""

    title: str
    items: tuple[str, ...]


STANDARDS = {
    "prisma": Standard(
        "PRISMA 2020",
        _numbered(27, {10: "ab", 13: "abcdef", 16: "ab", 20: "abcd", 23: "abcd", 24: "abc"}),
    ),
    # What it adds: elements under items of PRISMA, by number or by name where the number was not
    # seen, and four items of its own.
    "prisma-lsr": Standard(
        "PRISMA for living systematic reviews",
        (
            "1",
            "2",
            "3",
            "4",
            "L1",
            "data",
            "analysis",
            "trigger",
            "flow",
            "limits",
            "L2",
            "L3",
            "L4",
        ),
    ),
    "swim": Standard("SWiM", _numbered(9, {1: "ab"})),
    "entreq": Standard("ENTREQ", _numbered(21, {})),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One row: what an item asks for, what the book does, and where."""

    checklist: str
    item: str
    topic: str
    status: str
    answer: str
    reason: str
    link: str


def read_items(root: Path) -> tuple[Item, ...]:
    """Return all rows of the table; `check_evidence` holds its cells to their schema."""
    with (root / FILE).open(encoding="utf-8", newline="") as lines:
        return tuple(Item(**row) for row in csv.DictReader(lines))


def shown(root: Path, name: str) -> Listed:
    """Return the checklist of that name as a table, how much is done in its caption.

    Raises:
        KeyError: there is no such checklist; the message lists those that exist.
    """
    if name not in STANDARDS:
        raise KeyError(f"no checklist {name!r}: {nearest(name, STANDARDS)}")
    items = [item for item in read_items(root) if item.checklist == name]
    title = STANDARDS[name].title
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    html = (
        '<div class="qof-scroll qof-listing qof-checklist" tabindex="0" role="region" '
        f'aria-label="Checklist: {title}"><table><caption>{title}: {_counted(items)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, items))}</tbody></table></div>"
    )
    return Listed(html, title)


def _counted(items: Iterable[Item]) -> str:
    counts = Counter(item.status for item in items)
    told = ", ".join(f"{counts[status]} {status}" for status in STATUS)
    return f"{counts.total()} items: {told}"


def _row(item: Item) -> str:
    told = " ".join(filter(None, (item.answer, item.reason)))
    page, _, anchor = item.link.partition("#")
    address = f"{page}.html#{anchor}" if anchor else f"{page}.html"
    words = page.replace("-", " ").replace("qof", "QOF")
    where = f'<a href="{escape(address)}">{escape(words)}</a>' if page else "nowhere"
    cells = (escape(item.topic), STATUS[item.status], escape(told), where)
    return (
        f'<tr><th scope="row">{escape(item.item)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
    )


def check_checklists(root: Path, texts: Iterable[Chapter]) -> list[Problem]:
    """Return items that are missing, unknown or told twice, and links that lead nowhere."""
    try:
        items = read_items(root)
    except FileNotFoundError:
        return [Problem(FILE, "the reporting standards, item by item")]
    anchors = {page_of(root, chapter): anchors_of(chapter.text) for chapter in texts}
    problems = [fault for item in items for fault in _faults(item, anchors)]
    for name, standard in STANDARDS.items():
        told = Counter(item.item for item in items if item.checklist == name)
        for number in standard.items:
            if told[number] != 1:
                expected = f"one row for item {number} of {standard.title}, not {told[number]}"
                problems.append(Problem(FILE, expected, f"{name} {number}", "item"))
    return problems


def _faults(item: Item, anchors: Mapping[str, set[str]]) -> Iterator[Problem]:
    row = f"{item.checklist} {item.item}"
    if item.checklist not in STANDARDS:
        yield Problem(FILE, nearest(item.checklist, STANDARDS), row, "checklist", item.checklist)
    elif item.item not in STANDARDS[item.checklist].items:
        expected = nearest(item.item, STANDARDS[item.checklist].items, 50)
        yield Problem(FILE, expected, row, "item", item.item)
    if item.status not in STATUS:
        yield Problem(FILE, nearest(item.status, STATUS), row, "status", item.status)
    elif (item.status == "done") != (not item.reason):
        expected = "why it is not done, or partly; blank where it is done"
        yield Problem(FILE, expected, row, "reason", item.reason)
    if not item.answer.strip():
        yield Problem(FILE, "what the book does about it", row, "answer", item.answer)
    page, _, anchor = item.link.partition("#")
    if page not in anchors:
        yield Problem(FILE, f"a page of the book, {nearest(page, anchors)}", row, "link", item.link)
    elif anchor and anchor not in anchors[page]:
        expected = f"an anchor of {page}, {nearest(anchor, anchors[page])}"
        yield Problem(FILE, expected, row, "link", item.link)


def page_of(root: Path, chapter: Chapter) -> str:
    """Return the chapter's name as links have it."""
    return chapter.path.relative_to(root / "book").with_suffix("").as_posix()


def anchors_of(text: str) -> set[str]:
    """Return the ids a page has from its labels and headings."""
    from docutils.nodes import make_id

    plain = _FENCE.sub("", text)
    labels = {label or own for label, own in _LABEL.findall(plain)}
    return labels | {make_id(re.sub(r"[`*_]", "", title)) for title in _HEADING.findall(plain)}
