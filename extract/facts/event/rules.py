"""One pass over the tokens: which words are triggers, of which sense; one event each."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from extract import syntax
from extract.facts.event.arguments import arguments
from extract.facts.event.chain import chain_mentions
from extract.facts.event.company import Candidate
from extract.facts.event.discourse import Told, complete, share
from extract.facts.event.lexicon import classes, index
from extract.facts.event.parties import is_nominal
from extract.facts.event.scene import Scene, scene
from extract.facts.event.schema import Trigger
from extract.room import Declined, Draft, columns_of, draft, span_json
from extract.rule import Rule

_LONGEST_WORD = 24  # no form in the lexicon is longer
_CONFIDENCE = {"VERB": 0.85, "NOUN": 0.8, "ADJ": 0.8}
_MAX_HYPHENS = 6  # tokens: a word of four parts
_HYPHENS = frozenset({"-", "\u2010", "\u2011"})


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the events of an article, in order, and the triggers that stand inside names as declined."""
    if not syntax.has_parse(doc):
        return
    found = scene(doc)
    told: list[Told] = []
    for word, token, senses in candidates(doc):
        if found.starts[token.i] < 0:
            continue
        if token.i in found.named and not _is_prize(token, senses, found):
            yield Declined("event", token.idx, token.idx + len(token), senses[0].rule, "inside a name or a date")
            continue
        candidate = Candidate(token, found, word, _only(senses))
        trigger = next((t for t in senses if _is_sense(t, candidate)), None)
        if trigger is not None:
            told.append(Told(_draft(trigger, candidate), token))
    complete(told)
    chain_mentions(event.draft for event in told)
    share(told)
    yield from (event.draft for event in told)


def _is_prize(token: Token, senses: tuple[Trigger, ...], found: Scene) -> bool:
    """Whether the token ends the name of a prize, which is an event though it was read as a name."""
    mention = found.entities.get(token.i)
    return mention is not None and mention.tokens.end == token.i + 1 and any(t.type == "award" for t in senses)


def candidates(doc: Doc) -> Iterator[tuple[Span, Token, tuple[Trigger, ...]]]:
    """Yields (word, its head, senses) for each word whose form is in the lexicon, hyphenated words whole."""
    lexicon, columns = index(), columns_of(doc)
    skip = -1
    for i, word in enumerate(columns.lower):
        if i < skip:
            continue
        hyphened = i + 2 < len(doc) and columns.words[i + 1] in _HYPHENS
        if not (hyphened or word in lexicon) or len(columns.words[i]) > _LONGEST_WORD or not word.isalpha():
            continue
        joined = _joined(doc, i) if hyphened else None
        if joined is not None:
            skip = joined.end
            text = joined.text.lower()
            if text in lexicon:
                yield joined, joined[-1] if text.startswith("re-") else joined.root, lexicon[text]
        elif word in lexicon:
            yield doc[i : i + 1], doc[i], lexicon[word]


def _joined(doc: Doc, first: int) -> Span | None:
    """The word that the tokeniser split at its hyphens, or None."""
    last = first
    while last + 2 < len(doc) and last - first < _MAX_HYPHENS and doc[last + 1].text in _HYPHENS:
        if doc[last].whitespace_ or doc[last + 1].whitespace_:
            break
        last += 2
    return doc[first : last + 1] if last > first else None


def _only(senses: tuple[Trigger, ...]) -> str:
    """The part of speech that a form has in all its senses, or nothing."""
    found = {trigger.pos for trigger in senses}
    return found.pop() if len(found) == 1 else ""


def _is_sense(trigger: Trigger, candidate: Candidate) -> bool:
    return (
        _is_part_of_speech(trigger, candidate)
        and not _is_class_of_people(trigger, candidate)
        and not _is_accused(candidate)
        and (trigger.company is None or candidate.keeps(trigger.company))
    )


def _is_accused(candidate: Candidate) -> bool:
    """Whether the word stands for a person, not for what was done: "the accused"."""
    word = candidate.token.lower_
    return word == "accused" and (is_nominal(candidate) or candidate.position == "nominal")


def _is_part_of_speech(trigger: Trigger, candidate: Candidate) -> bool:
    """Whether the word is tagged as the sense asks, or can be nothing else: taggers err on rare words and headlines."""
    token = candidate.token
    pos = token.pos_
    if candidate.headline is not None:
        return trigger.pos == "VERB"
    if trigger.pos == "VERB" and pos == "NOUN" and not token.tag_.startswith("VB"):
        return candidate.only == "VERB" and candidate.position == "nominal" and token.lower_.endswith("ed")
    if trigger.pos == "VERB":
        verbal = token.tag_.startswith("VB") or token.dep_ == "amod"
        return pos in {"VERB", "AUX", "NOUN"} or (pos in {"ADJ", "PROPN"} and (verbal or candidate.only == "VERB"))
    if trigger.pos == "ADJ":
        return pos in {"ADJ", "ADV", "VERB"} or candidate.only == "ADJ"
    if pos == "ADJ" and candidate.position == "prenominal" and token.tag_ == "JJ":  # "offensive pictures"
        return False
    return pos in {"NOUN", "PROPN"} or candidate.only == "NOUN" or any(c.dep_ == "det" for c in token.children)


def _is_class_of_people(trigger: Trigger, candidate: Candidate) -> bool:
    """Whether a noun only says what kind of person another is: "coup leader", "war veteran"."""
    token = candidate.token
    if trigger.pos != "NOUN" or token.dep_ not in {"compound", "amod", "nmod:desc"} or token.head.i < token.i:
        return False
    if trigger.type == "award":
        return False
    return token.head.lemma_.lower() in classes()["person"] or token.head.i in candidate.scene.entities


def _draft(trigger: Trigger, candidate: Candidate) -> Draft:
    token, word = candidate.token, candidate.word
    fields = {
        "event_type": trigger.type,
        "arguments": arguments(trigger, candidate),
        "name": _name(token),
        "plover": trigger.plover,
        "chain": None,
    }
    confidence = _CONFIDENCE[trigger.pos]
    return draft(token.doc, "event", word.start_char, word.end_char, trigger.rule, fields=fields, confidence=confidence)


def _name(token: Token) -> dict[str, object] | None:
    """The span of the named event that the trigger is part of, by the model's entity recogniser."""
    if token.ent_type_ != "EVENT":
        return None
    first, last = token.i, token.i + 1
    while token.doc[first].ent_iob_ == "I" and first > token.sent.start:
        first -= 1
    while last < len(token.doc) and token.doc[last].ent_iob_ == "I" and token.doc[last].ent_type_ == "EVENT":
        last += 1
    span: Span = token.doc[first:last]
    return span_json(span) if len(span) > 1 else None


RULES = (Rule("trigger", "triggers.jsonl", _draft),)
