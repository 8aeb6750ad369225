"""Finds the mentions of an article: what the model names, what the gazetteer knows, what the article itself introduces."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token

from extract.names.extent import is_possessive, pieces, plain, starts_upper, trim
from extract.names.found import Found
from extract.names.known import add_known
from extract.names.mention import ORGANISATION, PERSON, PLACE, TYPE_OF_LABEL, Mention, fold, mention
from extract.names.words import words

MODEL_CONFIDENCE = 0.85
ACRONYM_CONFIDENCE = 0.9
REPEATED_CONFIDENCE = 0.85
_GAZETTEER_VOTES = 20
_PART_VOTES = 10
_COMPANY_VOTES = 2
SHAPE_CONFIDENCE = 0.75
_SHORTEST_PART = 4


def find(doc: Doc, *, gazetteer: bool = True) -> list[Mention]:
    """The mentions of the article in the order of the text, none overlapping, types agreed."""
    found = Found(doc)
    for new in model_mentions(doc):
        found.add(new)
    if gazetteer:
        add_known(found)
    for new in acronyms(found):
        found.add(new)
    for new in shaped(found):
        found.add(new)
    agree(found)
    for new in repeated(found):
        found.add(new)
    return found.ordered()


def model_mentions(doc: Doc) -> Iterator[Mention]:
    """Yields what the model's entities name, cut to the name."""
    for ent in doc.ents:
        type_ = TYPE_OF_LABEL.get(ent.label_)
        if type_:
            for first, last in pieces(doc, ent.start, ent.end, type_):
                yield mention(doc, first, last, type_, "model", label=ent.label_, confidence=MODEL_CONFIDENCE)


def acronyms(found: Found) -> Iterator[Mention]:
    """Yields the short form in brackets after a name, and the name before a short form that its initials spell."""
    doc = found.doc
    for i in range(1, len(doc) - 2):
        if doc[i].text != "(" or doc[i + 2].text != ")" or not _is_acronym(doc[i + 1].text):
            continue
        before = found.at(i - 1)
        if before is None:
            before = _spelled_out(doc, i, doc[i + 1].text)
            if before:
                yield before
        if before and before.type != PERSON and found.at(i + 1) is None and _spells(doc[i + 1].text, before.text):
            yield mention(doc, i + 1, i + 2, before.type, "acronym", confidence=ACRONYM_CONFIDENCE)


def _is_acronym(text: str) -> bool:
    return 2 <= len(text) <= 10 and sum(c.isupper() for c in text) >= 2 and text.replace("-", "").isalpha()


def _spells(acronym: str, name: str) -> bool:
    """Whether the acronym's letters come in this order in the name, the first of them as an initial.

    >>> _spells("AAPP", "Assistance Association for Political Prisoners"), _spells("KHL", "Viasna")
    (True, False)
    """
    initials = [w[0].casefold() for w in name.split() if w[0].isalpha()]
    if not initials or acronym[0].casefold() not in initials:
        return False
    letters = iter(name.casefold())
    return all(letter in letters for letter in acronym.casefold() if letter.isalpha())


def _spelled_out(doc: Doc, bracket: int, acronym: str) -> Mention | None:
    """The words in capitals before the bracket whose initials are the acronym."""
    letters = [c.casefold() for c in acronym if c.isalpha()]
    first, left = bracket, len(letters)
    while left and first > max(0, bracket - 12):
        token = doc[first - 1]
        if starts_upper(token) and token.lower_[0] == letters[left - 1]:
            left -= 1
        elif token.lower_ not in words().connectors and not is_possessive(token):
            return None
        first -= 1
    if left or bracket - first < 2:
        return None
    return mention(doc, first, bracket, ORGANISATION, "acronym", confidence=ACRONYM_CONFIDENCE)


def shaped(found: Found) -> Iterator[Mention]:
    """Yields what is an organisation by the shape of its name: capitalised words around a head such as "Ministry"."""
    doc, heads, after = found.doc, words().strong_heads, 0
    for token in doc:
        if token.i < after or token.lower_ not in heads or not token.text.istitle() or found.at(token.i):
            continue
        first, last = _capitalised_around(found, token.i)
        after = last
        if last - first > 1 and not found.is_headline(token.i):
            first, last = trim(doc, first, last, ORGANISATION)
            if last - first > 1 and _only_places_inside(found, first, last):
                yield mention(doc, first, last, ORGANISATION, "shape", confidence=SHAPE_CONFIDENCE)


def _only_places_inside(found: Found, first: int, last: int) -> bool:
    """Whether nothing is named inside but a place after "of", which then gives way: "Government of Guatemala"."""
    inside = found.within(first, last)
    if any(m.type != PLACE or m.last > last or found.doc[m.first - 1].lower_ not in {"of", "the"} for m in inside):
        return False
    for m in inside:
        found.drop(m)
    return True


def _capitalised_around(found: Found, i: int) -> tuple[int, int]:
    """The tokens of the name around a head: capitalised words before it, and after it those of an "of" phrase."""
    doc, first, last = found.doc, i, i + 1
    while first > 0 and _belongs(doc[first - 1], before=True) and not doc[first].is_sent_start:
        first -= 1
    while last < len(doc) and _belongs(doc[last], before=False):
        last += 1
    of = last
    while of < len(doc) and (doc[of].lower_ in {"of", "for", "the", "and"} or _belongs(doc[of], before=False)):
        of += 1
        if _belongs(doc[of - 1], before=False):
            last = of
    return first, last


def _belongs(token: Token, *, before: bool) -> bool:
    if is_possessive(token):
        return before
    return token.is_alpha and starts_upper(token) and plain(token) not in words().openers


def agree(found: Found) -> None:
    """Gives equal names one type: what the gazetteer is sure of, else what most are; a part of a person's name is one."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for m in found.mentions:
        votes[m.key][m.type] += _GAZETTEER_VOTES if m.entry else 1
        votes[m.key].update(_company(found.doc, m))
    for part in {p for m in found.mentions if m.type == PERSON and " " in m.key for p in m.key.split()}:
        if len(part) >= _SHORTEST_PART and part in votes:
            votes[part][PERSON] += _PART_VOTES
    for m in found.ordered():
        best = _winner(votes[m.key])
        if best != m.type:
            _retype(found, m, best)


def _company(doc: Doc, m: Mention) -> Counter[str]:
    """Votes of the words beside a name: "the group Memorial", "the Hirak movement", "Mr. Horsey"."""
    before = plain(doc[m.first - 1]) if m.first else ""
    after = plain(doc[m.last]) if m.last < len(doc) else ""
    votes: Counter[str] = Counter()
    if before in words().org_nouns or (after in words().org_nouns and doc[m.last].is_lower):
        votes[ORGANISATION] += _COMPANY_VOTES
    if before in words().titles_m or before in words().titles_f:
        votes[PERSON] += _COMPANY_VOTES
    return votes


def _winner(votes: Counter[str]) -> str:
    return max((PLACE, PERSON, ORGANISATION), key=lambda t: votes[t])


def _retype(found: Found, m: Mention, type_: str) -> None:
    found.drop(m)
    first, last = trim(found.doc, m.first, m.last, type_)
    if first < last:
        found.add(mention(found.doc, first, last, type_, m.rule, confidence=m.confidence - 0.1))


def repeated(found: Found) -> Iterator[Mention]:
    """Yields further places where the text has a name that the article gave: whole, or a person's surname."""
    doc = found.doc
    names = _names(found.mentions)
    for i, token in enumerate(doc):
        known = names.get(token.lower_)
        if known and found.at(i) is None and i not in found.closed and starts_upper(token):
            new = _longest(doc, i, known, found)
            if new:
                yield new


def _names(mentions: Iterable[Mention]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word -> (words, type) of the names, longest first."""
    known: dict[tuple[str, ...], str] = {}
    for m in mentions:
        parts = tuple(m.text.lower().split())
        known.setdefault(parts, m.type)
        if m.type == PERSON and len(parts) > 1 and len(parts[-1]) > 3 and parts[-1] not in words().suffixes:
            known.setdefault(parts[-1:], PERSON)
    table: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for parts, type_ in sorted(known.items(), key=lambda k: (-len(k[0]), k)):
        table[parts[0]].append((parts, type_))
    return table


def _longest(doc: Doc, i: int, known: list[tuple[tuple[str, ...], str]], found: Found) -> Mention | None:
    for parts, type_ in known:
        last = i + len(parts)
        if last > len(doc) or any(doc[i + k].lower_ != part or found.at(i + k) for k, part in enumerate(parts)):
            continue
        if _stands_alone(doc, i, last):
            return mention(doc, i, last, type_, "repeated", confidence=REPEATED_CONFIDENCE)
    return None


def _stands_alone(doc: Doc, first: int, last: int) -> bool:
    """Whether the name is no part of a longer row of capitalised words, titles and sentence starts apart."""
    after = doc[last] if last < len(doc) else None
    if after is not None and starts_upper(after) and not after.is_space and after.is_alpha:
        return False
    before = doc[first - 1] if first else None
    if before is None or not before.is_alpha or not starts_upper(before):
        return True
    return plain(before) in words().titles or plain(before) in words().determiners or bool(before.is_sent_start)
