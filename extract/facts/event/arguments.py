"""The arguments of an event, through syntax alone: agents and targets, place, time, charge, term, counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from spacy.tokens import Span, Token

from extract import syntax
from extract.facts.event.company import Candidate
from extract.facts.event.lexicon import types
from extract.facts.event.nouns import Filled, opened, where_before
from extract.facts.event.parties import is_no_person, parties_of
from extract.facts.event.patterns import (
    CASES,
    CHARGE_NOUNS,
    CHARGE_PREPOSITIONS,
    CHARGED,
    COURTS,
    DONE_TO_PEOPLE,
    TERMED,
)
from extract.facts.event.referents import law_before, referent
from extract.facts.event.scene import Mention, Scene
from extract.facts.event.schema import Trigger
from extract.facts.event.setting import hangs_on, steps
from extract.room import Draft, span_json

_PARTIES = frozenset({"@person", "@group", "@authority", "@country", "@security"})
_NEAR = 120  # tokens between an event and its time or place
_ACRONYM = 5  # letters: longer words in capitals before a comma are datelines
_NO_OFFENCES = frozenset({"DATE", "PERSON", "GPE", "TIME", "ORG", "NORP"})
_RELATING = frozenset({"before", "after", "earlier", "later", "ago", "prior"})
_OF_PEOPLE = DONE_TO_PEOPLE - {"trial"} | {"protest", "abuse"}
_OFFICES = frozenset({"@office", "@authority"})
_OFFICE = 8  # tokens: "Minister for Foreign Affairs and Trade" before a name
_OLD = 4  # characters of "-old" or " old"
_MAX_OF_EACH = 12  # a list of thirty names is a list, not thirty who acted


def arguments(trigger: Trigger, candidate: Candidate) -> list[dict[str, Any]]:
    """The arguments of an event as FACTS.md has them: agents, targets, then place, time, charge, term, count."""
    scene = candidate.scene
    parties = [
        p for p in _resolved(trigger, parties_of(trigger, candidate), candidate) if _may_act(trigger, p, candidate)
    ]
    parties.sort(key=lambda p: p[0])
    out: list[dict[str, Any]] = []
    for role, token in parties:
        span, entity = extent(token, scene)
        if span.start <= candidate.token.i < span.end - 1:
            span = span.doc[candidate.token.i + 1 : span.end]
        argument = {"role": role, "span": span_json(span), "entity": entity}
        if argument not in out and sum(a["role"] == role for a in out) < _MAX_OF_EACH:
            out.append(argument)
    out.extend(_place(trigger, candidate, out))
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
    if token.i in scene.timed or (token.i == candidate.token.i and trigger.pos == "NOUN"):
        return False
    count = scene.counts.get(token.i)
    if count is not None and count.fields.get("kind") == "money":
        return False
    if role == "agent" and token.lower_ in {"account", "count", "estimate", "tally", "reckoning"}:
        return False
    if _is_case(trigger, token, scene) if role == "agent" else _is_thing(trigger, token, candidate):
        return False
    if trigger.type == "demand" and role == "target":
        return token.i in scene.entities or scene.fits(token, _PARTIES)
    return not (
        token.is_upper and len(token) > _ACRONYM and token.i + 1 < len(token.doc) and token.nbor().text in ",(-"
    )


def _is_thing(trigger: Trigger, token: Token, candidate: Candidate) -> bool:
    """Whether what an event of people is said to have been done to is an event, a law or a span of time."""
    return trigger.type in _OF_PEOPLE and token.i != candidate.token.i and is_no_person(candidate, token)


def _is_case(trigger: Trigger, token: Token, scene: Scene) -> bool:
    """Whether the word is an arrest, a charge, a trial: nothing that arrests or kills."""
    return (
        trigger.type in DONE_TO_PEOPLE
        and bool(types(token) & CASES)
        and token.lemma_.lower() not in COURTS
        and token.i not in scene.entities
        and not scene.fits(token, _PARTIES)
    )


def _resolved(trigger: Trigger, parties: list[Filled], candidate: Candidate) -> list[Filled]:
    """The parties with relatives and third-person pronouns replaced, conjuncts each for itself, quantities opened."""
    scene = candidate.scene
    out: list[Filled] = []
    for role, token in parties:
        tokens = syntax.antecedent(token) if syntax.is_relative(token) else [token]
        for each in chain.from_iterable(syntax.conjuncts(t) for t in tokens):
            if candidate.until is not None and each.i >= candidate.until:
                continue
            law = trigger.type == "legislate" and role == "target" and each.lower_ == "it"
            stands_for = law_before(scene, each) if law else referent(scene, each)
            for final in syntax.conjuncts(stands_for) if stands_for is not None else [opened(each)]:
                if (role, final) not in out:
                    out.append((role, final))
    return out


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
    titled = scene.entities.get(token.head.i) if token.dep_ in {"nmod:desc", "compound"} else None
    if titled is not None and titled.draft.type == "person" and token.i < titled.tokens.start:
        return titled
    office = _office_holder(token, scene)
    if office is not None:
        return office
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


def _office_holder(token: Token, scene: Scene) -> Mention | None:
    """Who holds the office that stands before the name: "Secretary of State Condoleezza Rice"."""
    doc, at = token.doc, token.i + 1
    if token.tag_ not in {"NN", "NNP"} or at >= len(doc) or doc[at].lower_ not in {"of", "for"}:
        return None
    if not scene.fits(token, _OFFICES):
        return None
    while at < min(token.i + _OFFICE, len(doc)):
        named = scene.entities.get(at)
        if named is not None and named.draft.type == "person":
            return named if named.tokens.start == at > token.i + 2 else None
        if doc[at].lower_ not in {"of", "for", "and", "the"} and doc[at].pos_ != "PROPN":
            return None
        at += 1
    return None


def _spelt_out(mention: Mention, scene: Scene) -> Mention:
    """Of an acronym in brackets, the name before the brackets."""
    start = mention.tokens.start
    if start >= 2 and scene.doc[start - 1].text == "(":
        before = scene.entities.get(start - 2)
        if before is not None and before.draft.id == mention.draft.id:
            return before
    return mention


def _place(trigger: Trigger, candidate: Candidate, parties: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Where it took place, where the parse tells; who acts or bears it is not where."""
    token, scene = candidate.token, candidate.scene
    taken = {party["span"]["start"] for party in parties}
    free = (m for m in scene.places.get(scene.starts[token.i], ()) if m.tokens.start_char not in taken)
    roots = [(m.tokens.root, m) for m in free if not _is_topic(m)]
    seen = _seen(trigger, candidate) or _before(trigger, candidate)
    if seen is not None:  # "the Gaza offensive", but of "the Gaza talks in Cairo", Cairo
        roots = [(root, m) for root, m in roots if hangs_on(root, token)]
    near = _nearest(token, roots, place=True) or seen
    if near is not None:
        yield {"role": "place", "span": span_json(near.tokens), "entity": near.draft.id}


def _seen(trigger: Trigger, candidate: Candidate) -> Mention | None:
    """The place that is visited: of the verb its object, of the noun what "to" introduces."""
    if trigger.lemma not in {"visit", "trip"}:
        return None
    token, entities = candidate.token, candidate.scene.entities
    told = candidate.undergoers if trigger.pos == "VERB" else [t for word, t in syntax.phrases(token) if word == "to"]
    names = (m for t in told if (m := entities.get(t.i)) is not None)
    return next((m for m in names if m.draft.type == "place"), None)


def _before(trigger: Trigger, candidate: Candidate) -> Mention | None:
    """The place before a noun: "the Gaza offensive"."""
    if trigger.pos != "NOUN":
        return None
    names = (where_before(trigger, candidate, c) for c in candidate.token.lefts if c.dep_ == "compound")
    return next((m for m in names if m is not None), None)


def _is_topic(mention: Mention) -> bool:
    """Whether "on" or "over" before a country or city tells what it is about: "talks over Iran"."""
    above = syntax.attachment(mention.tokens.root)
    on = above is not None and above.word in {"on", "over"}
    return on and mention.draft.fields.get("kind") in {"country", "region", "city"}


def _nearest(trigger: Token, found: list[tuple[Token, Any]], *, place: bool) -> Any:
    """Of the dates or places that are the event's, the one that the fewest steps of the parse lead to."""
    near = [(token, each) for token, each in found if abs(token.i - trigger.i) < _NEAR][:_MAX_OF_EACH]
    reached: list[tuple[int, int, Any]] = []
    for token, each in near:
        way = steps(token, trigger, place=place)
        if way is not None:
            reached.append((way, abs(syntax.first_conjunct(token).i - trigger.i), each))
    return min(reached, key=lambda r: r[:2])[2] if reached else None


def _time(candidate: Candidate) -> Iterator[dict[str, Any]]:
    """When it took place, where the parse tells."""
    token, scene = candidate.token, candidate.scene
    start = scene.starts[token.i]
    if start not in scene.dated:
        dates = [d for d in scene.dates.get(start, ()) if d.fields.get("timex") in {"DATE", "TIME"} and _is_dated(d)]
        scene.dated[start] = [(d.tokens(token.doc).root, d) for d in dates]
    near = _nearest(token, scene.dated[start], place=False)
    if near is not None:
        yield _of_draft("time", near, scene)


def _is_dated(draft: Draft) -> bool:
    """Whether the date says when: "recently", "now" and "future" say hardly anything."""
    return not str(draft.fields.get("value")).endswith(("PAST_REF", "PRESENT_REF", "FUTURE_REF"))


def _term(candidate: Candidate) -> Iterator[dict[str, Any]]:
    """The duration that hangs on a sentence or imprisonment: "to 10 years in prison"."""
    token, scene_text = candidate.token, candidate.scene.text
    for draft in candidate.scene.dates.get(candidate.scene.starts[token.i], ()):
        root = draft.tokens(token.doc).root
        aged = "old" in scene_text[draft.end - _OLD : draft.end + _OLD]
        related = any(t.lower_ in _RELATING for t in token.doc[draft.first : draft.last + 1])  # "hours before"
        spans = draft.fields.get("timex") == "DURATION" and not aged and not related
        if spans and draft.start > token.idx and _hangs_on(root, token):
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
        if word not in CHARGE_PREPOSITIONS or noun.ent_type_ in _NO_OFFENCES:
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
