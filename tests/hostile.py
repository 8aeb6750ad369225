"""Two hundred files made to harm, and a run over them that accounts for each.

python tests/hostile.py FOLDER          # makes them
python tests/hostile.py FOLDER --run    # makes them, runs `extract run --workers 2`, says what became of each
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from extract.reading import read_articles

STORY = "A court in Marvik freed twelve people on Friday, and the prosecutor said that she would appeal. "
DEEP = 100_000
MEGABYTE = 1_000_000


def texts() -> Iterator[tuple[str, bytes]]:
    """Bait for patterns and parsers, each as (name, UTF-8)."""
    yield "digits", b"1" * DEEP
    yield "digits-commas", b"1,234," * 20_000
    yield "digits-spaced", b"12 " * DEEP
    yield "dates", b"1 May 2024, " * 10_000
    yield "ordinals", b"twenty-" * 20_000 + b"one"
    yield "and", b"ten and " * 20_000
    yield "quotes", b'"' * 50_000
    yield "quotes-nested", b'"He said ' * 50_000
    yield "quotes-curly", "“a ‘b ".encode() * 25_000
    yield "parentheses", b"(" * MEGABYTE
    yield "brackets", b"[(" * 50_000 + b")]" * 50_000
    yield "letter", b"a" * MEGABYTE
    yield "capital", b"A" * MEGABYTE
    yield "capitals", b"The A B " * 30_000
    yield "spaces", b" " * MEGABYTE + b"x"
    yield "newlines", b"\n" * MEGABYTE + b"x"
    yield "tabs", b"\t\r\n" * 100_000 + b"x"
    yield "dots", b"." * 200_000
    yield "hyphens", b"-" * 200_000
    yield "commas", b"he, " * 50_000
    yield "apostrophes", b"'s" * 100_000
    yield "url", b"http://" + b"a." * 100_000
    yield "mail", b"a@" * 100_000
    yield "name", b"Mr " + b"Anna" * 2_500 + b" said that she was glad."
    yield "names", b" ".join(b"Name%d" % n for n in range(20_000))
    yield "word-long", b"x" * 10_000 + b" people were freed."
    yield "rtl", "\u202e12 people\u202c were \u2067freed\u2069. ".encode() * 2_000
    yield "zero-width", "\u200b\u200d\ufeff".encode() * 50_000 + b"x"
    yield "combining", ("e" + "\u0301" * 50_000).encode()
    yield "emoji", "👩‍👩‍👧‍👦".encode() * 10_000
    yield "astral", "𝟏𝟐 people. ".encode() * 5_000
    yield "private", "\ue000\uffff\U0010ffff".encode() * 10_000
    yield "controls", b"\x01\x02\x1b[31mtwelve\x1b[0m " * 500
    yield "percent", b"%s%n%x" * 20_000
    yield "path", b"../../../../etc/passwd"
    yield "sql", b"'; DROP TABLE fact; -- twelve people were freed."
    yield "template", b"{{7*7}} ${jndi:ldap://x} <script>alert(1)</script>"
    yield "million", b"million " * 30_000
    yield "hundred", b"hundred and " * 20_000
    yield "years", b"2024-" * 40_000
    yield "clock", b"10:30 " * 30_000
    yield "money", b"$1,000.50 " * 20_000
    yield "slashes", b"1/2/3/" * 30_000
    yield "of", b"the king of " * 20_000
    yield "backslashes", b"\\" * 200_000
    yield "nested", b"((((he said))))" * 10_000
    yield "initials", b"J. R. R. " * 20_000
    yield "because", b"because he was killed " * 8_000
    yield "which", b"the man who said that " * 8_000
    yield "said", b"he said she said " * 10_000
    yield "semicolons", b"twelve; " * 20_000
    yield "long", STORY.encode() * 220_000  # 20 MB on a single line
    yield "longish", STORY.encode() * 4_000
    yield "roman", b"MCMXCIX " * 10_000
    yield "fractions", "½⅓¼".encode() * 20_000
    yield "thai", "สิบสองคน".encode() * 5_000
    yield "han", "十二人".encode() * 20_000
    yield "arabic", "١٢ شخصا ".encode() * 10_000


def bytes_of_texts() -> Iterator[tuple[str, bytes]]:
    """Bytes that are no text, or not in UTF-8."""
    yield "empty", b""
    yield "blank", b" \r\n\t"
    yield "bom", b"\xef\xbb\xbf"
    yield "binary", bytes(range(256)) * 400
    yield "random", os.urandom(100_000)
    yield "nul", STORY.encode() + b"\0" * 1_000
    yield "nuls", b"\0" * 100_000
    yield "cut-utf-8", "The café".encode()[:-1]
    yield "bad-utf-8", b"The caf\xc3( " * 100
    yield "overlong", b"\xc0\xaf" * 1_000
    yield "surrogates-utf-8", b"\xed\xa0\x80" * 1_000
    yield "utf-16-no-bom", STORY.encode("utf-16-le")
    yield "utf-16be-no-bom", STORY.encode("utf-16-be")
    yield "utf-16-half", b"\xff\xfeA\0B"
    yield "utf-32", STORY.encode("utf-32")
    yield "utf-7", b"+ADw-script+AD4-"
    yield "latin", "Zoë freed twelve. ".encode("latin-1") * 40
    yield "ebcdic", STORY.encode("cp500")
    yield "png", b"\x89PNG\r\n\x1a\n" + os.urandom(1_000)
    yield "pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + os.urandom(1_000)


def pages() -> Iterator[tuple[str, bytes]]:
    """HTML that is deep, wide, broken or no HTML."""
    story = f"<p>{STORY}</p>".encode()
    yield "deep-div", b"<div>" * DEEP + story
    yield "deep-closed", b"<div>" * DEEP + story + b"</div>" * DEEP
    yield "deep-span", b"<p>" + b"<span>" * DEEP + STORY.encode()
    yield "deep-table", b"<table><tr><td>" * 20_000 + story
    yield "deep-list", b"<ul><li>" * 20_000 + story
    yield "deep-b", b"<p>" + b"<b><i>" * 20_000 + STORY.encode()
    yield "wide", story * 20_000
    yield "attributes", b"<p " + b"a=1 " * DEEP + b">" + STORY.encode() + b"</p>"
    yield "attribute", b'<p title="' + b"x" * MEGABYTE + b'">' + STORY.encode() + b"</p>"
    yield "unclosed", b"<" * DEEP
    yield "entities", b"&amp;" * DEEP + story
    yield "laughs", b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><html><p>&b;</p>' + story
    yield "external", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><p>&e;</p>' + story
    yield "comment", b"<!--" * 50_000 + story
    yield "script", b"<script>" + b"x=1;" * DEEP + b"</script>" + story
    yield "links", b'<a href="x">y</a>' * 50_000 + story
    yield "nul", b"<html>\0\0<p>" + STORY.encode()
    yield "charset", b'<meta charset="hex">' + story
    yield "charset-unknown", b'<meta charset="x-none">' + story + b"\xe9"
    yield "empty", b""
    yield "frames", b"<iframe>" * 10_000
    yield "date", b'<meta property="article:published_time" content="' + b"9" * DEEP + b'">' + story * 5
    yield "title", b"<title>" + b"T" * MEGABYTE + b"</title>" + story * 5
    yield "json-ld", b'<script type="application/ld+json">' + b"[" * DEEP + b"</script>" + story * 5
    yield "one-line", b"<p>" + STORY.encode() * 20_000 + b"</p>"
    yield "random", b"<html>" + os.urandom(50_000)
    yield "svg", b"<svg>" * 10_000 + story
    yield "xhtml", b'<?xml version="1.0"?><html xmlns="x"><body>' + story
    yield "br", b"<br>" * DEEP + story
    yield "table-wide", b"<table><tr>" + b"<td>12</td>" * 50_000 + b"</tr></table>" + story


def lines() -> Iterator[tuple[str, bytes]]:
    """JSONL, each with no more than one article."""
    yield "nested", b'{"text": ' + b"[" * DEEP
    yield "nested-closed", b'{"text": ' + b"[" * DEEP + b"]" * DEEP + b"}"
    yield "objects", b'{"a":' * DEEP
    yield "surrogate-text", b'{"text": "\\ud800 twelve people"}'
    yield "surrogate-id", b'{"id": "\\udc00", "text": "Twelve people were freed."}'
    yield "surrogate-title", b'{"id": "t", "text": "Twelve people were freed.", "title": "\\ud800"}'
    yield "surrogate-url", b'{"id": "u", "text": "Twelve people were freed.", "url": "\\ud800"}'
    yield "surrogate-date", b'{"id": "d", "text": "Twelve people were freed.", "date": "\\ud800"}'
    yield "nul-escape", b'{"text": "Twelve\\u0000people"}'
    yield "id-nul", b'{"id": "\\u0000", "text": "Twelve people were freed."}'
    yield "id-long", json.dumps({"id": "x" * 10_000, "text": STORY}).encode()
    yield "id-huge", json.dumps({"id": "x" * 2 * MEGABYTE, "text": STORY}).encode()
    yield "id-path", b'{"id": "../../../etc/passwd", "text": "Twelve people were freed."}'
    yield "id-list", b'{"id": [[1]], "text": "Twelve people were freed."}'
    yield "number-huge", b'{"id": ' + b"9" * DEEP + b', "text": "Twelve people were freed."}'
    yield "number-float", b'{"id": 1e999, "text": "Twelve people were freed."}'
    yield "nan", b'{"id": NaN, "text": "Twelve people were freed."}'
    yield "text-number", b'{"text": 12}'
    yield "text-null", b'{"text": null}'
    yield "text-list", b'{"text": ["Twelve"]}'
    yield "text-empty", b'{"text": ""}'
    yield "keys-many", b"{" + b",".join(b'"k%d": 1' % n for n in range(DEEP)) + b"}"
    yield "key-twice", b'{"text": "One.", "text": "Twelve people were freed."}'
    yield "title-huge", json.dumps({"text": STORY, "title": "t" * MEGABYTE}).encode()
    yield "date-huge", json.dumps({"text": STORY, "published": "9" * DEEP}).encode()
    yield "date-year", b'{"text": "Yesterday twelve were freed.", "published": "9999-12-31"}'
    yield "date-first", b'{"text": "Ten years ago twelve were freed.", "published": "0001-01-01"}'
    yield "language", b'{"text": "Twelve people were freed.", "language": "\\u202e"}'
    yield "line-20mb", b'{"text": "' + b"x" * 20 * MEGABYTE + b'"}'
    yield "no-json", b"{'text': 'Twelve'}"
    yield "array", b'[{"text": "Twelve"}]'
    yield "string", b'"Twelve"'
    yield "bom-utf-16", '{"text": "Twelve people were freed."}'.encode("utf-16")
    yield "binary", os.urandom(5_000).replace(b"\n", b"")
    yield "no-utf-8", b'{"text": "caf\xe9"}'
    yield "cr", b'{"text": "Twelve people were freed."}\r'


def tables() -> Iterator[tuple[str, bytes]]:
    """CSV."""
    yield "unclosed", b'id,text\n1,"Twelve' + b" people\n" * 1_000
    yield "quotes", b'id,text\n1,"' + b'""' * 50_000 + b'"\n'
    yield "nul", b"id,text\n1,Twelve\0people\n"
    yield "columns", b",".join([b"text"] * DEEP) + b"\n" + b",".join([b"x"] * DEEP)
    yield "field", b"id,text\n1," + b"x" * 17 * MEGABYTE
    yield "latin", b"id,text\n1,caf\xe9\n"
    yield "header-only-text", b"text\n" + STORY.encode()
    yield "random", os.urandom(10_000)
    yield "utf-16", "id,text\n1,Twelve\n".encode("utf-16")
    yield "short-row", b"id,text\n1\n"


def packed() -> Iterator[tuple[str, bytes]]:
    """Files that say that they are packed; the names carry their kinds."""
    zeros = gzip.compress(bytes(100 * MEGABYTE), 9)
    yield "bomb.jsonl.gz", zeros * 100  # 10 GB
    yield "bomb.txt.gz", zeros
    yield "bomb.csv.gz", zeros * 10
    yield "bomb.html.gz", zeros
    yield "blank-lines.jsonl.gz", gzip.compress(b"\n" * 100 * MEGABYTE) * 10
    yield "members.jsonl.gz", gzip.compress(b"") * 100_000 + gzip.compress(b'{"text": "Twelve people were freed."}')
    yield "cut.jsonl.gz", gzip.compress(b'{"text": "Twelve people were freed."}' + os.urandom(500))[:-200]
    yield "no-gzip.jsonl.gz", b'{"text": "Twelve people were freed."}'
    yield "trailing.txt.gz", gzip.compress(STORY.encode()) + b"rubbish"
    yield "twice.txt.gz", gzip.compress(gzip.compress(STORY.encode()))
    yield "empty.jsonl.gz", b""
    yield "bad-sum.txt.gz", gzip.compress(STORY.encode())[:-8] + b"\1" * 8
    yield "no-zstd.jsonl.zst", b"rubbish"
    yield "empty.txt.zst", b""
    yield "window.txt.zst", bytes.fromhex("28b52ffd00ff") + b"\xff" * 100
    yield "no-parquet.parquet", b"PAR1rubbishPAR1"
    yield "footer.parquet", b"PAR1" + b"\xff" * 100 + b"\xff\xff\xff\x7fPAR1"
    yield "empty.parquet", b""
    yield "no-warc.warc", os.urandom(5_000)
    yield "no-warc.warc.gz", gzip.compress(b"rubbish " * 1_000)
    yield "length.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nx"
    yield "headers.warc", b"WARC/1.0\r\n" + b"X: y\r\n" * DEEP
    yield (
        "bomb.warc.gz",
        gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n" + bytes(300 * MEGABYTE)),
    )


def _odd_name(folder: Path, name: bytes) -> None:
    Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text(STORY)  # noqa: PTH118 - bytes


def places() -> Iterator[Callable[[Path], object]]:
    """Makers of what the file system has: odd names, loops, pipes, holes."""
    for name in (b"new\nline.txt", b"byte\xff.txt", b"-o.txt", b"quote'\".txt", b" .txt", b"rtl\xe2\x80\xae.txt",
                 b"x" * 240 + b".txt", b"*.txt", b"a\\b.txt", b"tab\t.txt"):  # fmt: skip
        yield lambda folder, name=name: _odd_name(folder, name)
    yield lambda folder: (folder / "loop.txt").symlink_to("loop.txt")
    yield lambda folder: (folder / "dangling.txt").symlink_to("nowhere.txt")
    yield lambda folder: (folder / "zero.txt").symlink_to("/dev/zero")
    yield lambda folder: (folder / "null.txt").symlink_to("/dev/null")
    yield lambda folder: os.mkfifo(folder / "pipe.txt")
    yield lambda folder: os.mkfifo(folder / "pipe.jsonl.gz")
    yield lambda folder: os.truncate(_touched(folder / "sparse.txt"), 1 << 30)
    yield lambda folder: os.truncate(_touched(folder / "sparse.jsonl"), 1 << 30)
    yield lambda folder: (_touched(folder / "closed.txt").chmod(0), (folder / "closed.txt").write_text(STORY))
    yield lambda folder: ((folder / "folder.txt").mkdir(), (folder / "folder.txt" / "folder.txt").write_text(STORY))
    yield lambda folder: (folder / "around").symlink_to(folder, target_is_directory=True)
    yield lambda folder: (folder / "socket.txt").symlink_to("/proc/self/mem")
    yield lambda folder: (folder / "metadata.jsonl").write_text('{"id": "digits", "published": "never"}\nrubbish\n')


def _touched(path: Path) -> Path:
    path.touch()
    return path


def make(folder: Path) -> int:
    """Makes the files; gives their number."""
    folder.mkdir(parents=True)
    kinds = {"txt": [*texts(), *bytes_of_texts()], "html": pages(), "jsonl": lines(), "csv": tables()}
    for suffix, files in kinds.items():
        for name, data in files:
            (folder / f"{suffix}-{name}.{suffix}").write_bytes(data)
    for name, data in packed():
        (folder / f"packed-{name}").write_bytes(data)
    for maker in places():
        maker(folder)
    return sum(1 for _ in os.scandir(folder))


def run(folder: Path) -> int:
    """Runs over them and prints what became of each; gives how many are unaccounted for."""
    out = folder.with_name(f"{folder.name}-out")
    command = [sys.executable, "-m", "extract", "run", str(folder), "-o", str(out / "facts.jsonl"), "--articles",
               str(out / "articles.jsonl"), "--workers", "2", "--force"]  # fmt: skip
    started = time.monotonic()
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    told = {kind: (out / f"{kind}.jsonl").read_text() for kind in ("articles", "facts.errors")}
    articles = [json.loads(line)["id"] for line in told["articles"].splitlines()]
    errors = [json.loads(line) for line in told["facts.errors"].splitlines()]
    seen = {Path(error["where"].rpartition(":")[0] or error["where"]).name for error in errors}
    seen |= {Path(error["where"]).name for error in errors}
    ids = {error["id"] for error in errors} | set(articles)
    missing = [path.name for path in sorted(folder.iterdir()) if not _is_told_of(path, seen, ids, done.stderr)]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(f"{done.stderr}{len(articles)} articles, {len(errors)} errors, exit code {done.returncode}, "
                     f"{time.monotonic() - started:.0f} s, {peak} MB in the largest process\n"
                     f"not told of: {missing}\n")  # fmt: skip
    return len(missing)


def _is_told_of(path: Path, seen: set[str], ids: set[str], notes: str) -> bool:
    """Whether an error or a notice names the file, or an article has the id that comes of the file when read alone."""
    shown = path.name.encode("utf-8", "backslashreplace").decode()
    if shown in seen or any(one.startswith(f"{shown}:") for one in seen) or shown in notes:
        return True
    return any(getattr(outcome, "id", None) in ids for outcome in read_articles([str(path)]))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    sys.stdout.write(f"{make(place)} files\n")
    sys.exit(run(place) if "--run" in sys.argv else 0)
