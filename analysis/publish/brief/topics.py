"""The ready briefs as `data/briefs.yml` lists them, and whom they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.problems import Problem, ProblemsFound, nearest
from analysis.publish.citing.citation import Work

FILE = "data/briefs.yml"
AUDIENCES: Mapping[str, str] = {
    "national": "For those who decide nationally",
    "local": "For integrated care boards and others who decide locally",
    "practice": "For general practices",
}
PAGE = "policy-briefs"


@dataclass(frozen=True, slots=True)
class BriefTopic:
    """One ready brief; `caption` is a template, `figure` says what is drawn."""

    id: str
    title: str
    summary: str
    figure: Mapping[str, Any]
    caption: str

    @property
    def work(self) -> Work:
        """The brief as something that can be cited."""
        title = self.title if self.title.endswith("?") else f"{self.title}."
        return Work(f"brief-{self.id}", "brief", f"{title} Policy brief", PAGE, self.id)


def read_briefs(root: Path) -> dict[str, BriefTopic]:
    """Return the ready briefs of the project at `root` by id, in their written order.

    Raises:
        ProblemsFound: the file is missing, is no YAML, or a brief lacks a part or has another.
    """
    import yaml

    try:
        told = yaml.safe_load((root / FILE).read_text("utf-8"))
        return {one["id"]: BriefTopic(**one) for one in told}
    except FileNotFoundError:
        problem = Problem(FILE, "the list of ready briefs")
    except yaml.YAMLError as error:
        problem = Problem(FILE, "valid YAML", value=str(error))
    except (KeyError, TypeError) as error:
        names = ", ".join(BriefTopic.__slots__)
        problem = Problem(FILE, f"a list of briefs, each with {names}", value=str(error))
    raise ProblemsFound([problem])


def find_brief(root: Path, name: str) -> BriefTopic:
    """Return the ready brief called `name`.

    Raises:
        KeyError: there is none; the message says what there is.
    """
    known = read_briefs(root)
    if name not in known:
        raise KeyError(nearest(name, known))
    return known[name]
