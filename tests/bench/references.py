"""Reading and deduplicating references, against rispy and bib-dedupe alone.

Run with `make bench-references`. Each figure is one process of its own: seconds of work (imports
not counted), those of its processors with what it started, and the most memory that it and the
largest of these held.
"""

import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.made_up import MakeUp, as_ris  # noqa: E402
from tests.bench.rows import Row, say, tell  # noqa: E402

MOST = 100_000
READ = (25_000, MOST)
KNOWN, INCOMING, PLANTED = 5000, 5000, 2000


def write_export(path: Path, count: int) -> None:
    made = MakeUp(seed=1)
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            stream.write(as_ris(made.record(number)))


def ours(path: str) -> dict[str, float]:
    from analysis.references.reading import read_export

    seconds, export = timed(lambda: read_export(Path(path)))
    return {"seconds": seconds, "records": len(export.records)}


def rispy_alone(path: str) -> dict[str, float]:
    import rispy

    def read() -> list:
        with Path(path).open(encoding="utf-8") as stream:
            return rispy.load(stream)

    seconds, entries = timed(read)
    return {"seconds": seconds, "records": len(entries)}


def planted() -> tuple[list, list, dict[int, int]]:
    """The known, the incoming, and which known record each planted copy is of."""
    made = MakeUp(seed=2)
    known = [made.record(number) for number in range(KNOWN)]
    copies = {at: at for at in range(PLANTED)}
    incoming = [made.again(known[at]) for at in range(PLANTED)]
    incoming += [made.record(KNOWN + number) for number in range(INCOMING - PLANTED)]
    return known, incoming, copies


def ours_dedupe(_: str) -> dict[str, float]:
    from analysis.references.dedupe import Duplicate, Possible, compare

    known, incoming, copies = planted()
    library = {f"k{at:05d}": replace(one.record, key=f"k{at:05d}") for at, one in enumerate(known)}
    seconds, verdicts = timed(lambda: compare(library, incoming))
    joined = {at: v.of for at, v in enumerate(verdicts) if isinstance(v, Duplicate)}
    asked = {at: v.of for at, v in enumerate(verdicts) if isinstance(v, Possible)}
    right = sum(joined.get(at) == f"k{of:05d}" for at, of in copies.items())
    offered = sum(f"k{of:05d}" in asked.get(at, ()) for at, of in copies.items())
    return scores(seconds, right, len(joined), offered, len(asked))


def bib_dedupe_alone(_: str) -> dict[str, float]:
    warnings.simplefilter("ignore")
    import bib_dedupe.bib_dedupe as itself
    import pandas as pd

    from analysis.references.bibdedupe import Text, _row

    known, incoming, copies = planted()
    texts = [Text(one.record) for one in known]
    texts += [Text(one.record, one.abstract) for one in incoming]
    frame = pd.DataFrame([_row(at, text) for at, text in enumerate(texts)])

    def work() -> pd.DataFrame:
        prepared = itself.prep(frame, verbosity_level=0)
        return itself.match(itself.block(prepared), cpu=2)

    seconds, matched = timed(work)
    pairs = {
        label: {tuple(sorted(map(int, pair))) for pair in rows[["ID_1", "ID_2"]].to_numpy()}
        for label, rows in matched.groupby("duplicate_label")
    }
    wanted = {(of, KNOWN + at) for at, of in copies.items()}
    joined, asked = pairs.get("duplicate", set()), pairs.get("maybe", set())
    return scores(seconds, len(joined & wanted), len(joined), len(asked & wanted), len(asked))


def scores(seconds: float, right: int, joined: int, offered: int, asked: int) -> dict[str, float]:
    return {
        "seconds": seconds,
        "missed": PLANTED - right,
        "missed_and_not_asked": PLANTED - right - offered,
        "wrong": joined - right,
        "asked": asked,
    }


def timed(work: Callable) -> tuple[float, object]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


WORKS = {work.__name__: work for work in (ours, rispy_alone, ours_dedupe, bib_dedupe_alone)}


def used() -> dict[str, float]:
    """The processors' seconds, imports and all, and the memory of this process and its own."""
    # Not on Windows, where the benchmark is not run.
    import resource

    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "processor": sum(one.ru_utime + one.ru_stime for one in both),
        "megabytes": sum(one.ru_maxrss for one in both) / 1024,
    }


def in_own_process(work: str, argument: str = "") -> dict[str, float]:
    command = [sys.executable, __file__, work, argument]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{work} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def reading(folder: Path, count: int) -> None:
    """Tell what reading an export takes: ours, and rispy alone."""
    path = folder / f"{count}.ris"
    write_export(path, count)
    say(f"read {count:,} records")
    mine, other = (in_own_process(work, str(path)) for work in ("ours", "rispy_alone"))
    lost = other["records"] - count
    size = f"{path.stat().st_size / 1e6:.0f} MB file, {used_told(mine)}"
    note = f"{size}; rispy alone {used_told(other)}" + (f", {lost:+,.0f} records" if lost else "")
    measure = f"reading {count:,} records (RIS)"
    tell(Row(measure, mine["seconds"], "s", other["seconds"], "rispy alone", note=note))
    path.unlink()


def deduplicating() -> None:
    """Tell what finding duplicates takes and finds: ours, and bib-dedupe alone."""
    say(f"{INCOMING:,} records into {KNOWN:,}")
    mine, other = (in_own_process(work) for work in ("ours_dedupe", "bib_dedupe_alone"))
    named = f"{INCOMING:,} into {KNOWN:,} records, {PLANTED:,} of them copies"
    alone = "bib-dedupe alone"
    tell(Row(f"deduplicating {named}", mine["seconds"], "s", other["seconds"], alone, 60))
    for key, measure in SCORES.items():
        tell(Row(measure, mine[key], "", other[key], alone))


SCORES = {
    "missed": "copies not joined",
    "missed_and_not_asked": "copies neither joined nor asked about",
    "wrong": "joined that are no copies",
    "asked": "questions to a person",
}


def used_told(told: dict[str, float]) -> str:
    return f"processor {told['processor']:.1f} s, memory {told['megabytes']:,.0f} MB"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for count in READ:
            reading(Path(folder), count)
    deduplicating()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        told = WORKS[sys.argv[1]](sys.argv[2])
        print(json.dumps(told | used()))
    else:
        main()
