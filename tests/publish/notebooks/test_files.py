"""Chapters as notebooks: readable outside the book, always the same, and they run."""

import json
import re
import subprocess
import sys
from base64 import b64decode
from html import unescape
from xml.etree import ElementTree

import nbformat
import pytest
from myst_nb.core.read import read_myst_markdown_notebook

import analysis
from analysis.problems import ProblemsFound
from analysis.publish import build
from analysis.publish.citing.citation import BASE as BASE_URL
from analysis.publish.citing.citation import edition_of, in_style
from analysis.publish.notebooks import files as notebooks
from analysis.publish.notebooks.cache import opened
from analysis.publish.notebooks.cells import Maker, notebook
from analysis.publish.notebooks.files import executed, read
from analysis.publish.notebooks.launch import Repository
from analysis.publish.notebooks.plain_markdown import linked, plain
from analysis.publish.notebooks.plain_roles import Targets
from analysis.publish.works import works
from analysis.references import Record
from tests.conftest import ROOT

BASE = "https://example.org/qof"
AT = Repository("https://github.com/example/book")
# What only MyST understands: names, roles, directives, labels, attributes.
LEFT = re.compile(r"\{\{|\{[\w:-]+\}`|^:{3,}|^\([\w-]+\)=|^```\{|\]\{[.#]|^:class:", re.MULTILINE)
SMALL = "appendix-simulation"


@pytest.fixture(scope="module")
def maker(book):
    return Maker(book, edition_of(book, BASE), AT)


@pytest.fixture(scope="module")
def chapters(maker):
    return {maker.page(text): text for text in maker.texts if text.has_code}


@pytest.fixture(scope="module")
def made(maker, chapters):
    """Every notebook as it is before its cells are executed."""
    return {page: notebook(text, unstamped(text), maker) for page, text in chapters.items()}


def unstamped(chapter):
    # Without the digests of inputs, which take longer than all else.
    return read_myst_markdown_notebook(chapter.text, path=chapter.path)


def prose(one):
    return "\n\n".join(cell.source for cell in one.cells if cell.cell_type == "markdown")


def test_every_chapter_with_code_is_a_valid_notebook_of_plain_markdown(made):
    assert len(made) > 20
    for one in made.values():
        nbformat.validate(one)
        assert LEFT.findall(prose(one)) == []


def test_the_search_for_what_is_left_finds_it():
    for left in ("{{ a.b }}", "{cite:p}`x`", "a\n:::{div}", "(x)=\n", "[a]{.qof-number}", "```{x}"):
        assert LEFT.search(left)


def test_the_code_is_the_chapters_code_and_nothing_else(made, chapters):
    for page, one in made.items():
        first, *code = [cell.source for cell in one.cells if cell.cell_type == "code"]
        assert "google.colab" in first
        assert [text.strip() for text in code] == [c.strip() for c in chapters[page].cells]


def test_numbers_of_a_page_s_opening_are_those_of_the_book(made, book, chapters):
    """Looked up by attribute, not by the engine that filled them."""
    names, seen = book.names(), 0
    for page, one in made.items():
        opening = chapters[page].text.split("\n## ")[0]
        for name, attribute in re.findall(r"\{\{ (\w+)\.(\w+) \}\}", opening):
            assert str(getattr(names[name], attribute)) in prose(one)
            seen += 1
    assert seen > 20


def test_it_says_which_version_it_is_how_to_cite_it_and_how_to_run_it(made, maker, book):
    for page, one in made.items():
        head = one.cells[0].source
        assert head.startswith(f"# {works(book)[page].title}\n")
        assert not re.search(r"^# ", "\n".join(prose(one).splitlines()[1:]), re.MULTILINE)
        assert in_style(works(book)[page], maker.edition, "vancouver") in head
        assert f"version {book.about.version}, evidence to {book.about.data_date}" in head
        assert "CC BY 4.0" in head and "MIT" in head
        assert f"_build/html/notebooks/{page}.ipynb" in head and "make book" in head


def test_every_source_that_is_cited_is_listed(made, book):
    cited = book.library["close2019"]
    text = prose(made["devolution-somerset"])
    assert "Close et al. (2019) compared" in text
    assert cited.title in text.split("## Sources")[1]


def test_it_is_always_the_same_and_knows_no_machine(made, maker, chapters):
    again = notebook(chapters[SMALL], unstamped(chapters[SMALL]), maker)
    assert nbformat.writes(again) == nbformat.writes(made[SMALL])
    for one in made.values():
        assert str(ROOT) not in json.dumps(one)
        assert one.metadata.keys() == {"kernelspec", "language_info"}
        assert one.metadata.kernelspec.keys() == {"display_name", "language", "name"}
        assert {key for cell in one.cells for key in cell.metadata} <= {"tags"}


def test_without_a_repository_there_is_no_cell_for_colab(book, chapters, monkeypatch):
    monkeypatch.delenv(BASE_URL, raising=False)
    bare = Maker(book, edition_of(book), None)
    one = notebook(chapters[SMALL], unstamped(chapters[SMALL]), bare)
    text = nbformat.writes(one)
    assert "google.colab" not in text and "github.com/example" not in text
    assert f"](../{SMALL}.html)" in text


def with_output(source):
    """A chapter as the build leaves it."""
    cell = next(cell for cell in source.cells if cell.cell_type == "code")
    html = '<a href="trails.html#a">A</a><a href="#b">B</a><a href="https://x.org">C</a>'
    data = {"text/html": html, "text/plain": "A B C"}
    cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    cell.execution_count = 1
    return source


def test_outputs_stay_and_lead_to_the_site(maker, chapters):
    source = with_output(unstamped(chapters[SMALL]))
    for cell in source.cells:
        cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    one = notebook(chapters[SMALL], source, maker)
    output = next(cell for cell in one.cells if cell.get("outputs")).outputs[0]
    links = re.findall(r'href="([^"]+)"', output.data["text/html"])
    assert links == [f"{BASE}/trails.html#a", "#b", "https://x.org"]
    assert output.data["text/plain"] == "A B C"
    assert "execute_input" not in json.dumps(one)


def test_drawings_are_pictures_that_any_jupyter_shows(maker, chapters):
    figure = analysis.national("points_pct")
    source = with_output(unstamped(chapters[SMALL]))
    cell = next(cell for cell in source.cells if cell.get("outputs"))
    cell.outputs[0].data["text/html"] = figure.html()
    one = notebook(chapters[SMALL], source, maker)
    html = next(cell for cell in one.cells if cell.get("outputs")).outputs[0].data["text/html"]
    assert "<svg" not in html and "<table" in html
    alt, picture = re.search(r'<img alt="([^"]+)" .*;base64,([^"]+)"', html).groups()
    assert unescape(alt) == figure.alt
    svg = b64decode(picture).decode()
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "var(" not in svg and "<a " not in svg
    assert svg.index("</desc><rect ") < svg.index("<path")


def test_outputs_come_from_the_cache_of_the_build(tmp_path, book, chapters):
    from jupyter_cache.base import CacheBundleIn

    chapter = chapters[SMALL]
    with opened(tmp_path) as cache:
        with pytest.raises(ProblemsFound, match=rf"book/{SMALL}\.md: expected a chapter that"):
            executed(chapter, book, cache)
        bundle = CacheBundleIn(with_output(read(chapter, book)), str(chapter.path))
        cache.cache_notebook_bundle(bundle, check_validity=False)
        cells = [cell for cell in executed(chapter, book, cache).cells if cell.get("outputs")]
    assert [cell.outputs[0].data["text/plain"] for cell in cells] == ["A B C"]
    assert notebooks.EXECUTED == build.CACHE


def test_it_runs_below_the_folder_of_a_clone_and_gives_what_the_book_gives(made):
    from nbclient import NotebookClient

    one = nbformat.from_dict(json.loads(json.dumps(made[SMALL])))
    folder = ROOT / "book" / "_static"
    NotebookClient(
        one,
        timeout=120,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    ).execute()
    colab, *cells = [cell for cell in one.cells if cell.cell_type == "code"]
    assert colab.outputs == []
    shown = [cell.outputs[0].data["text/html"] for cell in cells]
    assert analysis.coverage("pooled", "mean")._repr_mimebundle_()["text/html"] in shown
    assert all(shown)


def test_only_on_colab_the_first_cell_fetches_the_book(made, monkeypatch, tmp_path):
    code = made[SMALL].cells[1].source
    ran = []

    def run(command, check):
        ran.append(command)
        if command[0] == "git":
            (tmp_path / command[-1]).mkdir()

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert ran == [] and not list(tmp_path.iterdir())
    monkeypatch.setitem(sys.modules, "google.colab", object())
    exec(code, {})
    clone, locked, package = ran
    assert clone[-2:] == [AT.address, "book"] and "--branch" not in clone
    assert locked[-1] == "requirements.lock" and package[-2:] == ["--editable", "."]
    assert sys.path[0] == str(tmp_path / "book")
    # After a restart of the session the clone is there.
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert [command[0] for command in ran].count("git") == 1


def test_colab_takes_the_tag_that_the_deployment_names(maker, book, chapters):
    tagged = Maker(book, maker.edition, Repository(AT.address, "v9.8.7"))
    one = notebook(chapters[SMALL], unstamped(chapters[SMALL]), tagged)
    assert "'--branch', 'v9.8.7'" in one.cells[1].source


ONE = Record("one2001", "JOUR", "A title", ("One, A",), 2001)
TWO = Record("two2002", "JOUR", "B title", ("Two, B", "Three, C", "Four, D"), 2002)
TO = Targets("..", {"one2001": ONE, "two2002": TWO}, {"page": "A page"}, {"here": ("page", "Here")})


@pytest.mark.parametrize(
    ("myst", "expected"),
    [
        ("{cite:t}`two2002` says", "Two et al. (2002) says"),
        ("{cite:p}`one2001,two2002`", "(One, 2001; Two et al., 2002)"),
        ("{doc}`page`", "[A page](../page.html)"),
        ("{doc}`two\nlines <page>`", "[two\nlines](../page.html)"),
        ("{ref}`here`", "[Here](../page.html#here)"),
        ("{ref}`words <here>`", "[words](../page.html#here)"),
        ("{term}`word`", "[word](../glossary.html)"),
        ("{abbr}`a word`", "a word"),
        ("``{doc}`page` `` and `{x}`", "``{doc}`page` `` and `{x}`"),
        ("[a\nb]{.qof-number} c", "a\nb c"),
        ("[a](page.md#b){.x}", "[a](../page.html#b)"),
        ("(here)=\n## Here", "## Here"),
        ('<a href="downloads/a.csv">', '<a href="../downloads/a.csv">'),
        (
            ":::{admonition} Title\n:class: x\ntext\n\nmore\n:::",
            "> **Title**\n>\n> text\n>\n> more",
        ),
        ("::::{div} x\n:::{note}\na\n:::\n::::\nb", "> **Note**\n>\n> a\nb"),
        ("```text\n{doc}`page`\n:::\n```", "```text\n{doc}`page`\n:::\n```"),
        ("```{code-block} python\na\n```", "```python\na\n```"),
        ("```{figure} a.png\n:name: x\nWords\n```", "![Words](../a.png)"),
    ],
)
def test_myst_becomes_plain_markdown(myst, expected):
    assert plain(myst, TO) == expected


def test_addresses_that_are_whole_stay():
    whole = '<a href="https://x.org"><a href="#y"><img src="data:image/png;base64,A"><a href="/z">'
    assert linked(whole, BASE) == whole
