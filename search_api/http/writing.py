"""What every writing route needs: who asks, proven by a token in a header, and a body of limited size."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from kg.errors import MeguriError
from search_api.desk.actors import Actor, actor_of, require_secretariat
from search_api.desk.posted import MAX_BYTES
from search_api.http.context import ContextOf

SECURITY: dict[str, Any] = {"security": [{"token": []}]}


def _actor(request: Request, context: ContextOf) -> Actor:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return actor_of(context.settings, token.strip() if scheme.lower() == "bearer" else None)


def _secretariat(actor: Annotated[Actor, Depends(_actor)]) -> Actor:
    require_secretariat(actor)
    return actor


async def _body(request: Request) -> bytes:
    """The whole body; MeguriError (``body_too_large``) as soon as it grows beyond the limit."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            raise MeguriError(
                code="body_too_large",
                en=f"The body is larger than {MAX_BYTES:,} bytes.",
                ja=f"本文が {MAX_BYTES:,} バイトを超えています。",
                remedy_en="Send the records in several requests, or as a file with `meguri ingest`.",
                remedy_ja="分けて送るか、ファイルにして `meguri ingest` で取り込んでください。",
            )
    return bytes(content)


ActorOf = Annotated[Actor, Depends(_actor)]
SecretariatOf = Annotated[Actor, Depends(_secretariat)]
BodyOf = Annotated[bytes, Depends(_body)]
