"""The parties of an event that a noun names: its possessor, its phrases, its compounds, the verb it hangs on."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from extract import syntax
from extract.facts.event.company import Candidate
from extract.facts.event.lexicon import types
from extract.facts.event.patterns import (
    AGENT_POSSESSED,
    AGENT_POSSESSORS,
    ALL_ROUND,
    ALLEGING,
    ASKING,
    BEARING_VERBS,
    COURTS,
    DONE_TO_PEOPLE,
    GIVING_VERBS,
    INTRANSITIVE,
    NOUN_PREPOSITIONS,
    PRESENTING,
    PUTTING,
    QUANTITIES,
    SETTINGS,
    STATES,
    STATIVE,
    STRIKING_VERBS,
    SUFFERED,
    TIME_UNITS,
    TOLD_OF_SUBJECT,
    WINNERS,
    WINNING,
)
from extract.facts.event.scene import Mention
from extract.facts.event.schema import Trigger

Filled = tuple[str, Token]
_BODIES = frozenset({"@authority", "@security"})
BEARERS = frozenset({"@person", "@group", "@authority", "@country", "@security"})
_THINGS = {"search": frozenset({"@premises"}), "coerce": frozenset({"@craft"}), "disaster": frozenset({"@craft"})}
_TENDERING = frozenset({"submit", "hand", "tender", "announce", "offer", "give"})
_STRIKES = frozenset({"disaster", "attack"})
_WITH_WITHIN = 6  # tokens from "with" to the noun


def of_noun(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """Parties of a noun: its possessor, its phrases, the words compounded with it, the verb that it hangs on."""
    noun = candidate.token
    if trigger.type == "award":
        return _of_prize(candidate)
    found = [*_phrases_of(trigger, candidate), *_clauses_of(noun)]
    found.extend(_possessors_of(trigger, candidate, _roles(found)))
    found.extend(_compounds_of(trigger, candidate, _roles(found)))
    missing = {"agent", "target"} - _roles(found)
    around = [(role, t) for role, t in _around(trigger, noun) if role in missing]
    found.extend((role, t) for role, t in around if t.head.i != noun.i or candidate.scene.fits(opened(t), BEARERS))
    missing = {"agent", "target"} - _roles(found)
    found.extend((role, t) for role, t in _strayed(trigger, noun) if role in missing)
    return found


def _of_prize(candidate: Candidate) -> list[Filled]:
    """Who wins a prize and who gives it: by "to", "for" and "by", the verb above, or "winner of"."""
    noun, above = candidate.token, candidate.above
    found = [
        ("target", t) for word, t in syntax.phrases(noun) if word in {"to", "for"} and candidate.scene.is_person(t)
    ]
    if above is None:
        return found
    head, lemma = above.head, above.head.lemma_.lower()
    if (above.word == "of" or above.relation == "modifier") and lemma in WINNERS:
        return found or [("target", t) for t in _who_wins(head)]
    if lemma in PRESENTING and not found:
        found = [("target", t) for word, t in syntax.phrases(head) if word == "to"]
        found.extend(("target", c) for c in given(head))
    if lemma == "share" and syntax.is_passive(head):
        return [("target", t) for t in syntax.passive_agents(head)]
    if above.relation == "object":
        role = "target" if lemma in WINNING | BEARING_VERBS else "agent" if lemma in GIVING_VERBS | PRESENTING else ""
        found.extend((role, t) for t in syntax.doers(head) if role)
    return found


def _who_wins(winner: Token) -> list[Token]:
    """Who is the winner: "he was named a winner of the prize", "Ales Bialiatski, a laureate of the prize"."""
    own = syntax.subjects(winner)
    above = syntax.attachment(winner)
    if own or above is None:
        return own
    if above.relation == "apposition":
        return [above.head]
    return syntax.undergoers(above.head) if above.relation == "complement" else [winner]


def _roles(filled: list[Filled]) -> set[str]:
    return {role for role, _ in filled}


def _strayed(trigger: Trigger, noun: Token) -> Iterator[Filled]:
    """Targets that a parse hangs on a word above: "a round of sanctions to date against banks"."""
    words = {"against", "upon", "on"} if trigger.type in {"sanction", "restrict", "coerce"} else {"against", "upon"}
    above = syntax.attachment(noun)
    if above is not None and trigger.type in {"accuse", "demand", "coerce"}:
        yield from (("agent", t) for word, t in syntax.phrases(above.head) if word == "from" and t.i > noun.i)
    for _ in range(2):
        if above is None:
            return
        yield from (("target", t) for word, t in syntax.phrases(above.head) if word in words and t.i > noun.i)
        above = syntax.attachment(above.head) if above.word == "of" else None


def _phrases_of(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """What prepositions introduce after the noun, or after one that it is coordinated with."""
    noun, roles = candidate.token, NOUN_PREPOSITIONS[trigger.type]
    found = _aimed(trigger, candidate) or [
        (roles[word], t) for word, t in syntax.phrases(noun) if word in roles and may_be(trigger, candidate, t)
    ]
    if trigger.lemma in ALLEGING:  # "allegations of torture": no target
        found = [(role, t) for role, t in found if role == "agent" or candidate.scene.fits(opened(t), BEARERS)]
    if found:
        low = [("agent", by) for t in _of(noun) for word, by in syntax.phrases(t) if word == "by" and by.i > t.i]
        return found if any(role == "agent" for role, _ in found) else found + low
    siblings = [c for c in syntax.conjuncts(syntax.first_conjunct(noun)) if c.i != noun.i]
    for each in sorted(siblings, key=lambda c: abs(c.i - noun.i)):
        shared = [(w, t) for w, t in syntax.phrases(each) if w in {"of", "by"} and w in roles and t.i > noun.i]
        if any(may_be(trigger, candidate, t) for _, t in shared):
            return [(roles[w], t) for w, t in shared]
    return _phrases_below(candidate)


def _aimed(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """Who attacks whom in "the attacks of the rebels on the town", wherever the parse hangs the town."""
    noun, timed = candidate.token, candidate.scene.timed
    if trigger.type != "attack":
        return []
    actors = _of(noun)
    hit = [t for each in (noun, *actors) for word, t in syntax.phrases(each) if word in {"on", "against"}]
    hit = [t for t in hit if t.i not in timed]
    return [("agent", t) for t in actors] + [("target", t) for t in hit] if actors and hit else []


def _of(noun: Token) -> list[Token]:
    return [t for word, t in syntax.phrases(noun) if word == "of"]


def _phrases_below(candidate: Candidate) -> list[Filled]:
    """What a parse hangs one phrase too low: "the removal from the hall of two deputies"."""
    below = [t for word, t in syntax.phrases(candidate.token) if word in {"from", "to", "in"}]
    inner = [t for each in below for word, t in syntax.phrases(each) if word == "of" and t.i > each.i]
    return [("target", t) for t in inner if candidate.scene.is_person(t)]


def may_be(trigger: Trigger, candidate: Candidate, token: Token) -> bool:
    """Whether the word can be a party: what is done to people only asks for people."""
    if trigger.type not in DONE_TO_PEOPLE:
        return True
    scene = candidate.scene
    return token.i in scene.entities or scene.fits(opened(token), BEARERS) or token.pos_ in {"NUM", "PRON"}


def _clauses_of(noun: Token) -> Iterator[Filled]:
    """The one who acts in a clause on the noun: "torture used by police"."""
    for child in noun.children:
        if child.dep_ == "acl" and child.tag_ == "VBN":
            yield from (("agent", t) for t in syntax.passive_agents(child))


def _possessors_of(trigger: Trigger, candidate: Candidate, filled: set[str]) -> Iterator[Filled]:
    """The possessor: who bears it ("X's arrest"), or who acts ("X's pressure", "the junta's executions")."""
    noun = candidate.token
    for owner in syntax.possessors(noun) or syntax.possessors(syntax.first_conjunct(noun)):
        acts = trigger.type in AGENT_POSSESSORS or trigger.lemma in AGENT_POSSESSED or "target" in filled
        rules = trigger.type in DONE_TO_PEOPLE and candidate.scene.fits(owner, _BODIES)
        yield "agent" if acts or rules else "target", owner


def _compounds_of(trigger: Trigger, candidate: Candidate, filled: set[str]) -> Iterator[Filled]:
    """Words before the noun that name people or things: "police raid", "prisoner release"."""
    noun, scene = candidate.token, candidate.scene
    role = "agent" if trigger.type in AGENT_POSSESSORS or "target" in filled else "target"
    for child in noun.children:
        if child.dep_ not in {"compound", "nmod:desc"} or child.pos_ not in {"NOUN", "PROPN"} or child.i > noun.i:
            continue
        if _is_mixed(child) or where_before(trigger, candidate, child) is not None:
            continue
        if trigger.type in {"sentence", "trial"} and child.lemma_.lower() in COURTS:
            yield "agent", child
        elif scene.fits(child, _BODIES if role in filled else BEARERS | _THINGS.get(trigger.type, frozenset())):
            yield role, child


def _is_mixed(word: Token) -> bool:
    """Whether a word is a name only in part: "U.S.-brokered"."""
    head, hyphen, last = word.text.rpartition("-")
    return bool(hyphen) and head[:1].isupper() and last[:1].islower()


def where_before(trigger: Trigger, candidate: Candidate, child: Token) -> Mention | None:
    """The name before the noun that says where: "the Gaza offensive", "the Iraq war"; None of a "U.S. raid"."""
    mention = candidate.scene.entities.get(child.i)
    if mention is None or mention.draft.type != "place" or trigger.type not in SETTINGS:
        return None
    if _is_mixed(child):
        return None
    acts = mention.draft.fields.get("kind") == "country" and trigger.type == "attack"
    return None if acts and trigger.lemma not in ALL_ROUND else mention


def _around(trigger: Trigger, noun: Token) -> Iterator[Filled]:
    """Parties from the verb or noun that the noun hangs on, where that one says little itself."""
    first = syntax.first_conjunct(noun)
    yield from (("target", t) for t in syntax.subjects(first))
    above = syntax.attachment(first)
    if above is None:
        return
    head = above.head
    if above.relation == "oblique" and above.word == "of":
        yield from _around(trigger, head) if head.pos_ == "NOUN" else ()
    elif (special := _by_word(trigger, above, noun)) is not None:
        yield from special
    elif above.relation == "oblique" and above.word in STATIVE:
        yield from _in_state(trigger, first, head)
    elif above.relation in {"object", "passive subject"}:
        yield from _from_light_verb(trigger, head)
    elif above.relation == "subject" and head.lemma_.lower() in STRIKING_VERBS and trigger.type in _STRIKES:
        yield from (("target", t) for t in syntax.undergoers(head))
    for clause in syntax.adnominal_clauses(first):
        if clause.lemma_.lower() in GIVING_VERBS | BEARING_VERBS:
            yield from _from_light_verb(trigger, clause)


def _by_word(trigger: Trigger, above: syntax.Attachment, noun: Token) -> list[Filled] | None:
    """Parties that one noun takes its own way: "took him hostage", "took office", "asked for a pardon"."""
    head, lemma = above.head, above.head.lemma_.lower()
    if trigger.lemma == "hostage":
        agents, targets = syntax.doers(head), given(head) or syntax.undergoers(head)
    elif trigger.lemma == "fire" and lemma == "set":
        agents = syntax.doers(head)
        targets = [t for word, t in syntax.phrases(head) if word == "to"] or syntax.undergoers(head)
        targets = [t for t in targets if t.i != noun.i]
    elif trigger.type == "pardon" and above.word == "for" and lemma in ASKING:
        agents, targets = syntax.undergoers(head), syntax.doers(head)
    elif trigger.lemma in {"office", "oath"}:
        agents, targets = [], syntax.doers(head)
    elif trigger.type == "meet" and above.word in {"after", "for", "at"} and head.pos_ == "VERB":
        agents, targets = syntax.doers(head), []
    elif above.word == "with" and trigger.type == "injure":
        agents, targets = [], syntax.doers(head) or syntax.subjects(head)
    elif lemma in {"deny", "refuse", "grant"} and above.relation == "complement":
        agents, targets = syntax.doers(head), syntax.objects(head)
    elif above.word == "to" and lemma == "subject":
        agents, targets = [], syntax.subjects(head)
    elif above.word == "with" and lemma == "threaten":
        agents, targets = [], syntax.undergoers(head)
    else:
        return None
    return [("agent", t) for t in agents] + [("target", t) for t in targets]


def _in_state(trigger: Trigger, noun: Token, head: Token) -> Iterator[Filled]:
    """Who is in the state that the noun names: "died in custody", "opponents in jail", "took power in a coup"."""
    if trigger.type in {"attack", "search"}:
        if not (types(head) & SUFFERED or (types(head) & DONE_TO_PEOPLE and syntax.is_undergoing(head))):
            yield from (("agent", t) for t in syntax.doers(head))
    elif trigger.type in STATES or any(c.lower_ == "under" for c in noun.children):
        asked_for = [t for word, t in syntax.phrases(noun) if word == "for" and t.pos_ == "PROPN"]
        yield from (("target", t) for t in asked_for or _after_with(noun) or _who_is_in(head))
        put = head.lemma_.lower() in PUTTING and bool(syntax.objects(head))
        if put or (trigger.type == "trial" and syntax.is_undergoing(head)):
            yield from (("agent", t) for t in syntax.doers(head))


def _after_with(noun: Token) -> list[Token]:
    """Who is in a state that a with-phrase tells of: "with seven of their opponents in jail"."""
    at = next((c.i for c in noun.children if c.dep_ == "case" and c.i < noun.i), 0) - 1
    window = noun.doc[max(at - _WITH_WITHIN, 0) : max(at, 0)]
    if at < 0 or noun.doc[at].pos_ not in {"NOUN", "PROPN", "NUM"} or not any(t.lower_ == "with" for t in window):
        return []
    return [noun.doc[at]]


def _who_is_in(head: Token) -> list[Token]:
    """Who is in a state: the noun that it is said of, or the verb's undergoers, else its doers."""
    if _is_span_of_time(head):
        above = syntax.attachment(head)
        return _bearers(above.head) if above is not None and above.relation in {"object", "oblique"} else []
    if head.pos_ in {"NOUN", "PROPN", "PRON"} and not syntax.subjects(head):
        return syntax.possessors(head) or [head]
    if head.lemma_.lower() == "time" and syntax.possessors(head):  # "it is not his first time in jail"
        return syntax.possessors(head)
    if head.lemma_.lower() in INTRANSITIVE and (own := syntax.subjects(head)):
        return own
    undergoers = syntax.undergoers(head)
    return _bearers(head) if any(map(_is_span_of_time, undergoers)) else undergoers or syntax.doers(head)


def _is_span_of_time(token: Token) -> bool:
    return token.lemma_.lower() in TIME_UNITS or token.lower_.removesuffix("s") in TIME_UNITS


def _bearers(verb: Token) -> list[Token]:
    """Who bears the years in prison that a verb speaks of: "spent", "got", "was given", "requested for"."""
    asked = [t for word, t in syntax.phrases(verb) if word == "for" and t.pos_ in {"NOUN", "PROPN", "PRON"}]
    given = [c for c in verb.children if c.dep_ in {"iobj", "dative"}]
    return given or syntax.passive_subjects(verb) or asked or syntax.doers(verb)


def _from_light_verb(trigger: Trigger, verb: Token) -> Iterator[Filled]:
    """Parties from a verb whose object is the noun: givers act, bearers undergo."""
    subject = "target" if trigger.subject == "target" or trigger.type in TOLD_OF_SUBJECT else "agent"
    lemma = verb.lemma_.lower()
    if lemma in {"deny", "refuse"} and given(verb):
        yield from (("agent", t) for t in syntax.doers(verb))
        yield from (("target", t) for t in given(verb))
    elif lemma in BEARING_VERBS or (trigger.lemma == "resignation" and lemma in _TENDERING):
        yield from (("target", t) for t in syntax.doers(verb))
    elif lemma in GIVING_VERBS and trigger.type != "die":
        yield from ((subject, t) for t in syntax.doers(verb))
        yield from (("target", c) for c in given(verb) if c.pos_ != "ADP")
        yield from (
            ("target", t) for word, t in syntax.phrases(verb) if word in {"to", "on", "upon", "against", "with"}
        )


def given(verb: Token) -> list[Token]:
    """To whom something was given: "fined them 350 marks", "gave her nine years"."""
    own = [c for c in verb.children if c.dep_ in {"iobj", "dative"} and c.pos_ in {"NOUN", "PROPN", "PRON"}]
    two = [c for c in verb.children if c.dep_ in syntax.OBJECTS and c.i > verb.i]
    return own or (two[:1] if len(two) > 1 and two[0].pos_ in {"PRON", "PROPN"} else [])


def opened(token: Token) -> Token:
    """Of "hundreds of prisoners", the prisoners; of other words, the word."""
    for _ in range(2):
        if token.pos_ != "NUM" and token.lemma_.lower() not in QUANTITIES and token.lower_ not in QUANTITIES:
            break
        inner = next((noun for word, noun in syntax.obliques(token) if word.lower_ == "of"), None)
        if inner is None or _is_part(token, inner) or (token.lemma_.lower() == "member" and inner.pos_ == "PROPN"):
            break
        token = inner
    return token


def _is_part(token: Token, whole: Token) -> bool:
    """Whether a number is part of a number: of "nine of the twelve", nine."""
    counted = whole.pos_ in {"NUM", "PRON"} or any(c.dep_ == "nummod" for c in whole.children)
    return counted and token.pos_ == "NUM"
