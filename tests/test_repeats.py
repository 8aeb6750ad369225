"""The same story in several papers is marked, whatever each paper did to it; what says something new is never lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time

import pytest

from extract import Article
from extract.reading import ReadOptions, Repeat, duplicates, read_articles
from extract.reading.duplicates import Stories
from tests.repeats import CORPUS, update, version

TEXTS = [path.read_text() for path in sorted(CORPUS.glob("*.txt"))][:4]


def meet_all(*texts, **knobs):
    stories = Stories(**knobs)
    return [stories.meet(Article(id=str(at), text=text)) for at, text in enumerate(texts)]


def papers(text, *, seed):
    chance = random.Random(seed)
    return [version(text, chance) for _ in range(9)]


@pytest.fixture
def archive(tmp_path):
    """Two stories in ten papers each, and two told once."""
    told = [
        (f"{story}-{at}", text)
        for story in (0, 1)
        for at, text in enumerate([TEXTS[story], *papers(TEXTS[story], seed=story)])
    ]
    lines = [json.dumps({"id": id_, "text": text}) for id_, text in [*told, ("2", TEXTS[2]), ("3", TEXTS[3])]]
    path = tmp_path / "archive.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_a_story_in_ten_papers_is_marked_nine_times(archive):
    articles = list(read_articles([str(archive)], ReadOptions(dedupe="mark")))
    first = {article.id: article.duplicate_of for article in articles}
    expected = {f"{story}-{at}": f"{story}-0" for story in (0, 1) for at in range(1, 10)}
    assert first == expected | {"0-0": None, "1-0": None, "2": None, "3": None}


def test_nothing_is_marked_unless_asked_for(archive):
    assert all(article.duplicate_of is None for article in read_articles([str(archive)]))


def test_what_repeats_is_skipped_and_told_of(archive):
    outcomes = list(read_articles([str(archive)], ReadOptions(dedupe="skip")))
    skipped = [outcome for outcome in outcomes if isinstance(outcome, Repeat)]
    assert len(outcomes) == 22
    assert len(skipped) > 14
    told = skipped[0].told()
    assert (told.id, told.where) == ("0-1", f"{archive}:2")
    assert "repeats the article '0-0'" in told.what


def test_an_update_of_the_numbers_is_the_same_story_and_not_skipped():
    _, likeness = meet_all(TEXTS[0], update(TEXTS[0]))
    assert (likeness.first, likeness.says_nothing_new) == ("0", False)


def test_another_date_or_hour_of_day_is_no_update():
    text = "Twelve men were freed in Marvik after a year in prison, their lawyer said, and two more wait for it. "
    _, likeness = meet_all(text * 2, f"{text * 2} Marvik, 14 March 2024, 10:30")
    assert likeness.says_nothing_new


def test_a_longer_version_is_the_same_story_and_not_skipped():
    half = TEXTS[0][: int(len(TEXTS[0]) * 0.65)]
    _, longer, again = meet_all(half, TEXTS[0], TEXTS[0])
    assert (longer.first, longer.says_nothing_new) == ("0", False)
    assert (again.first, again.says_nothing_new) == ("0", True)


def test_other_stories_are_none_of_the_same():
    assert meet_all(*TEXTS) == [None] * 4
    assert meet_all("Four.", "Five men.", "1" * 100_000, "(" * 100_000) == [None] * 4


def test_memory_ends_with_the_articles_remembered():
    stories = Stories(remembered=2)
    for at, text in enumerate([*TEXTS, TEXTS[0], TEXTS[3]]):
        likeness = stories.meet(Article(id=str(at), text=text))
    assert likeness.first == "3"
    assert len(stories._traces) == 2
    assert len(stories._in_band) <= 2 * duplicates._BANDS


def run(archive, out, *options, **popen):
    command = [sys.executable, "-m", "extract", "run", str(archive), "-o", str(out / "facts.jsonl"),
               "--articles", str(out / "articles.jsonl"), "-q", *options]  # fmt: skip
    out.mkdir(exist_ok=True)
    return subprocess.Popen(command, **popen)


def outputs(out):
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != "facts.run.json"}


@pytest.mark.slow
@pytest.mark.parametrize("dedupe", ["mark", "skip"])
def test_a_run_with_repeats_gives_the_same_bytes_however_it_is_made(archive, tmp_path, dedupe):
    undisturbed = tmp_path / "a"
    assert run(archive, undisturbed, "--dedupe", dedupe, "--workers", "2").wait() == 0
    assert run(archive, tmp_path / "b", "--dedupe", dedupe, "--workers", "0").wait() == 0
    assert outputs(tmp_path / "b") == outputs(undisturbed)
    killed = run(archive, tmp_path / "c", "--dedupe", dedupe, "--workers", "1")
    part = tmp_path / "c" / "facts.jsonl.part"
    while killed.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "c" / "facts.jsonl").exists()
    assert run(archive, tmp_path / "c", "--dedupe", dedupe).wait() == 0
    assert outputs(tmp_path / "c") == outputs(undisturbed)
    record = json.loads((undisturbed / "facts.run.json").read_text())
    skipped = record["totals"]["skipped"]
    assert record["settings"]["dedupe"] == dedupe
    assert record["totals"]["articles"] + skipped == 22
    assert (skipped > 0) == (dedupe == "skip")


@pytest.mark.slow
def test_an_incremental_run_marks_what_a_new_article_makes_a_repeat(archive, tmp_path):
    out = tmp_path / "out"
    options = ("--dedupe", "skip", "--incremental", "--workers", "0")
    assert run(archive, out, *options).wait() == 0
    before = outputs(out)["facts.jsonl"]
    assert run(archive, out, *options).wait() == 0
    assert outputs(out)["facts.jsonl"] == before
    assert json.loads((out / "facts.run.json").read_text())["totals"]["kept"] > 0
    archive.write_text(json.dumps({"id": "new", "text": TEXTS[2]}) + "\n" + archive.read_text())
    assert run(archive, out, *options).wait() == 0
    articles = {
        a["id"]: a.get("duplicate_of") for a in map(json.loads, (out / "articles.jsonl").read_text().splitlines())
    }
    assert (articles["new"], articles["2"]) == (None, "new")
    assert not any(json.loads(line)["article"]["id"] == "2" for line in (out / "facts.jsonl").open())
