"""Time the build against what a user would use instead: plain jupyter-book, everything again.

Run with `make bench-build`. Each figure is one whole process, started cold or warm as named.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.copies import copy_project, edit_rows, new_withdrawal  # noqa: E402

QOF = [sys.executable, "-m", "analysis", "build"]
JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))


def plain_command(copy: Path) -> list[str]:
    toc = str(copy / "_toc.yml")
    where = ["--config", "_config.yml", "--toc", toc, "--path-output", "."]
    return [JUPYTER_BOOK, "build", "book", *where]


def timed(command: list[str], copy: Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = copy_project(ROOT, Path(folder) / "ours", stores=False)
        plain = copy_project(ROOT, Path(folder) / "plain", stores=False)
        figures = [
            ("plain jupyter-book build, cold", None, timed(plain_command(plain), plain)),
            (
                "plain jupyter-book build --all",
                None,
                timed([*plain_command(plain), "--all"], plain),
            ),
            ("plain jupyter-book build, nothing changed", None, timed(plain_command(plain), plain)),
            ("qof build, cold", 60, timed(QOF, ours)),
            ("qof build, nothing changed", 5, timed(QOF, ours)),
        ]
        edit_rows(ours / "data" / "effects.csv", lambda rows: rows.append(new_withdrawal(rows)))
        figures.append(("qof build, one row added", 15, timed(QOF, ours)))
    for name, target, seconds in figures:
        aim = f"   target {target} s" if target else ""
        print(f"{name:45s} {seconds:6.1f} s{aim}")


if __name__ == "__main__":
    main()
