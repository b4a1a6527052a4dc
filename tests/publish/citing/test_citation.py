"""Citations of the book: every form, read back by ourselves and by others."""

import json
from io import StringIO

import pytest
import rispy
from pybtex.database import parse_string

from analysis.publish.brief.topics import read_briefs
from analysis.publish.citing.box import cite_box, with_figure_boxes
from analysis.publish.citing.citation import (
    FORMATS,
    STYLES,
    Edition,
    Work,
    cite,
    record_of,
)
from analysis.publish.works import find_work, works
from analysis.references import read_export
from tests.conftest import ROOT
from tests.copies import qof
from tests.publish.conftest import BASE

READ_BACK = {"ris": ".ris", "bibtex": ".bib", "csl": ".json"}


@pytest.fixture(scope="module", params=["book", "readings", "methods"])
def work(request, book):
    return find_work(book, request.param)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_names_author_title_version_data_date_and_address(work, edition, form):
    text = cite(work, edition, form)
    plain = text.replace("{", "").replace("}", "")
    for told in (edition.author, edition.version, edition.data_date, f"{BASE}/{work.path}"):
        assert told in plain
    assert work.title in plain
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("form", STYLES)
def test_a_style_is_one_line_without_a_number_before_it(work, edition, form):
    text = cite(work, edition, form)
    assert text.count("\n") == 1
    assert text.startswith(edition.author)


@pytest.mark.parametrize(("form", "ending"), READ_BACK.items())
def test_our_own_reader_reads_it_back(work, edition, form, ending, tmp_path):
    path = tmp_path / f"one{ending}"
    path.write_text(cite(work, edition, form), "utf-8")
    export = read_export(path)
    assert export.rejections == ()
    (found,) = [imported.record for imported in export.records]
    wanted = record_of(work, edition)
    for name in ("title", "authors", "year", "journal", "url"):
        assert getattr(found, name) == getattr(wanted, name)


def test_rispy_reads_the_ris_as_we_meant_it(work, edition):
    (found,) = rispy.load(StringIO(cite(work, edition, "ris")))
    wanted = record_of(work, edition)
    assert found["title"] == wanted.title
    assert found["authors"] == list(wanted.authors)
    assert found["year"] == str(wanted.year)
    assert found["urls"] == [wanted.url]


def test_pybtex_reads_the_bibtex_as_we_meant_it(work, edition):
    ((key, entry),) = parse_string(cite(work, edition, "bibtex"), "bibtex").entries.items()
    wanted = record_of(work, edition)
    assert key == wanted.key
    assert entry.fields["title"].replace("{", "").replace("}", "") == wanted.title
    assert entry.fields["year"] == str(wanted.year)
    assert entry.fields["url"] == wanted.url
    assert [str(person).strip("{}") for person in entry.persons["author"]] == list(wanted.authors)


def test_csl_is_one_item_a_processor_can_take(work, edition):
    (item,) = json.loads(cite(work, edition, "csl"))
    assert item["id"] == record_of(work, edition).key
    assert item["author"] == [{"literal": edition.author}]


def test_without_an_address_none_is_made_up(book):
    edition = Edition("T", "A", "1.2.3", "2026-01-02")
    for form in FORMATS:
        assert "http" not in cite(find_work(book, "book"), edition, form)


def test_every_work_has_its_own_id_and_page(book):
    found = works(book)
    assert {"book", "methods", "withdrawal-recorded-care"} <= found.keys()
    pages = [work.path for work in found.values() if work.id != "book"]
    assert len(pages) == len(set(pages))
    assert all(work.title and work.id == name for name, work in found.items())


def test_a_brief_is_cited_by_its_name_and_never_for_its_page(book):
    for topic in read_briefs(ROOT).values():
        assert find_work(book, f"brief-{topic.id}") == topic.work
    assert find_work(book, "drop-qof").kind == "brief"
    # A chapter of the same name comes first, and a page is its chapter.
    assert find_work(book, "professionalism").kind == "chapter"
    pages = {work.page: work for work in works(book).values()}
    assert pages["policy-briefs"].kind == "chapter"


def test_a_figure_of_a_page_gets_a_box_with_its_own_address(edition):
    body = (
        '<figure class="qof-figure" id="forest-a"><svg></svg><figcaption><strong>A &amp; B.'
        "</strong> Words.</figcaption><details></details></figure><p>after</p>"
    )
    boxed = with_figure_boxes(body, "methods", edition)
    assert f"{BASE}/methods.html#forest-a" in boxed
    assert "Figure: A &amp; B" in boxed
    assert boxed.endswith("</details></figure><p>after</p>")
    assert with_figure_boxes("<p>no figure</p>", "methods", edition) == "<p>no figure</p>"


def test_a_title_with_marks_stays_text(edition):
    box = cite_box(Work("x", "chapter", "<b>&", "x"), edition)
    assert "<b>" not in box
    assert "&lt;b&gt;&amp;" in box


def test_the_verb_cites_lists_and_tells_unknown_names():
    cited = qof(ROOT, "cite", "readings", "--format", "ris", "--address", BASE)
    assert cited.returncode == 0, cited.stderr
    assert "findings/withdrawal-readings-at-target.html" in cited.stdout
    wrong = qof(ROOT, "cite", "nothing-of-that-name")
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert "'nothing-of-that-name'" in wrong.stderr
