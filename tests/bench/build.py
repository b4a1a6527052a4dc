"""Time the build against what a user would use instead: plain jupyter-book, everything again.

Run with `make bench-build`; `--no-plain` leaves the other out. Each figure is one whole process,
started cold or after what stands above it.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.processes import Took, qof, took  # noqa: E402
from tests.bench.rows import Row, say, tell  # noqa: E402
from tests.copies import copy_project, edit_rows, new_withdrawal  # noqa: E402

JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))
PLAIN = "plain jupyter-book"


def plain_command(copy: Path) -> list[str]:
    toc = str(copy / "_toc.yml")
    where = ["--config", "_config.yml", "--toc", toc, "--path-output", "."]
    return [JUPYTER_BOOK, "build", "book", *where]


def add_figure(copy: Path) -> None:
    """Add a figure of a known study, as a reviewer would."""
    edit_rows(copy / "data" / "effects.csv", lambda rows: rows.append(new_withdrawal(rows)))


def plain(folder: Path) -> dict[str, Took]:
    """Return what plain jupyter-book takes; for new data it must be told to make all again."""
    copy = copy_project(ROOT, folder / "plain", stores=False)
    command = plain_command(copy)
    say(f"{PLAIN}, cold")
    cold = took(command, copy)
    say(f"{PLAIN}, nothing changed")
    same = took(command, copy)
    say(f"{PLAIN}, --all")
    return {"cold": cold, "same": same, "more": took([*command, "--all"], copy)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-plain", action="store_true", help=f"without {PLAIN}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        other = {} if asked.no_plain else plain(folder)
        ours = copy_project(ROOT, folder / "ours", stores=False)

        def one(measure: str, against: str, target: float | None, *words: str) -> None:
            say(measure)
            mine, theirs = took(qof(*words), ours), other.get(against)
            seconds, note = theirs and theirs.seconds, str(mine)
            named = PLAIN + (" --all" if against == "more" else "")
            tell(Row(measure, mine.seconds, "s", seconds, named, target, note=note))

        one("qof build, cold", "cold", 60, "build")
        one("qof build, nothing changed", "same", 5, "build")
        add_figure(ours)
        page = ("build", "--only", "when-payment-stopped")
        one("qof build --only PAGE, one figure added", "", 15, *page)
        one("qof build, one figure added", "more", 15, "build")


if __name__ == "__main__":
    main()
