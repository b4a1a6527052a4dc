"""The book as data: every file against its schema, and against the book."""

import csv
import io
import json
import zipfile

import pytest
from frictionless import Package, Schema, system
from frictionless import Resource as Table
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from analysis.publish.caching.packed import repacked, workbook, zipped
from analysis.publish.citing.citation import FORMATS
from analysis.publish.citing.crate import crate_metadata
from analysis.publish.explorer.page import explore_files
from analysis.publish.files.api import API, SCHEMAS, api_files
from analysis.publish.files.downloads import FILES
from tests.conftest import ROOT

NAMES = sorted(path.name for path in (ROOT / SCHEMAS).glob("*.json"))


@pytest.fixture(scope="module")
def files(book, edition):
    return dict(api_files(book, edition))


@pytest.fixture(scope="module")
def validator(files):
    found = {name: json.loads(files[f"{API}/schema/{name}"]) for name in NAMES}
    registry = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in found.items()
    )
    return lambda name: Draft202012Validator(found[name], registry=registry)


def told(files, name):
    return json.loads(files[f"{API}/{name}"])


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_describes_every_key(files, validator, name):
    schema = told(files, f"schema/{name}")
    validator(name).check_schema(schema)
    described = [p for p in schema["properties"].values() if p.get("description") or "$ref" in p]
    assert len(described) == len(schema["properties"])


@pytest.mark.parametrize("name", ["findings", "studies"])
def test_what_is_published_together_is_as_its_schema_says(files, validator, name):
    errors = validator(f"{name}.schema.json").iter_errors(told(files, f"{name}.json"))
    assert [f"{e.json_path}: {e.message[:120]}" for e in errors] == []


def test_what_a_reader_explores_is_as_its_schema_says(validator):
    for name, content in explore_files(ROOT):
        told = json.loads(content)
        stem = name.removeprefix(f"{API}/").removesuffix(".json")
        assert told["$schema"] == f"schema/{stem}.schema.json"
        errors = validator(f"{stem}.schema.json").iter_errors(told)
        assert [f"{e.json_path}: {e.message[:120]}" for e in errors] == []


def test_each_finding_alone_says_what_it_says_among_all(files, validator, book):
    together = {one["id"]: one for one in told(files, "findings.json")["findings"]}
    assert together.keys() == {s.finding.id for s in book.findings.values()}
    for name, one in together.items():
        alone = told(files, f"findings/{name}.json")
        assert validator("finding.schema.json").is_valid(alone)
        assert alone.pop("$schema") == "../schema/finding.schema.json"
        assert alone == one


def test_a_missing_caution_or_a_new_key_is_refused(files, validator):
    one = told(files, "findings.json")["findings"][0]
    check = validator("finding.schema.json").is_valid
    assert check(one)
    assert not check(one | {"cautions": []})
    assert not check(one | {"unheard_of": 1})
    assert not check({key: value for key, value in one.items() if key != "version"})


def test_every_citation_names_version_and_data_date(files, edition):
    for one in told(files, "findings.json")["findings"]:
        assert one["cite"].keys() == set(FORMATS)
        for form, cited in one["cite"].items():
            text = json.dumps(cited, ensure_ascii=False)
            assert edition.version in text, (one["id"], form)
            assert edition.data_date in text, (one["id"], form)


def test_numbers_are_those_of_the_finding(files, book):
    one = told(files, "findings/withdrawal-recorded-care.json")
    summary = book.findings["withdrawal"].finding.summary
    assert one["numbers"]["estimate"] == pytest.approx(summary.estimate, rel=1e-9)
    assert one["k"] == len(one["rows"])
    assert all(row["reported_as"] and row["source_url"] for row in one["rows"])


def test_the_effects_are_those_of_the_data_with_what_they_enter(files, book, tmp_path):
    rows = list(csv.DictReader(io.StringIO(files[f"{API}/effects.csv"].decode())))
    with (ROOT / "data" / "effects.csv").open(encoding="utf-8", newline="") as lines:
        kept = {row["effect_id"]: row for row in csv.DictReader(lines)}
    assert [row["effect_id"] for row in rows] == sorted(kept)
    assert all(kept[row["effect_id"]].items() <= row.items() for row in rows)
    withdrawn = {row.effect_id for row in book.findings["withdrawal"].finding.rows}
    named = {r["effect_id"] for r in rows if "withdrawal-recorded-care" in r["findings"].split(";")}
    assert named == withdrawn & kept.keys()
    path = tmp_path / "effects.csv"
    path.write_bytes(files[f"{API}/effects.csv"])
    schema = Schema.from_descriptor(told(files, "schema/effects.tableschema.json"))
    with system.use_context(trusted=True):
        report = Table(path=str(path), schema=schema).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]


def test_studies_say_which_findings_rest_on_them(files, book):
    found = {one["study_id"]: one for one in told(files, "studies.json")["studies"]}
    assert "withdrawal-recorded-care" in found["minchin2018"]["findings"]
    assert found["minchin2018"]["doi"] == book.library["minchin2018"].doi


def test_the_same_book_gives_the_same_bytes(files, book, edition):
    assert dict(api_files(book, edition)) == files


def test_the_crate_is_read_back(book, edition, tmp_path):
    from rocrate.rocrate import ROCrate

    made = crate_metadata(edition, FILES, "What it is", ("a", "b"))
    assert made == crate_metadata(edition, dict(reversed(FILES.items())), "What it is", ("a", "b"))
    (tmp_path / "ro-crate-metadata.json").write_bytes(made)
    for name in FILES:
        (tmp_path / name).touch()
    crate = ROCrate(tmp_path)
    assert crate.name == edition.named
    assert crate.root_dataset["version"] == edition.version
    assert {entity.id for entity in crate.get_entities() if entity.type == "File"} == set(FILES)


def test_a_zip_and_a_workbook_do_not_know_the_clock(tmp_path):
    files = {"b.txt": b"2", "a.txt": b"1", "mimetype": b"m"}
    made = zipped(files, "2026-01-02", stored=["mimetype"])
    opened = zipfile.ZipFile(io.BytesIO(made))
    assert opened.namelist() == ["mimetype", "a.txt", "b.txt"]
    assert repacked(made, "2026-01-02", stored=["mimetype"]) == made
    package = small_package(tmp_path)
    sheets = [workbook(tmp_path, package, ["A line"], "2026-01-02") for _ in range(2)]
    assert sheets[0] == sheets[1]
    from openpyxl import load_workbook

    found = load_workbook(io.BytesIO(sheets[0]))
    assert found.sheetnames == ["Contents", "small"]
    rows = list(found["small"].iter_rows(values_only=True))
    assert rows == [("name", "size"), ("=1+1", -2.5), ("007", None)]
    assert found["small"]["A2"].data_type == "s"


def small_package(folder):
    (folder / "small.csv").write_text("name,size\n=1+1,-2.5\n007,\n", "utf-8")
    fields = [{"name": "name", "type": "string"}, {"name": "size", "type": "number"}]
    table = {"name": "small", "path": "small.csv", "description": "d", "licenses": [{"name": "x"}]}
    return {"resources": [{**table, "schema": {"fields": fields}}]}


def test_the_data_package_is_whole_where_it_is_downloaded(tmp_path):
    described = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    names = {table["path"] for table in described["resources"]}
    # The build copies every table and the description side by side.
    assert names <= {path.name for path in (ROOT / "data").glob("*.csv")}
    assert Package(ROOT / "data" / "datapackage.json").resource_names
