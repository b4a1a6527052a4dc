"""Ask every address over the network what is there: one at a time, and never in a hurry."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from http.client import HTTPException
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urldefrag, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from analysis.publish.living.links import (
    FILE,
    NO_ANSWER,
    TIMED_OUT,
    Asked,
    as_table,
    links,
    read_links,
)
from analysis.transaction import content_of, exclusive, replace_together

AGENT = "qof-evidence-book (checks the links of a living review, one at a time)"
TIMEOUT = 20.0  # seconds
PAUSE = 1.0  # seconds between two requests to one host
# An address that was asked in so many days is left alone.
AGAIN = 30
# So many hosts in a row without an answer: it is this machine that has no network.
ALONE = 5
_PERMANENT = (301, 308)
_SAFE = "%/:=&?~#+!$,;'@()*[]"

Ask = Callable[[str], Asked]
"""What asks an address; the day is filled in by its caller."""


@dataclass
class Outcome:
    """Every row of the table after a run, those asked in it, and whether no host answered."""

    rows: dict[str, Asked]
    asked: list[Asked] = field(default_factory=list)
    is_alone: bool = False


class _Moves(HTTPRedirectHandler):
    """Follows redirects by the same method, and keeps where permanent ones lead."""

    def __init__(self) -> None:
        self.moved_to, self._lasting = "", True

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        self._lasting = self._lasting and code in _PERMANENT
        if self._lasting:
            self.moved_to = newurl
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new is not None:
            new.method = req.get_method()
        return new


def ask(url: str, timeout: float = TIMEOUT) -> Asked:
    """Return what an address answers to HEAD, or to GET where HEAD is refused."""
    first = _ask(url, "HEAD", timeout)
    return first if first.status.startswith("2") else _ask(url, "GET", timeout)


def _ask(url: str, method: str, timeout: float) -> Asked:
    moves = _Moves()
    try:
        plain = quote(urldefrag(url)[0], safe=_SAFE)
        request = Request(plain, headers={"User-Agent": AGENT}, method=method)
        with build_opener(moves).open(request, timeout=timeout) as answer:
            status = str(answer.status)
    except HTTPError as error:
        with error:
            status = str(error.code)
    except TimeoutError:
        status = TIMED_OUT
    except URLError as error:
        status = TIMED_OUT if isinstance(error.reason, TimeoutError) else NO_ANSWER
    except (OSError, HTTPException, ValueError):
        status = NO_ANSWER
    return Asked(url, "", status, moves.moved_to)


def due(rows: Iterable[Asked], today: date) -> list[str]:
    """Return the addresses never asked, or not for `AGAIN` days; no host's all in a row."""
    old = [row.url for row in rows if not row.checked_on or _age(row, today) >= AGAIN]
    hosts: dict[str, list[str]] = {}
    for url in old:
        hosts.setdefault(_host(url), []).append(url)
    return [url for turn in zip_longest(*hosts.values()) for url in turn if url]


def _age(row: Asked, today: date) -> int:
    return (today - date.fromisoformat(row.checked_on)).days


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def listed_rows(root: Path) -> dict[str, Asked]:
    """Return a row for each address of the book: as the table has it, or blank."""
    known = read_links(root)
    return {link.url: known.get(link.url, Asked(link.url)) for link in links(root)}


def ask_links(
    root: Path,
    today: date,
    say: Callable[[str], None],
    ask: Ask = ask,
    pause: float = PAUSE,
) -> Outcome:
    """Ask what is due and write the table, also of a run that is stopped halfway.

    Where no host answers there is no network, and no address is blamed for it.
    """
    outcome = Outcome(listed_rows(root))
    try:
        for found in _answers(due(outcome.rows.values(), today), ask, pause, say):
            outcome.asked.append(replace(found, checked_on=today.isoformat()))
            outcome.is_alone = _is_alone(outcome.asked)
            if outcome.is_alone:
                outcome.asked.clear()
                break
    finally:
        outcome.rows |= {row.url: row for row in outcome.asked}
        _write(root, outcome.rows)
    return outcome


def _is_alone(asked: list[Asked]) -> bool:
    silent = all(row.status in (NO_ANSWER, TIMED_OUT) for row in asked)
    return silent and len({_host(row.url) for row in asked}) >= ALONE


def _answers(
    urls: list[str], ask: Ask, pause: float, say: Callable[[str], None]
) -> Iterator[Asked]:
    last: dict[str, float] = {}
    for number, url in enumerate(urls, start=1):
        host = _host(url)
        if host in last:
            time.sleep(max(0.0, last[host] + pause - time.monotonic()))
        found = ask(url)
        last[host] = time.monotonic()
        say(f"{number} of {len(urls)}: {found.status}: {url}")
        yield found


def _write(root: Path, rows: dict[str, Asked]) -> None:
    with exclusive(root):
        before = {FILE: content_of(root / FILE)}
        replace_together(root, {FILE: as_table(rows.values())}, before)
