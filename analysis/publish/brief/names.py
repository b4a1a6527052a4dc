"""What a brief's template may name: what chapters may, and a few words of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analysis.evidence.statements import read_statements
from analysis.problems import nearest
from analysis.publish.book import Book
from analysis.publish.citing.citation import Edition, Work, in_style
from analysis.publish.prose.spoken import Spoken
from analysis.publish.tables.options import Option, read_options
from analysis.publish.tables.profiles import PROFILES, level
from analysis.publish.templates import engine
from analysis.publish.works import finding_page

REFERENCES = "::: {#refs}\n:::"
"""Where pandoc puts the references."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that a template asked for: of what, which, and what it got."""

    name: str
    attribute: str
    text: str


class Heard:
    """A thing as a template speaks of it, with every text it gives written down."""

    def __init__(self, name: str, thing: object, log: list[Asked]) -> None:
        self._name, self._thing, self._log = name, thing, log

    def __getattr__(self, attribute: str) -> Any:
        got = getattr(self._thing, attribute)
        if not callable(got):
            return self._noted(attribute, got)
        return lambda *given: self._noted(attribute, got(*given))

    def _noted(self, attribute: str, got: object) -> object:
        if isinstance(got, str):
            self._log.append(Asked(self._name, attribute, got))
        return Heard(self._name, got, self._log) if isinstance(got, Spoken) else got


@lru_cache(maxsize=256)
def template(text: str) -> Any:
    """Return a template ready to be filled; the same text is read once."""
    return engine().from_string(text)


def brief_names(book: Book, audience: str, edition: Edition, log: list[Asked]) -> dict[str, Any]:
    """Return what `{{ ... }}` in a brief may begin with; `log` grows as templates ask.

    Beside the names of chapters: `audience`, `see(finding)` (a link to its page, where the book
    has an address), `stated("id")` (a statement on professional life with its confidence),
    `option.drop.cost` (from `data/options.yml`), `limits` (of every finding spoken of),
    `references` and `cited` (how to cite the brief).
    """
    heard: dict[str, Any] = {name: Heard(name, thing, log) for name, thing in book.names().items()}
    return heard | {
        "audience": audience,
        "see": lambda spoken: _link(edition, f"{finding_page(spoken.finding.id)}.html"),
        "stated": _stated(book, edition),
        "option": _Options({one.id: _Option(one, heard) for one in read_options(book.root)}),
        "cite": lambda work: _cited(work, edition),
        "cited": "",
        "limits": "",
        "references": REFERENCES,
    }


def limits(book: Book, log: list[Asked]) -> str:
    """Return what each finding that was asked for does not show, one paragraph a finding."""
    named = dict.fromkeys(asked.name for asked in log if asked.name in book.findings)
    return "\n\n".join(_limit(book.findings[name]) for name in named)


def _limit(spoken: Spoken) -> str:
    told = f"{spoken.cautions} {spoken.certainty[:1].upper()}{spoken.certainty[1:]}:"
    return f"**{spoken.finding.title}.** {told} {spoken.certainty_reasons}"


def _link(edition: Edition, path: str, text: str = "analysis") -> str:
    return f" ([{text}]({edition.base}/{path}))" if edition.base else ""


@lru_cache(maxsize=16)
def _cited(work: Work, edition: Edition) -> str:
    return in_style(work, edition, "vancouver")


def _stated(book: Book, edition: Edition) -> Callable[[str], str]:
    known = {one.id: one for one in read_statements(book.root).statements}

    def stated(name: str) -> str:
        if name not in known:
            raise KeyError(f"no statement {name!r}: {nearest(name, known)}")
        one = known[name]
        link = _link(edition, f"{PROFILES}#{one.id}", "how this was judged")
        return f"{one.statement} **{level(one.confidence.level)} confidence.**{link}"

    return stated


class _Options:
    """Options by id, as `option.drop`."""

    def __init__(self, options: "Mapping[str, _Option]") -> None:
        self._options = options

    def __getattr__(self, name: str) -> "_Option":
        if name.startswith("_") or name not in self._options:
            raise AttributeError(f"no option {name!r}: {nearest(name, self._options)}")
        return self._options[name]


class _Option:
    """The texts of one option, filled: title, summary, equity, cost, unknowns, measure."""

    def __init__(self, option: Option, names: Mapping[str, Any]) -> None:
        self._option, self._names = option, names

    def __getattr__(self, part: str) -> str:
        texts = self._option.texts
        if part.startswith("_") or part not in texts:
            raise AttributeError(
                f"option {self._option.id} has no {part!r}: {nearest(part, texts)}"
            )
        return " ".join(template(texts[part]).render(self._names).split())
