"""The parties of an event: who did it, and to whom or what, by the word class of its trigger."""

from __future__ import annotations

from spacy.tokens import Token

from extract import syntax
from extract.facts.event.company import Candidate
from extract.facts.event.nouns import Filled, given, of_noun
from extract.facts.event.patterns import (
    DONE_TO_SUBJECTS,
    SPOKEN,
    VERB_PREPOSITIONS,
)
from extract.facts.event.schema import Trigger

_QUOTES = frozenset({"\u201d", "\u2019", "\u00bb", '"', "'", "''"})
_OF_ANYTHING = {"of": frozenset({"*"})}


def parties_of(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """Heads of the agents and targets, not yet resolved."""
    if trigger.pos == "NOUN":
        return of_noun(trigger, candidate)
    if trigger.pos == "ADJ":
        return _of_adjective(trigger, candidate)
    return _of_verb(trigger, candidate)


def _of_verb(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    verb, doers, undergoers = candidate.token, candidate.doers, candidate.undergoers
    if candidate.position == "prenominal":
        acts = verb.tag_ == "VBG" or verb.lower_.endswith("ing")
        return [("agent" if acts and trigger.subject == "agent" else "target", verb.head)]
    if trigger.subject == "target":
        return [("target", t) for t in doers or undergoers]
    if undergoers and trigger.type in SPOKEN and _is_inverted(verb):
        doers, undergoers = undergoers, []
    elif doers and not undergoers and _is_headline_passive(trigger, candidate):
        doers, undergoers = [], doers
    found = [("agent", t) for t in doers] + [("target", t) for t in given(verb) or undergoers]
    roles = VERB_PREPOSITIONS.get(trigger.type, {})
    if not undergoers or trigger.type == "meet":
        found.extend((roles[word], noun) for word, noun in syntax.phrases(verb) if word in roles)
    if trigger.type == "accuse" and not undergoers:
        found.extend(("target", t) for clause in syntax.clauses(verb) for t in syntax.doers(clause))
    return found


def _is_inverted(verb: Token) -> bool:
    """Whether the verb follows what it says: "'They lied,' alleged the minister"."""
    before = verb.nbor(-1) if verb.i > verb.sent.start else None
    return before is not None and (before.is_quote or before.text in _QUOTES) and not syntax.is_passive(verb)


def _is_headline_passive(trigger: Trigger, candidate: Candidate) -> bool:
    """Whether a past form without object or auxiliary is a passive cut short: "Two men sentenced to death"."""
    verb = candidate.token
    past = verb.tag_ in {"VBN", "VBD"} or verb.lower_.endswith("ed")
    told = trigger.type in DONE_TO_SUBJECTS or (trigger.type == "accuse" and candidate.has_phrase(_OF_ANYTHING))
    return told and past and not syntax.auxiliaries(verb) and not candidate.has_clause("any")


def _of_adjective(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """Parties of a predicate ("found him guilty", "are missing") or of an adjective before its noun."""
    word = candidate.token
    if candidate.position == "prenominal":
        return [("target", word.head)]
    own = syntax.subjects(word) or syntax.passive_subjects(word)
    if own:
        return [("target", t) for t in own]
    if candidate.above is None:
        return []
    verb = candidate.above.head
    targets = syntax.undergoers(verb) or syntax.doers(verb)
    agents = [t for t in syntax.doers(verb) if t not in targets] if trigger.type in {"kill", "sentence"} else []
    by = syntax.passive_agents(word)
    return [("target", t) for t in targets] + [("agent", t) for t in (*agents, *by)]
