"""The built book, served on this machine, and a real browser to read it with."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from tests.browser.chromium import FLAGS, NONE_FOUND, find_chromium
from tests.conftest import ROOT
from tests.copies import qof

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
# What the script does last, part by part.
ALL_LAID_OUT = "() => !document.querySelector('.bd-article > section > section:not(.qof-seen)')"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


def files(chapters):
    """Give the file of each chapter and of each section below it."""
    for chapter in chapters:
        yield chapter["file"]
        yield from files(chapter.get("sections", ()))


PAGES = [TOC["root"], *(file for part in TOC["parts"] for file in files(part["chapters"]))]


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


@pytest.fixture(scope="module", params=PAGES)
def name(request):
    """A page of the book. What tests a page comes together, so that it is opened once a width."""
    return request.param


@pytest.fixture(scope="session")
def tab(browser):
    """One tab for all who need no other kind of reader: a new one costs five times a page.

    It keeps what its page requested, and what it complained of, since `visit`.
    """
    tab = browser.new_page()
    tab.requested, tab.complaints = [], []
    tab.on("request", lambda request: tab.requested.append(request.url))
    tab.on("console", lambda message: tab.complaints.append((message.type, message.text)))
    tab.on("pageerror", lambda error: tab.complaints.append(("error", str(error))))
    yield tab
    tab.close()


def visit(tab, url, viewport=WIDE):
    """Open a page as someone does who is here for the first time."""
    tab.mouse.move(0, 0)
    if tab.url.startswith("http"):
        tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    # From no page, for an address that differs by its place alone would load nothing.
    tab.goto("about:blank")
    tab.emulate_media(media="screen", color_scheme="light")
    tab.set_viewport_size(viewport)
    tab.requested.clear()
    tab.complaints.clear()
    tab.goto(url)
    return tab
