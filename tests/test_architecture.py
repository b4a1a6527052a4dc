"""ARCHITECTURE.md names the rooms, folders, modules and verbs that there are, and no others."""

import re

from analysis.publish.rendered import BOOK
from analysis.verbs import NAMES
from tests.conftest import ROOT
from tests.test_house import ORDER

TEXT = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
ANALYSIS = ROOT / "analysis"


def section(title):
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)[1]


def test_the_rooms_stand_in_the_order_in_which_they_may_know_each_other():
    assert re.findall(r"^\| `(\w+)` \|", section("The rooms of `analysis/`"), re.M) == ORDER


def test_every_folder_and_module_beside_the_rooms_is_named():
    folders = {
        path.parent.relative_to(ANALYSIS).as_posix() for path in ANALYSIS.rglob("*/*/__init__.py")
    }
    rooms = section("The rooms of `analysis/`")
    assert set(re.findall(r"`(\w+/\w+)`", rooms)) == folders
    beside = {path.name for path in ANALYSIS.glob("*.py")} - {"__main__.py", "cli.py"}
    assert set(re.findall(r"(\w+\.py)`", rooms)) - {"test_house.py"} == beside


def test_every_path_it_names_is_there():
    named = re.findall(r"`((?:analysis|book|data|tests)/[\w./*-]+)`", TEXT)
    assert len(named) > 10
    assert [path for path in named if not any(ROOT.glob(path.rstrip("/")))] == []


def test_the_verbs_are_those_of_qof():
    verbs = re.search(r"^The verbs, .*?: (.*?)\.$", TEXT, re.M | re.S)[1]
    assert tuple(re.findall(r"`([\w-]+)`", verbs)) == NAMES


def test_the_caches_it_names_are_those_the_code_has():
    code = "".join(path.read_text("utf-8") for path in ANALYSIS.rglob("*.py"))
    kept = re.findall(r"`_build/([\w.]+)`", section("Caches"))
    known = {f'Path("_build") / "{name}"' for name in kept if name != BOOK.done.name}
    assert [path for path in known if path not in code] == []
    assert len(kept) > 4 and BOOK.done.name in kept


def test_it_keeps_to_one_page_and_to_what_does_not_rot():
    assert len(TEXT.splitlines()) < 160
    assert re.findall(r"(?<!tau)\b\d+(?!\. )", re.sub(r"^\d\. ", "", TEXT, flags=re.M)) == []
