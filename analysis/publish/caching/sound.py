"""Checks that are made again only when what they look at changes."""

from collections.abc import Callable, Collection
from pathlib import Path

from analysis.problems import Problem, ProblemsFound
from analysis.publish.caching.kept import kept


def problems_of(
    root: Path, made_from: str, find: Callable[[], Collection[Problem]]
) -> list[Problem]:
    """Return the problems that `find` finds; none, without looking, where it found none before.

    `made_from` names everything that is looked at, code among it. Problems are never kept: each
    run finds them anew.
    """

    def look() -> str:
        if found := find():
            raise ProblemsFound(found)
        return "no problems found"

    try:
        kept(root, f"problems of {made_from}", look)
    except ProblemsFound as found:
        return list(found.problems)
    return []
