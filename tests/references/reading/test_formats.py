"""What each format is known by, and how its records are told apart: one small text a rule."""

import json
from io import BytesIO
from types import SimpleNamespace

import pytest

from analysis.references import read_export
from analysis.references.imported import NotACitationFile
from analysis.references.reading import csv_in, detect, halves, tagged
from analysis.references.reading.decode import decode
from analysis.references.reading.dialects import BARE_RIS, ENDNOTE, MEDLARS, NBIB, RIS, WOS
from analysis.references.reading.one_line import unfold

BOM = "\ufeff"


def titles(text, **given):
    """Return line and title of each record of a text, of which nothing is rejected."""
    export = read_export(text if isinstance(text, bytes) else text.encode(), **given)
    assert export.rejections == () and export.seen == len(export.records)
    return [(one.line, one.record.title) for one in export.records]


def told(text):
    """Return what became of each record: by line, a title or the reason of a rejection."""
    export = read_export(text.encode())
    made = {one.line: one.record.title for one in export.records}
    rejected = {one.line: one.reason for one in export.rejections}
    assert export.seen == len(export.records) + len(export.rejections)
    return made, rejected


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        (b"a\r\nb\rc\nd", "a\nb\nc\nd", "utf-8"),
        (b"a\r\r\nb\r\nc", "a\nb\nc", "utf-8"),
        (BOM.encode() + b"a", "a", "utf-8-sig"),
        (BOM.encode() + b"a \xe9t\xe9", "a été", "cp1252"),
        ("été".encode(), "été", "utf-8"),
        ("é".encode() + b" \xe9 \x93", "é é “", "utf-8 with some cp1252"),
        (b"\xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xe9 \xc3\xa9", "é é é é é é é é Ã©", "cp1252"),
        (b"a \x81 b", "a \x81 b", "cp1252"),
        ("TY".encode("utf-16-le"), "TY", "utf-16-le"),
        ("TY".encode("utf-16-be"), "TY", "utf-16-be"),
        ("TY".encode("utf-16"), "TY", "utf-16"),
        ("TY".encode("utf-32"), "TY", "utf-32"),
        (b"T\0\0Y", "TY", "utf-8"),
        (b"", "", "utf-8"),
    ],
)
def test_an_encoding_is_told_by_its_bytes(content, text, encoding):
    assert decode(content) == (text, encoding)


def test_nulls_are_counted_where_the_file_begins():
    assert decode(("a" * 4000).encode("utf-16-le") + b"b" * 400)[1] == "utf-16-le"
    few = ("a" * 100 + "\0" * 3).encode()
    assert decode(few) == ("a" * 100, "utf-8")


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("TY  - JOUR\n", RIS),
        ("a\nTY - JOUR\n", RIS),
        ("TY  - a long text that is none\n", None),
        ("PMID- 1\n", NBIB),
        ("PMID- x\n", None),
        ("OWN - NLM\n", NBIB),
        ("UI  - 91\nSO  - x\nTI  - y\n", NBIB),
        ("UI  - 91\n" + "SO  - x\n" * 10 + "TI  - y\n", None),
        ("PT J\n", WOS),
        ("FN Clarivate\nVR 1.0\n", WOS),
        ("FN Clarivate\n", None),
        ("PT  - Journal Article\n", MEDLARS),
        ("%0 Book\n", ENDNOTE),
        ("%T A title\n%A Hill\n", ENDNOTE),
        ("%A Hill\n%T A title\n", ENDNOTE),
        ("%T A title\n", None),
        ("ER  - \n", RIS),
        ("TI  - A\nAU  - B\n", BARE_RIS),
        ("AU  - B\nTI  - A\n", BARE_RIS),
        ("TI  - A\n", None),
        ("PMID- 1\nTY  - JOUR\nTY  - BOOK\n", RIS),
        ("PMID- 1\nPMID- 2\nTY  - JOUR\n", NBIB),
        ("", None),
    ],
)
def test_a_format_is_known_by_how_its_records_begin(text, dialect):
    found = detect.tagged_dialect(text)
    assert (found and found.name) == (dialect and dialect.name)


def test_a_format_is_found_behind_a_long_beginning(monkeypatch):
    monkeypatch.setattr(detect, "_ENOUGH", 4)
    assert detect.tagged_dialect("-----\nPMID- 1\n") is NBIB


def test_a_record_of_another_format_is_read_behind_a_blank_line_and_else_told():
    made, rejected = told(
        "TY  - JOUR\nTI  - A\nER  - \n\nPT J\nTI B\nER\n\n%0 Book\n%T C\n\n%0 Book\n%T D\n"
        "TY  - JOUR\nTI  - E\nER  - \nTY  - JOUR\nTI  - F\nAB  - x\n%0 Book\nER  - \n"
    )
    assert made == {1: "A", 5: "B", 9: "C", 12: "D", 14: "E", 17: "F"}
    kind = "begins as a EndNote tagged record in a file that is RIS: export it by itself"
    assert rejected == {20: kind}


def test_what_is_no_export_is_quoted_in_short():
    with pytest.raises(NotACitationFile, match=r"^this export \(utf-8\) begins with 'a b c'"):
        read_export(b" a\n b\tc")
    with pytest.raises(NotACitationFile, match=r"^a\.txt \(utf-8\) is empty: expected citations"):
        read_export(b"", "a.txt")
    with pytest.raises(NotACitationFile, match=rf"begins with '{'x' * 60}': expected"):
        read_export(b"x" * 70)
    with pytest.raises(NotACitationFile, match=r"^this export is a ZIP archive"):
        read_export(b"PK\3\4")


def test_a_line_too_long_for_a_table_is_no_table_and_a_long_cell_is_read():
    with pytest.raises(NotACitationFile):
        read_export(b"x" * 200_000 + b",y\n")
    assert titles(f"Title,Year,Abstract\nA,2001,{'x' * 200_000}\n") == [(2, "A")]


def test_a_library_with_a_fault_is_read_as_any_ris():
    whole = "TY  - JOUR\nID  - a\nTI  - A\nPY  - 2001\nER  - \n"
    assert read_export(whole.encode()).format == "RIS (library)"
    for faulty in (whole.replace("2001", "in press"), whole + "\nTY  - JOUR\nTI  - B\nER  - \n"):
        export = read_export(faulty.encode())
        assert export.format == "RIS" and export.records[0].record.title == "A"
    assert [
        one.line for one in read_export((whole + whole.replace("a", "b")).encode()).records
    ] == [1, 6]


def entry(*fields, kind="article", key="a"):
    return f"@{kind}{{{key},\n" + ",\n".join(fields) + "}\n"


def bibtex(*fields, **given):
    return read_export(entry("title = {T}", *fields, **given).encode()).records[0].record


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        (
            ["author = {Hill, R and {Invented Things} and Meadow, A}"],
            "authors",
            ("Hill, R", "Invented Things", "Meadow, A"),
        ),
        ([r"author = {M{\"u}ller, K}"], "authors", ("Müller, K",)),
        (["editor = {Hill, R}"], "extra", (("editor", "Hill, R"),)),
        (["pages = {101--109}"], "last_page", "109"),
        (["journal = {J {I}nvent~Med}"], "journal", "J Invent Med"),
        ([r"journal = {\emph{Invented} Medicine}"], "journal", "Invented Medicine"),
        (["note = {costs $5}"], "extra", (("note", "costs 5"),)),
        (["note = {a -- b}"], "extra", (("note", "a – b"),)),
        (["note = {{A} rose 5% here}"], "extra", (("note", "A rose 5% here"),)),
        (
            [r"note = {rose 5% in M{\"u}ller, 6\% here}"],
            "extra",
            (("note", "rose 5% in Müller, 6% here"),),
        ),
        (["note = {``so''}"], "extra", (("note", "“so”"),)),
        (["file = {a.pdf}", "owner = {me}", "date-added = {2001}"], "extra", ()),
        (["month = mar", "year = 2001"], "date", "2001-03"),
        (["crossref = {nowhere}"], "extra", (("crossref", "nowhere"),)),
    ],
)
def test_a_bibtex_field_is_what_tex_prints(fields, field, value):
    assert getattr(bibtex(*fields), field) == value


def test_what_a_bibtex_file_defines_stands_for_its_text():
    text = "@string{jim = {J Invent Med}}\n@comment{no}\n" + entry("title={A}", "journal=jim")
    (one,) = read_export(text.encode()).records
    assert (one.line, one.record.journal) == (3, "J Invent Med")


def test_a_part_has_the_title_of_its_whole_as_its_book_and_keeps_its_own():
    whole = entry("title={Whole}", "author={Hill, R}", "doi={10.5555/a}", "year=2001", key="W")
    part = entry("title={Part}", "crossref={w}", "year=2002", kind="inbook", key="p")
    record = read_export((part + whole).encode()).records[0].record
    assert (record.title, record.journal, record.year) == ("Part", "Whole", 2002)
    assert (record.authors, record.doi) == ((), "")
    booked = whole.replace("title={Whole}", "title={Whole},\nbooktitle={Book}")
    assert read_export((part + booked).encode()).records[0].record.journal == "Book"
    own = part.replace("title={Part}", "title={Part},\nbooktitle={Own}")
    assert read_export((own + whole).encode()).records[0].record.journal == "Own"


def test_a_broken_entry_costs_no_other():
    text = "\n" + entry("title={A}") + "@article{b\n" + entry("title={C}", key="c")
    made, rejected = told(text)
    assert made == {2: "A", 5: "C"}
    assert list(rejected) == [4]
    assert rejected[4].startswith("a BibTeX entry that cannot be parsed: ")


def csl(*items, **told):
    return read_export(json.dumps([{"title": "T", **item} for item in (*items, told)]).encode())


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        ({"author": ["Hill, R", {"family": "Meadow"}]}, "authors", ("Hill, R", "Meadow")),
        (
            {"author": [{"given": "A", "family": "B", "non-dropping-particle": "van"}]},
            "authors",
            ("van B, A",),
        ),
        ({"author": [{"given": "Centre"}]}, "authors", ("Centre",)),
        ({"author": [{"literal": "NHS, UK", "name": "x"}]}, "authors", ("NHS, UK",)),
        ({"author": "Hill, R"}, "authors", ("Hill, R",)),
        ({"issued": {"date-parts": [[2001, 3, 4]]}}, "date", "2001-03-04"),
        ({"issued": {"date-parts": [[2001, 3, None]]}}, "date", "2001-03"),
        ({"issued": {"date-parts": [[2001]]}}, "year", 2001),
        ({"issued": {"date-parts": [], "raw": "May 2001"}}, "date", "2001-05"),
        ({"issued": {"date-parts": [2001], "literal": "2002"}}, "year", 2002),
        ({"issued": {"date-parts": "x", "raw": "2003"}}, "year", 2003),
        ({"published-print": "2001-03"}, "date", "2001-03"),
        ({"number": 7}, "first_page", "7"),
        ({"keyword": ["a", None, "b"]}, "extra", (("keyword", "a; b"),)),
        ({"custom": {"b": 1, "a": "é"}}, "extra", (("custom", '{"a": "é", "b": 1}'),)),
        ({"accessed": {"raw": "2001"}, "id": "x", "citation-key": "y"}, "extra", ()),
    ],
)
def test_a_csl_variable_is_read_whatever_its_form(item, field, value):
    assert getattr(csl(item).records[0].record, field) == value


def test_a_broken_item_costs_no_other_and_envelopes_are_opened():
    broken = '[\n{"title": "A"},\n{"title": "B", {"x": 1}\n},\n{"title": "C"}]'
    made, rejected = told(broken)
    assert made == {2: "A", 5: "C"}
    assert list(rejected) == [3] and rejected[3].startswith("an item that is no JSON: ")
    whole = '{"total": 2, "items": [{"title": "A"},\n{"title": "B"}], "query": {"title": "no"}}'
    assert titles(whole) == [(1, "A"), (2, "B")]
    made, rejected = told('{"items": [{"title": "A"},\n{"title": }]}')
    assert made == {1: "A"} and list(rejected) == [2]
    assert titles('{"title": "Alone"}') == [(1, "Alone")]


@pytest.mark.parametrize(
    ("text", "made", "rejected"),
    [
        ("Title,Year\nA,2001\n\n , \nB,2002\n", {2: "A", 5: "B"}, {}),
        ("by me\n\nTitle;Year\nA;2001\n", {4: "A"}, {}),
        ("Title|Year\nA|2001\n", {2: "A"}, {}),
        ("Title\tYear\nA\t2001\n", {2: "A"}, {}),
        ('Title,Year\n"A\nA",2001\nB,2002', {2: "A A", 4: "B"}, {}),
        ('Title,Year\n"A,2001\nB,2002\n', {2: "A", 3: "B"}, {}),
        ('Title,Year\n"A"x,2001\nB,2002\n', {2: '"A"x', 3: "B"}, {}),
        (
            'Title,Year\nA,2001\n"B,2001,\nC,2002\n',
            {2: "A", 4: "C"},
            {3: "a quotation mark that is not closed, or stands within a cell"},
        ),
        ('Title,Year\n"A","2001\nB,2002\n', {2: "A", 3: "B"}, {}),
        ("Title,Year\nA,2001,\nB\n", {2: "A", 3: "B"}, {}),
        ("Title,Year\nA,2001,more\n", {}, {2: "3 cells, expected 2 as in the headings"}),
        (
            "Title,Year\n,2001\n",
            {},
            {2: "no title: expected a text under Title; the record has Year"},
        ),
    ],
)
def test_a_row_is_a_record_or_told(text, made, rejected):
    if made:
        assert told(text) == (made, rejected)
    else:
        (one,) = read_export(text.encode()).rejections
        assert {one.line: one.reason} == rejected


def test_headings_are_looked_for_in_ten_lines():
    assert titles("-\n" * 9 + "Title,Year\nA,2001\n") == [(11, "A")]
    with pytest.raises(NotACitationFile):
        read_export(("-\n" * 10 + "Title,Year\nA,2001\n").encode())
    for lone in ("Title,Colour\nA,red\n", "Year,Colour\n2001,red\n", "Title\nA\n"):
        with pytest.raises(NotACitationFile):
            read_export(lone.encode())


def test_columns_that_are_named_go_before_what_is_known():
    text = "Title,Name\nA,B\n"
    assert titles(text, csv_columns={"Name": "title", "Title": "publisher"}) == [(2, "B")]
    assert titles("Name,Colour\nB,red\n", csv_columns={"Name": "title"}) == [(2, "B")]
    with pytest.raises(NotACitationFile):
        read_export(b"Titel,Name\nA,B\n", csv_columns={"Nothing": "title"})
    with pytest.raises(ValueError, match=r"column 'Name': no field 'titel', expected .*title"):
        read_export(text.encode(), csv_columns={"Name": "titel"})
    assert set(csv_in._CHOICES) >= {"title", "authors", "abstract", "pages", "date", "doi"}
    assert not {"key", "found_by", "unverified", "notes"} & set(csv_in._CHOICES)


@pytest.mark.parametrize("kept", ["notes", "key"])
def test_a_column_cannot_be_named_a_field_that_no_export_has(kept):
    with pytest.raises(ValueError, match=f"no field '{kept}'"):
        read_export(b"Title,Year\nA,2001\n", csv_columns={"Title": kept})


def test_a_table_with_tags_for_headings_is_web_of_sciences():
    assert titles("PT\tAU\tTI\tSO\nJ\tHill, R\tA\tJ Med\n") == [(2, "A")]
    with pytest.raises(NotACitationFile):
        read_export(b"PT\tAU\tTI\nJ\tHill, R\tA\n")


ONE_LINE = (
    "TY - JOUR AU - Hill, R AU - Meadow, A TI - A title AB - Text CI - 95 AU - no KW - a ER -"
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            ONE_LINE,
            ["TY  - JOUR", "AU  - Hill, R", "AU  - Meadow, A", "TI  - A title",
             "AB  - Text CI - 95 AU - no", "KW  - a", "ER  - "],
        ),
        (
            "TY - JOUR TI - A ER - TY - BOOK TI - B ER - ",
            ["TY  - JOUR", "TI  - A", "ER  - ", "TY  - BOOK", "TI  - B", "ER  - "],
        ),
        ("TY - JOUR TI - ER - positive ER -", ["TY  - JOUR", "TI  - ER - positive", "ER  - "]),
        ("TY - JOUR TI - TY - 1 ER -", ["TY  - JOUR", "TI  - TY - 1", "ER  - "]),
        (
            "TY - JOUR TI - A QQ - b AU - C ER -",
            ["TY  - JOUR", "TI  - A QQ - b", "AU  - C", "ER  - "],
        ),
        ("TY - JOUR TI - A TI - B", ["TY - JOUR TI - A TI - B"]),
    ],
)  # fmt: skip
def test_a_record_on_one_line_gets_a_line_a_field(text, lines):
    assert unfold(text, RIS.known) == ("\n".join(lines), (1,) * len(lines))


def test_lines_that_are_not_folded_keep_their_numbers():
    text = f"first\n{ONE_LINE}\nlast"
    unfolded, origins = unfold(text, RIS.known)
    assert unfolded.split("\n")[0] == "first" and unfolded.split("\n")[-1] == "last"
    assert origins == (1, *([2] * 7), 3)
    assert unfold("TY  - JOUR\nTI  - A\n", RIS.known) == ("TY  - JOUR\nTI  - A\n", ())
    assert titles(f"\n\n{ONE_LINE}\n") == [(3, "A title")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TI  - A\nER  - \nTI  - B\n", [(1, "A"), (3, "B")]),
        ("TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\n", [(1, "A"), (3, "B")]),
        ("1.\nTY  - JOUR\nTI  - A\n\n2.\nTY  - JOUR\nTI  - B\n", [(2, "A"), (6, "B")]),
        ("TY  - JOUR\nTI  - A\nlong title\n", [(1, "A long title")]),
        ("TY  - JOUR\nTI  - A\n<2>\n<3>\nTY  - JOUR\nTI  - B\n", [(1, "A"), (5, "B")]),
        ("TY  - JOUR\nTI  - A\n12345678.\n", [(1, "A 12345678")]),
        (
            "TY  - JOUR\nTI  - A\nER  - \nbetween\nTY  - JOUR\nTI  - B\nER  - \n",
            [(1, "A"), (5, "B")],
        ),
        ("PMID- 1\nTI  - A\n      goes on\n\nPMID- 2\nTI  - B\n", [(1, "A goes on"), (5, "B")]),
        ("PMID- 1\nTI  - A\n\ngoes on\n", [(1, "A goes on")]),
        ("PMID- 1\nTI  - A\n\ngoes on\nAU  - Hill R\n", [(1, "A goes on")]),
        ("PMID- 1\nTI  - A\n\nXYZ - b\nAU  - Hill R\n", [(1, "A")]),
        ("PMID- 1\nTI  - A\n\nTI  - B\nAU  - Hill R\n", [(1, "A"), (4, "B")]),
        ("PT  - A\nTI  - A\n\nTI  - B\nAU  - Hill R\n", [(1, "A"), (4, "B")]),
        ("%0 Book\n%T A\n\n%T B\n%A Hill\n", [(1, "A"), (4, "B")]),
        ("TY  - JOUR\nTI  - Care of\nTY - 1 diabetes\n", [(1, "Care of TY - 1 diabetes")]),
        ("TY  - JOUR\nTI  - Care of\nER - positive\n", [(1, "Care of ER - positive")]),
        ("TY  - JOUR\nTI  - A\nER -\nTY - JOUR\nTI - B\nER -\n", [(1, "A"), (4, "B")]),
        ("TI  - A\nAU  - Hill\n \t\nTI  - B\nAU  - Hill\n", [(1, "A"), (4, "B")]),
        ("PT J\nTI A\n   goes on\nER\n\nPT J\nTI B\nER\n", [(1, "A goes on"), (6, "B")]),
        ("%0 Book\n%T A\n%X One.\n\nTwo.\n\n%0 Book\n%T B\n", [(1, "A"), (7, "B")]),
    ],
)
def test_records_are_told_apart(text, found):
    assert titles(text) == found


def test_further_lines_of_a_list_are_further_values():
    record = read_export(b"TY  - JOUR\nTI  - A\nAU  - Hill, R\n  Meadow, A\nKW  - a\nb\n").records[
        0
    ]
    assert record.record.authors == ("Hill, R", "Meadow, A")
    assert record.record.extra == (("KW", "a"), ("KW", "b"))


def test_lines_are_numbered_across_blocks(monkeypatch):
    monkeypatch.setattr(tagged, "_BLOCK", 3)
    text = "a\n\nbcdefg\nh\n\n"
    assert list(tagged.lines(text)) == [
        (1, "a"),
        (2, ""),
        (3, "bcdefg"),
        (4, "h"),
        (5, ""),
        (6, ""),
    ]
    assert list(tagged.lines("")) == []


def test_a_format_whose_tags_have_two_widths_is_refused():
    from dataclasses import replace

    with pytest.raises(ValueError, match="unpack"):
        replace(RIS, spelt="no such {}")


@pytest.mark.parametrize("at_once", [1, 1000])
def test_a_half_is_answered_with_what_is_made_of_it(monkeypatch, at_once):
    text = "TY  - JOUR\nTI  - Caf\u00e9 \ud800\nAB  - Text\nER  - \nTY  - JOUR\nER  - \n"
    asked, answered = BytesIO(text.encode("utf-8", "surrogatepass")), BytesIO()
    monkeypatch.setattr(halves.sys, "stdin", SimpleNamespace(buffer=asked))
    monkeypatch.setattr(halves.sys, "stdout", SimpleNamespace(buffer=answered))
    monkeypatch.setattr(halves.sys, "argv", ["-c", "RIS"])
    monkeypatch.setattr(halves.gc, "disable", lambda: None)
    monkeypatch.setattr(halves, "_AT_ONCE", at_once)
    halves.answer()
    packed = [*halves.Half(SimpleNamespace(wait=lambda: 0), answered).packed()]
    assert halves.unpack(packed, 0) == [*halves.made(text, RIS)]
    assert [one.line for one in halves.unpack(packed, 7)] == [8, 12]


def test_a_process_that_fails_is_told_with_its_exit_code():
    half = halves.Half(SimpleNamespace(wait=lambda: 3), BytesIO())
    with pytest.warns(RuntimeWarning, match="failed with exit code 3: it is read here"):
        assert half.packed() is None


def test_processors_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr(halves.os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert halves._processors() == 3
    monkeypatch.delattr(halves.os, "sched_getaffinity")
    monkeypatch.setattr(halves.os, "cpu_count", lambda: 4)
    assert halves._processors() == 4
    monkeypatch.setattr(halves.os, "cpu_count", lambda: None)
    assert halves._processors() == 1


EVERY = {
    "RIS": (
        "TY  - RPRT|TI  - T|AU  - Hill, R|PY  - 2001|DA  - 2001/02/03/|T2  - Journal|J2  - J"
        "|VL  - 1|IS  - 2|SP  - 3|EP  - 4|DO  - 10.5555/a|UR  - https://b.org|M3  - Type|PMID  - 5"
        "|PB  - Press|AB  - Text"
    ),
    "RIS, other tags": (
        "TY  - RPRT|T1  - T|A1  - Hill, R|Y1  - 2001|DA  - 2001/02/03/|JF  - Journal|JA  - J"
        "|VI  - 1|IP  - 2|SP  - 3|LP  - 4|DI  - 10.5555/a|L2  - https://b.org|M3  - Type|AN  - 5"
        "|DB  - PubMed|PU  - Press|N2  - Text"
    ),
    "PubMed": (
        "PMID- 5|TI  - T|AU  - Hill R|FAU - Hill, R|DP  - 2001 Feb 3|JT  - Journal|TA  - J"
        "|VI  - 1|IP  - 2|PG  - 3-4|LID - 10.5555/a [doi]|PT  - Type|PB  - Press|AB  - Text"
    ),
    # On one line, for there FAU and PMID do not make it PubMed's.
    "HighWire MEDLARS": (
        "PT  - Type TI  - T AU  - Hill R FAU - Hill, R DP  - 2001 Feb 3 JT  - Journal TA  - J"
        " VI  - 1 IP  - 2 PG  - 3-4 AID - 10.5555/a PMID- 5 4100- https://b.org AB  - Text"
    ),
    "Web of Science": (
        "PT J|TI T|AU Hill, R|AF Hill, R|PY 2001|PD FEB 3|SO Journal|JI J|VL 1|IS 2|BP 3|EP 4"
        "|DI 10.5555/a|PM 5|DT Type|PU Press|AB Text|ER"
    ),
    "EndNote tagged": (
        "%0 Report|%T T|%A Hill, R|%D 2001|%8 Feb 3|%J Journal|%V 1|%N 2|%P 3-4|%R 10.5555/a"
        "|%U https://b.org|%M 5|%~ PubMed|%9 Type|%I Press|%X Text"
    ),
    "BibTeX": (
        "@techreport{a,title={T},author={Hill, R},date={2001-02-03},year=2001,"
        "journaltitle={Journal},shortjournal={J},volume={1},number={2},pages={3--4},doi={10.5555/a},url={https://b.org}"
        ",pmid={5},type={Type},institution={Press},abstract={Text}}"
    ),
    "CSL-JSON": json.dumps(
        {
            "type": "report",
            "title": "T",
            "author": [{"family": "Hill", "given": "R"}],
            "issued": {"date-parts": [[2001, 2, 3]]},
            "container-title": "Journal",
            "container-title-short": "J",
            "volume": 1,
            "issue": 2,
            "page": "3-4",
            "DOI": "10.5555/a",
            "PMID": "5",
            "URL": "https://b.org",
            "genre": "Type",
            "publisher": "Press",
            "abstract": "Text",
        }
    ),
}
FIELDS = {
    "kind": "RPRT",
    "title": "T",
    "authors": ("Hill, R",),
    "year": 2001,
    "date": "2001-02-03",
    "journal": "Journal",
    "journal_abbrev": "J",
    "volume": "1",
    "issue": "2",
    "first_page": "3",
    "last_page": "4",
    "doi": "10.5555/a",
    "pmid": "5",
    "url": "https://b.org",
    "publication_type": "Type",
    "publisher": "Press",
}
# What a format has no tag for, or another word.
WITHOUT = {
    "PubMed": {"kind": "JOUR", "url": ""},
    "HighWire MEDLARS": {"kind": "JOUR", "publisher": ""},
    "Web of Science": {"kind": "JOUR", "url": ""},
    "EndNote tagged": {"journal_abbrev": ""},
}


@pytest.mark.parametrize("form", EVERY)
def test_every_tag_of_a_format_is_its_field_and_nothing_is_left(form):
    export = read_export(EVERY[form].replace("|", "\n").encode())
    (one,) = export.records
    assert export.format == form.partition(",")[0]
    expected = FIELDS | WITHOUT.get(form, {})
    assert {name: getattr(one.record, name) for name in expected} == expected
    databases = {tag for tag, _ in one.record.extra}
    assert databases <= {"DB", "%~"}
    assert one.abstract == "Text"


@pytest.mark.parametrize(
    ("tags", "field", "value"),
    [
        ("TI T1 CT BT ST", "title", "T"),
        ("PY Y1 YR DA", "year", 2001),
        ("T2 JF JO SO J2 JA J1 JI J9", "journal", "J Med"),
        ("VL VI", "volume", "7"),
        ("IS IP", "issue", "7"),
        ("SP C7", "first_page", "7"),
        ("DO DI DOI M3", "doi", "10.5555/a"),
        ("UR L1 L2 L3 LK URL", "url", "https://b.org"),
        ("PB PU", "publisher", "Press"),
    ],
)
def test_any_tag_in_use_does(tags, field, value):
    for tag in tags.split():
        title = "" if field == "title" else "TI  - Other\n"
        text = f"TY  - JOUR\n{title}{tag}  - {value}\nER  - \n"
        record = read_export(text.encode()).records[0].record
        assert getattr(record, field) == value, tag
        assert record.extra == (), tag


def test_articles_and_groups_have_their_own_tags():
    text = "PT J\nTI T\nAU Hill, R\nCA Centre for Things\nAR e7\nER\n"
    record = read_export(text.encode()).records[0].record
    assert (record.authors, record.first_page) == (("Hill, R", "Centre for Things"), "e7")
    assert read_export(b"PMID- 5\nTI  - T\nCN  - NHS\n").records[0].record.authors == ("NHS",)
    assert read_export(b"PT  - A\nTI  - T\nCN  - NHS\n").records[0].record.authors == ("NHS",)
    assert bibtex("eid = {e7}").first_page == "e7"
    assert csl({"page-first": "9", "number": "7"}).records[0].record.first_page == "9"
    assert csl({"title": "", "title-short": "S"}).records[0].record.title == "S"


def test_a_database_may_name_itself_in_small_letters():
    text = "TY  - JOUR\nTI  - T\nC2  - 12\nDB  - scopus\nER  - \n"
    assert read_export(text.encode()).records[0].record.pmid == "12"
