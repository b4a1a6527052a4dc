"""Read a folder of official files: workbooks, CSV files, and the zip files that hold them."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.evidence.official.compare import to_ccgs
from analysis.evidence.official.practice_csv import read_csv, read_geography
from analysis.evidence.official.tidy import Reading, check_once, qof_year, tidy
from analysis.evidence.official.workbooks import read_workbook
from analysis.problems import Problem, ProblemsFound

ACHIEVEMENT = re.compile(r"achievement.*\.csv$", re.IGNORECASE)
GEOGRAPHIES = re.compile(
    r"(organisation_reference|mapping_nhs_geographies|prac_control).*\.csv$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Release:
    """CCG rows of all files read, how each was read, and what to know before trusting them."""

    frame: pd.DataFrame
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]


def read_folder(folder: Path) -> Release:
    """Read every official file of `folder` into CCG rows of the tidy shape.

    A year is taken from one file only, for maps of CCGs differ between files: from a CCG table,
    else from a workbook, else from a release, whose practices are summed.

    Raises:
        ProblemsFound: there is none, or one is not as its layout has it.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    frames: list[pd.DataFrame] = []
    readings: list[Reading] = []
    notes: list[str] = []
    years: set[str] = set()
    for pattern, read in READERS:
        for path in (path for path in files if pattern.search(path.name)):
            release = read(path)
            again = release.frame["year"].isin(years)
            if again.any():
                told = ", ".join(sorted(set(release.frame.loc[again, "year"])))
                notes.append(f"{path.name}: {told} left out, an earlier file gives it")
            frames.append(release.frame[~again])
            years |= set(release.frame["year"])
            readings += release.readings
            notes += release.notes
    if not readings:
        expected = (
            "official files: CCG workbooks (qof-1920-…-ccg.xlsx), release archives (.zip) or a "
            "CCG table (ccg_indicator….csv.gz)"
        )
        found = ", ".join(path.name for path in files[:8]) or "no file"
        raise ProblemsFound([Problem(folder.name, expected, value=found)])
    return Release(pd.concat(frames, ignore_index=True), tuple(readings), tuple(notes))


def read_zip(path: Path) -> Release:
    """Read the practice files of a release, summed over the practices of each CCG.

    Some releases hold ACHIEVEMENT files with and without exceptions: those with are read. A zip
    file of another kind gives no rows, and a note.

    Raises:
        ProblemsFound: the zip file is not whole, or one in it is not as its layout has it.
    """
    if not zipfile.is_zipfile(path):
        raise ProblemsFound([Problem(path.name, "a whole zip file; fetch it again")])
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        lists = [name for name in names if GEOGRAPHIES.search(Path(name).name)]
        every = [name for name in names if ACHIEVEMENT.search(Path(name).name)]
        wanted = [name for name in every if "exception" in name.lower()] or every
        if not (lists and wanted):
            note = f"{path.name}: not read; no achievement file with its list of practices"
            return Release(tidy({}), (), (note,))
        geography = read_geography(io.BytesIO(archive.read(lists[0])), f"{path.name}/{lists[0]}")
        readings = [_read_member(archive, path, name) for name in wanted]
    practices = pd.concat([reading.frame for reading in readings], ignore_index=True)
    check_once(practices, path.name)
    frame, unknown = to_ccgs(practices, geography)
    note = f"{path.name}: {unknown} practices without a CCG left out"
    return Release(frame, tuple(readings), (note,) if unknown else ())


def _read_member(archive: zipfile.ZipFile, path: Path, name: str) -> Reading:
    year = qof_year(Path(name).stem) or qof_year(path.stem)
    return read_csv(io.BytesIO(archive.read(name)), f"{path.name}/{name}", year)


def _alone(reading: Reading) -> Release:
    return Release(reading.frame, (reading,), ())


READERS = (
    (re.compile(r"ccg_indicator.*\.csv(\.gz)?$"), lambda path: _alone(read_csv(path, path.name))),
    (re.compile(r"qof-\d{4}-.*ccg.*\.xlsx?$"), lambda path: _alone(read_workbook(path))),
    (re.compile(r"\.zip$"), read_zip),
)
