"""`qof fetch-statistics`: bring the official QOF files here, and condense them into `data/`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

HELP = "fetch the official QOF statistics, or rebuild the tables of data/ from them"
EPILOG = """\
examples:
  qof fetch-statistics --dry-run                 list the files and their addresses
  qof fetch-statistics --year 2018-19 --year 2019-20
  qof fetch-statistics --tables _build/statistics --dry-run
                                                 what rebuilding the tables would change
  qof fetch-statistics --tables _build/statistics

Checksums are recorded in checksums.txt beside the files when they first come, and compared ever
after; a broken download is continued. Where an address does not answer, fetch the file with a
browser, put it in the folder under the name shown, and run this again.

--tables reads what the folder holds (CCG workbooks, release archives, or a CCG table such as
ccg_indicator_2014_15_to_2019_20.csv.gz) and rewrites indicators.csv, somerset_return.csv,
somerset_series.csv and ccg_spread.csv. It needs no web.

exit status: 0 done, 1 a file could not be had or read (each is told)
"""
FOLDER = Path("_build") / "statistics"
SHOWN = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare which years, where to, and whether to rebuild the tables instead."""
    add = parser.add_argument
    add("--year", action="append", default=[], metavar="YEAR", help="2019-20; may be repeated")
    add("--to", type=Path, metavar="DIR", help=f"keep the files there (default: {FOLDER})")
    add("--tables", type=Path, metavar="FROM_DIR", help="rebuild the tables from these files")
    add("--dry-run", action="store_true", help="say what would be done, and do nothing")


def run(options: argparse.Namespace) -> int:
    """Fetch, or rebuild; 1 when something could not be had or read."""
    from analysis.paths import project_root
    from analysis.problems import ProblemsFound, tell

    root = project_root(options.root)
    try:
        if options.tables is not None:
            return _rebuild(root, options.tables, options.dry_run)
        return _fetch(root, options.to or root / FOLDER, tuple(options.year), options.dry_run)
    except ProblemsFound as found:
        return tell(found.problems)


def _fetch(root: Path, folder: Path, years: tuple[str, ...], dry_run: bool) -> int:
    from analysis.evidence.official.download import fetch
    from analysis.evidence.official.sources import read_sources

    sources = read_sources(root, years)
    if dry_run:
        for source in sources:
            state = "here" if (folder / source.file_name).is_file() else "to fetch"
            print(f"{source.year}  {source.file_name}  {state}\n         {source.url}")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    for source in sources:
        done.append(fetch(source, folder, _progress(source.file_name)))
        print(f"{done[-1].state:8}{source.year}  {source.file_name}: {done[-1].words}", flush=True)
    failed = [one.source for one in done if one.state == "failed"]
    if failed:
        print(f"\n{len(failed)} of {len(done)} files could not be had.", file=sys.stderr)
        print(f"Fetch them with a browser and put them in {folder}:", file=sys.stderr)
        for source in failed:
            print(f"  {source.file_name}\n    {source.url}", file=sys.stderr)
    return 1 if failed else 0


def _progress(name: str) -> Callable[[int], None]:
    """Return what shows how much has come, where a person is watching."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda have: print(f"\r{name}: {have:,} bytes", end="\r", file=sys.stderr)


def _rebuild(root: Path, folder: Path, dry_run: bool) -> int:
    from analysis.evidence.official.releases import read_folder
    from analysis.evidence.official.tables import rebuild, write

    release = read_folder(folder)
    for reading in release.readings:
        left = ", ".join(f"{n:,} {why}" for why, n in reading.left_out.items() if n)
        used = f"{reading.n_used:,} of {reading.n_read:,} rows"
        print(f"{reading.file}: {used}" + (f" (left out: {left})" if left else ""))
    for note in release.notes:
        print(note)
    for table in rebuild(release.frame, root):
        print(f"{table.file}: {_counted(table.changes)}")
        for change in table.changes[:SHOWN]:
            print(f"  {change}")
        if len(table.changes) > SHOWN:
            print(f"  … and {len(table.changes) - SHOWN} more")
        if table.changes and not dry_run:
            write(root, table)
    return 0


def _counted(changes: tuple[str, ...]) -> str:
    if not changes:
        return "as it stands"
    return f"{len(changes)} change{'s' if len(changes) > 1 else ''}"
