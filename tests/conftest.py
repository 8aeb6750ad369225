"""What the tests share: one loaded pipeline, the folder of shared gold where it stands beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

import extract

# The same examples in every run where CI is set, so that a failure can be made again.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

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
