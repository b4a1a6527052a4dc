"""Spellings and places that programs use and no format has: each once was lost or misread."""

from pathlib import Path

import pytest

from analysis.references import read_export
from analysis.references.imported import NotACitationFile

FIXTURES = Path(__file__).parent / "fixtures"
PEOPLE = ("Meadow, Alice", "Hill, Robert")

# File, format, records: none of them has a rejection.
FILES = [
    ("author_lists.ris", "RIS", 4),
    ("bibtex_crossref.bib", "BibTeX", 2),
    ("bibtex_one_line.bib", "BibTeX", 3),
    ("cochrane.txt", "RIS", 2),
    ("covidence.csv", "CSV", 1),
    ("crossref.json", "CSL-JSON", 2),
    ("csl_names.json", "CSL-JSON", 7),
    ("dates_in_digits.ris", "RIS", 3),
    ("dimensions.csv", "CSV", 1),
    ("doi_in_brackets.ris", "RIS", 1),
    ("europe_pmc.csv", "CSV", 1),
    ("glued_dashes.ris", "RIS", 2),
    ("hard_blanks.ris", "RIS", 2),
    ("items.json", "CSL-JSON", 2),
    ("lens.csv", "CSV", 1),
    ("long_dashes.ris", "RIS", 2),
    ("more_doi_places.ris", "RIS", 4),
    ("openalex.csv", "CSV", 1),
    ("ovid_medlars.txt", "PubMed", 2),
    ("quoted_lines.ris", "RIS", 2),
    ("refworks.txt", "RIS", 2),
    ("small_letters.ris", "RIS", 2),
    ("tabs_for_blanks.ris", "RIS", 2),
]
RESPELT = [
    "glued_dashes.ris",
    "hard_blanks.ris",
    "long_dashes.ris",
    "quoted_lines.ris",
    "small_letters.ris",
    "tabs_for_blanks.ris",
]
TABLES = ["covidence.csv", "dimensions.csv", "europe_pmc.csv", "lens.csv", "openalex.csv"]


def records(name):
    return [one.record for one in read_export(FIXTURES / name).records]


@pytest.mark.parametrize(("name", "kind", "made"), FILES)
def test_an_odd_file_is_read_whole(name, kind, made):
    export = read_export(FIXTURES / name)
    assert (export.format, export.seen, len(export.records)) == (kind, made, made)


@pytest.mark.parametrize("name", RESPELT)
def test_another_spelling_of_ris_changes_nothing(name):
    export = read_export(FIXTURES / name)
    first, second = (one.record for one in export.records)
    assert [one.line for one in export.records] == [1, 14]
    assert (first.title, second.title) == (
        "Paying for made-up quality",
        "A second one of another kind",
    )
    assert (first.authors, first.year, first.journal) == (PEOPLE, 2015, "J Invent Med")
    assert (first.first_page, first.last_page, first.doi) == ("101", "109", "10.5555/abc.1")
    assert first.extra == second.extra == ()


@pytest.mark.parametrize("name", TABLES)
def test_each_table_gives_every_field(name):
    (record,) = records(name)
    family = [author.partition(",")[0] for author in record.authors]
    assert (family, record.year, record.journal) == (["Meadow", "Hill"], 2015, "J Invent Med")
    assert (record.volume, record.issue, record.doi) == ("12", "3", "10.5555/abc.1")
    assert (record.first_page, record.last_page) == ("101", "109")


def test_a_column_of_sources_alone_is_the_journal():
    (one,) = read_export(b'Title,Source\n"Paying for quality",J Invent Med\n').records
    assert (one.record.journal, one.record.extra) == ("J Invent Med", ())


def test_a_column_of_databases_is_no_journal():
    content = b'Title,Source title,Source\n"Paying for quality",J Invent Med,Scopus\n'
    (one,) = read_export(content).records
    assert (one.record.journal, one.record.journal_abbrev) == ("J Invent Med", "")
    assert one.record.extra == (("Source", "Scopus"),)


@pytest.mark.parametrize("name", ["cochrane.txt", "refworks.txt"])
def test_fields_of_other_names_are_told_apart(name):
    first, second = records(name)
    assert first.year == 2015 and first.journal == "J Invent Med" and first.volume == "12"
    assert (first.first_page, first.last_page, first.doi) == ("101", "109", "10.5555/abc.1")
    assert second.title == "Another" and second.year == 2016
    assert second.kind == ("BOOK" if name == "refworks.txt" else "JOUR")


def test_records_of_ovid_are_not_read_as_one():
    first, second = records("ovid_medlars.txt")
    assert (first.title, first.authors) == ("Paying for made-up quality", ("Meadow, Alice",))
    assert (first.year, first.doi, first.pmid) == (2015, "10.5555/abc.1", "")
    assert (second.title, second.authors) == ("Another", ("Brook, C",))
    assert ("PMID", "UI 91234568") in second.extra


def test_a_number_of_medline_is_pubmeds():
    text = (FIXTURES / "ovid_medlars.txt").read_text().replace("<1>", "VN  - Ovid MEDLINE(R)")
    assert [one.record.pmid for one in read_export(text.encode()).records] == [
        "91234567",
        "91234568",
    ]


def test_a_part_has_from_its_whole_what_it_does_not_say():
    part, whole = records("bibtex_crossref.bib")
    assert (part.journal, part.year, part.title) == ("Proceedings of Nothing", 2016, "A paper")
    assert (part.authors, part.doi) == (("Brook, C",), "")
    assert whole.title == "Proceedings of Nothing"


def test_every_part_of_a_name_is_kept():
    first, second, *_ = records("csl_names.json")
    body = "World Health Organization"
    assert first.authors == ("van der Berg, A", body, "Beethoven, L van", "King, M, Jr")
    assert second.authors == ("NHS",)


def test_items_in_an_envelope_are_records():
    first, second = records("crossref.json")
    assert (first.kind, first.date, first.doi) == ("JOUR", "2015-03", "10.5555/abc.1")
    assert (second.kind, second.title) == ("CHAP", "Second")
    assert [one.line for one in read_export(FIXTURES / "items.json").records] == [3, 8]


def test_more_lists_of_authors_are_told_apart():
    short = ("Meadow, A.", "Hill, R. J.")
    assert [one.authors for one in records("author_lists.ris")] == [
        short,
        short,
        ("Meadow, A.",),
        PEOPLE,
    ]


def test_a_doi_is_found_in_notes_and_whole_in_brackets():
    assert {one.doi for one in records("more_doi_places.ris")} == {"10.5555/abc.1"}
    assert records("more_doi_places.ris")[2].title == "Place 2"
    (old,) = records("doi_in_brackets.ris")
    assert old.doi == "10.5555/(sici)1000-0000(19980815)17:15<1661::aid-abc968>3.0.co;2-2"


def test_dates_of_digits_alone_are_read():
    assert [(one.year, one.date) for one in records("dates_in_digits.ris")] == [
        (2014, "2014-03-12"),
        (2014, "2014-03"),
        (None, ""),
    ]


def test_an_archive_is_told():
    with pytest.raises(NotACitationFile, match=r"a\.xlsx is a ZIP archive or an office document"):
        read_export(b"PK\x03\x04" + (FIXTURES / "regular.ris").read_bytes(), "a.xlsx")


def test_a_word_with_a_dash_stays_in_its_abstract():
    text = (FIXTURES / "tabs_for_blanks.ris").read_text()
    text = text.replace("ER\t- ", "AB\t- Some\nin - deed\nIN - DEED\nER\t- ", 1)
    first, _ = read_export(text.encode()).records
    assert first.abstract == "Some in - deed IN - DEED"
