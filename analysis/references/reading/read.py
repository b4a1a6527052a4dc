"""The door: a file of citations in, records and rejections out."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from analysis.references.imported import Export, Imported, Rejection
from analysis.references.reading import (
    bibtex_in,
    csl_in,
    csv_in,
    halves,
    json_kinds,
    library_in,
    refused,
    respell,
    workbook,
    xml_in,
    yaml_in,
)
from analysis.references.reading.decode import decode
from analysis.references.reading.detect import (
    Part,
    is_bibtex,
    is_json,
    parts,
    strangers,
    tagged_dialect,
)
from analysis.references.reading.dialects import Dialect
from analysis.references.reading.halves import Entry
from analysis.references.reading.one_line import unfold
from analysis.references.reading.tagged import beginnings

Found = tuple[str, list[Entry], Iterable[int]]
"""The format, what was made of each record, and the lines where records were seen to begin."""


def read_export(
    source: Path | bytes, file: str = "", csv_columns: Mapping[str, str] | None = None
) -> Export:
    """Read an export of any known format and encoding, both found by looking at it.

    `file` names the export in messages (the path, when not given). `csv_columns` gives the field
    of a column by its heading, for tables with headings of their own: {"Titel": "title"}; the
    fields are those of `Record`, and `abstract`, `pages`, `date`.

    Records are counted by line structure before they are made, so that `seen` does not rest on
    what was made of them: a record that was seen and not made is told as a rejection.

    Raises:
        FileNotFoundError: there is no such file.
        NotACitationFile: no citation was found; the message says what was looked for.
        ValueError: `csv_columns` names a field that does not exist.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    name = file or ("" if isinstance(source, bytes) else str(source))
    if error := refused.of_another_kind(name, content):
        raise error
    with _no_collection():
        if workbook.may_be(content):
            found, encoding = _first_table(name, content, csv_columns), workbook.NAME
        else:
            text, encoding = decode(content)
            # As large as the text: not kept while records are made of that.
            del content
            found = _text(name, text, encoding, csv_columns)
    kind, entries, seen = found
    entries += _lost(entries, seen)
    records = tuple(one for one in entries if isinstance(one, Imported))
    rejections = tuple(one for one in entries if isinstance(one, Rejection))
    return Export(name, kind, encoding, len(entries), records, rejections)


def _text(name: str, text: str, encoding: str, csv_columns: Mapping[str, str] | None) -> Found:
    """Return what a text holds."""
    found = _found(text, csv_columns)
    if not (found and found[1]) and (respelt := respell.as_ris(text)):
        found = _found(respelt, csv_columns)
    if found is None or not found[1]:
        root = xml_in.other_root(text)
        other = refused.other_xml(name, root) if root else None
        raise other or refused.nothing_found(name, encoding, text)
    return found


def _first_table(name: str, content: bytes, csv_columns: Mapping[str, str] | None) -> Found:
    """Return what the first sheet holds that is a table of citations."""
    first_row = ""
    for text in workbook.tables(content):
        first_row = first_row or text.strip().partition("\n")[0]
        if (table := csv_in.find_table(text, csv_columns)) and (found := _table(text, table))[1]:
            return "Excel", found[1], found[2]
    raise refused.no_table(name, first_row)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let the garbage collector rest: what is made here has no cycles, and is much to look over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            _move_to_oldest()
            gc.enable()


def _move_to_oldest() -> None:
    """Count all that was made among what lasts, without looking it over once for each age."""
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


def _found(text: str, csv_columns: Mapping[str, str] | None) -> Found | None:
    if csv_columns:
        table = csv_in.find_table(text, csv_columns)
        return _table(text, table) if table else None
    if library := library_in.read(text):
        return "RIS (library)", list(library), ()
    if kind := xml_in.kind_of(text):
        return kind.name, list(xml_in.read(text, kind)), xml_in.beginnings(text, kind)
    if is_json(text):
        other = json_kinds.kind_of(text)
        return other.name if other else "CSL-JSON", list(csl_in.read(text, other)), ()
    if dialect := tagged_dialect(text):
        return _joined(text, parts(text, dialect))
    if is_bibtex(text):
        return _bibtex(text)
    if table := csv_in.find_table(text):
        return _table(text, table)
    return ("CSL-YAML", list(yaml_in.read(text)), ()) if yaml_in.is_yaml(text) else None


def _table(text: str, table: csv_in.Table) -> Found:
    kind = "TSV" if table.delimiter == "\t" else "CSV"
    return kind, list(csv_in.read(text, table)), ()


def _bibtex(text: str) -> Found:
    return "BibTeX", list(bibtex_in.read(text)), bibtex_in.beginnings(text)


def _joined(text: str, begun: list[Part]) -> Found:
    """Read each part of a text in its own format; lines are those of the whole."""
    if len(begun) == 1 and begun[0][1]:
        return _tagged(text, begun[0][1])
    stops = [place for place, _ in begun[1:]] + [len(text)]
    kinds: dict[str, None] = {}
    entries: list[Entry] = []
    seen: list[int] = []
    for (place, dialect), stop in zip(begun, stops, strict=True):
        part, before = text[place:stop], text.count("\n", 0, place)
        kind, made, lines = _tagged(part, dialect) if dialect else _bibtex(part)
        kinds[kind] = None
        entries += (replace(one, line=one.line + before) if before else one for one in made)
        seen += (line + before for line in lines)
    return " + ".join(kinds), entries, seen


def _tagged(text: str, dialect: Dialect) -> Found:
    text = _respelt(text, dialect)
    text, origins = unfold(text, dialect.known)
    with halves.begun(text, dialect) as half:
        seen = list(beginnings(text, dialect))
        foreign = list(strangers(text, dialect))
        entries = half.entries()
    told = f"record in a file that is {dialect.name}: export it by itself"
    entries += (Rejection(line, f"begins as a {kind} {told}") for line, kind in foreign)
    seen += (line for line, _ in foreign)
    if origins:
        entries = [replace(one, line=origins[one.line - 1]) for one in entries]
        seen = [origins[line - 1] for line in seen]
    return dialect.name, entries, seen


_RESPELT = {"RIS": respell.eppi, "PubMed": respell.ovid, "EndNote tagged": respell.endnote}


def _respelt(text: str, dialect: Dialect) -> str:
    respelt = _RESPELT.get(dialect.name)
    return respelt(text) if respelt else text


def _lost(entries: Iterable[Entry], seen: Iterable[int]) -> Iterator[Rejection]:
    """Give a rejection for each record that was seen to begin and of which nothing was made."""
    made = [one.line for one in entries]
    if made == (seen := list(seen)):
        return
    missing = Counter(seen)
    missing.subtract(made)
    for line, count in sorted(missing.items()):
        for _ in range(count):
            yield Rejection(line, "a record begins here that could not be followed")
