"""The addresses outside the book: listed, told honestly, and asked politely."""

import csv
import threading
import time
from collections import Counter
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from analysis.cli import main
from analysis.publish.living import link_check
from analysis.publish.living.link_check import AGENT, ALONE, ask, ask_links, due, listed_rows
from analysis.publish.living.link_list import ADDRESS, COPY, link_list, result, summary
from analysis.publish.living.links import (
    FILE,
    NO_ANSWER,
    TIMED_OUT,
    Asked,
    Linked,
    as_table,
    check_links,
    links,
    read_links,
)

TODAY = date(2026, 12, 1)
LIBRARY = "TY  - JOUR\nID  - a2020\nAU  - A, B\nPY  - 2020\nTI  - T\nDO  - 10.1000/a\nER  - \n"
TABLES = {
    "effects": "effect_id,study_id,source_url\ne,a2020,https://one.example/a?b=1\n",
    "national_series": "year,source_url\n2020,https://two.example/maybe\n",
}
SEEN = "key,field,value,seen_at,result,date\na2020,doi,10.1000/a,https://one.example/a?b=1,"


@pytest.fixture
def small(tmp_path):
    """A project with a source, two tables and a chapter."""
    for name, text in TABLES.items():
        path = tmp_path / "data" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "references").mkdir()
    (tmp_path / "references" / "library.ris").write_text(LIBRARY, "utf-8")
    (tmp_path / "references" / "checked.csv").write_text(f"{SEEN}confirmed,2026-11-20\n", "utf-8")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a.md").write_text("See <https://three.example/x>.\n", "utf-8")
    return tmp_path


def test_every_address_is_known_with_its_places_and_what_was_read(small):
    assert links(small) == (
        Linked("https://doi.org/10.1000/a", ("library",)),
        Linked("https://one.example/a?b=1", ("effects",), True, "2026-11-20"),
        Linked("https://three.example/x", ("a",)),
        Linked("https://two.example/maybe", ("national_series",)),
    )


def test_the_committed_table_has_no_fault(root):
    assert list(map(str, check_links(root))) == []


def test_what_the_table_says_wrongly_is_told(small):
    rows = [
        Asked("https://doi.org/10.1000/a", "soon", "fine"),
        Asked("https://b.example", "", "200"),
    ]
    (small / FILE).write_bytes(as_table(rows))
    told = "\n".join(map(str, check_links(small)))
    for what in ("https://doi.org/10.1000/a", "'fine'", "'soon'", "https://b.example"):
        assert what in told


# --- Told ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "row", "words"),
    [
        (Linked("u", ()), Asked("u"), ADDRESS),
        (Linked("u", (), True), Asked("u"), COPY),
        (Linked("u", (), True), Asked("u", "2026-12-01", "404"), "404: nothing is there any more"),
        (Linked("u", ()), Asked("u", "2026-12-01", "403"), "403: it refuses programs"),
        (Linked("u", ()), Asked("u", "2026-12-01", "503"), "503: its server is in trouble"),
        (Linked("u", ()), Asked("u", "2026-12-01", TIMED_OUT), "timed out: it gave no answer in"),
        (Linked("u", ()), Asked("u", "2026-12-01", "200", "v"), "200: it answers; moved for good"),
    ],
)
def test_what_was_not_asked_is_not_said_to_answer(link, row, words):
    assert result(link, row).startswith(words)


def test_the_page_counts_what_was_asked_read_or_neither(root, small):
    (small / FILE).write_bytes(as_table([Asked("https://doi.org/10.1000/a", "2026-12-01", "404")]))
    html = link_list(small).html
    assert "4 addresses. Asked over the network: 1, of which 1 gave nothing." in html
    assert "read as a copy: 1. Known as an address only: 2." in html
    shown = link_list(root).html
    assert all(f'href="{link.url.replace("&", "&amp;")}"' in shown for link in links(root))
    rows = [(link, Asked(link.url)) for link in links(root)]
    assert f"{len(rows)} addresses" in summary(rows)


# --- Asked -----------------------------------------------------------------------------------


class Odd(BaseHTTPRequestHandler):
    """A server that answers, moves, refuses, is gone, or keeps silent, by the path."""

    asked: ClassVar[Counter[tuple[str, str]]] = Counter()
    agents: ClassVar[set[str]] = set()

    def log_message(self, *_):
        pass

    def answer(self):
        self.asked[self.command, self.path] += 1
        self.agents.add(self.headers["User-Agent"])
        if self.path == "/slow":
            time.sleep(1.5)
        status = {"/moved": 301, "/sent": 302, "/gone": 404, "/refused": 403}.get(self.path, 200)
        if self.path == "/get-only":
            status = 405 if self.command == "HEAD" else 200
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", "/new")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = answer  # noqa: N815


@pytest.fixture(scope="module")
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as without:
        # A proxy that this machine may ask for all else knows nothing of it.
        without.setenv("no_proxy", "127.0.0.1")
        yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    ("path", "status", "moved", "asked"),
    [
        ("/fine#place", "200", "", ["HEAD"]),
        ("/moved", "200", "/new", ["HEAD"]),
        ("/sent", "200", "", ["HEAD"]),
        ("/gone", "404", "", ["HEAD", "GET"]),
        ("/refused", "403", "", ["HEAD", "GET"]),
        ("/get-only", "200", "", ["HEAD", "GET"]),
        ("/with space/é", "200", "", ["HEAD"]),
    ],
)
def test_an_address_is_asked_with_head_and_then_with_get(server, path, status, moved, asked):
    Odd.asked.clear()
    found = ask(f"{server}{path}")
    assert found == Asked(f"{server}{path}", "", status, moved and f"{server}{moved}")
    # One that waited in vain may still be on its way.
    assert [method for method, place in Odd.asked if place not in ("/new", "/slow")] == asked
    assert Odd.agents == {AGENT}


def test_silence_is_told_from_a_closed_door(server):
    assert ask(f"{server}/slow", timeout=0.2).status == TIMED_OUT
    # Nobody listens on the port that is kept for nobody.
    assert ask("http://127.0.0.1:1/", timeout=2).status == NO_ANSWER
    assert ask("http://").status == NO_ANSWER


def test_hosts_take_turns_and_what_was_asked_lately_is_left_alone():
    rows = [Asked(f"https://a.example/{n}") for n in range(3)]
    rows += [Asked("https://b.example/"), Asked("https://c.example/", "2026-11-20", "200")]
    rows += [Asked("https://d.example/", "2026-10-20", "404")]
    assert due(rows, TODAY) == [
        "https://a.example/0",
        "https://b.example/",
        "https://d.example/",
        "https://a.example/1",
        "https://a.example/2",
    ]


def test_a_run_writes_the_table_and_a_second_has_nothing_to_ask(small):
    said = []
    done = ask_links(small, TODAY, said.append, lambda url: Asked(url, "", "200"), pause=0)
    assert len(done.asked) == len(said) == 4
    assert read_links(small) == done.rows
    assert {row.checked_on for row in done.rows.values()} == {"2026-12-01"}
    assert check_links(small) == []
    assert ask_links(small, TODAY, said.append, pytest.fail, pause=0).asked == []


def test_one_host_is_not_asked_twice_in_a_breath(small, monkeypatch):
    text = "".join(f"<https://one.example/{n}>\n" for n in range(2))
    (small / "book" / "a.md").write_text(text, "utf-8")
    waited, now = [], iter(range(100))
    monkeypatch.setattr(link_check.time, "monotonic", lambda: float(next(now)))
    monkeypatch.setattr(link_check.time, "sleep", waited.append)
    ask_links(small, TODAY, lambda _: None, lambda url: Asked(url, "", "200"), pause=60)
    # Three addresses of one host: two waits, each the rest of a minute.
    assert len(waited) == 2
    assert all(50 < seconds <= 60 for seconds in waited)


def test_without_a_network_no_address_is_blamed(small):
    text = "".join(f"<https://host{n}.example/>\n" for n in range(2 * ALONE))
    (small / "book" / "a.md").write_text(text, "utf-8")
    asked = []

    def silent(url):
        asked.append(url)
        return Asked(url, "", NO_ANSWER)

    done = ask_links(small, TODAY, lambda _: None, silent, pause=0)
    assert done.is_alone
    assert len(asked) == ALONE
    assert read_links(small) == {}
    assert check_links(small) == []


def test_a_run_that_is_stopped_keeps_what_it_saw(small):
    def stopped(url):
        if "three" in url:
            raise KeyboardInterrupt
        return Asked(url, "", "200")

    with pytest.raises(KeyboardInterrupt):
        ask_links(small, TODAY, lambda _: None, stopped, pause=0)
    assert list(read_links(small)) == ["https://doi.org/10.1000/a", "https://one.example/a?b=1"]


# --- The verb --------------------------------------------------------------------------------


def test_a_dry_run_lists_and_changes_nothing(root, capsys):
    before = (root / FILE).read_bytes()
    assert main(["--root", str(root), "check", "--links", "--dry-run"]) == 0
    *urls, last = capsys.readouterr().out.splitlines()
    assert last == f"{len(urls)} to ask"
    assert set(urls) <= set(listed_rows(root))
    assert (root / FILE).read_bytes() == before
    assert main(["--root", str(root), "check", "--dry-run"]) == 2


def test_the_verb_asks_and_says_what_is_gone(root, server, small, monkeypatch, capsys):
    text = f"<{server}/gone> <{server}/fine>\n"
    (small / "book" / "a.md").write_text(text, "utf-8")
    for name in ("data/effects.csv", "data/national_series.csv", "references/library.ris"):
        (small / name).write_text("", "utf-8")
    monkeypatch.setattr("analysis.paths.project_root", lambda _: small)
    monkeypatch.setattr(link_check.time, "sleep", lambda _: None)
    begun = date.today()
    assert main(["--root", str(root), "check", "--links"]) == 1
    said = capsys.readouterr()
    days = {begun, date.today()}  # two of them at midnight
    assert any(f"404 ({day}): {server}/gone" in said.out for day in days)
    assert "2 asked; 1 of 2 gave nothing" in said.out
    assert f"{server}/fine" in said.err
    with (small / FILE).open(encoding="utf-8", newline="") as lines:
        assert [row["status"] for row in csv.DictReader(lines)] == ["200", "404"]
