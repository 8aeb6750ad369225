"""The command line: one module per command, imported when the command is called.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 usage, 3 finished with
failed articles, 4 invalid input, 130 interrupted.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from extract._version import __version__
from extract.errors import ExtractError, InputError

FAILED, USAGE, FINISHED_WITH_FAILURES, INVALID_INPUT, INTERRUPTED = 1, 2, 3, 4, 130
COMMANDS = ("run", "explain", "verify", "schema", "evaluate", "load", "db", "series", "ask", "search", "names",
            "bench", "corrections", "review", "export", "import", "gold", "calibrate", "train")  # fmt: skip
_MODULES = {"import": "importing", "score": "evaluate"}  # a module can't be called import; score is the older name


class Commands(TyperGroup):
    """The commands by name; each is imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help page."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        del ctx
        if cmd_name not in {*COMMANDS, *_MODULES}:
            return None
        command = typer.main.get_command(import_module(f"extract.cli.{_MODULES.get(cmd_name, cmd_name)}").app)
        command.name = cmd_name
        return command


def new_app(**options: Any) -> typer.Typer:
    """An application for one command, or a group of them."""
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, **options)


app = new_app(cls=Commands, no_args_is_help=True)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"{__version__}\n")
        raise typer.Exit


@app.callback()
def extract(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True)] = False,
) -> None:
    """News articles in, facts that can be checked out."""
    del version


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command that the arguments name, and exits."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is told to end keeps its work, as on Ctrl-C
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it complains of has its line in the error file
    try:
        app(arguments, prog_name="extract")
    except ExtractError as error:
        _complain(error)
        sys.exit(INVALID_INPUT if isinstance(error, InputError) else FAILED)


def _complain(error: ExtractError) -> None:
    where = f"{error.where}: " if error.where else ""
    lines = [f"extract: {where}{error.what}"]
    lines += [f"  expected: {error.expected}"] if error.expected else []
    lines += [f"  {error.advice}"] if error.advice else []
    sys.stderr.write("\n".join(lines) + "\n")
