"""The desk: the library's articles with the log's decisions on them, and a place to make new ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, Literal

from extract.article import Article
from extract.correction import Correction, Log, Reviewed, Stamp, correct
from extract.correction.entry import OF_PAIRS
from extract.correction.moving import Target, sentences_of
from extract.correction.outcome import Line
from extract.correction.replay import by_fact, disagree, latest, replay, without_undone
from extract.fact import Envelope
from extract.review.filters import Filter
from extract.review.library import Entry, Library, trait_of

State = Literal["open", "accepted", "rejected", "edited", "added"]
STATE: dict[str, State] = {"accept": "accepted", "reject": "rejected", "edit": "edited", "add": "added"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact as the page shows it: what was decided, by whom, and whether they disagree."""

    fact: Envelope
    state: State = "open"
    annotators: tuple[str, ...] = ()
    is_disputed: bool = False
    note: str = ""


@dataclass(frozen=True)
class View:
    """An article with its facts, the rejected ones too, in the order of the text."""

    entry: Entry
    article: Article
    shown: tuple[Shown, ...]
    identities: tuple[Correction, ...] = ()

    @property
    def facts(self) -> dict[str, Envelope]:
        """The facts by id."""
        return {one.fact.id: one.fact for one in self.shown}

    @property
    def standing(self) -> dict[str, Envelope]:
        """The facts that are not rejected, by id."""
        return {one.fact.id: one.fact for one in self.shown if one.state != "rejected"}

    @property
    def target(self) -> Target:
        """The text with its sentences."""
        return Target(self.article, sentences_of(self.facts.values()))

    def seen_through(self, filter_: Filter) -> list[Shown]:
        """The facts that the filter takes."""
        return [
            one
            for one in self.shown
            if filter_.takes(trait_of(one.fact), is_decided=one.state != "open", is_disputed=one.is_disputed)
        ]


@dataclass(frozen=True, slots=True)
class Progress:
    """A row of the list: how many facts there are, how many are decided, how sure the open ones are."""

    entry: Entry
    facts: int
    decided: int
    matching: int
    confidence: float
    is_disputed: bool


@dataclass(slots=True)
class _Decided:
    """What the log says on one text."""

    lines: list[Line] = field(default_factory=list)
    roots: dict[str, bool] = field(default_factory=dict)  # fact -> whether annotators disagree
    is_fresh: bool = False

    def refresh(self) -> None:
        if not self.is_fresh:
            groups = by_fact(line for line in _standing(self.lines) if line.decision.action not in OF_PAIRS)
            self.roots = {root: disagree(latest(group).values()) for root, group in groups.items()}
            self.is_fresh = True


class Desk:
    """What requests ask for. One lock: views and decisions of many tabs come one after the other."""

    def __init__(
        self, library: Library, log: Log, clock: Callable[[], datetime], written: Callable[[], None] = lambda: None
    ) -> None:
        self.library, self.log = library, log
        self._clock, self._lock, self._written = clock, RLock(), written
        self._decided: dict[str, _Decided] = defaultdict(_Decided)
        self.broken = 0

    def list(self, filter_: Filter) -> list[Progress]:
        """The articles that have facts for the filter, the least certain first, the finished last."""
        with self._lock:
            self._follow()
            rows = [row for row in map(self._progress(filter_), self.library.entries) if self._belongs(row, filter_)]
        return sorted(rows, key=lambda row: (row.decided >= row.facts, row.confidence, row.entry.number))

    def view(self, number: int) -> View:
        """The article of that number, with whatever anyone has decided by now."""
        with self._lock:
            self._follow()
            entry = self.library.entries[number]
            article, facts = self.library.open(number)
            decided = self._decided.get(entry.text_sha256)
            if decided is None:
                return View(entry, article, tuple(Shown(fact) for fact in facts))
            reference = Target(article).reference
            corrected, _ = replay(facts, decided.lines, reference)
            standing = _standing(decided.lines)
            pairs = tuple(line.decision for line in standing if line.decision.action in OF_PAIRS)
            return View(entry, article, tuple(_shown(facts, corrected, standing)), pairs)

    def decide(self, view: View, action: Any, fact: Envelope, who: tuple[str, str | None], **what: Any) -> Correction:
        """Writes the decision to the log; when it returns, the line is on the disk. `who` is annotator and note."""
        with self._lock:
            stamp = Stamp(who[0], self._clock(), who[1])
            made = correct(Reviewed(view.article.text, view.facts), action, fact, stamp, **what)
            line = self.log.append(made)
            self._written()
            return line

    def undo(self, view: View, annotator: str, fact: str = "") -> Correction | None:
        """Takes back the annotator's last line on the article, or on a fact of it; gives what was taken back."""
        with self._lock:
            self._follow()
            last = next(self._undoable(view, annotator, fact), None)
            if last:
                self.log.append(
                    last.model_copy(
                        update={"action": "undo", "undoes": last.digest, "at": self._clock(), "value": None,
                                "other": None, "note": None}
                    )
                )  # fmt: skip
                self._written()
            return last

    def _undoable(self, view: View, annotator: str, fact: str) -> Iterator[Correction]:
        lines = self._decided[view.entry.text_sha256].lines
        for line in reversed(_standing(lines)):
            decision = line.decision
            ids = {decision.fact, decision.value.id if decision.value else ""}
            if decision.annotator == annotator and (not fact or fact in ids):
                yield decision

    def _follow(self) -> None:
        for number, one in self.log.news():
            if isinstance(one, Correction):
                decided = self._decided[one.text_sha256]
                decided.lines.append(Line(number, one))
                decided.is_fresh = False
            else:
                self.broken += 1

    def _progress(self, filter_: Filter) -> Callable[[Entry], Progress]:
        def row(entry: Entry) -> Progress:
            roots: dict[str, bool] = {}
            if entry.text_sha256 in self._decided:
                decided = self._decided[entry.text_sha256]
                decided.refresh()
                roots = decided.roots
            matching = (
                entry.traits
                if not filter_.is_on
                else [
                    trait
                    for trait in entry.traits
                    if filter_.takes(trait, is_decided=trait.id in roots, is_disputed=roots.get(trait.id, False))
                ]
            )
            open_ = [trait.confidence for trait in matching if trait.id not in roots]
            missed = sum(root not in entry.ids for root in roots)
            return Progress(
                entry,
                len(entry.traits) + missed,
                len(roots),
                len(matching),
                sum(open_) / len(open_) if open_ else 1.0,
                any(roots.values()),
            )

        return row

    @staticmethod
    def _belongs(row: Progress, filter_: Filter) -> bool:
        searched = filter_.search.casefold()
        found = searched in f"{row.entry.title} {row.entry.id}".casefold()
        return found and (row.matching > 0 or not filter_.is_on)


def _standing(lines: Iterable[Line]) -> list[Line]:
    return without_undone(lines)[0]


def _shown(facts: list[Envelope], corrected: list[Envelope], standing: list[Line]) -> Iterator[Shown]:
    groups = by_fact(line for line in standing if line.decision.action not in OF_PAIRS)
    by_id: dict[str, list[Line]] = {}
    for root, group in groups.items():
        by_id |= dict.fromkeys({root, *(line.decision.value.id for line in group if line.decision.value)}, group)
    rows = [_shown_fact(fact, by_id.get(fact.id, [])) for fact in corrected]
    extracted = {fact.id: fact for fact in facts}
    for group in groups.values():
        last = group[-1].decision
        if last.action == "reject":
            fact = _rejected(group, extracted)
            rows += [_shown_fact(fact, group)] if fact else []
    yield from sorted(rows, key=lambda one: (one.fact.span.start, -one.fact.span.end, one.fact.id))


def _rejected(group: list[Line], extracted: dict[str, Envelope]) -> Envelope | None:
    last = group[-1].decision.fact
    values = [line.decision.value for line in group if line.decision.value and line.decision.value.id == last]
    return values[-1] if values else extracted.get(last)


def _shown_fact(fact: Envelope, group: list[Line]) -> Shown:
    if not group:
        return Shown(fact)
    last = latest(group)
    return Shown(
        fact, STATE[group[-1].decision.action], tuple(last), disagree(last.values()), group[-1].decision.note or ""
    )
