"""Made-up references for the benchmarks: the same ones for the same seed."""

import random
from dataclasses import replace

from analysis.references import Record
from analysis.references.imported import Imported

_SOUNDS = (
    "b br c ch d dr f g gr h j k l m n p pr qu r s sh st t tr v w",
    "a e i o u ai ea ee oa ou",
    "b ck d g l ll m n nd nt p r rd rn s sh st t th x",
)
_START, _MIDDLE, _END = (sounds.split() for sounds in _SOUNDS)
_SMALL = ["of", "in", "and", "for", "with", "among", "before", "after"]
_ABBREVIATED = {"Journal": "J", "British": "Br", "Medicine": "Med", "Practice": "Pract"}
_JOURNALS = tuple(
    f"{kind} {subject}"
    for kind in ("British Journal of", "Annals of", "International Journal of", "Archives of")
    for subject in ("Practice", "Family Medicine", "Public Health", "Nursing", "Quality", "Care")
)


class MakeUp:
    """A source of made-up records; `seed` fixes them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.vocabulary = [self._word() for _ in range(3000)]

    def _word(self) -> str:
        pick, syllables = self.random.choice, self.random.choice((1, 2, 2, 3))
        return "".join(pick(_START) + pick(_MIDDLE) + pick(_END) for _ in range(syllables))

    def _words(self, count: int) -> str:
        pick = self.random.choice
        words = [
            pick(_SMALL) if self.random.random() < 0.2 else pick(self.vocabulary)
            for _ in range(count)
        ]
        return " ".join(words)

    def record(self, number: int) -> Imported:
        """Return one article with an abstract."""
        roll = self.random
        authors = tuple(
            f"{roll.choice(self.vocabulary).title()}, {self._initials()}"
            for _ in range(roll.randint(1, 6))
        )
        page = roll.randint(1, 900)
        record = Record(
            key="",
            kind="JOUR",
            title=self._words(roll.randint(8, 14)).capitalize(),
            authors=authors,
            year=roll.randint(1995, 2025),
            journal=roll.choice(_JOURNALS),
            volume=str(roll.randint(1, 80)),
            issue=str(roll.randint(1, 12)),
            first_page=str(page),
            last_page=str(page + roll.randint(1, 15)),
            doi=f"10.9999/made.up.{number}",
        )
        return Imported(record, number, self._words(150).capitalize())

    def _initials(self) -> str:
        return f"{self.random.choice('ABCDEFGHJKLMNPRST')}."

    def again(self, imported: Imported) -> Imported:
        """Return the same article as another database might tell it: one to three faults."""
        record = imported.record
        for fault in self.random.sample(FAULTS, self.random.randint(1, 3)):
            record = fault(self, record)
        abstract = imported.abstract if self.random.random() < 0.5 else ""
        return Imported(record, imported.line, abstract)


def _typing_slip(made: MakeUp, record: Record) -> Record:
    at = made.random.randrange(5, len(record.title) - 1)
    return replace(record, title=record.title[:at] + record.title[at + 1 :])


def _capitals(made: MakeUp, record: Record) -> Record:
    return replace(record, title=record.title.upper())


def _short_journal(made: MakeUp, record: Record) -> Record:
    words = [_ABBREVIATED.get(word, word) for word in record.journal.split() if word != "of"]
    return replace(record, journal=" ".join(words))


def _no_doi(made: MakeUp, record: Record) -> Record:
    return replace(record, doi="")


def _no_issue(made: MakeUp, record: Record) -> Record:
    return replace(record, issue="")


def _no_pages(made: MakeUp, record: Record) -> Record:
    return replace(record, first_page="", last_page="")


def _some_authors(made: MakeUp, record: Record) -> Record:
    return replace(record, authors=record.authors[:3])


def _year_online(made: MakeUp, record: Record) -> Record:
    return replace(record, year=(record.year or 0) - 1)


FAULTS = (
    _typing_slip,
    _capitals,
    _short_journal,
    _no_doi,
    _no_issue,
    _no_pages,
    _some_authors,
    _year_online,
)


def as_ris(imported: Imported) -> str:
    """Return a record as a database exports it, abstract included."""
    record = imported.record
    pairs = [
        ("TY", record.kind),
        ("T1", record.title),
        *(("AU", author) for author in record.authors),
        ("PY", record.year),
        ("JF", record.journal),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", record.first_page),
        ("EP", record.last_page),
        ("DO", record.doi),
        ("AB", imported.abstract),
        ("DB", "Made-up database"),
    ]
    lines = [f"{tag}  - {value}" for tag, value in pairs if value not in ("", None)]
    return "\n".join([*lines, "ER  - ", "", ""])
