"""The options of `extract run`, each with its help."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Option


def _is_date(text: str | None) -> str | None:
    try:
        if text:
            datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 date such as 2022-12-14") from None
    return text


_INPUTS = "Files (.txt .html .jsonl .csv, also with .gz or .zst), folders, globs, or - for standard input."
_ERRORS = "File for the articles that failed (default: beside the facts, *.errors.jsonl)."
_WORKERS = "Processes; 0 works in this one, without a time limit (default: the cores)."
_MEMORY = "Most memory for a worker; 0 sets no limit (default: 80% of the machine's, shared out, at most 4000)."
_ENGINE = "Processes on this machine, or actors on a Ray cluster that write folders of parts."
_DEDUPE = "Look for repeats of an earlier article: mark them in --articles, or skip those that say nothing new."
_INCREMENTAL = "Keep a state beside the facts; extract only what is new or changed since the last run."

Inputs = Annotated[list[str], typer.Argument(metavar="INPUT...", help=_INPUTS)]
Output = Annotated[Path | None, Option("-o", "--output", help="File for the facts (default: standard output).")]
Articles = Annotated[Path | None, Option(help="File for the articles as read: the texts that offsets point into.")]
Issues = Annotated[Path | None, Option(help="File for what was seen and declined, with the reasons.")]
Errors = Annotated[Path | None, Option(help=_ERRORS)]
Published = Annotated[str | None, Option(callback=_is_date, metavar="DATE", help="Date of articles that carry none.")]
TextKey = Annotated[str | None, Option(help="Key or column of the text (default: text, body or content).")]
IdKey = Annotated[str | None, Option(help="Key or column of the id (default: id).")]
DateKey = Annotated[str | None, Option(help="Key or column of the date (default: published or date).")]
UrlKey = Annotated[str | None, Option(help="Key or column of the URL (default: url or link).")]
Model = Annotated[str | None, Option(help="A spaCy pipeline, package or folder, instead of the one that ships.")]
Workers = Annotated[int | None, Option(min=0, help=_WORKERS)]
Timeout = Annotated[float, Option(min=0.001, metavar="SECONDS", help="Longest time for one article.")]
Memory = Annotated[int | None, Option(min=0, metavar="MB", help=_MEMORY)]
Engine = Annotated[Literal["processes", "ray"], Option(help=_ENGINE)]
Address = Annotated[str | None, Option(help="Ray: the cluster, such as auto or host:6379 (default: a new one).")]
Format = Annotated[Literal["jsonl", "parquet"], Option("--format", help="Ray: the format of the parts.")]
Force = Annotated[bool, Option("--force", help="Replace files that exist.")]
Incremental = Annotated[bool, Option("--incremental", help=_INCREMENTAL)]
Dedupe = Annotated[Literal["mark", "skip"] | None, Option(help=_DEDUPE)]
Db = Annotated[str | None, Option(metavar="URL", help="Load the facts into a database, such as sqlite:///facts.db.")]
WithSummary = Annotated[bool, Option("--summary", help="Show at the end what was found, with examples.")]
Verbose = Annotated[bool, Option("-v", "--verbose", help="Say of each article what came of it, and how fast.")]
Quiet = Annotated[bool, Option("-q", "--quiet", help="Say nothing but errors.")]
