"""W3C Web Annotation (JSON-LD): each fact an annotation with two selectors that say the same place in two ways.

TextPositionSelector counts code points; TextQuoteSelector finds the place in a text that changed. One body says the
type, one holds the whole fact as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from extract.annotation.exchange import Mark, Returned, Task
from extract.annotation.files import broken, published, read_json
from extract.correction.anchor import CONTEXT
from extract.correction.entry import REVIEWABLE
from extract.fact import FACT_TYPES, Envelope, to_json

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_ID = "urn:extract:fact:"
_TEXT = "urn:sha256:"


def write(tasks: Iterable[Task], output: Path) -> int:
    """Writes one AnnotationPage; gives how many articles are in it."""
    number = 0
    is_first = True
    exported: dict[str, list[str]] = {}
    with published(output) as stream:
        stream.write(f'{{"@context": "{_CONTEXT}", "type": "AnnotationPage", "items": [')
        for number, task in enumerate(tasks, 1):  # noqa: B007 - counts
            for fact in task.facts:
                stream.write("\n" if is_first else ",\n")
                json.dump(_annotation(fact, task.article.text), stream, ensure_ascii=False)
                is_first = False
            exported[task.article.text_sha256] = task.ids
        stream.write(f'\n], "exported": {json.dumps(exported)}}}\n')
    return number


def _annotation(fact: Envelope, text: str) -> dict[str, Any]:
    start, end = fact.span.start, fact.span.end
    return {
        "id": f"{_ID}{fact.id}", "type": "Annotation", "motivation": "classifying",
        "generator": {"type": "Software", "name": f"extract {fact.by.version}: {fact.by.component}/{fact.by.rule}"},
        "body": [
            {"type": "TextualBody", "purpose": "classifying", "value": fact.type},
            {"type": "TextualBody", "purpose": "describing", "format": "application/json", "value": to_json(fact)},
        ],
        "target": {
            "source": fact.article.url or f"{_TEXT}{fact.article.text_sha256}",
            "state": {"type": "State", "value": f"{_TEXT}{fact.article.text_sha256}"},
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {"type": "TextQuoteSelector", "exact": fact.span.text, "prefix": text[max(0, start - CONTEXT) : start],
                 "suffix": text[end : end + CONTEXT]},
            ],
        },
    }  # fmt: skip


def read(path: Path) -> Iterator[Returned]:
    """Yields the annotations of each article together.

    Raises:
        ReadError: the file is no AnnotationPage.
    """
    page = read_json(path)
    if not isinstance(page, dict) or not isinstance(page.get("items"), list):
        raise broken(path, "an AnnotationPage with items", "See https://www.w3.org/TR/annotation-model/")
    marks: dict[str, list[Mark]] = {}
    problems: dict[str, list[str]] = {}
    for item in page["items"]:
        try:
            digest, mark = _mark(item)
            marks.setdefault(digest, []).append(mark)
        except (KeyError, TypeError, ValueError, StopIteration) as error:
            state = item.get("target", {}).get("state", {}).get("value", "") if isinstance(item, dict) else ""
            problems.setdefault(state.removeprefix(_TEXT), []).append(f"an annotation can't be read: {error!r}")
    exported = page.get("exported") or {}
    for digest in marks | problems | exported:
        known = frozenset(exported[digest]) if digest in exported else None
        yield Returned(digest, tuple(marks.get(digest, ())), exported=known, problems=tuple(problems.get(digest, ())))


def _mark(item: dict[str, Any]) -> tuple[str, Mark]:
    target = item["target"]
    place = next(one for one in target["selector"] if one["type"] == "TextPositionSelector")
    bodies = {body["purpose"]: body["value"] for body in item["body"]}
    type_ = bodies["classifying"]
    if type_ not in FACT_TYPES:
        raise ValueError(type_)
    fact = json.loads(bodies["describing"]) if "describing" in bodies else {}
    fields = {name: value for name, value in fact.items() if name in REVIEWABLE} if fact.get("type") == type_ else {}
    digest = target["state"]["value"].removeprefix(_TEXT)
    id_ = str(item.get("id", ""))
    return digest, Mark(
        place["start"], place["end"], type_, id_.removeprefix(_ID) if id_.startswith(_ID) else None, fields
    )
