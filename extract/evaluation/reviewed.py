"""A log's reviewed articles as gold: those of which a person has decided every fact."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from extract.article import Article
from extract.correction.apply import Decided, lines_of, read_articles, with_lines
from extract.correction.entry import OF_PAIRS
from extract.correction.log import Broken
from extract.correction.moving import Target
from extract.correction.replay import by_fact, replay, without_undone
from extract.errors import OutputError
from extract.evaluation.gold import Mark, name_of
from extract.evaluation.markup import MarkupError, marks_of, nested, to_markup
from extract.fact import FACT, Envelope
from extract.writing import Part

LONGEST_NAME = 200
What = Literal["reviewed", "partly", "unusable"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An article as people left it: its facts, how many of those extracted are decided, and its page of gold."""

    article: Article
    facts: tuple[Envelope, ...]
    decided: int
    extracted: int
    what: What
    why: str = ""
    markup: str = ""
    crossing: tuple[Mark, ...] = ()

    @property
    def name(self) -> str:
        """What the page of gold is called: the article's id without its folders and `.txt`."""
        return name_of(self.article.id)


@dataclass(slots=True)
class Review:
    """What a log comes to, article by article."""

    articles: list[Reviewed] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)


def review(log: Path, facts: Path, articles: Path, marked: Collection[str] = ()) -> Review:
    """Every article that has a decision, or is among the `marked`, with what keeps it from being gold.

    Reviewed is an article of which each extracted fact was decided by someone, or whose id is marked as such.

    Raises:
        ReadError: a file can't be read.
        LineError: a line of facts is broken.
    """
    known = dict(read_articles(articles))
    lines, broken = lines_of(log)
    found = Review(broken=broken)
    names: set[str] = set()
    for one in with_lines(facts, lines, known)[0]:
        article = known.get(one.reference.id)
        if article and article.text_sha256 == one.reference.text_sha256 and (one.lines or article.id in marked):
            found.articles.append(_reviewed(one, article, names, is_marked=article.id in marked))
    return found


def _reviewed(one: Decided, article: Article, names: set[str], *, is_marked: bool) -> Reviewed:
    extracted = [FACT.validate_json(row) for row in one.rows]
    facts, _ = replay(extracted, one.lines, Target(article).reference)
    groups = by_fact(line for line in without_undone(one.lines)[0] if line.decision.action not in OF_PAIRS)
    decided = sum(fact.id in groups for fact in extracted)
    what: What = "reviewed" if is_marked or decided == len(extracted) else "partly"
    why = "" if what == "reviewed" else f"{len(extracted) - decided} of {len(extracted)} facts are not decided"
    fits, crossing = nested(marks_of(facts))
    markup = ""
    try:
        _claim(name_of(article.id), names)
        markup = to_markup(article.text, fits)
    except MarkupError as error:
        what, why = "unusable", error.what
    return Reviewed(article, tuple(facts), decided, len(extracted), what, why, markup, tuple(crossing))


def _claim(name: str, names: set[str]) -> None:
    if not name or len(name.encode("utf-8")) > LONGEST_NAME or not name.isprintable() or "\\" in name:
        raise MarkupError("its id makes no name of a file")
    if name in names:
        raise MarkupError(f"another article's gold is called {name}, too")
    names.add(name)


def write_gold(articles: Collection[Reviewed], folder: Path, *, replace: bool = False) -> None:
    """Writes NAME.xml for each article, and `articles.jsonl` with their texts and dates, which `extract run` reads.

    Raises:
        OutputError: the folder has gold and `replace` is False, or it can't be written.
    """
    if not replace and any(folder.glob("*.xml")):
        raise OutputError("there are annotated articles already", where=str(folder), expected="an empty folder",
                          advice="Add --force to add to them and replace those of the same name")  # fmt: skip
    for one in articles:
        _write(folder / f"{one.name}.xml", [one.markup.encode("utf-8")])
    texts = folder / "articles.jsonl"
    known = dict(read_articles(texts)) if texts.exists() else {}
    known |= {one.article.id: one.article for one in articles}
    _write(texts, (article.model_dump_json(exclude_none=True).encode("utf-8") + b"\n" for article in known.values()))


def _write(path: Path, pieces: Iterator[bytes] | list[bytes]) -> None:
    part = Part(path)
    part.open()
    try:
        for piece in pieces:
            part.append(piece)
        part.publish()
    except BaseException:
        part.discard()
        raise
