"""Runs a query for a request and sends its answer: at once where it is small, else as it comes."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Send

from kg.errors import MeguriError
from kg.sparql.pool import Answer
from kg.sparql.question import Question
from kg.sparql.text_search import with_searches
from search_api.engine.text_search import searched
from search_api.http.context import Context
from search_api.http.language import quality
from search_api.http.sparql.formats import Formats
from search_api.http.sparql.protocol import Asked

PATIENCE = 0.05  # seconds before anybody looks whether the client is still there
STALLED = 60.0  # seconds in which a client must take some of its answer
CLIENT_GONE = 499  # never sent: there is nobody to read it


class ClientGone(Exception):
    """The client has left before its answer began."""


class PartwiseResponse(StreamingResponse):
    """An answer as it comes. Where it fails in the middle the connection breaks, so that no half passes for a whole."""

    async def stream_response(self, send: Send) -> None:
        """Send the parts; leave the response unfinished where a limit ends it, or nobody reads it any more."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(STALLED):
                await send(message)

        try:
            await super().stream_response(send_in_time)
        except (MeguriError, TimeoutError) as error:
            logging.getLogger(__name__).info("an answer was broken off: %s", error or "its client does not read it")


async def answered(context: Context, request: Request, asked: Asked, formats: Formats) -> Response:
    """The response to a query."""
    stack = AsyncExitStack()
    try:
        async with watching(request):
            answer = await stack.enter_async_context(asking(context, request, asked, formats))
            media_type = formats.media_type(answer.form)
    except BaseException as error:
        await stack.aclose()
        if isinstance(error, ClientGone):
            return Response(status_code=CLIENT_GONE)
        raise
    headers = {"Vary": "Accept, Accept-Encoding"}
    if answer.coding == "gzip":
        headers["Content-Encoding"] = "gzip"
    if answer.complete is not None:
        await stack.aclose()
        return Response(answer.complete, headers=headers, media_type=media_type)
    return PartwiseResponse(_parts(answer, stack), headers=headers, media_type=media_type)


@asynccontextmanager
async def asking(
    context: Context, request: Request, asked: Asked, formats: Formats, *, gzip: bool = True
) -> AsyncIterator[Answer]:
    """The answer, begun, on the newest checkpoint or on the edition that was asked for."""
    assert asked.query is not None
    async with AsyncExitStack() as stack:
        snapshot = None
        if asked.edition is not None:
            editions = context.service.folder.editions(context.settings.editions_bytes)
            snapshot = stack.enter_context(editions.lease(asked.edition))
        query = asked.query
        if "matches" in query:  # blocking, so not on the loop; other queries do not pay for a thread
            query = await run_in_threadpool(with_searches, query, partial(searched, context.service.engine))
        question = Question(
            query,
            formats.results or "json",
            formats.graphs or "ttl",
            gzip and _takes_gzip(request),
            asked.default_graphs,
            asked.named_graphs,
            snapshot,
            asked.seconds,
            f"{request.base_url}sparql",
        )
        yield await stack.enter_async_context(context.queries.ask(question, client_of(request)))


@asynccontextmanager
async def watching(request: Request) -> AsyncIterator[None]:
    """Ends the block with ClientGone when the client leaves; short ones are not watched at all."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    watchers: list[asyncio.Task[None]] = []
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone = True
        task.cancel()

    timer = loop.call_later(PATIENCE, lambda: watchers.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError:
        if not gone:
            raise
        task.uncancel()
        raise ClientGone from None
    finally:
        timer.cancel()
        for watcher in watchers:
            watcher.cancel()


def client_of(request: Request) -> str:
    """Who asks, for fair shares: the address, of IPv6 the network that one subscriber has."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


async def _parts(answer: Answer, stack: AsyncExitStack) -> AsyncIterator[bytes]:
    async with stack:
        async for part in answer.parts():
            yield part


def _takes_gzip(request: Request) -> bool:
    codings = request.headers.get("accept-encoding", "").lower().split(",")
    names = {name.strip(): quality(weight) for name, _, weight in (coding.partition(";") for coding in codings)}
    return names.get("gzip", 0.0) > 0
