"""The PRISMA 2020 flow: from the search log and the screening table to counts that add up.

Boxes follow Page et al. 2021 (BMJ 372:n71), new and updated reviews. One box is ours: a record
whose figures were taken from its abstract, without the full text, says so.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.problems import Problem, ProblemsFound

FILE = "data/screening.csv"
OTHER_METHODS = (
    "seed documents",
    "public web pages",
    "websites",
    "organisations",
    "citation searching",
)
"""Sources that are neither database nor register, as `references/searches.csv` calls them."""


@dataclass(frozen=True, slots=True)
class Identified:
    """What one source gave: `n` records, duplicates included."""

    source: str
    n: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One way of finding reports; all but the counts are keys of the library, in order.

    identified - duplicates = screened = unscreened + excluded + unsought + from_abstract + sought,
    and sought = not_retrieved + unread + ineligible + from_full_text.
    """

    name: str
    identified: tuple[Identified, ...]
    screened: tuple[str, ...]
    unscreened: tuple[str, ...]
    excluded: Mapping[str, tuple[str, ...]]
    unsought: tuple[str, ...]
    from_abstract: tuple[str, ...]
    sought: tuple[str, ...]
    not_retrieved: tuple[str, ...]
    unread: tuple[str, ...]
    ineligible: Mapping[str, tuple[str, ...]]
    from_full_text: tuple[str, ...]

    @property
    def n_identified(self) -> int:
        """Records from all sources of the lane."""
        return sum(source.n for source in self.identified)

    @property
    def duplicates(self) -> int:
        """Records removed before screening, since another record was of the same report."""
        return self.n_identified - len(self.screened)

    @property
    def included(self) -> tuple[str, ...]:
        """Reports of included studies."""
        return tuple(sorted({*self.from_abstract, *self.from_full_text}))


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole flow; `previous` are the reports that an earlier version already included."""

    databases: Lane
    other: Lane
    previous: tuple[str, ...] = ()

    @property
    def lanes(self) -> tuple[Lane, Lane]:
        """Databases and registers first."""
        return self.databases, self.other

    @property
    def included(self) -> tuple[str, ...]:
        """Every report included now, those of earlier versions among them."""
        return tuple(sorted({*self.previous, *self.databases.included, *self.other.included}))

    @property
    def added(self) -> tuple[str, ...]:
        """The reports that are new in this version."""
        return tuple(sorted(set(self.included) - set(self.previous)))


def prisma_flow(
    searches: pd.DataFrame,
    screening: pd.DataFrame,
    extracted: Collection[str],
    previous: Iterable[str] = (),
) -> Flow:
    """Return the flow of the tables.

    Args:
        searches: `search_id`, `source`, `records_identified`, one row a search.
        screening: `key`, `search_id`, `stage`, `decision`, `reason`; one row a key and stage.
        extracted: keys with at least one row in the evidence tables.
        previous: keys that an earlier version included.

    Raises:
        ProblemsFound: rows that contradict each other, or counts that do not add up.
    """
    if problems := [*_contradictions(searches, screening, set(extracted))]:
        raise ProblemsFound(problems)
    is_other = searches["source"].isin(OTHER_METHODS)
    lanes = [
        _lane(name, searches[chosen], screening, set(extracted))
        for name, chosen in (("Databases and registers", ~is_other), ("Other methods", is_other))
    ]
    return Flow(lanes[0], lanes[1], tuple(sorted(previous)))


def _lane(name: str, searches: pd.DataFrame, screening: pd.DataFrame, extracted: set[str]) -> Lane:
    rows = screening[screening["search_id"].isin(searches["search_id"])]
    abstracts = rows[rows["stage"] == "title_abstract"]
    texts = rows[rows["stage"] == "full_text"]
    kept = abstracts[abstracts["decision"] == "include"]
    alone = kept[~kept["key"].isin(texts["key"])]
    used = alone["key"].isin(extracted)
    counts = searches.groupby("source", sort=False)["records_identified"].sum()
    return Lane(
        name=name,
        identified=tuple(Identified(str(source), int(n)) for source, n in counts.items()),
        screened=_keys(rows),
        unscreened=_decided(abstracts, "waiting"),
        excluded=_by_reason(abstracts),
        unsought=_keys(alone[~used]),
        from_abstract=_keys(alone[used]),
        sought=_keys(texts),
        not_retrieved=_decided(texts, "not_retrieved"),
        unread=_decided(texts, "waiting"),
        ineligible=_by_reason(texts),
        from_full_text=_decided(texts, "include"),
    )


def _keys(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(set(rows["key"])))


def _decided(rows: pd.DataFrame, decision: str) -> tuple[str, ...]:
    return _keys(rows[rows["decision"] == decision])


def _by_reason(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    excluded = rows[rows["decision"] == "exclude"]
    groups = {str(reason): _keys(group) for reason, group in excluded.groupby("reason")}
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def _contradictions(
    searches: pd.DataFrame, screening: pd.DataFrame, extracted: set[str]
) -> Iterable[Problem]:
    """Report rows that no flow can hold: the arithmetic above rests on their absence."""
    first: dict[tuple[str, str], int] = {}
    found: dict[str, str] = {}
    abstracts = screening[screening["stage"] == "title_abstract"]
    kept = set(abstracts.loc[abstracts["decision"] == "include", "key"])
    for row, cells in zip(range(2, len(screening) + 2), screening.itertuples(), strict=True):
        if (again := first.setdefault((cells.key, cells.stage), row)) != row:
            expected = f"one row a record and stage; row {again} has it"
            yield Problem(FILE, expected, row, "key", cells.key)
        if cells.search_id != found.setdefault(cells.key, cells.search_id):
            expected = f"{found[cells.key]}, the search of the record's first row"
            yield Problem(FILE, expected, row, "search_id", cells.search_id)
        if cells.decision == "exclude" and cells.key in extracted:
            expected = "no exclusion: figures of this record are in the tables of data/"
            yield Problem(FILE, expected, row, "decision", cells.decision)
    for row, cells in zip(range(2, len(screening) + 2), screening.itertuples(), strict=True):
        if cells.stage == "full_text" and cells.key not in kept:
            expected = "a record whose row of stage title_abstract says include"
            yield Problem(FILE, expected, row, "key", cells.key)
    yield from _more_than_found(searches, screening)


def _more_than_found(searches: pd.DataFrame, screening: pd.DataFrame) -> Iterable[Problem]:
    screened = screening.drop_duplicates("key")["search_id"].value_counts()
    for cells in searches.itertuples():
        if (n := int(screened.get(cells.search_id, 0))) > cells.records_identified:
            expected = f"at least {n}, the records that {FILE} has from this search"
            yield Problem(
                "references/searches.csv",
                expected,
                str(cells.search_id),
                "records_identified",
                str(cells.records_identified),
            )
