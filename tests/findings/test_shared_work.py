"""Work on two cores gives what it gives on one, in its order."""

import os
import sys

import pytest

from analysis.findings import shared_work


def worked(part):
    return part**2, os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not fork")
@pytest.mark.parametrize("worth", [1, 1_000])
def test_results_stand_in_the_order_of_the_parts(monkeypatch, worth):
    monkeypatch.setattr(shared_work, "WORTH", worth)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    found = shared_work.in_order(worked, range(120))
    assert [square for square, _ in found] == [at**2 for at in range(120)]
    assert ({os.getpid()} == {where for _, where in found}) == (worth == 1_000)
    assert shared_work._doing is None


def test_one_core_works_alone(monkeypatch):
    monkeypatch.setattr(shared_work, "WORTH", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert shared_work.in_order(worked, [3]) == [(9, os.getpid())]
