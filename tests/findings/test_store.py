from dataclasses import asdict

from analysis.findings.answer import answer
from analysis.findings.store import digest_of, from_dict
from tests.findings.conftest import SERIES, question


def test_a_finding_comes_back_from_the_store_as_it_was(evidence):
    for asked in (question(), question(**SERIES)):
        finding = answer(asked, evidence)
        assert from_dict(asdict(finding)) == finding


def test_the_digest_follows_names_and_bytes(tmp_path):
    (tmp_path / "a.csv").write_text("1", "utf-8")
    first = digest_of(tmp_path, "*.csv")
    assert digest_of(tmp_path, "*.csv") == first
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    renamed = digest_of(tmp_path, "*.csv")
    (tmp_path / "b.csv").write_text("2", "utf-8")
    assert len({first, renamed, digest_of(tmp_path, "*.csv")}) == 3
