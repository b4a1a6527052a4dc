"""What other programs export: their XML, YAML and spreadsheets, and alphabets other than Latin."""

from pathlib import Path

import pytest

from analysis.references import read_export
from analysis.references.imported import NotACitationFile
from analysis.references.reading.decode import decode

FIXTURES = Path(__file__).parent / "fixtures"
FILES = [
    ("mods.xml", "MODS XML", 1, 1),
    ("word.xml", "Word XML", 2, 0),
    ("refworks.xml", "RefWorks XML", 2, 0),
    ("marc.xml", "MARCXML", 1, 0),
    ("zotero.rdf", "Zotero RDF", 3, 0),
    ("csl.yaml", "CSL-YAML", 3, 0),
    ("excel.xlsx", "Excel", 2, 0),
    ("bibtex_within_abstract.bib", "BibTeX", 2, 1),
]
WHOLE = ["word.xml", "refworks.xml", "zotero.rdf", "csl.yaml", "excel.xlsx"]
# By encoding: a record's author, title and journal, as an export of that country has them.
WRITTEN = {
    "gb18030": ("张伟", "按绩效付费对社区糖尿病管理质量的影响：虚构的研究", "虚构医学杂志"),
    "big5": ("王大明", "論質計酬制度對糖尿病照護品質之影響：虛構的研究", "虛構醫學雜誌"),
    "cp932": (
        "山田太郎",
        "成果払い制度が糖尿病診療の質に与える影響に関する架空の検討",
        "架空医学雑誌",
    ),
    "euc_jp": (
        "山田太郎",
        "成果払い制度が糖尿病診療の質に与える影響に関する架空の検討",
        "架空医学雑誌",
    ),
    "cp949": (
        "김철수",
        "성과지불제도가 당뇨병 관리의 질에 미치는 영향에 대한 가상의 연구",
        "가상의학회지",
    ),
    "cp1251": ("Лугов, А.", "Оплата по результатам и качество помощи: вымышленное", "Врач"),
    "koi8_r": ("Лугов, А.", "Оплата по результатам и качество помощи: вымышленное", "Врач"),
    "cp1253": (
        "Λιβάδης, Α.",
        "Η αμοιβή με βάση την απόδοση και η ποιότητα της φροντίδας",
        "Ιατρική",
    ),
}
WESTERN = [
    "AU  - Müller, Jürgen\nTI  - L’été à l’hôpital — « œuvre »\n",
    "TI  - ÀÉÈÊËÎÏÔÙÛÇ ÄÖÜ ÅÆØ ÑÕ\n",
    "TI  - …”–“…”–“…”—“\n",
    "TI  - “Été”, “Ça” – “Où?”\n",
]


def records(name):
    return [one.record for one in read_export(FIXTURES / name).records]


@pytest.mark.parametrize(("name", "kind", "made", "rejected"), FILES)
def test_each_kind_is_known_and_counted(name, kind, made, rejected):
    export = read_export(FIXTURES / name)
    told = (export.format, len(export.records), len(export.rejections))
    assert told == (kind, made, rejected)


@pytest.mark.parametrize("name", WHOLE)
def test_each_gives_every_field_of_an_article(name):
    record, *_ = records(name)
    assert (record.kind, record.title) == ("JOUR", "Paying for made-up quality")
    assert record.authors[0].startswith("Meadow, A")
    assert (record.year, record.volume, record.issue) == (2015, "12", "3")
    assert record.journal.startswith("J") and record.doi == "10.5555/abc.1"
    assert (record.first_page, record.last_page) == ("101", "109")


def test_mods_tells_authors_from_editors_and_joins_titles():
    export = read_export(FIXTURES / "mods.xml")
    (record,) = [one.record for one in export.records]
    assert record.title == "The Rewarding quality: a made-up practice"
    assert record.authors == ("Meadow, Alice J", "Royal Institute, London")
    assert (record.journal, record.journal_abbrev) == (
        "Journal of Invented Medicine",
        "J Invent Med",
    )
    assert (record.kind, record.date) == ("JOUR", "2015-03")
    assert record.extra == (("editor", "Hill, Robert"),)
    assert export.records[0].abstract == "Nothing here was ever observed."
    (rejection,) = export.rejections
    assert (rejection.line, rejection.reason[:50]) == (
        29,
        "record 2: no title: expected a text under <titleIn",
    )


def test_words_sources_keep_dates_bodies_and_editors():
    article, report = records("word.xml")
    assert article.authors == ("Meadow, Alice J",)
    assert article.date == "2015-03-04" and ("Editor", "Hill, Robert") in article.extra
    assert (report.kind, report.authors) == ("RPRT", ("Royal Institute, London",))
    assert report.date == "2016-05-01"


def test_a_catalogues_marks_are_no_part_of_a_text():
    (book,) = records("marc.xml")
    assert (book.kind, book.title) == ("BOOK", "Paying for quality: a made-up book")
    assert book.authors == ("Meadow, Alice", "Royal Institute of Nothing.")
    assert (book.year, book.publisher) == (2015, "Press")


def test_zoteros_journal_is_found_where_an_item_names_it():
    export = read_export(FIXTURES / "zotero.rdf")
    article, chapter, preprint = (one.record for one in export.records)
    assert article.journal_abbrev == "J Invent Med" and article.pmid == "12345678"
    assert article.authors[1] == "Royal Institute of Nothing"
    assert (chapter.kind, chapter.journal, chapter.publisher) == (
        "CHAP",
        "A book of nothing",
        "Press",
    )
    assert preprint.title == "A preprint"
    assert export.records[0].abstract == "Nothing here was ever observed: a < b."
    assert [one.line for one in export.records] == [11, 45, 53]


def test_yaml_gives_lines_and_dates_in_each_form():
    export = read_export(FIXTURES / "csl.yaml")
    assert [one.line for one in export.records] == [3, 18, 22]
    assert [one.record.date for one in export.records] == ["2015-03", "2016-05-01", "2017-05"]


def test_a_table_is_found_on_any_sheet_with_its_rows():
    export = read_export(FIXTURES / "excel.xlsx")
    assert [one.line for one in export.records] == [2, 4]
    assert export.records[0].record.date == "2015-03-04"


def test_an_entry_that_an_abstract_tells_of_is_text_and_a_broken_one_still_one_rejection():
    export = read_export(FIXTURES / "bibtex_within_abstract.bib")
    assert [one.record.title for one in export.records] == ["A made-up manual", "Second"]
    assert export.records[0].abstract.endswith("and no other way.")
    (rejection,) = export.rejections
    assert rejection.line == 11


@pytest.mark.parametrize("encoding", WRITTEN)
@pytest.mark.parametrize("times", [1, 40])
def test_other_scripts_are_read_as_they_were_written(encoding, times):
    author, title, journal = WRITTEN[encoding]
    text = f"TY  - JOUR\nAU  - {author}\nTI  - {title}\nT2  - {journal}\nPY  - 2015\nER  - \n\n"
    export = read_export((text * times).encode(encoding))
    assert (export.encoding, len(export.records)) == (encoding, times)
    record = export.records[0].record
    assert (record.title, record.journal) == (title, journal)
    assert record.authors[0].rstrip(".") == author.rstrip(".")


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize("times", [1, 40])
def test_no_western_text_is_taken_for_another(text, times):
    assert decode((text * times).encode("cp1252")) == (text * times, "cp1252")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("% Encoding: windows-1250\n@article{a, title={Wpływ płatności}}\n", "cp1250"),
        ('<?xml version="1.0" encoding="iso-8859-2"?>\n<x>Wpływ płatności</x>\n', "iso8859-2"),
        ('<?xml version="1.0" encoding="GB2312"?>\n<x>张</x>\n', "gb18030"),
        ('<?xml version="1.0" encoding="no-such"?>\n<x>Müller</x>\n', "cp1252"),
        ("% Encoding: windows-1252\n@article{a, title={Müller}}\n", "cp1252"),
    ],
)
def test_a_text_is_read_in_what_it_says_it_is_in(content, encoding):
    assert decode(content.encode(encoding)) == (content, encoding)


def test_what_says_that_it_is_in_another_encoding_and_is_not_is_not_believed():
    content = b'<?xml version="1.0" encoding="EUC-KR"?>\n<x>M\xfcller</x>\n'
    assert decode(content)[1] == "cp1252"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7\0\xff", "is a PDF, which is read by people: in the database"),
        (
            b"SQLite format 3\0",
            "is a database of its own program, as Zotero and EndNote keep theirs: in the",
        ),
        (b"\x1f\x8b\x08", r"is a packed file \(gzip\): unpack it first, or in the database"),
        (b"<!DOCTYPE html>\n<html></html>", "is a saved web page: in the database"),
        (b"PK\3\4nothing", "is a ZIP archive or an office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a ZIP archive or an office document"),
    ],
)
def test_what_to_export_instead_is_said(content, told):
    with pytest.raises(NotACitationFile, match=f"a.x {told}"):
        read_export(content, "a.x")


def test_a_workbook_without_citations_tells_its_first_row():
    from io import BytesIO

    import openpyxl

    book, written = openpyxl.Workbook(), BytesIO()
    book.active.append(["practice", "points"])
    book.save(written)
    with pytest.raises(NotACitationFile, match=r"known column \(its first row: practice,points\)"):
        read_export(written.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("table", "journal"),
    [
        (
            "record_id,primary_title,notes_abstract,first_authors,year,source_title\n"
            "1,Paying for quality,None,\"['Meadow, A', 'Hill, R']\",2015,J Invent Med\n",
            "J Invent Med",
        ),
        (
            "Paper title;Authors;Year;Venue\nPaying for quality;Meadow, A; Hill, R;2015;x\n",
            "",
        ),
        ('Title,Authors,Venue,Year\nPaying for quality,"Meadow, A; Hill, R",J Inv,2015\n', "J Inv"),
    ],
)
def test_headings_and_lists_of_screening_programs_are_known(table, journal):
    export = read_export(table.encode())
    if not journal:
        assert "5 cells, expected 4" in export.rejections[0].reason
        return
    (record,) = [one.record for one in export.records]
    assert (record.title, record.authors) == ("Paying for quality", ("Meadow, A", "Hill, R"))
    assert (record.year, record.journal) == (2015, journal)


def test_what_only_begins_as_a_list_stays_text():
    table = 'Title,Year,Keywords\nPaying,2015,"[\'not closed]"\n'
    (one,) = read_export(table.encode()).records
    assert one.record.extra == (("Keywords", "['not closed]"),)


@pytest.mark.parametrize("head", ["<modsCollection ", "<rdf:RDF x='purl.org/net/biblio'"])
def test_a_file_that_begins_as_xml_of_a_kind_and_has_no_record_is_told(head):
    with pytest.raises(NotACitationFile):
        read_export(f"{head} and then nothing of it\n".encode(), file="broken.xml")
