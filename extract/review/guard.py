"""Who may ask: a token or a password makes a session; every change needs its session's token; nothing is framed."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that was let in."""

    annotator: str
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))


@dataclass
class Gate:
    """The secret that lets in: the token in the printed address or, on other hosts than loopback, a password."""

    annotator: str
    host: str
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    password: str | None = None
    sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """The cookie's name; ports of one host share their cookies."""
        return f"extract-review-{self.port}"

    @property
    def address(self) -> str:
        """What to open."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/" + ("" if self.password else f"?token={self.token}")

    def admits(self, secret: str) -> bool:
        """Whether the token or the password is right."""
        return secrets.compare_digest(secret.encode(), (self.password or self.token).encode())

    def open(self, annotator: str) -> str:
        """A new session; gives the cookie's value."""
        id_ = secrets.token_urlsafe(24)
        self.sessions[id_] = Session(annotator)
        return id_

    def session(self, request: Request) -> Session | None:
        """The request's session, or None."""
        return self.sessions.get(request.cookies.get(self.cookie, ""))

    def knows_host(self, request: Request) -> bool:
        """Whether the request was sent to this server by its own name: another site's name may lead here too."""
        if self.password:
            return True
        host = request.headers.get("host", "").rsplit(":", 1)[0].strip("[]")
        return host in {self.host, "localhost"} or is_loopback(host)

    def is_own(self, request: Request) -> bool:
        """Whether a change was sent by a page of this server."""
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "same-origin")
        return site == "same-origin" and (origin is None or origin == f"http://{request.headers.get('host', '')}")

    def has_csrf(self, request: Request, session: Session) -> bool:
        """Whether a change carries its session's token."""
        return secrets.compare_digest(request.headers.get("x-csrf-token", "").encode(), session.csrf.encode())

    def let_in(self, response: Response, annotator: str) -> Response:
        """The response with a new session's cookie."""
        response.set_cookie(self.cookie, self.open(annotator), httponly=True, samesite="strict", path="/")
        return response


def is_loopback(host: str) -> bool:
    """Whether the host is this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Headers:
    """Puts the security headers on every response."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = [(key.encode(), value.encode()) for key, value in HEADERS.items()]
                names = {name for name, _ in own}
                message["headers"] = [pair for pair in message.get("headers", []) if pair[0] not in names] + own
            await send(message)

        await self._app(scope, receive, send_guarded)
