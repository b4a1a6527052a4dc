"""The build itself: numbers follow rows, faults stop it, nothing is half made."""

import json
import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis.publish.book import load_book
from analysis.publish.build import build
from analysis.publish.chapters import chapters
from analysis.publish.inputs import cell_inputs
from analysis.publish.look import BANNER
from analysis.publish.read_by import digest
from analysis.publish.rendered import BuildFailed
from tests.copies import copy_built, edit_rows, qof
from tests.intake import tutorial_steps

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def built(root, tmp_path_factory) -> Path:
    return copy_built(root, tmp_path_factory.mktemp("book") / "copy")


def pages(root: Path) -> dict[str, bytes]:
    html = root / "_build" / "html"
    return {p.relative_to(html).as_posix(): p.read_bytes() for p in html.rglob("*") if p.is_file()}


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


@contextmanager
def edited(path: Path, text: str | None = None):
    """Give a file another text, or let the test edit it, and put everything back."""
    original = path.read_bytes()
    try:
        if text is not None:
            path.write_text(text, "utf-8")
        yield
    finally:
        path.write_bytes(original)


def fewer_deaths(rows: list[dict[str, str]]) -> dict[str, str]:
    like = next(r for r in rows if r["study_id"] == "ryan2016" and r["ci_low"])
    return like | {
        "effect_id": "ryan2016-99",
        "indicator": "made-up deaths for a test",
        "indicator_type_reason": like["indicator_type_reason"] and "made up for a test",
        "estimate": "-33.3",
        "ci_low": "-36.3",
        "ci_high": "-30.3",
        "reported_as": "-33.3 (-36.3 to -30.3)",
        "notes": "made up for a test",
    }


def test_the_last_line_says_where_the_book_is(built):
    done = qof(built, "build")
    assert done.stdout.strip() == str(built / "_build" / "html" / "index.html")
    assert "nothing changed" in done.stderr


# What a reader sees of one study more, and where.
SEEN = {
    "references.html": "A made-up study to practise on",
    "trails.html": "rose by 4.5 percentage points (95% CI 2.9 to 6.1)",
    "when-payment-began.html": "Example Study Group 2025",
    "findings/introduction-before-after.html": "Example Study Group 2025",
    "what-changed.html": "Example Study Group 2025",
}
CHANGED = ("search-and-screening.html", "downloads/briefs/drop-qof-national.docx")


def test_the_tutorial_goes_from_an_export_to_the_brief_and_back(built, tmp_path):
    """Every page is made from nothing with the study, and what differs once more without it.

    Both are to give what another place had: the copy came with pages that were made elsewhere.
    """
    before = pages(built)
    tutorial_steps.until_check(built, tmp_path)
    assert qof(built, "build").returncode == 0
    shows_the_study(before, pages(built))
    with_it = pages(built)
    tutorial_steps.take_back(built, tmp_path)
    alone = made_alone(built, "when-payment-began", "introduction-before-after")
    assert pages(built) == with_it
    assert qof(built, "build").returncode == 0
    assert pages(built) == before
    assert alone == [before[page] for page in list(SEEN)[2:4]]


def made_alone(built: Path, *names: str) -> list[bytes]:
    """Return the pages that `--only` makes, without the notice that they alone are new."""
    done = qof(built, "build", "--only", *names)
    assert done.returncode == 0, done.stderr
    made = [Path(line).read_text("utf-8") for line in done.stdout.splitlines()]
    assert all(page != without_notice(page) for page in made)
    return [without_notice(page).encode() for page in made]


def without_notice(page: str) -> str:
    return page.replace(BANNER, "").replace(
        '<meta name="robots" content="noindex"></head>', "</head>"
    )


def shows_the_study(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    for page, said in SEEN.items():
        assert said not in _text(before[page].decode()), page
        assert said in _text(after[page].decode()), page
    for name in CHANGED:
        assert after[name] != before[name], name
    old, new = (json.loads(site["api/findings.json"])["findings"] for site in (before, after))
    (was,) = (one for one in old if one["id"] == "introduction-before-after")
    (now,) = (one for one in new if one["id"] == "introduction-before-after")
    assert now["k"] == was["k"] + 1
    assert now["numbers"] != was["numbers"]


def stops(built: Path, said: list[str]) -> None:
    done = qof(built, "build")
    assert done.returncode == 1
    assert [word for word in said if word not in done.stderr] == [], done.stderr
    assert "Traceback" not in done.stderr


def test_only_chapters_whose_inputs_changed_execute(built):
    def keys() -> dict[str, str]:
        book = load_book(built)
        return {c.path.stem: digest(cell_inputs(c), book) for c in chapters(built) if c.has_code}

    table, before = built / "data" / "somerset_points.csv", keys()
    with edited(table):
        edit_rows(table, lambda rows: rows[0].update(total_points="33375", mean_points="445"))
        after = keys()
    # Besides the chapter of the table: those that show its finding, and those of all tables.
    assert sorted(name for name in after if after[name] != before[name]) == [
        "devolution-somerset",
        "effectiveness",
        "explore",
        "limitations",
        "links",
        "options",
        "provenance",
        "risk-of-bias",
        "status",
        "trails",
        "what-changed",
    ]


BROKEN = {
    "a cell that raises": (
        "when-payment-stopped.md",
        lambda text: text + "\n```{code-cell}\n1 / 0\n```\n",
        ["book/when-payment-stopped.md", "code cell", "1 / 0", "ZeroDivisionError"],
    ),
    "a citation of nothing": (
        "methods.md",
        lambda text: text + "\n{cite:t}`minchin2081`\n",
        ["book/methods.md", "citation", "minchin2081", "did you mean minchin2018?"],
    ),
    "a number that is not there": (
        "methods.md",
        lambda text: text + "\n{{ withdrawal.estimat }}\n",
        ["book/methods.md", "withdrawal.estimat", "did you mean estimate?"],
    ),
    "a word the numbers do not support": (
        "methods.md",
        lambda text: text + '\n{{ withdrawal.says("rose") }}\n',
        ["book/methods.md", "withdrawal-recorded-care", "rose", "it is below"],
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_chapter_stops_the_build_and_keeps_the_old_pages(built, fault):
    name, change, said = BROKEN[fault]
    path, before = built / "book" / name, pages(built)
    with edited(path, change(path.read_text("utf-8"))):
        stops(built, said)
    assert pages(built) == before


def test_pages_that_sphinx_complains_of_leave_the_old_ones(built, monkeypatch):
    """What it complains of, and that it does so again, is told in `test_rendered`."""

    def complains(*_):
        raise BuildFailed("the pages were not made")

    monkeypatch.setattr("analysis.publish.build.render", complains)
    path, before = built / "book" / "glossary.md", pages(built)
    with edited(path, path.read_text("utf-8") + "\nMore.\n"), pytest.raises(BuildFailed):
        build(built)
    assert pages(built) == before


FAULTS = {
    "an unknown study": ({"study_id": "minchin2081"}, ["study_id", "minchin2081"]),
    "a typed word": ({"estimate": "about ten"}, ["estimate", "about ten", "number"]),
    "a swapped interval": ({"ci_low": "5.0", "ci_high": "-90.0"}, ["ci_low", "5.0"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_row_stops_the_build_and_names_file_row_column_and_value(built, fault):
    change, said = FAULTS[fault]
    table, before = built / "data" / "effects.csv", pages(built)
    with edited(table):
        edit_rows(table, lambda rows: rows[0].update(change))
        done = qof(built, "build")
    assert done.returncode == 1
    assert "data/effects.csv, row 2, column" in done.stderr
    assert [word for word in said if word not in done.stderr] == [], done.stderr
    assert pages(built) == before


def test_a_claim_its_numbers_no_longer_support_stops_the_build(built):
    questions = built / "data" / "questions.yml"
    turned = questions.read_text("utf-8").replace("ci_high < 0", "ci_low > 0", 1)
    with edited(questions, turned):
        done = qof(built, "build")
    assert done.returncode == 1
    assert "data/questions.yml, withdrawal-recorded-care, column holds_if" in done.stderr
    assert "ci_low > 0" in done.stderr


def test_a_study_that_turns_a_claim_is_told_by_build_status_and_draft(built):
    """A fourth comparison of deaths, with fewer of them: "no clear change" does not hold."""
    table, before = built / "data" / "effects.csv", pages(built)
    with edited(table):
        edit_rows(table, lambda rows: rows.append(fewer_deaths(rows)))
        strict, draft = qof(built, "build"), qof(built, "build", "--draft")
        waiting = qof(built, "status", "--list", "claims")
    claim = "column holds_if"
    assert strict.returncode == 1
    assert [w for w in ("introduction-mortality", claim) if w not in strict.stderr] == []
    assert draft.returncode == 0, draft.stderr
    page = (built / "_build/draft/findings/introduction-mortality.html").read_text("utf-8")
    assert "Under review: “" in page
    assert "In version 0.1.0" in page
    assert "introduction-mortality" in waiting.stdout
    assert pages(built) == before
