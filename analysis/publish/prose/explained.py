"""The Sphinx side of the glossary: the first mention of a term on a page shows what it means.

The mention becomes a link to the glossary; its text stands behind it in the page and is shown on
hover and on focus by the style sheet alone. `terms.js` adds Escape, and a first tap that shows
before it leads.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes

from analysis.findings.store import digest_of
from analysis.publish.prose.glossary import FILE, PAGE, Term, by_form, pattern, read_glossary


# docutils has no annotations.
class Explained(nodes.Inline, nodes.TextElement):  # type: ignore[misc, unused-ignore]
    """A term in a sentence, with its meaning."""


def setup(app: Any) -> dict[str, Any]:
    """Connect the glossary to Sphinx."""
    app.add_node(Explained, html=(_open, _close), latex=(_pass, _pass), text=(_pass, _pass))
    app.connect("env-get-outdated", _outdated)
    app.connect("doctree-resolved", _explain)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _outdated(app: Any, env: Any, added: Any, changed: Any, removed: Any) -> Iterable[str]:
    """Return every page when the glossary changed: any of them may show one of its terms."""
    known, now = getattr(env, "qof_glossary", now_none := ""), digest_of(_root(app), FILE)
    env.qof_glossary = now
    return [] if known in (now, now_none) else sorted(env.found_docs - removed)


def _root(app: Any) -> Path:
    return Path(app.srcdir).parent


def _explain(app: Any, doctree: nodes.document, page: str) -> None:
    if page == PAGE:
        return
    glossary = app.builder.get_relative_uri(page, PAGE)
    known = app.env.get_domain("std").objects
    terms = read_glossary(_root(app))
    anchors = {one.term: known["term", one.term][1] for one in terms if ("term", one.term) in known}
    explain(doctree, terms, {name: f"{glossary}#{anchor}" for name, anchor in anchors.items()})


def explain(doctree: nodes.Node, terms: tuple[Term, ...], addresses: Mapping[str, str]) -> None:
    """Mark the first mention of each term that has an address, in a paragraph's own text.

    Not in headings, links, tables, captions or what stands in bold: there it would be in the way.
    """
    terms = tuple(one for one in terms if one.term in addresses)
    found, forms = pattern(terms), by_form(terms)
    told: set[str] = set()
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if _in_the_way(paragraph):
            continue
        for text in [child for child in paragraph.children if isinstance(child, nodes.Text)]:
            parts = list(_marked(str(text), found, forms, told, addresses))
            if len(parts) > 1 or isinstance(parts[0], Explained):
                paragraph.replace(text, parts)


def _in_the_way(node: nodes.Node) -> bool:
    while node := node.parent:
        if isinstance(node, nodes.table | nodes.figure | nodes.footnote | nodes.citation):
            return True
    return False


def _marked(
    text: str,
    found: re.Pattern[str],
    forms: Mapping[str, Term],
    told: set[str],
    addresses: Mapping[str, str],
) -> Iterator[nodes.Node]:
    start = 0
    for mention in found.finditer(text):
        term = forms[" ".join(mention[0].lower().split())]
        if term.term in told:
            continue
        told.add(term.term)
        if mention.start() > start:
            yield nodes.Text(text[start : mention.start()])
        address = addresses[term.term]
        mark = address.partition("#")[2]
        yield Explained("", mention[0], meaning=term.text, address=address, mark=mark)
        start = mention.end()
    if start < len(text) or not start:
        yield nodes.Text(text[start:])


def _open(visitor: Any, node: Explained) -> None:
    about = f"about-{node['mark']}"
    visitor.body.append(
        f'<span class="qof-term"><a href="{escape(node["address"])}" aria-describedby="{about}">'
    )


def _close(visitor: Any, node: Explained) -> None:
    visitor.body.append(
        f'</a><span class="qof-meaning" role="tooltip" id="about-{node["mark"]}">'
        f"{escape(node['meaning'])}</span></span>"
    )


def _pass(visitor: Any, node: Explained) -> None:
    """Show the word alone."""
