"""The tables of `data/` as a page lists them, each with its download."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from analysis.evidence.schema import PACKAGE
from analysis.numbers import number
from analysis.publish.tables.listings import Listed

TITLE = "Tables to download"
HEADINGS = ("Table", "What one row is", "Rows", "Licence")


def table_list(root: Path) -> Listed:
    """Return every table that the data package describes: name, meaning, rows, licence."""
    package = json.loads((root / PACKAGE).read_text("utf-8"))
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    rows = "".join(_rows(root, package["resources"]))
    html = (
        '<div class="qof-scroll qof-listing" tabindex="0" role="region" '
        f'aria-label="{TITLE}"><table><caption>{TITLE}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    return Listed(html, TITLE)


def _rows(root: Path, resources: list[dict[str, Any]]) -> Iterator[str]:
    for resource in resources:
        path = str(resource["path"])
        with (root / "data" / path).open("rb") as lines:
            count = sum(1 for _ in lines) - 1
        names = ", ".join(licence["name"] for licence in resource["licenses"])
        link = f'<a href="downloads/{escape(path)}">{escape(path)}</a>'
        told = escape(str(resource["description"]))
        yield (
            f'<tr><th scope="row">{link}</th><td>{told}</td>'
            f'<td class="qof-num">{number(count)}</td><td>{escape(names)}</td></tr>'
        )
