"""A policy brief: what `data/briefs.yml` and `book/briefs/` say, filled from the current findings.

The templates speak the language of the chapters, `{{ withdrawal.estimate }}`, so that a sentence
moves between the book and a brief unchanged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.findings.questions import FILE as QUESTIONS
from analysis.problems import Problem, ProblemsFound
from analysis.publish.book import Book
from analysis.publish.brief.names import Asked, brief_names, limits, template
from analysis.publish.brief.topics import BriefTopic
from analysis.publish.chapters import BRIEFS, CITED
from analysis.publish.citing.citation import Edition
from analysis.publish.prose.review import drafting

ENDING = "ending"
"""The template that every brief ends with."""

_CITES = (
    (re.compile(r"\{cite:p\}`([^`]+)`"), lambda found: f"[{_keys(found[1])}]"),
    (re.compile(r"\{cite:t\}`([^`]+)`"), lambda found: _keys(found[1])),
)


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief for one audience.

    `text` is Markdown for pandoc with `[@key]` citations, `asked` every text the templates asked
    for, `keys` the library keys cited, in order, `caption` that of the figure.
    """

    topic: BriefTopic
    audience: str
    edition: Edition
    text: str
    asked: tuple[Asked, ...]
    caption: str
    keys: tuple[str, ...]


def write_brief(book: Book, topic: BriefTopic, audience: str, edition: Edition) -> Brief:
    """Return the brief for one audience, every number and word from the current findings.

    Raises:
        ProblemsFound: a template names what is not there or says more than its finding supports,
            or the claim of a finding that it speaks of no longer holds.
    """
    log: list[Asked] = []
    names = brief_names(book, audience, edition, log)
    # A brief leaves the house: there is none with sentences under review, as a draft has.
    with drafting(False):
        # A first pass hears which findings the brief speaks of; the second prints their limits.
        _filled(book, topic, names)
        names["limits"] = limits(book, log)
        log.clear()
        text, caption = _filled(book, topic, names)
    if lost := [
        p for name in dict.fromkeys(asked.name for asked in log) for p in _lost(book, name)
    ]:
        raise ProblemsFound(lost)
    return Brief(topic, audience, edition, _cites(text), tuple(log), caption, _cited(text))


def template_of(root: Path, name: str) -> Path:
    """Return the path of a brief's template."""
    return root / "book" / BRIEFS / f"{name}.md"


def _filled(book: Book, topic: BriefTopic, names: Mapping[str, Any]) -> tuple[str, str]:
    from jinja2 import TemplateError

    path = template_of(book.root, topic.id)
    try:
        parts = [template_of(book.root, name).read_text("utf-8") for name in (topic.id, ENDING)]
        told = {**names, "cited": names["cite"](topic.work)}
        texts = ("\n".join(parts), topic.caption)
        text, caption = (template(one).render(told) for one in texts)
    except FileNotFoundError as error:
        file = Path(error.filename).relative_to(book.root).as_posix()
        raise ProblemsFound([Problem(file, "the template of a brief")]) from error
    except (TemplateError, ValueError, AttributeError, KeyError, TypeError) as error:
        file = path.relative_to(book.root).as_posix()
        raise ProblemsFound([Problem(file, str(error), topic.id, "{{ }}")]) from error
    return text, caption.strip()


def _lost(book: Book, name: str) -> list[Problem]:
    if name not in book.findings or book.findings[name].finding.holds:
        return []
    finding = book.findings[name].finding
    return [Problem(QUESTIONS, finding.holds_if, finding.id, "claim", finding.claim)]


def _cited(text: str) -> tuple[str, ...]:
    found = (key.strip() for keys in CITED.findall(text) for key in keys.split(","))
    return tuple(dict.fromkeys(found))


def _cites(text: str) -> str:
    for pattern, put in _CITES:
        text = pattern.sub(put, text)
    return text


def _keys(found: str) -> str:
    return "; ".join(f"@{key.strip()}" for key in found.split(","))
