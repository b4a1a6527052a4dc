"""Run every benchmark, one after another, and write what they gave to `BENCHMARKS.md`.

Run with `make bench`, while the machine does nothing else. It ends within half an hour: each part
has a limit of its own, and none goes on when the time of all is up. A part that fails, is stopped
or cannot be run is told in the table; the others go on. `--only PART` runs some, `--to FILE` writes
elsewhere.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.rows import JSON, Row, aimed, figure, say  # noqa: E402

# Of all parts together, in minutes.
MOST = 30


@dataclass(frozen=True)
class Part:
    """One benchmark: what it is about, its script with arguments, its limit, why not to run it."""

    title: str
    about: str
    script: tuple[str, ...]
    minutes: float
    missing: Callable[[], str] = lambda: ""


@dataclass(frozen=True)
class Outcome:
    """What a part gave, how long it took, and what became of it where it did not end."""

    rows: tuple[Row, ...]
    seconds: float = 0.0
    fault: str = ""


def no_lighthouse() -> str:
    """Return why Lighthouse cannot be asked, "" where it can."""
    if not (os.environ.get("QOF_LIGHTHOUSE") or shutil.which("lighthouse")):
        return "no Lighthouse here: install it, or name it in QOF_LIGHTHOUSE"
    built = (ROOT / "_build" / "html" / "index.html").is_file()
    return "" if built else "no book in _build/html: make book"


PARTS = {
    "synthesis": Part(
        "Statistics",
        "Random-effects meta-analysis by REML with the HKSJ interval.",
        ("synthesis.py",),
        3,
    ),
    "references": Part(
        "References",
        "Reading an export of a database, and finding what is known already. Records are made up.",
        ("references.py",),
        5,
    ),
    "fuzz": Part(
        "Odd exports",
        "Exports broken at random: each must be read or refused, with every record accounted for.",
        ("fuzz_references.py", "--inputs", "10000", "--jobs", "2"),
        2,
    ),
    "evidence": Part(
        "Official statistics",
        "Reading, checking and comparing files of the published size. Numbers are made up.",
        ("evidence.py",),
        4,
    ),
    "explore": Part(
        "The page for exploring",
        "In a real browser: from a press until it has drawn, the middle of twenty.",
        ("explore.py",),
        2,
    ),
    "build": Part(
        "The book",
        "Each figure is one whole process, on the book as it stands.",
        ("build.py",),
        12,
    ),
    "lighthouse": Part(
        "Lighthouse",
        "Scores out of a hundred, for a slow telephone: the middle of three runs.",
        ("lighthouse.py",),
        7,
        no_lighthouse,
    ),
    "living": Part(
        "A book of thousands of studies",
        "Made up from the real one. Plain jupyter-book is left out, since it would take hours.",
        ("living.py", "--no-plain"),
        12,
    ),
}


def run(part: Part, minutes: float) -> Outcome:
    """Run a part for `minutes` at most; rows given before it fails or is stopped are kept."""
    if reason := part.missing():
        return Outcome((), fault=f"was not run: {reason}")
    if minutes <= 0:
        return Outcome((), fault="was not run: the time of all was up")
    command = [sys.executable, str(ROOT / "tests" / "bench" / part.script[0]), *part.script[1:]]
    env = os.environ | {JSON: "1", "OPENBLAS_NUM_THREADS": "1"}
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as told:
        running = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=told, text=True, start_new_session=True
        )
        code, late = _ended(running, 60 * minutes)
        told.seek(0)
        rows = tuple(Row(**json.loads(line)) for line in told if line.startswith("{"))
    return Outcome(rows, time.monotonic() - start, _fault(code, late, minutes))


def _ended(running: subprocess.Popen[str], seconds: float) -> tuple[int, bool]:
    """Return the exit status, and whether the process and all it started had to be stopped."""
    try:
        return running.wait(seconds), False
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL, True
    finally:
        # A benchmark that was interrupted or stopped leaves nothing behind that works on.
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _fault(code: int, late: bool, minutes: float) -> str:
    if late:
        return f"was stopped after {minutes:.0f} min"
    return f"ended with exit status {code}" if code else ""


def run_all(names: Sequence[str]) -> Iterator[tuple[str, Outcome]]:
    """Run the parts in turn, none for longer than what is left of the time of all."""
    begun = time.monotonic()
    for number, name in enumerate(names, 1):
        left = MOST - (time.monotonic() - begun) / 60
        minutes = min(PARTS[name].minutes, left)
        say(f"[{number}/{len(names)}] {name}, {minutes:.0f} min at most")
        outcome = run(PARTS[name], minutes)
        say(f"    {outcome.seconds:.0f} s {outcome.fault}")
        yield name, outcome


def report(outcomes: dict[str, Outcome], about: Sequence[str]) -> str:
    """Return the report as Markdown: machine, a table a part, and what is not won."""
    parts = [_section(PARTS[name], one) for name, one in outcomes.items()]
    head = ["# Benchmarks", "", INTRODUCTION, "", *about]
    return "\n".join([*head, "", *parts, "## What is not won", "", *not_won(outcomes), ""])


INTRODUCTION = """\
Written by `make bench`: change nothing here by hand. Each figure is one run on one machine, and
says little of another. **Won** means that what was aimed at was reached, and that ours was no
worse than what it is held against."""


def _section(part: Part, outcome: Outcome) -> str:
    command = " ".join(("python", f"tests/bench/{part.script[0]}", *part.script[1:]))
    lines = [f"## {part.title}", "", f"{part.about} `{command}`", ""]
    if outcome.rows:
        lines += ["| Measure | Ours | Held against | Its figure | Aim | Won | Beside it |"]
        lines += ["| --- | --: | --- | --: | --- | --- | --- |"]
        lines += [_cells(row) for row in outcome.rows]
        lines += [""]
    if outcome.fault:
        lines += [f"**This part {outcome.fault}.**", ""]
    return "\n".join(lines)


def _cells(row: Row) -> str:
    won = {True: "yes", False: "**no**", None: ""}[row.won]
    other = "" if row.other is None else figure(row.other, row.unit)
    against = "" if row.other is None else row.against
    cells = (row.measure, figure(row.ours, row.unit), against, other, aimed(row), won, row.note)
    return f"| {' | '.join(cells)} |"


def not_won(outcomes: dict[str, Outcome]) -> list[str]:
    """Return a line for each row that is not won and each part that did not end."""
    lines = []
    for name, outcome in outcomes.items():
        lines += [_lost(row) for row in outcome.rows if row.won is False]
        lines += [f"- {PARTS[name].title} {outcome.fault}."] * bool(outcome.fault)
    return lines or ["Nothing: every part ended, and each of its rows is won."]


def _lost(row: Row) -> str:
    reasons = []
    if row.met is False:
        reasons.append(f"the aim was {aimed(row)}")
    if row.ahead is False and row.other is not None:
        reasons.append(f"{row.against}: {figure(row.other, row.unit)}")
    return f"- {row.measure}: {figure(row.ours, row.unit)} ({'; '.join(reasons)})."


def about() -> list[str]:
    """Return what the figures were taken on and from."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    told = {
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "Memory": f"{_memory():.0f} GiB",
        "System": f"{platform.system()} {platform.release().split('-')[0]}",
        "Python": platform.python_version(),
        "Date": f"{datetime.now(UTC):%Y-%m-%d}",
        "Commit": _commit(),
        "Load before it began": load,
    }
    return ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in told.items())]


def _processor() -> str:
    names = Path("/proc/cpuinfo")
    lines = names.read_text("utf-8").splitlines() if names.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + (
        ", with changes not committed" if git("status", "--porcelain") else ""
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument("--to", type=Path, default=ROOT / "BENCHMARKS.md", metavar="FILE")
    asked = parser.parse_args()
    machine, outcomes = about(), {}
    for name, outcome in run_all(asked.only):
        outcomes[name] = outcome
        # What is known so far stands, should the rest be interrupted.
        asked.to.write_text(report(outcomes, machine), "utf-8")
    say(f"written: {asked.to}")


if __name__ == "__main__":
    main()
