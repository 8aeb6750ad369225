"""What the tests share: one loaded pipeline, the folder of shared gold where it stands beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import extract

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def extractor():
    return extract.load(os.environ.get("EXTRACT_MODEL"))


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared doesn't stand beside this checkout")
    return folder
