"""What tools for screening, catalogues and reference managers write, each in its own spelling.

The samples are made up and shaped as these programs write them. Each was once read wrong without
a word: names turned round, a journal called "MED", people and years left out.
"""

import json

import pytest

from analysis.references import read_export

PEOPLE = ("Meadow, Alice", "Hill, Robert")
PLACE = {"volume": "12", "issue": "3", "pages": "101-109"}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.5555/abc.1",
    "title": "Paying for made-up quality",
    "publication_year": 2015,
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/12345678"},
    "type": "article",
    "primary_location": {"source": {"display_name": "J Invent Med"}},
    "authorships": [
        {"author": {"display_name": "Alice Meadow"}, "institutions": [{"display_name": "A"}]},
        {"author": {"display_name": "Robert Hill"}},
    ],
    "biblio": {"volume": "12", "issue": "3", "first_page": "101", "last_page": "109"},
}
EUROPE_PMC = {
    "id": "12345678",
    "source": "MED",
    "pmid": "12345678",
    "doi": "10.5555/abc.1",
    "title": "Paying for made-up quality.",
    "authorString": "Meadow A, Hill R.",
    "journalTitle": "J Invent Med",
    "issue": "3",
    "journalVolume": "12",
    "pubYear": "2015",
    "pageInfo": "101-109",
}
LENS = {
    "lens_id": "000-111",
    "title": "Paying for made-up quality",
    "year_published": 2015,
    "volume": "12",
    "issue": "3",
    "start_page": "101",
    "end_page": "109",
    "authors": [
        {"first_name": "Alice", "last_name": "Meadow"},
        {"first_name": "Robert", "last_name": "Hill"},
    ],
    "source": {"title": "J Invent Med"},
    "external_ids": [
        {"type": "pmid", "value": "12345678"},
        {"type": "doi", "value": "10.5555/abc.1"},
    ],
}
SEMANTIC_SCHOLAR = {
    "paperId": "a1",
    "externalIds": {"DOI": "10.5555/abc.1", "PubMed": "12345678", "CorpusId": 1},
    "title": "Paying for made-up quality",
    "year": 2015,
    "journal": {"name": "J Invent Med", "volume": "12", "pages": "101-109"},
    "authors": [{"authorId": "1", "name": "Alice Meadow"}, {"name": "Robert Hill"}],
}
EPPI = {
    "ItemId": 1,
    "Title": "Paying for made-up quality",
    "ParentTitle": "J Invent Med",
    "CreatedBy": "Somebody",
    "Year": "2015",
    "Volume": "12",
    "Issue": "3",
    "Pages": "101-109",
    "TypeName": "Journal, Article",
    "Authors": "Meadow Alice ; Hill Robert ;",
    "DOI": "10.5555/abc.1",
    "Codes": [{"AttributeId": 1}],
}
MENDELEY = PLACE | {
    "title": "Paying for made-up quality",
    "type": "journal",
    "authors": LENS["authors"],
    "year": 2015,
    "source": "J Invent Med",
    "identifiers": {"doi": "10.5555/abc.1", "pmid": "12345678"},
}
PAPERPILE = PLACE | {
    "title": "Paying for made-up quality",
    "pubtype": "ARTICLE",
    "kind": "Journal Article",
    "author": [{"first": "Alice", "last": "Meadow"}, {"first": "Robert", "last": "Hill"}],
    "journalfull": "J Invent Med",
    "published": {"year": "2015"},
    "doi": "10.5555/abc.1",
}
JSON = [
    ("OpenAlex JSON", {"meta": {"count": 1}, "results": [OPENALEX]}),
    ("OpenAlex JSON", [OPENALEX]),
    ("Europe PMC JSON", {"hitCount": 1, "resultList": {"result": [EUROPE_PMC]}}),
    ("Lens JSON", {"total": 1, "data": [LENS]}),
    ("Semantic Scholar JSON", {"total": 1, "data": [SEMANTIC_SCHOLAR]}),
    ("EPPI-Reviewer JSON", {"CodeSets": [{"SetId": 1}], "References": [EPPI]}),
    ("Mendeley JSON", [MENDELEY]),
    ("Paperpile JSON", [PAPERPILE]),
]


def records(text):
    export = read_export(text.encode())
    assert export.rejections == ()
    return [one.record for one in export.records]


@pytest.mark.parametrize(("kind", "content"), JSON, ids=lambda part: part if str(part) else "")
def test_json_of_each_kind_gives_every_field(kind, content):
    export = read_export(json.dumps(content, indent=1).encode())
    (record,) = (one.record for one in export.records)
    assert (export.format, export.seen) == (kind, 1)
    assert record.title == "Paying for made-up quality"
    assert [name.partition(",")[0] for name in record.authors] == ["Meadow", "Hill"]
    assert all(name.partition(", ")[2] for name in record.authors)
    assert (record.kind, record.year, record.journal) == ("JOUR", 2015, "J Invent Med")
    assert (record.volume, record.first_page, record.last_page) == ("12", "101", "109")
    assert (record.doi, record.pmid) in {("10.5555/abc.1", pmid) for pmid in ("12345678", "")}
    assert not any("Somebody" in text for _, text in record.extra)


def test_an_item_without_a_title_is_told_by_where_one_was_looked_for():
    (rejection,) = read_export(json.dumps([OPENALEX | {"title": None}]).encode()).rejections
    assert "expected a text under title or display_name" in rejection.reason


def test_one_work_of_crossref_is_read_and_its_references_are_no_text_of_it():
    item = {
        "title": ["Paying for made-up quality"],
        "author": [{"given": "Alice", "family": "Meadow"}],
        "editor": [{"given": "Robert", "family": "Hill"}, {"name": "A Group"}],
        "reference": [{"key": "1", "article-title": "Another"}] * 40,
        "created": {"date-parts": [[2015, 3, 4]]},
    }
    (record,) = records(json.dumps({"status": "ok", "message": item}))
    assert record.authors == PEOPLE[:1]
    assert record.extra == (("editor", "Hill, Robert; A Group"), ("created", "2015-03-04"))


def test_eppi_reviewer_has_the_family_name_first_and_no_comma():
    names = ("Troiano L P", "Dos Santos", "H B", "Meadow Alice", "Department of Health", "Hill, R")
    authors = "".join(f"A1  - {name}\n" for name in names)
    (record,) = records(f"TY  - JOUR\nT1  - Title\n{authors}KW  - eppi-reviewer\nER  - \n")
    assert record.authors == (
        "Troiano, L P",
        "Dos Santos, H B",
        "Meadow, Alice",
        "Department of Health",
        "Hill, R",
    )


TABLES = {
    "Europe PMC": (
        "id,source,title,authorString,journalTitle,issue,journalVolume,pubYear,pageInfo,doi"
        '\n1,MED,Paying,"Meadow A, Hill R.",J Invent Med,3,12,2015,101-109,10.5555/abc.1'
    ),
    "ProQuest": (
        "Title,Authors,digitalObjectIdentifier,issue,pages,pubtitle,startPage,vol,year"
        "\nPaying,Meadow A; Hill R,10.5555/abc.1,3,101-109,J Invent Med,101,12,2015"
    ),
    "Paperpile": (
        "Authors,Title,Journal,Full journal,Publication year,Volume,Issue,Page(s),DOI"
        '\n"Meadow A,Hill R",Paying,J Inv,J Invent Med,2015,12,3,101-109,10.5555/abc.1'
    ),
    "DistillerSR": (
        "Refid,Author,Title,Journal,Publication Date,Volume,Issue,Page,DOI Number"
        '\n1,"Meadow, A; Hill, R",Paying,J Invent Med,2015,12,3,101-109,10.5555/abc.1'
    ),
    "Colandr": (
        "citation_title,citation_authors,citation_journal_name,citation_journal_volume,"
        "citation_pub_year,issue,pages,doi"
        '\nPaying,"Meadow, A; Hill, R",J Invent Med,12,2015,3,101-109,10.5555/abc.1'
    ),
    "Citavi": (
        "Reference type;Author;Title;Year;Periodical;Volume;Number;Page range;DOI"
        '\nJournal article;"Meadow, A; Hill, R";Paying;2015;J Invent Med;12;3;101-109;10.5555/abc.1'
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_headings_of_each_tool_are_known(name):
    (record,) = records(TABLES[name] + "\n")
    assert (record.authors, record.year) == (("Meadow, A", "Hill, R"), 2015)
    assert (record.journal, record.volume, record.issue) == ("J Invent Med", "12", "3")
    assert (record.first_page, record.last_page) == ("101", "109")
    assert record.doi == "10.5555/abc.1"


def test_no_volume_is_not_volume_nought():
    (record,) = records(
        "Cites,Authors,Title,Year,Source,Volume,Issue,StartPage,EndPage\n"
        "7,A Meadow,Paying,2015,J Invent Med,0,0,0,0\n"
    )
    assert (record.volume, record.issue, record.first_page, record.last_page) == ("",) * 4
    assert record.extra == (("Cites", "7"),)


def test_zotero_tells_the_pubmed_number_in_what_has_no_column_and_no_path_of_a_disk_is_kept():
    (record,) = records(
        "Title,Author,Extra,File Attachments,Date Added\n"
        'Paying,"Meadow, A",PMID: 12345678 PMCID: PMC1,C:\\x\\y.pdf,2024-01-01\n'
    )
    assert record.pmid == "12345678"
    assert record.extra == (("Extra", "PMID: 12345678 PMCID: PMC1"),)
    paths = ("file:///x/y.pdf", "C:\\x\\y.pdf", "/" + "home/x/y.pdf", "https://x.org/y.pdf")
    links = "".join(f"L1  - {path}\n" for path in paths)
    (record,) = records(f"TY  - EJOU\nTI  - T\n{links}ER  - \n")
    assert (record.kind, record.url) == ("JOUR", "https://x.org/y.pdf")
    assert record.extra == (("TY", "EJOU"),)


def test_one_letter_is_no_type_of_publication():
    (record,) = records("Publication Type,Document Type,Title,DOI\nJ,Article,Paying,10.5555/a\n")
    assert (record.publication_type, record.extra) == ("Article", (("Publication Type", "J"),))


def test_biblatex_has_a_title_in_two_parts_and_names_the_number_it_gives():
    (record,) = records(
        "@article{a, title={Paying for quality}, subtitle={A made-up study}, date={2015-03},\n"
        "journaltitle={J Invent Med}, eprint={12345678}, eprinttype={pubmed}}\n"
    )
    assert (record.title, record.pmid) == ("Paying for quality: A made-up study", "12345678")
    (record,) = records("@article{a, title={Paying: A study}, subtitle={A study}}\n")
    assert (record.title, record.extra) == ("Paying: A study", (("subtitle", "A study"),))


@pytest.mark.parametrize(
    ("kind", "known"),
    [("letter", "JOUR"), ("Journal, Article", "JOUR"), ("posted-content", "GEN"), ("UNPB", "GEN")],
)
def test_kinds_of_letters_and_preprints_are_known(kind, known):
    (record,) = records(json.dumps([{"title": "T", "type": kind}]))
    assert record.kind == known


def test_a_month_may_stand_before_its_year_without_a_blank():
    (record,) = records('Article Title,Author,Publication Date\nPaying,"Meadow, A",Nov2015\n')
    assert (record.year, record.date) == (2015, "2015-11")
