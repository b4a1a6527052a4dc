"""Put small faults into a package, one at a time, and tell which of them no test notices.

    python tests/mutation/run.py analysis/synthesis --sample 600 --seed 1

Run with `make mutants`. The tests of the same room run, each mutant against those alone that
reach its line, the quickest first. Each runs in a process of its own, forked from one that has
everything imported: no file is written, so that others may work in the tree meanwhile. A sample
takes the same part of every module. What `equivalent.csv` explains counts neither way.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import csv
import hashlib
import math
import pickle
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)

from tests.mutation.mutants import Mutant, mutants_of  # noqa: E402
from tests.mutation.session import Reach, judge, learn  # noqa: E402

EQUIVALENT = Path(__file__).with_name("equivalent.csv")
KEPT = ROOT / "_build" / "mutation"


def main() -> int:
    asked = _arguments()
    os.chdir(ROOT)
    modules = sorted(p for given in asked.package for p in _modules(Path(given)))
    tests = asked.tests or sorted({str(Path("tests", Path(p).parts[1])) for p in asked.package})
    everything = [m for path in modules for m in mutants_of(path, path.read_text("utf-8"))]
    chosen = [m for m in sample(everything, asked.sample, asked.seed) if _wanted(m, asked.only)]
    known = equivalent()
    alike = [m for m in chosen if (str(m.path), *m.name) in known]
    chosen = [m for m in chosen if (str(m.path), *m.name) not in known]
    print(
        f"{len(everything):,} mutants of {len(modules)} modules; {len(chosen)} to judge", flush=True
    )
    reach = _reach(modules, tests)
    verdicts = judge(chosen, reach, asked.jobs)
    _report(verdicts, len(alike))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("package", nargs="+", help="a folder or file below analysis/")
    parser.add_argument("--sample", type=int, metavar="N", help="judge N mutants, not all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument(
        "--only", metavar="TEXT", help="of those, the ones whose file:line holds TEXT"
    )
    parser.add_argument(
        "--tests", nargs="+", metavar="PATH", help="in place of the room's own tests"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at once")
    return parser.parse_args()


def _modules(package: Path) -> list[Path]:
    return [package] if package.suffix else sorted(package.rglob("*.py"))


def _wanted(mutant: Mutant, only: str | None) -> bool:
    return not only or only in f"{mutant.path}:{mutant.line}"


def sample(mutants: list[Mutant], size: int | None, seed: int) -> list[Mutant]:
    """Return `size` mutants, of each module in proportion to how many it has."""
    chance = random.Random(seed)
    modules = defaultdict(list)
    for mutant in mutants:
        modules[mutant.path].append(mutant)
    ranked = []
    for path in sorted(modules):
        drawn = chance.sample(modules[path], len(modules[path]))
        start = chance.random()
        ranked += [((start + at) / len(drawn), str(path), at, m) for at, m in enumerate(drawn)]
    ranked.sort(key=lambda rank: rank[:3])
    return [mutant for *_, mutant in ranked[:size]]


def equivalent() -> set[tuple[str, str, str, str, int]]:
    """Return the mutants that change nothing anyone could see, with a reason each in the file."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as lines:
        return {
            (row["file"], row["function"], row["before"], row["after"], int(row["nth"] or 0))
            for row in csv.DictReader(lines)
        }


def _reach(modules: list[Path], tests: list[str]) -> Reach:
    """Return which tests reach which line; learnt again only when code or tests changed."""
    rooms = {path.parts[1] for path in modules}
    files = [p for room in sorted(rooms) for p in sorted(Path("analysis", room).rglob("*.py"))]
    files += [p for given in tests for p in sorted(_modules(Path(given)))]
    content = b"".join(str(p).encode() + p.read_bytes() for p in files)
    kept = KEPT / f"{hashlib.sha256(content).hexdigest()[:16]}.pickle"
    if kept.is_file():
        return pickle.loads(kept.read_bytes())
    print("learning which tests reach which lines ...", file=sys.stderr, flush=True)
    reach = learn(sorted({str(Path("analysis", room)) for room in rooms}), tests)
    KEPT.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(reach))
    return reach


def _report(verdicts: dict[Mutant, str], alike: int) -> None:
    """Print survivors, the table by module, and the score with its interval."""
    for mutant in sorted((m for m, v in verdicts.items() if v == "survived"), key=_place):
        nth = f"  [{mutant.nth}]" if mutant.nth else ""
        print(f"\n{_place(mutant)} {mutant.function}{nth}\n- {mutant.before}\n+ {mutant.after}")
    print(f"\n{'module':<58}{'mutants':>8}{'killed':>8}{'left':>6}{'score':>7}")
    for path in sorted({m.path for m in verdicts}):
        print(_line(str(path), [v for m, v in verdicts.items() if m.path == path]))
    print(_line("all", list(verdicts.values())))
    killed = sum(v != "survived" for v in verdicts.values())
    low, high = wilson(killed, len(verdicts))
    slow = Counter(verdicts.values())["time"]
    print(
        f"score {killed / max(len(verdicts), 1):.1%} (95% interval {low:.1%} to {high:.1%}); "
        f"{slow} ran out of time or memory; {alike} more are equivalent and count neither way"
    )


def _place(mutant: Mutant) -> str:
    return f"{mutant.path}:{mutant.line}"


def _line(name: str, verdicts: list[str]) -> str:
    left = verdicts.count("survived")
    killed = len(verdicts) - left
    return f"{name:<58}{len(verdicts):>8}{killed:>8}{left:>6}{killed / max(len(verdicts), 1):>7.0%}"


def wilson(killed: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95% interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209)."""
    if not of:
        return 0.0, 1.0
    part, extra = killed / of, z * z / of
    half = z * math.sqrt(part * (1 - part) / of + extra / (4 * of))
    return (part + extra / 2 - half) / (1 + extra), (part + extra / 2 + half) / (1 + extra)


if __name__ == "__main__":
    sys.exit(main())
