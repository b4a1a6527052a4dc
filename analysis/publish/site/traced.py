"""The Sphinx side of numbers that say where they came from.

In prose a number of a finding becomes a link to the finding's page, and a cited fact a link to its
row in the table of trails: so it leads there without a script. `provenance.js` shows what stands
there (`shown_from.py`) already when it is pointed at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes

from analysis.publish.book import Facts
from analysis.publish.prose.spoken import Spoken
from analysis.publish.works import finding_page

ROLE = "qof-from"
TRAILS = "trails"
# What is a number though no entry of the finding's values has its name.
NUMBERS = frozenset(["ci", "size", "size_ci", "size_range", "range", "prediction_interval"])
CALLS = frozenset(["ci_of"])


# docutils has no annotations.
class From(nodes.Inline, nodes.TextElement):  # type: ignore[misc, unused-ignore]
    """A number in a sentence; `page` and `anchor` are where it came from."""


@dataclass(frozen=True, slots=True)
class TracedFinding:
    """A finding as a chapter speaks of it, each number with the way back to it."""

    spoken: Spoken

    def __getattr__(self, name: str) -> Any:
        # Unpickling asks for special names, and for the field before it is there.
        if name.startswith("_") or name == "spoken":
            raise AttributeError(name)
        found = getattr(self.spoken, name)
        if name in NUMBERS or name in self.spoken.finding.values:
            return self._mark(found)
        return (lambda given: self._mark(found(given))) if name in CALLS else found

    def row(self, effect_id: str) -> str:
        """Return one extracted figure, with the way to its own trail."""
        return marked(self.spoken.row(effect_id), TRAILS, effect_id)

    def group(self, name: str) -> "TracedFinding":
        """Return the same over one group's own summary."""
        return TracedFinding(self.spoken.group(name))

    def _mark(self, text: str) -> str:
        return marked(text, finding_page(self.spoken.finding.id))


@dataclass(frozen=True, slots=True)
class TracedFacts:
    """Cited facts, each with the way to its row in the table of trails."""

    facts: Facts

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "facts":
            raise AttributeError(name)
        found = getattr(self.facts, name)
        return marked(found, TRAILS, name) if name in self.facts.texts else found


def traced(names: Mapping[str, object]) -> dict[str, object]:
    """Return what pages speak of, with the way back on every number that has one."""
    return {name: _traced(one) for name, one in names.items()}


def _traced(one: object) -> object:
    if isinstance(one, Spoken):
        return TracedFinding(one)
    return TracedFacts(one) if isinstance(one, Facts) else one


def marked(text: str, page: str, anchor: str = "") -> str:
    """Return MyST that shows `text` and knows where it came from."""
    return f"{{{ROLE}}}`{page}#{anchor} {text}`"


def setup(app: Any) -> dict[str, Any]:
    """Connect the role to Sphinx."""
    app.add_role(ROLE, _role)
    nothing = (_pass, _pass)
    app.add_node(From, html=(_open, _close), latex=nothing, text=nothing)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _role(
    name: str, raw: str, content: str, *_: object, **__: object
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    address, _space, text = content.partition(" ")
    page, _mark, anchor = address.partition("#")
    return [From("", text, page=page, anchor=anchor)], []


def _open(visitor: Any, node: From) -> None:
    if _within_link(node):
        return
    builder = visitor.builder
    page = builder.get_relative_uri(builder.current_docname, node["page"])
    anchor = f"#{node['anchor']}" if node["anchor"] else ""
    visitor.body.append(f'<a class="qof-from" href="{escape(page + anchor)}">')


def _close(visitor: Any, node: From) -> None:
    if not _within_link(node):
        visitor.body.append("</a>")


def _within_link(node: nodes.Node) -> bool:
    """Return whether a link here would stand in another, or in a heading, which is one."""
    while node := node.parent:
        if isinstance(node, nodes.reference | nodes.title):
            return True
    return False


def _pass(visitor: Any, node: From) -> None:
    """Show the number alone."""
