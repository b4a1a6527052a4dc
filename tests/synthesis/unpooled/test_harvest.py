"""What a harvest plot shows: which bar stands in which cell, and in what order."""

import pytest

from analysis.problems import ProblemsFound
from analysis.synthesis import harvest

LABELS = ("b", "a", "c", "a")
PANELS = ("Deaths", "Recording", "Recording", "Deaths")
WAYS = ("worse", "better", "conflicting", "neither")
HEIGHTS = (1, 1, 3, 2)
SHADES = ("open", "full", "open", "full")


def test_the_tallest_bars_come_first_and_equal_ones_by_name():
    found = harvest(LABELS, PANELS, WAYS, HEIGHTS, SHADES)
    assert [(bar.label, bar.height, bar.shade) for bar in found.bars] == [
        ("c", 3.0, "open"),
        ("a", 2.0, "full"),
        ("a", 1.0, "full"),
        ("b", 1.0, "open"),
    ]
    assert found.panels == ("Deaths", "Recording")
    assert found.shades == ("open", "full")


def test_a_cell_holds_what_points_its_way_and_the_middle_what_points_nowhere():
    found = harvest(LABELS, PANELS, WAYS, HEIGHTS, SHADES)
    cells = {
        (panel, side): [bar.label for bar in found.cell(panel, side)]
        for panel in found.panels
        for side in ("worse", "neither", "better")
    }
    assert {cell: labels for cell, labels in cells.items() if labels} == {
        ("Deaths", "worse"): ["b"],
        ("Deaths", "neither"): ["a"],
        ("Recording", "neither"): ["c"],
        ("Recording", "better"): ["a"],
    }


def test_every_fault_is_named_by_its_study():
    with pytest.raises(ProblemsFound) as caught:
        harvest(["a", "b", "a"], ["x"] * 3, ["up", "worse", "better"], [1] * 3, ["s"] * 3, file="f")
    told = [(p.file, p.row, p.column, p.value) for p in caught.value.problems]
    assert told == [("f", "a", "directions", "up"), ("f", "a", "panels", "x")]
    with pytest.raises(ProblemsFound, match="f, b, column heights: found '0'"):
        harvest(["a", "b"], ["x"] * 2, ["worse"] * 2, [1, 0], ["s"] * 2, file="f")
    with pytest.raises(ProblemsFound, match="f, b, column shades: found ''"):
        harvest(["a", "b"], ["x"] * 2, ["worse"] * 2, [1, 1], ["s", ""], file="f")
