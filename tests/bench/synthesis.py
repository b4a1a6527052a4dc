"""Time the statistics against what a user would use instead: statsmodels, and metafor in R.

Run with `make bench-synthesis`. Rivals run in the same process or minute, on the same numbers;
metafor is left out, and said so, where there is no R.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from analysis.synthesis import random_effects, random_effects_batch  # noqa: E402
from tests.bench.rows import Row, say, tell  # noqa: E402

FITS, K = 10_000, 8
METAFOR_FITS = 400  # of the loop; the rest would take minutes and no other time a fit
# A fit that does not converge stops with an error, and is timed all the same.
METAFOR = """
suppressPackageStartupMessages(library(metafor))
numbers <- as.matrix(read.csv(commandArgs(trailingOnly = TRUE)[1], header = FALSE))
k <- ncol(numbers) / 2
fit <- function(row) try(rma(row[1:k], row[k + 1:k], test = "knha"), silent = TRUE)
invisible(fit(numbers[1, ]))
cat(system.time(for (at in seq_len(nrow(numbers))) fit(numbers[at, ]))[["elapsed"]])
"""


def effects(*shape: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2004)
    v = rng.uniform(0.01, 0.2, shape)
    return rng.normal(0.3, np.sqrt(v + 0.05)), v


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def best(*rivals: Callable[[], object], rounds: int = 300) -> list[float]:
    """Return the shortest time of each, in turns, so that both meet the same machine."""
    times = [[seconds(rival) for rival in rivals] for _ in range(rounds)]
    return np.min(times, axis=0).tolist()


def peak(work: Callable[[], object]) -> float:
    """Return the most memory held at once, in megabytes."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def metafor_loop(y: np.ndarray, v: np.ndarray) -> float | None:
    """Return the seconds metafor's loop takes over all fits, from a part of them."""
    if not (rscript := shutil.which("Rscript")):
        return None
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder) / "numbers.csv", Path(folder) / "loop.R"
        np.savetxt(table, np.hstack([y, v])[:METAFOR_FITS], delimiter=",", fmt="%.17g")
        script.write_text(METAFOR, "utf-8")
        command = [rscript, str(script), str(table)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(done.stdout) * len(y) / METAFOR_FITS if done.returncode == 0 else None


def single_fits() -> None:
    for k in (10, 100, 1000):
        y, v = effects(k)
        ours, theirs = best(
            lambda y=y, v=v: random_effects(y, v),
            lambda y=y, v=v: combine_effects(y, v, method_re="pm"),
        )
        measure = f"one REML, HKSJ fit of {k:,} effects"
        other = "statsmodels, Paule-Mandel"
        tell(Row(measure, ours * 1e3, "ms", theirs * 1e3, other, times=2))


def batches() -> None:
    y, v = effects(FITS, K)
    random_effects_batch(y[:10], v[:10])
    # Each as its loop would meet the machine: ours several times, since it is over in a moment.
    ours = best(lambda: random_effects_batch(y, v), rounds=10)[0]
    say("statsmodels' loop")
    loop = seconds(
        lambda: [combine_effects(*one, method_re="pm") for one in zip(y, v, strict=True)]
    )
    measure = f"{FITS:,} fits of {K} effects"
    tell(Row(measure, ours, "s", loop, "a loop over statsmodels", times=1 / 20))
    say("metafor's loop")
    theirs = metafor_loop(y, v)
    told = f"metafor timed over {METAFOR_FITS}" if theirs else "no metafor here"
    aim = 1 / 50 if theirs else None
    tell(Row(measure, ours, "s", theirs, "a loop over metafor", times=aim, note=told))


def large() -> None:
    memory = {}
    for k in (10_000, 100_000):
        y, v = effects(k)
        took = best(lambda y=y, v=v: random_effects(y, v), rounds=3)[0]
        memory[k] = peak(lambda y=y, v=v: random_effects(y, v))
        aim, note = 1 if k == 100_000 else None, f"{memory[k]:.1f} MB"
        tell(Row(f"one fit of {k:,} effects", took, "s", target=aim, note=note))
    small, many = memory.values()
    tell(Row("memory of ten times the effects", many / small, "times", target=10))


def main() -> None:
    warnings.simplefilter("ignore")  # statsmodels divides by zero where effects are alike
    single_fits()
    batches()
    large()


if __name__ == "__main__":
    main()
