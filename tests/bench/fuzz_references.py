"""Feed the reader of exports inputs that nobody would export, and see that it never falters.

    python tests/bench/fuzz_references.py [--inputs 100000] [--seed 1] [--jobs 2]

Each input is a fixture (or an export beside the project, when there is one) after a few random
mutations: bytes flipped, cut or joined, lines repeated, removed or shuffled, another encoding,
null bytes. Each must be read in time and either be told as no export, or give records and
rejections that add up to what was seen, where the count by line structure and the cutting agree,
a text cut in two is read as the whole one is, and every record is one that the library could hold.
"""

import argparse
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from analysis.references import Record, read_export  # noqa: E402
from analysis.references.imported import NotACitationFile  # noqa: E402
from analysis.references.reading import detect, halves, one_line, tagged  # noqa: E402
from analysis.references.reading.decode import decode  # noqa: E402
from analysis.references.reading.dialects import Dialect  # noqa: E402
from analysis.references.reading.draft import is_list  # noqa: E402
from analysis.references.ris import Line, find_problems  # noqa: E402
from analysis.references.tags import END, from_entry, to_entry, to_lines  # noqa: E402
from tests.bench.rows import Row, say, tell  # noqa: E402

FIXTURES = ROOT / "tests" / "references" / "reading" / "fixtures"
LONGEST_INPUT = 20_000
LIMIT_SECONDS = 10
TOKENS = (
    b'TY  - JOUR\n|ER  - \n|PMID- 1\n|PT J\n|ER\n|%0 Book\n|@article{a,|\n\n|\r|\x00|\xff|"|{|[{"|,'
    b"\xc3|  - |TI  - A title\n|1.\n|&#0;|&amp;lt;i&gt;|10.5555/x|\xef\xbb\xbf|; | and |"
    b"TY - JOUR T1 - a AU - b"
)

NO_SIGNS = str.maketrans("", "", "{}'")

Change = Callable[[bytes, random.Random, list[bytes]], bytes]


def flip(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    begin, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return chance.choice([content[:begin], content[begin:], content[:begin] + content[end:]])


def join(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    place = chance.randrange(len(content) + 1)
    other = chance.choice(others)[:LONGEST_INPUT]
    return chance.choice([content + other, content[:place] + other + content[place:]])


def lines(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    every = content.split(b"\n")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(every))
        match chance.randrange(4):
            case 0:
                every.insert(place, every[chance.randrange(len(every))])
            case 1 if len(every) > 1:
                del every[place]
            case 2:
                every[place:] = [b" ".join(every[place : place + 2]), *every[place + 2 :]]
            case _:
                chance.shuffle(every)
    return b"\n".join(every)


def recode(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    names = ["utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "utf-32", "utf-8-sig"]
    return content.decode("utf-8", "replace").encode(chance.choice(names), "replace")


def ends(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    return content.replace(
        b"\n", chance.choice([b"\r", b"\r\n", b"\n\n", b" ", b"\r\r\n", b"\n \n"])
    )


def insert(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content) + 1)
        content = content[:place] + chance.choice(TOKENS.split(b"|")) + content[place:]
    return content


def nulls(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + b"\0" * chance.randint(1, 40) + content[place:]


CHANGES: tuple[Change, ...] = (flip, cut, join, lines, recode, ends, insert, nulls)


@dataclass
class Figures:
    """What came of the inputs: how many of each outcome, and each fault with its input."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def sources() -> list[bytes]:
    exports = sorted((ROOT.parent / "shared").glob("exports/*"))
    whole = [path.read_bytes() for path in [*sorted(FIXTURES.iterdir()), *exports]]
    return [content[:LONGEST_INPUT] for content in whole]


def mutated(chance: random.Random, pool: list[bytes]) -> bytes:
    content = chance.choice(pool)
    if len(content) > LONGEST_INPUT // 4:
        content = content[: chance.randrange(500, LONGEST_INPUT // 4)]
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(CHANGES)(content or b" ", chance, pool)[:LONGEST_INPUT]
    return content


def faults(content: bytes) -> Iterator[str]:
    """Read one input; tell what is wrong with what came of it."""
    export = read_export(content)
    if any("could not be followed" in one.reason for one in export.rejections):
        yield "a record that was seen was not read"
    text, _ = decode(content)
    dialect = detect.tagged_dialect(text)
    if dialect is not None and export.format == dialect.name:
        unfolded, _ = one_line.unfold(text, dialect.known)
        seen = list(tagged.beginnings(unfolded, dialect))
        made = [line for line, _ in tagged.cut(unfolded, dialect)]
        if seen != made:
            yield f"seen at {seen}, made at {made}"
        yield from in_halves(unfolded, dialect)
    for one in export.records:
        yield from unfit(replace(one.record, key="k"))


def in_halves(text: str, dialect: Dialect) -> Iterator[str]:
    """Tell where a text cut in two is not read as the whole one."""
    place = halves.middle(text, dialect, len(text) // 2)
    if not place:
        return
    before = text.count("\n", 0, place)
    second = [(line + before, found) for line, found in tagged.cut(text[place:], dialect)]
    if [*tagged.cut(text[: place - 1], dialect), *second] != list(tagged.cut(text, dialect)):
        yield f"cut in two at {place}, it is read differently"


def unfit(record: Record) -> Iterator[str]:
    pairs = [*to_lines(record), (END, "")]
    entry = [Line(record.key, tag, text, f"{tag}  - {text}") for tag, text in pairs]
    yield from map(str, find_problems("record", [entry]))
    if from_entry(to_entry(to_lines(record))) != record:
        yield f"not read back as it is: {record!r}"
    if any(len(text) > 600 and not is_list(text) for _, text in record.extra):
        yield "an abstract is kept"


def hang(*_: object) -> None:
    raise TimeoutError(f"more than {LIMIT_SECONDS} s")


def run(seed: int, inputs: int) -> Figures:
    figures, chance, pool = Figures(), random.Random(seed), sources()
    # The time that this process works, for a machine may be busy with other work.
    signal.signal(signal.SIGPROF, hang)
    for number in range(inputs):
        content = mutated(chance, pool)
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
        try:
            wrong = list(faults(content))
            outcome = "wrong" if wrong else "read"
        except NotACitationFile:
            wrong, outcome = [], "no export"
        except Exception:  # every other error is what this looks for
            wrong, outcome = [traceback.format_exc(limit=-3)], "crash"
        signal.setitimer(signal.ITIMER_PROF, 0)
        figures.slowest = max(figures.slowest, time.process_time() - begun)
        figures.outcomes[outcome] += 1
        figures.faults += [
            f"seed {seed}, input {number}: {what}\n{content[:300]!r}" for what in wrong
        ]
    return figures


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=1)
    chosen = options.parse_args()
    begun = time.perf_counter()
    share = chosen.inputs // chosen.jobs
    with ProcessPoolExecutor(chosen.jobs) as pool:
        seeds = range(chosen.seed, chosen.seed + chosen.jobs)
        parts = list(pool.map(run, seeds, [share] * chosen.jobs))
    spent = time.perf_counter() - begun
    total = sum((part.outcomes for part in parts), Counter())
    found = [fault for part in parts for fault in part.faults]
    for fault in found[:5]:
        say(fault + "\n")
    note = f"{total.total() / spent:.0f} a second: {dict(total)}".translate(NO_SIGNS)
    tell(Row(f"faults in {total.total():,} mutated exports", len(found), "", target=0, note=note))
    slowest = max(part.slowest for part in parts)
    tell(Row("the slowest of them", slowest, "s", target=LIMIT_SECONDS))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
