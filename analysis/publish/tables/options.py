"""What could be done with QOF next: `data/options.yml`, its faults, and how a page shows it."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import Any

import yaml

from analysis.evidence.statements import LEVELS, Statement, read_statements
from analysis.evidence.tables import Evidence
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.publish.book import Book
from analysis.publish.tables.cards import Card, cards, link
from analysis.publish.tables.listings import Listed
from analysis.publish.tables.profiles import level
from analysis.publish.templates import engine
from analysis.yaml_text import load_yaml

FILE = "data/options.yml"
TITLE = "Five options, and what the evidence says"
HEADINGS = ("What the evidence says", "Equity", "Cost", "Not known")
NO_SIZE = "No size was printed."
CASES_PAGE, STATEMENTS_PAGE = "devolution.html", "professionalism-evidence.html"
_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_NAME = re.compile(r"\{\{\s*(\w+)")
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:/\d\d)?\b")


@dataclass(frozen=True, slots=True)
class Cited:
    """A finding by its short name, and the number of it to show, as a template."""

    finding: str
    number: str


@dataclass(frozen=True, slots=True)
class Option:
    """One option; texts are templates over the names that chapters use."""

    id: str
    title: str
    summary: str
    evidence: tuple[Cited, ...]
    statements: tuple[str, ...]
    cases: tuple[str, ...]
    equity: str
    cost: str
    unknowns: tuple[str, ...]
    measure: tuple[str, ...]

    @property
    def texts(self) -> Mapping[str, str]:
        """Every text by the name of its part."""
        lists = {"unknowns": self.unknowns, "measure": self.measure}
        numbers = {f"evidence {cited.finding}": cited.number for cited in self.evidence}
        plain = {name: getattr(self, name) for name in ("title", "summary", "equity", "cost")}
        return plain | numbers | {name: "\n".join(texts) for name, texts in lists.items()}


def read_options(root: Path) -> tuple[Option, ...]:
    """Return the options of the project at `root`, in their written order.

    Raises:
        ProblemsFound: the file is missing, is no YAML, or an option lacks a part or has another.
    """
    try:
        told = load_yaml((root / FILE).read_text("utf-8"))
        return tuple(_option(parts) for parts in told)
    except FileNotFoundError:
        problem = Problem(FILE, "the options")
    except yaml.YAMLError as error:
        problem = Problem(FILE, "valid YAML", value=str(error))
    except (KeyError, TypeError, AttributeError) as error:
        names = ", ".join(field.name for field in fields(Option))
        problem = Problem(FILE, f"a list of options, each with {names}", value=str(error))
    raise ProblemsFound([problem])


def _option(parts: Mapping[str, Any]) -> Option:
    lists = {name: tuple(parts[name]) for name in ("statements", "cases", "unknowns", "measure")}
    cited = tuple(Cited(**one) for one in parts["evidence"])
    return Option(**{**parts, **lists, "evidence": cited})


def check_options(root: Path, book: Book, case_ids: Collection[str]) -> list[Problem]:
    """Return every dead name, dead template and typed number of the options."""
    try:
        options, told = read_options(root), read_statements(root).statements
    except ProblemsFound as found:
        return list(found.problems)
    known = {"statements": {one.id for one in told}, "cases": case_ids}
    return [fault for option in options for fault in _faults(option, book, known)]


def _faults(option: Option, book: Book, known: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for cited in option.evidence:
        if cited.finding not in book.findings:
            expected = nearest(cited.finding, book.findings)
            yield Problem(FILE, expected, option.id, "evidence", cited.finding)
    for part, ids in known.items():
        for one in getattr(option, part):
            if one not in ids:
                yield Problem(FILE, nearest(one, ids), option.id, part, one)
    for part, text in option.texts.items():
        if typed := re.search(r"\d+", _YEAR.sub("", _TEMPLATE.sub("", text))):
            expected = "no typed number: it comes from a finding, a fact or an event"
            yield Problem(FILE, expected, option.id, part, typed[0])
        try:
            filled(text, book)
        except Exception as error:  # Whatever a template may raise is a fault of the text.
            yield Problem(FILE, str(error), option.id, part, text)


def filled(text: str, book: Book) -> str:
    """Return a text with its templates filled.

    Raises:
        Exception: a template names what is not there, or says more than its finding supports.
    """
    made: str = engine().from_string(text).render(book.names())
    return made


@dataclass(frozen=True, slots=True)
class Compared:
    """The options over the current findings, statements and cases."""

    options: tuple[Option, ...]
    statements: tuple[Statement, ...]
    book: Book
    evidence: Evidence

    @property
    def findings(self) -> tuple[str, ...]:
        """The short names of all findings used, in the order in which they first come."""
        named = [
            name
            for option in self.options
            for name in (
                *(cited.finding for cited in option.evidence),
                *_NAME.findall(" ".join(option.texts.values())),
            )
        ]
        return tuple(name for name in dict.fromkeys(named) if name in self.book.findings)

    def table(self) -> Listed:
        """Return one row an option: evidence, equity, cost, and what is not known."""
        return cards([self._card(option) for option in self.options], "Option", HEADINGS, TITLE)

    def cautions(self) -> Listed:
        """Return what each finding used does not show, and why its certainty is what it is."""
        html = "".join(self._caution(name) for name in self.findings)
        return Listed(f'<div class="qof-cautions">{html}</div>', "What the findings do not show")

    def to_measure(self) -> Listed:
        """Return, option by option, what a new scheme should measure."""
        html = "".join(
            f"<h3>{escape(option.title)}</h3>{self._list(option.measure)}"
            for option in self.options
        )
        return Listed(f'<div class="qof-measure">{html}</div>', "What to measure")

    def _card(self, option: Option) -> Card:
        cells = (
            self._evidence(option),
            self._fill(option.equity),
            self._fill(option.cost),
            self._list(option.unknowns),
        )
        found = dict(zip(HEADINGS, cells, strict=True))
        return Card(f"option-{option.id}", option.title, found, filled(option.summary, self.book))

    def _evidence(self, option: Option) -> str:
        items = [*map(self._cited, option.evidence)]
        items += [_stated(one) for one in self._stated_of(option)]
        places = self.evidence.cases.set_index("case_id")["place"]
        tried = ", ".join(
            link(str(places[one]), f"{CASES_PAGE}#case-{one}") for one in option.cases
        )
        items += [f"Tried in: {tried}."] if tried else []
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"

    def _cited(self, cited: Cited) -> str:
        spoken = self.book.findings[cited.finding]
        unit, number = spoken.finding.unit, self._fill(cited.number)
        shown = f"{escape(unit[:1].upper() + unit[1:])}: {number}." if number else NO_SIZE
        sure = f'<span class="qof-certainty">{escape(spoken.certainty)}</span>'
        return f"{escape(spoken.claim)} {shown} {sure}"

    def _stated_of(self, option: Option) -> Iterator[Statement]:
        told = {one.id: one for one in self.statements}
        return (told[one] for one in option.statements)

    def _caution(self, name: str) -> str:
        spoken = self.book.findings[name]
        return (
            f"<p><strong>{escape(spoken.finding.title)}.</strong> {escape(spoken.cautions)} "
            f"<em>{escape(spoken.certainty)}.</em> {escape(spoken.certainty_reasons)}</p>"
        )

    def _list(self, texts: tuple[str, ...]) -> str:
        return "<ul>" + "".join(f"<li>{self._fill(text)}</li>" for text in texts) + "</ul>"

    def _fill(self, text: str) -> str:
        return escape(filled(text, self.book))


def _stated(one: Statement) -> str:
    assert one.confidence.level in LEVELS
    sure = f'<span class="qof-certainty">{level(one.confidence.level)} confidence</span>'
    return f"{link(one.statement, f'{STATEMENTS_PAGE}#{one.id}')} {sure}"
