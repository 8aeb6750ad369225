"""What a rule may ask while it reads: the anchor, the last date told, where the clause points, the words around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from spacy.tokens import Doc, Token

from extract.fact import Anchor, AnchorBasis, Mod, Timex
from extract.facts.date import normalise as n
from extract.facts.date.lexer import OTHER, Lexeme, Lexemes
from extract.facts.date.schema import Timex3
from extract.syntax import RELATIVE_CLAUSES, clause_head, has_parse

_AHEAD = frozenset({
    "scheduled", "due", "expected", "slated", "upcoming", "until", "deadline", "till", "scheduling", "precedes",
    "postponed", "rescheduled", "expires", "ahead",
})  # fmt: skip
_WILL = frozenset({"will", "shall", "'ll", "’ll", "wo", "may", "might", "can", "could", "should", "must"})
_TIMETABLE = frozenset({
    "open", "shut", "begin", "start", "meet", "vote", "expire", "arrive", "resume", "go", "head", "hold", "host",
    "travel", "visit", "appear", "play", "take", "come", "fall", "end", "close", "convene", "face",
    "return", "conclude", "kick", "depart", "enter", "sit", "continue", "draw", "celebrate", "leave",
})  # fmt: skip
_PLANNED = frozenset({"scheduled", "expected", "due", "slated", "set", "planned", "supposed", "likely", "poised"})
_UNDER_WAY = frozenset({
    "begin", "start", "continue", "cease", "stop", "fail", "manage", "try", "attempt", "help", "use", "go", "come",
    "refuse", "decline", "seek", "move", "gather", "appear", "seem", "be", "get", "have",
})  # fmt: skip
_CONDITIONS = frozenset({"if", "unless", "once"})
_PAST_TAGS, _PRESENT_TAGS = frozenset({"VBD", "VBN"}), frozenset({"VBZ", "VBP"})


class Found(NamedTuple):
    """A date that a rule read: its characters, its value, how sure the rule is."""

    start: int
    end: int
    timex3: Timex3
    confidence: float
    refers: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """A look-alike that a rule knows and doesn't take."""

    reason: str


class Scene:
    """One article while its dates are read, in the order of the text.

    `doc` is the article as a model has read it; without one, words alone tell where a clause points.
    """

    def __init__(self, text: str, lexemes: Lexemes, *, doc: Doc | None = None, language: str = "") -> None:
        self.doc = doc
        self.text = text
        self.language = language.lower().replace("_", "-")
        self.items = lexemes.items
        self.kinds = lexemes.kinds
        self.anchor: date | None = None
        self.basis: AnchorBasis | None = None
        self.reference: str | None = None
        self.is_history = False
        self.day_first = False
        self.order_is_known = False
        self._field_of: date | None = None
        self._field: Anchor | None = None

    @classmethod
    def again(cls, other: Scene) -> Scene:
        """The same article, nothing told of it yet."""
        scene = cls(other.text, Lexemes(other.items, other.kinds), doc=other.doc, language=other.language)
        scene.day_first, scene.order_is_known = other.day_first, other.order_is_known
        return scene

    def anchor_field(self) -> Anchor | None:
        """The anchor as the fact carries it."""
        day = self.anchor
        if day is not self._field_of:
            self._field_of, self._field = day, _anchor_field(day, self.basis) if day else None
        return self._field

    @cached_property
    def is_parsed(self) -> bool:
        """Whether there is a parse to ask."""
        return self.doc is not None and has_parse(self.doc)

    def reference_day(self, unit: str) -> date | None:
        """The first day of the last date told, if told as finely as the unit; the anchor if none was told."""
        if self.reference is None:
            return self.anchor
        size = n.granularity(self.reference)
        if size is None or _SIZES.index(size) > _SIZES.index(_COARSER.get(unit, unit)):
            return None
        first, _ = n.interval(self.reference)
        return date.fromisoformat(first) if first else None

    def token(self, start: int) -> Token | None:
        """The token that holds the character, None where no model has read the article."""
        if self.doc is None:
            return None
        span = self.doc.char_span(start, start + 1, alignment_mode="expand")
        return span[0] if span is not None and len(span) else None

    def direction(self, start: int, *, reported: int = n.FUTURE) -> int:
        """Where the clause around the character points: -1 back, 1 ahead, 0 not said, `reported` for "would".

        Reads the tense of the clause's verb with its auxiliaries, and words such as "scheduled" and "until" nearby.
        """
        token = self.token(start)
        if token is not None and _follows_past_verb(token):
            return n.PAST
        if token is None:
            before = self.text[max(0, start - 60) : start].lower()
            return n.FUTURE if _MAY_POINT_AHEAD.search(before) and _points_ahead(_words_of(before)) else 0
        if _points_ahead(_tokens_before(token)):
            return n.FUTURE
        return _direction(token, reported) if self.is_parsed else _tense_before(token, reported)

    def word_before(self, start: int) -> str:
        """The word or mark right before the character, on the same line."""
        match = _WORD_REVERSED.match(self.text[max(0, start - 40) : start][::-1])
        return match[1][::-1] if match else ""

    def word_after(self, end: int) -> str:
        """The word or mark right after the character, on the same line."""
        match = _NEXT_WORD.match(self.text, end)
        return match[1] if match else ""


_SIZES = ("D", "WE", "W", "MO", "Q", "Y", "DE", "CE")
_COARSER = {"F": "W", "NI": "D", "H": "D", "M": "D", "S": "D", "SE": "Q", "ML": "CE"}
_WORD_REVERSED = re.compile(r"\n?[ \t\u00a0]{0,3}(\.?[^\W\d_]+(?:\.[^\W\d_]+)*|[^\w\s]|\d+)")
_NEXT_WORD = re.compile(r"[ \t\u00a0]{0,3}([^\W_]+|[^\w\s])")


@lru_cache(maxsize=16)
def _anchor_field(day: date, basis: AnchorBasis | None) -> Anchor:
    return Anchor(day=day.isoformat(), basis=basis)


def _points_ahead(words: list[str]) -> bool:
    return not _AHEAD.isdisjoint(words) or "set for" in " ".join(words)


_MAY_POINT_AHEAD = re.compile("|".join(sorted(_AHEAD)) + "|set")


def _words_of(before: str) -> list[str]:
    """The last words of the sentence that ends a text in lower case, four at most."""
    words = _WORDS.findall(before)[-4:]
    while any(word in _TERMINALS for word in words):
        del words[0]
    return words


_WORDS = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|\n")
_TERMINALS = frozenset(".!?\n")


def _tokens_before(token: Token) -> list[str]:
    """The last tokens of the sentence before a token, in lower case, four at most."""
    words: list[str] = []
    after = token
    while not after.is_sent_start and after.i and len(words) < 4:
        after = token.doc[after.i - 1]
        words.append(after.lower_)
    return words[::-1]


def _direction(token: Token, reported: int) -> int:
    """Where the parse points: the clause that holds the token, or the one that tells of the event that it dates."""
    if _is_ahead_of(token):
        return n.FUTURE
    event = _dated_event(token)
    told = [c for c in event.children if c.dep_ in RELATIVE_CLAUSES and c.i > token.i] if event else []
    if told:
        return _tense(told[0], reported)
    verb = clause_head(token)
    if verb.i == token.i and any(c.dep_ == "cop" and c.tag_ in _PRESENT_TAGS for c in token.children):
        return n.FUTURE  # "the hearing is on Wednesday"
    if verb.pos_ not in {"VERB", "AUX"} and not any(child.dep_.startswith("aux") for child in verb.children):
        verb = _verb_before(token) or verb
    if verb.tag_ == "VBG" and verb.i > token.i:
        return 0
    return _tense(verb, reported)


def _tense_before(token: Token, reported: int) -> int:
    verb = _verb_before(token)
    return _tense(verb, reported) if verb is not None else 0


def _follows_past_verb(token: Token) -> bool:
    """Whether the day stands right after what was said or done on it: "said Thursday", "met on Thursday"."""
    before = token
    while not before.is_sent_start and before.i:
        before = token.doc[before.i - 1]
        if before.lower_ not in _BEFORE_A_DAY:
            return before.tag_ == "VBD"
    return False


_BEFORE_A_DAY = frozenset({"on", "in", "late", "early"})


def _dated_event(token: Token) -> Token | None:
    """The noun that the date stands in: "[bombings]" of "the July 7 bombings", "[elections]" of "elections in May"."""
    noun = token
    for _ in range(2):
        if noun.pos_ == "NOUN" or not noun.dep_.startswith(("nmod", "compound")):
            break
        noun = noun.head
    return noun if noun.i != token.i and noun.pos_ == "NOUN" else None


def _is_ahead_of(token: Token) -> bool:
    """Whether "ahead of" leads to the date without a verb or a mark between: "ahead of elections in December"."""
    for other in reversed(token.doc[max(0, token.i - 8) : token.i]):
        if other.is_punct or other.tag_.startswith("VB"):
            return False
        if other.lower_ == "ahead":
            return True
    return False


def _verb_before(token: Token) -> Token | None:
    start = max(0, token.i - 25)
    for other in reversed(token.doc[start : token.i]):
        if other.is_sent_start and other.i != token.i and other.pos_ not in {"VERB", "AUX"}:
            return None
        if other.tag_.startswith(("VB", "MD")):
            return other
    return None


def _tense(verb: Token, reported: int) -> int:
    helpers = [c for c in verb.children if c.dep_.startswith("aux") or c.dep_ in {"cop", "mark"} or c.lower_ == "to"]
    words = {c.lower_ for c in helpers} | {verb.lower_}
    if "would" in words and "have" not in words:
        return reported
    if words & _WILL or "would" in words:
        return n.PAST if "have" in words and not words & {"will", "shall", "'ll", "’ll"} else n.FUTURE
    if verb.tag_ == "VB":
        return _infinitive(verb, reported) if "to" in words else 0
    return _finite_tense(verb, helpers, words)


def _finite_tense(verb: Token, helpers: list[Token], words: set[str]) -> int:
    is_present = any(c.tag_ in _PRESENT_TAGS and c.lemma_ == "be" for c in helpers)
    if is_present and (verb.tag_ == "VBG" or verb.lower_ in _PLANNED):
        return n.FUTURE
    if (
        verb.tag_ in _PAST_TAGS
        or any(c.tag_ == "VBD" for c in helpers)
        or words & {"has", "have", "had", "was", "were"}
    ):
        return n.PAST
    if verb.tag_ in _PRESENT_TAGS and (not _TIMETABLE.isdisjoint(_stems(verb)) or not words.isdisjoint(_CONDITIONS)):
        return n.FUTURE
    return 0 if verb.tag_ in {"VBZ", "VBP", "VBG"} or any(c.tag_ in _PRESENT_TAGS for c in helpers) else n.PAST


def _stems(verb: Token) -> tuple[str, str]:
    """What the verb may be in the table: its lemma, or the word without the "s" that a tagger overlooked."""
    return verb.lemma_, verb.lower_.removesuffix("s")


def _infinitive(verb: Token, reported: int) -> int:
    """Ahead ("plans to meet"), unless the verb above is told in the past: "was likely to win", "began to ease"."""
    above = verb.head
    helpers = [c for c in above.children if c.dep_ == "cop" or c.dep_.startswith("aux")]
    tags = {c.tag_ for c in helpers} | {above.tag_}
    is_past = above.tag_ == "VBD" or (above.tag_ == "VBN" and any(c.lemma_ == "have" for c in helpers))
    if is_past and above.lemma_ in _UNDER_WAY:
        return n.PAST
    is_bare_adjective = above.tag_ == "JJ" and tags.isdisjoint({"VBZ", "VBP", "MD"})
    return reported if above.i != verb.i and ("VBD" in tags or is_bare_adjective) else n.FUTURE


_ON_CALENDAR = frozenset({"DATE", "TIME"})


class Match:
    """A stretch of lexemes that a rule's pattern fits, with the scene around it.

    `first` and `last` count lexemes, `start` and `end` characters, both half open; `items` are the lexemes matched.
    """

    __slots__ = ("end", "first", "items", "last", "scene", "start")

    def __init__(self, scene: Scene, first: int, last: int) -> None:
        self.scene, self.first, self.last = scene, first, last
        self.items: Sequence[Lexeme] = scene.items[first:last]
        self.start: int = self.items[0][0]
        self.end: int = self.items[-1][1]

    @property
    def before(self) -> Lexeme:
        """The lexeme before, a gap at the start of the text."""
        return self.scene.items[self.first - 1] if self.first else OTHER

    @property
    def after(self) -> Lexeme:
        """The lexeme after, a gap at the end of the text."""
        return self.scene.items[self.last] if self.last < len(self.scene.items) else OTHER

    def all(self, *kinds: str) -> list[Lexeme]:
        """The matched lexemes of these kinds."""
        return [item for item in self.items if item[2] in kinds]

    def one(self, *kinds: str) -> Lexeme | None:
        """The first matched lexeme of these kinds."""
        for item in self.items:
            if item[2] in kinds:
                return item
        return None

    def has(self, *kinds: str) -> bool:
        """Whether a matched lexeme is of one of these kinds."""
        return self.one(*kinds) is not None

    def direction(self, *, reported: int = n.FUTURE) -> int:
        """Where the clause points: -1 back, 1 ahead, 0 not said, `reported` for "would"."""
        return self.scene.direction(self.start, reported=reported)

    def date(
        self, value: str, confidence: float, *, mod: Mod | None = None, timex: Timex = "DATE", relative: bool = False
    ) -> Found:
        """The whole match as one date."""
        where = (self.start, self.end)
        return self.part(where, value, confidence, mod=mod, timex=timex, relative=relative)

    def part(
        self,
        where: tuple[int, int],
        value: str,
        confidence: float,
        *,
        mod: Mod | None = None,
        timex: Timex = "DATE",
        relative: bool = False,
    ) -> Found:
        """Some characters of the match as a date."""
        first, last = n.interval(value) if timex in _ON_CALENDAR else (None, None)
        anchor = self.scene.anchor_field() if relative else None
        known = Timex3(value, timex, mod, first, last, anchor)
        return Found(where[0], where[1], known, confidence, first is not None)
