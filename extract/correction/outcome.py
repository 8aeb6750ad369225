"""What became of a line of the log when it was replayed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from extract.correction.entry import Correction

What = Literal["applied", "already so", "moved", "conflict", "orphaned", "superseded", "undone"]
WHATS: tuple[What, ...] = ("applied", "already so", "moved", "conflict", "orphaned", "superseded", "undone")
MEANING = {
    "applied": "the facts are as the line says because of it",
    "already so": "the extraction says the same by now",
    "moved": "the article was republished with changes; the quote was found there, once",
    "conflict": "another annotator decided otherwise; the later decision stands",
    "orphaned": "there is nothing that it could apply to; it stays in the log",
    "superseded": "the same annotator decided again later",
    "undone": "taken back by its annotator, or what takes it back",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A decision with its place in the log; `moved` where it was made on an earlier text of the article."""

    number: int
    decision: Correction
    moved: bool = False

    @property
    def order(self) -> tuple[object, int]:
        """Later decisions stand over earlier ones: by time, then by line."""
        return self.decision.at, self.number

    def at(self, decision: Correction) -> Line:
        """The same line, with its decision translated into the article's present text."""
        return replace(self, decision=decision, moved=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line, and why."""

    line: int
    decision: Correction
    what: What
    why: str = ""

    def __str__(self) -> str:
        d = self.decision
        quote = " ".join(d.anchor.quote.split())
        shown = quote if len(quote) <= 40 else f"{quote[:39]}…"
        why = f": {self.why}" if self.why else ""
        what = f"{d.action} {d.anchor.type} “{shown}” in {d.anchor.article.id}"
        return f"{self.line}: {self.what}: {what} by {d.annotator}{why}"


def outcome(line: Line, what: What, why: str = "") -> Outcome:
    """The outcome; what took effect on a republished article is `moved`."""
    if line.moved and what in {"applied", "already so"}:
        what = "moved"
    return Outcome(line.number, line.decision, what, why)
