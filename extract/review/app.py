"""The web application: a list, an article, its forms, and one place that writes decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from extract.correction.revise import RevisionError, proposal
from extract.errors import ExtractError, FactError, OutputError
from extract.fact import FACT_TYPES
from extract.review import pages
from extract.review.controls import FormError, span_at
from extract.review.desk import Desk, View
from extract.review.filters import Filter
from extract.review.guard import Gate, Headers, Session
from extract.review.wish import Clerk, StaleError, Wish

MAX_BODY = 1_000_000
_WRONG_PASSWORD_WAIT = 1.0  # seconds: what a guess costs
_STATIC = {"review.css": "text/css", "review.js": "text/javascript"}
Answer = Callable[[Request, Session], Awaitable[Response]]


def make_app(desk: Desk, gate: Gate) -> Starlette:
    """The application."""
    site = _Site(desk, gate)
    return Starlette(
        routes=[
            Route("/", site.enter, methods=["GET"]),
            Route("/login", site.log_in, methods=["GET", "POST"]),
            Route("/articles/{number:int}", site.guarded(site.article), methods=["GET"]),
            Route("/articles/{number:int}/work", site.guarded(site.work), methods=["GET"]),
            Route("/articles/{number:int}/form", site.guarded(site.form), methods=["GET"]),
            Route("/articles/{number:int}/decisions", site.guarded(site.decide), methods=["POST"]),
            Route("/favicon.ico", _no_icon, methods=["GET"]),
            Route("/static/{name}", _static, methods=["GET"]),
        ],
        middleware=[Middleware(Headers)],
        exception_handlers={404: _not_found},
    )


class _Site:
    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk, self._gate = desk, gate

    def guarded(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """The answer for those who were let in; changes also need their session's token and this page's origin."""

        async def guarded(request: Request) -> Response:
            session = self._gate.session(request)
            if not self._gate.knows_host(request) or session is None:
                return self._turned_away(request)
            if request.method != "GET" and not (self._gate.is_own(request) and self._gate.has_csrf(request, session)):
                return JSONResponse({"error": "This request was not sent by this page. Reload it."}, 403)
            try:
                return await answer(request, session)
            except (RevisionError, FactError) as error:
                return JSONResponse({"error": _say(error)}, 422)
            except StaleError as error:
                return JSONResponse({"error": _say(error), "stale": True}, 409)
            except OutputError as error:
                return JSONResponse({"error": f"NOT SAVED. {_say(error)}"}, 507)

        return guarded

    def _turned_away(self, request: Request) -> Response:
        if self._gate.password and self._gate.knows_host(request):
            return RedirectResponse("/login", 303)
        return _message(403, "Not let in", "Open the address that `extract review` printed: it holds the token.")

    async def enter(self, request: Request) -> Response:
        """The list; the token in the address makes a session and goes from the address."""
        token = request.query_params.get("token")
        if token is not None and self._gate.password is None and self._gate.knows_host(request):
            if not self._gate.admits(token):
                return _message(403, "Wrong token", "Open the address that `extract review` printed last.")
            return self._gate.let_in(RedirectResponse("/", 303), self._gate.annotator)
        return await self.guarded(self.articles)(request)

    async def log_in(self, request: Request) -> Response:
        """The form for name and password, where the server listens to other machines."""
        if self._gate.password is None:
            return RedirectResponse("/", 303)
        if request.method == "GET":
            return HTMLResponse(pages.render("login.html", error=""))
        words = parse_qs((await _body(request)).decode("utf-8", "replace"))
        name, password = " ".join(words.get("name", [""])[0].split())[:80], words.get("password", [""])[0]
        if not (name and self._gate.is_own(request) and self._gate.admits(password)):
            await asyncio.sleep(_WRONG_PASSWORD_WAIT)
            return HTMLResponse(pages.render("login.html", error="Name and password, please."), 403)
        return self._gate.let_in(RedirectResponse("/", 303), name)

    async def articles(self, request: Request, session: Session) -> Response:
        """The list of articles."""
        filter_ = Filter.of(request.query_params)
        page = request.query_params.get("page", "1")
        rows = await run_in_threadpool(self._desk.list, filter_)
        library = self._desk.library
        return HTMLResponse(
            pages.list_page(rows, filter_, int(page) if page.isdecimal() and len(page) < 7 else 1, session,
                            rules=library.rules, categories=library.categories, left_out=library.left_out,
                            broken=self._desk.broken)
        )  # fmt: skip

    async def article(self, request: Request, session: Session) -> Response:
        """An article with its facts."""
        filter_ = Filter.of(request.query_params)
        view = await self._view(request)
        if view is None:
            return _message(404, "No such article", "Go back to the list.")
        library = self._desk.library
        return HTMLResponse(
            await run_in_threadpool(pages.article_page, view, filter_, session, rules=library.rules,
                                    categories=library.categories, next=_next(view, len(library.entries)))
        )  # fmt: skip

    async def work(self, request: Request, session: Session) -> Response:
        """The part of the page that decisions change."""
        del session
        return await self._changed(request, "", "")

    async def form(self, request: Request, session: Session) -> Response:
        """The form of a fact, or of a new one on a span."""
        view = await self._view(request)
        type_, id_ = request.query_params.get("type", ""), request.query_params.get("fact", "")
        if view is None or (type_ and type_ not in FACT_TYPES):
            raise FormError("no such form", advice="Reload the page")
        if id_:
            fact = Clerk(self._desk, view, session.annotator).find(id_)
            fields = fact.model_dump(mode="json")
            type_ = type_ or fact.type
            fields = fields if type_ == fact.type else proposal(type_, fields["span"]) | {"modality": fact.modality}
        else:
            fields = proposal(type_, span_at(request.query_params.get("span", ""), view.article.text))
        return JSONResponse({"html": pages.form(view, type_, fields, id_)})

    async def decide(self, request: Request, session: Session) -> Response:
        """Writes a decision; the answer says so only once the line is on the disk."""
        wish = Wish.of(await _body(request))
        view = await self._view(request)
        if view is None:
            raise FormError("no such article", advice="Go back to the list")
        clerk = Clerk(self._desk, view, session.annotator)
        said, focus = await run_in_threadpool(clerk.carry_out, wish)
        return await self._changed(request, said, focus)

    async def _changed(self, request: Request, said: str, focus: str) -> Response:
        view = await self._view(request)
        if view is None:
            raise FormError("no such article", advice="Go back to the list")
        html = await run_in_threadpool(pages.work_area, view, Filter.of(request.query_params))
        return JSONResponse({"html": html, "said": said, "focus": focus})

    async def _view(self, request: Request) -> View | None:
        number = request.path_params["number"]
        if number >= len(self._desk.library.entries):
            return None
        return await run_in_threadpool(self._desk.view, number)


def _next(view: View, articles: int) -> int | None:
    return view.entry.number + 1 if view.entry.number + 1 < articles else None


def _say(error: ExtractError) -> str:
    expected = f" Expected: {error.expected}." if error.expected else ""
    advice = f" {error.advice}." if error.advice else ""
    return f"{error.what[:1].upper()}{error.what[1:]}.{expected}{advice}"


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise FormError(f"more than {MAX_BODY:,} bytes")
    return body


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return _message(404, "No such file", "")
    content: Any = (files("extract.review") / "static" / name).read_bytes()
    return Response(content, media_type=f"{_STATIC[name]}; charset=utf-8")


async def _no_icon(request: Request) -> Response:
    del request
    return Response(status_code=204)


async def _not_found(request: Request, error: Exception) -> Response:
    del request, error
    return _message(404, "No such page", "Go back to the list.")


def _message(status: int, title: str, text: str) -> Response:
    return HTMLResponse(pages.render("message.html", title=title, text=text), status)
