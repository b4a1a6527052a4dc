"""Which incoming records are new, which are certainly known, which possibly.

Never by DOI alone: the abstracts of one conference supplement share theirs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.references.folding import fingerprint, identities, in_order
from analysis.references.imported import Imported
from analysis.references.record import Record

if TYPE_CHECKING:
    import pandas as pd

    from analysis.references.bibdedupe import Say

Target = str | int
"""A record that another is compared with: a key of the library, or an incoming record's place."""


@dataclass(frozen=True, slots=True)
class New:
    """Like no other record."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Certainly the same as `of`; `how` says what told."""

    of: Target
    how: str


@dataclass(frozen=True, slots=True)
class Possible:
    """Possibly the same as each of these; reasons by record."""

    of: Mapping[Target, str]


Verdict = New | Duplicate | Possible


@dataclass(frozen=True, slots=True)
class _Link:
    """A pair that is alike, seen from an incoming record; greater `score` is more alike."""

    other: int
    certain: bool
    reasons: str
    score: float


def compare(
    library: Mapping[str, Record],
    incoming: Sequence[Imported],
    *,
    known: Mapping[str, str] | None = None,
    apart: Mapping[int, Collection[str]] | None = None,
    say: "Say" = lambda _: None,
) -> list[Verdict]:
    """Return the verdict on each incoming record, in the order given.

    Verdicts depend on what the records say and not on their order. `known` are records met
    before: keys by fingerprint. `apart` are the keys that an incoming record (by its place) is
    known not to be. `say` is told how far the work is.
    """
    order = sorted(range(len(incoming)), key=lambda at: (in_order(incoming[at].record), at))
    recognised = dict(_recognised(library, incoming, order, known or {}, apart or {}))
    rest = [at for at in order if at not in recognised]
    verdicts = _compare_slowly(library, incoming, rest, apart or {}, say) if rest else {}
    verdicts |= {at: _follow(verdict, verdicts) for at, verdict in recognised.items()}
    return [verdicts[at] for at in range(len(incoming))]


def _recognised(
    library: Mapping[str, Record],
    incoming: Sequence[Imported],
    order: Sequence[int],
    known: Mapping[str, str],
    apart: Mapping[int, Collection[str]],
) -> Iterator[tuple[int, Duplicate]]:
    """Yield the incoming records that are plainly the same as a record, without comparing."""
    first: dict[tuple[str, ...], Target] = {}
    for key in sorted(library):
        for identity in _identities(library[key]):
            first.setdefault(identity, key)
    for at in order:
        own = _identities(incoming[at].record)
        met = known.get(own[0][-1], "")
        found = [met] if met in library else [first[one] for one in own if one in first]
        found = [target for target in found if target not in apart.get(at, ())]
        if found:
            yield at, Duplicate(found[0], "same identity")
        for identity in own:
            first.setdefault(identity, found[0] if found else at)


def _identities(record: Record) -> tuple[tuple[str, ...], ...]:
    return (("whole", fingerprint(record)), *identities(record))


def _follow(duplicate: Duplicate, verdicts: Mapping[int, Verdict]) -> Verdict:
    """Return the verdict on a record that is plainly the same as one that is new, or is not."""
    behind = verdicts[duplicate.of] if isinstance(duplicate.of, int) else New()
    return duplicate if isinstance(behind, New) else behind


def _compare_slowly(
    library: Mapping[str, Record],
    incoming: Sequence[Imported],
    order: Sequence[int],
    apart: Mapping[int, Collection[str]],
    say: "Say",
) -> dict[int, Verdict]:
    keys = sorted(library)
    links = _links(library, keys, [incoming[at] for at in order], say)
    verdicts: dict[int, Verdict] = {}
    for place, at in enumerate(order):
        alike = [
            link
            for link in sorted(links[len(keys) + place], key=lambda link: (-link.score, link.other))
            if link.other >= len(keys) or keys[link.other] not in apart.get(at, ())
        ]
        targets: list[Target] = [*keys, *order]
        verdicts[at] = _judge([(targets[link.other], link) for link in alike], verdicts)
    return verdicts


def _judge(alike: Iterable[tuple[Target, _Link]], judged: Mapping[int, Verdict]) -> Verdict:
    """Judge a record by what it is like, most alike first, of which incoming ones are judged.

    A certain match with a record of the library, or with a new one, settles it. A match with
    what is itself a duplicate reaches the record behind it, but only as possible: likeness does
    not carry over for certain.
    """
    possible: dict[Target, str] = {}
    for target, link in alike:
        behind = judged.get(target, New()) if isinstance(target, int) else New()
        match behind:
            case New() if link.certain:
                return Duplicate(target, link.reasons)
            case New():
                possible.setdefault(target, link.reasons)
            case Duplicate(of=of) if link.certain:
                possible.setdefault(of, f"certainly like another duplicate of it: {link.reasons}")
            case Possible(of=of) if link.certain:
                for other, reasons in of.items():
                    told = f"certainly like a record that is possibly the same: {reasons}"
                    possible.setdefault(other, told)
    return Possible(possible) if possible else New()


def _links(
    library: Mapping[str, Record], keys: Sequence[str], incoming: Sequence[Imported], say: "Say"
) -> dict[int, list[_Link]]:
    """Return what each incoming record is like among the records before it."""
    # Here, since bib-dedupe takes half a second to import and most runs of `qof` need it not.
    from analysis.references.bibdedupe import Text, prepare, similar_pairs

    texts = [Text(library[key]) for key in keys]
    texts += [Text(one.record, one.abstract) for one in incoming]
    pairs = similar_pairs(prepare(texts, say), len(keys), say)
    links: defaultdict[int, list[_Link]] = defaultdict(list)
    for place, link in _alike(pairs, [text.record for text in texts]):
        links[place].append(link)
    return links


def _alike(pairs: "pd.DataFrame", records: Sequence[Record]) -> Iterator[tuple[int, _Link]]:
    from analysis.references.likeness import HINTS, NUMBERED

    if pairs.empty:
        return
    hints = {words: pairs.eval(rule, engine="python") for words, rule in HINTS.items()}
    hinted = sum(hints.values()) > 0
    hinted &= ~pairs["against"] | (pairs["title"] == 1) & (pairs["author"] > 0.75)
    numbered = pairs.eval(NUMBERED, engine="python")
    for at, row in pairs[hinted | numbered | pairs["certain"]].iterrows():
        told = [words for words, holds in hints.items() if holds[at]] if hinted[at] else []
        if link := _link(records[row["one"]], records[row["two"]], row, told):
            yield row["two"], link


def _link(one: Record, two: Record, row: "pd.Series", hints: Sequence[str]) -> _Link | None:
    from analysis.references.likeness import DOUBTS, other_pmid, same_number, same_pmid

    told = [*hints]
    if by_number := same_number(one, two, row):
        told.append("same PubMed number or DOI")
    elif same_pmid(one, two):
        told.append("same PubMed number")
    if not row["certain"] and (not told or other_pmid(one, two)):
        return None
    doubts = [doubt.words for doubt in DOUBTS if doubt.holds(one, two, row)]
    certain = (by_number or bool(row["certain"])) and not doubts
    reasons = "; ".join([*told, *(f"but {doubt}" for doubt in doubts)])
    score = float(row["title"] + row["author"] + row["container_title"] + row["doi"])
    return _Link(row["one"], certain, reasons or "bib-dedupe", score)
