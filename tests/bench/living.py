"""Time a living book: one study more, and a book of thousands of studies.

Run with `make bench-living`; `--only one` or `--only many` for a part of it. Each figure is one
whole process, from nothing or after what stands above it; beside the time on the clock stands the
processor time of it and its children, for on a busy machine the clock says little, and the most
memory that all of them held at once. At the end of each part the same is asked of plain
jupyter-book. Of thousands of studies that takes long: `--no-plain` leaves it out.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.build import JUPYTER_BOOK, plain_command  # noqa: E402
from tests.bench.made_up_book import make_up, settle_certainty  # noqa: E402
from tests.copies import copy_project, edit_rows, new_withdrawal  # noqa: E402

STUDIES, EFFECTS = 5_000, 20_000
FINDINGS = """\
from pathlib import Path
from analysis.findings.store import stored_findings
stored_findings(Path.cwd())
"""
MB = 1024**2
# Between two looks at the memory in use, in seconds.
LOOK = 0.5


def qof(*words: str) -> list[str]:
    return [sys.executable, "-m", "analysis", *words]


def timed(name: str, target: str, command: list[str], copy: Path) -> None:
    """Run a command in a copy and print its figures; stop where it fails."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    env = os.environ | {"PYTHONPATH": str(copy)}
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(command, cwd=copy, env=env, stdout=said, stderr=said)
        with watched(running.pid) as most:
            code = running.wait()
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        figures = f"{seconds:7.1f} s {spent:7.1f} s {max(most) / MB:7,.0f} MB"
        print(f"{name:44s} {figures}   {target}", flush=True)
        if code:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read()[-4000:]}")


@contextmanager
def watched(pid: int) -> Iterator[list[int]]:
    """Look again and again at the memory of a process and all below it, until the block ends."""
    seen, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(LOOK):
            seen[0] = max(seen[0], memory(pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def memory(pid: int) -> int:
    """Return the bytes a process and all below it hold; what they share counts once."""
    try:
        first = psutil.Process(pid)
        processes = [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(map(_held, processes))


def _held(process: psutil.Process) -> int:
    try:
        # Of what is shared each has its part; where a system does not tell, it counts for each.
        held = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(held, "pss", held.rss)


def head(told: str) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{told}; load before it began {load}")
    print(f"{'':44s} {'clock':>9s} {'processor':>9s} {'memory':>10s}   target", flush=True)


def one_study_more(folder: Path, plain: bool) -> None:
    """Add a figure of a known study to a built book, and build; beside it plain jupyter-book."""
    ours = copy_project(ROOT, folder / "ours", stores=False)
    pages = len(list((ROOT / "book").glob("*.md")))
    head(f"One study's figure more in a book of {pages} chapters")
    timed("qof build, cold", "60 s", qof("build"), ours)
    _add_figure(ours)
    page = qof("build", "--only", "when-payment-stopped")
    timed("qof build --only PAGE, one figure added", "15 s", page, ours)
    timed("qof build, the same figure", "", qof("build"), ours)
    if plain:
        other = copy_project(ROOT, folder / "plain", stores=False)
        timed("plain jupyter-book build, cold", "", plain_command(other), other)
        _add_figure(other)
        timed("plain jupyter-book build --all", "", [*plain_command(other), "--all"], other)


def thousands_of_studies(folder: Path, plain: bool) -> None:
    """Check, answer and build a made-up book; beside it plain jupyter-book."""
    copy = copy_project(ROOT, folder / "many", stores=False)
    make_up(copy, STUDIES, EFFECTS)
    settle_certainty(copy)
    # What settling has made is not kept: all begins from nothing.
    shutil.rmtree(copy / "_build")
    head(f"A book of {STUDIES:,} studies and {EFFECTS:,} effects; memory at most 4,000 MB")
    timed("all findings, from nothing", "60 s", [sys.executable, "-c", FINDINGS], copy)
    timed("qof check, which also varies every choice", "", qof("check"), copy)
    timed("qof check, nothing changed", "10 s", qof("check"), copy)
    timed("qof build, cold", "300 s", qof("build"), copy)
    _longest_pages(copy / "_build" / "html")
    _add_figure(copy)
    timed("qof build, one figure added", "", qof("build"), copy)
    if plain:
        other = copy_project(copy, folder / "plain", stores=False)
        timed("plain jupyter-book build --all", "", [*plain_command(other), "--all"], other)


def _add_figure(copy: Path) -> None:
    edit_rows(copy / "data" / "effects.csv", lambda rows: rows.append(new_withdrawal(rows)))


def _longest_pages(html: Path) -> None:
    sizes = sorted((-path.stat().st_size, path.name) for path in html.glob("*.html"))
    told = ", ".join(f"{name} {-size / 1e6:.1f} MB" for size, name in sizes[:4])
    print(f"    its longest pages: {told}", flush=True)


PARTS = {"one": one_study_more, "many": thousands_of_studies}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument("--no-plain", action="store_true", help="without plain jupyter-book")
    asked = parser.parse_args()
    if not asked.no_plain and not Path(JUPYTER_BOOK).is_file():
        sys.exit("plain jupyter-book is not in this environment")
    for part in [asked.only] if asked.only else PARTS:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[part](Path(folder), not asked.no_plain)


if __name__ == "__main__":
    main()
