"""A chapter's text as Markdown that reads well outside the book: no roles, no directives."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from analysis.publish.chapters import CITED, NAMED
from analysis.publish.notebooks.plain_roles import Targets, without_roles
from analysis.publish.templates import engine

_FENCE = re.compile(r"^(?P<marks>:{3,}|`{3,})(?:\{(?P<name>[\w:.-]+)\})?(?P<rest>.*)$")
_LABEL = re.compile(r"^\([\w.:-]+\)=\s*$\n?", re.MULTILINE)
_OPTION = re.compile(r"^:[\w-]+:(?: .*)?$")
# Words in brackets, or a link, with attributes in braces after them.
_SPAN = re.compile(r"\[([^\[\]]*)\]\{[.#][^{}]*\}")
_ATTRIBUTES = re.compile(r"(?<=\))\{[.#][^{}]*\}|^\{[.#][^{}]*\}\s*$\n?", re.MULTILINE)
_PAGE_LINK = re.compile(r"\]\(([\w/-]+)\.md(#[\w-]+)?\)")
_RELATIVE = re.compile(r'\b(href|src)="(?![a-z]+:|[#/])')
_BETWEEN = "\0"


def filled(text: str, names: Mapping[str, object]) -> str:
    """Return the text with every `{{ ... }}` filled.

    Raises:
        Exception: what `analysis.publish.check` reports for a name that cannot be filled.
    """
    asked = list(dict.fromkeys(found[0] for found in NAMED.finditer(text)))
    if not asked:
        return text
    # Compiling takes the time: all at once.
    told = engine().from_string(_BETWEEN.join(asked)).render(names).split(_BETWEEN)
    values = dict(zip(asked, told, strict=True))
    return NAMED.sub(lambda found: values[found[0]], text)


def sources(text: str) -> list[str]:
    """Return the keys of all references that a filled text cites, sorted."""
    return sorted({key.strip() for keys in CITED.findall(text) for key in keys.split(",")})


def plain(text: str, to: Targets) -> str:
    """Return a filled text of MyST as plain Markdown."""
    return "\n".join(_blocks(text.splitlines(), to)).strip()


def linked(html: str, base: str) -> str:
    """Return HTML whose relative addresses lead to the site."""
    return _RELATIVE.sub(rf'\1="{base}/', html)


def _blocks(lines: Sequence[str], to: Targets) -> Iterator[str]:
    prose: list[str] = []
    rest = list(lines)
    while rest:
        opened = _FENCE.match(rest[0])
        if not opened or (rest[0][0] == ":" and not opened["name"]):
            prose.append(rest.pop(0))
            continue
        yield from _prose(prose, to)
        prose, end = [], _end(rest, opened["marks"])
        block, rest = rest[: end + 1], rest[end + 1 :]
        yield from _directive(opened, block, to) if opened["name"] else block
    yield from _prose(prose, to)


def _end(lines: Sequence[str], marks: str) -> int:
    ends = (n for n, line in enumerate(lines) if n and line.rstrip() == marks)
    return next(ends, len(lines) - 1)


def _prose(lines: Sequence[str], to: Targets) -> Iterator[str]:
    if lines:
        text = _LABEL.sub("", "\n".join(lines) + "\n")
        text = _ATTRIBUTES.sub("", _SPAN.sub(r"\1", text))
        text = without_roles(text, to)
        text = _PAGE_LINK.sub(lambda m: f"]({to.page(m[1], (m[2] or '')[1:])})", text)
        yield linked(text.removesuffix("\n"), to.base)


def _directive(opened: re.Match[str], block: Sequence[str], to: Targets) -> Iterator[str]:
    name, argument = opened["name"], opened["rest"].strip()
    body = list(block[1:-1])
    while body and _OPTION.match(body[0]):
        body.pop(0)
    made = DIRECTIVES.get(name, _quoted)
    return made(argument or _TITLES.get(name, ""), body, to)


def _inside(_argument: str, body: Sequence[str], to: Targets) -> Iterator[str]:
    yield from _blocks(body, to)


def _quoted(title: str, body: Sequence[str], to: Targets) -> Iterator[str]:
    head = [f"**{title}**", ""] if title else []
    lines = "\n".join([*head, *_blocks(body, to)]).strip().splitlines()
    yield from (f"> {line}".rstrip() for line in lines)


def _code(language: str, body: Sequence[str], to: Targets) -> Iterator[str]:
    yield from (f"```{language}", *body, "```")


def _image(address: str, body: Sequence[str], to: Targets) -> Iterator[str]:
    caption = " ".join(_blocks(body, to)).strip()
    yield f"![{caption}]({address if ':' in address else f'{to.base}/{address}'})"


def _references(_argument: str, body: Sequence[str], to: Targets) -> Iterator[str]:
    yield f"[{to.titles.get('references', 'References')}]({to.page('references')})"


DIRECTIVES: Mapping[str, Callable[[str, Sequence[str], Targets], Iterator[str]]] = {
    "bibliography": _references,
    "code": _code,
    "code-block": _code,
    "div": _inside,
    "figure": _image,
    "image": _image,
}
"""How a directive is written; any other becomes a quotation with its title."""

_TITLES: Mapping[str, str] = {
    **{name: name.capitalize() for name in ("note", "tip", "important", "warning", "caution")},
    "seealso": "See also",
}
