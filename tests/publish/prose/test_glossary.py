"""The glossary: its words exist, are used, and show their meaning at the first mention."""

import re

import pytest
from docutils import nodes

from analysis.problems import ProblemsFound
from analysis.publish.chapters import Chapter, chapters
from analysis.publish.prose.explained import Explained, explain
from analysis.publish.prose.glossary import (
    FILE,
    Term,
    check_glossary,
    page_text,
    pattern,
    read_glossary,
)

REML = Term("REML", "A way of estimating spread.", ("restricted maximum likelihood",), ("REML",))
POINT = Term(
    "percentage point", "A plain difference.", (), ("percentage point", "percentage points")
)
QUIET = Term("domain", "A group.", (), ())
ADDRESSES = {one.term: f"glossary.html#term-{one.term}" for one in (REML, POINT)}


def written(root, text):
    (root / "data").mkdir(exist_ok=True)
    (root / FILE).write_text(text, "utf-8")
    return root


def chapter(root, text, name="page"):
    return Chapter(root / "book" / f"{name}.md", text)


def test_every_term_is_used_and_every_used_term_is_there(root):
    assert list(map(str, check_glossary(root, chapters(root)))) == []


def test_the_words_the_book_cannot_do_without_are_explained(root):
    names = {name for one in read_glossary(root) for name in (one.term, *one.names)}
    assert names >= {
        "QOF", "indicator", "threshold", "exception reporting", "PCA", "ITS", "DiD", "tau²", "I²",
        "random effects", "prediction interval", "HKSJ", "percentage point", "GRADE", "CERQual",
        "certainty", "ROBINS-I", "natural experiment", "sample family", "multiverse",
    }  # fmt: skip


def test_meanings_are_plain_and_short(root):
    for one in read_glossary(root):
        assert 5 < len(one.text.split()) < 50, one.term
        assert not re.search(r"\bi\.e\.|\be\.g\.|\betc\b", one.text), one.term


TERMS = "- {term: one, text: The first.}\n- {term: two, as: [zwei], text: The second.}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("See {term}`three`, one and two.", "a term of data/glossary.yml"),
        ("See {term}`that <twoo>`, one and two.", "did you mean two?"),
        ("Only one.", "a term that a chapter uses"),
        ("`one` and {{ one }} and two.", "a term that a chapter uses"),
    ],
)
def test_a_dead_or_unused_term_is_told(tmp_path, text, said):
    problems = check_glossary(written(tmp_path, TERMS), [chapter(tmp_path, text)])
    assert [said in problem.expected for problem in problems] == [True]


def test_other_names_and_roles_count_as_use_and_the_glossary_itself_does_not(tmp_path):
    root = written(tmp_path, TERMS)
    assert check_glossary(root, [chapter(root, "{term}`zwei` and\none.")]) == []
    alone = check_glossary(root, [chapter(root, "one and two", "glossary")])
    assert [problem.row for problem in alone] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TERMS + "- {term: one, text: Again.}\n", None),
        ("- {term: one}\n", "text"),
        ("- {term: one, txt: x}\n", "txt"),
        ("a: b\n", "list of term"),
        (": :\n- [", "list of term"),
    ],
)
def test_a_broken_glossary_is_told(tmp_path, text, said):
    root = written(tmp_path, text)
    if said is None:
        told = check_glossary(root, [chapter(root, "one two")])
        assert [problem.value for problem in told] == ["one"]
        return
    with pytest.raises(ProblemsFound, match=said):
        read_glossary(root)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Percentage points count", "Percentage points"),
        ("a percentage\npoint", "percentage\npoint"),
        ("by REML here", "REML"),
        ("reml, REMLs and pre-REML", None),
        ("percentage pointer", None),
    ],
)
def test_whole_words_are_found_the_longest_first(text, found):
    match = pattern([REML, POINT, QUIET]).search(text)
    assert (match and match[0]) == found


def paragraphs(*texts):
    section = nodes.section()
    for text in texts:
        section += nodes.paragraph("", "", nodes.Text(text))
    return section


def marked(tree):
    return [(node.astext(), node["address"]) for node in tree.findall(Explained)]


def test_only_the_first_mention_is_marked_and_no_word_is_lost():
    texts = ("By REML, in percentage points.", "REML and one percentage point again.")
    tree = paragraphs(*texts)
    explain(tree, (REML, POINT), ADDRESSES)
    assert marked(tree) == [
        ("REML", "glossary.html#term-REML"),
        ("percentage points", "glossary.html#term-percentage point"),
    ]
    assert [child.astext() for child in tree.children] == list(texts)


def test_headings_links_and_tables_are_left_alone():
    tree = paragraphs()
    tree += nodes.title("", "", nodes.Text("REML"))
    link = nodes.reference("", "", nodes.Text("REML"), refuri="x")
    tree += nodes.paragraph("", "", link)
    tree += nodes.table("", nodes.entry("", nodes.paragraph("", "", nodes.Text("REML"))))
    explain(tree, (REML,), ADDRESSES)
    assert marked(tree) == []


def test_a_term_without_an_address_is_not_marked():
    tree = paragraphs("By REML.")
    explain(tree, (REML,), {})
    assert marked(tree) == []


def test_the_page_lists_each_term_with_its_other_names():
    text = page_text([REML])
    assert text.startswith("```{glossary}\nREML\nrestricted maximum likelihood\n    A way")


@pytest.mark.filterwarnings("ignore")
def test_sphinx_leads_each_mention_to_its_entry(tmp_path):
    from sphinx.application import Sphinx

    source = tmp_path / "book"
    source.mkdir()
    terms = "- {term: tau², text: A spread.}\n- {term: sign test, as: [SiT], text: A count.}\n"
    root = written(tmp_path, terms)
    (source / "index.md").write_text("# A\n\nOf tau² & a sign test, {term}`SiT`.\n", "utf-8")
    (source / "glossary.md").write_text(f"# B\n\n{page_text(read_glossary(root))}\n", "utf-8")
    extensions = ["myst_parser", "analysis.publish.prose.explained"]
    out = tmp_path / "html"
    made = {"extensions": extensions, "exclude_patterns": [], "master_doc": "index"}
    Sphinx(source, None, out, tmp_path / "trees", "html", made, status=None, warning=None).build()
    page, glossary = ((out / f"{n}.html").read_text("utf-8") for n in ("index", "glossary"))
    marks = re.findall(r'class="qof-term"><a href="glossary.html#([^"]+)" [^>]*>([^<]+)</a>', page)
    assert [word for _, word in marks] == ["tau²", "sign test"]
    assert all(f'id="{anchor}"' in glossary for anchor, _ in marks)
    assert all(f'role="tooltip" id="about-{anchor}"' in page for anchor, _ in marks)
    assert 'href="glossary.html#term-SiT"' in page
