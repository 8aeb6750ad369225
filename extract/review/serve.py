"""Runs the page until it is stopped."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import uvicorn

from extract.errors import OutputError
from extract.review.app import make_app
from extract.review.desk import Desk
from extract.review.guard import Gate


def clock() -> datetime:
    """The time of a decision."""
    return datetime.now(UTC)  # noqa: TID251 - when a person decided is no fact of an article


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        OutputError: the port is taken, or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # who opens the printed address at once waits, and is not refused
    except OSError as error:
        listener.close()
        raise OutputError(f"can't listen: {error.strerror or error}", where=f"{host}:{port}",
                          expected="a free port of this machine", advice="Choose another --port"
                          ) from error  # fmt: skip
    return listener


def serve(desk: Desk, gate: Gate, listener: socket.socket) -> None:
    """Answers requests until Ctrl-C."""
    config = uvicorn.Config(
        make_app(desk, gate), log_level="warning", access_log=False, server_header=False, lifespan="off"
    )
    uvicorn.Server(config).run(sockets=[listener])
