import csv
import shutil

import pytest


@pytest.fixture
def project(root, tmp_path):
    """A copy of the data that a test may spoil."""
    shutil.copytree(root / "data", tmp_path / "data", ignore=shutil.ignore_patterns("*.yml"))
    return tmp_path


@pytest.fixture(scope="session")
def keys(root):
    return {row["study_id"] for row in read_rows(root / "data" / "studies.csv")}


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
