"""Archives are streamed: Parquet, WARC, packed JSONL; near by or in a store; whole, broken, or made to harm."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import threading
import time
import tracemalloc
from datetime import UTC, date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pyarrow as pa
import pytest
from backports import zstd
from pyarrow import parquet
from s3fs import S3FileSystem
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extract.errors import ReadError
from extract.reading import Failure, Keys, Notice, Page, read_articles
from tests.outcomes import of_kind, only, read

PAGE = """<html><head><title>Court frees %(n)d</title><link rel="canonical" href="https://other.example/">%(head)s</head>
<body><nav>Home | Share</nav><article><h1>Court frees %(n)d</h1><p>A court in Marvik freed %(n)d people on Friday, and
the prosecutor, Zoë Lindqvist, said that she would appeal against the ruling.</p></article></body></html>"""
DATED = '<meta property="article:published_time" content="2024-03-01T10:00:00+00:00">'


# Parquet


def write_table(path, rows, **options):
    parquet.write_table(pa.Table.from_pylist(rows), path, **options)


def test_a_row_of_parquet_is_an_article(folder):
    rows = [
        {
            "id": 7,
            "text": "One.",
            "date": datetime(2024, 3, 1, 12, 30, tzinfo=UTC),
            "url": "https://a.example",
            "views": 3,
        },
        {"id": 8, "text": None, "date": None, "url": None, "views": None},
        {"id": None, "text": "Three.", "date": None, "url": None, "views": 0},
    ]
    write_table(folder / "news.parquet", rows)
    outcomes = read("news.parquet")
    assert [(a.id, a.text, a.published, a.url) for a in of_kind(outcomes)] == [
        ("7", "One.", "2024-03-01T12:30:00+00:00", "https://a.example"), ("news.parquet:3", "Three.", None, None),
    ]  # fmt: skip
    failure = only(outcomes, Failure)
    assert (failure.id, failure.where) == ("8", "news.parquet:2")


def test_columns_of_parquet_can_be_named_and_days_and_bytes_are_read(folder):
    write_table(folder / "a.parquet", [{"nr": 1, "story": "Zoë.".encode(), "day": date(2024, 1, 2)},
                                       {"nr": 2, "story": b"\xff\xfe", "day": None}])  # fmt: skip
    outcomes = read("a.parquet", keys=Keys("story", "nr", "day"))
    assert (only(outcomes).text, only(outcomes).published) == ("Zoë.", "2024-01-02")
    assert "no UTF-8" in only(outcomes, Failure).what
    assert "no column of texts: its columns are 'nr'" in only(read("a.parquet"), Failure).what


def test_a_broken_table_gives_what_stands_before(folder):
    rows = [
        {"id": str(number), "text": f"{number} people were freed. {os.urandom(20).hex()}"} for number in range(9_000)
    ]
    write_table(folder / "a.parquet", rows, row_group_size=1_000)
    whole = (folder / "a.parquet").read_bytes()
    (folder / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "other.parquet").write_bytes(b"id,text\n1,One.\n")
    middle = len(whole) // 2
    (folder / "dented.parquet").write_bytes(whole[:middle] + bytes(4_000) + whole[middle + 4_000 :])
    assert [f.where for f in of_kind(read("cut.parquet", "other.parquet"), Failure)] == ["cut.parquet", "other.parquet"]
    outcomes = read("dented.parquet")
    failure = only(outcomes, Failure)
    lost, at = int(failure.what.split()[2].replace(",", "")), int(failure.where.partition(":")[2])
    assert 0 < lost <= 1_000
    assert [a.id for a in of_kind(outcomes)] == [str(n) for n in range(9_000) if not at - 1 <= n < at - 1 + lost]


def test_parquet_is_read_a_batch_at_a_time(folder):
    text = "The court freed the prisoners. " * 400
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    with parquet.ParquetWriter(folder / "a.parquet", schema, compression="zstd", use_dictionary=False) as writer:
        for at in range(4):  # 4 row groups of 6 MB
            writer.write_table(pa.Table.from_pylist([{"id": f"{at}-{n}", "text": text} for n in range(500)], schema))
    pa.default_memory_pool().release_unused()
    before, most = pa.total_allocated_bytes(), 0
    number = 0
    for number, outcome in enumerate(read_articles(["a.parquet"]), 1):  # noqa: B007
        assert outcome.text == text
        most = max(most, pa.total_allocated_bytes() - before)
    assert number == 2_000
    assert most < 12_000_000


# WARC


def page(number, head=DATED):
    return (PAGE % {"n": number, "head": head}).encode()


def write_warc(path, records, *, packed):
    """Writes (URL, headers, payload, status) as responses between records of other kinds; gives their offsets."""
    places = []
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "test"}))
        for url, headers, payload, status in records:
            places.append(stream.tell())
            http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(payload), http_headers=http)
            )
    return places


HTML = [("Content-Type", "text/html; charset=utf-8")]
FOUR = [(f"https://news.example/{number}", HTML, page(number), "200 OK") for number in range(4)]


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_a_page_of_a_crawl_is_an_article_with_its_address(folder, name):
    records = [
        *FOUR[:2],
        ("https://news.example/undated", HTML, page(7, head=""), "200 OK"),
        ("https://news.example/packed", [*HTML, ("Content-Encoding", "gzip")], gzip.compress(page(8)), "200 OK"),
        ("https://news.example/old", [("Content-Type", "text/html; charset=iso-8859-1")],
         page(9).decode().encode("latin-1"), "200 OK"),
        ("https://news.example/gone", HTML, page(1), "404 Not Found"),
        ("https://news.example/a.png", [("Content-Type", "image/png")], b"\x89PNG", "200 OK"),
        ("https://news.example/list", HTML, b"<html><body></body></html>", "200 OK"),
    ]  # fmt: skip
    places = write_warc(folder / name, records, packed=name.endswith(".gz"))
    outcomes = read(name)
    assert [(a.url.rpartition("/")[2], a.published) for a in of_kind(outcomes)] == [
        ("0", "2024-03-01"), ("1", "2024-03-01"), ("undated", None), ("packed", "2024-03-01"), ("old", "2024-03-01"),
    ]  # fmt: skip
    assert all("Zoë Lindqvist" in a.text and "Share" not in a.text for a in of_kind(outcomes))
    failure = only(outcomes, Failure)
    assert failure.where == f"{name}:{places[-1]}"
    assert "https://news.example/list" in failure.what
    assert "status 404 1, image/png 1" in only(outcomes, Notice).what


@pytest.mark.parametrize("name", ["dented.warc", "dented.warc.gz"])
@pytest.mark.parametrize("hurt", [1, 3])
def test_a_broken_record_costs_itself_and_is_told_of_by_its_offset(folder, name, hurt):
    places = write_warc(folder / name, FOUR, packed=name.endswith(".gz"))
    data = bytearray((folder / name).read_bytes())
    data[places[hurt] : places[hurt] + 60] = b"\xff" * 60
    (folder / name).write_bytes(data)
    outcomes = read(name)
    assert [a.url for a in of_kind(outcomes)] == [f"https://news.example/{n}" for n in range(4) if n != hurt]
    assert only(outcomes, Failure).where == f"{name}:{places[hurt]}"


@pytest.mark.parametrize("name", ["cut.warc", "cut.warc.gz"])
def test_a_record_that_is_cut_off_is_no_article(folder, name):
    places = write_warc(folder / name, FOUR, packed=name.endswith(".gz"))
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: places[3] + (len(data) - places[3]) * 3 // 4])
    outcomes = read(name)
    assert len(of_kind(outcomes)) == 3
    assert only(outcomes, Failure).where == f"{name}:{places[3]}"
    assert "are missing" in only(outcomes, Failure).what


def test_a_crawl_packed_as_one_is_read_like_one_packed_by_record(folder):
    write_warc(folder / "plain.warc", FOUR, packed=False)
    (folder / "packed.warc.gz").write_bytes(gzip.compress((folder / "plain.warc").read_bytes()))
    (folder / "zstd.warc.zst").write_bytes(zstd.compress((folder / "plain.warc").read_bytes()))
    assert [a.text for a in of_kind(read("packed.warc.gz"))] == [a.text for a in of_kind(read("plain.warc"))]
    assert [a.text for a in of_kind(read("zstd.warc.zst"))] == [a.text for a in of_kind(read("plain.warc"))]


@pytest.fixture
def pages(folder):
    """A crawl and files of HTML: whole, without a text, in Russian, dated by the sidecar, and two of one id."""
    russian = f"<html><body><article><p>{'Суд освободил двенадцать человек. ' * 20}</p></article></body></html>"
    odd = [("https://news.example/list", HTML, b"<html><body></body></html>", "200 OK"),
           ("https://news.example/ru", HTML, russian.encode(), "200 OK")]  # fmt: skip
    (folder / "in").mkdir()
    write_warc(folder / "in" / "crawl.warc.gz", [*FOUR, *odd], packed=True)
    (folder / "in" / "a.html").write_bytes(page(5))
    (folder / "in" / "b.html").write_bytes(b"<div>" * 40_000)
    (folder / "in" / "c.html").write_bytes(page(6, head=""))
    (folder / "in" / "metadata.jsonl").write_text('{"id": "c", "published": "2020-01-02"}\n')
    (folder / "in" / "lines.jsonl").write_text('{"id": "a", "text": "Twelve people were freed."}\n')
    return folder


def test_a_page_read_later_gives_what_it_gives_at_once(pages):
    at_once, later = read("in", published="2021-05-05"), read("in", published="2021-05-05", pages_later=True)
    assert not of_kind(at_once, Page)
    assert len(of_kind(later, Page)) == 9
    assert [one.read() if isinstance(one, Page) else one for one in later] == at_once
    assert [a.id for a in of_kind(at_once) if "@" in a.id] == ["a@in/lines.jsonl:1"]
    assert len(of_kind(at_once, Failure)) == 3


def test_main_texts_are_found_by_the_workers_and_the_bytes_are_the_same_for_any_number(pages):
    outputs = {}
    for workers in ("0", "1", "2"):
        command = [sys.executable, "-m", "extract", "run", "in", "-o", f"{workers}/facts.jsonl",
                   "--articles", f"{workers}/articles.jsonl", "--workers", workers, "-q"]  # fmt: skip
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 3, done.stderr
        outputs[workers] = {path.name: path.read_bytes() for path in (pages / workers).glob("*.jsonl")}
        record = json.loads((pages / workers / "facts.run.json").read_text())
        assert (record["totals"]["articles"], record["totals"]["failed"]) == (7, 3)
        assert "trafilatura" in record["versions"]
    assert outputs["1"] == outputs["0"]
    assert outputs["2"] == outputs["0"]
    lines = outputs["0"]["articles.jsonl"].splitlines()
    assert [json.loads(line)["id"] for line in lines[:1]] == ["a"]


def test_what_is_no_crawl_is_one_failure(folder):
    (folder / "a.warc").write_bytes(os.urandom(5_000))
    (folder / "b.warc.gz").write_bytes(gzip.compress(b"no crawl " * 999))
    (folder / "c.warc").write_bytes(b"")
    outcomes = read("a.warc", "b.warc.gz", "c.warc")
    assert [f.where for f in of_kind(outcomes, Failure)] == ["a.warc:0", "b.warc.gz:0"]
    assert only(outcomes, Notice).what == "holds no article"


# Packed files


def test_every_frame_of_a_packed_file_is_read_and_a_cut_one_told_of(folder):
    lines = b"".join(b'{"text": "%d people were freed."}\n' % number for number in range(3_000))
    for suffix, pack in ((".gz", gzip.compress), (".zst", zstd.compress)):
        (folder / f"two.jsonl{suffix}").write_bytes(pack(lines) + pack(lines))
        assert len(of_kind(read(f"two.jsonl{suffix}"))) == 6_000
        (folder / f"cut.jsonl{suffix}").write_bytes(pack(lines) + pack(lines)[:-300])
        outcomes = read(f"cut.jsonl{suffix}")
        assert 3_000 <= len(of_kind(outcomes)) < 6_000
        assert "can't be read" in only(outcomes, Failure).what
    (folder / "none.jsonl.zst").write_bytes(b"no zstd")
    assert "can't be read" in only(read("none.jsonl.zst"), Failure).what


def bomb(line):
    """Three hundred million bytes of the line, in few bytes."""
    block = line * (10_000_000 // len(line))
    packer, packed = zstd.ZstdCompressor(), io.BytesIO()
    for _ in range(30):
        packed.write(packer.compress(block))
    return packed.getvalue() + packer.flush()


@pytest.mark.slow
@pytest.mark.parametrize("line", [b"0", b"\n", b"{}\n", b"a,b\n", b'{"text": ""}\n'])
def test_a_bomb_ends_soon_and_takes_no_memory(folder, line):
    (folder / "bomb.jsonl.zst").write_bytes(bomb(line))
    (folder / "bomb.csv.zst").write_bytes(bomb(line))
    (folder / "bomb.txt.zst").write_bytes(bomb(line))
    tracemalloc.start()
    started = time.monotonic()
    for name in ("bomb.jsonl.zst", "bomb.csv.zst", "bomb.txt.zst"):
        outcomes = list(read_articles([name]))
        assert all(isinstance(outcome, Failure) for outcome in outcomes)
        assert len(outcomes) <= 10_001
        last = outcomes[-1]
        assert "left" in last.what or "larger than" in last.what or "bytes or more" in last.what, last
    assert time.monotonic() - started < 30
    assert tracemalloc.get_traced_memory()[1] < 120_000_000
    tracemalloc.stop()


# Stores


@pytest.fixture(scope="session")
def s3():
    """A server that speaks S3, with a bucket `news`."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s",
                "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        client = boto3.client("s3")
        client.create_bucket(Bucket="news")
        yield client
    server.stop()


@pytest.fixture
def fill(folder):
    """A small archive of every kind."""
    (folder / "sub").mkdir()
    (folder / "a.txt").write_text("One.")
    (folder / "sub" / "b.html").write_bytes(page(12))
    (folder / "metadata.jsonl").write_text('{"id": "a", "published": "2020-01-02"}\n')
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(b'{"id": "c1", "text": "Two."}\n{broken\n'))
    (folder / "d.csv").write_text("id,text\nd1,Three.\n")
    (folder / "e.jsonl.zst").write_bytes(zstd.compress(b'{"id": "e1", "text": "Four."}\n'))
    write_table(folder / "f.parquet", [{"id": "f1", "text": "Five."}])
    write_warc(folder / "g.warc.gz", FOUR[:2], packed=True)
    (folder / ".hidden.txt").write_text("Six.")
    (folder / "photo.png").write_bytes(b"x")
    return [path for path in folder.rglob("*") if path.is_file()]


def as_read(outcomes):
    return [(a.id, a.text, a.published, a.url) for a in of_kind(outcomes)]


def test_a_store_is_read_like_a_folder(folder, fill, s3):
    for path in fill:
        s3.upload_file(str(path), "news", f"2024/{path.relative_to(folder).as_posix()}")
    outcomes = read("s3://news/2024")
    assert len(of_kind(outcomes)) == 8
    assert as_read(outcomes) == as_read(read("."))
    assert only(outcomes, Failure).where == "s3://news/2024/c.jsonl.gz:2"
    assert as_read(read("s3://news/2024/*.jsonl.*", "s3://news/2024/d.csv")) == as_read(
        read("c.jsonl.gz", "d.csv", "e.jsonl.zst")
    )
    assert as_read(read("s3://news/2024/**/*.html")) == as_read(read("sub/b.html"))
    assert as_read(read("s3://news/2024/a.txt", "d.csv")) == as_read(read("a.txt", "d.csv"))


def test_what_a_store_has_not_is_named_before_the_first_article(s3):
    for missing in ("s3://news/none.jsonl", "s3://news/none/*.txt", "s3://elsewhere/a.txt", "memory://none/a.txt"):
        with pytest.raises(ReadError, match="no such file") as caught:
            read(missing)
        assert caught.value.where == missing
    with pytest.raises(ReadError, match="Protocol not known"):
        read("nonsuch://a/b.txt")


def test_a_store_that_can_not_be_reached_is_a_clear_error(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    S3FileSystem.clear_instance_cache()
    with pytest.raises(ReadError, match="can't be reached"):
        read("s3://unreachable/a.txt")
    S3FileSystem.clear_instance_cache()


def test_a_large_file_in_a_store_is_fetched_as_it_is_read(s3, caplog):
    lines = (json.dumps({"id": str(n), "text": f"{n} " + "people were freed. " * 500}) for n in range(1_500))
    s3.put_object(Bucket="news", Key="large.jsonl", Body="\n".join(lines).encode())
    articles = read_articles(["s3://news/large.jsonl"])
    with caplog.at_level("INFO", logger="werkzeug"):
        next(articles)
        assert caplog.text.count("GET /news/large.jsonl") == 1
        assert sum(1 for _ in articles) == 1_499
        assert caplog.text.count("GET /news/large.jsonl") > 2


def test_memory_and_a_web_server_are_read(folder, fill):
    import fsspec

    fsspec.filesystem("memory").put(str(folder), "/archive", recursive=True)
    assert as_read(read("memory://archive")) == as_read(read("."))
    (folder / "story").write_bytes(page(13, head=""))
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.func.log_message = lambda *_: None
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        web = f"http://127.0.0.1:{server.server_address[1]}"
        assert as_read(read(f"{web}/c.jsonl.gz", f"{web}/f.parquet")) == as_read(read("c.jsonl.gz", "f.parquet"))
        story = only(read(f"{web}/story?token=1"))
        assert "freed 13 people" in story.text
        assert story.id == "story"
        gone = only(read(f"{web}/none.jsonl"), Failure)
        assert "can't be read" in gone.what
        server.shutdown()


def test_a_password_in_an_address_is_never_shown():
    with pytest.raises(ReadError) as caught:
        read("nonsuch://me:secret@host/a.txt?signature=secret")
    assert "secret" not in str(caught.value)


class Signed(SimpleHTTPRequestHandler):
    """A store that refuses what isn't signed."""

    def do_GET(self):
        if "=sealed" in self.path and "broken" not in self.path:
            super().do_GET()
        else:
            self.send_error(403)

    def log_message(self, *_):
        pass


def test_what_signs_a_link_is_in_nothing_that_a_run_writes(folder, capfd):
    from extract.cli import main

    (folder / "story.html").write_bytes(page(13).replace(b"canonical", b"other"))
    (folder / "lines.jsonl").write_text('{"id": "l1", "text": "Twelve people were freed."}\n{no JSON\n')
    links = "X-Amz-Credential=sealed&X-Amz-Signature=sealed", "sv=1&sig=sealed", "page=2&access_token=sealed"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Signed, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        web = f"http://me:sealed@127.0.0.1:{server.server_address[1]}"
        names = ("story.html", "lines.jsonl", "broken.jsonl")
        inputs = [f"{web}/{name}?{link}" for name, link in zip(names, links, strict=True)]
        with pytest.raises(SystemExit) as left:
            main(["run", *inputs, "-o", "f.jsonl", "--articles", "a.jsonl", "-v", "--workers", "0"])
        server.shutdown()
    assert left.value.code == 3
    written = {name: (folder / name).read_text() for name in ("f.jsonl", "a.jsonl", "f.errors.jsonl", "f.run.json")}
    assert not [name for name, text in {**written, "said": "".join(capfd.readouterr())}.items() if "sealed" in text]
    assert [json.loads(line)["where"] for line in written["f.errors.jsonl"].splitlines()] == [
        f"{web.replace('me:sealed@', '')}/{rest}" for rest in ("broken.jsonl?page=2", "lines.jsonl?sv=1:2")
    ]
    assert json.loads(written["a.jsonl"].splitlines()[1])["url"].endswith("/story.html")


@pytest.mark.parametrize("option", ["-o", "--articles", "--issues", "--errors"])
def test_nothing_is_written_to_an_address_and_what_to_do_is_said(folder, option, capsys):
    from extract.cli import main

    (folder / "a.txt").write_text("Twelve people were freed.")
    outputs = {"-o": "f.jsonl", option: "s3://news/out/f.jsonl"}
    with pytest.raises(SystemExit) as left:
        main(["run", "a.txt", *(word for pair in outputs.items() for word in pair)])
    assert left.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "s3://news/out/f.jsonl: nothing is written to s3://" in said
    assert "aws s3 cp" in said
    assert [path.name for path in folder.iterdir()] == ["a.txt"]
