"""What the earlier rooms left of an article, by token: entities, dates and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from extract.facts.event.lexicon import classes
from extract.facts.event.patterns import PERSONAL
from extract.room import Draft, text_of

_PERSONAL_ENDS = ("ist", "ists", "sman", "smen", "woman", "women", "budsman", "budsmen", "person", "people")
_SHORTEST_ISM = 6  # letters: "artist" is in the class, "wrist" and "list" are no people
MAX_SENTENCE = 400  # tokens: no news sentence measured is longer than 99; more is a table or worse
_ENTITY_CLASSES = {
    "person": frozenset({"@person"}),
    "organisation": frozenset({"@group", "@authority"}),
    "place": frozenset({"@place", "@country", "@authority", "@premises", "@facility"}),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of an entity: its draft and its tokens."""

    draft: Draft
    tokens: Span


@dataclass
class Scene:
    """An article's entities, dates and counts by token; `named` holds tokens of names and `timed` of dates.

    `starts` has for each token where its sentence starts, or -1 where no news sentence is that long. `dated` keeps,
    by that start, what a sentence's events may have for time, once it was asked for.
    """

    doc: Doc
    text: str
    entities: dict[int, Mention] = field(default_factory=dict)
    people: list[Mention] = field(default_factory=list)
    dates: dict[int, list[Draft]] = field(default_factory=dict)
    places: dict[int, list[Mention]] = field(default_factory=dict)
    counts: dict[int, Draft] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    timed: set[int] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    dated: dict[int, list[tuple[Token, Draft]]] = field(default_factory=dict)
    _lemmas: dict[int, frozenset[str]] = field(default_factory=dict)

    def lemmas_around(self, token: Token) -> frozenset[str]:
        """The lemmas and forms of the token's sentence, in lower case."""
        start = self.starts[token.i]
        if start not in self._lemmas:
            self._lemmas[start] = frozenset(word for each in token.sent for word in (each.lower_, each.lemma_.lower()))
        return self._lemmas[start]

    def is_person(self, token: Token) -> bool:
        """Whether the word stands for people: a name, a pronoun, a number, or a noun of the class."""
        mention = self.entities.get(token.i)
        if mention:
            return mention.draft.type == "person"
        if token.pos_ in {"PRON", "NUM"} or token.lower_ in PERSONAL:
            return token.lower_ in PERSONAL or (token.pos_ == "NUM" and self._counts_heads(token))
        if token.ent_type_ in {"PERSON", "NORP"}:
            return True
        known = classes()["person"]
        if token.lemma_.lower() in known or token.lower_ in known or token.lower_.removesuffix("s") in known:
            return True
        return (len(token) > _SHORTEST_ISM and token.pos_ == "NOUN" and token.lower_.endswith(_PERSONAL_ENDS)) or (
            token.pos_ == "PROPN" and not token.ent_type_
        )

    def _counts_heads(self, number: Token) -> bool:
        """Whether a number is no sum of money, percentage or measure."""
        count = self.counts.get(number.i)
        return count is None or count.fields.get("kind") == "cardinal"

    def fits(self, token: Token, terms: frozenset[str]) -> bool:
        """Whether the word is one of the terms: a lemma, a class, or `*` for any word."""
        if "*" in terms or token.lower_ in terms or token.lemma_.lower() in terms:
            return True
        mention = self.entities.get(token.i)
        if mention and terms & _ENTITY_CLASSES.get(mention.draft.type, frozenset()):
            return True
        if mention is None and token.lower_.removesuffix("s") in terms:
            return True
        if "@person" in terms and self.is_person(token):
            return True
        return any(self._in_class(token, term[1:]) for term in terms if term[0] == "@" and term != "@person")

    def _in_class(self, token: Token, name: str) -> bool:
        words = classes()[name]
        return token.lemma_.lower() in words or token.lower_ in words or token.lower_.removesuffix("s") in words


def scene(doc: Doc) -> Scene:
    """The scene that the rooms before left."""
    drafts = doc._.drafts
    found = Scene(doc, text_of(doc), starts=_sentence_starts(doc))
    for name in ("place", "organisation", "person"):
        for mention in _mentions(doc, drafts.get(name, ())):
            found.entities.update(dict.fromkeys(range(mention.tokens.start, mention.tokens.end), mention))
            if name == "person":
                found.people.append(mention)
            if name == "place":
                found.places.setdefault(found.starts[mention.tokens.start], []).append(mention)
    found.named.update(found.entities)
    for draft in drafts.get("date", ()):
        found.timed.update(range(draft.first, draft.last))
        found.dates.setdefault(found.starts[draft.first], []).append(draft)
    found.named.update(found.timed)
    for draft in drafts.get("count", ()):
        found.counts.update(dict.fromkeys(range(draft.first, draft.last), draft))
    return found


def _sentence_starts(doc: Doc) -> list[int]:
    """Where the sentence of each token starts; -1 in one of more than MAX_SENTENCE tokens."""
    starts: list[int] = []
    for sentence in doc.sents:
        length = sentence.end - sentence.start
        starts.extend([sentence.start if length <= MAX_SENTENCE else -1] * length)
    return starts


def _mentions(doc: Doc, drafts: Iterable[Draft]) -> Iterator[Mention]:
    for draft in drafts:
        for span in draft.fields.get("mentions", ()):
            tokens = doc.char_span(span["start"], span["end"], alignment_mode="expand")
            if tokens is not None:
                yield Mention(draft, tokens)
