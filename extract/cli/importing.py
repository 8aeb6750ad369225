"""`extract import`: what people did in an annotation tool, as lines of the log."""

from __future__ import annotations

import getpass
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from extract.annotation import TOOLS, Problem, Returned, Task, decisions, tasks
from extract.cli import FINISHED_WITH_FAILURES, new_app
from extract.cli.export import Name
from extract.correction import Correction, Log, Stamp, read_log

app = new_app()

_DONE = {"accept": "accepted", "edit": "edited", "reject": "rejected", "add": "added"}


@app.command(name="import")
def import_(
    path: Annotated[Path, Argument(metavar="EXPORT", help="What the tool exported; for brat, the folder.")],
    from_: Annotated[Name, Option("--from", help="The tool.")],
    facts: Annotated[Path, Option(help="The facts that were exported to it.")],
    articles: Annotated[Path, Option(help="Their articles.")],
    log: Annotated[Path | None, Option(help="The log (default: corrections.jsonl beside the facts).")] = None,
    annotator: Annotated[str | None, Option(metavar="NAME", help="Who worked there, unless the tool says.")] = None,
) -> None:
    """Add to the log what people accepted, edited, rejected and added in a tool; the same file twice adds nothing."""
    target = log or facts.with_name("corrections.jsonl")
    known = _known(target)
    counts: Counter[str] = Counter()
    by_text = {task.article.text_sha256: task for task in tasks(facts, articles)}
    problems = 0
    for one in _decided(by_text, TOOLS[from_].read(path), annotator or getpass.getuser(), named=annotator is not None):
        if isinstance(one, Problem):
            problems += 1
            sys.stderr.write(f"{one.where}: {one.what}\n")
        elif _key(one) in known:
            counts["known already"] += 1
        else:
            Log(target).append(one)
            counts[_DONE[one.action]] += 1
    said = ", ".join(f"{number:,} {name}" for name, number in counts.items()) or "nothing"
    sys.stderr.write(f"{said}: {target}\n")
    if problems:
        raise typer.Exit(FINISHED_WITH_FAILURES)


def _decided(
    by_text: dict[str, Task], returned: Iterator[Returned], annotator: str, *, named: bool
) -> Iterator[Correction | Problem]:
    now = datetime.now(UTC)  # noqa: TID251 - when a person decided is no fact of an article
    for one in returned:
        task = by_text.get(one.text_sha256)
        if task is None:
            yield Problem(one.article or one.text_sha256[:12], "no article of that text among the articles")
            continue
        who = annotator if named or not one.annotator else one.annotator
        yield from decisions(task, one, Stamp(who, one.at or now))


def _known(log: Path) -> set[str]:
    if not log.exists():
        return set()
    return {_key(line) for _, line in read_log(log) if isinstance(line, Correction)}


def _key(line: Correction) -> str:
    """What makes two decisions the same: all but their time."""
    return line.model_copy(update={"at": datetime(1970, 1, 1, tzinfo=UTC)}).digest
