"""Every format and every fault: what is seen is told, and nothing is lost or made up."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from analysis.references import KINDS, Record, read_export, read_library, write_library
from analysis.references.imported import NotACitationFile
from tests.references.reading import test_more_formats, test_odd_exports, test_real_shapes

FIXTURES = Path(__file__).parent / "fixtures"
JIM = "Journal of Invented Medicine"

# Made by hand from one made-up pair of sources: file, format, records, rejections.
FILES = [
    ("abstract_twice.ris", "RIS", 2, 0),
    ("authors_given_twice.ris", "RIS", 2, 0),
    ("authors_in_one_line.ris", "RIS", 5, 0),
    ("bibtex.bib", "BibTeX", 2, 0),
    ("bibtex_broken_entry.bib", "BibTeX", 2, 1),
    ("continued_lines.ris", "RIS", 2, 0),
    ("cp1252.ris", "RIS", 2, 0),
    ("cr.ris", "RIS", 2, 0),
    ("crcrlf.ris", "RIS", 2, 0),
    ("crlf.ris", "RIS", 2, 0),
    ("csl.json", "CSL-JSON", 2, 0),
    ("csl_broken_item.json", "CSL-JSON", 2, 1),
    ("cut_off.ris", "RIS", 2, 0),
    ("doi_places.ris", "RIS", 9, 0),
    ("e_mail_addresses.ris", "RIS", 2, 0),
    ("embase.csv", "CSV", 2, 0),
    ("endnote_tagged.txt", "EndNote tagged", 2, 0),
    ("given_name_first.ris", "RIS", 2, 0),
    ("highwire.txt", "HighWire MEDLARS", 2, 0),
    ("junk_between.ris", "RIS", 2, 0),
    ("latin1.ris", "RIS", 2, 0),
    ("long_tag_before.ris", "RIS", 2, 0),
    ("long_text_under_odd_tag.ris", "RIS", 2, 0),
    ("markup_in_title.ris", "RIS", 2, 0),
    ("missing_er_between.ris", "RIS", 2, 0),
    ("mixed_line_ends.ris", "RIS", 2, 0),
    ("no_final_er.ris", "RIS", 2, 0),
    ("no_space_after_dash.ris", "RIS", 2, 0),
    ("no_title.ris", "RIS", 1, 1),
    ("no_ty.ris", "RIS", 2, 0),
    ("no_ty_no_er.ris", "RIS without TY and ER", 2, 0),
    ("nulls_and_marks.ris", "RIS", 2, 0),
    ("numbered.ris", "RIS", 2, 0),
    ("numbered_no_er.ris", "RIS", 2, 0),
    ("one_line.txt", "RIS", 1, 0),
    ("one_line_highwire.txt", "HighWire MEDLARS", 1, 0),
    ("one_line_two_records.txt", "RIS", 2, 0),
    ("page_forms.ris", "RIS", 12, 0),
    ("pubmed.csv", "CSV", 2, 0),
    ("pubmed.nbib", "PubMed", 2, 0),
    ("pubmed_no_pmid.nbib", "PubMed", 2, 0),
    ("rayyan.csv", "CSV", 2, 0),
    ("regular.ris", "RIS", 2, 0),
    ("repeated_start.ris", "RIS", 2, 1),
    ("repeated_tags.ris", "RIS", 2, 0),
    ("scopus.csv", "CSV", 2, 0),
    ("single_spaces.ris", "RIS", 2, 0),
    ("tag_in_abstract.ris", "RIS", 2, 0),
    ("too_many_cells.csv", "CSV", 1, 1),
    ("two_formats.txt", "RIS + PubMed", 3, 0),
    ("unclosed_quote.csv", "CSV", 3, 0),
    ("unknown_type.ris", "RIS", 2, 0),
    ("utf16.ris", "RIS", 2, 0),
    ("utf16_be_no_bom.ris", "RIS", 2, 0),
    ("utf16_le_no_bom.ris", "RIS", 2, 0),
    ("utf8_bom.ris", "RIS", 2, 0),
    ("utf8_with_some_cp1252.ris", "RIS", 10, 0),
    ("web_of_science.tsv", "TSV", 2, 0),
    ("web_of_science.txt", "Web of Science", 2, 0),
    ("web_of_science_no_er.txt", "Web of Science", 2, 0),
    ("year_forms.ris", "RIS", 10, 0),
    ("zotero.csv", "CSV", 2, 0),
]
# These hold the pair as `regular.ris` does, and must be read to the same two records.
SAME = [
    "continued_lines.ris",
    "cr.ris",
    "crcrlf.ris",
    "crlf.ris",
    "given_name_first.ris",
    "junk_between.ris",
    "long_tag_before.ris",
    "missing_er_between.ris",
    "mixed_line_ends.ris",
    "no_final_er.ris",
    "no_space_after_dash.ris",
    "numbered.ris",
    "numbered_no_er.ris",
    "one_line_two_records.txt",
    "single_spaces.ris",
    "tag_in_abstract.ris",
    "abstract_twice.ris",
    "authors_given_twice.ris",
]
CHANGED = {
    "given_name_first.ris": {"authors": ("Meadow, Alice", "van Hill, Ludwig")},
    "continued_lines.ris": {
        "extra": tuple(("KW", word) for word in ("asthma", "diabetes", "kidney", "liver"))
    },
    "abstract_twice.ris": {"extra": (("KW", "diabetes"),)},
}


def read(name):
    return read_export(FIXTURES / name)


def records(name):
    return [one.record for one in read(name).records]


@pytest.mark.parametrize(("name", "kind", "made", "rejected"), FILES)
def test_a_file_is_read_whole(name, kind, made, rejected, tmp_path):
    export = read(name)
    assert (export.format, len(export.records), len(export.rejections)) == (kind, made, rejected)
    assert export.seen == made + rejected
    text_lines = len((FIXTURES / name).read_bytes().splitlines())
    assert all(1 <= one.line <= text_lines for one in (*export.records, *export.rejections))
    keyed = [replace(one.record, key=f"k{n}") for n, one in enumerate(export.records)]
    write_library(keyed, tmp_path / "library.ris")
    assert list(read_library(tmp_path / "library.ris").values()) == sorted(
        keyed, key=lambda record: record.key
    )


def test_every_fixture_is_read_in_a_test():
    named = {
        name
        for name, *_ in [
            *FILES,
            *test_more_formats.FILES,
            *test_odd_exports.FILES,
            *test_real_shapes.FILES,
        ]
    } | {"own_headings.csv"}
    assert named == {path.name for path in FIXTURES.iterdir()}


def test_a_regular_file_gives_every_field():
    first, second = read("regular.ris").records
    assert first.record == Record(
        key="",
        kind="JOUR",
        title="Rewarding quality in a made-up practice",
        authors=("Meadow, Alice", "Hill, Robert J"),
        year=2015,
        date="2015-03-04",
        journal=JIM,
        journal_abbrev="J Invent Med",
        volume="12",
        issue="3",
        first_page="101",
        last_page="109",
        doi="10.5555/jim.2015.101",
        url="https://example.org/jim/101",
        extra=(("KW", "asthma"), ("KW", "diabetes")),
    )
    assert first.abstract == "Nothing here was ever observed."
    assert (first.line, second.line) == (1, 20)
    assert second.record.kind == "RPRT"
    assert second.record.authors == ("Institute of Invented Statistics",)


@pytest.mark.parametrize("name", SAME)
def test_a_fault_changes_nothing_else(name):
    first, second = records("regular.ris")
    assert records(name) == [replace(first, **CHANGED.get(name, {})), second]


@pytest.mark.parametrize(
    "name", ["utf8_bom", "utf16", "utf16_be_no_bom", "utf16_le_no_bom", "cp1252"]
)
def test_every_encoding_gives_the_same_text(name):
    first, second = records("regular.ris")
    title = "Rewarding quality in a “made-up” practice"
    accented = replace(first, title=title, authors=("Meadow, Aliçe", "Hill, Robert J"))
    assert records(f"{name}.ris") == [accented, second]


def test_a_file_joined_from_two_encodings_keeps_its_accents():
    found = records("utf8_with_some_cp1252.ris")
    assert {record.authors[0] for record in found[::2]} == {"Meadow, Aliçe"}
    assert found[0].title == found[8].title == "Rewarding quality in a “made-up” practice"


@pytest.mark.parametrize(
    "name",
    [
        "bibtex.bib",
        "csl.json",
        "embase.csv",
        "endnote_tagged.txt",
        "highwire.txt",
        "one_line.txt",
        "one_line_highwire.txt",
        "pubmed.csv",
        "pubmed.nbib",
        "rayyan.csv",
        "scopus.csv",
        "web_of_science.tsv",
        "web_of_science.txt",
        "zotero.csv",
    ],
)
def test_every_format_tells_the_same_of_the_same_source(name):
    record = records(name)[0]
    assert record.title.startswith("Rewarding ")
    assert record.authors[0] in ("Meadow, Alice", "Meadow, A", "Meadow, A.")
    assert record.doi == "10.5555/jim.2015.101"
    assert record.year == 2015 and record.kind == "JOUR"
    assert record.journal.casefold() in (JIM.casefold(), "j invent med")
    assert (record.volume, record.issue) in [("12", "3"), ("12", ""), ("", "")]
    assert record.first_page.lstrip("e") in ("101", "")
    assert record.last_page.lstrip("e") in ("109", "")


def test_pubmed_full_names_stand_for_short_ones_and_a_group_follows():
    first, second = records("pubmed.nbib")
    group = "Invented Health Group of a very long name that is broken over two lines"
    assert first.authors == ("Meadow, Alice", "Hill, Robert J", group)
    assert (first.pmid, first.date, first.last_page) == ("91234567", "2015-03-04", "109")
    assert first.publication_type == "Journal Article; Research Support, Non-Invented"
    assert ("LID", "jim101 [pii]") in first.extra
    assert second.date == "" and ("DP", "2018 May-Jun") in second.extra


def test_text_like_a_tag_stays_in_the_abstract():
    (first, _) = read("tag_in_abstract.ris").records
    assert "CI - 95%" in first.abstract and "ER - positive" in first.abstract
    assert "TY - 1 diabetes" in first.abstract
    assert "AU - this is text." in read("pubmed.nbib").records[0].abstract
    assert "CI - not a tag. TI - nor this." in read("one_line_highwire.txt").records[0].abstract


def test_authors_of_one_line_are_told_apart():
    people = ("Meadow, Alice", "Hill, Robert J")
    assert [record.authors for record in records("authors_in_one_line.ris")] == [
        (*people, "Invented Health Group"),
        people,
        ("Meadow, A", "Hill, RJ"),
        people,
        (*people, "et al."),
    ]
    assert records("bibtex.bib")[0].authors[2] == "Invented Health Group"
    assert records("scopus.csv")[0].authors == ("Meadow, Alice", "Hill, Robert J.")
    assert records("pubmed.csv")[0].authors == ("Meadow, A", "Hill, RJ")


def test_years_and_dates_are_read_or_kept_as_they_are():
    found = [(one.year, one.date, one.extra) for one in records("year_forms.ris")]
    assert found == [
        (2014, "", ()),
        (None, "", (("PY", "10 15"),)),
        (2021, "2021-06", ()),
        (2012, "2012-03-01", ()),
        (2017, "2017-11-04", ()),
        (None, "", (("DP", "EBSCOhost"), ("PY", "in press"))),
        (2013, "2013-06-01", ()),
        (2009, "", (("DA", "MAY-JUN"),)),
        (2023, "", ()),
        (2012, "", (("PY", "2012/02/30"),)),
    ]
    assert "'10 15'" in records("year_forms.ris")[1].notes


def test_a_doi_is_found_wherever_it_stands():
    assert {record.doi for record in records("doi_places.ris")} == {"10.5555/abc.1"}


def test_pages_are_told_in_full():
    found = [(one.first_page, one.last_page) for one in records("page_forms.ris")]
    assert found == [
        ("470", "487"),
        ("e408", "e415"),
        ("123", "129"),
        ("S47", "S49"),
        ("349", "369"),
        ("e90", "e95"),
        ("2-xx, 320", ""),
        ("", ""),
        ("123", "129"),
        ("e012345", ""),
        ("5", "9"),
        ("12", "13"),
    ]
    assert records("page_forms.ris")[7].extra == (("SP", "N.PAG"),)


def test_markup_and_entities_become_text():
    title = "Rewarding quality & care in H2O, p < 0.05 & more"
    assert records("markup_in_title.ris")[0].title == title


def test_what_no_field_holds_is_kept_with_its_tag():
    assert records("unknown_type.ris")[1].kind == "GEN"
    assert ("TY", "CASE") in records("unknown_type.ris")[1].extra
    assert ("VL", "13") in records("repeated_tags.ris")[0].extra
    assert records("repeated_tags.ris")[0].volume == "12"
    assert records("csl.json")[0].extra == (("keyword", "asthma"),)


def test_e_mail_addresses_are_not_kept():
    regular, found = read("regular.ris").records[0], read("e_mail_addresses.ris").records[0]
    kept = (
        ("AD", "Invented Institute, 1 Nowhere Road. Electronic address: [e-mail]."),
        ("EM", "[e-mail]; [e-mail]"),
        ("N1", "Correspondence (R. J. Hill, [e-mail]) and https://example.org/@hill, p@5"),
    )
    assert found.record == replace(regular.record, extra=(*kept, *regular.record.extra))


def test_a_long_text_is_an_abstract_and_never_kept():
    first = read("long_text_under_odd_tag.ris").records[0]
    assert first.abstract.startswith("A long made-up text.")
    assert not any("long made-up" in text for _, text in first.record.extra)


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("no_title.ris", 20, "no title: expected a text under TI, T1"),
        ("repeated_start.ris", 1, "the record has TY"),
        ("bibtex_broken_entry.bib", 4, "cannot be parsed"),
        ("csl_broken_item.json", 3, "no JSON"),
        ("too_many_cells.csv", 3, "4 cells, expected 3"),
    ],
)
def test_a_rejection_names_line_and_reason(name, line, says):
    (rejection,) = read(name).rejections
    assert rejection.line == line and says in rejection.reason


def test_a_table_with_its_own_headings_is_read_when_they_are_named():
    path = FIXTURES / "own_headings.csv"
    with pytest.raises(NotACitationFile):
        read_export(path)
    named = {"Titel": "title", "Verfasser": "authors", "Jahr": "year"}
    found = [one.record for one in read_export(path, csv_columns=named).records]
    assert [(one.title, one.authors, one.year) for one in found] == [
        ("Rewarding quality", ("Meadow, Alice",), 2015),
        ("A second source", ("Brook, C",), 2018),
    ]
    with pytest.raises(ValueError, match=r"no field 'titel', expected one of .*title"):
        read_export(path, csv_columns={"Titel": "titel"})


@pytest.mark.parametrize("content", [b"", b"Dear all,\nno citations here.\n", b"\x00\xff"])
def test_what_is_no_export_is_told_with_what_was_looked_for(content):
    with pytest.raises(NotACitationFile, match=r"letter\.txt .*expected citations as RIS"):
        read_export(content, "letter.txt")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_export(tmp_path / "nowhere.ris")


def test_every_kind_of_every_format_is_one_the_library_has():
    from analysis.references.reading import roles

    assert {*roles.KINDS.values(), *roles.PUBLICATION_KINDS.values()} <= set(KINDS)
    assert set(roles.CSV_ROLES) <= {field.name for field in fields(Record)}


@pytest.mark.parametrize("view", ["", "/abstract", "/full", "/epdf", ".pdf", "/full/pdf"])
def test_the_view_in_an_address_is_no_part_of_the_doi(view):
    from analysis.references.reading.dois import find_doi

    address = f"https://onlinelibrary.example.org/doi/10.1111/j.1464-5491.2008.02544.x{view}"
    assert find_doi(address, anywhere=False) == "10.1111/j.1464-5491.2008.02544.x"
    assert find_doi("10.1000/abstract") == "10.1000/abstract"
