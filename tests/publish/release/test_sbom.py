"""The bill of materials keeps to CycloneDX's schema and says what the lock says."""

import json
import re
from datetime import date
from importlib.metadata import metadata

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from analysis.publish.release.sbom import LOCK, PROJECT, licence_of, locked, sbom
from tests.conftest import ROOT

BASE = "http://cyclonedx.org/schema/"
DAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def text():
    return sbom(ROOT, "1.2.3", DAY)


@pytest.fixture(scope="module")
def bill(text):
    return json.loads(text)


@pytest.fixture(scope="module")
def valid():
    schemas = json.loads((ROOT / "tests" / "reference" / "cyclonedx-1.6.json").read_text("utf-8"))
    known = [(BASE + n, Resource.from_contents(s)) for n, s in schemas.items() if n != "$comment"]
    whole = schemas["bom-1.6.SNAPSHOT.schema.json"]
    return Draft7Validator(whole, registry=Registry().with_resources(known)).is_valid


def test_it_keeps_to_the_schema_and_a_fault_would_be_seen(bill, valid):
    assert valid(bill)
    first, *others = bill["components"]
    for wrong in ({"licenses": [{"license": {"id": "nonsense"}}]}, {"type": "wheel"}):
        assert not valid({**bill, "components": [first | wrong, *others]})


def test_every_line_of_the_lock_is_a_component_with_every_hash(bill):
    text = (ROOT / LOCK).read_text("utf-8")
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.M)
    assert [(one["name"], one["version"]) for one in bill["components"]] == lines
    told = [h["content"] for one in bill["components"] for h in hashes(one)]
    assert told == re.findall(r"sha256:(\w+)", text)


def hashes(component):
    return component["externalReferences"][0]["hashes"]


def test_who_wants_whom_is_what_the_lock_says(bill):
    wants = {one["ref"]: set(one["dependsOn"]) for one in bill["dependencies"]}
    refs = {one["bom-ref"] for one in bill["components"]}
    assert set(wants) == refs | {PROJECT}
    assert set().union(*wants.values()) == refs
    by_name = {one.name: one.purl for one in locked(ROOT)}
    assert by_name["statsmodels"] in wants[PROJECT]
    assert by_name["patsy"] not in wants[PROJECT]
    assert by_name["patsy"] in wants[by_name["statsmodels"]]


def test_a_licence_is_the_one_the_installed_package_tells(bill):
    told = {one["name"]: one["licenses"][0] for one in bill["components"] if "licenses" in one}
    assert {"pandas", "statsmodels", "jupyter-book", "matplotlib"} <= set(told)
    for name, licence in told.items():
        assert licence.get("expression") == metadata(name).get("License-Expression")
        assert "expression" in licence or "\n" not in licence["license"]["name"]
    assert licence_of("no-such-package-at-all") == {}


def test_the_same_lock_gives_the_same_bytes_and_names_no_registry(text, bill):
    assert sbom(ROOT, "1.2.3", DAY) == text
    assert bill["metadata"]["timestamp"] == "2026-12-01T00:00:00Z"
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"http://cyclonedx.org"}
    assert json.loads(sbom(ROOT, "1.2.4", DAY))["serialNumber"] != bill["serialNumber"]
