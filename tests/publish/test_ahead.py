"""What a second process makes is there for the first, and its faults stop nobody."""

import pytest

from analysis.publish.ahead import beside
from analysis.publish.caching.kept import kept

# Python warns of any fork where there are threads, as there are beside tests.
pytestmark = pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")


def never() -> str:
    raise AssertionError("made again")


def test_what_was_made_beside_is_found(tmp_path):
    with beside(lambda: kept(tmp_path, "a", lambda: "made beside")):
        pass
    assert kept(tmp_path, "a", lambda: "made here") == "made beside"


def test_one_may_wait_before_the_end_and_more_than_once(tmp_path):
    with beside(lambda: kept(tmp_path, "a", lambda: "made beside")) as wait:
        wait()
        wait()
        assert kept(tmp_path, "a", lambda: "made here") == "made beside"


def test_a_fault_there_is_left_to_the_first_process(tmp_path, capfd):
    with beside(lambda: kept(tmp_path, "a", never)):
        pass
    assert kept(tmp_path, "a", lambda: "made here") == "made here"
    assert capfd.readouterr().err == ""


def test_a_fault_here_does_not_leave_the_other_alone(tmp_path):
    with pytest.raises(RuntimeError), beside(lambda: kept(tmp_path, "a", lambda: "made beside")):
        raise RuntimeError
    assert kept(tmp_path, "a", never) == "made beside"


def test_where_none_can_be_forked_nothing_is_made_beside(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with beside(lambda: kept(tmp_path, "a", lambda: "made beside")) as wait:
        wait()
    assert kept(tmp_path, "a", lambda: "made here") == "made here"
