"""The library as committed: complete, in one form, true to its sources, citable."""

import csv
import re
from dataclasses import fields

import pytest
from pybtex.database.input.bibtex import Parser
from pybtex.plugin import enumerate_plugin_names, find_plugin
from pybtex.richtext import Text

from analysis.references import AND_OTHERS, Record, read_library, to_bibtex, write_library

NEWS = {"hsj2015", "pulse2014somerset"}
COMPARED = ["title", "year", "journal", "volume", "issue", "first_page", "last_page", "doi", "pmid"]
# What references/checked.csv may say of a field: whether the library differs there from the
# evidence pack, and whether the field stays marked as unverified.
RESULTS = {
    "confirmed": (False, False),  # a page prints the value
    "corrected": (True, False),  # a page prints another value, which the library now has
    "completed": (True, False),  # a page prints what was blank
    "inferred": (True, True),  # a page prints it; that it is a page of this source is inferred
    "rearranged": (True, None),  # a remark or description moved to its place, no page needed
    "not found": (False, True),  # looked for, not seen
}


def text(record, field):
    value = getattr(record, field)
    return "; ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


@pytest.fixture(scope="module")
def path(root):
    return root / "references" / "library.ris"


@pytest.fixture(scope="module")
def library(path):
    return read_library(path)


@pytest.fixture(scope="module")
def bibtex(library):
    """The library as pybtex reads it back; the styles only look at it."""
    return Parser().parse_string(to_bibtex(library))


@pytest.fixture(scope="module")
def checked(root):
    with (root / "references" / "checked.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def bibliography(shared):
    with (shared / "evidence" / "bibliography.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_is_read_whole_and_written_again_without_loss(library, tmp_path):
    assert len(library) >= 283
    write_library(library.values(), tmp_path / "library.ris")
    assert read_library(tmp_path / "library.ris") == library


def test_records_say_which_search_found_them(library):
    searches = {"effectiveness", "professionalism", "withdrawal_devolution", "supplement", "seed"}
    assert {name for record in library.values() for name in record.found_by} >= searches
    assert sum("seed" in record.found_by for record in library.values()) == 5


def test_only_what_has_a_value_is_marked_unverified(library):
    blank = [
        (key, field)
        for key, record in library.items()
        for field in record.unverified
        if not text(record, field)
    ]
    assert blank == []


def test_an_author_list_seen_in_part_is_marked(library):
    parts = [record for record in library.values() if AND_OTHERS in record.authors]
    assert all(record.authors[-1] == AND_OTHERS for record in parts)
    assert all("authors" in record.unverified for record in parts)


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        (
            "kramer2012",
            {
                "title": "Payment for Performance and the QOF: are we doing the right thing?",
                "authors": ("Kramer, Graham",),
                "date": "2012-03-01",
                "journal": "British Journal of General Practice",
                "journal_abbrev": "Br J Gen Pract",
                "volume": "62",
                "issue": "596",
                "first_page": "e217",
                "last_page": "e219",
                "doi": "10.3399/bjgp12x630151",
                "url": "http://bjgp.org/content/62/596/e217.abstract",
            },
        ),
        (
            "lester2013",
            {
                "title": "Implementation of pay for performance in primary care: "
                "a qualitative study 8 years after introduction",
                "authors": (
                    "Lester, Helen",
                    "Matharu, Tatum",
                    "Mohammed, Mohammed A",
                    "Lester, David",
                    "Foskett-Tharby, Rachel",
                ),
                "date": "2013-06-01",
                "journal": "British Journal of General Practice",
                "volume": "63",
                "issue": "611",
                "first_page": "e408",
                "last_page": "e415",
                "doi": "10.3399/bjgp13x668203",
                "url": "http://bjgp.org/content/63/611/e408.short",
            },
        ),
        (
            "millett2011",
            {
                "title": "Going local: devolving national pay for performance programmes",
                "authors": (
                    "Millett, Christopher",
                    "Majeed, Azeem",
                    "Huckvale, Christopher",
                    "Car, Josip",
                ),
                "date": "2011-01-24",
                "journal": "BMJ",
                "volume": "342",
                "first_page": "c7085",
                "doi": "10.1136/bmj.c7085",
            },
        ),
        (
            "pulse2014somerset",
            {
                "title": "Q&A: Why have GPs been allowed to ditch the QOF?",
                "authors": (),
                "date": "",
                "unverified": ("year",),
            },
        ),
        ("hsj2015", {"authors": (), "date": "", "unverified": ("title", "year")}),
    ],
)
def test_the_seeds_are_in_with_what_they_print(library, key, facts):
    assert {field: getattr(library[key], field) for field in facts} == facts


def test_checked_fields_are_as_they_were_seen(library, checked):
    known = {field.name for field in fields(Record)}
    for row in checked:
        record = library[row["key"]]
        assert row["field"] in known, row
        assert row["value"] == text(record, row["field"]), row
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"]), row
        _, marked = RESULTS[row["result"]]
        assert marked is None or (row["field"] in record.unverified) is marked, row
        pages = row["result"] not in ("not found", "rearranged")
        assert bool(re.match(r"https?://\S+$", row["seen_at"])) is pages, row


def test_every_row_of_the_evidence_pack_is_in_the_library(library, bibliography):
    assert set(library) >= {row["study_id"] for row in bibliography} | NEWS


def test_the_library_differs_from_the_pack_only_where_it_says_so(library, checked, bibliography):
    allowed = {(row["key"], row["field"]) for row in checked if RESULTS[row["result"]][0]}
    differ = {
        (row["study_id"], field)
        for row in bibliography
        for field in COMPARED
        if text(library[row["study_id"]], field) != row[field]
    }
    assert differ <= allowed
    assert {pair for pair in allowed if pair[1] in COMPARED and pair[0] not in NEWS} == differ


def test_authors_come_from_the_pack_in_order(library, checked, bibliography):
    changed = {
        row["key"] for row in checked if row["field"] == "authors" and RESULTS[row["result"]][0]
    }
    articles = [row for row in bibliography if library[row["study_id"]].kind == "JOUR"]
    for row in articles:
        names = row["authors"].split("; ")
        persons = [re.fullmatch(r"(.+) ([A-Z-]{1,4})", name) for name in names]
        if all(persons) and row["study_id"] not in changed:
            expected = tuple(f"{person[1]}, {person[2]}" for person in persons)
            assert library[row["study_id"]].authors == expected, row["study_id"]


def test_every_record_can_be_cited(library, bibtex):
    entries = bibtex.entries
    assert list(entries) == list(library)
    for key, record in library.items():
        published = record.kind in {"NEWS", "ELEC", "RPRT"} and (record.publisher or record.journal)
        publisher_stands_in = published and not record.authors
        people = len(entries[key].persons.get("author", []))
        assert people == (1 if publisher_stands_in else len(record.authors)), key
        assert str(Text.from_latex(entries[key].fields["title"])) == record.title, key


@pytest.mark.parametrize("style", sorted(enumerate_plugin_names("pybtex.style.formatting")))
def test_every_style_prints_every_record(library, bibtex, style):
    formatted = find_plugin("pybtex.style.formatting", style)().format_bibliography(bibtex)
    printed = {entry.key: str(entry.text) for entry in formatted}
    assert set(printed) == set(library)
    bare = {
        key: text for key, text in printed.items() if library[key].title.strip("[]")[:9] not in text
    }
    assert bare == {}
