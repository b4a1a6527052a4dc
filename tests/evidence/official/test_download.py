"""Fetching from a server of our own: nothing here touches the web."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from analysis.evidence.official.download import CHECKSUMS, PART, fetch, sha256
from analysis.evidence.official.sources import Source

CONTENT = b"PK\x03\x04" + bytes(range(256)) * 400


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Range")))
        if self.path == "/moved.zip":
            self.send_error(404)
            return
        body = b"<html>moved</html>" if self.path == "/page.zip" else self.server.content
        start, span = 0, self.headers.get("Range")
        if span and self.path != "/stubborn.zip":
            start = int(span.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                self.send_error(416)
                return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start : 5000 if self.path == "/short.zip" and not start else None])

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    # A proxy that this machine may ask for all else knows nothing of it.
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.content = [], CONTENT
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def source(server, name="good.zip", checksum=""):
    port = server.server_address[1]
    return Source("2019/20", "release", name, f"http://127.0.0.1:{port}/{name}", checksum)


def test_fetched_then_kept(server, tmp_path):
    seen = []
    first = fetch(source(server), tmp_path, seen.append)
    assert first.state == "fetched"
    assert (tmp_path / "good.zip").read_bytes() == CONTENT
    assert seen[-1] == len(CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert (tmp_path / CHECKSUMS).read_text() == f"{digest}  good.zip\n"
    assert fetch(source(server), tmp_path).state == "kept"
    assert len(server.asked) == 1
    assert not list(tmp_path.glob("*" + PART))


def test_broken_line_is_continued(server, tmp_path):
    broken = fetch(source(server, "short.zip"), tmp_path)
    assert broken.state == "failed"
    assert "5,000 of" in broken.words
    assert not (tmp_path / "short.zip").exists()
    assert fetch(source(server, "short.zip"), tmp_path).state == "fetched"
    assert server.asked[-1] == ("/short.zip", "bytes=5000-")
    assert (tmp_path / "short.zip").read_bytes() == CONTENT


def test_server_that_knows_no_ranges_begins_anew(server, tmp_path):
    (tmp_path / ("stubborn.zip" + PART)).write_bytes(b"PK old and wrong")
    assert fetch(source(server, "stubborn.zip"), tmp_path).state == "fetched"
    assert (tmp_path / "stubborn.zip").read_bytes() == CONTENT


def test_part_longer_than_the_file_begins_anew(server, tmp_path):
    (tmp_path / ("good.zip" + PART)).write_bytes(CONTENT + b"more")
    assert fetch(source(server), tmp_path).state == "fetched"
    assert (tmp_path / "good.zip").read_bytes() == CONTENT


def test_damaged_file_is_fetched_again(server, tmp_path):
    fetch(source(server), tmp_path)
    (tmp_path / "good.zip").write_bytes(b"PK damaged")
    assert fetch(source(server), tmp_path).state == "fetched"
    assert (tmp_path / "good.zip").read_bytes() == CONTENT


def test_changed_file_is_told_and_the_good_one_stays(server, tmp_path):
    fetch(source(server), tmp_path)
    server.content = b"PK another file"
    (tmp_path / "good.zip").unlink()
    told = fetch(source(server), tmp_path)
    assert told.state == "failed"
    assert "has changed" in told.words
    assert hashlib.sha256(CONTENT).hexdigest() in told.words
    assert not (tmp_path / "good.zip").exists()


def test_listed_checksum_counts_before_the_recorded(server, tmp_path):
    told = fetch(source(server, checksum="0" * 64), tmp_path)
    assert (told.state, "has changed" in told.words) == ("failed", True)


def test_file_put_there_by_hand_is_recorded(server, tmp_path):
    (tmp_path / "moved.zip").write_bytes(CONTENT)
    assert fetch(source(server, "moved.zip"), tmp_path).state == "kept"
    assert server.asked == []
    assert sha256(tmp_path / "moved.zip") in (tmp_path / CHECKSUMS).read_text()


@pytest.mark.parametrize(("name", "words"), [("moved.zip", "404"), ("page.zip", "a web page came")])
def test_moved_address(server, tmp_path, name, words):
    told = fetch(source(server, name), tmp_path)
    assert told.state == "failed"
    assert words in told.words
    assert list(tmp_path.iterdir()) == []


def test_no_web(tmp_path):
    # Nothing listens on port 9 of this machine.
    nowhere = Source("2019/20", "release", "x.zip", "http://127.0.0.1:9/x.zip", "")
    assert "no answer" in fetch(nowhere, tmp_path).words
