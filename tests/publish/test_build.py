"""The build itself: numbers follow rows, faults stop it, nothing is half made."""

import re
from pathlib import Path

import pytest

from tests.copies import copy_project, edit_rows, new_withdrawal, qof

pytestmark = [pytest.mark.build, pytest.mark.xdist_group("copy")]
PAGE = "when-payment-stopped.html"


@pytest.fixture(scope="module")
def built(root, tmp_path_factory) -> Path:
    copy = copy_project(root, tmp_path_factory.mktemp("book") / "copy")
    done = qof(copy, "build")
    assert done.returncode == 0, done.stderr
    return copy


def pages(root: Path) -> dict[str, bytes]:
    html = root / "_build" / "html"
    return {p.relative_to(html).as_posix(): p.read_bytes() for p in html.rglob("*") if p.is_file()}


def numbers(html: str) -> tuple[str, str]:
    """The pooled estimate and k, as the page's summary line gives them."""
    found = re.search(r'data-estimate="([^"]+)" data-k="([^"]+)"', html)
    assert found
    return found[1], found[2]


def test_the_last_line_says_where_the_book_is(built):
    done = qof(built, "build")
    assert done.stdout.strip() == str(built / "_build" / "html" / "index.html")
    assert "nothing changed" in done.stderr


def test_a_new_row_changes_number_k_and_figure_and_its_removal_restores_every_byte(built):
    table = built / "data" / "effects.csv"
    before, original = pages(built), table.read_bytes()
    edit_rows(table, lambda rows: rows.append(new_withdrawal(rows)))
    done = qof(built, "build")
    assert done.returncode == 0, done.stderr
    with_row = pages(built)
    old, new = (numbers(p[PAGE].decode()) for p in (before, with_row))
    assert int(new[1]) == int(old[1]) + 1
    assert new[0] != old[0]
    assert "made-up indicator" in with_row[PAGE].decode()
    assert with_row["devolution-somerset.html"] == before["devolution-somerset.html"]
    table.write_bytes(original)
    assert qof(built, "build").returncode == 0
    assert pages(built) == before


def test_only_chapters_whose_inputs_changed_execute(built):
    table = built / "data" / "somerset_points.csv"
    original = table.read_bytes()
    edit_rows(table, lambda rows: rows[0].update(mean_points="444.51"))
    done = qof(built, "build")
    table.write_bytes(original)
    executed = re.findall(r"^  ([\w-]+) [\d.]+ s$", done.stderr, re.MULTILINE)
    assert "devolution-somerset" in executed
    assert "when-payment-stopped" not in executed
    assert qof(built, "build").returncode == 0


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
    "a link to nowhere": (
        "methods.md",
        lambda text: text + "\n{ref}`no-such-place`\n",
        ["methods.md", "no-such-place"],
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_chapter_stops_the_build_each_time_and_keeps_the_old_pages(built, fault):
    name, change, said = BROKEN[fault]
    path = built / "book" / name
    original, before = path.read_text("utf-8"), pages(built)
    path.write_text(change(original), "utf-8")
    for _ in range(2):
        done = qof(built, "build")
        assert done.returncode == 1
        assert all(word in done.stderr for word in said), done.stderr
        assert "Traceback" not in done.stderr
    assert pages(built) == before
    path.write_text(original, "utf-8")
    assert qof(built, "build").returncode == 0
    assert pages(built) == before


FAULTS = {
    "an unknown study": ({"study_id": "minchin2081"}, ["study_id", "minchin2081"]),
    "a typed word": ({"estimate": "about ten"}, ["estimate", "about ten", "number"]),
    "a swapped interval": ({"ci_low": "5.0", "ci_high": "-90.0"}, ["ci_low", "5.0"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_row_stops_the_build_and_names_file_row_column_and_value(built, fault):
    change, said = FAULTS[fault]
    table = built / "data" / "effects.csv"
    original, before = table.read_bytes(), pages(built)
    edit_rows(table, lambda rows: rows[0].update(change))
    done = qof(built, "build")
    table.write_bytes(original)
    assert done.returncode == 1
    assert "data/effects.csv, row 2, column" in done.stderr
    assert all(word in done.stderr for word in said), done.stderr
    assert pages(built) == before


def test_a_claim_its_numbers_no_longer_support_stops_the_build(built):
    questions = built / "data" / "questions.yml"
    original = questions.read_text("utf-8")
    questions.write_text(
        original.replace("holds_if: ci_high < 0", "holds_if: ci_low > 0", 1), "utf-8"
    )
    done = qof(built, "build")
    questions.write_text(original, "utf-8")
    assert done.returncode == 1
    assert "data/questions.yml" in done.stderr
    assert "ci_low > 0" in done.stderr
