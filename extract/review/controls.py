"""A fact's fields as controls of a form, and a form's words back as fields: both follow the types of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from extract.correction.revise import RevisionError
from extract.fact import FACT_CLASSES, Span

_NOT_FOR_FORMS = frozenset({"schema_", "id", "type", "article", "sentence", "confidence", "by", "chain"})
_LAST = ("modality", "attribution")
_TO: dict[str, tuple[str, ...]] = {
    "of": ("count",), "was": ("count",), "as_of": ("date",), "place": ("place",), "organisation": ("organisation",),
    "source_id": ("person", "organisation"), "entity": ("person", "organisation", "place"), "fact": ("date", "count"),
}  # fmt: skip
_DAYS = frozenset({"first", "last", "day"})
_HINTS = {"kb": "Wikidata’s QID, such as Q7075820"}
_TIMEX_HINT = "ISO 8601 with TIMEX3’s extensions: 2022-12-14, 2020-08, P5Y, PRESENT_REF"

Kind = Literal["text", "number", "date", "choice", "tick", "span", "fact", "group", "rows"]


class FormError(RevisionError):
    """A form holds something that no fact can say."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Control:
    """One control: `value` is what the form sends back; groups and rows hold further controls."""

    name: str
    label: str
    kind: Kind
    value: str = ""
    text: str = ""
    choices: tuple[Choice, ...] = ()
    parts: tuple[Control, ...] = ()
    blank: tuple[Control, ...] = ()
    is_optional: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Shape:
    """What a field's annotation comes to: the type behind None and Annotated, and whether None is allowed."""

    type: Any
    is_optional: bool
    item: Any = None
    literals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """The facts that references may name: (id, type, label)."""

    facts: tuple[tuple[str, str, str], ...] = field(default=())

    def choices(self, name: str) -> tuple[Choice, ...]:
        """The facts that a field of that name may refer to."""
        types = _TO[name]
        return tuple(Choice(id_, f"{label} ({type_})") for id_, type_, label in self.facts if type_ in types)


def controls_of(type_: str, fact: Mapping[str, Any], context: Context) -> list[Control]:
    """The controls of a fact of that type, filled from its JSON; fields of other types are left out."""
    names = [name for name in FACT_CLASSES[type_].model_fields if name not in _NOT_FOR_FORMS]
    names.sort(key=lambda name: (name in _LAST, name != "span"))
    return [_control(FACT_CLASSES[type_], name, name, fact.get(name), context) for name in names]


def _control(model: type[BaseModel], name: str, path: str, value: Any, context: Context) -> Control:
    shape = shape_of(model, name)
    label = name.replace("_", " ")
    if shape.item is not None:
        rows = tuple(_row(shape.item, f"{path}.{n}", one, context) for n, one in enumerate(value or ()))
        return Control(path, label, "rows", parts=rows, blank=(_row(shape.item, f"{path}.__n__", None, context),))
    return _single(shape, name, path, value, context)


def _row(item: Any, path: str, value: Any, context: Context) -> Control:
    if item is Span:
        return _span_control(path, "", value, is_optional=False)
    return Control(path, "", "group", parts=_parts(item, path, value, context))


def _parts(model: type[BaseModel], path: str, value: Any, context: Context) -> tuple[Control, ...]:
    return tuple(
        _control(model, name, f"{path}.{name}", (value or {}).get(name), context) for name in model.model_fields
    )


def _single(shape: Shape, name: str, path: str, value: Any, context: Context) -> Control:
    label = name.replace("_", " ")
    if shape.type is Span:
        return _span_control(path, label, value, is_optional=shape.is_optional)
    if isinstance(shape.type, type) and issubclass(shape.type, BaseModel):
        return Control(path, label, "group", parts=_parts(shape.type, path, value, context))
    kind = _kind(shape, name, value)
    choices = tuple(Choice(one, one.replace("_", " ")) for one in shape.literals)
    if kind == "fact":
        choices = context.choices(name)
    hint = _TIMEX_HINT if name == "value" and kind == "text" else _HINTS.get(name, "")
    return Control(path, label, kind, _said(kind, value), "", choices, is_optional=shape.is_optional, hint=hint)


def _kind(shape: Shape, name: str, value: Any) -> Kind:
    if shape.literals:
        return "choice"
    if shape.type is bool:
        return "tick"
    if shape.type is float:
        return "number"
    if name in _TO:
        return "fact"
    return "date" if name in _DAYS and (not value or _is_day(value)) else "text"


def _said(kind: Kind, value: Any) -> str:
    if kind == "tick":
        return "yes" if value else ""
    if kind == "number":
        return "" if value is None else f"{value:.15g}"
    return str(value or "")


def _span_control(path: str, label: str, value: Any, *, is_optional: bool) -> Control:
    if not value:
        return Control(path, label, "span", is_optional=is_optional)
    return Control(path, label, "span", f"{value['start']}:{value['end']}", value["text"], is_optional=is_optional)


def shape_of(model: type[BaseModel], name: str) -> Shape:
    """What the field's annotation comes to."""
    return _shape(model.model_fields[name].annotation)


def _shape(annotation: Any) -> Shape:
    if get_origin(annotation) is Annotated:
        return _shape(get_args(annotation)[0])
    if get_origin(annotation) is tuple:
        return Shape(tuple, is_optional=True, item=get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return Shape(str, is_optional=False, literals=get_args(annotation))
    if get_origin(annotation) in {Union, UnionType}:
        shapes = [_shape(one) for one in get_args(annotation) if one is not NoneType]
        literals = tuple(one for shape in shapes for one in shape.literals)
        type_ = float if any(shape.type is float for shape in shapes) else shapes[0].type
        is_optional = NoneType in get_args(annotation)
        return Shape(type_, is_optional=is_optional, literals=literals)
    return Shape(annotation, is_optional=False)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def fields_of(type_: str, words: Iterable[tuple[str, str]], text: str) -> dict[str, Any]:
    """The fields that a form's words come to, JSON-shaped.

    Raises:
        FormError: a number is none, or a span lies outside of the text.
    """
    tree = _tree(words)
    names = (name for name in FACT_CLASSES[type_].model_fields if name not in _NOT_FOR_FORMS)
    return {name: _value(shape_of(FACT_CLASSES[type_], name), name, tree.get(name), text) for name in names}


def _tree(words: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Dotted names as nested dictionaries.

    >>> _tree([("arguments.0.role", "agent"), ("name", "x")])
    {'arguments': {'0': {'role': 'agent'}}, 'name': 'x'}
    """
    tree: dict[str, Any] = {}
    for name, word in words:
        *path, last = name.split(".")
        branch = tree
        for step in path:
            grown = branch.setdefault(step, {})
            branch = grown if isinstance(grown, dict) else {}
        branch[last] = word
    return tree


def _value(shape: Shape, name: str, said: Any, text: str) -> Any:
    if shape.item is not None:
        rows = said.items() if isinstance(said, dict) else ()
        ordered = (row for _, row in sorted(rows, key=lambda pair: int(pair[0]) if pair[0].isdigit() else 0))
        values = (_value(Shape(shape.item, is_optional=True), name, row, text) for row in ordered)
        return [value for value in values if value is not None]
    if isinstance(shape.type, type) and issubclass(shape.type, BaseModel) and shape.type is not Span:
        return _model(shape.type, said, text)
    if not isinstance(said, str) or not said.strip():
        return False if shape.type is bool else None
    if shape.type is Span:
        return span_at(said, text)
    if shape.type is float:
        return _number(said, name)
    return said == "yes" if shape.type is bool else said.strip()


def _model(model: type[BaseModel], said: Any, text: str) -> dict[str, Any] | None:
    said = said if isinstance(said, dict) else {}
    values = {name: _value(shape_of(model, name), name, said.get(name), text) for name in model.model_fields}
    spans = [name for name in values if shape_of(model, name).type is Span]
    asked = spans or list(values)
    return values if any(values[name] is not None for name in asked) else None


def span_at(said: str, text: str) -> dict[str, Any]:
    """`12:15` as the span of the text.

    Raises:
        FormError: it lies outside of the text.
    """
    first, _, last = said.partition(":")
    if not (first.isdecimal() and last.isdecimal() and len(said) < 30 and int(first) < int(last) <= len(text)):
        raise FormError(
            f"{said[:40]!r} is no stretch of the text", expected=f"0 to {len(text)}", advice="Select it again"
        )
    start, end = int(first), int(last)
    return {"start": start, "end": end, "text": text[start:end]}


def _number(said: str, name: str) -> int | float:
    plain = said.strip().replace(",", "").replace(" ", "").replace("\u00a0", "").replace("_", "")
    try:
        number = float(plain)
    except ValueError:
        number = float("nan")
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124 - not a number
        raise FormError(f"{name}: {said!r} is no number", expected="digits, such as 1437 or 9.4")
    return int(number) if number == int(number) else number
