"""Articles in, facts out: the only `spacy.load`, and the rooms as spaCy components."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from pydantic import ValidationError
from spacy.language import Language
from spacy.tokens import Doc

from extract._version import __version__
from extract.article import Article
from extract.calibration import Calibration, read_calibration, write_calibration
from extract.errors import FactError, ModelError
from extract.fact import FACT_CLASSES, FACT_TYPES, ArticleReference, By, Envelope, Extent, check_spans, to_json
from extract.link import link
from extract.model import FACTORY
from extract.names import GAZETTEER
from extract.room import Declined, Draft, clear_scratch, text_of
from extract.rooms import ROOMS
from extract.syntax import Sentences

log = logging.getLogger(__name__)

MODEL_NAME = "news"
WRITER = "extract_facts"
_HERE = Path(__file__).resolve().parent
_TYPE_ORDER = {name: i for i, name in enumerate(FACT_TYPES)}
_KEPT = "extract.kept"  # where a doc holds the facts as objects, for those who would only parse the lines again


@dataclass(frozen=True)
class Extraction:
    """What came of one article: its facts, also as lines of JSON, and what was declined, in the order of the text."""

    article: Article
    facts: tuple[Envelope, ...]
    lines: tuple[str, ...]
    declined: tuple[Declined, ...]


class Extractor:
    """A loaded pipeline: `extract(article)` for one, `pipe(articles)` for many."""

    def __init__(self, nlp: Language, *, gazetteer: bool = True) -> None:
        self.nlp = nlp
        self.gazetteer = gazetteer

    def extract(self, article: Article) -> list[Envelope]:
        """The article's facts, validated, in the order of the text.

        Raises:
            FactError: a rule made a fact that breaks the contract.
        """
        return list(self.read(article).facts)

    def pipe(self, articles: Iterable[Article], *, batch_size: int = 32) -> Iterator[list[Envelope]]:
        """Yields each article's facts, in order, a list per article."""
        for doc in self.nlp.pipe(map(self._doc, articles), batch_size=batch_size):
            yield doc.user_data.pop(_KEPT)

    def read(self, article: Article) -> Extraction:
        """The article's facts and declined candidates."""
        doc = self.nlp(self._doc(article))
        declined = tuple(Declined(*d) for d in doc.user_data["extract.issues"])
        return Extraction(article, tuple(doc.user_data.pop(_KEPT)), tuple(doc.user_data["extract.facts"]), declined)

    def _doc(self, article: Article) -> Doc:
        doc = self.nlp.make_doc(article.text)
        doc._.article = article
        doc.user_data[_KEPT] = []
        if not self.gazetteer:
            doc.user_data[GAZETTEER] = False
        return doc


def model_path(name: str = MODEL_NAME) -> Path:
    """The folder of a pipeline that ships with the package."""
    for folder in (_HERE / "_models" / name, _HERE.parent / "models" / name):
        if (folder / "config.cfg").is_file():
            return folder
    raise ModelError(f"the model {name!r} is not in the package", where=str(_HERE), advice="Reinstall news-extract")


def load(model: str | Path | None = None, *, gazetteer: bool = True) -> Extractor:
    """Loads a spaCy pipeline and puts the rooms on it, unless it carries them.

    `model` is a folder or an installed package; without one, the model that ships is loaded. `gazetteer=False` leaves
    names to the model alone and links none.

    Raises:
        ModelError: there is no such pipeline, or it splits no sentences.
    """
    nlp = _load_spacy(model)
    _check_parts(nlp, str(model))
    for name in COMPONENTS:
        if name not in nlp.pipe_names:
            nlp.add_pipe(name)
    nlp.max_length = max(nlp.max_length, MAX_CHARACTERS)
    return Extractor(nlp, gazetteer=gazetteer)


def settle() -> None:
    """Spares the garbage collector what is loaded by now - model, rules, names - and lives as long as the process.

    For a process that extracts and does nothing else, once it has read an article: saves a fiftieth of its time.
    """
    gc.collect()
    gc.freeze()


MAX_CHARACTERS = 20_000_000


def _load_spacy(model: str | Path | None) -> Language:
    if model is None:
        return spacy.load(model_path())
    try:
        return spacy.load(model)
    except OSError as error:
        raise ModelError(
            f"no spaCy pipeline {str(model)!r}: {error}",
            expected="a folder with config.cfg or an installed package",
            advice="Install the package or leave --model out",
        ) from error


def _check_parts(nlp: Language, model: str) -> None:
    factories = {nlp.get_pipe_meta(name).factory for name in nlp.pipe_names}
    if not factories & {FACTORY, "parser", "senter", "sentencizer"}:
        raise ModelError(
            f"the pipeline {model!r} has the components {', '.join(nlp.pipe_names) or 'none'}",
            expected="a parser, which splits sentences and shows the rooms who does what",
            advice="Name a pipeline with a parser and an entity recogniser, or leave --model out",
        )
    for part, loss in (
        ("parser", "who does what to whom is guessed from words"),
        ("ner", "only known names are found"),
    ):
        if not factories & {FACTORY, part}:
            log.warning("the pipeline %s has no %s: %s", model, part, loss)


def write_facts(doc: Doc, calibration: Calibration) -> Doc:
    """Turns the drafts into validated facts, kept on the doc as lines of JSON; clears the scratch.

    What the rooms estimate becomes a fact's confidence by the calibration.

    Raises:
        FactError: a draft breaks the contract; names article, rule and offsets.
    """
    article = doc._.article
    reference = ArticleReference(
        id=article.id, text_sha256=doc._.text_sha256, url=article.url, published=article.published
    )
    model = doc.user_data.get("extract.model", "unknown")
    text = text_of(doc)
    drafts = sorted(
        (d for drafts in doc._.drafts.values() for d in drafts),
        key=lambda d: (d.start, -d.end, _TYPE_ORDER[d.type], d.id),
    )
    sentences = Sentences(doc)
    common = _Common(reference, model, calibration)
    facts = [_fact(text, d, sentences.around(d.first), common) for d in drafts]
    doc.user_data["extract.facts"] = [to_json(fact) for fact in facts]
    if _KEPT in doc.user_data:
        doc.user_data[_KEPT] = facts
    doc.user_data["extract.issues"] = [
        (d.type, d.start, d.end, d.rule, d.reason)
        for d in sorted(doc._.declined, key=lambda d: (d.start, d.end, d.type))
    ]
    clear_scratch(doc)
    return doc


class _Common:
    """The parts that the facts of an article share, each validated when first asked for."""

    def __init__(self, article: ArticleReference, model: str, calibration: Calibration) -> None:
        self.article = article
        self._model, self._calibration = model, calibration
        self._sentences: dict[tuple[int, int], Extent] = {}
        self._by: dict[tuple[str, str], By] = {}

    def sentence(self, extent: tuple[int, int]) -> Extent:
        if extent not in self._sentences:
            self._sentences[extent] = Extent(start=extent[0], end=extent[1])
        return self._sentences[extent]

    def by(self, component: str, rule: str) -> By:
        if (component, rule) not in self._by:
            self._by[component, rule] = _by(component, rule, self._model)
        return self._by[component, rule]

    def confidence(self, draft: Draft) -> float:
        return round(self._calibration(draft.type, draft.rule, draft.confidence), 3)


@lru_cache(maxsize=10_000)
def _by(component: str, rule: str, model: str) -> By:
    return By(component=component, rule=rule, version=__version__, model=model)


def _fact(text: str, draft: Draft, sentence: tuple[int, int], common: _Common) -> Envelope:
    try:
        fact = FACT_CLASSES[draft.type].model_validate(
            {
                "schema": "1",
                "id": draft.id,
                "type": draft.type,
                "article": common.article,
                "span": {"start": draft.start, "end": draft.end, "text": text[draft.start : draft.end]},
                "sentence": common.sentence(sentence),
                "attribution": draft.attribution,
                "modality": draft.modality or "actual",
                "confidence": common.confidence(draft),
                "by": common.by(draft.type, draft.rule),
                **draft.fields,
            }
        )
    except ValidationError as error:
        raise FactError(
            f"rule {draft.rule} made a {draft.type} that breaks the schema: {error}",
            where=f"{common.article.id} at {draft.start}..{draft.end}",
            advice="This is a defect of the rule: please report it with the sentence",
        ) from error
    check_spans(fact, text)
    return fact


class Step:
    """A step of the corridor as a spaCy component."""

    def __init__(self, nlp: Language, name: str, walk: Callable[[Doc], Doc]) -> None:
        self.name = name
        self.model = f"{nlp.meta.get('lang', 'en')}_{nlp.meta.get('name', 'unknown')}-{nlp.meta.get('version', '0')}"
        self.walk = walk

    def __call__(self, doc: Doc) -> Doc:
        doc.user_data["extract.model"] = self.model
        return self.walk(doc)


class Writer(Step):
    """The last step: carries the calibration, which stands in the pipeline's folder."""

    def __init__(self, nlp: Language, name: str) -> None:
        super().__init__(nlp, name, self._write)
        self.calibration = Calibration()

    def _write(self, doc: Doc) -> Doc:
        return write_facts(doc, self.calibration)

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Writes the calibration, if there is one."""
        write_calibration(self.calibration, Path(path))

    def from_disk(self, path: str | Path, **_: Any) -> Writer:
        """Reads what `to_disk` wrote."""
        self.calibration = read_calibration(Path(path))
        return self

    def to_bytes(self, **_: Any) -> bytes:
        """The calibration as its file has it."""
        return self.calibration.to_json().encode("utf-8")

    def from_bytes(self, page: bytes, **_: Any) -> Writer:
        """Reads what `to_bytes` gave."""
        self.calibration = Calibration.of_json(page.decode("utf-8"))
        return self


def _factory(walk: Callable[[Doc], Doc]) -> Callable[[Language, str], Step]:
    def make(nlp: Language, name: str) -> Step:
        return Step(nlp, name, walk)

    return make


def _register() -> tuple[str, ...]:
    steps: dict[str, Callable[[Doc], Doc]] = {f"extract_{room.name}": room for room in ROOMS}
    steps["extract_link"] = link
    for name, walk in steps.items():
        Language.factory(name, func=_factory(walk))
    Language.factory(WRITER, func=Writer)
    return (*steps, WRITER)


COMPONENTS = _register()
