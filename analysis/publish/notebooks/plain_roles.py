"""Roles of MyST as plain Markdown: citations as text, references as links to the site."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.publish.chapters import Chapter
from analysis.references import Library, Record

_LABELLED = re.compile(r"^\(([\w.:-]+)\)=\s*\n+#+ +(.+)$", re.MULTILINE)
_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
# Code between two grave accents or more is shown as it is; between one, only after no role.
_ROLE = re.compile(r"(``+)(?!`).+?(?<!`)\1(?!`)|\{([\w:-]+)\}`([^`]+)`", re.DOTALL)
_WITH_TARGET = re.compile(r"(.*?)\s*<([^<>]+)>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Targets:
    """What text can point at.

    `base` is the address of the site, or the way to it, without a final slash. `titles` are those
    of pages by name; `labels` are page and heading by label.
    """

    base: str
    library: Library
    titles: Mapping[str, str]
    labels: Mapping[str, tuple[str, str]]

    def page(self, name: str, anchor: str = "") -> str:
        """Return the address of a page, or of a place on it."""
        return f"{self.base}/{name}.html" + (f"#{anchor}" if anchor else "")


def targets_of(base: str, library: Library, texts: Iterable[Chapter], book: Path) -> Targets:
    """Return what the chapters under the folder `book` can point at."""
    titles: dict[str, str] = {}
    labels: dict[str, tuple[str, str]] = {}
    for chapter in texts:
        page = chapter.path.relative_to(book).with_suffix("").as_posix()
        heading = _HEADING.search(chapter.text)
        titles[page] = heading[1] if heading else page
        labels |= {label: (page, title) for label, title in _LABELLED.findall(chapter.text)}
    return Targets(base, library, titles, labels)


def without_roles(text: str, to: Targets) -> str:
    """Return the text with its roles as plain words and links; code is left as it is."""
    return _ROLE.sub(lambda found: found[0] if found[1] else _role(found, to), text)


def _role(found: re.Match[str], to: Targets) -> str:
    given = _WITH_TARGET.fullmatch(found[3])
    text, target = (given[1], given[2]) if given else ("", found[3])
    made = ROLES.get(found[2])
    return made(text, target.strip(), to) if made else text or target


def _cited_in_text(_text: str, keys: str, to: Targets) -> str:
    told = [_author_year(to.library[key.strip()]) for key in keys.split(",")]
    return "; ".join(f"{author} ({year})" for author, year in told)


def _cited(_text: str, keys: str, to: Targets) -> str:
    told = [_author_year(to.library[key.strip()]) for key in keys.split(",")]
    return f"({'; '.join(f'{author}, {year}' for author, year in told)})"


def _author_year(record: Record) -> tuple[str, str]:
    author, _, year = record.label.rpartition(" ")
    return author, year


def _page(text: str, name: str, to: Targets) -> str:
    page = name.strip("/")
    return f"[{text or to.titles.get(page, page)}]({to.page(page)})"


def _place(text: str, label: str, to: Targets) -> str:
    page, title = to.labels.get(label, ("", label))
    return f"[{text or title}]({to.page(page, label)})" if page else text or title


def _term(text: str, name: str, to: Targets) -> str:
    return f"[{text or name}]({to.page('glossary')})"


ROLES: Mapping[str, Callable[[str, str, Targets], str]] = {
    "cite": _cited,
    "cite:p": _cited,
    "cite:t": _cited_in_text,
    "doc": _page,
    "ref": _place,
    "term": _term,
}
"""How a role is written; of any other its words stay."""
