"""What other programs read: every form holds every record, and RIS and CSL keep the fields."""

import csv
import io
import json

import pytest

from analysis.cli import main
from analysis.references import Record, read_library
from analysis.references.csl import TYPES, csl_item
from analysis.references.export import FORMATS, export
from analysis.references.record import KINDS

ONE = Record(
    key="ann2001",
    kind="JOUR",
    title="A title with {braces} & “quotes”",
    authors=("Ann, A", "Royal College of Somewhere", "et al."),
    year=2001,
    date="2001-03-04",
    journal="A Journal",
    volume="1",
    first_page="2",
    last_page="9",
    doi="10.1000/XYZ",
    unverified=("issue",),
)


def test_every_kind_has_a_csl_type():
    assert set(TYPES) == set(KINDS)


def test_a_csl_item_tells_names_date_pages_and_what_is_missing():
    item = csl_item(ONE)
    assert item["author"] == [
        {"family": "Ann", "given": "A"},
        {"literal": "Royal College of Somewhere"},
    ]
    assert item["issued"] == {"date-parts": [[2001, 3, 4]]}
    assert (item["page"], item["DOI"]) == ("2-9", "10.1000/xyz")
    assert item["note"] == "Author list not complete; Not yet checked: issue"
    assert "" not in item.values()


def test_a_year_alone_is_a_date():
    assert csl_item(Record("b2", "NEWS", "T", year=1999))["issued"] == {"date-parts": [[1999]]}
    assert "issued" not in csl_item(Record("b2", "NEWS", "T"))


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_holds_every_record_of_the_library(root, form):
    library = read_library(root / "references" / "library.ris")
    text = export(library.values(), form)
    counts = {
        "bibtex": text.count("\n@") + text.startswith("@"),
        "csl": len(json.loads(text)) if form == "csl" else 0,
        "csv": len(list(csv.reader(io.StringIO(text)))) - 1,
        "ris": text.count("\nER  -"),
    }
    assert counts[form] == len(library)


def test_the_library_comes_out_as_ris_byte_for_byte(root):
    path = root / "references" / "library.ris"
    assert export(read_library(path).values(), "ris") == path.read_text("utf-8")


def test_csv_joins_what_repeats():
    (row,) = csv.DictReader(io.StringIO(export([ONE], "csv")))
    assert row["authors"] == "Ann, A; Royal College of Somewhere; et al."
    assert row["year"] == "2001"


def test_the_verb_writes_chosen_records(root, tmp_path, capsys):
    key = next(iter(read_library(root / "references" / "library.ris")))
    assert main(["--root", str(root), "export", key, "--format", "csl"]) == 0
    assert [item["id"] for item in json.loads(capsys.readouterr().out)] == [key]
    file = tmp_path / "out.bib"
    assert main(["--root", str(root), "export", key, "--to", str(file)]) == 0
    assert f"{{{key}," in file.read_text("utf-8")


def test_the_verb_tells_every_unknown_key(root, capsys):
    assert main(["--root", str(root), "export", "nobody1", "nobody2"]) == 2
    told = capsys.readouterr().err
    assert "nobody1" in told
    assert "nobody2" in told
