"""Which sentences to rewrite: where a chapter prints what its numbers no longer support."""

import re
from collections.abc import Iterable, Iterator, Mapping

from analysis.findings.wording import Unsupported
from analysis.publish.chapters import NAMED, Chapter
from analysis.publish.prose.review import drafting
from analysis.publish.prose.spoken import Spoken

_CLAIM = re.compile(r"^(\w+)\.claim$")


def to_rewrite(texts: Iterable[Chapter], names: Mapping[str, object]) -> Iterator[str]:
    """Yield file, line and expression of each claim that fails and each word without support.

    `names` are those of `Book.names`.
    """
    for chapter in texts:
        file = f"book/{chapter.path.name}"
        for found in NAMED.finditer(chapter.text):
            said = found[1].strip()
            if why := _fails(said, names):
                line = chapter.text.count("\n", 0, found.start()) + 1
                yield f"{file}:{line}: {{{{ {said} }}}} ({why})"


def _fails(said: str, names: Mapping[str, object]) -> str:
    """Return why a sentence with this expression is to be rewritten; empty where it is not."""
    if claim := _CLAIM.match(said):
        spoken = names.get(claim[1])
        if isinstance(spoken, Spoken) and not spoken.finding.holds:
            return f"claim does not hold: {spoken.finding.holds_if}"
        return ""
    return _unsupported(said, names) if ".says(" in said else ""


def _unsupported(said: str, names: Mapping[str, object]) -> str:
    from jinja2 import Environment, TemplateError

    try:
        # Strict even within a draft: a mark would hide what is asked for here.
        with drafting(False):
            Environment().from_string(f"{{{{ {said} }}}}").render(names)
    except Unsupported as error:
        return str(error)
    except (TemplateError, ValueError, AttributeError, KeyError, TypeError):
        pass  # any other fault of a chapter is told by qof check
    return ""
