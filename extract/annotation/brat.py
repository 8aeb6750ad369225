"""brat: a folder with NAME.txt and NAME.ann for each article, and annotation.conf.

An event's T is its trigger and carries nothing else: attributes, relations and notes hang on its E. A T's quote equals
the text or brat skips the line; where a fact runs over a line's end, it is cut into fragments there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from extract.annotation.exchange import LINKS, Mark, Returned, Task, label_of, links_of, of_label, value_of
from extract.annotation.files import broken, published, read_json, read_text
from extract.fact import EVENT_TYPES, FACT_TYPES, Event, Modality

_LINE = re.compile(r"[^\r\n]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_EXPORTED = "exported.json"  # brat looks at .txt and .ann alone
_NOTE = re.compile(r"fact=([0-9a-f]{32})(?: value=(\S+))?")


def configuration() -> str:
    """annotation.conf: the types, the events, the relations and the modality."""
    entities = "\n".join(type_ for type_ in FACT_TYPES if type_ != "event")
    events = "\n".join(f"event_{name}" for name in EVENT_TYPES)
    relations = "\n".join(f"{name}\tArg1:<ANY>, Arg2:<ANY>" for name in LINKS)
    modality = f"modality\tArg:<ANY>, Value:{'|'.join(get_args(Modality))}"
    overlap = "<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"
    sections = {"entities": entities, "events": events, "relations": f"{relations}\n{overlap}", "attributes": modality}
    return "".join(f"[{name}]\n{lines}\n" for name, lines in sections.items())


def write(tasks: Iterable[Task], output: Path) -> int:
    """Writes two files per article into the folder; gives how many articles."""
    exported: dict[str, list[str]] = {}
    for number, task in enumerate(tasks, 1):
        exported.setdefault(task.article.text_sha256, task.ids)
        name = f"{number:05d}_{_UNSAFE.sub('_', task.article.id)[:60]}"
        with published(output / f"{name}.txt") as stream:
            stream.write(task.article.text)
        with published(output / f"{name}.ann") as stream:
            stream.writelines(f"{line}\n" for line in _lines(task))
    with published(output / "annotation.conf") as stream:
        stream.write(configuration())
    with published(output / _EXPORTED) as stream:
        json.dump(exported, stream)
    return len(exported)


def _lines(task: Task) -> Iterator[str]:
    holder: dict[str, str] = {}
    for n, fact in enumerate(task.facts, 1):
        pieces = list(_LINE.finditer(fact.span.text))
        places = ";".join(f"{fact.span.start + piece.start()} {fact.span.start + piece.end()}" for piece in pieces)
        yield f"T{n}\t{label_of(fact)} {places}\t{' '.join(piece[0] for piece in pieces)}"
        holder[fact.id] = f"E{n}" if isinstance(fact, Event) else f"T{n}"
        if isinstance(fact, Event):
            yield f"E{n}\t{label_of(fact)}:T{n}"
    for n, fact in enumerate(task.facts, 1):
        yield f"A{n}\tmodality {holder[fact.id]} {fact.modality}"
        value = value_of(fact)
        shown = "" if value is None else f" value={value:.15g}" if isinstance(value, float | int) else f" value={value}"
        yield f"#{n}\tAnnotatorNotes {holder[fact.id]}\tfact={fact.id}{shown}"
    links = [(f.id, name, id_) for f in task.facts for name, id_ in links_of(f).items() if id_ in holder]
    for n, (one, name, other) in enumerate(links, 1):
        yield f"R{n}\t{name} Arg1:{holder[one]} Arg2:{holder[other]}"


@dataclass(slots=True)
class _File:
    """The lines of one .ann, sorted by what they are."""

    spans: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    modality: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read(path: Path) -> Iterator[Returned]:
    """Yields each article of the folder.

    Raises:
        ReadError: there is no .ann in it, or no .txt beside one.
    """
    paths = sorted(path.glob("*.ann"))
    if not paths:
        raise broken(path, "a folder with .ann files", "Give the folder that brat works on")
    exported = read_json(path / _EXPORTED) if (path / _EXPORTED).exists() else {}
    for ann in paths:
        text = read_text(ann.with_suffix(".txt"))
        parsed = _parse(read_text(ann))
        marks = tuple(_marks(parsed))
        digest = sha256(text.encode("utf-8")).hexdigest()
        known = frozenset(exported[digest]) if digest in exported else None
        yield Returned(digest, marks, ann.stem, exported=known, problems=tuple(parsed.problems))


def _parse(source: str) -> _File:
    file = _File()
    for number, line in enumerate(source.split("\n"), 1):
        parts = line.rstrip("\r").split("\t")
        try:
            if line.strip():
                _take(file, parts)
        except (ValueError, IndexError):
            file.problems.append(f"line {number} can't be read: {line[:60]!r}")
    return file


def _take(file: _File, parts: list[str]) -> None:
    id_, words = parts[0], parts[1].split(" ")
    if id_[0] == "T":
        places = [int(at) for at in re.split(r"[ ;]", " ".join(words[1:]))]
        file.spans[id_] = words[0], min(places), max(places)
    elif id_[0] == "E":
        file.events[words[0].split(":")[1]] = id_
    elif id_[0] in "AM" and words[0] == "modality":
        file.modality[words[1]] = words[2]
    elif id_[0] == "#":
        file.notes[words[1]] = parts[2]
    elif id_[0] == "R":
        one, other = (word.split(":")[1] for word in words[1:3])
        file.links.setdefault(one, {})[words[0]] = other


def _marks(file: _File) -> Iterator[Mark]:
    holder = {id_: file.events.get(id_, id_) for id_ in file.spans}
    notes = {id_: _NOTE.search(note) for id_, note in file.notes.items()}
    ids = {id_: found[1] for id_, found in notes.items() if found}
    for span, (label, start, end) in file.spans.items():
        told = of_label(label)
        if told is None:
            file.problems.append(f"{start}..{end} has the unknown label {label!r}")
            continue
        id_ = holder[span]
        fields: dict[str, Any] = told[1] | {"modality": file.modality.get(id_, "actual")}
        note = notes.get(id_)
        value = note[2] if note else None
        if told[0] == "date" and value:
            fields["value"] = value
        elif told[0] == "count" and value and _is_number(value):
            fields["value"] = int(float(value)) if float(value) == int(float(value)) else float(value)
        links: dict[str, str | None] = {n: ids[o] for n, o in file.links.get(id_, {}).items() if o in ids}
        yield Mark(start, end, told[0], ids.get(id_), fields, links)


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < 1e300
    except ValueError:
        return False
