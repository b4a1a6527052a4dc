"""The table of trails on several pages, where one would be more than a browser likes to open.

Up to `MOST` letters all trails stand on one page. Beyond, `trails.html` lists the studies, and
their trails stand on `trails-1.html`, `trails-2.html` and so on. Which study stands on which page
may change with every new one. So the published pages, all written anew at each build, lead to the
right page; from anywhere else `trails.html#ROW` stays the address, and `trails.mjs` leads on.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import accumulate

PAGE = "trails.html"
MOST = 1_000_000
# A study, as `trails.trails` writes it; no element within it is of that class, or is its sibling.
_SECTION = re.compile(
    r'<div class="qof-trail"><h2 id="([^"]+)">(.*?)</h2>.*?</table></div></div>', re.DOTALL
)
_ROW = re.compile(r'<tr id="([^"]+)"')
_LINK = re.compile(r'(\bhref="(?:\.\./)*)trails\.html#([^"]+)"')
_TITLE = re.compile(r"(?<=<title>)[^&<]+")
_SCRIPT = '<script type="module" src="_static/trails.mjs"></script>'


def in_parts(pages: Mapping[str, str], most: int = MOST) -> dict[str, str]:
    """Return all pages of a site, by name, with the trails in parts of about `most` letters.

    A site whose trails fit on one page comes back as it is.
    """
    page = pages.get(PAGE, "")
    studies = list(_SECTION.finditer(page))
    if not studies or studies[-1].end() - studies[0].start() <= most:
        return dict(pages)
    parts = list(_cut(studies, most))
    place = {
        unescape(anchor): _name(number)
        for number, part in enumerate(parts)
        for study in part
        for anchor in (study[1], *_ROW.findall(study[0]))
    }
    shell = page[: studies[0].start()], page[studies[-1].end() :]
    made = {_name(number): _part(shell, number, parts) for number in range(len(parts))}
    whole = {**pages, PAGE: _contents(shell, parts), **made}
    return {name: _led(text, place) for name, text in whole.items()}


def _cut(studies: list[re.Match[str]], most: int) -> Iterator[list[re.Match[str]]]:
    """Yield the studies in runs; a run ends with the study that reaches over the next `most`."""
    ends = list(accumulate(len(study[0]) for study in studies))
    parts: dict[int, list[re.Match[str]]] = {}
    for study, end in zip(studies, ends, strict=True):
        parts.setdefault((end - 1) // most, []).append(study)
    yield from parts.values()


def _name(number: int) -> str:
    return f"trails-{number + 1}.html"


def _led(text: str, place: Mapping[str, str]) -> str:
    """Return the page with each link to a trail leading to the page that the trail is on."""
    return _LINK.sub(lambda m: f'{m[1]}{place.get(unescape(m[2]), PAGE)}#{m[2]}"', text)


def _contents(shell: tuple[str, str], parts: list[list[re.Match[str]]]) -> str:
    count = sum(map(len, parts))
    lists = "".join(_list(number, part) for number, part in enumerate(parts))
    told = (
        f"<p>The trails of {count:,} studies stand on {len(parts):,} pages, by the name of the "
        "study. Each name leads to its trail.</p>"
    )
    return f"{shell[0]}{told}{lists}{_SCRIPT}{shell[1]}"


def _list(number: int, part: list[re.Match[str]]) -> str:
    links = "".join(
        f'<li id="{study[1]}"{_odd_rows(study)}><a href="{_name(number)}#{study[1]}">{study[2]}</a>'
        "</li>"
        for study in part
    )
    return (
        f'<details class="qof-data"><summary>{part[0][2]} to {part[-1][2]}</summary>'
        f"<ul>{links}</ul></details>"
    )


def _odd_rows(study: re.Match[str]) -> str:
    # Of most rows the id names the study; the script could not find the others, as those of facts.
    key = study[1].removeprefix("trail-")
    odd = [row for row in _ROW.findall(study[0]) if row.rpartition("-")[0] != key]
    return f' data-rows="{" ".join(odd)}"' if odd else ""


def _part(shell: tuple[str, str], number: int, parts: list[list[re.Match[str]]]) -> str:
    part = parts[number]
    head = _TITLE.sub(lambda m: f"{m[0].strip()}, part {number + 1} ", shell[0], count=1)
    told = f"<p>{part[0][2]} to {part[-1][2]}: part {number + 1:,} of {len(parts):,}.</p>"
    body = "\n".join(study[0] for study in part)
    above, below = (_ways(where, number, len(parts)) for where in ("above", "below"))
    return f"{head}{told}{above}{body}{below}{shell[1]}"


def _ways(where: str, number: int, count: int) -> str:
    links = [f'<a href="{PAGE}">All studies</a>']
    if number:
        links.append(f'<a rel="prev" href="{_name(number - 1)}">Part before</a>')
    if number + 1 < count:
        links.append(f'<a rel="next" href="{_name(number + 1)}">Part after</a>')
    # Two places to move on have two names.
    return f'<nav aria-label="Parts of the trails, {where}"><p>{" · ".join(links)}</p></nav>'
