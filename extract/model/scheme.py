"""What the network's numbers mean."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the network's numbers mean, and the features that tags and words stand for."""

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    deps: tuple[str, ...]
    feats: dict[str, str] = field(default_factory=dict)  # "UPOS XPOS" or "word UPOS XPOS" -> features
    temperature: float = 1.0
    peoples: frozenset[str] = frozenset()  # adjectives and nouns of peoples and creeds, which are no places

    def features(self, word: str, upos: str, xpos: str) -> str:
        """Universal features of a word with these tags, as far as they tell."""
        kind = f"{upos} {xpos}"
        return self.feats.get(f"{word.lower()} {kind}", self.feats.get(kind, ""))
