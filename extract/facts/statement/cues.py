"""The lexicon of cues, loaded once: verbs, nouns and phrases that name a source or introduce what it says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from extract.errors import DataFileError
from extract.facts.statement.schema import CueWord
from extract.lexicon import rows

PATH = Path(__file__).with_name("cues.jsonl")
KINDS = ("verb", "noun", "phrase", "possessed", "viewer", "adverb")
TAKES = frozenset({
    "clause", "that", "quotation", "infinitive", "bid", "label", "object", "about", "belief", "whether", "document",
    "colon", "source",
})  # fmt: skip

_EXPECTED = '{"verb": "say", "forms": "says said", "takes": "clause"}'


@cache
def cues(kind: str) -> dict[str, CueWord]:
    """The cues of a kind by each of their forms in lower case.

    >>> sorted(cues("verb")["said"].takes), "said" in cues("noun")
    (['clause', 'quotation'], False)
    """
    return load(PATH)[kind]


@cache
def load(path: Path) -> dict[str, dict[str, CueWord]]:
    """The cues of a file by kind and form.

    Raises:
        DataFileError: names the line that is no cue, or that repeats a form.
    """
    table: dict[str, dict[str, CueWord]] = {kind: {} for kind in KINDS}
    for number, (kind, word, forms) in rows(path, _row, kind="cue", expected=_EXPECTED):
        for form in forms:
            if form in table[kind]:
                raise DataFileError(f"the form {form!r} stands twice", where=f"{path.name}:{number}")
            table[kind][form] = word
    return table


def _row(line: str, number: int) -> tuple[int, tuple[str, CueWord, list[str]]]:
    row = json.loads(line)
    kind = next((k for k in KINDS if k in row), "")
    takes = frozenset(row["takes"].split())
    if not takes <= TAKES:
        raise ValueError(f"it takes none of {sorted(takes - TAKES)}")
    word = CueWord(row[kind], kind, takes)
    return number, (kind, word, list(dict.fromkeys([word.lemma, *row.get("forms", "").split()])))
