"""Policy briefs: the book's numbers, on two pages, readable by everyone, the same every time."""

import io
import re
import zipfile
from argparse import ArgumentParser, Namespace
from dataclasses import replace

import pytest
from docx import Document
from pypdf import PdfReader

from analysis.findings.finding import Certainty
from analysis.problems import ProblemsFound
from analysis.publish.book import load_book
from analysis.publish.brief.check import check_briefs, lone_numbers
from analysis.publish.brief.figure import figure_faults
from analysis.publish.brief.files import READY, brief_files, file_name, list_briefs
from analysis.publish.brief.formats import FORMATS, brief_bytes, parts_of
from analysis.publish.brief.topics import AUDIENCES, find_brief, read_briefs
from analysis.publish.brief.writing import write_brief
from analysis.publish.chapters import chapters
from analysis.publish.citing.citation import Edition, edition_of
from analysis.publish.prose.spoken import Spoken
from analysis.verbs import brief as verb
from tests.conftest import ROOT

TOPICS = tuple(read_briefs(ROOT))
BASE = "https://evidence.example.org/qof"
SIGNS = re.compile(r"⊕[⊕◯]{3} (?:high|moderate|low|very low) (?:certainty|confidence)")


@pytest.fixture(scope="module")
def book():
    return load_book(ROOT)


@pytest.fixture(scope="module")
def written(book):
    """Every brief for every audience, with links."""
    edition = edition_of(book, BASE)
    return {
        (topic, audience): write_brief(book, find_brief(ROOT, topic), audience, edition)
        for topic in TOPICS
        for audience in AUDIENCES
    }


@pytest.fixture(scope="module")
def made(book, written):
    """Content by (topic, audience, form), each made once when it is first asked for."""
    known = {}

    def make(topic, audience, form):
        key = (topic, audience, form)
        if key not in known:
            known[key] = brief_bytes(parts_of(book, written[topic, audience]), form)
        return known[key]

    return make


def flat(text):
    """Text without line ends, marks of emphasis and spaces: layouts break lines anywhere."""
    return re.sub(r"[\s*]+", "", text)


def pdf_text(content):
    return flat("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def docx_text(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return flat("".join([*(one.text for one in document.paragraphs), *cells]))


READERS = {"pdf": pdf_text, "docx": docx_text, "md": lambda content: flat(content.decode())}


def test_the_briefs_that_stand_in_the_book_have_no_fault(book):
    assert list(map(str, check_briefs(ROOT, book))) == []


def test_templates_of_briefs_are_no_chapters():
    pages = {chapter.path.parent.name for chapter in chapters(ROOT)}
    assert "briefs" not in pages
    assert (ROOT / "book" / "briefs" / "drop-qof.md").is_file()


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_number_of_the_book_comes_out_of_the_file(book, written, made, topic, form):
    text = READERS[form](made(topic, "national", form))
    asked = [one for one in written[topic, "national"].asked if re.search(r"\d", one.text)]
    assert len(asked) >= 5
    for one in asked:
        assert flat(one.text) in text, one
    for one in asked:
        if one.name in book.findings and one.attribute in ("estimate", "ci", "range"):
            assert one.text == getattr(book.findings[one.name], one.attribute)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_pdf_has_two_pages_at_most_and_serves_screen_readers(book, made, topic, audience):
    content = made(topic, audience, "pdf")
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert len(reader.pages) <= 2
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert reader.metadata.title == find_brief(ROOT, topic).title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    kinds = list(elements(root["/StructTreeRoot"]))
    assert alts(kinds) == [parts_of(book, brief_of(book, topic)).alt]
    assert {"/H1", "/H2", "/Table", "/TH", "/L", "/Link"} <= {one.get("/S") for one in kinds}
    faces = {font.split("+")[1] for page in reader.pages for font in fonts(page)}
    assert faces <= {"QOFSans-Roman", "QOFSans-Italic", "QOFSerifDisplay-Roman"}


def brief_of(book, topic):
    return write_brief(book, find_brief(ROOT, topic), "national", edition_of(book))


def elements(node):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def alts(nodes):
    return [str(node["/Alt"]) for node in nodes if node.get("/S") == "/Figure"]


def fonts(page):
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_word_file_has_real_headings_tables_and_alt_text(made, topic):
    document = Document(io.BytesIO(made(topic, "national", "docx")))
    styles = [one.style.name for one in document.paragraphs]
    assert styles[0] == "Title" and styles.count("Heading 2") >= 9
    assert "Key messages" in styles
    (picture,) = document.inline_shapes
    assert len(picture._inline.docPr.get("descr")) > 100
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    told = document.core_properties
    assert (told.title, told.language) == (find_brief(ROOT, topic).title, "en-GB")
    assert told.author == "The QOF Evidence Book contributors"


@pytest.mark.parametrize("form", FORMATS)
def test_two_builds_give_the_same_bytes(book, made, written, form, tmp_path, monkeypatch):
    topic = TOPICS[-1]
    first = made(topic, "national", form)
    # Another place and another clock change nothing.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert brief_bytes(parts_of(book, written[topic, "national"]), form) == first


def test_a_word_file_bears_the_date_of_its_evidence(book, made):
    with zipfile.ZipFile(io.BytesIO(made(TOPICS[0], "national", "docx"))) as packed:
        assert book.about.data_date in packed.read("docProps/core.xml").decode()


@pytest.mark.parametrize("topic", TOPICS)
def test_certainty_stands_beside_each_number(book, written, topic):
    for audience in AUDIENCES:
        told = written[topic, audience]
        numbers = {
            one.text
            for one in told.asked
            if one.name in book.findings and one.attribute in ("estimate", "size", "ci", "row")
        }
        for block in re.split(r"\n\s*\n|\n(?=- |\|)", told.text):
            if any(number in block for number in numbers):
                assert SIGNS.search(block), block


def test_a_number_alone_is_found_by_its_line():
    text = "One.\n\n- {{ a.estimate }} ({{ a.certainty }})\n- {{ a.ci }}\n\n| {{ b.range }} | x |\n"
    assert list(lone_numbers(text, {"a", "b"})) == [(4, "a.ci", "a"), (6, "b.range", "b")]


@pytest.mark.parametrize("topic", TOPICS)
def test_citations_resolve_and_every_claim_leads_to_its_page(book, written, made, topic):
    told, text = written[topic, "national"], made(topic, "national", "md").decode()
    assert told.keys and set(told.keys) <= book.library.keys()
    assert "[@" not in text and "{cite" not in text and "{{" not in text
    references = text.split("## References")[1].split("## How to cite")[0]
    assert len(re.findall(r"^\d+\. ", references, re.MULTILINE)) == len(told.keys)
    ids = re.findall(rf"{re.escape(BASE)}/findings/([\w-]+)\.html", text)
    assert ids and set(ids) <= {spoken.finding.id for spoken in book.findings.values()}
    assert f"{BASE}/policy-briefs.html#{topic}" in text


def test_without_an_address_there_is_no_link_to_nowhere(book):
    text = brief_of(book, TOPICS[0]).text
    assert "analysis](" not in text and "](/" not in text


def test_audiences_share_the_evidence_and_differ_in_what_it_means(written):
    for topic in TOPICS:
        texts = {written[topic, audience].text for audience in AUDIENCES}
        tables = {text.split("## What the evidence says")[1].split("[figure]")[0] for text in texts}
        assert len(texts) == len(AUDIENCES) and len(tables) == 1


def test_html_asks_nobody_for_anything(made):
    page = made(TOPICS[0], "national", "html").decode()
    assert '<html lang="en-GB">' in page and '<th scope="col"' in page
    assert re.findall(r'<img[^>]* alt="[^"]{100,}"', page)
    assert re.findall(r'(?:src|href)="(?!data:|https://doi\.org|https?://|#)', page) == []
    assert "<script" not in page and "<link" not in page


def flipped(book):
    """The book in which recorded care was higher after payment stopped."""
    finding = book.findings["withdrawal"].finding
    made = finding.summary
    other = replace(made, estimate=-made.estimate, ci_low=-made.ci_high, ci_high=-made.ci_low)
    return replace(
        book, findings={**book.findings, "withdrawal": Spoken(replace(finding, summary=other))}
    )


def test_a_flipped_effect_stops_the_brief(book):
    with pytest.raises(ProblemsFound, match=r"may have fallen.*needs the interval below"):
        write_brief(flipped(book), find_brief(ROOT, "drop-qof"), "national", edition_of(book))
    assert any("may have fallen" in str(one) for one in check_briefs(ROOT, flipped(book)))


def test_a_claim_that_no_longer_holds_stops_the_brief(book):
    lost = Spoken(replace(book.findings["stretch"].finding, holds=False))
    broken = replace(book, findings={**book.findings, "stretch": lost})
    with pytest.raises(ProblemsFound, match="local-stretch-targets"):
        write_brief(broken, find_brief(ROOT, "local-schemes"), "national", edition_of(book))


def test_more_certainty_stops_a_cautious_word(book):
    finding = book.findings["withdrawal"].finding
    surer = Spoken(replace(finding, certainty=Certainty("high", finding.certainty.reasons)))
    broken = replace(book, findings={**book.findings, "withdrawal": surer})
    with pytest.raises(ProblemsFound, match="low to low certainty"):
        write_brief(broken, find_brief(ROOT, "professionalism"), "national", edition_of(book))


def test_faults_of_templates_are_told_with_their_line(book, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "book" / "briefs").mkdir(parents=True)
    read = ("briefs.yml", "options.yml", "qualitative_statements.yml")
    for name in ("_config.yml", *(f"data/{one}" for one in read)):
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8"), "utf-8")
    faulty = (
        "Care fell by 12 points.\n\n{{ withdrawl.estimate }}\n\n{cite:p}`nobody1999`\n\n"
        '{{ withdrawal.says("rose") }}\n\n{{ withdrawal.ci }}\n\n{{ stated("nothing") }}\n'
    )
    (tmp_path / "book" / "briefs" / "unlisted.md").write_text(faulty, "utf-8")
    found = list(map(str, check_briefs(tmp_path, replace(book, root=tmp_path))))
    wanted = ["'12'", "withdrawl", "nobody1999", "'rose'", "withdrawal.ci", "nothing", "unlisted"]
    for word in wanted:
        assert any(word in one for one in found), word


def test_a_figure_that_is_not_there_is_told_with_what_is(book):
    assert dict(figure_faults(book, {"kind": "pie"}))["pie"].startswith("one of forest")
    wrong = dict(figure_faults(book, {"kind": "forest", "finding": "withdrawl"}))
    assert "did you mean withdrawal?" in wrong["withdrawl"]
    # Values over time have no forest plot.
    assert list(figure_faults(book, {"kind": "forest", "finding": "somerset"}))
    themes = {"kind": "themes", "themes": ["autonomy", "x"]}
    assert [value for value, _ in figure_faults(book, themes)] == ["x"]


def test_a_brief_that_is_too_long_is_refused(book, written):
    brief = written[TOPICS[0], "national"]
    long = replace(brief, text=brief.text + "\n\nMore words here.\n" * 200)
    with pytest.raises(ProblemsFound, match="two pages at most"):
        brief_bytes(parts_of(book, long), "pdf")


def test_ready_files_are_those_the_page_links_to(monkeypatch):
    monkeypatch.setattr("analysis.publish.brief.files.brief_bytes", lambda parts, form: b"made")
    monkeypatch.setattr("analysis.publish.brief.files.kept_bytes", lambda root, key, make: make())
    names = {name for name, _ in brief_files(ROOT)}
    assert names == set(re.findall(r'href="([^"]+)"', list_briefs(ROOT).html))
    assert len(names) == len(TOPICS) * sum(len(who) for _, who in READY.values())


def test_the_verb_offers_what_there_is():
    assert set(verb.FORMATS) == set(FORMATS)
    assert set(verb.AUDIENCES) == set(AUDIENCES)


def test_the_verb_writes_a_file_and_says_where(tmp_path, capsys):
    target = tmp_path / "brief.md"
    given = Namespace(
        root=ROOT, list=False, topic="drop-qof", format=None, audience="local", address=""
    )
    given.to = str(target)
    assert verb.run(given) == 0
    assert capsys.readouterr().out.strip() == str(target)
    assert target.read_text("utf-8").startswith("# Should QOF be dropped?\n")
    given.to, given.format = "-", "md"
    assert verb.run(given) == 0
    assert capsys.readouterr().out.startswith("# Should QOF be dropped?\n")
    given.topic = "drop-everything"
    assert verb.run(given) == 2
    assert "drop-qof" in capsys.readouterr().err


def test_the_verb_takes_its_target_under_three_names():
    parser = ArgumentParser()
    verb.add_options(parser)
    for option in ("-o", "--output", "--to"):
        assert parser.parse_args(["drop-qof", option, "x.md"]).to == "x.md"


def test_files_are_named_by_topic_and_audience():
    assert file_name(find_brief(ROOT, "drop-qof"), "local", "pdf") == "drop-qof-local.pdf"


def test_an_edition_without_a_book_is_enough_to_cite():
    cited = find_brief(ROOT, "professionalism").work
    assert cited.path == "policy-briefs.html#professionalism"
    assert Edition("T", "A", "1", "2026-01-01").base == ""
