"""The faults that are put in: what is changed, what is left alone, and that each can be named."""

import csv
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.mutation.mutants import mutants_of, mutated

EQUIVALENT = ROOT / "tests" / "mutation" / "equivalent.csv"


def changes(source):
    return [(m.before, m.after) for m in mutants_of(Path("a.py"), source)]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("a < b", {"a <= b"}),
        ("a + b", {"a - b"}),
        ("x[3]", {"x[4]", "x[2]"}),
        ("not a", {"a"}),
        ("a and b", {"a or b"}),
        ("f(a, b, c=d)", {"f(a, c=d)", "f(a, b)"}),
        ("b if a else c", {"b if not a else c"}),
        ("[b for b in a if c(b)]", {"[b for b in a if not c(b)]"}),
        ("f'{a + 1}'", set()),
        ("'text'", set()),
        ("Made(a, b=c)", set()),
        ("isinstance(a, b | c)", set()),
    ],
)
def test_an_expression_is_changed_where_a_slip_could_be(code, wanted):
    assert {after for _, after in changes(f"value = {code}")} == wanted


def test_statements_are_left_out_and_returns_emptied():
    source = '''
def f(a: int = 1) -> "x | y":
    """One + two."""
    g(a)
    a += b
    raise a
    return a
'''
    assert set(changes(source)) == {
        ("def f(a: int=1) -> 'x | y'", "def f(a: int=2) -> 'x | y'"),
        ("def f(a: int=1) -> 'x | y'", "def f(a: int=0) -> 'x | y'"),
        ("g(a)", "pass"),
        ("a += b", "pass"),
        ("a += b", "a -= b"),
        ("raise a", "pass"),
        ("return a", "return None"),
    }


def test_each_is_one_change_with_a_name_of_its_own():
    source = (ROOT / "analysis" / "synthesis" / "pooling" / "tau2.py").read_text("utf-8")
    found = mutants_of(Path("tau2.py"), source)
    assert len({mutant.name for mutant in found}) == len(found) > 50
    plain = compile(source, "tau2.py", "exec")
    assert all(compile(mutated(source, one), "tau2.py", "exec") != plain for one in found[::20])


def test_every_mutant_that_is_explained_can_still_be_made():
    rows = list(csv.DictReader(EQUIVALENT.read_text("utf-8").splitlines()))
    assert all(row["reason"] for row in rows)
    for file in {row["file"] for row in rows}:
        source = (ROOT / file).read_text("utf-8")
        known = {tuple(map(str, mutant.name)) for mutant in mutants_of(Path(file), source)}
        named = {
            (row["function"], row["before"], row["after"], row["nth"])
            for row in rows
            if row["file"] == file
        }
        assert named <= known
