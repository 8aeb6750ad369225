"""`extract review`: a page on this machine to read what was extracted and put it right."""

from __future__ import annotations

import atexit
import getpass
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from extract.cli import new_app, screen
from extract.errors import OutputError

if TYPE_CHECKING:
    from extract.review.desk import Desk

app = new_app()

_DB = "A database to read facts and articles from, instead of files; decisions go to the log and to it."

_PASSWORD = "What everyone who opens the page must enter; needed where others can reach it."  # noqa: S105 - a help text


@app.command()
def review(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    facts: Annotated[Path | None, Argument(metavar="[FACTS]", help="A file of facts.")] = None,
    articles: Annotated[Path | None, Option(help="The articles as `extract run --articles` wrote them.")] = None,
    db: Annotated[str | None, Option(metavar="URL", help=_DB)] = None,
    log: Annotated[Path | None, Option(help="The log (default: corrections.jsonl beside the facts).")] = None,
    annotator: Annotated[str | None, Option(metavar="NAME", help="Who decides (default: the login name).")] = None,
    host: Annotated[str, Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8642,
    password: Annotated[str | None, Option(envvar="EXTRACT_REVIEW_PASSWORD", help=_PASSWORD)] = None,
    open_: Annotated[bool, Option("--open/--no-open", help="Open the page in a browser.")] = False,
) -> None:
    """Open a page to accept, reject, change and add facts; every decision is one line of the log."""
    desk = _desk(facts, articles, log, db)
    from extract.review.guard import Gate, is_loopback
    from extract.review.serve import listen, serve

    if not is_loopback(host) and not password:
        raise typer.BadParameter("--host other than this machine needs --password: anyone there could open the page")
    listener = listen(host, port)
    gate = Gate(annotator or getpass.getuser(), host, listener.getsockname()[1], password=password)
    console = screen.err()
    if desk.library.left_out:
        console.print(f"{desk.library.left_out:,} facts left out: their article is missing or has another text")
    sys.stdout.write(f"{gate.address}\n")
    sys.stdout.flush()
    console.print(f"decisions go to {desk.log.path}; Ctrl-C ends", markup=False)
    if open_:
        typer.launch(gate.address)
    serve(desk, gate, listener)


def _desk(facts: Path | None, articles: Path | None, log: Path | None, db: str | None) -> Desk:
    if db is None and (facts is None or articles is None):
        raise typer.BadParameter("name a file of facts and its --articles, or a database with --db")
    if db is not None and (facts or articles):
        raise typer.BadParameter("--db takes the place of FACTS and --articles")
    try:
        from extract.correction import Log
        from extract.review.desk import Desk
        from extract.review.library import Library
        from extract.review.serve import clock
    except ModuleNotFoundError as error:
        raise OutputError(f"the page needs the package {error.name}",
                          advice='pip install "news-extract[review]"') from error  # fmt: skip
    if facts and articles:
        return Desk(Library(facts, articles), Log(log or facts.with_name("corrections.jsonl")), clock)
    from extract.review.database import Mirror, write_files

    folder = Path(tempfile.mkdtemp(prefix="extract-review-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    kept = log or Path("corrections.jsonl")
    mirror = Mirror(kept, db or "")
    library = Library(*write_files(db or "", folder))
    mirror.follow()
    return Desk(library, Log(kept), clock, mirror.follow)
