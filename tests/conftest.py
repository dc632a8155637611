"""Fixtures that several test files use."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests of the measuring material, with a reason, where it is absent."""
    if (SHARED / "gold" / "dev.jsonl").exists():
        return
    skip = pytest.mark.skip(reason="the measuring material is not beside the project")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the measuring material."""
    return SHARED


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's top folder."""
    return ROOT
