"""Inputs that are read in stretches, on several machines, give what one reader gives."""

from __future__ import annotations

import json
import os
import time

import fsspec
import pyarrow as pa
import pytest
from pyarrow import parquet

from extract.reading import Notice, ReadOptions, find_sources
from extract.reading import stretches as stretches_module
from extract.reading.stretches import cut, identities, taken_before
from tests.outcomes import read


@pytest.fixture
def archive(folder, monkeypatch):
    """Files of every kind with ids that clash, a sidecar with a broken line, a table of row groups; cut small."""
    monkeypatch.setattr(stretches_module, "_LEAST", 300)
    (folder / "in" / "sub").mkdir(parents=True)
    for n in range(9):
        (folder / "in" / f"{n}.txt").write_text(f"{n + 2} people were freed. " * 9)
        (folder / "in" / "sub" / f"{n}.html").write_text(f"<html><body><p>{n + 2} men were freed in May.</p></body>")
    lines = [{"id": n % 7, "text": f"{n} people were held. " * 4} for n in range(40)]
    for part in range(4):
        some = "".join(json.dumps(line) + "\n" for line in lines[part * 10 : part * 10 + 10])
        (folder / "in" / f"lines{part}.jsonl").write_text(f"{some}broken\n")
    rows = [{"id": str(n % 5), "text": f"{n} men were tried. {os.urandom(30).hex()}"} for n in range(60)]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "in" / "table.parquet", row_group_size=10)
    (folder / "in" / "none.jsonl").write_text("")
    for place in ("in", "in/sub"):
        (folder / place / "metadata.jsonl").write_text('{"id": "3", "published": "2024-05-19"}\nbroken\n')
    return folder / "in"


def apart(options, *inputs):
    """What comes of the stretches, the last read first, and how many they are."""
    sources, notices = find_sources([str(i) for i in inputs])
    found = cut(sources, options)
    taken = taken_before([stretch.survey(options)[0] for stretch in found])
    parts = [list(stretch.read(options, ids)) for stretch, ids in reversed(list(zip(found, taken, strict=True)))]
    return [*notices, *(outcome for part in reversed(parts) for outcome in part)], found


def test_stretches_give_what_one_reader_gives_ids_sidecars_and_row_numbers_included(archive):
    outcomes, found = apart(ReadOptions(), "in")
    assert outcomes == read("in")
    assert len(found) > 12
    assert len({source.groups for stretch in found for source in stretch.sources if source.kind == "parquet"}) > 2
    assert sum(isinstance(outcome, Notice) for outcome in outcomes) == 1
    assert sum("@" in getattr(outcome, "id", "") for outcome in outcomes) > 60


def test_repeats_are_by_order_and_read_as_one_stretch(archive):
    outcomes, found = apart(ReadOptions(dedupe="skip"), "in")
    assert len(found) == 1
    assert outcomes == read("in", dedupe="skip")


def test_a_table_without_texts_is_told_of_once(archive):
    rows = [{"id": n, "words": os.urandom(40).hex()} for n in range(60)]
    parquet.write_table(pa.Table.from_pylist(rows), archive / "other.parquet", row_group_size=5)
    outcomes, _ = apart(ReadOptions(), "in/other.parquet", "in/table.parquet")
    assert outcomes == read("in/other.parquet", "in/table.parquet")
    assert sum("no column of texts" in getattr(outcome, "what", "") for outcome in outcomes) == 1


def test_a_store_is_cut_like_a_folder(archive):
    fsspec.filesystem("memory").put(str(archive), "/apart", recursive=True)
    outcomes, found = apart(ReadOptions(), "memory://apart")
    assert outcomes == read("memory://apart")
    assert len(found) > 12


@pytest.mark.parametrize("name", ["4.txt", "table.parquet", "metadata.jsonl"])
def test_a_file_that_changed_has_another_identity(archive, name):
    before = identities(find_sources(["in"])[0])
    assert identities(find_sources(["in"])[0]) == before
    os.utime(archive / name, ns=(time.time_ns(), time.time_ns() + 1_000))
    assert identities(find_sources(["in"])[0]) != before
