"""Shapes of real exports, each met in a public repository; the records are made up."""

from pathlib import Path

import pytest

from analysis.references import read_export
from analysis.references.imported import NotACitationFile
from analysis.references.reading.one_text import read_place
from analysis.references.reading.people import names

FIXTURES = Path(__file__).parent / "fixtures"

# File, format, records, rejections.
FILES = [
    ("bibtex_odd_keys.bib", "BibTeX", 4, 0),
    ("clinical_trials.csv", "CSV", 1, 0),
    ("cochrane.bib", "BibTeX", 2, 0),
    ("cochrane.csv", "CSV", 1, 0),
    ("digital_commons.enw", "EndNote tagged", 2, 0),
    ("ebsco.csv", "CSV", 1, 0),
    ("endnote.xml", "EndNote XML", 2, 0),
    ("endnote_cut_off.xml", "EndNote XML", 1, 1),
    ("four_formats.txt", "RIS + PubMed + BibTeX + EndNote tagged", 5, 0),
    ("google_scholar.csv", "CSV", 1, 0),
    ("ictrp.csv", "CSV", 1, 0),
    ("ovid_complete.txt", "PubMed", 2, 0),
    ("ovid_labelled.txt", "RIS", 2, 0),
    ("places_of_pmid.ris", "RIS", 5, 0),
    ("publish_or_perish.csv", "CSV", 1, 0),
    ("pubmed.xml", "PubMed XML", 2, 1),
    ("pubmed_citation.csv", "CSV", 1, 0),
    ("refworks.tsv", "TSV", 1, 0),
    ("springer.csv", "CSV", 1, 0),
    ("translated_title.ris", "RIS", 1, 0),
]
# In which fields a file has less, or other, than the one article that they all tell of.
TELL_THE_SAME = {
    "cochrane.bib": {"volume": "", "issue": "", "first_page": "", "last_page": ""},
    "cochrane.csv": {},
    "digital_commons.enw": {"doi": ""},
    "ebsco.csv": {"last_page": ""},
    "endnote.xml": {},
    "google_scholar.csv": {"doi": ""},
    "ovid_complete.txt": {},
    "ovid_labelled.txt": {},
    "publish_or_perish.csv": {},
    "pubmed.xml": {},
    "pubmed_citation.csv": {},
    "refworks.tsv": {},
    "springer.csv": {"first_page": "", "last_page": ""},
}
ARTICLE = {
    "title": "Paying for made-up quality",
    "year": 2015,
    "journal": "J Invent Med",
    "volume": "12",
    "issue": "3",
    "first_page": "101",
    "last_page": "109",
    "doi": "10.5555/abc.1",
}


def read(name):
    return read_export(FIXTURES / name)


def records(name):
    return [one.record for one in read(name).records]


@pytest.mark.parametrize(("name", "kind", "made", "rejected"), FILES)
def test_a_file_is_read_whole(name, kind, made, rejected):
    export = read(name)
    assert (export.format, len(export.records), len(export.rejections)) == (kind, made, rejected)


@pytest.mark.parametrize("name", TELL_THE_SAME)
def test_one_article_is_the_same_from_everywhere(name):
    record = records(name)[0]
    assert {field: getattr(record, field) for field in ARTICLE} == ARTICLE | TELL_THE_SAME[name]
    assert record.authors[0].startswith("Meadow, A")
    assert any(author.split(",")[0] == "Hill" for author in record.authors)


def test_what_endnote_has_in_lists_is_kept_by_the_list():
    first, second = read("endnote.xml").records
    assert first.abstract == "Nothing here was ever observed."
    assert first.record.authors == ("Meadow, Alice", "Hill, Robert")
    assert (first.record.date, first.record.pmid) == ("2015-03-04", "91234567")
    assert (first.record.journal_abbrev, first.record.url) == ("JIM", "https://example.org/jim/101")
    assert dict(first.record.extra) == {
        "secondary-authors author": "Brook, C",
        "short-title": "Paying",
        "keyword": "diabetes",
        "isbn": "0000-0000 1111-1111",
        "remote-database-name": "Medline",
    }
    assert second.record.authors == ("Institute of Invented Statistics",)
    assert (second.record.kind, second.record.pmid) == ("RPRT", "91234568")


def test_where_xml_breaks_off_is_told_by_line_and_record():
    (rejection,) = read("endnote_cut_off.xml").rejections
    assert rejection.line == 1
    assert rejection.reason.startswith("record 2: expected </record> before")
    whole = (FIXTURES / "pubmed.xml").read_text("utf-8")
    export = read_export(whole.rpartition("</PubmedArticleSet>")[0].encode())
    assert export.rejections[-1].line == 57
    assert export.rejections[-1].reason.startswith("the XML breaks off after record 3")
    alone = whole[whole.index("<PubmedArticle>") : whole.index("</PubmedArticle>")]
    assert read_export(f"{alone}</PubmedArticle>\n".encode()).rejections == ()


def test_a_record_of_broken_xml_costs_no_other():
    whole = (FIXTURES / "pubmed.xml").read_text("utf-8")
    export = read_export(whole.replace("</ArticleTitle>", "</Titel>").encode())
    assert [one.record.title for one in export.records] == ["A book of nothing"]
    assert export.rejections[0].reason.startswith(
        "record 1: XML that cannot be parsed in line 19: mismatched"
    )


def test_an_entity_of_its_own_is_not_read():
    text = (FIXTURES / "endnote.xml").read_text("utf-8")
    declared = text.replace("<xml>", '<!DOCTYPE xml [<!ENTITY a "b">]><xml>', 1)
    export = read_export(declared.replace("A second one", "&a; second one").encode())
    assert len(export.records) == 1
    assert "in line 1: undefined entity" in export.rejections[0].reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_xml_is_read_in_any_encoding(encoding):
    text = (FIXTURES / "endnote.xml").read_text("utf-8")
    assert read_export(text.encode(encoding)).records == read("endnote.xml").records


def test_xml_of_another_kind_is_named():
    with pytest.raises(NotACitationFile, match=r"is XML that begins with <resource>"):
        read_export(b'<?xml version="1.0"?>\n<resource><titles/></resource>')
    with pytest.raises(NotACitationFile, match=r"is XML that begins with <rdf:RDF>"):
        read_export(b'<rdf:RDF\n xmlns:z="http://example.org/z">\n<bib:Article/></rdf:RDF>')


def test_pubmeds_xml_is_read_as_its_tagged_file():
    first, second = read("pubmed.xml").records
    assert first.record.authors == ("Meadow, Alice", "Hill, Robert Jr", "Invented Study Group")
    assert (first.record.pmid, first.record.date) == ("91234567", "2015-03-04")
    assert first.abstract == "AIM: None. RESULTS: Nothing here."
    assert ("MH", "Asthma/economics") in first.record.extra
    assert [text for tag, text in first.record.extra if tag == "AD"] == ["Nowhere."]
    assert not any("another" in text for _, text in first.record.extra)
    assert (second.record.title, second.record.year) == ("A book of nothing", 2009)
    (rejection,) = read("pubmed.xml").rejections
    assert rejection.line == 46
    assert rejection.reason.startswith("record 2: no title: expected a text under <ArticleTitle>")


def test_each_part_of_a_joined_file_is_read_in_its_own_format():
    export = read("four_formats.txt")
    assert [(one.line, one.record.title) for one in export.records] == [
        (1, "In RIS"),
        (5, "In PubMed's"),
        (9, "In BibTeX"),
        (13, "In EndNote's"),
        (16, "In RIS again"),
    ]
    assert export.records[1].record.pmid == "91234567"


def test_a_complete_reference_of_ovids_keeps_its_own_database():
    first, second = records("ovid_complete.txt")
    assert (dict(first.extra)["DB"], dict(second.extra)["DB"]) == ("Embase", "PsycINFO")
    assert not any("2. >" in text for _, text in first.extra)
    assert (second.journal, second.volume, second.first_page) == ("Invented Psychology", "34", "12")


def test_the_kind_that_ovid_puts_behind_a_title_is_kept_beside_it():
    first, _ = records("ovid_labelled.txt")
    assert ("TI", "[Article]") in first.extra
    text = "TY  - JOUR\nTI  - Made up [Article]\nER  - \n"
    assert read_export(text.encode()).records[0].record.title == "Made up [Article]"


def test_an_entry_without_a_proper_key_is_read():
    assert [record.title for record in records("bibtex_odd_keys.bib")] == [
        "Without a key",
        "A key of two words",
        "Not even a comma",
        "Proceedings of nothing",
    ]
    assert dict(records("bibtex_odd_keys.bib")[1].extra) == {"key-words": "asthma, diabetes"}


def test_a_fault_of_an_entry_is_told_with_its_line_in_the_file():
    text = "@book{a,\n title = {A}\n}\n\n@book{b,\n title = {B},\n year {2001}\n}\n"
    (rejection,) = read_export(text.encode()).rejections
    assert rejection.line == 5 and "in line 7" in rejection.reason


def test_a_pubmed_number_is_known_wherever_it_is_named_and_nowhere_else():
    assert [record.pmid for record in records("places_of_pmid.ris")] == [
        "91234501",
        "91234502",
        "91234503",
        "",
        "",
    ]


def test_a_title_in_another_language_is_no_journal_and_a_glued_field_no_loss():
    (record,) = records("translated_title.ris")
    assert (record.journal, record.journal_abbrev, record.year) == ("J Invent Med", "", 2015)
    assert record.authors == ("Meadow, A B",)
    told = record.extra
    assert ("T2", "Painting by numbers, and more") in told
    assert ("KW", "diabetes") in told and ("LA", "eng") in told
    assert record.doi == "10.5555/abc.1"
    assert ("DO", "10.5555/abc.1 LK - https://example.org/101") in told


@pytest.mark.parametrize("name", ["clinical_trials.csv", "ictrp.csv"])
def test_a_register_of_trials_gives_title_year_and_address(name):
    (record,) = records(name)
    assert (record.title, record.year) == ("Paying for made-up quality", 2015)
    assert record.url.startswith("https://example.org/")
    assert any(text.endswith("00000000") for _, text in record.extra)


def test_the_number_that_embase_gives_an_article_is_its_page():
    source = "Nil (2015) 12:3 Article Number: e101. Date of Publication: 2015"
    text = f"Title,Source,Source title,Volume,First Page\nA,{source},Nil,12,\nB,{source},Nil,12,7\n"
    first, second = (one.record for one in read_export(text.encode()).records)
    assert (first.first_page, second.first_page) == ("e101", "7")
    assert first.journal == "Nil" and ("Source", source) in first.extra


def test_a_long_list_of_keywords_is_no_abstract():
    many = "; ".join(f"invented word {n}" for n in range(60))
    text = f"Title,Year,Index Keywords,Other\nA,2001,{many},{'x' * 700}\n"
    (one,) = read_export(text.encode()).records
    assert one.record.extra == (("Index Keywords", many),)
    assert one.abstract == "x" * 700


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Meadow C D", ("Meadow, C D",)),
        ("Meadow, SL, Hill, NH,", ("Meadow, SL", "Hill, NH")),
        ("A Meadow, RJ Hill", ("Meadow, A", "Hill, RJ")),
        ("E van der Hill, J. Meadow", ("van der Hill, E", "Meadow, J.")),
        ("Ann Meadow, Bob Hill, Cy Brook", ("Meadow, Ann", "Hill, Bob", "Brook, Cy")),
        ("van den Hill,null", ("van den Hill",)),
        # Not several people.
        ("Meadow, Ann", ("Meadow, Ann",)),
        ("Silva Meadow, Maria Jose", ("Silva Meadow, Maria Jose",)),
        ("Meadow, Ann, III", ("Meadow, Ann, III",)),
        ("NHS England, NHS Wales", ("NHS England, NHS Wales",)),
        ("Department of Health, Social Services, Safety",) * 2,
    ],
)
def test_several_people_in_one_text_are_told_apart(text, people):
    people = (people,) if isinstance(people, str) else people
    assert names[text] == people


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("J Invent Med.  12(3):101-9, 2015 Mar 4.", ("J Invent Med", "12", "3", "101", "109")),
        ("Nil. 349:g6423, 2014 Oct 27.", ("Nil", "349", "", "g6423", "")),
        ("Nil (Nowhere, X.). 9(1):2-4, 2016 Jul.", ("Nil (Nowhere, X.)", "9", "1", "2", "4")),
        ("Nil. 12 (3) (pp 1-9), 2015. Date of Publication: 2015.", ("Nil", "12", "3", "1", "9")),
        ("Nil. 12 (Suppl 1) (no pagination), 2018.", ("Nil", "12", "Suppl 1", "", "")),
        ("Nil. Vol.34(2), 2020, pp. 12-13.", ("Nil", "34", "2", "12", "13")),
        ("Nil. 2022 Mar;53(2):33-47. doi: 10.5555/a.", ("Nil", "53", "2", "33", "47")),
        ("Nil Rev. 2011 Sep 7;(9):CD1. doi: x.", ("Nil Rev", "", "9", "CD1", "")),
        ("Nil. 2022 Mar.", None),
        ("Annual Review of Nothing, Evolution, and More", None),
    ],
)
def test_a_place_told_in_one_text_is_taken_apart(text, place):
    found = read_place(text)
    assert (found and found[:5]) == place
