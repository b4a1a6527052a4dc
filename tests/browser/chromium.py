"""Find a Chromium, or install one: the system's, Playwright's, or Debian's."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A closed network must not make a local page wait.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
NONE_FOUND = (
    "no Chromium: install one (Debian: apt-get install chromium), or name it in QOF_CHROMIUM"
)


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None when none is here and none can be installed."""
    for found in _ways():
        if found and Path(found).is_file():
            return str(found)
    return None


def _ways() -> Iterator[str | None]:
    yield os.environ.get("QOF_CHROMIUM")
    yield from map(shutil.which, NAMES)
    yield _playwrights()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update", "-q"])
        _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
        yield shutil.which("chromium")
    _run([sys.executable, "-m", "playwright", "install", "chromium"])
    yield _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=False, timeout=300)
