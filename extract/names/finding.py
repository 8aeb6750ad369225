"""Finds the mentions of an article: what the model names, the gazetteer knows, the article introduces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from extract.names.acronyms import add_acronyms
from extract.names.agreement import agree, agree_in_lists
from extract.names.datelines import add_datelines
from extract.names.doubt import doubt
from extract.names.extent import pieces, plain, starts_upper
from extract.names.found import Found
from extract.names.gazetteer import gazetteer as known_names
from extract.names.joining import join
from extract.names.known import add_known
from extract.names.mention import ORGANISATION, PERSON, PLACE, TYPE_OF_LABEL, Mention, mention
from extract.names.shapes import add_shapes
from extract.names.words import words

MODEL_CONFIDENCE = 0.85
REPEATED_CONFIDENCE = 0.85
_SHORTEST_TAIL, _INITIALS = 3, 2
_OFFICES = frozenset({"MP", "MEP", "MLA", "MEC", "CEO", "Governor", "Senator", "Mayor"})
_ANYBODYS = frozenset({"government", "court", "department", "parliament", "congress", "office", "embassy"})


def find(doc: Doc, *, gazetteer: bool = True) -> Found:
    """The mentions of the article, none overlapping, types agreed."""
    found = Found(doc)
    for new in model_mentions(doc):
        found.add(new)
    if gazetteer:
        add_known(found)
    add_datelines(found)
    join(found)
    add_acronyms(found)
    add_shapes(found)
    agree_in_lists(found)
    agree(found)
    doubt(found)
    for new in repeated(found):
        found.add(new)
    return found


def model_mentions(doc: Doc) -> Iterator[Mention]:
    """Yields what the model's entities name, cut to the name."""
    for ent in doc.ents:
        type_ = TYPE_OF_LABEL.get(ent.label_)
        if type_:
            for start, last in pieces(doc, ent.start, ent.end, type_):
                first = _after_body(doc, start, last) if type_ == PERSON else start
                yield mention(doc, first, last, type_, "model", label=ent.label_, confidence=MODEL_CONFIDENCE)


def _after_body(doc: Doc, first: int, last: int) -> int:
    """The start of a person's name behind a body's letters, a place or field that a preposition brings, an office:
    "DPP Ann Lee", "envoy to Peru Ann Lee", "Minister of Transport Ann Lee", "Kesh MP Ann Lee"."""
    for i in range(first + 1, last - 1):
        if doc[i].text in _OFFICES:
            return i + 1
    token = doc[first]
    if last - first < _SHORTEST_TAIL or not all(t.text.istitle() for t in doc[first + 1 : first + 2]):
        return first
    if token.text.isupper() and token.is_alpha and len(token) > _INITIALS:
        return first + 1
    brought = first > 0 and doc[first - 1].lower_ in {"to", "of", "in", "for"}
    return (
        first + 1 if brought and (token.lower_ in words().fields or known_names().named(token.text, PLACE)) else first
    )


def repeated(found: Found) -> Iterator[Mention]:
    """Yields further places where the text has a name that the article gave: whole, a surname, "the Foundation"."""
    names, heads = _names(found), frozenset(_heads(found))
    for i, word in enumerate(found.words):
        if not word[0].isupper() or found.at(i) is not None or i in found.closed:
            continue
        low = found.lower[i]
        if low in heads and i and found.lower[i - 1] == "the" and word.istitle() and not found.is_headline(i):
            new = _longest(found, i, [((low,), ORGANISATION)])
        else:
            new = _longest(found, i, names.get(low, []))
        if new:
            yield new


def _names(found: Found) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word -> (words, type) of the names, longest first."""
    known: dict[tuple[str, ...], str] = {}
    for m in found.ordered():
        parts = tuple(found.lower[m.first : m.last])
        known.setdefault(parts, m.type)
        surname = parts[_surname_start(found, m) - m.first :]
        if (
            m.type == PERSON
            and len(surname) < len(parts)
            and len(surname[-1]) > 3
            and surname[-1] not in words().suffixes
        ):
            known.setdefault(surname, PERSON)
    table: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for parts, type_ in sorted(known.items(), key=lambda k: (-len(k[0]), k)):
        table[parts[0]].append((parts, type_))
    return table


def _surname_start(found: Found, m: Mention) -> int:
    """The token after the last space: a double name's parts are one."""
    start = m.last - 1
    while start > m.first and not found.doc[start - 1].whitespace_:
        start -= 1
    return start


def _heads(found: Found) -> Iterator[str]:
    """Yields the common nouns that stand for the article's organisations: "the Foundation"."""
    for m in found.mentions:
        if m.type == ORGANISATION and m.last - m.first > 1:
            ends = (found.words[m.first].lower(), found.words[m.last - 1].lower())
            yield from (word for word in ends if word in words().strong_heads and word not in _ANYBODYS)


def _longest(found: Found, i: int, known: list[tuple[tuple[str, ...], str]]) -> Mention | None:
    for parts, type_ in known:
        last = i + len(parts)
        if last > len(found.words) or tuple(found.lower[i:last]) != parts:
            continue
        if not found.within(i, last) and _stands_alone(found, i, last):
            return mention(found.doc, i, last, type_, "repeated", confidence=REPEATED_CONFIDENCE)
    return None


def _stands_alone(found: Found, first: int, last: int) -> bool:
    """Whether the name is no part of a longer row of capitalised words: titles, days, other names apart."""
    doc = found.doc
    after = doc[last] if last < len(doc) else None
    if after is not None and after.is_alpha and starts_upper(after) and not _is_apart(found, after):
        return False
    before = doc[first - 1] if first else None
    if before is None or not before.is_alpha or not starts_upper(before):
        return True
    return bool(before.is_sent_start) or _is_apart(found, before)


def _is_apart(found: Found, token: Token) -> bool:
    """Whether a capitalised neighbour is surely no part of the name."""
    word, lists = plain(token), words()
    if found.at(token.i) is not None or word in lists.titles or word in lists.determiners:
        return True
    return word in lists.never or word in lists.openers or word in lists.demonyms
