"""How well repeats are told from new articles: prints a table for thresholds, from versions made of corpus/.

    python tests/repeats.py [more.jsonl ...]     # JSONL of real articles that are no repeats of one another

Each article of corpus/ is told by nine more papers: other headline, byline and dateline, a line of the paper's own
at the end, one sentence in eight left out or reworded, the end cut so that 60 to 100 per cent stay. A follow-up has
a new upper half and takes the lower half over; an update differs in its numbers alone.
"""

from __future__ import annotations

import json
import random
import re
import sys
from itertools import combinations, pairwise
from pathlib import Path

from extract import Article
from extract.reading.duplicates import Stories

CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "articles"
HEADLINES = (
    "What we know so far",
    "Report",
    "News in brief: the day in the region",
    "Court and country",
    "A closer look",
)
FOOTERS = (
    "",
    "Subscribe to our newsletter for more stories like this.",
    "With material of the agency. All rights reserved.",
)


def version(text: str, chance: random.Random) -> str:
    """The text as another paper prints it."""
    body = text.split("\n", 1)[1]
    sentences = re.split(r"(?<=[.!?])\s", body)
    kept = sentences[: max(3, round(len(sentences) * chance.uniform(0.6, 1.0)))]
    edited = [_reworded(s, chance) if chance.random() < 0.125 else s for s in kept]
    byline = f"By our correspondent {chance.choice('ABCDEF')}. Smith\nCITY, {chance.randint(1, 28)} March 2024 - "
    return f"{chance.choice(HEADLINES)}\n\n{byline}{' '.join(filter(None, edited))}\n\n{chance.choice(FOOTERS)}"


def follow_up(text: str, other: str) -> str:
    """The upper half of another article over the lower half of this one."""
    return other[: len(other) // 2] + "\n" + text[len(text) // 2 :]


def update(text: str) -> str:
    """The same text with another number wherever it has one of two digits and more."""
    return re.sub(r"\b\d{2,}\b", lambda found: str(int(found[0]) + 3), text)


def _reworded(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    chance.shuffle(words)
    return "" if chance.random() < 0.5 else " ".join(words)


def shares(pairs: list[tuple[str, str]]) -> list[float]:
    """For each pair: which share of the shorter's runs stands in the longer, as its signatures say; 0 if not met."""
    found = []
    for one, other in pairs:
        stories = Stories()
        stories.meet(Article(id="1", text=one))
        trace = stories._trace(Article(id="2", text=other))
        shared, earlier = stories._nearest(trace)
        found.append(shared / min(trace.runs, earlier.runs) if earlier else 0.0)
    return found


def main(more: list[str]) -> None:
    """Prints the table."""
    chance = random.Random(1)
    texts = [path.read_text() for path in sorted(CORPUS.glob("*.txt"))]
    real = [json.loads(line)["text"] for path in more for line in Path(path).read_text().splitlines()]
    pairs = {
        "versions": [(text, version(text, chance)) for text in texts for _ in range(9)],
        "versions of versions": [(version(text, chance), version(text, chance)) for text in texts for _ in range(9)],
        "updates": [(text, update(text)) for text in texts],
        "follow-ups": [(text, follow_up(text, other)) for text, other in pairwise(texts)],
        "others": list(combinations(texts, 2)) + list(combinations(real, 2)),
    }
    thresholds = (0.5, 0.6, 0.7, 0.8, 0.9)
    rows = [("at least".ljust(30), *(f"{at:7.1f}" for at in thresholds))]
    for name, ones in pairs.items():
        found = shares(ones)
        alike = (f"{sum(share >= at for share in found) / len(found):7.1%}" for at in thresholds)
        rows.append((f"{name} ({len(ones)})".ljust(30), *alike))
    sys.stdout.writelines(f"{' '.join(row)}\n" for row in rows)


if __name__ == "__main__":
    main(sys.argv[1:])
