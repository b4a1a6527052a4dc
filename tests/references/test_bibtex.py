from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser
from pybtex.richtext import Text

from analysis.references import AND_OTHERS, KINDS, Library, Record, to_bibtex

LESTER = Record(
    key="lester2013",
    kind="JOUR",
    title="Implementation of pay for performance in primary care",
    authors=("Lester, Helen", "O'Donnell, CA", "van Driel, ML"),
    year=2013,
    date="2013-06-01",
    journal="BMJ Quality & Safety",
    volume="63",
    issue="611",
    first_page="e408",
    last_page="e415",
    doi="10.3399/bjgp13x668203",
    url="http://bjgp.org/content/63/611/e408.short",
)


def parse(*records):
    # By name, `pybtex.database.parse_string` looks for it in every installed package each time.
    return Parser().parse_string(to_bibtex(Library(records))).entries


def printed(field):
    return str(Text.from_latex(field))


def test_an_article():
    assert to_bibtex(Library([LESTER])) == (
        "@article{lester2013,\n"
        "  author = {Lester, Helen and O'Donnell, C. A. and van Driel, M. L.},\n"
        "  title = {Implementation of pay for performance in primary care},\n"
        "  journal = {BMJ Quality \\& Safety},\n"
        "  volume = {63},\n"
        "  number = {611},\n"
        "  pages = {e408--e415},\n"
        "  year = {2013},\n"
        "  doi = {10.3399/bjgp13x668203},\n"
        "  month = jun,\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("kind", "entry_type", "fields"),
    [
        ("JOUR", "article", {"journal": "Where"}),
        ("NEWS", "article", {"journal": "Where"}),
        ("CHAP", "incollection", {"booktitle": "Where", "publisher": "Who"}),
        ("CONF", "inproceedings", {"booktitle": "Where"}),
        ("BOOK", "book", {"publisher": "Who"}),
        ("RPRT", "techreport", {"institution": "Who"}),
        ("THES", "phdthesis", {"school": "Who"}),
        ("ELEC", "misc", {"howpublished": "Where"}),
        ("GEN", "misc", {"howpublished": "Where"}),
    ],
)
def test_each_kind_has_its_entry_type(kind, entry_type, fields):
    record = Record("key", kind, "A title", ("One, A",), 2012, journal="Where", publisher="Who")
    entry = parse(record)["key"]
    assert entry.type == entry_type
    assert {name: entry.fields[name] for name in fields} == fields


def test_every_kind_can_be_cited():
    some = [Record(kind.lower(), kind, "A title") for kind in KINDS]
    assert {entry.type for entry in parse(*some).values()} == {"misc"}


@pytest.mark.parametrize("lacks", [{"authors": ()}, {"year": None}, {"journal": ""}])
def test_an_article_without_what_a_style_needs_is_misc(lacks):
    entry = parse(replace(LESTER, **lacks))["lester2013"]
    where = "" if "journal" in lacks else "BMJ Quality \\& Safety "
    assert entry.type == "misc"
    assert entry.fields["howpublished"] == f"{where}63(611): e408–e415"


def test_unsigned_news_is_cited_by_its_publisher_and_an_unsigned_article_by_nobody():
    news = Record("pulse2014", "NEWS", "A title", journal="Pulse")
    assert [str(person) for person in parse(news)["pulse2014"].persons["author"]] == ["{Pulse}"]
    assert "author" not in parse(replace(LESTER, authors=()))["lester2013"].persons


def test_authors_others_and_organisations():
    record = replace(
        LESTER, authors=("Department of Health and Social Care", "Lester, H", AND_OTHERS)
    )
    people = parse(record)["lester2013"].persons["author"]
    assert [str(person) for person in people] == [
        "{Department of Health and Social Care}",
        "Lester, H.",
        "others",
    ]


def test_a_name_that_holds_and_stays_one_author():
    record = replace(LESTER, authors=("Food and Agriculture Organization, Rome", "Lester, H"))
    assert len(parse(record)["lester2013"].persons["author"]) == 2


def test_a_date_of_another_year_gives_no_month():
    assert "month" not in parse(replace(LESTER, date="2012-12-01"))["lester2013"].fields
    assert parse(LESTER)["lester2013"].fields["month"] == "June"


def test_an_address_stands_in_for_a_missing_doi():
    fields = parse(replace(LESTER, doi="", url="https://bjgp.org/a_b%20{c}?x=1&y#z"))[
        "lester2013"
    ].fields
    assert fields["url"] == "https://bjgp.org/a_b%20%7Bc%7D?x=1&y#z"
    assert "doi" not in fields


def test_the_note_says_what_is_not_checked():
    fields = parse(replace(LESTER, unverified=("authors", "doi", "last_page")))["lester2013"].fields
    expected = "Not yet checked against a public page: author list, DOI, last page"
    assert fields["note"] == expected
    assert "note" not in parse(LESTER)["lester2013"].fields


def test_what_tex_would_obey_is_escaped():
    record = replace(LESTER, title=r"a & b % c $ d # e _ f { g } h ~ i ^ j \ k")
    assert (
        r"title = {a \& b \% c \$ d \# e \_ f \textbraceleft{} g \textbraceright{} "
        r"h \textasciitilde{} i \textasciicircum{} j \textbackslash{} k}"
    ).replace("{a ", "{{a} ") in to_bibtex(Library([record]))
    assert list(parse(record)) == ["lester2013"]


# pybtex does not read back the escapes of $ ^ { }, right as they are in TeX; no title has them.
def titles(**alphabet):
    marks = st.characters(exclude_categories=("C", "Z"), exclude_characters="$^{}", **alphabet)
    words = st.text(marks | st.sampled_from("QOF-'`?!&%#_~\\"), min_size=1, max_size=6)
    return st.lists(words, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=100, deadline=None)
@example("Marks TeX joins: -- --- '' ,, `` ?` !`")
@given(titles())
def test_a_title_is_printed_as_it_is(title):
    field = parse(replace(LESTER, title=title))["lester2013"].fields["title"]
    assert printed(field) == title


# ASCII, for elsewhere a style's capital may be two letters (ß) and not come back as one.
@settings(max_examples=100, deadline=None)
@given(titles(codec="ascii"))
def test_a_style_keeps_the_capitals_of_a_title(title):
    field = parse(replace(LESTER, title=title))["lester2013"].fields["title"]
    assert str(Text.from_latex(field).capitalize()) == title
