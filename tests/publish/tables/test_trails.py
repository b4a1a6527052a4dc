"""The way back from every number to the printed digits."""

import re

import pytest

from analysis.evidence.tables import load_evidence
from analysis.figures.forest import KINDS, forest
from analysis.figures.forest_rows import TRAILS
from analysis.findings.store import stored_findings
from analysis.publish.tables.trails import trails
from analysis.references import read_library


@pytest.fixture(scope="module")
def evidence(root):
    return load_evidence(root)


@pytest.fixture(scope="module")
def html(root, evidence):
    return trails(evidence, read_library(root / "references" / "library.ris")).html


def addresses(html):
    return re.findall(r'<tr id="([^"]+)"', html)


def test_every_effect_has_one_trail(html, evidence):
    found = addresses(html)
    assert len(found) == len(set(found))
    assert set(evidence.effects["effect_id"]) <= set(found)


def test_every_row_of_every_forest_leads_to_a_trail(html, root):
    drawn = [f for f in stored_findings(root).values() if f.kind in KINDS and f.rows]
    led = {
        address
        for finding in drawn
        for address in re.findall(rf'href="{TRAILS}#([^"]+)"', forest(finding).svg)
    }
    assert {row.effect_id for finding in drawn for row in finding.rows} == led
    assert led <= set(addresses(html))


def test_the_page_of_trails_is_where_forests_lead(root):
    assert (root / "book" / TRAILS).with_suffix(".md").is_file()


def test_digits_are_shown_as_printed_and_as_used(html, evidence):
    slip = evidence.effects[evidence.effects["notes"].str.contains("12.4", na=False)].iloc[0]
    row = re.search(rf'<tr id="{slip["effect_id"]}">(.*?)</tr>', html)[1]
    assert "12.4" in row.split("<td>")[2]
    assert "12.4" not in row.split("<td>")[1]


def test_a_figure_of_its_own_has_no_links(root):
    finding = next(f for f in stored_findings(root).values() if f.kind in KINDS and f.rows)
    assert "<a " in forest(finding).svg
    assert "<a " not in forest(finding).standalone()
    assert "</a>" not in forest(finding).standalone()
