"""When what was published: the versions of CHANGELOG.md, and the pages each version had."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.findings.snapshot import read_snapshot, versions

CHANGELOG = "CHANGELOG.md"
UNRELEASED = "Unreleased"
_HEADING = re.compile(r"^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Release:
    """A section of the changelog, in Markdown; `date` is empty where it is not yet released."""

    version: str
    date: str
    text: str


def releases(root: Path) -> tuple[Release, ...]:
    """Return the sections of the changelog, the newest first."""
    text = (root / CHANGELOG).read_text("utf-8")
    found = list(_HEADING.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return tuple(
        Release(one[1], one[2] or "", text[one.end() : end].strip())
        for one, end in zip(found, ends, strict=True)
    )


def first_published(root: Path, page: str, otherwise: str) -> str:
    """Return the day a page was first released, ISO 8601; `otherwise` where it is not yet."""
    return dict(_pages(root)).get(page, otherwise)


@lru_cache(maxsize=1)
def _pages(root: Path) -> tuple[tuple[str, str], ...]:
    dates = {release.version: release.date for release in releases(root)}
    found: dict[str, str] = {}
    for version in versions(root):
        snapshot = read_snapshot(root, version)
        for page in snapshot.pages:
            found.setdefault(page, dates.get(version) or snapshot.data_date)
    return tuple(found.items())
