"""What is computed once while pages are made is what would be computed each time."""

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest
from pybtex import plugin
from pybtex.database import parse_string
from sphinx.search.en import SearchEnglish
from sphinxcontrib.bibtex.directives import BibliographyKey
from sphinxcontrib.bibtex.domain import BibtexDomain

from analysis.publish.caching.remembered import remembering, same_outside

BOOK = parse_string(
    "@article{a2020, author={Abel, Ann}, title={One {QOF}}, journal={J}, year=2020, volume=1}"
    "@article{b2021, author={Bell, Bea}, title={Two}, journal={J}, year=2021}",
    "bibtex",
)


def styled() -> list[str]:
    style = plugin.find_plugin("pybtex.style.formatting", "unsrt")()
    return [one.text.render_as("html") for one in style.format_entries(BOOK.entries.values())]


@pytest.fixture()
def project(tmp_path) -> Path:
    (tmp_path / "requirements.lock").write_text("sphinx==1\n", "utf-8")
    return tmp_path


def test_references_words_and_plugins_are_the_same_and_left_as_they_were(project):
    before = (SearchEnglish.stem, plugin._load_entry_point)
    plain = styled(), SearchEnglish({}).stem("payments")
    for _ in range(2):  # the second time from what the first kept
        with remembering(project):
            assert (styled(), SearchEnglish({}).stem("payments")) == plain
    assert (SearchEnglish.stem, plugin._load_entry_point) == before


def test_references_are_not_set_again_by_the_next_build(project, monkeypatch):
    with remembering(project):
        first = styled()
    style = type(plugin.find_plugin("pybtex.style.formatting", "unsrt")())
    monkeypatch.setattr(style, "get_article_template", None)
    with remembering(project):
        assert styled() == first


@pytest.mark.parametrize("chosen", ["cited", "not cited", "docname in docnames", "True"])
def test_the_same_records_are_chosen_as_by_looking_through_every_citation(project, chosen):
    targets = {"a": ["a2020", "gone"], "b": ["a2020"]}
    refs = [
        SimpleNamespace(docname=page, targets=[SimpleNamespace(key=key) for key in keys])
        for page, keys in targets.items()
    ]
    directive = SimpleNamespace(
        bibfiles=[], keyprefix="", filter_=ast.parse(chosen), keys={"b2021"}
    )
    at = BibliographyKey("b", "id1")
    domain = SimpleNamespace(
        bibliographies={at: directive},
        citation_refs=refs,
        get_entries=lambda files: BOOK.entries.values(),
    )
    plain = list(BibtexDomain.get_filtered_entries(domain, at))
    with remembering(project):
        assert list(BibtexDomain.get_filtered_entries(domain, at)) == plain
    assert plain


def test_contents_are_made_once_a_depth_and_a_way_of_asking():
    asked, known = [], {}

    def contents(page: str):
        def make(**named):
            asked.append((page, named))
            return f"{'../' * page.count('/')}index.html"

        return same_outside(make, page, known)

    assert contents("findings/a")(depth=1) == contents("findings/b")(depth=1) == "../index.html"
    assert contents("search")(depth=1) == "index.html"
    contents("findings/c")(depth=2)
    assert asked == [
        ("findings/a", {"depth": 1}),
        ("search", {"depth": 1}),
        ("findings/c", {"depth": 2}),
    ]
