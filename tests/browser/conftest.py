"""The built book, served on this machine, and a real browser to read it with."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.chromium import FLAGS, NONE_FOUND, find_chromium
from tests.copies import qof


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def html(root):
    done = qof(root, "build")
    assert done.returncode == 0, done.stderr
    return root / "_build" / "html"


@pytest.fixture(scope="session")
def address(html):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(html)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None and os.environ.get("CI"):
        pytest.fail(NONE_FOUND)
    if path is None:
        pytest.skip(NONE_FOUND)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
