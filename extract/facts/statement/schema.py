"""What the room of statements passes around: quotations, cues, speakers and what was found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks, the marks included; `closed` is false where the article forgot the last."""

    start: int
    end: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class CueWord:
    """A row of the lexicon of cues: its dictionary form, its word class and what it takes."""

    lemma: str
    kind: str
    takes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue as it stands in the article: a token and its row."""

    token: Token
    word: CueWord

    def takes(self, what: str) -> bool:
        """Whether the cue takes a clause, a quotation, an infinitive ..."""
        return what in self.word.takes


@dataclass(frozen=True, slots=True)
class Speaker:
    """The words of the one who vouches, in characters, and the fact that they name."""

    start: int
    end: int
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A statement: characters, whether it is a quotation, its cue (characters), its speaker and the rule's name."""

    start: int
    end: int
    direct: bool
    cue: tuple[int, int]
    speaker: Speaker | None
    rule: str
    confidence: float

    def fields(self, text: str) -> dict[str, Any]:
        """The fields of FACTS.md."""
        speaker = self.speaker
        return {
            "direct": self.direct,
            "cue": span(text, *self.cue),
            "speaker": span(text, speaker.start, speaker.end) if speaker else None,
            "entity": speaker.entity if speaker else None,
        }


def span(text: str, start: int, end: int) -> dict[str, Any]:
    """The characters as a fact's span."""
    return {"start": start, "end": end, "text": text[start:end]}


@dataclass(frozen=True, slots=True)
class Scope:
    """Characters for which somebody vouches; `speaker` is None where the text doesn't say who."""

    start: int
    end: int
    speaker: Speaker | None
    cue: tuple[int, int]

    def attribution(self, text: str) -> dict[str, Any]:
        """The attribution as FACTS.md has it."""
        speaker = self.speaker
        return {
            "source": span(text, speaker.start, speaker.end) if speaker else None,
            "source_id": speaker.entity if speaker else None,
            "cue": span(text, *self.cue),
        }


class Cover:
    """The characters that statements or scopes cover, asked whether one of them holds a stretch."""

    def __init__(self, found: Iterable[Found | Scope]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for one in sorted(found, key=lambda each: each.start):
            self._starts.append(one.start)
            self._ends.append(max(one.end, self._ends[-1] if self._ends else 0))

    def holds(self, start: int, end: int) -> bool:
        """Whether what begins at or before the first character reaches the last."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._ends[at]
