"""BibTeX: each entry is parsed by itself, so that a broken one costs no other."""

import codecs
import re
from collections.abc import Iterator

from analysis.references.imported import Imported, Rejection
from analysis.references.reading.build import build
from analysis.references.reading.roles import BIBTEX

# At the beginning of a line, or behind the entry before.
_BEGINS = re.compile(r"(?:^|(?<=[})]))[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
_NO_RECORD = frozenset({"comment", "preamble", "string"})
_TEX = re.compile(r"[\\{}$~`]|--|''")
_COMMAND = re.compile(r"\\(?:emph|text[a-z]+|math[a-z]+|url|it|bf|rm|sc|em|tt|sf|sl)\b ?")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
# What a reference manager adds for itself, and no reader of the library needs.
_OWN = frozenset({"file", "bdsk-url-1", "bdsk-url-2", "date-added", "date-modified", "owner"})


_Fields = list[tuple[str, str]]
_Entry = tuple[str, _Fields]


class _Macros(dict[str, str]):
    """What @string defines; a name that nothing defines stands for itself."""

    def __missing__(self, name: str) -> str:
        return name


def beginnings(text: str) -> Iterator[int]:
    """Give the number of each line where an entry begins."""
    number, counted = 1, 0
    for found in _BEGINS.finditer(text):
        number += text.count("\n", counted, found.start())
        counted = found.start()
        if found[1].lower() not in _NO_RECORD:
            yield number


def read(text: str) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each entry of a BibTeX text.

    TeX marks (accents, braces, dashes) are read as the letters they print. Names that the file
    defines by @string stand for their texts.
    """
    places = [*_BEGINS.finditer(text)]
    stops = [found.start() for found in places[1:]] + [len(text)]
    macros, number, counted = _Macros(), 1, 0
    entries: list[tuple[int, str, _Entry | str]] = []
    for found, stop in zip(places, stops, strict=True):
        number += text.count("\n", counted, found.start())
        counted = found.start()
        entry, kind = text[found.start() : stop], found[1].lower()
        parsed = _parsed(entry, macros)
        if kind not in _NO_RECORD:
            entries.append((number, kind, parsed))
    wholes = {parsed[0].lower(): parsed[1] for _, _, parsed in entries if isinstance(parsed, tuple)}
    for number, kind, parsed in entries:
        if isinstance(parsed, str):
            yield Rejection(number, f"a BibTeX entry that cannot be parsed: {parsed}")
        else:
            fields = [*parsed[1], *_inherited(parsed[1], wholes)]
            yield build(number, [("@", kind), *fields], BIBTEX)


def _inherited(fields: _Fields, wholes: dict[str, _Fields]) -> _Fields:
    """Return what an entry has from the one that it names by `crossref`, as BibTeX gives it."""
    names = {name for name, _ in fields}
    whole = next((text for name, text in fields if name == "crossref"), "")
    given = wholes.get(whole.lower(), [])
    if "booktitle" not in {*names, *(name for name, _ in given)}:
        given = [("booktitle" if name == "title" else name, text) for name, text in given]
    return [(name, text) for name, text in given if name not in {*names, "author", "doi", "title"}]


def _parsed(entry: str, macros: _Macros) -> _Entry | str:
    """Return key and fields of one entry (macros go to `macros`), or what is wrong with it."""
    from pybtex.database.input.bibtex import LowLevelParser
    from pybtex.exceptions import PybtexError

    try:
        for command, body in LowLevelParser(entry, macros=macros):
            if command.lower() in _NO_RECORD:
                continue
            key, fields = body
            texts = ((name.lower(), "".join(parts)) for name, parts in fields)
            return key or "", [pair for name, text in texts for pair in _texts(name, text)]
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

        # To TeX what follows a bare percent sign is a comment, to BibTeX it is text.
        bare = _BARE_PERCENT.sub(r"\\%", _COMMAND.sub("", text))
        # The stubs know no codec from text to text but their own.
        text = codecs.decode(bare, "ulatex", "ignore")  # type: ignore[call-overload]
    return text.replace("{", "").replace("}", "").replace("$", "")
