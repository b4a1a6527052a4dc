"""BibTeX: each entry is parsed by itself, so that a broken one costs no other."""

import codecs
import re
from collections.abc import Iterator

from analysis.references.imported import Imported, Rejection
from analysis.references.reading.build import build
from analysis.references.reading.roles import BIBTEX

# At the beginning of a line, or behind the entry before.
_BEGINS = re.compile(r"(?:^|(?<=[})]))[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
# The key, up to the first field: none in "@article{,", several words in others' files.
_KEY = re.compile(r"\s*(@\s*[A-Za-z]+\s*[{(])([^={}\"]*?)(?=,?\s*[A-Za-z][\w-]*\s*=)")
_NOT_IN_A_KEY = re.compile(r"[^\w:./+-]+")
# "key words = {": a name is one word.
_ODD_NAME = re.compile(r"^([ \t]*[A-Za-z]+)[ \t]+([A-Za-z]+[ \t]*=[ \t]*[{\"\d])", re.MULTILINE)
_LINE = re.compile(r"(?<=in line )\d+")
# What is a book by itself, so that its name is its title.
_BOOKS = frozenset({"book", "collection", "proceedings"})
# An entry's own brace and its field's.
_WITHIN_A_FIELD = 2
_MOST_WITHIN = 6
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
    for found, _ in _places(text):
        number += text.count("\n", counted, found.start())
        counted = found.start()
        if found[1].lower() not in _NO_RECORD:
            yield number


def _places(text: str) -> list[tuple[re.Match[str], int]]:
    """Return where each entry begins and ends: one that is told of within another is its text."""
    begun = [*_BEGINS.finditer(text)]
    stops = [found.start() for found in begun[1:]] + [len(text)]
    depths = [
        text.count("{", found.start(), stop) - text.count("}", found.start(), stop)
        for found, stop in zip(begun, stops, strict=True)
    ]
    places, at = [], 0
    while at < len(begun):
        last = _last_within(depths, at)
        places.append((begun[at], stops[last]))
        at = last + 1
    return places


def _last_within(depths: list[int], at: int) -> int:
    """Return the last beginning that an entry holds: itself, or one within a field left open.

    `depths` are the braces that are open at the end of each. What is told of within a field is
    not whole by itself, for its last part closes that field.
    """
    if depths[at] < _WITHIN_A_FIELD:
        return at
    for last in range(at + 1, min(at + _MOST_WITHIN, len(depths))):
        if depths[last] == 0:
            return at
        if sum(depths[at : last + 1]) == 0:
            return last
    return at


def read(text: str) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each entry of a BibTeX text.

    TeX marks (accents, braces, dashes) are read as the letters they print. Names that the file
    defines by @string stand for their texts.
    """
    macros, number, counted = _Macros(), 1, 0
    entries: list[tuple[int, str, _Entry | str]] = []
    for found, stop in _places(text):
        number += text.count("\n", counted, found.start())
        counted = found.start()
        entry, kind = text[found.start() : stop], found[1].lower()
        parsed = _parsed(entry, macros)
        if kind not in _NO_RECORD:
            entries.append((number, kind, parsed))
    wholes = {parsed[0].lower(): parsed[1] for _, _, parsed in entries if isinstance(parsed, tuple)}
    for number, kind, parsed in entries:
        if isinstance(parsed, str):
            told = _LINE.sub(lambda found: str(int(found[0]) + number - 1), parsed)  # noqa: B023
            yield Rejection(number, f"a BibTeX entry that cannot be parsed: {told}")
        else:
            fields = [*_whole(_titled(kind, parsed[1])), *_inherited(parsed[1], wholes)]
            yield build(number, [("@", kind), *fields], BIBTEX)


def _titled(kind: str, fields: _Fields) -> _Fields:
    """Return the fields of an entry; a book that has a name but no title has that for its title."""
    if kind not in _BOOKS or any(name == "title" for name, _ in fields):
        return fields
    return [("title" if name == "booktitle" else name, text) for name, text in fields]


def _whole(fields: _Fields) -> _Fields:
    """Return fields as others name them: BibLaTeX parts titles, and tells whose number it has."""
    by_name = dict(fields)
    subtitle = by_name.get("subtitle", "")
    names = {"eprint": "pmid"} if by_name.get("eprinttype", "").lower() == "pubmed" else {}
    told = [(names.get(name, name), text) for name, text in fields]
    if not subtitle or subtitle.lower() in by_name.get("title", "").lower():
        return told
    joined = [(name, f"{text}: {subtitle}" if name == "title" else text) for name, text in told]
    return [pair for pair in joined if pair[0] != "subtitle"]


def _inherited(fields: _Fields, wholes: dict[str, _Fields]) -> _Fields:
    """Return what an entry has from the one that it names by `crossref`, as BibTeX gives it."""
    names = {name for name, _ in fields}
    whole = next((text for name, text in fields if name == "crossref"), "")
    given = wholes.get(whole.lower(), [])
    if "booktitle" not in {*names, *(name for name, _ in given)}:
        given = [("booktitle" if name == "title" else name, text) for name, text in given]
    return [(name, text) for name, text in given if name not in {*names, "author", "doi", "title"}]


def _parsed(entry: str, macros: _Macros) -> _Entry | str:
    """Return key and fields of one entry (macros go to `macros`), or what is wrong with it.

    An entry that cannot be read is read once more with a key, and names of fields, as BibTeX
    knows them.
    """
    parsed = _strictly(entry, macros)
    if not isinstance(parsed, str) and parsed[1]:
        return parsed
    mended = _strictly(_mended(entry), macros)
    return parsed if isinstance(mended, str) else mended


def _mended(entry: str) -> str:
    """Return an entry with one word for its key and for each name of a field."""
    keyed = _KEY.sub(_keyed, entry, count=1)
    return _ODD_NAME.sub(lambda found: "-".join(map(str.strip, found.groups())), keyed)


def _keyed(found: re.Match[str]) -> str:
    key = _NOT_IN_A_KEY.sub("_", found[2].strip()).strip("_") or "none"
    return found[1] + key + ("" if found.string[found.end() :].startswith(",") else ",")


def _strictly(entry: str, macros: _Macros) -> _Entry | str:
    """Return key and fields of one entry as BibTeX would read it, or what is wrong with it."""
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
