"""Real exports, where a developer has them: none is lost, and both one-line seeds are read."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.references import read_export, read_library, write_library
from analysis.references.imported import NotACitationFile
from analysis.references.reading.draft import is_list
from tests.conftest import shared_pack

EXPORTS = sorted((shared_pack() or Path("absent")).glob("exports/*"))


def starts(path):
    """Count the lines that begin with TY, with nothing but the standard library's `re`."""
    return len(re.findall(rb"(?:^|[\r\n]|\xef\xbb\xbf)TY  - ", path.read_bytes()))


@pytest.mark.skipif(not EXPORTS, reason="no folder 'shared' with exports beside the project")
@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_an_export_is_read_completely(path, tmp_path):
    export = read_export(path)
    assert export.seen == len(export.records) == starts(path) > 0
    assert export.rejections == ()
    keyed = [replace(one.record, key=f"k{n:03}") for n, one in enumerate(export.records)]
    write_library(keyed, tmp_path / "library.ris")
    assert list(read_library(tmp_path / "library.ris").values()) == keyed


@pytest.mark.skipif(not EXPORTS, reason="no folder 'shared' with exports beside the project")
@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_no_record_of_an_export_keeps_an_abstract_or_half_a_name(path):
    for one in read_export(path).records:
        record = one.record
        assert record.title and record.kind
        assert not any(len(text) > 600 and not is_list(text) for _, text in record.extra)
        assert all(family[:1] != "," for family in record.authors)


def test_the_seed_that_is_ris_on_one_line(shared):
    (one,) = read_export(next(shared.glob("seeds/000_*"))).records
    assert one.record.authors == ("Kramer, Graham",)
    assert one.record.title.startswith("Payment for Performance and the QOF")
    assert (one.record.journal, one.record.journal_abbrev) == (
        "British Journal of General Practice",
        "Br J Gen Pract",
    )
    assert (one.record.volume, one.record.issue) == ("62", "596")
    assert (one.record.first_page, one.record.last_page) == ("e217", "e219")
    assert (one.record.doi, one.record.date) == ("10.3399/bjgp12x630151", "2012-03-01")
    assert len(one.abstract) > 1000


def test_the_seed_that_is_medlars_on_one_line(shared):
    (one,) = read_export(next(shared.glob("seeds/001_*"))).records
    assert one.record.authors == (
        "Lester, Helen",
        "Matharu, Tatum",
        "Mohammed, Mohammed A",
        "Lester, David",
        "Foskett-Tharby, Rachel",
    )
    assert one.record.title.startswith("Implementation of pay for performance in primary care")
    assert one.record.journal == "British Journal of General Practice"
    assert (one.record.volume, one.record.issue) == ("63", "611")
    assert (one.record.first_page, one.record.last_page) == ("e408", "e415")
    assert (one.record.doi, one.record.year) == ("10.3399/bjgp13x668203", 2013)
    assert len(one.abstract) > 1000


@pytest.mark.parametrize("number", ["002", "003", "004"])
def test_the_seeds_that_are_pages_hold_no_citation(shared, number):
    with pytest.raises(NotACitationFile):
        read_export(next(shared.glob(f"seeds/{number}_*")))
