"""The page of a finding: what it says, and what others may take from it."""

from html import unescape

from analysis.publish.citing.citation import edition_of
from analysis.publish.files.embeds import snippet
from analysis.publish.site.finding_pages import finding_pages


def test_every_page_says_claim_certainty_and_cautions_and_offers_its_card(book):
    edition = edition_of(book, "https://example.org/qof")
    pages = {page: unescape(body) for page, _, body in finding_pages(book, edition)}
    assert len(pages) == len(book.findings)
    for spoken in book.findings.values():
        body = pages[f"findings/{spoken.finding.id}"]
        assert spoken.claim in body
        assert spoken.finding.certainty.level in body
        assert [c for c in spoken.finding.cautions if c not in body] == []
        assert snippet(spoken, "https://example.org/qof") in body
