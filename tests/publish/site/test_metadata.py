"""What pages say of themselves, read as search engines and reference managers read it."""

import json
import re

import extruct
import pytest

from analysis.publish.citing.citation import FORMATS, cite, edition_of
from analysis.publish.citing.published import first_published, releases
from analysis.publish.files.embeds import embed_files, snippet
from analysis.publish.light.pages import light_page
from analysis.publish.site.metadata import Page, opening_of, page_head
from analysis.publish.site.sitemap import robots, rooted, sitemap
from analysis.publish.works import sources_of, told_in, works
from tests.conftest import ROOT
from tests.publish.conftest import BASE

BODY = (
    "<h1>Methods</h1><p>Short.</p><p>How the <em>evidence</em> was found, read &amp; judged, "
    "step by step. More words follow here.</p>"
)


def page_of(book, edition, name):
    head = page_head(book, edition, Page(works(book)[name], BODY))
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{BODY}</body></html>'


def linked(page, kind):
    found = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    return [one for one in found if one["@type"] == kind]


def highwire(page):
    return dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)"', page))


def test_a_chapter_is_an_article_of_the_book_with_its_sources(book, edition):
    (article,) = linked(page_of(book, edition, "methods"), "ScholarlyArticle")
    assert article["headline"] == works(book)["methods"].title
    assert article["version"] == edition.version
    assert article["dateModified"] == edition.data_date
    assert article["isPartOf"]["@type"] == "Book"
    assert article["url"] == f"{BASE}/methods.html"
    named = {one.get("@id", "") for one in article["citation"]}
    sources = sources_of(book, works(book)["methods"])
    assert sources
    assert named - {""} == {f"https://doi.org/{book.library[s].doi}" for s in sources} - {
        "https://doi.org/"
    }


def test_a_finding_is_a_claim_that_says_where_it_is_told(book, edition):
    (claim,) = linked(page_of(book, edition, "withdrawal-recorded-care"), "Claim")
    finding = book.findings["withdrawal"].finding
    assert claim["text"] == finding.claim
    assert all(caution in claim["description"] for caution in finding.cautions)
    assert finding.certainty.level in claim["description"]
    urls = {one["url"] for one in claim["appearance"]}
    assert urls == {f"{BASE}/{work.path}" for work in told_in(book, finding)}
    assert f"{BASE}/when-payment-stopped.html" in urls


def test_pages_of_data_describe_the_data_set_and_the_first_page_the_book(book, edition):
    (dataset,) = linked(page_of(book, edition, "downloads"), "Dataset")
    paths = {f"{BASE}/downloads/{path.name}" for path in (ROOT / "data").glob("*.csv")}
    assert {one["contentUrl"] for one in dataset["distribution"]} <= paths
    assert len(dataset["variableMeasured"]) == len(book.findings)
    assert linked(page_of(book, edition, "index"), "Book")[0]["name"] == edition.title


def test_zotero_finds_a_part_of_the_book_and_no_made_up_doi(book, edition):
    tags = highwire(page_of(book, edition, "methods"))
    assert tags["citation_title"] == works(book)["methods"].title
    assert tags["citation_inbook_title"] == edition.named
    assert tags["citation_author"] == edition.author
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", tags["citation_publication_date"])
    assert tags["citation_fulltext_html_url"] == f"{BASE}/methods.html"
    assert "citation_doi" not in tags


def test_open_graph_and_description(book, edition):
    page = page_of(book, edition, "methods")
    (found,) = extruct.extract(page, syntaxes=["opengraph"])["opengraph"]
    told = dict(found["properties"])
    assert told["og:description"].startswith("How the evidence was found, read & judged")
    assert told["og:url"] == f"{BASE}/methods.html"
    assert told["og:image"].startswith(BASE)
    assert f'<meta name="description" content="{opening_of(BODY).replace("&", "&amp;")}"' in page


def test_without_an_address_no_address_is_made_up(book):
    edition = edition_of(book)
    if edition.base:
        pytest.skip("an address is set")
    for name in ("methods", "withdrawal-recorded-care", "index"):
        head = page_head(book, edition, Page(works(book)[name], BODY))
        assert "citation_fulltext_html_url" not in head
        assert "og:url" not in head
        (first, *_) = extruct.extract(f"<html><head>{head}</head></html>", syntaxes=["json-ld"])[
            "json-ld"
        ]
        assert "url" not in first
    assert sitemap(["index"], edition) is None


def test_a_block_of_data_stays_on_the_page_and_out_of_the_policy(book, edition):
    head = page_head(book, edition, Page(works(book)["methods"], BODY))
    page = f'<html data-content_root="./"><head><meta charset="utf-8" />{head}</head></html>'
    light = light_page(page, "a.css", "a.js", frozenset())
    assert light.count('type="application/ld+json"') == head.count('type="application/ld+json"')
    assert "sha256-" not in light


def test_the_meaning_of_a_word_is_no_part_of_the_description():
    meaning = '<span class="qof-meaning" role="tooltip">how studies differ &amp; why</span>'
    term = f'<span class="qof-term"><a href="g.html">tau²</a>{meaning}</span>'
    body = f"<p>How far {term} moves the answers of all those studies.</p>"
    assert opening_of(body) == "How far tau² moves the answers of all those studies."


def test_text_cannot_end_the_block(book, edition):
    head = page_head(book, edition, Page(works(book)["methods"], "<p>" + "x" * 60 + "</p>"))
    for block in re.findall(r'ld\+json">(.*?)</script>', head, re.DOTALL):
        assert "<" not in block
        json.loads(block)


@pytest.mark.parametrize("form", FORMATS)
def test_no_citation_of_any_work_lacks_version_or_data_date(book, edition, form):
    for work in works(book).values():
        text = cite(work, edition, form)
        assert edition.version in text, work.id
        assert edition.data_date in text, work.id


def test_every_card_has_number_certainty_cautions_citation_and_no_script(book, edition):
    files = {name: content.decode() for name, content in embed_files(book, edition)}
    assert "url(" not in files["_static/embed.css"]
    for spoken in book.findings.values():
        card = files[f"embed/{spoken.finding.id}.html"]
        assert spoken.finding.certainty.level in card
        assert edition.named in card
        assert "<script" not in card
        assert "Content-Security-Policy" in card
        assert f'src="{BASE}/embed/{spoken.finding.id}.html"' in snippet(spoken, BASE)


def test_the_site_map_and_the_page_of_dead_addresses(edition):
    text = sitemap(["index", "findings/a", "search", "404", "_static/x"], edition).decode()
    assert re.findall(r"<loc>(.*?)</loc>", text) == [
        f"{BASE}/findings/a.html",
        f"{BASE}/index.html",
    ]
    assert f"Sitemap: {BASE}/sitemap.xml" in robots(edition).decode()
    page = '<a href="./x.html"></a><a href="#y"></a><img src="_static/a.png"><a href="https://z">'
    assert rooted(page, edition) == (
        '<a href="/qof/x.html"></a><a href="#y"></a><img src="/qof/_static/a.png"><a href="https://z">'
    )


def test_a_page_is_dated_by_the_version_that_first_had_it(book):
    dates = {one.version: one.date for one in releases(ROOT)}
    assert first_published(ROOT, "methods", "later") == dates["0.1.0"]
    assert first_published(ROOT, "no-such-page", "2030-01-01") == "2030-01-01"


def test_the_citation_file_says_what_cff_asks_for_and_what_the_project_says(book, edition):
    import yaml

    told = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= told.keys()
    assert told["cff-version"] == "1.2.0"
    assert told["version"] == edition.version
    assert told["authors"] == [{"name": edition.author}]
    assert told["type"] in ("software", "dataset")
    assert (
        str(told["date-released"]) == {r.version: r.date for r in releases(ROOT)}[edition.version]
    )


def test_a_chapter_offers_the_pdf_it_is_in_and_only_at_an_address(book, edition):
    offered = highwire(page_of(book, edition, "methods"))["citation_pdf_url"]
    assert offered == f"{BASE}/downloads/qof-evidence-book.pdf"
    for name in ("downloads", "withdrawal-recorded-care"):
        assert "citation_pdf_url" not in highwire(page_of(book, edition, name))
    unpublished = edition_of(book)
    assert unpublished.base == ""
    assert "citation_pdf_url" not in highwire(page_of(book, unpublished, "methods"))
