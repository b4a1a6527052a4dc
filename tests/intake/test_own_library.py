"""The committed library comes in again from elsewhere: nothing of it is new."""

import html
import json
import re
import shutil
from dataclasses import replace

import pytest

from analysis.intake.checks import check_intake
from analysis.references import merges, read_library, read_searches
from analysis.references.export import export as exported
from analysis.references.ledger import read_rows
from tests.conftest import shared_pack
from tests.intake.conftest import run_add

SEEDS = {"000_7110f337dc246866.txt": "kramer2012", "001_a22a8a377323ce0c.txt": "lester2013"}
NAMES = {"A": "Andrew", "C": "Carol", "D": "David", "J": "Joan", "M": "Mary", "S": "Sarah"}


@pytest.fixture(scope="module")
def library(root):
    return read_library(root / "references" / "library.ris")


@pytest.fixture
def project(template, root, tmp_path):
    """A project with the whole library and what was decided on it."""
    book = shutil.copytree(template, tmp_path / "book")
    shutil.copy(root / "references" / "library.ris", book / "references")
    shutil.copy(root / "data" / "screening.csv", book / "data")
    return book


def spelt_out(author):
    family, comma, initials = author.partition(", ")
    names = [NAMES.get(one, one) for one in re.findall(r"[A-Z]", initials)]
    return f"{family}{comma}{' '.join(names)}" if len(initials) <= 3 else author


def altered(record):
    """A record as another database may have it."""
    return replace(
        record,
        title=record.title.upper(),
        authors=tuple(map(spelt_out, record.authors)),
        journal=record.journal_abbrev or record.journal.replace("Journal of", "J"),
        doi="",
    )


def as_ris(records):
    """Plain RIS of a database, with entities for what is not ASCII."""
    tags = {"TY": "kind", "TI": "title", "PY": "year", "JF": "journal", "VL": "volume"}
    tags |= {"IS": "issue", "SP": "first_page", "EP": "last_page", "DO": "doi"}
    for record in records:
        pairs = [(tag, getattr(record, field)) for tag, field in tags.items()]
        pairs[2:2] = [("AU", author) for author in record.authors]
        lines = [f"{tag}  - {html.escape(str(text))}" for tag, text in pairs if text]
        yield "\n".join([*lines, "ER  - ", "", ""]).encode("ascii", "xmlcharrefreplace").decode()


def as_nbib(records):
    """PubMed's own format; its numbers are made up where the library has none."""
    for at, record in enumerate(records, start=99990000):
        names = [author.split(",") for author in record.authors if "," in author]
        short = [f"{family} {''.join(re.findall('[A-Z]', given))}" for family, given in names]
        pairs = [("PMID", record.pmid or at), ("DP", record.year), ("TI", record.title)]
        pairs += [("AU", name) for name in short]
        pairs += [("TA", record.journal_abbrev or record.journal), ("VI", record.volume)]
        pairs += [("PG", f"{record.first_page}-{record.last_page}"), ("PT", "Journal Article")]
        pairs += [("LID", f"{record.doi} [doi]")]
        yield "".join(f"{tag:<4}- {text}\n" for tag, text in pairs) + "\n"


def counted(project, path, capsys):
    assert run_add(project, str(path), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["library_before"] == told["library_after"]
    keys = set(read_library(project / "references" / "library.ris"))
    searches = {one.search_id for one in read_searches(project / "references" / "searches.csv")}
    assert check_intake(project, keys, searches) == []
    return told["files"][0]


@pytest.mark.parametrize("form", ["ris", "bibtex", "csl", "csv"])
def test_what_qof_export_writes_is_known(project, library, tmp_path, capsys, form):
    path = tmp_path / f"library.{form}"
    path.write_text(exported(library.values(), form), "utf-8")
    one = counted(project, path, capsys)
    assert one["seen"] == len(library)
    assert one["duplicates"] > 0.85 * len(library)
    assert form != "ris" or one["duplicates"] == len(library)


@pytest.mark.parametrize("change", [lambda record: record, altered], ids=["entities", "all else"])
def test_the_library_as_another_database_has_it_is_known(
    project, library, tmp_path, capsys, change
):
    path = tmp_path / "elsewhere.ris"
    path.write_text("".join(as_ris(map(change, library.values()))), "ascii")
    assert counted(project, path, capsys)["duplicates"] > 0.85 * len(library)


def test_pubmed_has_five_articles_that_are_known(project, library, tmp_path, capsys):
    whole = (one for one in library.values() if one.kind == "JOUR" and one.doi and one.last_page)
    five = [record for record, _ in zip(whole, range(5), strict=False)]
    (tmp_path / "pubmed.nbib").write_text("".join(as_nbib(five)), "utf-8")
    one = counted(project, tmp_path / "pubmed.nbib", capsys)
    assert (one["format"], one["seen"], one["duplicates"]) == ("PubMed", 5, 5)


@pytest.mark.skipif(not shared_pack(), reason="no seed documents here (a folder 'shared')")
@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_on_one_line_is_known(project, capsys, name):
    one = counted(project, shared_pack() / "seeds" / name, capsys)
    assert (one["seen"], one["duplicates"]) == (1, 1)
    rows = read_rows(merges.FILE, (project / merges.FILE).read_bytes(), merges.COLUMNS)
    assert [row["key"] for row in rows] == [SEEDS[name]]
