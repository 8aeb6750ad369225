"""The parties of an event: who did it, and to whom or what, by the word class of its trigger."""

from __future__ import annotations

from spacy.tokens import Token

from extract import syntax
from extract.facts.event.company import Candidate
from extract.facts.event.lexicon import index, types
from extract.facts.event.nouns import BEARERS, Filled, given, of_noun
from extract.facts.event.patterns import (
    DONE_TO_PEOPLE,
    DONE_TO_SUBJECTS,
    LAWS,
    SPOKEN,
    THROWING,
    VERB_PREPOSITIONS,
)
from extract.facts.event.schema import Trigger

_QUOTES = frozenset({"\u201d", "\u2019", "\u00bb", '"', "'", "''"})
_OF_ANYTHING = {"of": frozenset({"*"})}
_NO_PEOPLE = frozenset({
    "@law", "@report", "@crime", "@abstract", "@bodypart", "@verdict", "media", "year", "month", "period", "ground",
    "risk", "bribe", "half", "week", "day",
})  # fmt: skip
_AT_OWNERS = frozenset({"accuse", "coerce"})
_BLOWS = frozenset({"attack", "disaster"})
_WITHIN = 15  # tokens
_NEAR = 60  # tokens


def parties_of(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """Heads of the agents and targets, not yet resolved."""
    if is_nominal(candidate):
        return [("target", t) for t in syntax.subjects(candidate.token) or [candidate.token]]
    if trigger.pos == "NOUN":
        return of_noun(trigger, candidate)
    found = _of_adjective(trigger, candidate) if trigger.pos == "ADJ" else _of_verb(trigger, candidate)
    return _of_people(trigger, candidate, found)


def is_nominal(candidate: Candidate) -> bool:
    """Whether an adjective or participle stands for those whom it is said of: "the injured", "the arrested"."""
    token = candidate.token
    if token.pos_ not in {"ADJ", "VERB"} or token.dep_ in {"amod", "compound", "xcomp", "acomp"}:
        return False
    return any(c.lower_ == "the" and c.i < token.i for c in token.children) and token.tag_ in {"JJ", "VBN"}


def _of_people(trigger: Trigger, candidate: Candidate, found: list[Filled]) -> list[Filled]:
    """The parties where what is done to people only is not done to things: then the nearest subject bears it.

    "She was removed after the ruling, arrested in June": a parse that arrests the ruling is wrong.
    """
    if trigger.type not in DONE_TO_PEOPLE or candidate.position == "prenominal":
        return found
    targets = [t for role, t in found if role == "target"]
    if not targets or not all(is_no_person(candidate, t) for t in targets):
        return found
    bearer = _subject_before(candidate, [t for role, t in found if role == "agent"])
    return [f for f in found if f[0] != "target"] + [("target", bearer)] if bearer is not None else found


def is_no_person(candidate: Candidate, token: Token) -> bool:
    """Whether the word names an event, a law, a paper, a part of the body: nothing that one arrests or kills."""
    scene = candidate.scene
    if token.i in scene.entities or scene.fits(token, BEARERS) or token.pos_ not in {"NOUN", "VERB"}:
        return False
    return scene.fits(token, _NO_PEOPLE) or any(t.pos == "NOUN" for t in index().get(token.lower_, ()))


def _subject_before(candidate: Candidate, agents: list[Token]) -> Token | None:
    """The last subject before the trigger in its sentence that is a person and doesn't act."""
    token, scene = candidate.token, candidate.scene
    for each in reversed(token.doc[max(token.sent.start, token.i - _NEAR) : token.i]):
        above = syntax.attachment(each)
        if above is not None and "subject" in above.relation and each not in agents and scene.fits(each, BEARERS):
            return each
    return None


_FATAL = frozenset({"drown", "suffocate", "asphyxiate", "starve", "choke"})
"""Verbs of dying that are done to others, too: "the flood drowned two boys"."""


def _of_verb(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    verb, doers, undergoers = candidate.token, candidate.doers, candidate.undergoers
    if candidate.position == "prenominal":
        acts = verb.tag_ == "VBG" or verb.lower_.endswith("ing")
        return [("agent" if acts and trigger.subject == "agent" else "target", verb.head)]
    fatal = trigger.lemma in _FATAL and bool(doers) and candidate.any_fits(undergoers, BEARERS)
    if trigger.subject == "target" and not fatal:
        return [("target", t) for t in doers or undergoers]
    if undergoers and trigger.type in SPOKEN and _is_inverted(verb):
        doers, undergoers = undergoers, []
    elif doers and not undergoers and _is_headline_passive(trigger, candidate):
        doers, undergoers = [], doers
    if trigger.lemma == "pass" and trigger.type == "legislate" and candidate.any_fits(doers, LAWS):
        doers, undergoers = [u for u in undergoers if candidate.scene.fits(u, BEARERS)], doers
    if trigger.type == "attack" and verb.lemma_.lower() in THROWING:
        undergoers = []
    if trigger.type in _AT_OWNERS:
        undergoers = [owner for t in undergoers for owner in _owners(candidate, t) or [t]]
    doers = _doing(trigger, candidate, doers)
    found = [("agent", t) for t in doers] + [("target", t) for t in given(verb) or undergoers or _loose(verb)]
    roles = VERB_PREPOSITIONS.get(trigger.type, {})
    if trigger.lemma == "blame" and any(word == "on" for word, _ in syntax.phrases(verb)):  # "blamed it on the rebels"
        found = [f for f in found if f[0] == "agent"]
    if not undergoers or trigger.type == "meet" or trigger.lemma == "blame":
        found.extend(
            (roles[word], noun)
            for word, noun in syntax.phrases(verb)
            if word in roles and (trigger.type not in DONE_TO_PEOPLE or candidate.scene.fits(noun, BEARERS))
        )
    if trigger.type == "accuse" and not undergoers:
        found.extend(("target", t) for clause in syntax.clauses(verb) for t in syntax.doers(clause))
    return found


def _doing(trigger: Trigger, candidate: Candidate, doers: list[Token]) -> list[Token]:
    """Who or what does it; where a relative clause was hung on a thing, the attack or disaster before that thing.

    "An attack on a bus that killed two", "the collapse of a bridge, which killed nine".
    """
    verb, scene = candidate.token, candidate.scene
    own = [c for c in verb.children if c.dep_ in syntax.SUBJECTS and c.lower_ in {"which", "that"}]
    if trigger.type not in {"kill", "injure", "flee"} or not own or any(types(t) & _BLOWS for t in doers):
        return doers
    if own[0].lower_ == "that" and any(scene.fits(t, BEARERS) and t.i not in scene.entities for t in doers):
        return doers
    near = verb.doc[max(verb.sent.start, own[0].i - _WITHIN) : own[0].i]
    found = [t for t in near if t.pos_ == "NOUN" and types(t) & _BLOWS]
    return found[-1:] or doers


def _owners(candidate: Candidate, noun: Token) -> list[Token]:
    """Whose it is that is condemned or forced: of "condemned the junta's cruelty", the junta; of an event, nobody."""
    if candidate.scene.fits(noun, BEARERS) or noun.lower_ in index():
        return []
    return [owner for owner in syntax.possessors(noun) if candidate.scene.fits(owner, BEARERS)]


def _loose(verb: Token) -> list[Token]:
    """What a parse leaves loose: a second subject after the verb of a headline, the number before a bare participle.

    "Turkey jails nine journalists", "17 killed in action".
    """
    own = [c for c in verb.children if c.dep_ in syntax.SUBJECTS]
    if len(own) == 2 and own[0].i < verb.i < own[1].i:
        return own[1:]
    before = verb.nbor(-1) if verb.i > verb.sent.start else None
    bare = verb.tag_ == "VBN" and not syntax.auxiliaries(verb) and before is not None
    return [before] if bare and before is not None and before.pos_ == "NUM" else []


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
    targets = syntax.undergoers(verb) or syntax.doers(verb) or _inverted_subjects(verb)
    agents = [t for t in syntax.doers(verb) if t not in targets] if trigger.type in {"kill", "sentence"} else []
    by = syntax.passive_agents(word)
    return [("target", t) for t in targets] + [("agent", t) for t in (*agents, *by)]


def _inverted_subjects(verb: Token) -> list[Token]:
    """The subject that follows its copula: "also found guilty is her brother"."""
    return [c for c in verb.children if c.i > verb.i and any(each.dep_ == "cop" for each in c.children)]
