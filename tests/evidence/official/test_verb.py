import argparse

import pytest

from analysis.evidence.official.tables import INDICATORS
from analysis.verbs import fetch_statistics
from tests.evidence.conftest import read_rows
from tests.evidence.official import made


def run(root, *arguments):
    parser = argparse.ArgumentParser()
    fetch_statistics.add_options(parser)
    parser.set_defaults(root=root)
    return fetch_statistics.run(parser.parse_args([str(part) for part in arguments]))


@pytest.fixture
def book(project):
    """The project's data, whose addresses all lead nowhere."""
    (project / "data" / "questions.yml").write_text("[]\n")
    path = project / "data" / "official_files.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("https://", "http://127.0.0.1:9/"), "utf-8")
    return project


@pytest.fixture(autouse=True)
def at(monkeypatch, book):
    monkeypatch.setenv("QOF_ROOT", str(book))


def test_dry_run_lists_and_fetches_nothing(book, capsys):
    assert run(book, "--dry-run", "--year", "2019-20") == 0
    told = capsys.readouterr().out
    assert "QOF_1920.zip  to fetch" in told
    assert "QOF_1819" not in told
    assert not (book / "_build").exists()


def test_without_a_web_the_addresses_are_listed(book, tmp_path, capsys):
    assert run(book, "--year", "2018-19", "--to", tmp_path / "kept") == 1
    told = capsys.readouterr()
    assert "failed" in told.out
    assert "files could not be had" in told.err
    for row in read_rows(book / "data" / "official_files.csv"):
        if row["year"] == "2018/19" and row["kind"] != "page":
            assert row["url"] in told.err
            assert row["file_name"] in told.err


def test_year_without_files(book, capsys):
    assert run(book, "--year", "1999-00", "--dry-run") == 1
    assert "official_files.csv" in capsys.readouterr().err


def folder_of_tables(book, tmp_path):
    """Workbooks of 2018/19 and 2019/20 whose indicators are among the book's."""
    folder = tmp_path / "official"
    folder.mkdir()
    by_year = {"2018-19": made.EXCEPTIONS, "2019-20": made.PCAS}
    for label, words in by_year.items():
        rows = [
            (made.row if words is made.EXCEPTIONS else made.pcas_row)(area, *years[year])
            for area, years in made.RA002.items()
            if (year := label.replace("-", "/")) in years
        ]
        name = f"qof-{label[2:4]}{label[5:]}-ccg.xlsx"
        made.workbook(folder / name, words, rows, ("RA",), year=label)
    return folder


def test_tables_are_rebuilt_from_a_folder(book, tmp_path, capsys):
    folder = folder_of_tables(book, tmp_path)
    before = (book / "data" / "somerset_return.csv").read_bytes()
    assert run(book, "--tables", folder, "--dry-run") == 0
    assert (book / "data" / "somerset_return.csv").read_bytes() == before
    told = capsys.readouterr().out
    assert "qof-1819-ccg.xlsx: 5 of" in told
    assert "AF006: gone" in told
    assert "more\n" in told
    assert run(book, "--tables", folder) == 0
    (row,) = read_rows(book / "data" / "somerset_return.csv")
    assert (row["indicator"], row["somerset_change"], row["n_ccg"]) == ("RA002", "40", "3")
    titles = {row["indicator"] for row in read_rows(book / INDICATORS)}
    assert {"RA001", "DEP003"} <= titles
    capsys.readouterr()
    assert run(book, "--tables", folder) == 0
    assert capsys.readouterr().out.count("as it stands") == 4


def test_empty_folder_is_told(book, tmp_path, capsys):
    assert run(book, "--tables", tmp_path / "none") == 1
    assert "CCG workbooks" in capsys.readouterr().err
