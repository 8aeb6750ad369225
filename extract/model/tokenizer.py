"""spaCy's tokeniser with a bound: endless runs without a blank are cut before its rules see them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

if TYPE_CHECKING:
    from spacy.language import Language

# spaCy strips a run's punctuation one character at a time, which is quadratic in the run's length.
# The longest word-like run of news (a long URL) is shorter.
LONGEST_RUN = 1_000
ENDLESS = re.compile(rf"\S{{{LONGEST_RUN + 1},}}|\s{{{LONGEST_RUN + 1},}}")


class BoundedTokenizer(Tokenizer):  # type: ignore[misc]
    """Gives what spaCy's tokeniser gives, unless a run is longer than LONGEST_RUN."""

    def __call__(self, text: str) -> Doc:
        if ENDLESS.search(text) is None:
            doc: Doc = super().__call__(text)
            return doc
        words: list[str] = []
        spaces: list[bool] = []
        for part in _parts(text):
            doc = super().__call__(part)
            words += [token.text for token in doc]
            spaces += [bool(token.whitespace_) for token in doc]
        return Doc(self.vocab, words=words, spaces=spaces)

    def from_bytes(self, packed: bytes, *, exclude: Sequence[str] = ()) -> BoundedTokenizer:
        """Takes in what `to_bytes` gave, unless it says what this one does already: a third of a model's load time."""
        if packed != self.to_bytes(exclude=exclude):
            super().from_bytes(packed, exclude=exclude)
        return self


def _parts(text: str) -> Iterator[str]:
    """Yields the text cut every LONGEST_RUN characters where no blank gives it an end."""
    at = 0
    for match in ENDLESS.finditer(text):
        if match.start() > at:
            yield text[at : match.start()]
        for start in range(match.start(), match.end(), LONGEST_RUN):
            yield text[start : min(start + LONGEST_RUN, match.end())]
        at = match.end()
    if at < len(text):
        yield text[at:]


@registry.tokenizers("extract.BoundedTokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """The factory that a pipeline's config names."""

    def bounded(nlp: Language) -> Tokenizer:
        words = nlp.Defaults
        return BoundedTokenizer(
            nlp.vocab,
            rules=words.tokenizer_exceptions,
            prefix_search=compile_prefix_regex(words.prefixes or ()).search,
            suffix_search=compile_suffix_regex(words.suffixes or ()).search,
            infix_finditer=compile_infix_regex(words.infixes or ()).finditer,
            token_match=words.token_match,
            url_match=words.url_match,
        )

    return bounded
