"""Cells are read and checked once a file, and anew when it changes."""

import pytest

from analysis.evidence import checked as module
from analysis.evidence.checked import checked, forget
from analysis.evidence.schema import Field, Table


@pytest.fixture
def table(tmp_path):
    (tmp_path / "data").mkdir()
    fields = (
        Field("name", "string", {"required": True}, ""),
        Field("size", "number", {"minimum": 0}, ""),
    )
    yield Table("things", "data/things.csv", fields, ("name",), ())
    forget()


def write(root, text):
    (root / "data" / "things.csv").write_text(text, "utf-8")


def test_a_file_is_read_once_and_again_when_it_changes(tmp_path, table, monkeypatch):
    read, real = [], module.read_cells
    monkeypatch.setattr(module, "read_cells", lambda *a: (read.append(a), real(*a))[1])
    write(tmp_path, "name,size\na,1\n")
    assert checked(tmp_path, table) is checked(tmp_path, table)
    write(tmp_path, "name,size\na,-1\n")
    (fault,) = checked(tmp_path, table).of_cells
    assert (fault.row, fault.column, fault.value) == (2, "size", "-1")
    assert len(read) == 2
    forget()
    assert checked(tmp_path, table).of_cells == (fault,)
    assert len(read) == 3


def test_another_description_of_the_same_file_is_another_check(tmp_path, table):
    write(tmp_path, "name,size\na,1\n")
    stricter = Field("size", "number", {"minimum": 2}, "")
    other = Table("things", table.file, (table.fields[0], stricter), ("name",), ())
    assert checked(tmp_path, table).of_cells == ()
    assert len(checked(tmp_path, other).of_cells) == 1


def test_a_file_that_is_not_there_is_told(tmp_path, table):
    found = checked(tmp_path, table)
    assert found.cells is None
    assert len(found.of_file) == 1
