"""How a fact is told: as having happened, negated, possible, future or conditional.

Cues are rows of data with a scope, as ConText has them (Harkema and others 2009, doi:10.1016/j.jbi.2009.05.002), but
the scope is walked over the parse: from the word that tells of the event up to what governs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Token

from extract import syntax
from extract.fact import Modality
from extract.lexicon import rows

CUES = Path(__file__).resolve().parent / "modality.jsonl"
_STRENGTH: tuple[Modality, ...] = ("conditional", "negated", "possible", "future")
_PREPOSITIONS = frozenset({"for", "of", "on", "with"})
_COMPLEMENTED_BY = frozenset({"that", "from", "for", "of", "on", "about"})
_FOLLOWED_BY = frozenset({"of", "for", "to", "from", ""})
_MAX_CHILDREN = 200  # more hang on one word in a broken parse only
_NOMINAL = frozenset({"subject", "passive subject", "object", "oblique"})
_PARTICLES = frozenset({"off", "out"})
_TERMS = frozenset({"year", "month"})
_ORDINALS = frozenset({"first", "second", "third", "last", "latest", "only", "youngest", "oldest", "fifth"})
_AUXILIARIES = frozenset({"aux", "aux:pass", "auxpass", "cop"})
_COLLECTIVES = frozenset({
    "start", "beginning", "end", "series", "wave", "round", "imposition", "term", "year", "month", "day", "number",
    "act", "use", "campaign", "spate", "string", "rest", "part", "period", "carrying", "state", "holding",
    "restoration", "resumption",
})  # fmt: skip


class Cue(BaseModel):
    """A row of modality.jsonl: the words, where what they govern stands, and what it becomes; with an example."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cue: tuple[str, ...]
    scope: Literal[
        "modifier", "determiner", "party", "preposition", "subordinator", "auxiliary", "clause", "infinitive", "object",
        "subject", "for", "of", "on", "with", "any", "transparent", "light", "term",
    ]  # fmt: skip
    modality: Modality
    example: str


@cache
def cues() -> Mapping[tuple[str, str], Modality]:
    """The modality that each (word, scope) brings about.

    Raises:
        DataFileError: a row is no cue; says which line.
    """
    read = rows(CUES, lambda line, _: Cue.model_validate_json(line), kind="cue", expected="cue, scope, modality")
    return {(word, row.scope): row.modality for row in read for word in row.cue}


def modality_of(token: Token) -> Modality:
    """The modality of what the token tells: the nearest cue that governs it, or `actual`."""
    counts = token.pos_ == "NUM"
    for _ in range(syntax.MAX_CLIMB):
        own, above = _own(token), syntax.attachment(token)
        governing = _governing(token, above) if above is not None else None
        if own is not None:
            demanded = own == "negated" and governing == "future" and syntax.is_infinitive(token)
            return "future" if demanded else own
        if governing is not None and above is not None:
            wanted_by_none = above.relation == "complement" and _own(above.head) == "negated"
            return "negated" if wanted_by_none else governing
        if above is None or not _passes(token, above, counts=counts):
            return "actual"
        token = above.head
    return "actual"


def _own(token: Token) -> Modality | None:
    """What the words on the token itself make of it; the strongest of several."""
    if token.n_lefts + token.n_rights > _MAX_CHILDREN:
        return None
    found = set(_of_children(token)) | set(_of_parties(token))
    if not found.isdisjoint({"future", "possible"}) and _is_consequence(token):
        return "conditional"
    return next((modality for modality in _STRENGTH if modality in found), None)


def _is_consequence(token: Token) -> bool:
    """Whether a conditional clause hangs on the verb: "if he returns he will be jailed"."""
    known = cues()
    return any(
        _is_inverted(mark) or (mark.dep_ == "mark" and (mark.lower_, "subordinator") in known)
        for clause in token.children
        if clause.dep_ == "advcl"
        for mark in clause.children
    )


def _is_inverted(auxiliary: Token) -> bool:
    """Whether an auxiliary opens its clause before the subject: "should he return", "had he stayed"."""
    opens = auxiliary.dep_ in _AUXILIARIES and auxiliary.i == auxiliary.head.left_edge.i
    return opens and auxiliary.lower_ in {"should", "had", "were"} and auxiliary.head.dep_ == "advcl"


def _of_children(token: Token) -> Iterator[Modality]:
    known = cues()
    for child in token.children:
        dep = child.dep_
        scope = _scope_of(child) if dep in _SCOPES else None
        modality = known.get((child.lower_, scope)) if scope else None
        if dep in _AUXILIARIES and _is_inverted(child):
            yield "conditional"
        elif modality is not None:
            yield "possible" if child.lower_ == "if" and token.dep_ == "ccomp" else modality
        elif dep in _AUXILIARIES and dep != "cop":
            yield from (m for c in child.children if (m := known.get((c.lower_, "modifier"))) == "negated" and m)


_SCOPES = {
    "aux": "auxiliary", "advmod": "modifier", "neg": "modifier", "amod": "modifier", "det": "determiner",
    "mark": "subordinator", "case": "preposition", "cc": "modifier", "cc:preconj": "modifier", "preconj": "modifier",
}  # fmt: skip


def _scope_of(child: Token) -> str | None:
    scope = _SCOPES.get(child.dep_)
    if scope == "subordinator" and child.lower_ == "without":
        return "preposition"
    return None if child.dep_ == "det" and child.i > child.head.i else scope


def _of_parties(token: Token) -> Iterator[Modality]:
    """ "No one was released", "none of them was hurt", "not a single vote was cast"."""
    if token.pos_ not in {"VERB", "AUX", "ADJ"} or token.dep_ == "amod":
        return
    known = cues()
    named = (*syntax.subjects(token), *syntax.passive_subjects(token))
    own = [t for t in named if t.head.i == token.i and (t.i < token.i or not _is_added(t))]
    if token.dep_ == "acl" and token.head.lower_ in {"anyone", "anybody"}:
        yield "conditional"
    told = (t for t in syntax.objects(token) if t.head.i == token.i)
    for party in (*own, *(t for t in told if not _is_added(t))):
        if (party.lower_, "party") in known:
            yield known[party.lower_, "party"]
        for child in party.children:
            if child.i < party.i and (child.lower_, "determiner") in known and child.dep_ == "det":
                yield "negated"
            if child.i < party.i and child.lower_ == "not":
                yield "negated"


def _is_added(noun: Token) -> bool:
    """Whether a mark parts a noun phrase from what it is added to: "nine were charged, none of them with murder"."""
    at = noun.left_edge.i
    return bool(noun.doc[at].is_punct or (at > 0 and noun.doc[at - 1].is_punct))


def _governing(token: Token, above: syntax.Attachment) -> Modality | None:
    """What the word above makes of the token, where a cue has it in its scope."""
    head = above.head
    phrasal = [f"{head.lemma_.lower()} {particle}" for particle in syntax.particles(head) if particle in _PARTICLES]
    for scope in _scopes_above(token, above):
        for word in (*phrasal, head.lower_, head.lemma_.lower()):
            modality = cues().get((word, scope))
            if modality is not None:
                return None if scope == "transparent" else modality
    if above.relation == "oblique" and above.word == "without":
        return "negated"
    return _of_purpose(token, above)


def _scopes_above(token: Token, above: syntax.Attachment) -> Iterator[str]:
    """Yields the scopes that the token stands in with regard to the word above."""
    relation, word = above.relation, above.word
    infinitive = syntax.is_infinitive(token)
    completes = relation in {"complement", "clause"} or (relation == "adverbial" and word in _COMPLEMENTED_BY)
    if completes and (token.pos_ not in {"NOUN", "PROPN"} or syntax.auxiliaries(token)):
        yield "clause"
    if infinitive and relation in {"complement", "clause", "adverbial", "adnominal"}:
        yield "infinitive"
        yield "transparent"
    if relation in {"object", "oblique", "other"} and token.lemma_.lower() in _TERMS:
        yield "term"
    if relation == "oblique" and word == "in" and any(c.lemma_.lower() in _TERMS for c in above.head.children):
        yield "term"
    if relation in {"object", "passive subject"}:
        yield "object"
    if relation in {"subject", "passive subject"}:
        yield "subject"
    if relation == "oblique" and word in _PREPOSITIONS:
        yield word
    nominal = above.head.pos_ in {"NOUN", "PROPN", "ADJ"}
    below = relation in {"oblique", "adverbial", "complement", "clause"} or (
        relation == "adnominal" and (infinitive or word)
    )
    if nominal and below and word in _FOLLOWED_BY:
        yield "any"


def _of_purpose(token: Token, above: syntax.Attachment) -> Modality | None:
    """Infinitives of purpose and of nouns are future ("to force", "a law to ban"); not "the first to be arrested"."""
    if above.relation not in {"adverbial", "adnominal"} or not syntax.is_infinitive(token):
        return None
    if any(c.lower_ in _ORDINALS or c.lower_.endswith("th") for c in (above.head, *above.head.children)):
        return None
    return None if any(a.lemma_ == "have" for a in syntax.auxiliaries(token)) else "future"


def _shares(token: Token) -> bool:
    """Whether a coordinated word is told as the first is: not after "but", nor with a subject of its own."""
    if any(c.lower_ == "but" and c.dep_ == "cc" for c in token.children):
        return False
    bare = token.tag_ == "VBN" and not syntax.auxiliaries(token)
    return bare or not (syntax.subjects(token) or syntax.passive_subjects(token))


def _passes(token: Token, above: syntax.Attachment, *, counts: bool) -> bool:
    """Whether what governs the word above governs the token, too."""
    relation, head = above.relation, above.head
    if relation == "complement":
        return True
    if relation == "conjunct":
        return _shares(token)
    if relation in {"adverbial", "adnominal"} and syntax.is_infinitive(token):
        return (head.lemma_.lower(), "transparent") in cues()
    if relation not in _NOMINAL:
        return counts and relation == "other"
    if head.pos_ in {"VERB", "AUX"}:
        return counts or (head.lemma_.lower(), "light") in cues()
    return counts or (relation == "oblique" and above.word in {"of", "in"} and head.lemma_.lower() in _COLLECTIVES)
