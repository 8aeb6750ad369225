"""The company that a name keeps: what the words beside it, and its own last word, say it is."""

from __future__ import annotations

from collections import Counter

from extract.names.extent import is_possessive
from extract.names.found import Found
from extract.names.gazetteer import gazetteer
from extract.names.gender import forenames
from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention, fold
from extract.names.words import words

_VOTES = 2
HEAD_VOTES = 10
_NEAR = 7
_FEWEST = 2
_LETTERS = range(3, 7)
_STUDIES = frozenset({"poll", "polls", "survey", "study", "report", "analysis"})
_TIES = frozenset({"of", "in", "from", "at", "with", "for", "by", "and", "the", "to"})
_ALSO_PLACES = frozenset(
    {"union", "federation", "center", "centre", "bank", "court", "office", "embassy", "front", "voice"}
)
_SPEECH = frozenset({"said", "says", "told", "added", "reported", "confirmed", "announced", "warned", "denied"})
_WHERE = frozenset({"at", "in", "outside", "near", "inside", "from", "to", "behind", "around", "into"})


def votes_beside(found: Found, m: Mention) -> Counter[str]:
    """Votes of the words beside a name: "the group Memorial", "the Hirak movement", "Mr. Horsey", "in Tema"."""
    lists = words()
    before = found.lower[m.first - 1].replace(".", "") if m.first else ""
    after = found.lower[m.last].replace(".", "") if m.last < len(found.lower) else ""
    votes: Counter[str] = Counter()
    if before in lists.org_nouns or _is_described(found, m) or _is_apposed(found, m) or _follows_in_brackets(found, m):
        votes[ORGANISATION] += _VOTES
    if m.text.isupper() and m.last - m.first == 1 and after in lists.titles and found.words[m.last].istitle():
        votes[ORGANISATION] += _VOTES
    if m.type != ORGANISATION and (_has_officer(found, m, after) or _is_branch(m)):
        votes[ORGANISATION] += _VOTES
    if m.type == PERSON and _is_no_person(found, m, before):
        votes[ORGANISATION] += _VOTES
    if m.type == PERSON and _is_firm(found, m):
        votes[ORGANISATION] += HEAD_VOTES
    if before in lists.titles_m or before in lists.titles_f or (after == "regime" and _may_rule(m)):
        votes[PERSON] += _VOTES
    if _has_age(found, m) or (before in lists.roles and found.words[m.first - 1].islower() and m.last - m.first > 1):
        votes[PERSON] += _VOTES
    if m.type == ORGANISATION and (_is_full_name(found, m, before) or _is_somebody(found, m, before)):
        votes[PERSON] += _VOTES
    votes[PLACE] += _place_votes(found, m, before, after)
    if m.type == PLACE and not m.entry and _is_body(found, m):
        votes[ORGANISATION] += HEAD_VOTES
    if m.last - m.first > 1 and not votes[ORGANISATION]:
        votes[PLACE] += _head_votes(found, m, before, after)
    return votes


def _may_rule(m: Mention) -> bool:
    """Whether a name before "regime" may be its ruler's: one word, no acronym."""
    return m.type == ORGANISATION and m.last - m.first == 1 and not m.text.isupper()


def _has_officer(found: Found, m: Mention, after: str) -> bool:
    """Whether a person follows behind what only an organisation has: "Veloxa chairman Jan Moll"."""
    if m.entry or after not in words().officers or not found.words[m.last].islower():
        return False
    person = found.at(m.last + 1)
    return person is not None and person.type == PERSON


def _is_full_name(found: Found, m: Mention, before: str) -> bool:
    """Whether two words, a rank apart, are a given name and a surname: "Leyla Moss", "DSP Leyla Moss"; no "Rosa Fund",
    no "the Martin Luther"."""
    ranked = found.words[m.first].isupper() and found.lower[m.first] in words().titles
    if m.last - m.first - ranked != 2 or m.entry or before in words().determiners:
        return False
    first, last = found.words[m.first + ranked : m.last]
    if not (first.istitle() and last.istitle() and last.isalpha() and fold(first) in forenames()):
        return False
    lists = words()
    return not any(last.lower() in known for known in (lists.kinds, lists.org_nouns, lists.fields))


def _is_branch(m: Mention) -> bool:
    """Whether the name of a place begins with letters that name a body: "OCHA Philippines", "IIT-Bombay"."""
    if m.type != PLACE or m.entry or m.text.isupper():
        return False
    letters, parted, _ = m.text.replace("-", " ").partition(" ")
    if not parted:
        return False
    return len(letters) > 2 and letters.isupper() and letters.isalpha() and not gazetteer().named(letters, PLACE)


def _is_no_person(found: Found, m: Mention, before: str) -> bool:
    """Whether a person's name is none: letters behind "the" or "in", ", which" after it, "a poll by" before it."""
    if found.lower[m.last : m.last + 2] == [",", "which"]:
        return True
    if before == "by" and m.first > 1 and found.lower[m.first - 2] in _STUDIES:
        return True
    letters = m.last - m.first == 1 and m.text.isupper() and m.text.isalpha() and len(m.text) in _LETTERS
    return letters and before in {"the", "in"}


def _is_firm(found: Found, m: Mention) -> bool:
    """Whether a name ends in a legal form: "Veloxa AG", but no "Nelson Sa"."""
    form = found.words[m.last - 1]
    sure = form.isupper() or form.lower() in _LONG_FORMS
    return m.last - m.first > 1 and sure and form.lower() in words().legal_forms


_LONG_FORMS = frozenset({"inc", "inc.", "ltd", "ltd.", "limited", "corp", "corp.", "corporation", "company", "gmbh"})


def _is_somebody(found: Found, m: Mention, before: str) -> bool:
    """Whether ", who" follows a name that no preposition ties to a person before it."""
    told = found.lower[m.last : m.last + 2] == [",", "who"]
    return told and not m.entry and not m.text.isupper() and before not in _TIES


def _is_body(found: Found, m: Mention) -> bool:
    """Whether a place's name of several words is a body's: "University of Kesh", "Kesh Commission"."""
    heads = [
        i for i in range(m.first, m.last) if found.lower[i] in words().strong_heads and not found.words[i].islower()
    ]
    if not heads or m.last - m.first < _FEWEST or found.lower[heads[0]] in _ALSO_PLACES:
        return False
    return heads[-1] == m.last - 1 or found.lower[heads[0] + 1] == "of"


def _has_age(found: Found, m: Mention) -> bool:
    """Whether ", 52," follows."""
    tail = found.words[m.last : m.last + 3]
    return len(tail) == 3 and tail[0] == "," and tail[1].isdigit() and len(tail[1]) == 2 and tail[2] in {",", "."}


def _place_votes(found: Found, m: Mention, before: str, after: str) -> int:
    """Votes for a place: "the town of Kesh", "in Kesh", "Kesh's president", "the interior minister of Kesh"."""
    if m.last - m.first > 2 or m.text.isupper():
        return 0
    noun = found.lower[m.first - 2] if before == "of" and m.first > 1 else ""
    if noun in words().place_nouns or (noun in words().rulers and not _may_govern(m, noun)):
        return _VOTES
    if before in {"in", "near"} and after not in {"'s", "’s"} and m.last - m.first == 1:
        return _VOTES if m.type == PERSON else 1
    if after in {"branch", "branches"} and m.type != PLACE:
        return _VOTES
    owned = found.lower[m.last + 1] if after in {"'s", "’s"} and m.last + 1 < len(found.words) else ""
    return _VOTES if owned in words().rulers and not _may_govern(m, owned) else 0


def _may_govern(m: Mention, noun: str) -> bool:
    """Whether what the name has may be a person's as well: "the government of Lena Moss", "Moss's government"."""
    return m.type == PERSON and (m.last - m.first > 1 or noun == "government")


def _head_votes(found: Found, m: Mention, before: str, after: str) -> int:
    """Votes of the name's last word: a street or an airport is a place, a hospital where it says nothing."""
    head = found.lower[m.last - 1].replace(".", "")
    if found.words[m.last - 1].islower() or before in {"university", "team"}:
        return 0
    if head in words().sites or (head in words().lands and m.type == ORGANISATION and not _has_link(found, m)):
        return HEAD_VOTES
    if head in words().wards and m.type == ORGANISATION and after not in _SPEECH:
        at = m.first - 1
        while at > 0 and found.lower[at] in words().determiners:
            at -= 1
        return HEAD_VOTES if at >= 0 and found.lower[at] in _WHERE else 0
    return 0


def _has_link(found: Found, m: Mention) -> bool:
    return any(found.lower[i] in {"of", "for", "and"} for i in range(m.first, m.last))


def _is_described(found: Found, m: Mention) -> bool:
    """Whether a noun for an organisation follows in lower case: "the Viasna human rights center"."""
    for i in range(m.last, min(m.last + 4, len(found.words))):
        if not found.words[i].islower():
            return False
        if found.lower[i] in words().org_nouns:
            return i == m.last or (m.first > 0 and found.lower[m.first - 1] in words().determiners)
        if found.doc[i].pos_ not in {"ADJ", "NOUN"}:
            return False
    return False


def _follows_in_brackets(found: Found, m: Mention) -> bool:
    """Whether the name stands in brackets after an organisation's, as its short form does."""
    before = found.at(m.first - 2) if m.bracketed and m.type == PERSON else None
    return before is not None and before.type == ORGANISATION


def _is_apposed(found: Found, m: Mention) -> bool:
    """Whether ", a separatist movement" follows, or the name's own words end in such a noun."""
    i = m.last
    if i + 2 >= len(found.words) or found.words[i] != "," or found.lower[i + 1] not in {"a", "an", "the"}:
        return False
    head = None
    for token in found.doc[i + 2 : i + _NEAR]:
        if token.pos_ not in {"ADJ", "NOUN", "PROPN"} and not is_possessive(token) and token.text != "-":
            break
        head = token
    return head is not None and head.is_lower and head.lower_ in words().org_nouns
