"""What every benchmark gives is told as it is: won, not won, failed, stopped or not run."""

from tests.bench.all import Outcome, Part, not_won, report, run, run_all
from tests.bench.rows import Row, aimed

FAST = Row("fast", 1.0, "s", other=2.0, against="another", target=3)
SLOWER = Row("slower", 2.5, "s", other=2.0, against="another", target=3)
LATE = Row("late", 4.0, "s", target=3)
MORE = Row("score", 90, "", target=95, more_is_better=True)
TWICE = Row("twice", 3.0, "ms", other=2.0, against="another", times=2)
ALONE = Row("alone", 1.0, "s")


def test_a_row_is_won_when_its_aim_is_met_and_the_other_is_no_better():
    assert [row.won for row in (FAST, SLOWER, LATE, MORE, ALONE)] == [True, *3 * [False], None]
    assert (SLOWER.met, SLOWER.ahead) == (True, False)
    assert (TWICE.met, TWICE.ahead, TWICE.won) == (True, False, False)
    assert aimed(TWICE) == "at most 2 times the other"
    assert aimed(Row("", 1, "", other=2, times=1 / 20)) == "at most 1/20 of the other"
    assert aimed(MORE) == "at least 95"


def script(folder, text):
    path = folder / "bench.py"
    path.write_text(text, "utf-8")
    return Part("A part", "about", (str(path),), 1)


GIVES = """\
import json, sys, time
print(json.dumps({"measure": "one", "ours": 1, "unit": "s"}), flush=True)
"""


def test_a_part_that_fails_or_is_stopped_keeps_the_rows_it_gave(tmp_path):
    failed = run(script(tmp_path, GIVES + "sys.exit(3)"), 1)
    assert (failed.rows[0].measure, failed.fault) == ("one", "ended with exit status 3")
    stopped = run(script(tmp_path, GIVES + "time.sleep(60)"), 0.05)
    assert stopped.rows == failed.rows
    assert stopped.fault.startswith("was stopped after")


def test_what_cannot_be_run_is_told_and_the_others_go_on(tmp_path, monkeypatch):
    fine = script(tmp_path, GIVES)
    missing = Part("Another", "about", ("none.py",), 1, lambda: "no such browser")
    monkeypatch.setattr("tests.bench.all.PARTS", {"missing": missing, "fine": fine})
    outcomes = dict(run_all(["missing", "fine"]))
    assert outcomes["missing"].fault == "was not run: no such browser"
    assert outcomes["fine"].fault == "" and len(outcomes["fine"].rows) == 1
    told = report(outcomes, ["| | |"])
    assert "**This part was not run: no such browser.**" in told
    assert told.endswith("## What is not won\n\n- Another was not run: no such browser.\n")


def test_everything_that_is_not_won_stands_at_the_end(monkeypatch):
    monkeypatch.setattr("tests.bench.all.PARTS", {"a": Part("A", "about", ("a.py",), 1)})
    rows = (FAST, SLOWER, LATE, MORE, TWICE, ALONE)
    lines = not_won({"a": Outcome(rows)})
    assert [line.split(":")[0] for line in lines] == ["- slower", "- late", "- score", "- twice"]
    assert lines[1] == "- late: 4 s (the aim was at most 3 s)."
    assert not_won({"a": Outcome((FAST,))})[0].startswith("Nothing")
