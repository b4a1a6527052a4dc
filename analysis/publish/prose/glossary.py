"""The glossary: what each word means, and where a page first uses it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.publish.chapters import Chapter
from analysis.publish.prose.rules import prose_of
from analysis.yaml_text import load_yaml

FILE = "data/glossary.yml"
PAGE = "glossary"
ROLE = re.compile(r"\{term\}`([^`]+)`")
_TARGET = re.compile(r".*<([^>]+)>\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its meaning; `forms` are how it stands in sentences, none for `{term}` only."""

    term: str
    text: str
    names: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


def read_glossary(root: Path) -> tuple[Term, ...]:
    """Return the terms of the project at `root`, by name.

    Raises:
        ProblemsFound: the file is missing, is no YAML, or an entry is not as it must be.
    """
    import yaml

    try:
        entries = load_yaml((root / FILE).read_text("utf-8"))
        terms = tuple(_term(entry) for entry in entries)
    except FileNotFoundError:
        raise ProblemsFound([Problem(FILE, "the words that need one explanation")]) from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        said = str(error).replace("\n", " ")
        raise ProblemsFound([Problem(FILE, "a list of term and text", value=said)]) from error
    return tuple(sorted(terms, key=lambda one: one.term.lower()))


def _term(entry: Mapping[str, Any]) -> Term:
    unknown = set(entry) - {"term", "as", "forms", "text"}
    if unknown:
        raise KeyError(f"{sorted(unknown)[0]} in {entry.get('term')}")
    names: tuple[str, ...] = tuple(entry.get("as", ()))
    forms = tuple(entry["forms"]) if "forms" in entry else (entry["term"], *names)
    return Term(entry["term"], " ".join(entry["text"].split()), names, forms)


def check_glossary(root: Path, texts: Iterable[Chapter]) -> list[Problem]:
    """Return terms given twice, terms no page uses, and `{term}` of what is not there."""
    try:
        terms = read_glossary(root)
    except ProblemsFound as found:
        return list(found.problems)
    pages = [chapter for chapter in texts if chapter.path.stem != PAGE]
    known = [name for one in terms for name in (one.term, *one.names)]
    twice = sorted({name for name in known if known.count(name) > 1})
    problems = [Problem(FILE, "each name once", name, "term", name) for name in twice]
    for chapter in pages:
        problems += _dead(root, chapter, known)
    return problems + list(_unused(terms, pages))


def _dead(root: Path, chapter: Chapter, known: Sequence[str]) -> Iterator[Problem]:
    small = {name.lower() for name in known}
    for found in ROLE.finditer(chapter.text):
        inside = _TARGET.match(found[1])
        name = (inside[1] if inside else found[1]).strip()
        if name.lower() not in small:
            file = chapter.path.relative_to(root).as_posix()
            line = chapter.text.count("\n", 0, found.start()) + 1
            yield Problem(file, f"a term of {FILE}, {nearest(name, known)}", line, "{term}", name)


def _unused(terms: Iterable[Term], pages: Iterable[Chapter]) -> Iterator[Problem]:
    texts = [(chapter.text, prose_of(chapter.text)) for chapter in pages]
    roles = {name.lower() for text, _ in texts for name in ROLE.findall(text)}
    words = "\n".join(prose for _, prose in texts)
    for one in terms:
        asked = {one.term.lower(), *map(str.lower, one.names)} & roles
        if not asked and not (one.forms and pattern([one]).search(words)):
            yield Problem(FILE, "a term that a chapter uses", one.term, "forms")


def pattern(terms: Iterable[Term]) -> re.Pattern[str]:
    """Return what finds any form of the terms as whole words, the longest first.

    Forms in small letters are found with a capital too, at the head of a sentence.
    """
    forms = sorted({form for one in terms for form in one.forms}, key=lambda form: -len(form))
    choices = "|".join(map(_either_case, forms))
    # A word may be broken over two lines of the source.
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])" if forms else r"(?!)")


def _either_case(form: str) -> str:
    words = r"\s+".join(re.escape(word) for word in form.split())
    first = form[0]
    return f"[{first.upper()}{first}]{words[1:]}" if first.islower() else words


def by_form(terms: Iterable[Term]) -> dict[str, Term]:
    """Return the terms by each of their forms in small letters."""
    return {form.lower(): one for one in terms for form in one.forms}


def page_text(terms: Iterable[Term]) -> str:
    """Return the glossary as MyST: one entry a term, its other names beside it."""
    entries = ["\n".join([one.term, *one.names, f"    {one.text}"]) for one in terms]
    return "```{glossary}\n" + "\n\n".join(entries) + "\n```"
