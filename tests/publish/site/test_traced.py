"""Numbers in prose lead to where they came from, and what is shown beside them is there."""

import json
import pickle
import re

import pytest
from docutils import nodes
from docutils.utils import new_document
from jinja2 import Environment, StrictUndefined

from analysis.publish.site.shown_from import file_of, shown_files, write_shown
from analysis.publish.site.toggles import with_names
from analysis.publish.site.traced import From, _close, _open, _role, traced


@pytest.fixture(scope="module")
def files(book):
    return dict(shown_files(book))


def said(book, expression, **more):
    names = pickle.loads(pickle.dumps({**traced(book.names()), **more}))
    engine = Environment(undefined=StrictUndefined)
    return engine.from_string(f"{{{{ {expression} }}}}").render(names)


def test_a_number_of_a_finding_knows_its_page_and_is_written_as_before(book):
    plain = book.findings["withdrawal"]
    page = f"findings/{plain.finding.id}"
    for name in ("estimate", "ci", "k", "range", "prediction_interval", "size"):
        text = getattr(plain, name)
        assert said(book, f"withdrawal.{name}") == f"{{qof-from}}`{page}# {text}`"


def test_a_row_and_a_fact_know_their_own_trail(book):
    row = book.findings["withdrawal"].row("morales2023-1")
    assert said(book, 'withdrawal.row("morales2023-1")') == (
        f"{{qof-from}}`trails#morales2023-1 {row}`"
    )
    assert said(book, "facts.kramer_income_share") == ("{qof-from}`trails#kramer_income_share 20%`")


@pytest.mark.parametrize(
    "expression",
    ['withdrawal.says("may have fallen")', "withdrawal.cautions", "withdrawal.certainty"],
)
def test_words_stay_words(book, expression):
    assert "qof-from" not in said(book, expression)


def test_an_unknown_name_is_told_as_before(book):
    with pytest.raises(AttributeError, match="estimate"):
        traced(book.names())["withdrawal"].estimat  # noqa: B018


class Page:
    """What the writer of pages offers, as far as a number needs it."""

    def __init__(self):
        self.body, self.builder = [], self
        self.current_docname = "chapter"

    def get_relative_uri(self, _page, target):
        return f"{target}.html"


def html_of(parent):
    (found,), _ = _role("qof-from", "", "trails#morales2023-1 −40.2")
    parent += found
    new_document("chapter").append(parent)
    page = Page()
    _open(page, found)
    _close(page, found)
    return found, "".join(page.body)


def test_a_number_becomes_a_link():
    found, html = html_of(nodes.paragraph())
    assert isinstance(found, From)
    assert found.astext() == "−40.2"
    assert html == '<a class="qof-from" href="trails.html#morales2023-1"></a>'


@pytest.mark.parametrize("parent", [nodes.reference, nodes.title])
def test_no_link_stands_in_another_or_in_a_heading(parent):
    assert html_of(parent())[1] == ""


def test_every_finding_and_every_extracted_figure_has_lines_to_show(book, files, root):
    findings = json.loads(files["shown/findings.json"])
    assert findings.keys() == {one.finding.id for one in book.findings.values()}
    effects = (root / "data" / "effects.csv").read_text("utf-8")
    trails = set(re.findall(r"^([\w-]+),", effects, re.M))
    told = {
        name for path, body in files.items() if "findings" not in path for name in json.loads(body)
    }
    assert trails - {"effect_id"} <= told


def test_what_is_shown_is_claim_numbers_and_certainty(book, files):
    spoken = book.findings["withdrawal"]
    claim, numbers, certainty = json.loads(files["shown/findings.json"])[spoken.finding.id]
    assert claim == spoken.claim
    assert spoken.estimate in numbers
    assert certainty == f"{spoken.certainty}."


def test_a_row_shows_what_was_printed_where_and_how_it_was_read(files):
    printed, where, read = json.loads(files["shown/morales2023.json"])["morales2023-1"]
    assert printed.startswith("Printed: ")
    assert "Morales" in where
    assert "abstract" in read


def test_each_file_is_small_enough_to_be_asked_for_on_the_way(files):
    assert max(map(len, files.values())) < 60_000


def test_files_of_an_earlier_build_go(book, tmp_path):
    (tmp_path / "shown").mkdir()
    (tmp_path / "shown" / "gone.json").write_text("{}")
    write_shown(book, tmp_path)
    there = {path.name for path in (tmp_path / "shown").iterdir()}
    assert "gone.json" not in there
    assert "findings.json" in there


def test_the_page_asks_for_the_file_that_has_the_row(root):
    """`provenance.js` splits an id as `file_of` does."""
    assert file_of("morales2023-1") == "morales2023"
    assert file_of("gpcontract_db-s1") == "gpcontract_db"
    assert file_of("kramer_income_share") == "facts"
    script = (root / "book" / "_static" / "provenance.js").read_text("utf-8")
    assert 'lastIndexOf("-")' in script
    assert '"facts"' in script
    assert len(script.encode()) < 4096


@pytest.mark.parametrize("kind", ["reference internal", "current reference internal"])
def test_an_arrow_is_named_by_its_page(kind):
    contents = (
        f'<a class="{kind}" href="a.html">This &amp; that</a>'
        "<details><summary><span></span></summary></details>"
    )
    assert '<summary aria-label="Pages under This &amp; that">' in with_names(contents)
    assert with_names("<details><summary>Words</summary></details>").count("aria-label") == 0
