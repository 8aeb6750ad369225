"""What a trigger is: a row of triggers.jsonl, and the company that it must keep."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from extract.fact import EventType

Words = frozenset[str]
Phrases = dict[str, Words]


class Company(BaseModel):
    """The company that a trigger must keep to have its sense; every condition that is given must hold.

    A condition lists lemmas in lower case; `@name` is a class of classes.toml, `*` anything at all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: Words | None = None
    not_before: Words | None = None
    next: Words | None = None
    not_next: Words | None = None
    position: Literal["prenominal", "verbal", "nominal"] | None = None
    number: Literal["singular", "plural"] | None = None
    about: Words | None = None
    not_about: Words | None = None
    under: Words | None = None
    not_under: Words | None = None
    governor: Words | None = None
    not_governor: Words | None = None
    modifies: Words | None = None
    possessed: bool | None = None
    bare: bool | None = None
    aspect: Literal["progressive"] | None = None
    voice: Literal["active", "passive"] | None = None
    particle: Words | None = None
    not_particle: Words | None = None
    object: Words | None = None
    not_object: Words | None = None
    subject_is: Words | None = None
    not_subject: Words | None = None
    prep: Phrases | None = None
    not_prep: Phrases | None = None
    complement: Words | None = None
    not_complement: Words | None = None
    gerund: Words | None = None
    leads: Words | None = None
    clause: Literal["to", "any", "none", "no-that", "that"] | None = None

    @cached_property
    def asked(self) -> tuple[tuple[str, Any], ...]:
        """The conditions that are given, by name, in the order of the fields."""
        return tuple((name, getattr(self, name)) for name in type(self).model_fields if name in self.model_fields_set)


class Trigger(BaseModel):
    """One sense of a word that tells of an event, with the codes of PLOVER and ACLED and an example that is a test."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lemma: str
    also: tuple[str, ...] = ()
    pos: Literal["VERB", "NOUN", "ADJ"]
    type: EventType
    plover: str | None
    acled: str | None
    subject: Literal["agent", "target"] = "agent"
    company: Company | None = None
    example: str
    line: int = 0

    @property
    def rule(self) -> str:
        """The name that facts cite: word, part of speech, type and line of triggers.jsonl."""
        return f"{self.lemma}/{self.pos.lower()}/{self.type}@{self.line}"
