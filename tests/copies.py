"""Copies of the project that tests may break."""

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "_build", "__pycache__", ".*_cache", "*.egg-info"
)


# What is computed once for a state of the inputs, and used for that state alone.
STORES = ("findings.json", "robustness.json", ".kept")


def copy_project(root: Path, target: Path, stores: bool = True) -> Path:
    """Copy what is in git and, with `stores`, what was computed from just these inputs."""
    shutil.copytree(root, target, ignore=LEFT_OUT)
    for path in filter(Path.exists, (root / "_build" / name for name in STORES if stores)):
        (target / "_build").mkdir(exist_ok=True)
        place = shutil.copytree if path.is_dir() else shutil.copy
        place(path, target / "_build" / path.name)
    return target


def copy_built(root: Path, target: Path) -> Path:
    """Copy the project with its book, which is built first where it is not up to date."""
    done = qof(root, "build")
    assert done.returncode == 0, done.stderr
    copy_project(root, target, stores=False)
    shutil.copytree(root / "_build", target / "_build")
    return target


def qof(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "analysis", "--root", str(root), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def edit_rows(path: Path, change: Callable[[list[dict[str, str]]], None]) -> None:
    """Let `change` work on the table's rows, and write it back as it was laid out."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows, columns = list(reader), reader.fieldnames
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def new_withdrawal(rows: list[dict[str, str]]) -> dict[str, str]:
    """A made-up figure of the kind a reviewer adds: another indicator of a known study."""
    like = next(r for r in rows if r["effect_id"].startswith("morales2023") and r["ci_low"])
    return like | {
        "effect_id": "morales2023-99",
        "indicator": "made-up indicator for a test",
        "indicator_type_reason": "made up for a test",
        "estimate": "-33.3",
        "ci_low": "-36.3",
        "ci_high": "-30.3",
        "reported_as": "-33.3 (-36.3 to -30.3)",
        "notes": "made up for a test",
    }
