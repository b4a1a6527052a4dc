"""Averages before and after, and counts over versions: what is drawn is what the words say."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from analysis.figures import look
from analysis.figures.arrows import arrows
from analysis.figures.twofold import NARROW
from analysis.figures.versions import growth
from analysis.findings.changes import compare
from tests.findings.versions_made import TOLD, moved_to, version

RATIO = replace(
    TOLD, id="ratio", title="Deaths", unit="odds ratio", null=1.0, log_scale=True,
    numbers={"estimate": 0.8, "ci_low": 0.7, "ci_high": 0.9, "pi_low": 0.5, "pi_high": 1.2,
             "tau2": 0.1},
)  # fmt: skip


def drawn(*pairs):
    """The figure of findings before and after; `None` where a version has none."""
    old = version(*(before for before, _ in pairs if before))
    new = version(*(after for _, after in pairs if after), name="2.0.0")
    return arrows(compare(old, new))


def marks(svg, kind):
    return len(re.findall(rf'class="qof-{kind}"', svg))


def test_what_moved_has_an_arrow_from_hollow_to_solid():
    for svg in (drawn((TOLD, moved_to(-5.0))).svg, drawn((TOLD, moved_to(-5.0))).narrow):
        # One sign of each is in the legend.
        assert (marks(svg, "open"), marks(svg, "solid"), marks(svg, "arrow")) == (2, 2, 1)
        assert marks(svg, "arrow-head") == 2


@pytest.mark.parametrize("pair", [(TOLD, TOLD), (None, TOLD), (TOLD, None)])
def test_what_did_not_move_has_no_arrow(pair):
    figure = drawn(pair)
    assert marks(figure.svg, "arrow") == 0
    signs = marks(figure.svg, "open") + marks(figure.svg, "solid")
    assert signs == 2 + sum(told is not None for told in pair)


def test_a_move_too_small_to_see_has_no_arrow_and_is_told():
    figure = drawn((TOLD, moved_to(-20.1)))
    assert marks(figure.svg, "arrow") == 0
    assert "from −20.0 (−30.0 to −10.0) to −20.1" in figure.alt


def test_each_unit_has_its_own_axis_and_null_line():
    figure = drawn((TOLD, moved_to(-5.0)), (RATIO, RATIO))
    assert marks(figure.svg, "null") == 2
    assert "odds ratio (log scale)" in figure.svg


def test_alt_caption_and_table_say_the_same():
    figure = drawn((TOLD, moved_to(-5.0)), (None, RATIO))
    assert "Recorded care: from −20.0 (−30.0 to −10.0) to −5.0 (−15.0 to 5.0)" in figure.alt
    assert "Deaths: new, 0.80 (0.70 to 0.90) odds ratio" in figure.alt
    assert list(figure.table["Finding"]) == ["Recorded care", "Deaths"]
    assert list(figure.table["Status"]) == ["moved", "new"]
    assert "version 1.0.0" in figure.caption


def test_nothing_averaged_is_told():
    listed = replace(TOLD, kind="listed", numbers={"lowest": 1.0, "highest": 2.0, "median": 1.5})
    with pytest.raises(ValueError, match="pooled or nested"):
        drawn((listed, listed))


@pytest.mark.parametrize("figure", [drawn((TOLD, moved_to(-5.0))), growth([version(TOLD)])])
def test_both_drawings_are_whole_and_differ_in_width(figure):
    for svg, wide in ((figure.svg, look.WIDTH), (figure.narrow, NARROW)):
        root = ElementTree.fromstring(svg)
        assert root.attrib["viewBox"].split()[2] == f"{wide:g}"
        height = float(root.attrib["viewBox"].split()[3])
        tops = [float(y) for y in re.findall(r'<text[^>]*y="([\d.]+)"', svg)]
        assert all(0 <= y <= height for y in tops)


def test_one_version_says_that_it_is_the_only_one():
    figure = growth([version(TOLD)], named_now=False)
    assert "one version so far" in figure.alt
    assert "one version so far" in figure.caption


def test_counts_grow_with_the_versions():
    figure = growth([version(TOLD), version(moved_to(-5.0), records=25, name="2.0.0")])
    rows = figure.table[figure.table["Measure"] == "Records in the library"]
    assert list(rows["Value"]) == ["10", "25"]
    assert list(rows["Version"]) == ["1.0.0", "now"]
    course = figure.table[figure.table["Measure"].str.startswith("Recorded care")]
    assert list(course["Value"]) == ["−20.0, k = 3", "−5.0, k = 3"]


def test_an_average_that_one_version_alone_has_no_course():
    figure = growth([version(), version(TOLD)])
    assert not figure.table["Measure"].str.startswith("Recorded care").any()
