"""The lexicon of triggers and the word classes, read once, each fault named by file and line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from spacy.tokens import Token

from extract.errors import DataFileError
from extract.facts.event.normalise import forms
from extract.facts.event.schema import Trigger
from extract.lexicon import rows

_HERE = Path(__file__).resolve().parent
TRIGGERS = _HERE / "triggers.jsonl"
NUMBER = "@number"  # the one class that is no list: a numeral
CLASSES = _HERE / "classes.toml"


@cache
def triggers() -> tuple[Trigger, ...]:
    """The rows of triggers.jsonl, in order.

    Raises:
        DataFileError: a row is no trigger, or names a class that classes.toml has not; says which line.
    """
    return tuple(rows(TRIGGERS, _read, kind="trigger", expected="the fields of Trigger in schema.py"))


def _read(line: str, number: int) -> Trigger:
    where = f"{TRIGGERS.name}:{number}"
    trigger = Trigger.model_validate({**json.loads(line), "line": number})
    named = {word for word in _words(trigger) if word.startswith("@")} if "@" in line else set()
    if named and (unknown := named - {f"@{name}" for name in classes()} - {NUMBER}):
        raise DataFileError(f"unknown classes {sorted(unknown)}", where=where, expected=f"a table of {CLASSES.name}")
    if trigger.example.count("[[") != 1:
        raise DataFileError("an example marks its trigger once, as [[...]]", where=where)
    return trigger


def _words(trigger: Trigger) -> set[str]:
    found: set[str] = set()
    for _, condition in trigger.company or ():
        if isinstance(condition, frozenset):
            found |= condition
        elif isinstance(condition, dict):
            found.update(*condition.values())
    return found


@cache
def classes() -> Mapping[str, frozenset[str]]:
    """The word classes by name."""
    try:
        return {name: frozenset(words) for name, words in tomllib.loads(CLASSES.read_text(encoding="utf-8")).items()}
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"no TOML: {error}", where=CLASSES.name) from error


@cache
def index() -> Mapping[str, tuple[Trigger, ...]]:
    """Each form of each trigger, in lower case, with its senses: who asks for more company first, then by line."""
    found: dict[str, dict[int, Trigger]] = {}
    for trigger in triggers():
        for lemma in (trigger.lemma, *trigger.also):
            for form in forms(lemma, trigger.pos):
                found.setdefault(form, {})[trigger.line] = trigger
    return {form: tuple(sorted(senses.values(), key=_asking)) for form, senses in found.items()}


def types(token: Token) -> frozenset[str]:
    """The types of event that the word's form may tell of."""
    return frozenset(trigger.type for trigger in index().get(token.lower_, ()))


def _asking(trigger: Trigger) -> tuple[int, int]:
    """How much company a sense asks for, most first; what it must not keep doesn't count."""
    given = trigger.company.model_fields_set if trigger.company else ()
    return -sum(not name.startswith("not_") for name in given), trigger.line
