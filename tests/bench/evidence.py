"""Time the readers of official statistics against plain pandas, on made-up files of full size.

Run with `make bench-evidence`. Numbers are random; shapes are those of the published files. Each
figure is a process of its own, so that its peak of memory is its own too. Plain pandas is what a
user would write for the same answer: read_csv, pivot_table, groupby. Beyond that answer the reader
checks every row, and for CCGs makes all three tables of `data/`.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.rows import Row, say, tell  # noqa: E402

CCG_YEARS = 6
CCG_INDICATORS = 77
N_CCG = 195
N_PRACTICES = 7000
PRACTICE_INDICATORS = 72
MEASURES = ("NUMERATOR", "DENOMINATOR", "EXCEPTIONS", "ACHIEVED_POINTS")
MIB = 2**20


def ccg_file(path: Path) -> None:
    """About 90,000 rows, a CCG, an indicator and a year each."""
    years = [f"20{y}/{y + 1}" for y in range(14, 14 + CCG_YEARS)]
    areas = ["11X", *(f"{n:02d}A" if n < 100 else f"{n % 100:02d}B" for n in range(N_CCG - 1))]
    codes = [f"AB{n:03d}" for n in range(CCG_INDICATORS)]
    index = pd.MultiIndex.from_product([years, areas, codes])
    frame = counts(len(index))
    for name, values in zip(("year", "geography_code", "indicator_code"), index.codes, strict=True):
        level = index.levels[["year", "geography_code", "indicator_code"].index(name)]
        frame[name] = level.to_numpy()[values]
    frame.assign(geography_name="made up", n_practices=30, list_size=1e5, points=100.0).to_csv(
        path, index=False, compression="gzip"
    )


def practice_files(folder: Path) -> None:
    """About two million rows, a practice, an indicator and a measure each."""
    size = N_PRACTICES * PRACTICE_INDICATORS
    made = counts(size)
    practice = np.repeat([f"P{n:05d}" for n in range(N_PRACTICES)], PRACTICE_INDICATORS)
    code = np.tile([f"AB{n:03d}" for n in range(PRACTICE_INDICATORS)], N_PRACTICES)
    values = [made["numerator"], made["denominator"], made["exceptions"], made["numerator"] / 50]
    parts = [
        pd.DataFrame(
            {"PRACTICE_CODE": practice, "INDICATOR_CODE": code, "MEASURE": name, "VALUE": value}
        )
        for name, value in zip(MEASURES, values, strict=True)
    ]
    pd.concat(parts).to_csv(folder / "ACHIEVEMENT_1920.csv", index=False)
    codes = [f"P{n:05d}" for n in range(N_PRACTICES)]
    ccgs = [f"{n % N_CCG % 100:02d}{'AB'[n % N_CCG // 100]}" for n in range(N_PRACTICES)]
    pd.DataFrame({"PRACTICE_CODE": codes, "CCG_CODE": ccgs, "CCG_NAME": ccgs}).to_csv(
        folder / "MAPPING_NHS_GEOGRAPHIES_1920.csv", index=False
    )


def counts(size: int) -> pd.DataFrame:
    random = np.random.default_rng(20261122)
    denominator = random.integers(1, 900, size)
    return pd.DataFrame(
        {
            "numerator": random.binomial(denominator, 0.8),
            "denominator": denominator,
            "exceptions": random.integers(0, 60, size),
        }
    )


def ccg_ours(folder: Path) -> float:
    from analysis.evidence.official.compare import ccg_spread, somerset_return, somerset_series
    from analysis.evidence.official.practice_csv import read_csv

    frame = read_csv(folder / "ccg_indicator.csv.gz", "ccg_indicator.csv.gz").frame
    somerset_series(frame)
    ccg_spread(frame)
    return float(somerset_return(frame)["difference"].sum())


def ccg_plain(folder: Path) -> float:
    frame = pd.read_csv(folder / "ccg_indicator.csv.gz", dtype={"geography_code": str})
    eligible = frame["denominator"] + frame["exceptions"]
    frame["value"] = 100 * frame["numerator"] / eligible
    wide = frame.pivot_table(
        index="geography_code", columns=["year", "indicator_code"], values="value"
    )
    change = (wide["2019/20"] - wide["2018/19"]).dropna()
    others = change.drop("11X")
    return float((change.loc["11X"] - others.mean()).sum())


def practice_ours(folder: Path) -> float:
    from analysis.evidence.official.compare import to_ccgs
    from analysis.evidence.official.practice_csv import read_csv, read_geography

    reading = read_csv(folder / "ACHIEVEMENT_1920.csv", "ACHIEVEMENT_1920.csv")
    geography = folder / "MAPPING_NHS_GEOGRAPHIES_1920.csv"
    frame, _ = to_ccgs(reading.frame, read_geography(geography, geography.name))
    return spread_of_shares(frame.rename(columns={"area": "ccg"}))


def practice_plain(folder: Path) -> float:
    frame = pd.read_csv(folder / "ACHIEVEMENT_1920.csv")
    wide = frame.pivot_table(
        index=["PRACTICE_CODE", "INDICATOR_CODE"], columns="MEASURE", values="VALUE"
    ).reset_index()
    places = pd.read_csv(folder / "MAPPING_NHS_GEOGRAPHIES_1920.csv", dtype=str)
    wide = wide.merge(places, on="PRACTICE_CODE")
    sums = wide.groupby(["CCG_CODE", "INDICATOR_CODE"])[list(MEASURES)].sum().reset_index()
    names = {"CCG_CODE": "ccg", "INDICATOR_CODE": "indicator"}
    return spread_of_shares(sums.rename(columns=names | {m: m.lower() for m in MEASURES}))


def spread_of_shares(frame: pd.DataFrame) -> float:
    share = frame["numerator"] / (frame["denominator"] + frame["exceptions"])
    return float(share.groupby(frame["indicator"]).std().sum())


JOBS = {
    "ccg": ("90,090 CCG rows read and compared", 5, None, ccg_ours, ccg_plain),
    "practice": ("2,016,000 practice rows to CCGs", 30, 4096, practice_ours, practice_plain),
}


def one(job: str, which: str, folder: Path) -> None:
    if job == "make":
        ccg_file(folder / "ccg_indicator.csv.gz")
        practice_files(folder)
        print("{}")
        return
    start = time.perf_counter()
    answer = JOBS[job][3 if which == "ours" else 4](folder)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MIB
    print(json.dumps({"answer": answer, "seconds": seconds, "peak": peak}))


def timed(job: str, which: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, job, which, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say("make files of full size")
        timed("make", "files", folder)  # elsewhere: a child's peak begins at its parent's size
        for job, (words, seconds, memory, *_) in JOBS.items():
            say(words)
            ours, plain = (timed(job, which, folder) for which in ("ours", "plain"))
            if not np.isclose(ours["answer"], plain["answer"], rtol=1e-9):
                sys.exit(f"{words}: ours gives {ours['answer']}, plain {plain['answer']}")
            other = "plain pandas"
            note = "ours checks every row as well"
            tell(Row(words, ours["seconds"], "s", plain["seconds"], other, seconds, note=note))
            tell(Row(f"{words}: memory", ours["peak"], "MiB", plain["peak"], other, memory))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
