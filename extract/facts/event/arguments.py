"""The arguments of an event, through syntax alone: agents and targets, place, time, charge, term, counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from spacy.tokens import Span, Token

from extract import syntax
from extract.facts.event.company import Candidate
from extract.facts.event.patterns import (
    AGENT_POSSESSED,
    AGENT_POSSESSORS,
    BEARING_VERBS,
    CHARGE_NOUNS,
    CHARGE_PREPOSITIONS,
    CHARGED,
    DONE_TO_PEOPLE,
    DONE_TO_SUBJECTS,
    GIVING_VERBS,
    LOCATIVE,
    NOUN_PREPOSITIONS,
    QUANTITIES,
    SPOKEN,
    STATES,
    STATIVE,
    STRIKING_VERBS,
    TERMED,
    TIME_UNITS,
    TOLD_OF_SUBJECT,
    VERB_PREPOSITIONS,
)
from extract.facts.event.referents import referent
from extract.facts.event.scene import Mention, Scene
from extract.facts.event.schema import Trigger
from extract.room import Draft, span_json

Filled = tuple[str, Token]
_QUOTES = frozenset({"\u201d", "\u2019", "\u00bb", '"', "'", "''"})
_OF_ANYTHING = {"of": frozenset({"*"})}
_BODIES = frozenset({"@authority", "@security"})
_PARTIES = frozenset({"@person", "@group", "@authority", "@country", "@security"})
_THINGS = {"search": frozenset({"@premises"}), "coerce": frozenset({"@craft"}), "disaster": frozenset({"@craft"})}
_NEAR = 120  # tokens between an event and its time or place
_ACRONYM = 5  # letters: longer words in capitals before a comma are datelines
_WITH_WITHIN = 6  # tokens from "with" to the noun
_MAX_OF_EACH = 12  # a list of thirty names is a list, not thirty who acted


def arguments(trigger: Trigger, candidate: Candidate) -> list[dict[str, Any]]:
    """The arguments of an event as FACTS.md has them: agents, targets, then place, time, charge, term, count."""
    scene = candidate.scene
    parties = [p for p in _resolved(_parties(trigger, candidate), scene) if _may_act(trigger, p, candidate)]
    parties.sort(key=lambda p: p[0])
    out: list[dict[str, Any]] = []
    for role, token in parties:
        span, entity = extent(token, scene)
        if span.start <= candidate.token.i < span.end - 1:
            span = span.doc[candidate.token.i + 1 : span.end]
        argument = {"role": role, "span": span_json(span), "entity": entity}
        if argument not in out and sum(a["role"] == role for a in out) < _MAX_OF_EACH:
            out.append(argument)
    out.extend(_place(candidate))
    out.extend(_time(candidate))
    if trigger.type in CHARGED:
        out.extend(_charge(candidate))
    if trigger.type in TERMED:
        out.extend(_term(candidate))
    out.extend(_counts(parties, scene))
    return out


def _may_act(trigger: Trigger, party: Filled, candidate: Candidate) -> bool:
    """Whether the word can be a party: no date, not the event itself, of a demand no thing demanded, no dateline."""
    role, token = party
    scene = candidate.scene
    if token.i in scene.timed or token.i == candidate.token.i:
        return False
    count = scene.counts.get(token.i)
    if count is not None and count.fields.get("kind") == "money":
        return False
    if trigger.type == "demand" and role == "target":
        return token.i in scene.entities or scene.fits(token, _PARTIES)
    return not (
        token.is_upper and len(token) > _ACRONYM and token.i + 1 < len(token.doc) and token.nbor().text in ",(-"
    )


def _parties(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """Heads of the agents and targets, not yet resolved."""
    if trigger.pos == "NOUN":
        return _of_noun(trigger, candidate)
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
    found = [("agent", t) for t in doers] + [("target", t) for t in _given(verb) or undergoers]
    roles = VERB_PREPOSITIONS.get(trigger.type, {})
    if not undergoers or trigger.type == "meet":
        found.extend((roles[word], noun) for word, noun in syntax.phrases(verb) if word in roles)
    if trigger.type == "accuse" and not undergoers:
        found.extend(("target", t) for clause in syntax.clauses(verb) for t in syntax.doers(clause))
    return found


def _given(verb: Token) -> list[Token]:
    """To whom something was given: "fined them 350 marks", "gave her nine years"."""
    return [c for c in verb.children if c.dep_ in {"iobj", "dative"} and c.pos_ in {"NOUN", "PROPN", "PRON"}]


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


def _of_noun(trigger: Trigger, candidate: Candidate) -> list[Filled]:
    """Parties of a noun: its possessor, its phrases, the words compounded with it, the verb that it hangs on."""
    noun = candidate.token
    found = [*_phrases_of(trigger, candidate), *_clauses_of(noun)]
    found.extend(_possessors_of(trigger, candidate, _roles(found)))
    found.extend(_compounds_of(trigger, candidate, _roles(found)))
    missing = {"agent", "target"} - _roles(found)
    found.extend((role, t) for role, t in _around(trigger, noun) if role in missing)
    missing = {"agent", "target"} - _roles(found)
    found.extend((role, t) for role, t in _strayed(trigger, noun) if role in missing)
    return found


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
    found = [(roles[word], t) for word, t in syntax.phrases(noun) if word in roles and _may_be(trigger, candidate, t)]
    if found:
        inner = [t for word, t in syntax.phrases(candidate.token) if word == "of"]
        low = [("agent", by) for t in inner for word, by in syntax.phrases(t) if word == "by" and by.i > t.i]
        return found if any(role == "agent" for role, _ in found) else found + low
    siblings = [c for c in syntax.conjuncts(syntax.first_conjunct(noun)) if c.i != noun.i]
    for each in sorted(siblings, key=lambda c: abs(c.i - noun.i)):
        shared = [(w, t) for w, t in syntax.phrases(each) if w in {"of", "by"} and w in roles and t.i > noun.i]
        if any(_may_be(trigger, candidate, t) for _, t in shared):
            return [(roles[w], t) for w, t in shared]
    return _phrases_below(candidate)


def _phrases_below(candidate: Candidate) -> list[Filled]:
    """What a parse hangs one phrase too low: "the removal from the hall of two deputies"."""
    below = [t for word, t in syntax.phrases(candidate.token) if word in {"from", "to", "in"}]
    inner = [t for each in below for word, t in syntax.phrases(each) if word == "of" and t.i > each.i]
    return [("target", t) for t in inner if candidate.scene.is_person(t)]


def _may_be(trigger: Trigger, candidate: Candidate, token: Token) -> bool:
    """Whether the word can be a party: what is done to people only asks for people."""
    if trigger.type not in DONE_TO_PEOPLE:
        return True
    scene = candidate.scene
    return token.i in scene.entities or scene.fits(_opened(token), _PARTIES) or token.pos_ in {"NUM", "PRON"}


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
        if scene.fits(child, _BODIES if role in filled else _PARTIES | _THINGS.get(trigger.type, frozenset())):
            yield role, child


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
    elif trigger.lemma == "hostage":
        yield from (("agent", t) for t in syntax.doers(head))
        yield from (("target", t) for t in _given(head) or syntax.undergoers(head))
    elif above.relation == "oblique" and above.word == "with" and head.lemma_.lower() == "threaten":
        yield from (("target", t) for t in syntax.undergoers(head))
    elif above.relation == "oblique" and above.word in STATIVE:
        yield from _in_state(trigger, first, head)
    elif above.relation in {"object", "passive subject"}:
        yield from _from_light_verb(trigger, head)
    elif above.relation == "modifier" and trigger.type == "award":
        yield "target", head
    elif (
        above.relation == "subject" and head.lemma_.lower() in STRIKING_VERBS and trigger.type in {"disaster", "attack"}
    ):
        yield from (("target", t) for t in syntax.undergoers(head))
    for clause in syntax.adnominal_clauses(first):
        if clause.lemma_.lower() in GIVING_VERBS | BEARING_VERBS:
            yield from _from_light_verb(trigger, clause)


def _in_state(trigger: Trigger, noun: Token, head: Token) -> Iterator[Filled]:
    """Who is in the state that the noun names: "died in custody", "opponents in jail", "took power in a coup"."""
    if trigger.type in {"attack", "search"}:
        yield from (("agent", t) for t in syntax.doers(head))
    elif trigger.type in STATES:
        yield from (("target", t) for t in _after_with(noun) or _who_is_in(head))
        if trigger.type == "trial" and syntax.is_undergoing(head):
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
    if lemma in BEARING_VERBS:
        yield from (("target", t) for t in syntax.doers(verb))
    elif lemma in GIVING_VERBS:
        yield from ((subject, t) for t in syntax.doers(verb))
        yield from (("target", c) for c in verb.children if c.dep_ in {"iobj", "dative"} and c.pos_ != "ADP")
        yield from (
            ("target", t) for word, t in syntax.phrases(verb) if word in {"to", "on", "upon", "against", "with"}
        )


def _resolved(parties: list[Filled], scene: Scene) -> list[Filled]:
    """The parties with relatives and third-person pronouns replaced, conjuncts each for itself, quantities opened."""
    out: list[Filled] = []
    for role, token in parties:
        tokens = syntax.antecedent(token) if syntax.is_relative(token) else [token]
        for each in chain.from_iterable(syntax.conjuncts(t) for t in tokens):
            stands_for = referent(scene, each)
            for final in syntax.conjuncts(stands_for) if stands_for is not None else [_opened(each)]:
                if (role, final) not in out:
                    out.append((role, final))
    return out


def _opened(token: Token) -> Token:
    """Of "hundreds of prisoners", the prisoners; of other words, the word."""
    for _ in range(2):
        if token.pos_ != "NUM" and token.lemma_.lower() not in QUANTITIES and token.lower_ not in QUANTITIES:
            break
        inner = next((noun for word, noun in syntax.obliques(token) if word.lower_ == "of"), None)
        if inner is None:
            break
        token = inner
    return token


def extent(token: Token, scene: Scene) -> tuple[Span, str | None]:
    """The span of an argument and the id of its entity: a name bare, else the head with the words before it."""
    named = _name_at(token, scene)
    if named:
        return named.tokens, named.draft.id
    return syntax.noun_phrase(token), None


def _name_at(token: Token, scene: Scene) -> Mention | None:
    """The mention that the word is in, or the name that stands beside a title or description."""
    own = scene.entities.get(token.i)
    if own is not None:
        return _spelt_out(own, scene)
    for child in token.children:
        if child.dep_ in {"appos", "flat", "flat:name"} or (child.dep_ == "compound" and child.i > token.i):
            mention = scene.entities.get(child.i)
            if mention is not None and mention.draft.type == "person":
                return mention
    if token.dep_ == "appos":
        left = token.left_edge.i
        before = scene.entities.get(left - 2) if token.doc[max(left - 1, 0)].text == "," else None
        return _spelt_out(before, scene) if before is not None else None
    return None


def _spelt_out(mention: Mention, scene: Scene) -> Mention:
    """Of an acronym in brackets, the name before the brackets."""
    start = mention.tokens.start
    if start >= 2 and scene.doc[start - 1].text == "(":
        before = scene.entities.get(start - 2)
        if before is not None and before.draft.id == mention.draft.id:
            return before
    return mention


def _place(candidate: Candidate) -> Iterator[dict[str, Any]]:
    """The place in the event's own phrases, else in its clause, else the one place of the sentence."""
    token, scene = candidate.token, candidate.scene
    start = scene.starts[token.i]
    if start not in scene.located:
        roots = ((m.tokens.root, m) for m in scene.places.get(start, ()))
        scene.located[start] = [(root, m) for root, m in roots if _is_located(root)]
    near = _nearest(token, scene.located[start])
    if near is not None:
        yield {"role": "place", "span": span_json(near.tokens), "entity": near.draft.id}


def _is_located(token: Token) -> bool:
    above = syntax.attachment(token)
    return above is not None and above.relation == "oblique" and above.word in LOCATIVE


def _nearest(trigger: Token, found: list[tuple[Token, Any]]) -> Any:
    """What hangs on the trigger, else what is in its clause, else the only one."""
    found = [(token, each) for token, each in found if abs(token.i - trigger.i) < _NEAR][:_MAX_OF_EACH]
    below = next((each for token, each in found if _hangs_on(token, trigger)), None)
    if below is not None or not found:
        return below
    clause = syntax.clause_head(trigger)
    beside = next((each for token, each in found if syntax.clause_head(token) == clause), None)
    return found[0][1] if beside is None and len(found) == 1 else beside


def _time(candidate: Candidate) -> Iterator[dict[str, Any]]:
    """The date or time in the event's own phrases, else in its clause, else the one date of the sentence."""
    token, scene = candidate.token, candidate.scene
    start = scene.starts[token.i]
    if start not in scene.dated:
        dates = [d for d in scene.dates.get(start, ()) if d.fields.get("timex") in {"DATE", "TIME"} and _is_dated(d)]
        scene.dated[start] = [(d.tokens(token.doc).root, d) for d in dates]
    near = _nearest(token, scene.dated[start])
    if near is not None:
        yield _of_draft("time", near, scene)


def _is_dated(draft: Draft) -> bool:
    """Whether the date says when: "recently" and "future" say hardly anything."""
    return not str(draft.fields.get("value")).endswith(("PAST_REF", "FUTURE_REF"))


def _term(candidate: Candidate) -> Iterator[dict[str, Any]]:
    """The duration that hangs on a sentence or imprisonment: "to 10 years in prison"."""
    token = candidate.token
    for draft in candidate.scene.dates.get(candidate.scene.starts[token.i], ()):
        root = draft.tokens(token.doc).root
        if draft.fields.get("timex") == "DURATION" and draft.start > token.idx and _hangs_on(root, token):
            yield _of_draft("term", draft, candidate.scene)
            return


def _hangs_on(token: Token, trigger: Token) -> bool:
    return trigger in islice(token.ancestors, syntax.MAX_CLIMB)


def _of_draft(role: str, draft: Draft, scene: Scene) -> dict[str, Any]:
    span = {"start": draft.start, "end": draft.end, "text": scene.text[draft.start : draft.end]}
    return {"role": role, "span": span, "entity": None, "fact": draft.id}


def _charge(candidate: Candidate) -> Iterator[dict[str, Any]]:
    """The article or offence: "under Article 361", "on charges of extremism", "for spying"."""
    for word, noun in candidate.phrases:
        if word not in CHARGE_PREPOSITIONS or noun.ent_type_ in {"DATE", "PERSON", "GPE", "TIME"}:
            continue
        offence = _offence(noun)
        if offence is not None and not candidate.scene.is_person(offence) and offence.i > candidate.token.i:
            span = syntax.noun_phrase(offence) if offence.pos_ != "VERB" else offence
            yield {"role": "charge", "span": span_json(span), "entity": None}
            return


def _offence(noun: Token) -> Token | None:
    if noun.pos_ == "NUM" or noun.lemma_.lower() in {"year", "month", "day", "week", "time", "questioning", "bail"}:
        return None
    if noun.lemma_.lower() in CHARGE_NOUNS:
        return next((inner for word, inner in syntax.phrases(noun) if word == "of"), noun)
    return noun


def _counts(parties: list[Filled], scene: Scene) -> Iterator[dict[str, Any]]:
    """The counts of those who acted or bore it."""
    seen: set[str] = set()
    for _, token in parties:
        above = syntax.attachment(token)
        around = [token, *token.children, *([above.head] if above is not None and above.word == "of" else [])]
        for each in around:
            draft = scene.counts.get(each.i)
            if draft is not None and draft.id not in seen:
                seen.add(draft.id)
                yield _of_draft("count", draft, scene)
