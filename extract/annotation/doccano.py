"""doccano: JSONL of sequence labelling with relations. Switch on "Allow overlapping spans", or nested ones are dropped.

Span ids are renumbered there, so that facts are found again by article, place and label. Every line has the same keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from extract.annotation.exchange import LABELS, Mark, Returned, Task, label_of, links_of, of_label
from extract.annotation.files import broken, published, read_json_lines


def write(tasks: Iterable[Task], output: Path) -> int:
    """Writes a line per article, and the labels beside; gives how many lines."""
    number = 0
    with published(output) as stream:
        for number, task in enumerate(tasks, 1):  # noqa: B007 - counts
            stream.write(json.dumps(_line(task), ensure_ascii=False) + "\n")
    with published(output.with_suffix(".labels.json")) as stream:
        json.dump([{"text": label} for label in LABELS], stream, indent=1)
    return number


def _line(task: Task) -> dict[str, Any]:
    number = {id_: n for n, id_ in enumerate(task.ids)}
    entities = [
        {"id": number[f.id], "start_offset": f.span.start, "end_offset": f.span.end, "label": label_of(f)}
        for f in task.facts
    ]
    links = [(f.id, name, id_) for f in task.facts for name, id_ in links_of(f).items() if id_ in number]
    relations = [
        {"id": n, "from_id": number[one], "to_id": number[other], "type": name}
        for n, (one, name, other) in enumerate(links)
    ]
    return {
        "text": task.article.text, "entities": entities, "relations": relations, "article": task.article.id,
        "text_sha256": task.article.text_sha256, "facts": " ".join(task.ids),
    }  # fmt: skip


def read(path: Path) -> Iterator[Returned]:
    """Yields each article of an export; both of doccano's forms, `entities` and `label`, are read.

    Raises:
        ReadError: a line is not of these tasks.
    """
    for number, line in read_json_lines(path):
        origin = line | (line.get("meta") or line.get("metadata") or {})
        if "text_sha256" not in origin:
            raise broken(path, "lines that `extract export --to doccano` wrote", f"See line {number}")
        marks, problems = _marks(line)
        known = frozenset(str(origin.get("facts", "")).split()) or None
        yield Returned(origin["text_sha256"], tuple(marks), str(origin.get("article", "")), exported=known,
                       problems=tuple(problems))  # fmt: skip


def _marks(line: dict[str, Any]) -> tuple[list[Mark], list[str]]:
    spans = [(e["start_offset"], e["end_offset"], e["label"]) for e in line.get("entities", ())]
    spans += [(start, end, label) for start, end, label in line.get("label") or line.get("labels") or ()]
    marks, problems = [], []
    for start, end, label in spans:
        told = of_label(str(label))
        if told is None:
            problems.append(f"{start}..{end} has the unknown label {label!r}")
        else:
            marks.append(Mark(start, end, told[0], None, told[1]))
    return marks, problems
