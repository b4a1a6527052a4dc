"""bib-dedupe's preparation, blocks and rules, asked only about pairs with an incoming record.

bib-dedupe compares every record with every other in frames of pairs, row by row. Here its own
functions and rules are applied to the pairs that matter; a test holds the answer against its own.
"""

import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import product
from typing import NamedTuple

import pandas as pd

from analysis.references.record import AND_OTHERS, Record

with warnings.catch_warnings():
    # It sets a pandas option that is about to go.
    warnings.simplefilter("ignore")
    import bib_dedupe
    import bib_dedupe.prep
    import number_parser.parser
    from bib_dedupe.block import block_fields_list
    from bib_dedupe.match import DUPLICATE_CONDITIONS, NON_DUPLICATE_CONDITIONS
    from bib_dedupe.sim import page_ranges_adjacent, sim_author, similarity_functions

bib_dedupe.verbose_print.verbosity_level = 0

Say = Callable[[str], None]
_CHUNK = 1000
# A block on one of these needs no words in common in the titles.
_TELLING = {"title", "title_short", "doi", "pages", "pmid"}
# An unsigned page without a year shares none of bib-dedupe's blocks with its copy.
_BLOCKS = (*block_fields_list, {"title"}, {"pmid"})
_LEAST_OVERLAP = 0.5


class Text(NamedTuple):
    """A record and the abstract that goes with it ("" where none is known)."""

    record: Record
    abstract: str = ""


def _row(at: int, text: Text) -> dict[str, str]:
    record = text.record
    named = [_plain(author) for author in record.authors if author != AND_OTHERS]
    pages = "-".join(page for page in (record.first_page, record.last_page) if page)
    return {
        "ID": str(at),
        "ENTRYTYPE": "article",
        "author": " and ".join(named),
        # PubMed sets a translated title in brackets, other databases do not.
        "title": _plain(record.title).strip("[]"),
        "year": str(record.year or ""),
        "journal": _plain(record.journal or record.journal_abbrev or record.publisher),
        "volume": _plain(record.volume),
        "number": _plain(record.issue),
        "pages": _plain(pages),
        "doi": record.doi,
        "abstract": text.abstract,
    }


def _plain(text: str) -> str:
    """Return text with superscripts and full-width forms as plain letters and digits."""
    return unicodedata.normalize("NFKC", text)


# The preparation fails on records none of which has an author in Latin letters.
_SIGNED = pd.DataFrame([_row(-1, Text(Record("", "JOUR", "Signed", ("Signed, S",))))])


def prepare(texts: Sequence[Text], say: Say) -> pd.DataFrame:
    """Return bib-dedupe's normalised fields of each record, one row each, blanks as "".

    The PubMed number, of which bib-dedupe knows nothing, stands beside them as `pmid`.
    """
    rows = pd.DataFrame([_row(at, text) for at, text in enumerate(texts)])
    parts = []
    with _numbers_parsed_quickly(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, on manners of bib-dedupe that go out of use
        for start in range(0, len(rows), _CHUNK):
            say(f"preparing records: {start:,} of {len(rows):,}")
            chunk = pd.concat([_SIGNED, rows.iloc[start : start + _CHUNK]])
            parts.append(bib_dedupe.prep.prep(chunk, cpu=1).iloc[1:])
    prepared = pd.concat(parts, ignore_index=True).astype(object).fillna("")
    return prepared.assign(pmid=[text.record.pmid for text in texts])


def similar_pairs(prepared: pd.DataFrame, first_incoming: int, say: Say) -> pd.DataFrame:
    """Return the pairs in one block, with similarities (0 to 1) and what bib-dedupe says.

    Rows of `prepared` from `first_incoming` on are incoming; each pair has at least one. Columns:
    `one` and `two` (row numbers, `one` before `two`), a similarity for each of author, title,
    container_title, year, volume, number, pages, abstract and doi, and `certain` (its rules for
    duplicates hold and none of its rules against) and `against` (one of the latter holds).
    """
    pairs = list(_blocked(prepared, first_incoming))
    say(f"comparing {len(pairs):,} pairs of records")
    compared = _compared(prepared, sorted(pairs))
    if compared.empty:
        return compared.assign(certain=False, against=False)
    for_it = compared.query("|".join(DUPLICATE_CONDITIONS), engine="python").index
    against = compared.query(" | ".join(NON_DUPLICATE_CONDITIONS), engine="python").index
    return compared.assign(
        certain=compared.index.isin(for_it.difference(against)),
        against=compared.index.isin(against),
    )


@contextmanager
def _numbers_parsed_quickly() -> Iterator[None]:
    """Let number_parser build its word lists once and not once a title; its answers stay."""
    original = number_parser.parser.LanguageData
    number_parser.parser.LanguageData = cache(original)
    try:
        yield
    finally:
        number_parser.parser.LanguageData = original


def _blocked(prepared: pd.DataFrame, first_incoming: int) -> Iterator[tuple[int, int]]:
    """Yield each pair once that shares one of bib-dedupe's blocks and has an incoming record."""
    overlaps = _Overlap(prepared["title"].tolist())
    seen: set[tuple[int, int]] = set()
    for fields in _BLOCKS:
        telling = bool(fields & _TELLING)
        for known, incoming in _blocks(prepared[sorted(fields)], first_incoming):
            pairs = list(product(known, incoming))
            pairs += [(one, two) for n, one in enumerate(incoming) for two in incoming[n + 1 :]]
            for pair in pairs:
                if pair not in seen and (telling or overlaps(*pair)):
                    seen.add(pair)
                    yield pair


def _blocks(cells: pd.DataFrame, first_incoming: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield rows that agree in all columns, known and incoming apart, where none is blank."""
    groups: defaultdict[tuple[str, ...], tuple[list[int], list[int]]]
    groups = defaultdict(lambda: ([], []))
    for at, values in enumerate(cells.itertuples(index=False, name=None)):
        if all(values):
            groups[values][at >= first_incoming].append(at)
    yield from (group for group in groups.values() if group[1])


class _Overlap:
    """Whether two titles share half their words, as bib-dedupe's reduction asks."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        self.words = [frozenset(title.split()) for title in titles]
        self.lengths = [len(title.split()) + 1 for title in titles]

    def __call__(self, one: int, two: int) -> bool:
        if self.titles[one] == self.titles[two] or self.lengths[one] < 3 or self.lengths[two] < 3:
            return True
        shared = len(self.words[one] & self.words[two])
        return shared >= _LEAST_OVERLAP * min(self.lengths[one], self.lengths[two])


def _compared(prepared: pd.DataFrame, pairs: Sequence[tuple[int, int]]) -> pd.DataFrame:
    rows = prepared.to_dict("records")
    sides = [(rows[one], rows[two]) for one, two in pairs]
    columns: dict[str, list[object]] = {
        "one": [one for one, _ in pairs],
        "two": [two for _, two in pairs],
    }
    for name in prepared.columns:
        columns[f"{name}_1"] = [one[name] for one, _ in sides]
        columns[f"{name}_2"] = [two[name] for _, two in sides]
    columns["author"] = [
        sim_author(one["author"], one["author_full"], two["author"], two["author_full"])
        for one, two in sides
    ]
    for name, similarity in similarity_functions.items():
        columns[name] = [float(similarity(one[name], two[name])) for one, two in sides]
    columns["page_ranges_adjacent"] = [
        page_ranges_adjacent({"pages_1": one["pages"], "pages_2": two["pages"]})
        for one, two in sides
    ]
    return pd.DataFrame(columns)
