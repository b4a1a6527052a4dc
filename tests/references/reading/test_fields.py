"""What each field of an export is read as: the usual forms, the odd ones, and what is kept."""

import gc

import pytest

from analysis.references import AND_OTHERS, read_export
from analysis.references.reading import clean, people, read
from analysis.references.reading.dates import find_date, find_year
from analysis.references.reading.dois import find_doi
from analysis.references.reading.pages import page_range

TITLE = "Paying for made-up quality"


def ris(*lines, title=TITLE, kind="JOUR"):
    """Return one record of RIS with a type, a title and these lines."""
    return "\n".join([f"TY  - {kind}", f"TI  - {title}", *lines, "ER  - ", ""]).encode()


def told(*lines, **given):
    """Return what one record of RIS is read as; nothing of it is rejected."""
    export = read_export(ris(*lines, **given))
    assert (export.seen, len(export.rejections)) == (1, 0)
    return export.records[0].record


@pytest.mark.parametrize(
    ("lines", "volume", "issue"),
    [
        (["VL  - 63", "IS  - 4"], "63", "4"),
        (["VL  - Vol. 63"], "63", ""),
        (["VL  - volume 63, issue 4"], "63", "4"),
        (["VL  - Vol 63 No. 4"], "63", "4"),
        (["VL  - Vol 63", "IS  - 4"], "63", "4"),
        (["VL  - Vol 63, no 4", "IS  - S1"], "Vol 63, no 4", "S1"),
        (["VL  - 63 Suppl 1"], "63 Suppl 1", ""),
    ],
)
def test_a_volume_without_the_words_before_it(lines, volume, issue):
    record = told(*lines)
    assert (record.volume, record.issue) == (volume, issue)


@pytest.mark.parametrize(
    ("lines", "full", "short", "kept"),
    [
        (["J2  - J Med"], "J Med", "", []),
        (["JO  - J Med", "JF  - Journal of Med"], "Journal of Med", "J Med", []),
        (["T2  - Journal of Med", "JF  - J MED"], "Journal of Med", "J MED", []),
        (["T2  - J Med", "JF  - Journal of Med"], "J Med", "", [("JF", "Journal of Med")]),
        (["T2  - Journal of Med", "JO  - JOURNAL OF MED"], "Journal of Med", "", []),
        (["J2  - J Med", "JA  - JM"], "J Med", "JM", []),
        (
            ["T2  - Journal of Med", "JF  - J Med", "JO  - Third"],
            "Journal of Med",
            "J Med",
            [("JO", "Third")],
        ),
        (
            ["T2  - Journal of Med", "J2  - J Med", "J1  - JM", "JF  - Med"],
            "Journal of Med",
            "J Med",
            [("J1", "JM"), ("JF", "Med")],
        ),
    ],
)
def test_a_journal_has_its_full_name_and_the_best_short_one(lines, full, short, kept):
    record = told(*lines)
    assert (record.journal, record.journal_abbrev) == (full, short)
    assert sorted(record.extra) == kept


@pytest.mark.parametrize(
    ("source", "journal", "full"),
    [
        ("Br J Gen Pract2013 Jun 01; 63", "Br J Gen Pract", ""),
        ("Br J Gen Pract. 2013;63(611):e408-15", "Br J Gen Pract", ""),
        ("BJ2013", "", ""),
        ("no year in it", "", ""),
        ("Br J Gen Pract. 2013;63", "British Journal", "Br J Gen Pract"),
    ],
)
def test_a_source_line_gives_the_journal_and_is_kept(source, journal, full):
    name = "JT  - British Journal\n" if full else ""
    text = f"PT  - Journal Article\nTI  - {TITLE}\nAU  - Hill R\n{name}SO  - {source}\n"
    (one,) = read_export(text.encode()).records
    assert (one.record.journal, one.record.journal_abbrev) == (journal, full)
    assert ("SO", source) in one.record.extra


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Effects of payment.", "Effects of payment"),
        ("Effects in the U.S.", "Effects in the U.S."),
        ("Effects and so on...", "Effects and so on..."),
        ("Vitamin D.", "Vitamin D."),
        ("Effects of it .", "Effects of it ."),
        ("Pay .. or not pay.", "Pay .. or not pay"),
        ("Why pay?", "Why pay?"),
    ],
)
def test_only_the_full_stop_that_ends_a_title_goes(given, kept):
    assert told(title=given).title == kept


def test_a_short_title_stands_in_for_none_and_is_kept_where_it_says_more():
    text = ris("ST  - Short").replace(f"TI  - {TITLE}\n".encode(), b"")
    assert read_export(text).records[0].record.title == "Short"
    assert told("ST  - Short").extra == (("ST", "Short"),)
    assert told(f"ST  - {TITLE.upper()}").extra == ()


def test_a_rejection_lists_a_dozen_tags_at_most():
    names = ["AU", "PY", "VL", "IS", "SP", "EP", "DO", "UR", "PB", "KW", "AD", "LA", "SN"]
    text = ris(*(f"{name}  - 10.5555/a" for name in names)).replace(b"TI", b"XX")
    (rejection,) = read_export(text.replace(f"XX  - {TITLE}\n".encode(), b"")).rejections
    assert rejection.reason == (
        "no title: expected a text under TI, T1, CT, BT, ST; the record has TY, "
        f"{', '.join(names[:11])}, …"
    ).replace(", ST;", ";")
    (bare,) = read_export(b"TY  - \nER  - \n" + ris()).rejections
    assert bare.reason.endswith("the record has no text at all")


@pytest.mark.parametrize(
    ("text", "year", "read"),
    [
        ("2014-3-4", None, "2014-03-04"),
        ("2014/03/", None, "2014-03"),
        ("2014.12", None, "2014-12"),
        ("2014-03-04T10:20:00Z", None, "2014-03-04"),
        ("2014-00-00", None, ""),
        ("2014-03-00", None, "2014-03"),
        ("2014-13-01", None, ""),
        ("2014-02-30", None, ""),
        ("201403", None, "2014-03"),
        ("20140304", None, "2014-03-04"),
        ("20141304", None, ""),
        ("2014 Mar 4", None, "2014-03-04"),
        ("2014 March", None, "2014-03"),
        ("Sept. 9, 2014", None, "2014-09-09"),
        ("May 2014", None, "2014-05"),
        ("Nov 4", 2014, "2014-11-04"),
        ("Nov 4", None, ""),
        ("2014 Spring", None, ""),
        ("4 June 2014", None, "2014-06-04"),
        ("1st Dec, 2014", None, "2014-12-01"),
        ("22nd Jan", 2014, "2014-01-22"),
        ("3rd Brumaire 2014", None, ""),
        ("2014 May-Jun", None, ""),
        ("1234-05-06", None, ""),
        ("2014", None, ""),
        ("the fourth day of the month of March 2014", None, ""),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(text, year, read):
    assert find_date(text, year) == read


@pytest.mark.parametrize("month", ["jan", "feb", "march", "apr", "may", "june", "july", "augu"])
def test_a_month_is_known_by_three_letters_four_or_all(month):
    number = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug"].index(month[:3]) + 1
    assert find_date(f"2014 {month}", None) == f"2014-{number:02}"
    assert find_date(f"2014 {month}x", None) == ""


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2014", 2014),
        ("c2014, 2015", 2014),
        ("20140304", 2014),
        ("12014", None),
        ("1599", None),
        ("1600", 1600),
        ("2099", 2099),
        ("2100", None),
        ("in press", None),
    ],
)
def test_a_year_stands_alone_among_the_digits(text, year):
    assert find_year(text) == year


def test_a_date_that_tells_another_year_is_kept():
    record = told("PY  - 2014", "Y1  - 2013/05/06", "DA  - 2014/03/04/")
    assert (record.year, record.date) == (2014, "2013-05-06")
    assert record.extra == (("DA", "2014/03/04/"),)
    assert told("PY  - 2014", "DA  - 2014//").extra == ()


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("e408-15", ("e408", "e415")),
        ("123-9", ("123", "129")),
        ("pp. 123–129", ("123", "129")),
        ("S1--S3", ("S1", "S3")),
        ("S98-101", ("S98", "S101")),
        ("99-101", ("99", "101")),
        ("98-98", ("98", "98")),
        ("12a-13b", ("12a", "13b")),
        ("129-123", ("129-123", "")),
        ("S12-5", ("S12", "S15")),
        ("S12-e5", ("S12", "e15")),
        ("470-487.", ("470", "487")),
        ("e017", ("e017", "")),
        ("n/a", ("", "")),
        ("NA", ("", "")),
        ("no pagination", ("", "")),
        ("1-4, 9", ("1-4, 9", "")),
    ],
)
def test_a_range_of_pages(text, pages):
    assert page_range(text) == pages


@pytest.mark.parametrize(
    ("lines", "pages", "kept"),
    [
        (["SP  - 101", "EP  - 109"], ("101", "109"), []),
        (["SP  - 101-109", "EP  - 109"], ("101", "109"), []),
        (["SP  - 101-109", "EP  - 110"], ("101", "109"), [("EP", "110")]),
        (["SP  - 101", "EP  - 9"], ("101", "109"), [("EP", "9")]),
        (["SP  - e101", "EP  - 9"], ("e101", "e109"), [("EP", "9")]),
        (["SP  - 101", "EP  - 101-109"], ("101", "101"), [("EP", "101-109")]),
        (["SP  - 101", "EP  - 99"], ("101", "199"), [("EP", "99")]),
        (["SP  - 101", "EP  - 0"], ("101", ""), []),
        (["EP  - 109"], ("", ""), [("EP", "109")]),
        (["SP  - 101", "C7  - e17"], ("101", ""), [("C7", "e17")]),
        (["C7  - e17"], ("e17", ""), []),
        (["SP  - 101", "C7  - 101", "EP  - 109"], ("101", "109"), []),
        (["SP  - N.PAG", "EP  - 109"], ("", ""), [("EP", "109"), ("SP", "N.PAG")]),
    ],
)
def test_pages_of_two_fields(lines, pages, kept):
    record = told(*lines)
    assert (record.first_page, record.last_page) == pages
    assert sorted(record.extra) == kept


@pytest.mark.parametrize(
    ("lines", "types", "doi", "kept"),
    [
        (["M3  - Review", "M3  - Review", "M3  - Letter"], "Review; Letter", "", []),
        (["M3  - doi: 10.5555/a.1"], "", "10.5555/a.1", []),
        (["M3  - 10.5555/a.1", "M3  - 10.5555/A.1"], "", "10.5555/a.1", []),
        (["M3  - 10.5555/a.1", "M3  - 10.5555/b.2"], "", "10.5555/a.1", [("M3", "10.5555/b.2")]),
        (["M3  - see 10.5555/a.1"], "see 10.5555/a.1", "", []),
        (["DO  - 10.5555/b.2", "M3  - 10.5555/a.1"], "", "10.5555/b.2", []),
        (["DO  - none", "M3  - 10.5555/a.1"], "", "10.5555/a.1", [("DO", "none")]),
        (["DO  - 10.5555/a.1", "DI  - 10.5555/b.2"], "", "10.5555/a.1", [("DI", "10.5555/b.2")]),
    ],
)
def test_a_type_that_is_a_doi_is_the_doi(lines, types, doi, kept):
    record = told(*lines)
    assert (record.publication_type, record.doi, list(record.extra)) == (types, doi, kept)


def test_a_type_as_long_as_an_abstract_is_no_type():
    export = read_export(ris(f"M3  - {'long ' * 130}"))
    assert export.records[0].record.publication_type == ""
    assert export.records[0].abstract.startswith("long long")


@pytest.mark.parametrize(
    ("lines", "pmid", "kept"),
    [
        (["PMID  - 91234567"], "91234567", []),
        (["PMID  - PMID: 91234567"], "91234567", []),
        (["PMID  - 91234567 [pmid]"], "91234567", []),
        (["PMID  - https://pubmed.ncbi.nlm.nih.gov/91234567/"], "91234567", []),
        (["PMID  - none"], "", [("PMID", "none")]),
        (["PMID  - 0123"], "", [("PMID", "0123")]),
        (["PMID  - 123", "PMID  - 456"], "123", [("PMID", "456")]),
        (["AN  - 123"], "", [("AN", "123")]),
        (["AN  - 123", "DB  - PubMed"], "123", [("DB", "PubMed")]),
        (["AN  - 123", "DP  - NLM"], "123", [("DP", "NLM")]),
        (["AN  - 123", "DB  - Embase"], "", [("AN", "123"), ("DB", "Embase")]),
        (["C5  - 123", "DB  - PubMed"], "", [("C5", "123"), ("DB", "PubMed")]),
        (["C2  - 123", "DB  - Scopus"], "123", [("DB", "Scopus")]),
        (["PMID  - 123", "AN  - 123"], "123", []),
        (["PMID  - 123", "AN  - 456", "DB  - PubMed"], "123", [("AN", "456"), ("DB", "PubMed")]),
        (["AN  - rayyan-1", "DB  - PubMed"], "", [("AN", "rayyan-1"), ("DB", "PubMed")]),
    ],
)
def test_a_pubmed_number_is_taken_only_where_it_is_one(lines, pmid, kept):
    record = told(*lines)
    assert (record.pmid, sorted(record.extra)) == (pmid, sorted(kept))


@pytest.mark.parametrize(
    ("lines", "known_by", "kept"),
    [
        (["UR  - https://doi.org/10.5555/a.1"], ("10.5555/a.1", "", ""), []),
        (
            ["UR  - https://example.org/doi/full/10.5555/a.1"],
            ("10.5555/a.1", "", "https://example.org/doi/full/10.5555/a.1"),
            [],
        ),
        (
            ["DO  - 10.5555/b.2", "UR  - https://doi.org/10.5555/a.1"],
            ("10.5555/b.2", "", "https://doi.org/10.5555/a.1"),
            [],
        ),
        (
            ["UR  - https://www.ncbi.nlm.nih.gov/pubmed/123"],
            ("", "123", "https://www.ncbi.nlm.nih.gov/pubmed/123"),
            [],
        ),
        (
            ["PMID  - 9", "UR  - https://www.ncbi.nlm.nih.gov/pubmed/123"],
            ("", "9", "https://www.ncbi.nlm.nih.gov/pubmed/123"),
            [],
        ),
        (
            ["UR  - https://a.example.org", "L2  - https://b.example.org"],
            ("", "", "https://a.example.org"),
            [("L2", "https://b.example.org")],
        ),
        (
            ["UR  - at https://a.example.org"],
            ("", "", "https://a.example.org"),
            [("UR", "at https://a.example.org")],
        ),
        (["UR  - internal-pdf://a.pdf"], ("", "", ""), [("UR", "internal-pdf://a.pdf")]),
        (["N1  - 10.5555/a.1"], ("10.5555/a.1", "", ""), [("N1", "10.5555/a.1")]),
        (["N1  - cites 10.5555/a.1"], ("", "", ""), [("N1", "cites 10.5555/a.1")]),
    ],
)
def test_a_source_is_known_by_doi_number_and_address(lines, known_by, kept):
    record = told(*lines)
    assert ((record.doi, record.pmid, record.url), list(record.extra)) == (known_by, kept)


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    [
        ("JOUR", "JOUR", ()),
        ("Journal Article", "JOUR", ()),
        ("THES", "THES", ()),
        ("EJOUR", "JOUR", (("TY", "EJOUR"),)),
        ("Thing", "GEN", (("TY", "Thing"),)),
    ],
)
def test_a_kind_is_one_of_the_library_and_another_name_is_kept(given, kind, kept):
    record = told(kind=given)
    assert (record.kind, record.extra) == (kind, kept)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([], "GEN"),
        (["JT  - Journal"], "JOUR"),
        (["JT  - Journal", "PT  - Congress"], "CONF"),
        (["PT  - Unheard of", "PT  - Editorial"], "JOUR"),
    ],
)
def test_without_a_kind_the_types_tell_it_and_else_the_journal(lines, kind):
    text = "\n".join(["PMID- 1", f"TI  - {TITLE}", *lines, ""])
    assert read_export(text.encode()).records[0].record.kind == kind


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Hill, Robert J", ["Hill, Robert J"]),
        ("Hill RJ", ["Hill, RJ"]),
        ("Robert J Hill", ["Hill, Robert J"]),
        ("Ludwig van Beethoven", ["van Beethoven, Ludwig"]),
        ("van Beethoven", ["Beethoven, van"]),
        ("Maria de la Cruz", ["de la Cruz, Maria"]),
        ("Health Foundation", ["Health Foundation"]),
        ("NHS", ["NHS"]),
        ("ROYAL COLLEGE", ["ROYAL COLLEGE"]),
        ("HILL R", ["HILL, R"]),
        ("One Two Three Four Five", ["One Two Three Four Five"]),
        ("Area 51", ["Area 51"]),
        ("{Centre for Things}", ["Centre for Things"]),
        ("{}", []),
        ("Hill, ", ["Hill"]),
        (", Robert", ["Robert"]),
        ("Hill, Robert (1234567)", ["Hill, Robert"]),
        ("Hill, R.; Meadow, A.", ["Hill, R.", "Meadow, A."]),
        ("Hill, R.|Meadow, A.", ["Hill, R.", "Meadow, A."]),
        ("Hill R and Meadow A", ["Hill, R", "Meadow, A"]),
        ("Hill R & Meadow A", ["Hill, R", "Meadow, A"]),
        ("Hill,R and Meadow,A", ["Hill, R", "Meadow, A"]),
        ("Marks and Spencer", ["Marks and Spencer"]),
        ("Health and Safety", ["Health and Safety"]),
        ("Hill, R., Meadow, A. B.", ["Hill, R.", "Meadow, A. B."]),
        ("Hill R, Meadow AB.", ["Hill, R", "Meadow, AB"]),
        ("Hill R., Meadow A.", ["Hill, R.", "Meadow, A."]),
        ("Hill R, Meadow AB, Dale E.", ["Hill, R", "Meadow, AB", "Dale, E"]),
        ("Hill R, Meadow AB, ", ["Hill, R", "Meadow, AB"]),
        ("Hill, R, Jr", ["Hill, R, Jr"]),
        ("Hill R, et al.", ["Hill, R", AND_OTHERS]),
        ("Hill R and others", ["Hill, R", AND_OTHERS]),
        ("Hill, Al", ["Hill, Al"]),
        ("O’Neil-Hill, Mary-Ann", ["O’Neil-Hill, Mary-Ann"]),
    ],
)
def test_the_authors_of_a_text(text, authors):
    assert list(people.names[text]) == authors


def test_et_al_is_the_last_author_and_each_is_named_once():
    record = told("AU  - et al.", "AU  - Hill, R", "AU  - Hill, R", "AU  - Meadow, A")
    assert record.authors == ("Hill, R", "Meadow, A", AND_OTHERS)


def test_a_shorter_list_of_full_names_is_kept_and_not_used():
    text = f"PMID- 1\nTI  - {TITLE}\nFAU - Hill, Robert\nAU  - Hill R\nAU  - Meadow A\n"
    (one,) = read_export(text.encode()).records
    assert one.record.authors == ("Hill, R", "Meadow, A")
    assert one.record.extra == (("FAU", "Hill, Robert"),)


@pytest.mark.parametrize(
    ("lines", "abstract"),
    [
        (["AB  - n/a"], ""),
        (["AB  - [No abstract available]"], ""),
        (["AB  - Short."], "Short."),
        (["AB  - One.", "N2  - Two.", "AB  - One."], "One. Two."),
        (["AB  - null", f"N1  - {'long ' * 121}"], ("long " * 121).strip()),
    ],
)
def test_an_abstract_is_what_says_something(lines, abstract):
    assert read_export(ris(*lines)).records[0].abstract == abstract


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("a  b\tc", "a b c"),
        ("caf&eacute; &amp;amp; more", "café & more"),
        ("<i>in vitro</i> p<0.05", "in vitro p<0.05"),
        ("one<br/>two", "one two"),
        ("a\u200bb", "a b"),
        ("e\u0301", "é"),
        ("x" * 101 + "\x07", "x" * 101),
        ("x" * 101 + "\x07y", "x" * 101 + " y"),
        ("?a=1&copy=2", "?a=1&copy=2"),
    ],
)
def test_a_text_is_cleaned(given, text):
    assert clean.clean(given) == text


def test_no_memory_changes_what_is_read(monkeypatch):
    monkeypatch.setattr(clean, "_REMEMBERED", 1)
    monkeypatch.setattr(people, "_REMEMBERED", 0)
    record = told("AU  - Hillock RJ", "AU  - Hillock RJ", "KW  - a  b", "KW  - c  d", "KW  - a  b")
    assert record.authors == ("Hillock, RJ",) and "Hillock RJ" not in people.names
    assert record.extra == (("KW", "a b"), ("KW", "c d"), ("KW", "a b"))


def test_what_was_seen_and_not_made_is_told(monkeypatch):
    made = read.halves.made
    monkeypatch.setattr(read.halves, "made", lambda *given: [*made(*given)][1:])
    export = read_export(ris() + ris() + ris())
    assert (export.seen, len(export.records)) == (3, 2)
    assert [(one.line, one.reason) for one in export.rejections] == [
        (1, "a record begins here that could not be followed")
    ]


@pytest.mark.parametrize("was_on", [True, False])
def test_the_garbage_collector_is_left_as_it_was(was_on):
    (gc.enable if was_on else gc.disable)()
    try:
        read_export(ris())
        assert gc.isenabled() is was_on
        assert gc.get_freeze_count() == 0
        gc.freeze()
        frozen = gc.get_freeze_count()
        read_export(ris())
        # A frozen object may be freed meanwhile, but none is thawed.
        assert gc.get_freeze_count() > frozen / 2, "what others froze stays so"
    finally:
        gc.unfreeze()
        gc.enable()


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("see 10.5555/a(1) there", "10.5555/a(1)"),
        ("(10.5555/a)", "10.5555/a"),
        ("[10.5555/a[2]]", "10.5555/a[2]"),
        ("doi:10.5555/A.1., and", "10.5555/a.1"),
        ("10.5555/a[doi]", "10.5555/a"),
        ("10.5555%2Fa", "10.5555/a"),
        ("10.5555/", ""),
        ("10.55/a", ""),
        ("none", ""),
    ],
)
def test_a_doi_ends_where_its_text_does(text, doi):
    assert find_doi(text) == doi
