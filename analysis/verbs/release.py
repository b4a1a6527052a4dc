"""`qof release`: make a version of the book."""

import argparse
import sys

HELP = "release a version: check, number it everywhere, keep what it says, write its archive"
EPILOG = """\
examples:
  qof release 0.2.0 --dry-run    what would stop it, and what it would change
  qof release 0.2.0              does it: all files together or none, then builds the book
  qof release --archive          writes the archive of the version as it stands, from the site

The archive goes to _build/release, with the site, the data, the references, SHA256SUMS and RO-Crate
metadata; the same inputs give the same bytes. Nothing is sent anywhere.

exit status: 0 done, 1 problems were told and nothing was changed, 2 wrong use
"""
NEXT = """\
next:
  git add -A && git commit -m "Release {version}"
  git tag v{version} && git push origin HEAD v{version}
  the tag publishes the pages and a release with the archive (.github/workflows/release.yml)
  Zenodo takes the archive: upload it by hand, or let Zenodo follow the repository's releases
to undo, before the commit:
  git checkout -- {changed}
  rm {kept}"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the version, its date, and how much is done."""
    add = parser.add_argument
    add("version", nargs="?", metavar="X.Y.Z", help="the new version")
    add("--dry-run", action="store_true", help="check and say what would change; change nothing")
    add("--date", type=_date, metavar="YYYY-MM-DD", help="date of the release (default: today)")
    add("--allow-dirty", action="store_true", help="changes that are not committed are no reason")
    add("--archive", action="store_true", help="only write the archive of the version that stands")


def _date(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def run(options: argparse.Namespace) -> int:
    """Release, and say what to do next; 1 when something stands against it."""
    from datetime import date

    from analysis.paths import project_root
    from analysis.problems import Refused
    from analysis.publish.release.archive import write_archive
    from analysis.publish.release.run import release

    if bool(options.version) == options.archive:
        print("qof release: name a version, or ask for --archive alone", file=sys.stderr)
        return 2
    root = project_root(options.root)
    if options.archive:
        print(write_archive(root))
        return 0
    day = options.date or date.today()
    try:
        done = release(root, options.version, day, options.allow_dirty, options.dry_run)
    except Refused as error:
        error.add_note("every file is as it was")
        raise
    tell = "would change" if options.dry_run else "changed"
    print("\n".join(f"{tell} {name}" for name in done.files), file=sys.stderr)
    if not options.dry_run:
        *changed, kept = done.files
        print(
            NEXT.format(version=done.version, changed=" ".join(changed), kept=kept), file=sys.stderr
        )
    print(done.archive)
    return 0
