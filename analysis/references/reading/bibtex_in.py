"""BibTeX: each entry is parsed by itself, so that a broken one costs no other."""

import codecs
import re
from collections.abc import Iterator

from analysis.references.imported import Imported, Rejection
from analysis.references.reading.build import build
from analysis.references.reading.roles import BIBTEX

_BEGINS = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
_NO_RECORD = frozenset({"comment", "preamble", "string"})
_TEX = re.compile(r"[\\{}$~`]|--|''")
_COMMAND = re.compile(r"\\(?:emph|text[a-z]+|math[a-z]+|url|it|bf|rm|sc|em|tt|sf|sl)\b ?")
# What a reference manager adds for itself, and no reader of the library needs.
_OWN = frozenset({"file", "bdsk-url-1", "bdsk-url-2", "date-added", "date-modified", "owner"})


class _Macros(dict[str, str]):
    """What @string defines; a name that nothing defines stands for itself."""

    def __missing__(self, name: str) -> str:
        return name


def beginnings(text: str) -> Iterator[int]:
    """Give the number of each line where an entry begins."""
    for line, content in enumerate(text.split("\n"), start=1):
        found = _BEGINS.match(content)
        if found and found[1].lower() not in _NO_RECORD:
            yield line


def read(text: str) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each entry of a BibTeX text.

    TeX marks (accents, braces, dashes) are read as the letters they print. Names that the file
    defines by @string stand for their texts.
    """
    places = [*_BEGINS.finditer(text)]
    stops = [found.start() for found in places[1:]] + [len(text)]
    macros, number, counted = _Macros(), 1, 0
    for found, stop in zip(places, stops, strict=True):
        number += text.count("\n", counted, found.start())
        counted = found.start()
        entry, kind = text[found.start() : stop], found[1].lower()
        fields = _parsed(entry, macros)
        if kind in _NO_RECORD:
            continue
        if isinstance(fields, str):
            yield Rejection(number, f"a BibTeX entry that cannot be parsed: {fields}")
        else:
            yield build(number, [("@", kind), *fields], BIBTEX)


def _parsed(entry: str, macros: _Macros) -> list[tuple[str, str]] | str:
    """Return the fields of one entry (macros are added to `macros`), or what is wrong with it."""
    from pybtex.database.input.bibtex import LowLevelParser
    from pybtex.exceptions import PybtexError

    try:
        for command, body in LowLevelParser(entry, macros=macros):
            if command.lower() in _NO_RECORD:
                continue
            _, fields = body
            return [pair for name, parts in fields for pair in _texts(name.lower(), "".join(parts))]
    except PybtexError as error:
        return str(error).partition("\n")[0]
    return "no entry"


def _texts(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Give the texts of a field: one, or, for names, one a person."""
    if name in _OWN:
        return
    if name not in ("author", "editor"):
        yield name, _plain(text)
        return
    from pybtex.bibtex.utils import split_name_list

    for person in split_name_list(" ".join(text.split())):
        whole = person.startswith("{") and person.endswith("}") and person.count("{") == 1
        yield name, f"{{{_plain(person)}}}" if whole else _plain(person)


def _plain(text: str) -> str:
    """Return the text that TeX prints."""
    if not _TEX.search(text):
        return text
    if "\\" in text or "--" in text or "~" in text or "`" in text or "''" in text:
        import latexcodec  # noqa: F401  (registers the codec)

        text = codecs.decode(_COMMAND.sub("", text), "ulatex", "ignore")
    return text.replace("{", "").replace("}", "").replace("$", "")
