"""What a clause's predicate tells of its subject or object: by its verb, what completes it, and what stands beside."""

from __future__ import annotations

from spacy.tokens import Token

from extract.facts.count.meaning import by_violence, called, event_of, lemma, state_of, told
from extract.syntax import (
    complements,
    conjuncts,
    has_parse,
    is_passive,
    objects,
    obliques,
    passive_subjects,
    subjects,
)

VERBS = frozenset({"VERB", "AUX"})
STATE_PREPOSITIONS = frozenset({"in", "behind", "on", "under", "at", "into", "to"})
_LIGHT = frozenset({"grant", "give", "face", "hold", "make", "await", "carry", "stage", "bring", "file", "open",
                    "issue", "impose", "order", "launch", "serve", "get", "receive", "see", "secure"})  # fmt: skip
_NAMING = frozenset({"consider", "deem", "call", "recognise", "recognize", "declare", "list", "designate", "regard",
                     "classify", "describe", "label", "count", "report", "name"})  # fmt: skip
_COVERS = frozenset({"cover", "benefit", "affect", "include", "concern", "involve", "draw", "attract", "hit"})
_LISTING = frozenset({"include", "comprise", "contain", "number"})


def predicate(head: Token, role: str, *, depth: int) -> str | None:
    """What a predicate tells of its subject or object."""
    if head.lower_ == "missing":
        return state_of(head)
    if head.lower_ == "risk" and (feared := next((e for _, noun in obliques(head) if (e := event_of(noun))), None)):
        return feared
    if head.pos_ not in VERBS:
        return (
            state_of(head) or (event_of(head) if role != "object" else None) or _participle(head) or stated_beside(head)
        )
    if lemma(head) in _LISTING:
        return None
    if lemma(head) in _NAMING and role != "subject":
        return _named(head) or told(head, role)
    return (
        (_killed(head) if lemma(head) == "leave" and role == "object" else told(head, role))
        or _completed(head, role, depth=depth)
        or _light(head, role)
        or _covered(head, role)
        or (state_of(head) if head.tag_ in {"JJ", "VBN"} else None)
        or stated_beside(head)
    )


def _named(head: Token) -> str | None:
    """Reads "considered political prisoners", "recognised as refugees", "declared missing"."""
    phrases = [pair for noun in [head, *objects(head)] for pair in obliques(noun)]
    names = [*objects(head), *complements(head), *(noun for case, noun in phrases if case.lower_ == "as")]
    return next((found for noun in names if (found := called(noun) or state_of(noun) or _participle(noun))), None)


def _participle(token: Token) -> str | None:
    return told(token, "object") if token.tag_ == "VBN" else None


def _killed(leave: Token) -> str | None:
    """Reads "The attack left 36 dead" as killing, "the flood left 36 dead" as dying."""
    after = leave.doc[leave.i + 1 : leave.i + 16]
    return by_violence(leave, next((s for t in after if t.pos_ in {"ADJ", "VERB"} and (s := state_of(t))), None))


def _completed(head: Token, role: str, *, depth: int) -> str | None:
    """Reads "are thought to be in jail", "being shot dead", "remain missing"."""
    if depth == 0:
        return None
    for child in complements(head):
        if child.dep_ in {"advcl", "ccomp"} and (subjects(child) or (child.dep_ == "advcl" and child.i < head.i)):
            continue
        if child.pos_ not in VERBS:
            found = state_of(child) or called(child)
        else:
            found = predicate(child, "passive" if is_passive(child) or child.tag_ == "VBN" else role, depth=depth - 1)
        if found and (child.dep_ != "advcl" or role == "subject"):
            return found
    return None


def _light(head: Token, role: str) -> str | None:
    """Reads "face trial", "hold a rally": a light verb's noun; who carries out an execution is not killed."""
    if lemma(head) not in _LIGHT or role == "object":
        return None
    found = next((found for noun in objects(head) if (found := event_of(noun))), None)
    return found if found in _DONE_BY or role == "passive" or lemma(head) in _UNDERGOES else None


_DONE_BY = frozenset({"trial", "protest", "meet", "election", "vote", "demand", "agree", "flee", "accuse", "charge"})
_UNDERGOES = frozenset({"face", "await", "get", "receive", "see", "serve"})


def _covered(head: Token, role: str) -> str | None:
    """Reads "the amnesty will cover 3,000": an event whose reach is counted."""
    if lemma(head) not in _COVERS or role != "object":
        return None
    return next((found for noun in subjects(head) if (found := event_of(noun))), None)


def stated_beside(head: Token) -> str | None:
    """Reads "remained behind bars", "spend 90 days in detention"."""
    if not has_parse(head.doc):
        return None
    for preposition, noun in obliques(head):
        if preposition.lower_ in STATE_PREPOSITIONS and (found := state_of(noun)):
            return found
    return None


def goes_on(head: Token) -> str | None:
    """Reads "four refused to sign and were locked up": a later predicate of the same subject."""
    for verb in conjuncts(head)[1:]:
        own = subjects(verb) or passive_subjects(verb)
        if not own and (found := predicate(verb, "passive" if is_passive(verb) else "subject", depth=2)):
            return found
    return None
