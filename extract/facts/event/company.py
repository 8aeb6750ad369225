"""Whether a word keeps the company that a trigger's sense asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from spacy.tokens import Span, Token

from extract import syntax
from extract.facts.event.scene import Scene
from extract.facts.event.schema import Company, Phrases, Words

_MODIFIERS = frozenset({"det", "amod", "compound", "nmod:poss", "poss", "nmod:desc", "nummod", "nmod"})
_THINGS = frozenset({"it", "they", "them", "this", "these", "which", "that"})
_AMOUNTS = frozenset({
    "hundred", "thousand", "million", "dozen", "score", "hundreds", "thousands", "millions", "dozens", "scores", "tens",
    "number", "series", "couple", "handful", "majority",
})  # fmt: skip
_POINTED_AT = frozenset({"those", "anyone", "everyone", "anybody", "everybody"})
_HEADLINE = 20  # tokens
_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_NEAR_NOUNS = 12
_MISREAD_WITHIN = 20  # tokens
_LIMIT = 40  # words before a noun that are looked at


class Candidate:
    """A word that may be a trigger, with what stands around it; asked once, kept."""

    def __init__(self, token: Token, scene: Scene, word: Span, only: str = "") -> None:
        self.token = token
        self.scene = scene
        self.word = word  # the token, or the hyphenated word around it
        self.only = only  # the part of speech, where the lexicon knows one only

    @cached_property
    def headline(self) -> tuple[Token, Token] | None:
        """Who does and who bears a verb that the parse of a headline takes for a noun: "Tartu court jails poet"."""
        return headline_parties(self.token) if self.token.tag_ == "NNS" and self.only != "NOUN" else None

    @cached_property
    def undergoers(self) -> list[Token]:
        """What is done to: also the noun after a participle, and "those" before one."""
        token = self.token
        if self.headline is not None:
            return [self.headline[1]]
        if self.position == "prenominal" and not token.lower_.endswith("ing"):
            return [token.head]
        if self.past is not None:
            return [self.past[1]]
        found = _those(token) or syntax.undergoers(token) or _spans_of_time(token)
        return [t for t in found if self.until is None or t.i < self.until or t.i < token.i]

    @cached_property
    def past(self) -> tuple[Token, Token] | None:
        """The verb before "and" and the object, of a past read as a participle: "killed two and wounded six"."""
        return misread_past(self.token)

    @cached_property
    def until(self) -> int | None:
        """Where the objects of the verb end because a verb after "and" was read as a participle."""
        token = self.token
        if token.pos_ != "VERB":
            return None
        near = token.doc[token.i + 1 : min(token.i + _MISREAD_WITHIN, token.sent.end)]
        misread = (
            t for t in near if t.tag_ == "VBN" and (past := misread_past(t)) is not None and past[0].i == token.i
        )
        return next((t.i for t in misread), None)

    @cached_property
    def doers(self) -> list[Token]:
        """Who does; of an adjective or noun, who does or bears what the verb above it says."""
        if self.headline is not None:
            return [self.headline[0]]
        if self.token.pos_ in {"ADJ", "NOUN"} and self.above is not None:
            return syntax.doers(self.above.head) or syntax.undergoers(self.above.head)
        return syntax.doers(self.past[0] if self.past is not None else self.token)

    @cached_property
    def subjects(self) -> list[Token]:
        """Who does; of a verb without object that was read as a participle, what stands before it."""
        return self.doers or ([] if syntax.is_passive(self.token) else self.undergoers)

    @cached_property
    def phrases(self) -> list[tuple[str, Token]]:
        """Prepositional phrases on the word, and on its object where they stand after both."""
        found = list(syntax.phrases(self.token))
        for noun in (*syntax.objects(self.token), *syntax.predicates(self.token)):
            inner = list(syntax.phrases(noun))
            found.extend(inner)
            found.extend(pair for word, each in inner if word == "of" for pair in syntax.phrases(each))
        return found

    @cached_property
    def before(self) -> set[str]:
        """Lemmas and forms of what modifies the word from before, and of the word just before it."""
        left = [c for c in self.token.children if c.i < self.token.i][-_LIMIT:]
        if self.token.i and not self.token.is_sent_start:
            left.append(self.token.nbor(-1))
        words = {form for child in left for form in (child.lower_, child.lemma_.lower())}
        if any(child.pos_ == "NUM" for child in left):
            words.add("@number")
        return words | {each.lower_ for child in left for each in child.children if each.dep_ in {"compound", "amod"}}

    @cached_property
    def next(self) -> str:
        """The form of the next word, in lower case."""
        return self.scene.doc[self.word.end].lower_ if self.word.end < len(self.scene.doc) else ""

    @cached_property
    def particles(self) -> set[str]:
        """The particles of the verb, the word after it among them: no parse of "laid off nine" is safe."""
        return syntax.particles(self.token) | {self.next}

    @cached_property
    def above(self) -> syntax.Attachment | None:
        """What the word, or the first that it is coordinated with, depends on."""
        return syntax.attachment(syntax.first_conjunct(self.token))

    @cached_property
    def governors(self) -> set[str]:
        """Lemmas of the word above, and of the copula where the word is a predicate."""
        found = {c.lemma_.lower() for c in self.token.children if c.dep_ in {"cop", "aux"}}
        if self.above is not None:
            found |= {self.above.head.lemma_.lower(), self.above.head.lower_}
            if self.above.relation == "complement":
                found |= {c.lemma_.lower() for c in self.above.head.children if c.dep_ == "cop"}
        return found

    @cached_property
    def prepositions(self) -> set[str]:
        """The prepositions that the word stands under."""
        first = syntax.first_conjunct(self.token)
        found = {c.lower_ for c in first.children if c.dep_ in {"case", "mark"} and c.i < first.i}
        return found | ({self.above.word} if self.above is not None else set())

    def keeps(self, company: Company) -> bool:
        """Whether every condition holds."""
        return all(_CHECKS[name](self, value) for name, value in company.asked)

    def any_fits(self, tokens: Iterable[Token], terms: Words) -> bool:
        """Whether one of the tokens is one of the terms; of a pronoun, whether a noun near before it is."""
        return any(self.scene.fits(each, terms) for token in tokens for each in self._meant(token))

    def _meant(self, token: Token) -> list[Token]:
        """The word, and what it may stand for; of "hundreds of cases", the cases alone."""
        amount = token.lemma_.lower() in _AMOUNTS or token.lower_ in _AMOUNTS
        inner = [noun for word, noun in syntax.obliques(token) if word.lower_ == "of"] if amount else []
        return inner or [token, *self._may_mean(token)]

    def _may_mean(self, token: Token) -> list[Token]:
        """The nouns that a pronoun may stand for, or what a number is a number of."""
        if token.pos_ == "NUM":
            return [noun for word, noun in syntax.obliques(token) if word.lower_ == "of"]
        if token.lower_ not in _THINGS:
            return []
        start = token.sent.start
        floor = token.doc[start - 1].sent.start if start else 0
        window = token.doc[max(floor, token.i - _LIMIT) : token.i]
        return [t for t in window if t.pos_ in {"NOUN", "PROPN"}][-_NEAR_NOUNS:]

    def has_phrase(self, phrases: Phrases) -> bool:
        """Whether a phrase with one of the prepositions holds one of its terms."""
        return any(word in phrases and self.scene.fits(noun, phrases[word]) for word, noun in self.phrases)

    def has_clause(self, kind: str) -> bool:
        """Whether the word has a clause of the kind: `to`, `any`, `none`; `no-that`: none but infinitives.

        `that`: one that "that" introduces.
        """
        if kind == "that":
            return any(above.word == "that" for c in self.token.children if (above := syntax.attachment(c)) is not None)
        found = list(syntax.clauses(self.token)) + [c for n in syntax.objects(self.token) for c in syntax.clauses(n)]
        if kind == "none":
            return not found
        if kind == "no-that":
            return all(syntax.is_infinitive(clause) for clause in found)
        return any(kind == "any" or syntax.is_infinitive(clause) for clause in found)

    def has_gerund(self, lemmas: Words) -> bool:
        """Whether a gerund of one of the lemmas follows: "barred from entering"."""
        return any(
            noun.tag_ == "VBG" and self.scene.fits(noun, lemmas)
            for each in (self.token, *syntax.objects(self.token))
            for _, noun in syntax.phrases(each)
        )

    @cached_property
    def position(self) -> str:
        """Where the word stands: `prenominal` before its noun, `nominal` as a noun with its article, else `verbal`."""
        token = self.token
        if self.headline is not None:
            return "verbal"
        if token.dep_ in {"amod", "compound"} and token.head.i > token.i:
            return "prenominal"
        return "nominal" if any(c.dep_ in syntax.DETERMINERS and c.i < token.i for c in token.children) else "verbal"

    def is_bare(self) -> bool:
        """Whether nothing stands with the noun that makes it a building: "in prison", not "in the town's prison"."""
        return not any(c.i < self.token.i and c.dep_ in _MODIFIERS for c in self.token.children)

    def is_voice(self, voice: str) -> bool:
        """Whether the verb is in the voice."""
        return syntax.is_undergoing(self.token) == (voice == "passive")

    def is_about(self, terms: Words) -> bool:
        """Whether the sentence has one of the terms in it."""
        return not terms.isdisjoint(self.scene.lemmas_around(self.token))

    def is_number(self, number: str) -> bool:
        """Whether the noun is in the number."""
        return (self.token.tag_ in {"NNS", "NNPS"} or self.token.lower_ != self.token.lemma_.lower()) == (
            number == "plural"
        )


def headline_parties(noun: Token) -> tuple[Token, Token] | None:
    """The noun before and the head of the noun phrase after a plural that a headline may have for a verb, or None.

    A headline is a line of no more than 20 words without a full stop or a finite verb.
    """
    sentence = noun.sent
    if len(sentence) > _HEADLINE or not sentence.start < noun.i < sentence.end - 1:
        return None
    before, after = noun.nbor(-1), noun.nbor()
    agrees = before.tag_ in {"NN", "NNP"} and before.dep_ in {"compound", "nsubj", "nmod:unmarked"}
    opens = after.pos_ in {"DET", "NUM", "PROPN", "PRON"} or (after.pos_ in {"ADJ", "NOUN"} and after.i < sentence.end)
    told = any(t.tag_ in _FINITE or t.text == "." for t in sentence)
    if told or not (agrees and opens) or after.tag_ == "POS":
        return None
    last = after
    while last.i + 1 < sentence.end and last.nbor().pos_ in {"ADJ", "NOUN", "PROPN", "NUM"}:
        last = last.nbor()
    return before, last


def misread_past(token: Token) -> tuple[Token, Token] | None:
    """The verb and the object of a past form that stands between "and" and a noun but was read as a participle."""
    if token.tag_ != "VBN" or token.dep_ != "conj" or token.i < token.sent.start + 2 or token.nbor(-1).lower_ != "and":
        return None
    verb = token.head if token.head.pos_ == "VERB" else token.head.head
    if verb.tag_ != "VBD" or syntax.is_passive(verb) or syntax.auxiliaries(token) or syntax.objects(token):
        return None
    after = token.doc[token.i + 1 : min(token.i + _NEAR_NOUNS, token.sent.end)]
    nouns = (t for t in after if t.pos_ in {"NOUN", "PROPN", "NUM", "PRON"} and t.head.i <= token.i)
    found = next(nouns, None)
    if found is None or any(
        t.pos_ == "ADP" and t.lower_ != "at" for t in token.doc[token.i + 1 : found.left_edge.i + 1]
    ):
        return None
    return verb, found


def _spans_of_time(verb: Token) -> list[Token]:
    """The bare noun after a verb that a parser takes for a time: "serving nine years"."""
    return [c for c in verb.children if c.i > verb.i and c.dep_ in {"obl:unmarked", "obl:npmod", "npadvmod"}]


def _those(verb: Token) -> list[Token]:
    """The "those" before a participle, adverbs between: "those unjustly detained"."""
    if verb.tag_ != "VBN" or any(a.i < verb.i for a in syntax.auxiliaries(verb)):
        return []
    at = verb.i - 1
    while at > verb.sent.start and verb.doc[at].pos_ == "ADV":
        at -= 1
    return [verb.doc[at]] if at >= verb.sent.start and verb.doc[at].lower_ in _POINTED_AT else []


_CHECKS: dict[str, Callable[[Candidate, Any], bool]] = {
    "before": lambda c, terms: not terms.isdisjoint(c.before),
    "not_before": lambda c, terms: terms.isdisjoint(c.before),
    "next": lambda c, terms: c.next in terms,
    "not_next": lambda c, terms: c.next not in terms,
    "position": lambda c, position: c.position == position,
    "number": lambda c, number: c.is_number(number),
    "about": lambda c, terms: c.is_about(terms),
    "not_about": lambda c, terms: not c.is_about(terms),
    "under": lambda c, terms: not terms.isdisjoint(c.prepositions),
    "not_under": lambda c, terms: terms.isdisjoint(c.prepositions),
    "governor": lambda c, terms: not terms.isdisjoint(c.governors),
    "not_governor": lambda c, terms: terms.isdisjoint(c.governors),
    "modifies": lambda c, terms: c.scene.fits(c.token.head, terms),
    "possessed": lambda c, wanted: bool(syntax.possessors(c.token)) == wanted,
    "bare": lambda c, wanted: c.is_bare() == wanted,
    "aspect": lambda c, _: any(a.lower_ == "being" for a in syntax.auxiliaries(c.token)),
    "voice": lambda c, voice: c.is_voice(voice),
    "object": lambda c, terms: c.any_fits(c.undergoers, terms),
    "not_object": lambda c, terms: not c.any_fits(c.undergoers, terms),
    "subject_is": lambda c, terms: c.any_fits(c.subjects, terms),
    "not_subject": lambda c, terms: not c.any_fits(c.subjects, terms),
    "particle": lambda c, terms: not terms.isdisjoint(c.particles),
    "complement": lambda c, terms: c.any_fits(syntax.predicates(c.token), terms),
    "not_complement": lambda c, terms: not c.any_fits(syntax.predicates(c.token), terms),
    "clause": lambda c, kind: c.has_clause(kind),
    "not_particle": lambda c, terms: terms.isdisjoint(c.particles),
    "leads": lambda c, terms: c.any_fits(syntax.clauses(c.token), terms),
    "gerund": lambda c, terms: c.has_gerund(terms),
    "prep": lambda c, phrases: c.has_phrase(phrases),
    "not_prep": lambda c, phrases: not c.has_phrase(phrases),
}
