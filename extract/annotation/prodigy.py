"""Prodigy: JSONL with tokens and spans for `spans.manual` (spans may overlap); `token_end` is inclusive."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extract.annotation.exchange import Mark, Returned, Task, label_of, of_label
from extract.annotation.files import broken, published, read_json_lines

_TOKEN = re.compile(r"\w+|[^\w\s]")


def write(tasks: Iterable[Task], output: Path) -> int:
    """Writes a line per article; gives how many."""
    number = 0
    with published(output) as stream:
        for number, task in enumerate(tasks, 1):  # noqa: B007 - counts
            stream.write(json.dumps(_task(task), ensure_ascii=False) + "\n")
    return number


def _task(task: Task) -> dict[str, Any]:
    article = task.article
    cuts = {at for fact in task.facts for at in (fact.span.start, fact.span.end)}
    tokens = tokenise(article.text, cuts)
    starts = [token["start"] for token in tokens]
    spans = [
        {
            "start": fact.span.start, "end": fact.span.end, "label": label_of(fact), "id": fact.id,
            "token_start": bisect_right(starts, fact.span.start) - 1,
            "token_end": bisect_right(starts, fact.span.end - 1) - 1,
        }
        for fact in task.facts
    ]  # fmt: skip
    return {
        "text": article.text, "tokens": tokens, "spans": spans, "meta": {"article": article.id},
        "extract": {"article": article.id, "text_sha256": article.text_sha256, "facts": task.ids},
    }  # fmt: skip


def tokenise(text: str, cuts: set[int]) -> list[dict[str, Any]]:
    """Words and marks, cut wherever a fact begins or ends, so that every span fits.

    >>> [token["text"] for token in tokenise("1,437 men", {1})]
    ['1', ',', '437', 'men']
    """
    ordered = sorted(cuts)
    tokens: list[dict[str, Any]] = []
    for found in _TOKEN.finditer(text):
        first = bisect_right(ordered, found.start())
        last = bisect_right(ordered, found.end() - 1)
        edges = [found.start(), *ordered[first:last], found.end()]
        for start, end in zip(edges, edges[1:], strict=False):  # noqa: RUF007 - two of a short list
            ws = text[end : end + 1].isspace()
            tokens.append({"text": text[start:end], "start": start, "end": end, "id": len(tokens), "ws": ws})
    return tokens


def read(path: Path) -> Iterator[Returned]:
    """Yields each article that was accepted; what was rejected or ignored as a whole says nothing about its facts.

    Raises:
        ReadError: a line is not of these tasks.
    """
    for number, line in read_json_lines(path):
        origin = line.get("extract")
        if not isinstance(origin, dict):
            raise broken(path, "lines that `extract export --to prodigy` wrote", f"See line {number}")
        if line.get("answer", "accept") != "accept":
            continue
        marks, problems = _marks(line.get("spans", ()), frozenset(origin["facts"]))
        at = line.get("_timestamp")
        yield Returned(
            origin["text_sha256"], marks, origin["article"], str(line.get("_annotator_id") or ""),
            datetime.fromtimestamp(at, UTC) if at else None, frozenset(origin["facts"]), problems,
        )  # fmt: skip


def _marks(spans: Iterable[dict[str, Any]], known: frozenset[str]) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    marks, problems = [], []
    for span in spans:
        told = of_label(str(span["label"]))
        if told is None:
            problems.append(f"{span['start']}..{span['end']} has the unknown label {span['label']!r}")
        else:
            fact = span.get("id")
            marks.append(Mark(span["start"], span["end"], told[0], fact if fact in known else None, told[1]))
    return tuple(marks), tuple(problems)
