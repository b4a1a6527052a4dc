"""`qof simulate`: how often the book's intervals hold what they promise."""

import argparse
import sys
from pathlib import Path

HELP = "simulate data with a known truth and count how often the intervals hold it"
EPILOG = """\
example:
  $ qof simulate --sets 10000 --out data/coverage.csv
  $ qof simulate --dask tcp://scheduler:8786

The same seed gives the same table, on one core or on many machines. --dask local starts a
cluster on this machine; it needs the optional extra: pip install 'qof-evidence-book[dask]'.

exit status: 0 done, 2 Dask was asked for and is not installed, or could not be reached
"""
OUT = "data/coverage.csv"
_DIGITS = "%.6g"  # more than the Monte Carlo error leaves


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare how much is simulated, and where."""
    add = parser.add_argument
    add("--sets", type=_positive, default=10_000, help="data sets a cell (default: 10000)")
    add("--seed", type=int, default=2004, help="of the random numbers (default: 2004)")
    add("--out", type=Path, help=f"the table to write (default: {OUT} of the checkout)")
    add("--dask", metavar="ADDRESS", help='a scheduler, or "local" for a cluster here')
    add("--design", choices=("pooled", "series", "nested"), help="only the cells of one design")


def _positive(text: str) -> int:
    if text.isdecimal() and int(text) > 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number above 1")


def run(options: argparse.Namespace) -> int:
    """Simulate, write the table, and say where it is."""
    from analysis.paths import project_root
    from analysis.synthesis.simulations.simulation import all_cells, simulate

    out = options.out or project_root(options.root) / OUT
    cells = [cell for cell in all_cells() if options.design in (None, cell.design)]
    try:
        table = simulate(
            cells,
            sets=options.sets,
            seed=options.seed,
            dask_address=options.dask,
            progress=_tell,
        )
    except (ModuleNotFoundError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    # Written beside its place and moved there, so that a broken run leaves the old table.
    draft = out.with_name(out.name + ".new")
    table.to_csv(draft, index=False, float_format=_DIGITS, lineterminator="\n")
    draft.replace(out)
    print(f"{len(table)} rows in {out}")
    return 0


def _tell(done: int, of: int) -> None:
    end = "\n" if done == of else ""
    print(f"\r{done} of {of} cells", end=end, file=sys.stderr, flush=True)
