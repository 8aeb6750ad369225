"""Whether a text can be a news article in English: lenient, it lets pass what it can't tell."""

from __future__ import annotations

import re

from extract.article import Article
from extract.errors import ArticleError
from extract.reading.outcome import Failure

MAX_CHARACTERS = 4_000_000  # the longest news article on record has fewer than 100,000
_SAMPLE = 20_000
_FEWEST_WORDS = 40  # a shorter text says too little about its language
_LOWEST_SHARE = 0.07  # English news has 0.2 and more of these words, Dutch and the Scandinavian languages under 0.04
_CONTROLS_AT_MOST = 0.05
_VISIBLE = re.compile(r"[^\s\ufeff\u200b]")
_WORD = re.compile(r"[^\W\d_]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_ENGLISH = frozenset({
    "the", "and", "of", "to", "that", "with", "was", "were", "his", "its", "by", "from", "has", "are", "this", "be",
    "been", "it", "not", "who", "said", "they", "their", "as", "which", "after", "would", "but",
})  # fmt: skip


def check_fitness(article: Article, where: str) -> None:
    """Checks that the text is there, is text, is no longer than an article may be, and is in English.

    Raises:
        ArticleError: says which of the four it is not.
    """
    for complaint in (_emptiness(article), _length(article), _binary(article), _language(article)):
        if complaint:
            what, expected, advice = complaint
            raise ArticleError(what, where=where, expected=expected, advice=advice)


def fit_or_failure(article: Article, where: str) -> Article | Failure:
    """The article where it passes, or else the failure that says why not."""
    try:
        check_fitness(article, where)
    except ArticleError as error:
        return Failure.of(article.id, error)
    return article


Complaint = tuple[str, str, str] | None


def _emptiness(article: Article) -> Complaint:
    return None if _VISIBLE.search(article.text) else ("empty", "text", "Leave it out")


def _length(article: Article) -> Complaint:
    if len(article.text) <= MAX_CHARACTERS:
        return None
    found = f"{len(article.text):,} characters long"
    return found, f"at most {MAX_CHARACTERS:,}: one news article", "Split it into its articles"


def _binary(article: Article) -> Complaint:
    sample = article.text[:_SAMPLE]
    controls = len(_CONTROL.findall(sample))
    if controls <= _CONTROLS_AT_MOST * len(sample):
        return None
    return f"binary: {controls} of its first {len(sample)} characters are controls", "text", "Leave it out"


def _language(article: Article) -> Complaint:
    if article.language:
        declared = article.language.lower()
        fits = declared.startswith(("en", "und", "mul"))
        return None if fits else (f"in the language {article.language!r}, as its metadata says", *_ENGLISH_ONLY)
    return None if looks_english(article.text) else ("not in English, by its commonest words", *_ENGLISH_ONLY)


_ENGLISH_ONLY = ("English", 'Translate it first; if it is English, say so in its metadata: "language": "en"')


def looks_english(text: str) -> bool:
    """Whether the text can be English: too short to tell, or enough of its words are the commonest English ones.

    >>> looks_english("Der Richter hat am Freitag die Angeklagten freigesprochen. " * 9)
    False
    >>> looks_english("The judge has acquitted all of the accused, who were held for a year. " * 9)
    True
    >>> looks_english("1,437")
    True
    """
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    if len(words) < _FEWEST_WORDS:
        return True
    return sum(word in _ENGLISH for word in words) >= _LOWEST_SHARE * len(words)
