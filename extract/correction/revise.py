"""A fact as a person wants it: the fields of a form, or another span, made into a fact that keeps the contract."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from extract._version import __version__
from extract.correction.moving import Target
from extract.correction.replay import content
from extract.errors import InputError
from extract.fact import (
    FACT,
    FACT_CLASSES,
    Envelope,
    check_spans,
    fact_id,
)  # fmt: skip

COMPONENT = "annotator"
_ENTITIES = frozenset({"person", "organisation", "place"})
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3}){1,4}|\d{1,15}(?:\.\d{1,6})?")


class RevisionError(InputError):
    """What a person wants makes no fact."""


def revised(target: Target, was: Envelope, type_: str, fields: dict[str, Any], annotator: str) -> Envelope:
    """The fact with other fields; the same fact where nothing changed.

    Raises:
        RevisionError: the fields make no fact.
    """
    hidden = was.model_dump(mode="json") if type_ == was.type else {}
    new = _built(target, type_, hidden | fields, (annotator, "edited"))
    return was if content(new) == content(was) else new


def added(target: Target, type_: str, fields: dict[str, Any], annotator: str) -> Envelope:
    """A fact that the extraction missed.

    Raises:
        RevisionError: the fields make no fact.
    """
    return _built(target, type_, fields, (annotator, "added"))


def respanned(target: Target, fact: Envelope, span: dict[str, Any], annotator: str) -> Envelope:
    """The fact on another span; an entity's name and mentions follow.

    Raises:
        RevisionError: the span makes no fact.
    """
    fields = fact.model_dump(mode="json")
    old = fields["span"]
    if fact.type in _ENTITIES:
        others = [mention for mention in fields["mentions"] if mention not in (old, span)]
        fields["mentions"] = sorted([*others, span], key=lambda mention: mention["start"])
        fields["name"] = span["text"] if fields["name"] == old["text"] else fields["name"]
    return revised(target, fact, fact.type, fields | {"span": span}, annotator)


def proposal(type_: str, span: dict[str, Any]) -> dict[str, Any]:
    """The fields that a new fact on a span begins with: what its text says by itself, nothing more."""
    fields: dict[str, Any] = {"span": span, "modality": "actual"}
    if type_ in _ENTITIES:
        fields |= {"name": span["text"], "mentions": [span], "kind": "other"}
    elif type_ == "count":
        digits = _DIGITS.fullmatch(span["text"].strip())
        value = float(digits[0].replace(",", "")) if digits else None
        fields |= {"value": value, "comparator": "exact", "kind": "cardinal"}
    elif type_ == "date":
        fields |= {"timex": "DATE"}
    elif type_ == "statement":
        fields |= {"direct": span["text"][0] in "\"“„«'‘"}
    return fields


def _built(target: Target, type_: str, fields: dict[str, Any], maker: tuple[str, str]) -> Envelope:
    annotator, rule = maker
    span = fields.get("span")
    if not span:
        raise RevisionError("the span is missing", expected="the words that the fact rests on", advice="Select them")
    sha, start, end = target.article.text_sha256, span["start"], span["end"]
    envelope = {
        "schema": "1", "type": type_, "article": target.reference.model_dump(),
        "id": fact_id(sha, type_, start, end, fields.get("event_type") or ""),
        "sentence": target.sentence(start, end), "confidence": 1.0,
        "by": {"component": COMPONENT, "rule": rule, "version": __version__, "model": annotator},
    }  # fmt: skip
    known = {
        key: value for key, value in fields.items() if key in FACT_CLASSES[type_].model_fields and _is_said(key, value)
    }
    known.pop("schema_", None)
    try:
        fact: Envelope = FACT.validate_python(known | envelope)
    except ValidationError as error:
        raise RevisionError("; ".join(map(_in_words, error.errors(include_url=False)[:4]))) from error
    check_spans(fact, target.article.text)
    return fact


def _is_said(name: str, value: Any) -> bool:
    """Whether a field was filled in; a required one that was not is then named as missing."""
    return value is not None or name in {"attribution", "kb"}


def _in_words(error: Any) -> str:
    path = [str(step) for step in error["loc"] if step not in FACT_CLASSES]
    name = " ".join(path).replace("_", " ") or "the fact"
    return f"{name} is missing" if error["type"] in {"missing", "string_type"} else f"{name}: {error['msg'].lower()}"
