"""Every room's table of examples: one line, one test.

`[[...]]` marks the mentions of the room's type in the text, all of them and no others; `expect` gives each one's
canonical line in the same order. No marks: nothing of that type may come out. `anchor` is the publication date,
`fields` optional further checks, one object a mark, dotted path -> value (a span is compared by its text), and
`known_failure` a strict xfail with its reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extract import Article

ROOMS = Path(__file__).resolve().parent.parent / "extract" / "facts"
KEYS = {"text", "expect", "anchor", "fields", "note", "known_failure", "language"}


def rows():
    for path in sorted(ROOMS.glob("*/cases.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                row = read_row(line, f"{path.parent.name}/cases.jsonl:{number}")
                marks = [pytest.mark.xfail(reason=row["known_failure"], strict=True)] if "known_failure" in row else []
                yield pytest.param(path.parent.name, row, id=f"{path.parent.name}:{number}", marks=marks)


def read_row(line: str, where: str) -> dict[str, Any]:
    row = json.loads(line)
    unknown = set(row) - KEYS
    marks = row["text"].count("[[")
    if unknown or marks != row["text"].count("]]") or marks != len(row["expect"]):
        raise ValueError(f"{where}: unknown keys {unknown}, or marks and expected values differ in number")
    return row


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    plain, spans = "", []
    for part in text.split("[["):
        mention, closed, rest = part.partition("]]")
        if closed:
            spans.append((len(plain), len(plain) + len(mention)))
        plain += mention + rest
    return plain, spans


def at(fact: dict[str, Any], path: str) -> Any:
    found: Any = fact
    for key in path.split("."):
        found = found[int(key)] if isinstance(found, list) else found.get(key) if found else None
    return found["text"] if isinstance(found, dict) and "text" in found else found


@pytest.mark.parametrize(("room", "row"), tuple(rows()))
def test_case(extractor, room, row):
    text, spans = unmark(row["text"])
    article = Article(id="case", text=text, published=row.get("anchor"), language=row.get("language"))
    facts = [f for f in extractor.extract(article) if f.type == room]
    found = [((f.span.start, f.span.end), f.canonical()) for f in facts]
    assert [text[a:b] for (a, b), _ in found] == [text[a:b] for a, b in spans]
    assert [c for _, c in found] == row["expect"]
    assert [s for s, _ in found] == spans
    for fact, wanted in zip(facts, row.get("fields", []), strict=False):
        plain = json.loads(fact.model_dump_json(by_alias=True))
        assert {path: at(plain, path) for path in wanted} == wanted
