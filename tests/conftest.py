"""What tests in several rooms share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test asserts a clock: a machine that is busy with other work is slow, not wrong. And the same
# examples come every time, so that a run says something about the code and not about luck; who
# wants to look for others asks for them: --hypothesis-profile=anew.
_unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("unhurried", _unhurried, derandomize=True)
settings.register_profile("anew", _unhurried, derandomize=False)
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent


def shared_pack() -> Path | None:
    """The raw evidence pack, where a developer has it beside the project."""
    folder = Path(os.environ.get("QOF_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    pack = shared_pack()
    if pack is None:
        pytest.skip("the raw evidence pack is not here (a folder 'shared' beside the project)")
    return pack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What takes longest comes first. The browser waits for the book, which another file builds:
    # meanwhile there is something else to do.
    first = ("tests/publish/test_build.py", "tests/evidence/", "tests/browser/")
    items.sort(key=lambda item: next((n for n, p in enumerate(first) if p in item.nodeid), 3))
