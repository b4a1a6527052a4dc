"""Where each answer is told: the address in the book of every finding and statement."""

import re
from pathlib import Path

from analysis.evidence.statements import Statements
from analysis.figures.figure import name_for
from analysis.publish.chapters import chapters

FRONT = "index"
# A figure drawn as it is named gives its page an address for it.
DRAWN = re.compile(r"""finding\(["']([\w-]+)["']\)\.(forest|funnel|harvest|series)\(\)""")
NAMED = re.compile(r"""finding\(["']([\w-]+)["']\)""")
PROFILES = "statements().profiles()"


def addresses(root: Path, told: Statements) -> dict[str, str]:
    """Return the address of each finding (its figure where one is drawn) and each statement.

    The first page is left out: it repeats. Of several chapters the first by name that draws it.
    """
    found: dict[str, str] = {}
    texts = [chapter for chapter in chapters(root) if chapter.path.stem != FRONT]
    for pattern in (DRAWN, NAMED):
        for chapter in texts:
            page = f"{chapter.path.stem}.html"
            for match in (m for cell in chapter.cells for m in pattern.finditer(cell)):
                anchor = f"#{name_for(match[2], match[1])}" if pattern is DRAWN else ""
                found.setdefault(match[1], page + anchor)
    for chapter in texts:
        if any(PROFILES in cell for cell in chapter.cells):
            found |= {one.id: f"{chapter.path.stem}.html#{one.id}" for one in told.statements}
    return found
