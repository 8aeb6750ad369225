"""Who or what a pronoun stands for, where the sentences before leave little doubt."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from extract import syntax
from extract.facts.event.patterns import (
    FEMININE,
    FEMININE_NOUNS,
    MASCULINE,
    MASCULINE_NOUNS,
    OF_OBJECTS,
    THIRD_PERSON_NEUTER,
    THIRD_PERSON_PLURAL,
    THIRD_PERSON_SINGULAR,
)
from extract.facts.event.scene import Mention, Scene
from extract.names.gender import gender

_WINDOW = 150  # tokens that a pronoun looks back at most
_LOOK_BACK = 5  # sentences; a pronoun further from its noun is left as it stands
_BODIES = frozenset({"@authority", "@group", "@country"})
_PEOPLE = frozenset({"@person", "@authority"})
_LAWS = frozenset({"@law"})


def referent(scene: Scene, pronoun: Token) -> Token | None:
    """The word that a third-person pronoun, or "the 49-year-old", stands for."""
    word = pronoun.lower_
    if word in THIRD_PERSON_SINGULAR or _is_aged(pronoun):
        return _person_before(scene, pronoun)
    if word in THIRD_PERSON_PLURAL:
        return _people_before(scene, pronoun)
    return _body_before(scene, pronoun) if word in THIRD_PERSON_NEUTER else None


def law_before(scene: Scene, pronoun: Token) -> Token | None:
    """The law that "it" is, where what is done to it is done to laws: "the Senate could repeal it"."""
    near = [t for t in _two_sentences(pronoun) if t.pos_ == "NOUN" and scene.fits(t, _LAWS)]
    return max(near, key=lambda t: (_is_subject(t), t.i), default=None)


def _is_aged(token: Token) -> bool:
    """Whether the word is a person's age that stands for him: "the 49-year-old"."""
    if token.lower_ not in {"old", "year-old"} or token.i < 4 or token.nbor(-1).text != "-":
        return False
    return any(c.lower_ == "the" for c in token.children)


def _person_before(scene: Scene, pronoun: Token, depth: int = 0) -> Token | None:
    """The person whose gender the pronoun doesn't contradict: in the nearest sentence, a subject before others."""
    floor = _floor(pronoun)
    told = "f" if pronoun.lower_ in FEMININE else "m" if pronoun.lower_ in MASCULINE else None
    near = [m.tokens.root for m in _people(scene, floor, pronoun) if gender_of(m) in {None, told} or told is None]
    best = max(near, key=_prominence, default=None)
    unnamed = max(_unnamed(scene, floor, pronoun, told), key=_prominence, default=None)
    if unnamed is not None and (best is None or best.sent.start < unnamed.sent.start):
        best = unnamed
    earlier = _same_before(scene, floor, pronoun, told)
    if earlier is not None and (best is None or _prominence(best) < _prominence(earlier)) and depth < _LOOK_BACK:
        return _person_before(scene, earlier, depth + 1) or best
    return best


def _prominence(token: Token) -> tuple[int, bool, int]:
    """What makes a word the likelier antecedent: a later sentence, being a subject, standing later."""
    return token.sent.start, _is_subject(token), token.i


def _same_before(scene: Scene, floor: int, pronoun: Token, told: str | None) -> Token | None:
    """The last "he" or "she" before, of the same gender, that is a subject in an earlier sentence."""
    same = MASCULINE if told == "m" else FEMININE if told == "f" else frozenset()
    for token in reversed(scene.doc[floor : pronoun.sent.start]):
        if token.lower_ in same and _is_subject(token):
            return token
    return None


def _people(scene: Scene, floor: int, pronoun: Token) -> Iterator[Mention]:
    """Yields the named people in the window, but for those who do to the pronoun what its verb says."""
    others = _others(pronoun)
    for mention in scene.people:
        if floor <= mention.tokens.start and mention.tokens.end <= pronoun.i and mention.tokens.root not in others:
            yield mention


def _others(pronoun: Token) -> list[Token]:
    """Who can't be an object pronoun: the subject of its own verb, "he pardoned him"."""
    return syntax.doers(pronoun.head) if pronoun.lower_ in OF_OBJECTS and pronoun.head.pos_ == "VERB" else []


def _unnamed(scene: Scene, floor: int, pronoun: Token, told: str | None) -> Iterator[Token]:
    """Yields the subjects that name one person by a noun only: "a teacher said ... she"."""
    for token in scene.doc[floor : pronoun.i]:
        if token.tag_ == "NN" and _is_subject(token) and scene.fits(token, _ONE) and not _has_name(scene, token):
            word = token.lower_
            known = "m" if word in MASCULINE_NOUNS else "f" if word in FEMININE_NOUNS else None
            if known in {None, told} or told is None:
                yield token


_ONE = frozenset({"@person"})


def _has_name(scene: Scene, noun: Token) -> bool:
    """Whether the noun is in a name, or a name stands beside it: the name then is the candidate."""
    return any(t.i in scene.entities for t in (noun, *noun.children) if t.dep_ not in {"nmod", "nmod:poss"})


def gender_of(mention: Mention) -> str | None:
    """The gender that a title before the mention, or the fullest name, tells."""
    before = mention.tokens.doc[mention.tokens.start - 1].lower_.rstrip(".") if mention.tokens.start else ""
    if before in MASCULINE_NOUNS:
        return "m"
    return "f" if before in FEMININE_NOUNS else gender(str(mention.draft.fields.get("name") or ""))


def _people_before(scene: Scene, pronoun: Token) -> Token | None:
    """The nearest plural noun of people: a subject for a subject, another for an object."""
    acts = _is_subject(pronoun)
    near = [t for t in scene.doc[_floor(pronoun) : pronoun.i] if _is_plural(scene, t) and scene.fits(t, _PEOPLE)]
    others = [] if acts else syntax.doers(pronoun.head)
    own = [t for t in near if t.head.i != pronoun.head.i and t not in others and not _is_predicate(t)]
    return max(own, key=lambda t: (t.sent.start, _is_subject(t) == acts, t.i), default=None)


def _is_predicate(token: Token) -> bool:
    """Whether the noun only says what somebody is: "who are cousins"."""
    return any(c.dep_ == "cop" for c in token.children) or token.dep_ == "attr"


def _is_plural(scene: Scene, token: Token) -> bool:
    if token.tag_ in {"NNS", "NNPS"}:
        return True
    if token.pos_ == "NUM":
        return _is_subject(token) and token.i in scene.counts
    return token.pos_ == "PROPN" and token.i in scene.entities and any(c.dep_ == "conj" for c in token.children)


def _body_before(scene: Scene, pronoun: Token) -> Token | None:
    """The subject or possessor that is a body which acts, in this sentence or the one before: "the army ... it"."""
    near = [t for t in _two_sentences(pronoun) if scene.fits(t, _BODIES) and _is_prominent(t)]
    return max(near, key=lambda t: (t.sent.start, t.i), default=None)


def _two_sentences(pronoun: Token) -> list[Token]:
    """The tokens before a pronoun in its own sentence and the one before."""
    start = pronoun.sent.start
    floor = pronoun.doc[start - 1].sent.start if start else 0
    return list(pronoun.doc[max(floor, pronoun.i - _WINDOW) : pronoun.i])


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
