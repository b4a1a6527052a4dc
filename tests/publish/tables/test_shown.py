"""Lists, profiles and the flow, as pages show them."""

import re

import pytest

import analysis
from analysis.evidence.statements import read_statements
from analysis.publish.tables.listings import LISTINGS
from analysis.publish.tables.profiles import SAID
from analysis.publish.tables.screened import extracted


@pytest.fixture(autouse=True)
def here(root, monkeypatch):
    monkeypatch.setenv("QOF_ROOT", str(root))


@pytest.mark.parametrize("name", LISTINGS)
def test_every_listing_is_a_table_under_its_headings(name):
    html = analysis.listing(name).html
    heads = re.findall(r'<th scope="col">([^<]*)</th>', html)
    assert heads == list(LISTINGS[name].columns.values())
    assert html.count('<th scope="row">') > 0
    assert "nan" not in re.findall(r">([^<>]*)<", html)


def test_a_listing_that_is_not_there_names_those_that_are():
    with pytest.raises(KeyError, match="did you mean searches"):
        analysis.listing("search")


def test_every_statement_has_its_profile_and_every_finding_its_link(root):
    shown, told = analysis.statements(), read_statements(root).statements
    html = shown.profiles().html
    assert re.findall(r'<section class="qof-profile" id="([^"]+)"', html) == [o.id for o in told]
    named = {finding for one in told for role in SAID for finding in getattr(one, role)}
    assert set(re.findall(r"trails\.html#([^\"]+)", html)) == named
    assert shown.summary().html.count('<th scope="row">') == len(told)


def test_the_flow_counts_what_the_tables_hold(root):
    shown = analysis.screening()
    flow = shown.counts
    assert set(flow.included) <= extracted(analysis._evidence())
    lists = shown.lists().html
    for lane in flow.lanes:
        assert len(lane.screened) == lane.n_identified - lane.duplicates
    assert lists.count("<li>") >= len(flow.included)
    linked = set(re.findall(r'href="#([\w-]+)"', shown.flow().svg))
    assert linked == set(re.findall(r'<ul class="qof-library" id="([\w-]+)"', lists))


def test_every_record_was_screened(root):
    evidence, library = analysis._evidence(), analysis._library()
    assert set(evidence.screening["key"]) == set(library)
