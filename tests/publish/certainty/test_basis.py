"""What the book rests on is counted from the tables and findings as they are."""

import csv
import json
import re

import pytest

from analysis.figures.designs import DESIGNS
from analysis.findings.store import stored_findings
from analysis.publish.book import load_book
from analysis.publish.certainty.basis import HEADINGS, basis
from analysis.publish.certainty.basis_counts import FEW, basis_counts, compares
from tests.conftest import ROOT

FINDINGS = stored_findings(ROOT)


@pytest.fixture(scope="module")
def counts():
    return basis_counts(ROOT, FINDINGS.values())


def rows(table):
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_finding_of_rows_stands_in_the_table_with_a_link_to_its_page():
    html = basis(FINDINGS.values()).html
    linked = re.findall(r'href="findings/([\w-]+)\.html"', html)
    assert linked == [finding.id for finding in FINDINGS.values() if finding.rows]
    assert html.count("<td") == len(linked) * (len(HEADINGS) - 1)


def test_shares_are_those_of_the_rows():
    found = FINDINGS["introduction-before-after"]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", basis([found]).html)
    again = sum(row.checked == "second_look" for row in found.rows)
    assert cells[0] == found.certainty.level
    assert cells[1] == str(len(found.rows))
    assert cells[5:] == [f"{100 * again / len(found.rows):.0f}%", "0%"]


def test_a_range_of_scenarios_is_no_confidence_interval():
    counted = int(load_book(ROOT).counts.effects_with_interval)
    ranges = [row for row in rows("effects") if row["interval_kind"] == "scenario_range"]
    assert ranges
    assert counted == sum(bool(row["ci_low"]) for row in rows("effects")) - len(ranges)


def test_few_and_one_study_are_counted_over_findings(counts):
    made = [finding for finding in FINDINGS.values() if finding.rows]
    one = [finding for finding in made if len({row.study_id for row in finding.rows}) == 1]
    few = [f for f in made if len([r for r in f.rows if r.interval]) <= FEW]
    told = counts["findings"], counts["findings_of_one_study"], counts["findings_of_few"]
    assert told == (str(len(made)), str(len(one)), str(len(few)))
    assert 0 < len(one) < len(made)


def test_what_was_read_and_by_whom_is_counted_over_rows(counts):
    effects = rows("effects")
    abstracts = [row for row in effects if row["extracted_from"] == "abstract"]
    assert counts["effects_from_abstracts_share"] == f"{100 * len(abstracts) / len(effects):.0f}%"
    person = [row for row in effects if row["checked"] == "second_person"]
    assert counts["effects_by_second_person"] == str(len(person))


def test_the_least_coverage_is_that_of_the_method_of_the_book(counts):
    giant = [
        float(row["coverage"])
        for row in rows("coverage")
        if row["balance"] == "one giant"
        and (row["method"], row["target"]) == ("REML, HKSJ", "mean")
    ]
    assert counts["least_coverage_mean_giant"] == f"{100 * min(giant):.0f}%"


def test_each_kind_of_design_compares_or_does_not():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    studies = next(one for one in package["resources"] if one["path"] == "studies.csv")
    field = next(f for f in studies["schema"]["fields"] if f["name"] == "design_class")
    assert set(field["constraints"]["enum"]) <= set(DESIGNS)
    assert compares("controlled_its") and not compares("uncontrolled_its")
