"""The lexicon of cues, loaded once: verbs, nouns and phrases that name a source or introduce what it says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from extract.errors import DataFileError
from extract.facts.statement.schema import CueWord

PATH = Path(__file__).with_name("cues.jsonl")
KINDS = ("verb", "noun", "phrase", "possessed", "viewer", "adverb")
TAKES = frozenset({
    "clause", "that", "quotation", "infinitive", "bid", "label", "object", "about", "belief", "whether", "document",
    "colon", "source",
})  # fmt: skip


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
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            kind, word, forms = _row(line, f"{path.name}:{number}")
            for form in forms:
                if form in table[kind]:
                    raise DataFileError(f"the form {form!r} stands twice", where=f"{path.name}:{number}")
                table[kind][form] = word
    return table


def _row(line: str, where: str) -> tuple[str, CueWord, list[str]]:
    try:
        row = json.loads(line)
        kind = next(k for k in KINDS if k in row)
        takes = frozenset(row["takes"].split())
        word = CueWord(row[kind], kind, takes)
        forms = [word.lemma, *row.get("forms", "").split()]
    except (json.JSONDecodeError, KeyError, StopIteration, AttributeError) as error:
        raise DataFileError(
            f"no cue: {line[:60]!r}", where=where, expected='{"verb": "say", "forms": "says said", "takes": "clause"}'
        ) from error
    if not takes <= TAKES:
        raise DataFileError(f"a cue takes none of {sorted(takes - TAKES)}", where=where, expected=str(sorted(TAKES)))
    return kind, word, list(dict.fromkeys(forms))
