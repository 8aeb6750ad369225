"""Learns the small tables of the pipeline from parsed sentences: features of tags, lemmas that no rule makes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from extract.model.lemmas import AS_WRITTEN, Lemmas
from extract.training.corpora import Sentence

CLOSED = frozenset(("PRON", "DET", "AUX", "ADV", "NUM", "ADJ"))
# A word's own features or lemma are kept from this many sightings on.
SEEN = 3
MOST = 0.7
OPEN = ("noun", "verb", "adj", "adv")  # what the public tables cover


def feature_table(sentences: Iterable[Sentence]) -> dict[str, str]:
    """The commonest features of each "UPOS XPOS", and of closed-class words where theirs differ."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for s in sentences:
        for word, upos, xpos, feats in zip(s.words, s.upos, s.xpos, s.feats, strict=True):
            kept = "|".join(
                f for f in feats.split("|") if f and not f.startswith(("Voice=", "Typo=", "Style=", "Abbr=", "ExtPos="))
            )
            kinds[f"{upos} {xpos}"][kept] += 1
            if upos in CLOSED:
                words[f"{word.lower()} {upos} {xpos}"][kept] += 1
    table = {kind: counts.most_common(1)[0][0] for kind, counts in sorted(kinds.items())}
    for key, counts in sorted(words.items()):
        feats, count = counts.most_common(1)[0]
        if count >= SEEN and table[key.split(" ", 1)[1]] != feats:
            table[key] = feats
    return table


def lemmas(sentences: Iterable[Sentence]) -> Lemmas:
    """spaCy's public tables, with the exceptions that the parsed sentences teach."""
    from spacy.lookups import load_lookups

    public = load_lookups("en", tables=["lemma_rules", "lemma_exc", "lemma_index"])

    def table(name: str) -> dict[str, Any]:
        found = public.get_table(name)
        return {kind: found[kind] for kind in OPEN if kind in found}

    exceptions = {kind: {word: forms[0] for word, forms in rows.items()} for kind, rows in table("lemma_exc").items()}
    index = {kind: frozenset(words) for kind, words in table("lemma_index").items()}
    rules = {kind: [list(rule) for rule in rows] for kind, rows in table("lemma_rules").items()}
    found = Lemmas(rules=rules, exceptions=exceptions, index=index)
    learnt = learnt_exceptions(sentences, found)
    merged = {kind: {**exceptions.get(kind, {}), **learnt.get(kind, {})} for kind in exceptions | learnt}
    return Lemmas(rules=rules, exceptions=merged, index=index)


def learnt_exceptions(sentences: Iterable[Sentence], rules: Lemmas) -> dict[str, dict[str, str]]:
    """By part of speech, the lemmas of words that the rules get wrong most of the time."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    tags: dict[tuple[str, str], str] = {}
    for s in sentences:
        for word, upos, xpos, lemma in zip(s.words, s.upos, s.xpos, s.lemmas, strict=True):
            if upos not in AS_WRITTEN:
                seen[word.lower(), upos][lemma] += 1
                tags.setdefault((word.lower(), upos), xpos)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (word, upos), counts in sorted(seen.items()):
        lemma, count = counts.most_common(1)[0]
        if count >= SEEN and count > MOST * counts.total() and rules(word, upos, tags[word, upos]) != lemma:
            found[upos.lower()][word] = lemma
    return dict(found)
