"""A process that extracts: loads the model once, then answers each article with its result."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

import extract
from extract.article import Article
from extract.batch.result import extract_article
from extract.errors import ExtractError, ModelError

ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"),
    "TOKENIZERS_PARALLELISM": "false",
}


def serve(connection: Connection, model: str | None) -> None:
    """Answers "ready" or the error that stops the model from loading, then articles until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent decides
    sys.stdout = sys.stderr  # the parent's data goes there
    with suppress(BrokenPipeError):  # the parent was killed: nobody waits for an answer
        _answer(connection, model)


def _answer(connection: Connection, model: str | None) -> None:
    try:
        extractor = extract.load(model)
    except (ExtractError, ImportError, OSError, ValueError) as error:
        is_ours = isinstance(error, ExtractError)
        connection.send(error if is_ours else ModelError(f"the model can't be loaded: {error}", where=model or "news"))
        return
    from extract.pipeline import settle  # spaCy: the parent imports this module, and needs none

    connection.send("ready")
    answered = 0
    while (job := _receive(connection)) is not None:
        key, article = job
        connection.send(extract_article(extractor, article, key))
        answered += 1
        if answered == 1:
            settle()


def _receive(connection: Connection) -> tuple[str, Article] | None:
    try:
        job: tuple[str, Article] | None = connection.recv()
        return job
    except EOFError:
        return None


def set_one_thread() -> None:
    """Tells the numeric libraries of the processes to come that one thread is enough: the cores are the workers'."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
