"""Time a living book: one study more, and a book of thousands of studies.

Run with `make bench-living`; `--only one` or `--only many` for a part of it. Each figure is one
whole process; beside the time on the clock stands the processor time of it and its children, for
on a busy machine the clock says little.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

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
MB_A_UNIT = 1024 if sys.platform.startswith("linux") else 1024**2


def qof(verb: str) -> list[str]:
    return [sys.executable, "-m", "analysis", verb]


def timed(name: str, target: str, command: list[str], copy: Path) -> None:
    """Run a command in a copy and print its figures; stop where it fails."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    env = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name:44s} {seconds:7.1f} s {spent:7.1f} s   {target}", flush=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-4000:]}")


def head(told: str) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{told}; load before it began {load}")
    print(f"{'':44s} {'clock':>9s} {'processor':>9s}   target")


def one_study_more(folder: Path) -> None:
    """Add a figure of a known study to a built book, and build; beside it plain jupyter-book."""
    ours, plain = copy_project(ROOT, folder / "ours"), copy_project(ROOT, folder / "plain")
    pages = len(list((ROOT / "book").glob("*.md")))
    head(f"One study more in a book of {pages} chapters")
    timed("qof build, cold", "60 s", qof("build"), ours)
    edit_rows(ours / "data" / "effects.csv", lambda rows: rows.append(new_withdrawal(rows)))
    timed("qof build, one figure added", "15 s", qof("build"), ours)
    timed("plain jupyter-book build, cold", "", plain_command(plain), plain)
    edit_rows(plain / "data" / "effects.csv", lambda rows: rows.append(new_withdrawal(rows)))
    timed("plain jupyter-book build --all", "", [*plain_command(plain), "--all"], plain)


def thousands_of_studies(folder: Path) -> None:
    """Check, answer and build a made-up book."""
    copy = copy_project(ROOT, folder / "many")
    make_up(copy, STUDIES, EFFECTS)
    settle_certainty(copy)
    # Nothing is kept: neither what the real book was copied with nor what settling has made.
    shutil.rmtree(copy / "_build")
    head(f"A book of {STUDIES:,} studies and {EFFECTS:,} effects")
    timed("all findings, from nothing", "60 s", [sys.executable, "-c", FINDINGS], copy)
    timed("qof check, which also varies every choice", "", qof("check"), copy)
    timed("qof check, nothing changed", "10 s", qof("check"), copy)
    timed("qof build, cold", "300 s", qof("build"), copy)
    edit_rows(copy / "data" / "effects.csv", lambda rows: rows.append(new_withdrawal(rows)))
    timed("qof build, one figure added", "", qof("build"), copy)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MB_A_UNIT
    print(f"most memory of one process {most:,.0f} MB   target 4,000 MB for all together")


PARTS = {"one": one_study_more, "many": thousands_of_studies}


def asked() -> Iterator[str]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    only = parser.parse_args().only
    yield from [only] if only else PARTS


def main() -> None:
    assert Path(JUPYTER_BOOK).is_file(), "plain jupyter-book is not in this environment"
    for part in asked():
        with tempfile.TemporaryDirectory() as folder:
            PARTS[part](Path(folder))


if __name__ == "__main__":
    main()
