"""CSL in YAML, as Zotero's Better BibTeX and pandoc write it: the items of CSL-JSON, spelt so."""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from analysis.references.imported import Imported, Rejection
from analysis.references.reading.build import build
from analysis.references.reading.csl_in import fields_of
from analysis.references.reading.roles import CSL

if TYPE_CHECKING:
    from yaml import Node

_LIST = re.compile(r"^(?:references:[ \t]*\n)?(?P<item>[ \t]*- (?:\w[\w-]*:))", re.MULTILINE)
_TITLED = re.compile(r"^[ \t]*(?:- )?title: ", re.MULTILINE)
_DATES = frozenset({"issued", "accessed", "published", "submitted", "event-date", "original-date"})


def is_yaml(text: str) -> bool:
    """Whether a text is a list of items that have titles, alone or under "references"."""
    return bool(_LIST.search(text) and _TITLED.search(text))


def read(text: str) -> Iterator[Imported | Rejection]:
    """Give a record or a rejection for each item; nothing where the text is no YAML."""
    import yaml

    try:
        root = yaml.compose(text.strip().removesuffix("---"), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return
    before = len(text) - len(text.lstrip())
    for node in _items(root):
        line = node.start_mark.line + 1 + text.count("\n", 0, before)
        try:
            item = yaml.safe_load(yaml.serialize(node))
        except (yaml.YAMLError, ValueError) as error:
            yield Rejection(line, f"an item that is no YAML: {str(error).splitlines()[0]}")
            continue
        if not isinstance(item, dict):
            yield Rejection(line, "expected an item of fields with their values")
            continue
        yield build(line, fields_of({str(k): _value(str(k), v) for k, v in item.items()}), CSL)


def _items(root: "Node | None") -> "list[Node]":
    from yaml import MappingNode, SequenceNode

    if isinstance(root, MappingNode):
        root = next((value for key, value in root.value if key.value == "references"), None)
    return list(root.value) if isinstance(root, SequenceNode) else []


def _value(name: str, value: Any) -> Any:
    """Return a value as CSL-JSON has it: of dates, the parts that YAML calls by their names."""
    if name not in _DATES:
        return value
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = value[0]
    if isinstance(value, dict) and "year" in value:
        parts = [value.get(part) for part in ("year", "month", "day")]
        return {"date-parts": [[part for part in parts if part is not None]]}
    return value.isoformat() if isinstance(value, date) else value
