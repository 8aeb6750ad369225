"""Lemmas by rule: exceptions first, then endings that lead to a known word; spaCy's tables, one cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAX_CACHE = 200_000
# Tags of words that are their own lemma but for case.
BASE = frozenset(("NN", "VB", "VBP", "JJ", "RB", "IN", "DT", "CC", "TO", "CD"))
AS_WRITTEN = frozenset(("PROPN", "PUNCT", "SYM", "X", "SPACE"))


@dataclass(slots=True)
class Lemmas:
    """Lemmatises words of known part of speech."""

    rules: dict[str, list[list[str]]]
    exceptions: dict[str, dict[str, str]]
    index: dict[str, frozenset[str]]
    _cache: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def __call__(self, word: str, upos: str, xpos: str) -> str:
        """The lemma of a word, from its tags."""
        key = (word, upos, xpos)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= MAX_CACHE:
                self._cache.clear()
            found = self._cache[key] = self._lemma(word, upos, xpos)
        return found

    def _lemma(self, word: str, upos: str, xpos: str) -> str:
        if upos in AS_WRITTEN:
            return word
        lower, kind = word.lower().replace("’", "'"), upos.lower()
        known = self.exceptions.get(kind, {}).get(lower)
        if known is not None:
            return known
        return lower if xpos in BASE else self._by_rule(lower, kind)

    def _by_rule(self, word: str, kind: str) -> str:
        index = self.index.get(kind, frozenset())
        forms = [
            word[: -len(old)] + new
            for old, new in self.rules.get(kind, [])
            if word.endswith(old) and len(word) > len(old)
        ]
        known = [form for form in forms if form in index]
        return (known or forms or [word])[0]

    def tables(self) -> dict[str, Any]:
        """The tables in a form for JSON."""
        index = {kind: sorted(words) for kind, words in self.index.items()}
        return {"rules": self.rules, "exceptions": self.exceptions, "index": index}


def read_tables(tables: dict[str, Any]) -> Lemmas:
    """Lemmas from what `tables` gave."""
    index = {kind: frozenset(words) for kind, words in tables["index"].items()}
    return Lemmas(rules=tables["rules"], exceptions=tables["exceptions"], index=index)
