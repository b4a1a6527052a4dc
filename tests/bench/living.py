"""Time a book of thousands of studies: its findings, its checks, its pages.

Run with `make bench-living`. Each figure is one whole process, from nothing or after what stands
above it; beside the time on the clock stands the processor time of it and its children, for on a
busy machine the clock says little, and the most memory that all of them held at once. At the end
the same is asked of plain jupyter-book; that takes long, and `--no-plain` leaves it out.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.build import PLAIN, add_figure, plain_command  # noqa: E402
from tests.bench.made_up_book import make_up, settle_certainty  # noqa: E402
from tests.bench.processes import Took, qof, took  # noqa: E402
from tests.bench.rows import Row, say, tell  # noqa: E402
from tests.copies import copy_project  # noqa: E402

STUDIES, EFFECTS = 5_000, 20_000
MEMORY = 4_000
FINDINGS = """\
from pathlib import Path
from analysis.findings.store import stored_findings
stored_findings(Path.cwd())
"""


def timed(measure: str, target: float | None, command: list[str], copy: Path) -> Took:
    say(measure)
    mine = took(command, copy)
    tell(Row(measure, mine.seconds, "s", target=target, note=str(mine)))
    return mine


def thousands(folder: Path, studies: int, effects: int, plain: bool) -> None:
    """Check, answer and build a made-up book."""
    copy = copy_project(ROOT, folder / "many", stores=False)
    say(f"make up {studies:,} studies and {effects:,} effects")
    make_up(copy, studies, effects)
    settle_certainty(copy)
    # What settling has made is not kept: all begins from nothing.
    shutil.rmtree(copy / "_build")
    size = f"{studies:,} studies"
    timed(f"{size}: all findings, from nothing", 60, [sys.executable, "-c", FINDINGS], copy)
    timed(f"{size}: qof check, which also varies every choice", None, qof("check"), copy)
    timed(f"{size}: qof check, nothing changed", 10, qof("check"), copy)
    cold = timed(f"{size}: qof build, cold", 300, qof("build"), copy)
    measure = f"{size}: most memory of that build"
    tell(Row(measure, cold.megabytes, "MB", target=MEMORY, note=longest(copy / "_build" / "html")))
    add_figure(copy)
    mine = took(qof("build"), copy)
    other = took([*plain_command(copy), "--all"], copy).seconds if plain else None
    measure = f"{size}: qof build, one figure added"
    tell(Row(measure, mine.seconds, "s", other, f"{PLAIN} --all", note=str(mine)))


def longest(html: Path) -> str:
    """Return the longest pages with their sizes."""
    sizes = sorted((-path.stat().st_size, path.name) for path in html.glob("*.html"))
    told = ", ".join(f"{name} {-size / 1e6:.1f} MB" for size, name in sizes[:2])
    return f"longest pages {told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-plain", action="store_true", help=f"without {PLAIN}")
    parser.add_argument("--studies", type=int, default=STUDIES)
    parser.add_argument("--effects", type=int, default=EFFECTS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        thousands(Path(folder), asked.studies, asked.effects, not asked.no_plain)


if __name__ == "__main__":
    main()
