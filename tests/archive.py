"""An archive of generated articles, as large as wanted, and the memory that it takes to read and to extract it.

    python tests/archive.py FILE.jsonl.gz --megabytes 1000    # makes it (.jsonl, .jsonl.gz, .jsonl.zst or .parquet)
    python tests/archive.py FILE.warc.gz --pages 2000         # makes a crawl of so many pages
    python tests/archive.py FILE.jsonl.gz --read              # reads all of it: peak memory after each tenth
    python tests/archive.py FILE.jsonl.gz --run 900           # extracts with 2 workers for so many seconds, then says
                                                              # bytes, articles, rate, memory and how that grows

The run is ended by an interrupt: extracting a thousand megabytes takes hours on two cores. Its memory is that of
all its processes, files that they map counted once. The growth is the line that fits the later half of what was
measured, by bytes of articles extracted; what it says of 1,000 MB is no measurement. `--read` reads all of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import count, islice
from pathlib import Path

from memory import megabytes, processes

from extract.reading import ReadOptions, read_articles

PLACES = ("Marvik", "Oskavia", "Dolgary", "Tarvenia", "Brodna", "Espera", "Lindvall", "Karsk", "Ambrel", "Veltin")
NAMES = (
    "Ana Torvald",
    "Piotr Malen",
    "Zoë Lindqvist",
    "Imran Sadiq",
    "Grace Okello",
    "Tomas Berg",
    "Li Wen",
    "Ruth Kane",
)
BODIES = (
    "the interior ministry",
    "the Press Union",
    "the appeals court",
    "the rescue service",
    "the opposition",
    "the army",
)
TEMPLATES = (
    "{body} said on {day} {month} that {n} people had been arrested in {place} after a protest against the new law.",
    "{name}, a lawyer in {place}, said that at least {n} of the prisoners were still waiting for a trial.",
    "A court in {place} sentenced {name} to {years} years in prison, and the defence said that it would appeal.",
    "The flood that reached {place} in {month} killed {n} people and left {m} without a home, according to {body}.",
    "About {m} residents of {place} marched to the town hall on {day} {month}, as they had in the weeks before.",
    "{name} was released after {years} years, and he told reporters that he was glad to be with his family again.",
    "{body} denied the report, which was published by a newspaper in {place} and repeated by {name} in parliament.",
)


def article(number: int, chance: random.Random) -> dict[str, str]:
    """An article of six paragraphs."""
    paragraphs = (" ".join(_sentence(chance) for _ in range(chance.randint(3, 7))) for _ in range(6))
    day = f"{chance.randint(2010, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return {"id": f"generated-{number}", "published": day, "text": "\n\n".join(paragraphs)}


def _sentence(chance: random.Random) -> str:
    filled = chance.choice(TEMPLATES).format(
        body=chance.choice(BODIES), place=chance.choice(PLACES), name=chance.choice(NAMES), n=chance.randint(2, 90),
        m=f"{chance.randint(1_000, 90_000):,}", years=chance.randint(2, 15), day=chance.randint(1, 28),
        month=chance.choice(("March", "June", "October")),
    )  # fmt: skip
    return filled[0].upper() + filled[1:]


def articles(megabytes: int) -> Iterator[dict[str, str]]:
    """As many articles as have so many megabytes as JSONL."""
    chance = random.Random(1)
    size = 0
    for number in count():
        made = article(number, chance)
        size += len(json.dumps(made))
        if size > megabytes * 1_000_000:
            return
        yield made


def make(path: Path, megabytes: int) -> None:
    """Writes the archive."""
    if path.suffix == ".parquet":
        _make_parquet(path, articles(megabytes))
        return
    from backports import zstd

    opened = {".gz": gzip.open, ".zst": zstd.open}.get(path.suffix, open)
    with opened(path, "wb") as stream:
        for made in articles(megabytes):
            stream.write(json.dumps(made).encode() + b"\n")


def make_crawl(path: Path, pages: int) -> None:
    """Writes a crawl of so many pages of 40 KB: an article among menus, teasers and scripts, as papers have it."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz")
        for number, made in enumerate(islice(articles(1_000), pages)):
            payload = BytesIO(page(made, random.Random(number)).encode())
            url = f"https://news.example/{made['id']}"
            writer.write_record(writer.create_warc_record(url, "response", payload=payload, http_headers=http))


def page(made: dict[str, str], chance: random.Random) -> str:
    """The article as a page."""
    menu = "".join(f'<li class="menu__item"><a href="/{n}/{place}">{place} {n}</a></li>' for n in range(12)
                   for place in PLACES)  # fmt: skip
    teasers = "".join(f'<div class="teaser"><a href="/story/{n}"><img src="/i/{n}.jpg" alt=""><h3>{_sentence(chance)}'
                      f"</h3></a><span>{n} min</span></div>" for n in range(60))  # fmt: skip
    script = "var settings = {" + ", ".join(f'"key{n}": {chance.random()}' for n in range(400)) + "};"
    story = "".join(f"<p>{paragraph}</p>" for paragraph in made["text"].split("\n\n"))
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{_sentence(chance)}</title><meta '
            f'property="article:published_time" content="{made["published"]}T10:00:00+00:00"><script>{script}</script>'
            f'</head><body><nav><ul>{menu}</ul></nav><main><article><h1>{_sentence(chance)}</h1>{story}</article></main>'
            f'<aside>{teasers}</aside><footer><ul>{menu}</ul>All rights reserved.</footer></body></html>')  # fmt: skip


def _make_parquet(path: Path, found: Iterator[dict[str, str]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(name, pa.string()) for name in ("id", "published", "text")])
    rows: list[dict[str, str]] = []
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for made in found:
            rows.append(made)
            if len(rows) == 20_000:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows.clear()
        writer.write_table(pa.Table.from_pylist(rows, schema))


def read(path: Path, dedupe: str | None) -> None:
    """Reads the archive and prints megabytes of text read, articles, and the memory in use."""
    size, step, started = 0, 100_000_000, time.monotonic()
    for number, outcome in enumerate(read_articles([str(path)], ReadOptions(dedupe=dedupe)), 1):
        size += len(getattr(outcome, "text", ""))
        if size >= step:
            step += 100_000_000
            memory = megabytes([os.getpid()])[0]
            _say(f"{size / 1e6:6.0f} MB {number:9,} articles {memory:6.0f} MB in memory "
                 f"{time.monotonic() - started:6.0f} s")  # fmt: skip


def run(path: Path, seconds: float) -> None:
    """Extracts with 2 workers for so long; prints how far it is every 30 seconds, and at the end what was measured."""
    out = path.with_name(f"{path.name}-out")
    command = [sys.executable, "-m", "extract", "run", str(path), "-o", str(out / "facts.jsonl"), "--articles",
               str(out / "articles.jsonl"), "--workers", "2", "--force", "-q"]  # fmt: skip
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores Ctrl-C
    running, started = subprocess.Popen(command), time.monotonic()
    measured: list[tuple[int, float]] = []
    tell = 0.0
    while running.poll() is None and time.monotonic() < started + seconds:
        time.sleep(1)
        measured.append((_size(out / "articles.jsonl.part"), megabytes(processes(running.pid))[0]))
        if time.monotonic() >= tell:
            tell = time.monotonic() + 30
            size, memory = measured[-1]
            facts = _size(out / "facts.jsonl.part") / 1e6
            _say(f"{time.monotonic() - started:5.0f} s {size / 1e6:8.2f} MB of articles, {facts:7.1f} MB of facts, "
                 f"{memory:5.0f} MB in memory")  # fmt: skip
    running.send_signal(signal.SIGINT)
    running.wait()
    _sum_up(measured, _lines(out / "articles.jsonl.part"), time.monotonic() - started)


def _sum_up(measured: list[tuple[int, float]], number: int, seconds: float) -> None:
    done = measured[-1][0] / 1e6
    later = [(size / 1e6, memory) for size, memory in measured[len(measured) // 2 :]]
    _say(f"{done:.2f} MB, {number:,} articles in {seconds:.0f} s: {number / seconds:.1f} a second with 2 workers; "
         f"peak {max(memory for _, memory in measured):.0f} MB")  # fmt: skip
    if len({size for size, _ in later}) < 10:
        _say("too little was done to say how memory grows")
        return
    slope, at_0 = statistics.linear_regression(*zip(*later, strict=True))
    _say(f"later half: {slope:+.3f} MB of memory a MB of articles; the line reaches {at_0 + slope * 1_000:.0f} MB at "
         f"1,000 MB of articles")  # fmt: skip


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for _ in stream)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--megabytes", type=int)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--read", action="store_true")
    parser.add_argument("--dedupe", choices=["mark", "skip"])
    parser.add_argument("--run", type=float)
    given = parser.parse_args()
    if given.megabytes:
        make(given.path, given.megabytes)
    if given.pages:
        make_crawl(given.path, given.pages)
    if given.read:
        read(given.path, given.dedupe)
    if given.run:
        run(given.path, given.run)
