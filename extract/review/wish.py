"""What a page asks to have decided, and how it is carried out."""

from __future__ import annotations

import json
from dataclasses import dataclass

from extract.correction.revise import added, respanned, revised
from extract.errors import InputError
from extract.fact import FACT_TYPES, Envelope
from extract.review.controls import FormError, fields_of, span_at
from extract.review.desk import Desk, View

Said = tuple[str, str]  # what to tell the annotator, and the fact to go on from
_NAMES = ("action", "fact", "note", "type", "span", "other")


class StaleError(InputError):
    """The fact is not what the page showed: another tab or person decided meanwhile."""


@dataclass(frozen=True)
class Wish:
    """What a page asks to have decided, as it came."""

    action: str
    fact: str = ""
    note: str | None = None
    type: str = ""
    span: str = ""
    other: str = ""
    facts: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, body: bytes) -> Wish:
        """The wish in a request's body.

        Raises:
            FormError: it is none.
        """
        try:
            said = json.loads(body)
            json.dumps(said, ensure_ascii=False).encode("utf-8")  # which lone surrogates fail
            words = tuple((str(name), str(word)) for name, word in said.pop("words", ()))
            facts = tuple(str(id_) for id_ in said.pop("facts", ()))
            named = {key: str(said[key]) for key in _NAMES if said.get(key)}
            return cls(**named, words=words, facts=facts)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise FormError("the request is none that this page sends", advice="Reload the page") from error

    @property
    def fact_type(self) -> str:
        """The type that the form was for."""
        if self.type not in FACT_TYPES:
            raise FormError(f"no type {self.type[:20]!r}", expected=", ".join(FACT_TYPES))
        return self.type


@dataclass(frozen=True)
class Clerk:
    """Carries wishes out: one person, on one article."""

    desk: Desk
    view: View
    annotator: str

    def carry_out(self, wish: Wish) -> Said:
        """Writes what is wished to the log; gives what to say about it.

        Raises:
            FormError: no such decision can be made.
            StaleError: the fact has changed meanwhile.
            OutputError: the log can't be written.
        """
        if wish.action == "undo":
            return self._undo(wish)
        if wish.action == "add":
            return self._add(wish)
        if wish.action == "accept" and wish.facts:
            return self._accept_all(wish)
        fact = self.find(wish.fact)
        if wish.action in {"accept", "reject"}:
            self._decide(wish.action, fact, wish)
            return f"{wish.action.capitalize()}ed “{fact.span.text}”", fact.id
        if wish.action in {"merge", "keep_apart"}:
            return self._pair(wish, fact)
        return self._edit(wish, fact)

    def find(self, id_: str) -> Envelope:
        """The fact of that id as the article has it now."""
        fact = self.view.facts.get(id_)
        if fact is None:
            raise StaleError("this fact was changed meanwhile, in another tab or by someone else",
                             advice="The page now shows how it stands: decide again")  # fmt: skip
        return fact

    def _decide(self, action: str, fact: Envelope, wish: Wish, **what: Envelope) -> None:
        self.desk.decide(self.view, action, fact, (self.annotator, wish.note), **what)

    def _undo(self, wish: Wish) -> Said:
        undone = self.desk.undo(self.view, self.annotator, wish.fact)
        if undone is None:
            return "Nothing of yours to take back here", wish.fact
        return f"Took back: {undone.action.replace('_', ' ')} “{undone.anchor.quote}”", undone.fact

    def _add(self, wish: Wish) -> Said:
        fields = fields_of(wish.fact_type, wish.words, self.view.article.text)
        new = added(self.view.target, wish.fact_type, fields, self.annotator)
        if new.id in self.view.standing:
            raise FormError("this fact is there already", expected="another type or span", advice="Edit that one")
        self._decide("add", new, wish)
        return f"Added “{new.span.text}”", new.id

    def _accept_all(self, wish: Wish) -> Said:
        facts = [self.find(id_) for id_ in wish.facts]
        for fact in facts:
            self._decide("accept", fact, wish)
        return f"Accepted {len(facts)} facts", facts[-1].id

    def _pair(self, wish: Wish, fact: Envelope) -> Said:
        other = self.find(wish.other)
        if other.type != fact.type or other.id == fact.id:
            raise FormError("only two entities of one type can be one or two", advice="Choose another")
        self._decide(wish.action, fact, wish, other=other)
        done = "Merged" if wish.action == "merge" else "Kept apart"
        return f"{done}: “{fact.span.text}” and “{other.span.text}”", ""

    def _edit(self, wish: Wish, fact: Envelope) -> Said:
        text = self.view.article.text
        if wish.action == "span":
            new = respanned(self.view.target, fact, span_at(wish.span, text), self.annotator)
        elif wish.action == "edit":
            fields = fields_of(wish.fact_type, wish.words, text)
            new = revised(self.view.target, fact, wish.fact_type, fields, self.annotator)
        else:
            raise FormError(f"no decision {wish.action[:20]!r}", advice="Reload the page")
        if new is fact:
            self._decide("accept", fact, wish)
            return f"Accepted “{fact.span.text}”: nothing was changed", fact.id
        self._decide("edit", fact, wish, value=new)
        return f"Changed “{new.span.text}”", new.id
