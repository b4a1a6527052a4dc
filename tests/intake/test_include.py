"""`qof include` and `qof exclude`: decided whole, together or not at all, and taken back."""

import multiprocessing
import os
import signal
import warnings

import pandas as pd
import pytest

from analysis import transaction
from analysis.cli import main
from analysis.evidence.flow import prisma_flow
from analysis.evidence.screening import decided_whole, read_screening
from analysis.intake import screen_run
from tests.intake.conftest import tree
from tests.intake.small_book import rows_of, small_book

INCLUDED = {"minchin2018", "morales2023"}
WAITING = ("asaria2016gp", "bosanquet2020", "bottle2008")
SCREENING = "data/screening.csv"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    made = small_book(tmp_path_factory.mktemp("screen") / "book", {*INCLUDED, *WAITING})
    waits = {row["key"] for row in rows_of(made, "screening") if row["decision"] == "waiting"}
    assert waits == set(WAITING)
    return made


def decided(book):
    rows = read_screening((book / SCREENING).read_bytes())
    return {(row.key, row.stage): (row.decision, row.reason, row.who, row.when) for row in rows}


def flow(book):
    frame = pd.DataFrame(rows_of(book, "screening"))
    assert list(decided_whole(frame)) == []
    names = frame["search_id"].unique()
    log = pd.DataFrame({"search_id": names, "source": "websites", "records_identified": 99})
    return prisma_flow(log, frame, INCLUDED).other


def test_several_at_once_and_the_counts_follow(book, qof):
    before = flow(book)
    status, told, _ = qof("include", *WAITING[:2], "--who", "MA", "--date", "2026-11-01")
    assert status == 0
    assert decided(book)[WAITING[0], "title_abstract"] == ("include", "", "MA", "2026-11-01")
    after = flow(book)
    assert set(after.unsought) == {*before.unsought, *WAITING[:2]}
    assert after.unscreened == WAITING[2:]
    assert "4 included, 1 waiting" in told
    assert f"now: qof extract {WAITING[0]}" in told


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("review", "a review without a figure of its own in what was displayed"),
        ("only hospitals were studied", "only hospitals were studied"),
    ],
)
def test_a_reason_by_its_name_or_in_words(book, qof, given, kept):
    assert qof("exclude", WAITING[0], "--reason", given, "--who", "MA")[0] == 0
    assert decided(book)[WAITING[0], "title_abstract"][:2] == ("exclude", kept)
    assert flow(book).excluded == {kept: (WAITING[0],)}


def test_a_mistyped_reason_is_told_with_the_choices(book, qof):
    before = tree(book)
    status, _, told = qof("exclude", WAITING[0], "--reason", "reveiw", "--who", "MA")
    assert status == 1
    assert "did you mean review?" in told
    assert tree(book) == before


def test_the_reasons_are_listed(qof):
    _, told, _ = qof("exclude", "--reasons")
    assert "review  " in told and "editorial  " in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("include", WAITING[0]), "expected --who"),
        (("include", "--who", "MA"), "the key of a record"),
        (("exclude", WAITING[0], "--who", "MA"), "expected --reason"),
    ],
)
def test_wrong_use_is_told(book, qof, words, said):
    before = tree(book)
    status, _, told = qof(*words)
    assert (status, tree(book)) == (2, before)
    assert said in told


def test_a_day_to_come_is_refused(qof, capsys):
    with pytest.raises(SystemExit) as done:
        qof("include", WAITING[0], "--who", "MA", "--date", "2999-01-01")
    assert done.value.code == 2
    assert "expected a date up to today" in capsys.readouterr().err


def test_who_may_come_from_the_environment(book, qof, monkeypatch):
    monkeypatch.setenv("QOF_WHO", "TB")
    assert qof("include", WAITING[0])[0] == 0
    assert decided(book)[WAITING[0], "title_abstract"][2] == "TB"


def test_one_bad_key_and_nothing_is_decided(book, qof):
    before = tree(book)
    status, _, told = qof("include", WAITING[0], "bosanquet2002", "--who", "MA")
    assert (status, tree(book)) == (1, before)
    assert "found 'bosanquet2002'" in told and "did you mean bosanquet2020?" in told


def test_nothing_is_decided_twice_without_again(book, qof):
    qof("include", WAITING[0], "--who", "MA")
    once = tree(book)
    assert qof("include", WAITING[0], "--who", "MA")[:1] == (0,)
    assert tree(book) == once
    status, _, told = qof("exclude", WAITING[0], "--reason", "review", "--who", "TB")
    assert (status, tree(book)) == (1, once)
    assert "include by MA" in told and "--again" in told
    assert qof("exclude", WAITING[0], "--reason", "review", "--who", "TB", "--again")[0] == 0
    assert decided(book)[WAITING[0], "title_abstract"][0] == "exclude"


def test_undo_restores_every_byte(book, qof):
    before = tree(book)
    qof("include", *WAITING, "--who", "MA")
    assert qof("include", *WAITING, "--undo")[0] == 0
    assert tree(book) == before
    qof("include", "minchin2018", "--stage", "full_text", "--who", "MA")
    assert flow(book).from_full_text == ("minchin2018",)
    qof("include", "minchin2018", "--undo")
    assert tree(book) == before


def test_a_dry_run_writes_nothing(book, qof):
    before = tree(book)
    _, told, _ = qof("include", WAITING[0], "--who", "MA", "--dry-run")
    assert "waiting → included" in told and "nothing was written" in told
    assert tree(book) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("exclude", "minchin2018", "--reason", "review", "--again"), "no figure of it in data/"),
        (("include", "minchin2018", "--undo"), "no figure of it in data/"),
        (("include", WAITING[0], "--stage", "full_text"), "include at stage title_abstract first"),
        (("include", WAITING[0], "--undo"), "a decision at this stage"),
    ],
)
def test_what_no_flow_can_hold_is_refused(book, qof, words, said):
    before = tree(book)
    status, _, told = qof(*words, "--who", "MA")
    assert (status, tree(book)) == (1, before)
    assert said in told


def test_a_full_text_that_could_not_be_had(book, qof):
    qof("include", WAITING[0], "--who", "MA")
    assert qof("exclude", WAITING[0], "--not-retrieved", "--who", "MA")[0] == 0
    assert flow(book).not_retrieved == (WAITING[0],)
    assert qof("include", WAITING[0], "--undo", "--stage", "title_abstract")[0] == 1


# --- interrupted, and two at once -------------------------------------------------------------


def run_words(book, step, words):
    """Run a command in this process, and be killed at a step of the transaction."""
    transaction.reached = lambda now: now == step and os.kill(os.getpid(), signal.SIGKILL)
    main(["--root", str(book), *words])


def run_and_die(book, step, key):
    run_words(book, step, ["include", key, "--who", "MA"])


def in_a_process(work, *arguments):
    child = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer Pythons warn of threads; none of ours is at work
        child.start()
    return child


@pytest.mark.parametrize("step", ["staged", "journal written", f"renamed {SCREENING}"])
def test_killed_at_a_step_the_next_run_carries_on(book, qof, step):
    before = tree(book)[SCREENING]
    child = in_a_process(run_and_die, book, step, WAITING[0])
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    if transaction.interrupted(book):
        assert qof("include", WAITING[1], "--who", "MA", "--dry-run")[0] == 1
    assert qof("include", WAITING[1], "--who", "MA")[0] == 0
    assert not transaction.interrupted(book)
    finished = step != "staged"
    assert (decided(book)[WAITING[0], "title_abstract"][0] == "include") == finished
    assert decided(book)[WAITING[1], "title_abstract"][0] == "include"
    assert tree(book)[SCREENING] != before


def test_two_at_once_both_decide(book):
    running = [in_a_process(run_and_die, book, "never", key) for key in WAITING[:2]]
    for child in running:
        child.join(60)
    assert [child.exitcode for child in running] == [0, 0]
    assert all(decided(book)[key, "title_abstract"][0] == "include" for key in WAITING[:2])


def test_one_that_waits_too_long_says_so(book, qof, monkeypatch):
    monkeypatch.setattr(
        screen_run, "exclusive", lambda root: transaction.exclusive(root, patience=0.2)
    )
    with transaction.exclusive(book):
        status, _, told = qof("include", WAITING[0], "--who", "MA")
    assert status == 1
    assert "another qof is changing this project" in told
