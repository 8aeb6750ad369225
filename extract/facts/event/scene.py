"""What the earlier rooms left of an article, by token: entities, dates and counts; and who a pronoun stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span, Token

from extract import syntax
from extract.facts.event.lexicon import classes
from extract.facts.event.patterns import (
    PERSONAL,
    THIRD_PERSON_NEUTER,
    THIRD_PERSON_PLURAL,
    THIRD_PERSON_SINGULAR,
)
from extract.room import Draft, text_of

_SHORTEST_ISM = 6  # letters: "artist" is in the class, "wrist" and "list" are no people
MAX_SENTENCE = 400  # tokens: no news sentence measured is longer than 99; more is a table or worse
_WINDOW = 150  # tokens that a pronoun looks back at most
_LOOK_BACK = 5  # sentences; a pronoun further from its noun is left as it stands
_BODIES = frozenset({"@authority", "@group", "@country"})
_PEOPLE = frozenset({"@person", "@authority"})
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

    `starts` has for each token where its sentence starts, or -1 where no news sentence is that long. `located` and
    `dated` keep, by that start, what a sentence's events may have for place and time, once it was asked for.
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
    located: dict[int, list[tuple[Token, Mention]]] = field(default_factory=dict)
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
            return token.lower_ in PERSONAL or token.pos_ == "NUM"
        if token.ent_type_ in {"PERSON", "NORP"}:
            return True
        known = classes()["person"]
        if token.lemma_.lower() in known or token.lower_ in known or token.lower_.removesuffix("s") in known:
            return True
        return (len(token) > _SHORTEST_ISM and token.lower_.endswith(("ist", "ists"))) or (
            token.pos_ == "PROPN" and not token.ent_type_
        )

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

    def referent(self, pronoun: Token) -> Token | None:
        """The word that a third-person pronoun stands for, where the sentences before leave little doubt."""
        if pronoun.lower_ in THIRD_PERSON_SINGULAR:
            return self._person_before(pronoun)
        if pronoun.lower_ in THIRD_PERSON_PLURAL:
            return self._people_before(pronoun)
        if pronoun.lower_ in THIRD_PERSON_NEUTER:
            return self._body_before(pronoun)
        return None

    def _person_before(self, pronoun: Token) -> Token | None:
        floor = _floor(pronoun)
        near = [m.tokens.root for m in self.people if floor <= m.tokens.start and m.tokens.end <= pronoun.i]
        return max(near, key=lambda t: (t.sent.start, _is_subject(t), t.i), default=None)

    def _people_before(self, pronoun: Token) -> Token | None:
        """The nearest plural noun of people: a subject for a subject, another for an object."""
        floor = _floor(pronoun)
        acts = _is_subject(pronoun)
        near = [t for t in self.doc[floor : pronoun.i] if self._is_plural(t) and self.fits(t, _PEOPLE)]
        others = [] if acts else syntax.doers(pronoun.head)
        own = [t for t in near if not _governs(t, pronoun) and t not in others]
        return max(own, key=lambda t: (t.sent.start, _is_subject(t) == acts, t.i), default=None)

    def _is_plural(self, token: Token) -> bool:
        if token.tag_ in {"NNS", "NNPS"}:
            return True
        return token.pos_ == "PROPN" and token.i in self.entities and any(c.dep_ == "conj" for c in token.children)

    def _body_before(self, pronoun: Token) -> Token | None:
        """The subject or possessor that is a body which acts, in this sentence or the one before: "the army ... it"."""
        start = pronoun.sent.start
        floor = pronoun.doc[start - 1].sent.start if start else 0
        window = self.doc[max(floor, pronoun.i - _WINDOW) : pronoun.i]
        near = [t for t in window if self.fits(t, _BODIES) and _is_prominent(t)]
        return max(near, key=lambda t: (t.sent.start, t.i), default=None)


def _floor(token: Token) -> int:
    """The first token of the sentences that a pronoun may look back to."""
    start = token.sent.start
    for _ in range(_LOOK_BACK):
        if start == 0 or token.i - start > _WINDOW:
            break
        start = token.doc[start - 1].sent.start
    return max(start, token.i - _WINDOW)


def _is_subject(token: Token) -> bool:
    found = syntax.attachment(token)
    return found is not None and "subject" in found.relation


def _is_prominent(token: Token) -> bool:
    """Whether the word is a subject or a possessor."""
    found = syntax.attachment(token)
    return found is not None and ("subject" in found.relation or found.relation == "possessor")


def _governs(noun: Token, pronoun: Token) -> bool:
    """Whether noun and pronoun depend on one verb: then they are different people."""
    return noun.head.i == pronoun.head.i


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
