"""Label Studio: a JSON array of tasks with predictions; back its `JSON` export, which alone keeps ids and origins.

Region ids are the facts' ids, which survive the round trip. Offsets are code points. A region of the prediction that
an annotation lacks was rejected; a cancelled annotation says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from extract._version import __version__
from extract.annotation.exchange import LINKS, Mark, Returned, Task, links_of, value_of
from extract.annotation.files import broken, published, read_json
from extract.fact import EVENT_TYPES, FACT_TYPES, Count, Date, Envelope, Event, Modality

_COLOURS = {
    "person": "#8a3ffc", "organisation": "#0f62fe", "place": "#0e7c3a", "date": "#007d8f", "count": "#a85b00",
    "event": "#c8102e", "statement": "#6b7280",
}  # fmt: skip


def config() -> str:
    """The labelling configuration: types, event types, modality, number, value, relations."""
    labels = "\n".join(f'    <Label value="{t}" background="{_COLOURS[t]}"/>' for t in FACT_TYPES)
    events = "".join(f'<Choice value="{name}"/>' for name in EVENT_TYPES)
    modalities = "".join(f'<Choice value="{name}"/>' for name in get_args(Modality))
    relations = "".join(f'<Relation value="{name}"/>' for name in LINKS)
    per_region = 'perRegion="true" toName="text"'
    return f"""<View>
  <Header value="$title"/>
  <Labels name="label" toName="text">
{labels}
  </Labels>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
  <Text name="text" value="$text" saveTextResult="yes"/>
  <Choices name="event_type" {per_region} whenTagName="label" whenLabelValue="event" choice="single-radio">
    {events}
  </Choices>
  <Number name="number" {per_region} whenTagName="label" whenLabelValue="count"/>
  <TextArea name="value" {per_region} whenTagName="label" whenLabelValue="date" maxSubmissions="1" editable="true"/>
  <Choices name="modality" {per_region} choice="single-radio">{modalities}</Choices>
  <TextArea name="note" {per_region} editable="true"/>
  <Relations>{relations}</Relations>
</View>
"""


def write(tasks: Iterable[Task], output: Path) -> int:
    """Writes the tasks, and the labelling configuration beside them; gives how many there are."""
    number = 0
    with published(output) as stream:
        stream.write("[")
        for number, task in enumerate(tasks, 1):
            stream.write(",\n" if number > 1 else "\n")
            json.dump(_task(task), stream, ensure_ascii=False)
        stream.write("\n]\n")
    with published(output.with_suffix(".config.xml")) as stream:
        stream.write(config())
    return number


def _task(task: Task) -> dict[str, Any]:
    article = task.article
    sure = sum(fact.confidence for fact in task.facts) / max(1, len(task.facts))
    return {
        "data": {
            "text": article.text, "title": article.title or article.id, "article": article.id,
            "text_sha256": article.text_sha256, "facts": task.ids,
        },
        "predictions": [{
            "model_version": f"extract-{__version__}", "score": round(sure, 3),
            "result": [part for fact in task.facts for part in _result(fact, set(task.ids))],
        }],
    }  # fmt: skip


def _result(fact: Envelope, known: set[str]) -> Iterator[dict[str, Any]]:
    """Yields the region, then what hangs on it under the same id, then its relations."""
    place = {"start": fact.span.start, "end": fact.span.end, "text": fact.span.text}

    def part(name: str, kind: str, value: Any) -> dict[str, Any]:
        shown = {"from_name": name, "to_name": "text", "type": kind, "id": fact.id, "origin": "prediction"}
        return shown | {"value": place | {kind: value}, "score": fact.confidence}

    yield part("label", "labels", [fact.type]) | {"meta": {"text": [f"{fact.by.rule} {fact.confidence:.2f}"]}}
    yield part("modality", "choices", [fact.modality])
    if isinstance(fact, Event):
        yield part("event_type", "choices", [fact.event_type])
    value = value_of(fact)
    if isinstance(fact, Count) and value is not None:
        yield part("number", "number", value)
    elif isinstance(fact, Date):
        yield part("value", "textarea", [value])
    for name, id_ in links_of(fact).items():
        if id_ in known:
            yield {"type": "relation", "from_id": fact.id, "to_id": id_, "direction": "right", "labels": [name]}


def read(path: Path) -> Iterator[Returned]:
    """Yields each annotation that was not cancelled.

    Raises:
        ReadError: the file is no `JSON` export of these tasks.
    """
    exported = read_json(path)
    if not isinstance(exported, list):
        raise broken(path, "a JSON array of tasks", "Export as JSON, not as JSON-MIN or CSV")
    for task in exported:
        data = task.get("data") if isinstance(task, dict) else None
        if not isinstance(data, dict) or "text_sha256" not in data:
            raise broken(path, "tasks that `extract export --to labelstudio` wrote", "Export as JSON, not as JSON-MIN")
        for annotation in task.get("annotations", ()):
            if not annotation.get("was_cancelled"):
                yield _returned(data, annotation)


def _returned(data: dict[str, Any], annotation: dict[str, Any]) -> Returned:
    known = frozenset(data.get("facts", ()))
    regions: dict[str, dict[str, Any]] = {}
    links: dict[str, dict[str, str | None]] = {}
    problems: list[str] = []
    for part in annotation.get("result", ()):
        if part.get("type") == "relation":
            for name in part.get("labels", ()):
                links.setdefault(part["from_id"], {})[name] = part["to_id"]
        else:
            regions.setdefault(part["id"], {})[part["from_name"]] = part
    marks = [mark for id_, parts in regions.items() if (mark := _mark(id_, parts, data, links, problems))]
    who = annotation.get("completed_by")
    name = who.get("email") or who.get("id") if isinstance(who, dict) else who
    at = annotation.get("updated_at") or annotation.get("created_at")
    return Returned(
        data["text_sha256"], tuple(marks), data.get("article", ""), f"labelstudio-{name}" if name else "",
        datetime.fromisoformat(at) if at else None, known, tuple(problems),
    )  # fmt: skip


def _mark(
    id_: str, parts: dict[str, Any], data: dict[str, Any], links: dict[str, dict[str, str | None]], problems: list[str]
) -> Mark | None:
    region = parts.get("label")
    if region is None:
        return None
    value = region["value"]
    labels = value.get("labels") or [""]
    start, end = int(value["start"]), int(value["end"])
    if labels[0] not in FACT_TYPES:
        problems.append(f"{start}..{end} has the unknown label {labels[0]!r}")
        return None
    here = data["text"][start:end]
    if value.get("text", here).replace("\\n", "\n") != here.replace("\\n", "\n"):  # it writes line ends as \n
        problems.append(f"{start}..{end} is {value['text']!r} there and {here!r} in the article")
        return None
    fact = id_ if id_ in data.get("facts", ()) else None
    return Mark(start, end, labels[0], fact, _fields(labels[0], parts), links.get(id_, {}))


def _fields(type_: str, parts: dict[str, Any]) -> dict[str, Any]:
    def said(name: str, kind: str) -> Any:
        found = parts.get(name, {}).get("value", {}).get(kind)
        return found[0] if isinstance(found, list) and found else found or None

    fields: dict[str, Any] = {"modality": said("modality", "choices") or "actual"}
    if type_ == "event":
        fields["event_type"] = said("event_type", "choices")
    elif type_ == "count":
        number = parts.get("number", {}).get("value", {}).get("number")
        fields["value"] = int(number) if isinstance(number, float) and number == int(number) else number
    elif type_ == "date":
        fields["value"] = said("value", "textarea")
    return fields
