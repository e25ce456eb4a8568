"""Reads a request by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), queries only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from kg.sparql.question import Limits
from kg.sparql.refusals import too_long
from search_api.http.sparql import refusals

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MAX_PARAMETERS = 2_000
MAX_GRAPHS = 1_000
LONG = 50_000  # bytes of a form that others would have to wait for, if it were read on the event loop
_ONCE = ("query", "format", "timeout", "edition")


@dataclass(frozen=True)
class Asked:
    """What a request says; ``query`` is None where it has none, which asks for the service's description."""

    query: str | None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    format: str | None = None
    seconds: float | None = None
    edition: int | None = None


async def read_request(request: Request, limits: Limits) -> Asked:
    """The request as the protocol reads it.

    Raises MeguriError: ``protocol_violated``, ``media_type_unsupported``, ``query_too_large``, ``update_refused``,
    ``query_not_utf8``.
    """
    pairs = _pairs(request.scope["query_string"])
    if request.method == "POST":
        pairs += await _posted(request, limits)
    return _asked(pairs)


async def _posted(request: Request, limits: Limits) -> list[tuple[str, str]]:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = media_type.strip().lower()
    if kind == UPDATE:
        raise refusals.update()
    if kind not in (FORM, QUERY):
        raise refusals.media_type(media_type)
    charset = parameters.strip().lower().removeprefix("charset=").strip('" ')
    if charset not in ("", "utf-8", "utf8"):
        raise refusals.not_utf8()
    # each byte of a form may be written as three, and it has other fields
    size = limits.query_kb * 1_000 * (3 if kind == FORM else 1) + (100_000 if kind == FORM else 0)
    body = await _body(request, size, limits)
    if kind == QUERY:
        return [("query", _text(body))]
    return _pairs(body) if len(body) < LONG else await run_in_threadpool(_pairs, body)


async def _body(request: Request, most: int, limits: Limits) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > most:
        raise too_long(limits)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_long(limits)
        parts.append(part)
    return b"".join(parts)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusals.not_utf8() from None


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
        )
    except UnicodeDecodeError:
        raise refusals.not_utf8() from None
    except ValueError:
        raise refusals.violated("too many parameters", "パラメータが多すぎます") from None


def _asked(pairs: Sequence[tuple[str, str]]) -> Asked:
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise refusals.update()
    for name in _ONCE:
        if len(given.get(name, ())) > 1:
            raise refusals.violated(f"more than one {name}", f"{name} が複数あります")
    one = {name: given[name][0] for name in _ONCE if name in given}
    return Asked(
        one.get("query"),
        _graphs(given, "default-graph-uri"),
        _graphs(given, "named-graph-uri"),
        one.get("format") or None,
        _seconds(one.get("timeout")),
        _edition(one.get("edition")),
    )


def _graphs(given: dict[str, list[str]], name: str) -> tuple[str, ...] | None:
    if name not in given:
        return None
    iris = tuple(iri for iri in given[name] if iri)
    if len(iris) > MAX_GRAPHS or any("\n" in iri for iri in iris):
        raise refusals.violated(f"bad {name}", f"{name} が正しくありません")
    return iris


def _seconds(value: str | None) -> float | None:
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e9:
        raise refusals.violated("timeout is no positive number of seconds", "timeout は正の秒数で指定してください")
    return seconds


def _edition(value: str | None) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 9):
        raise refusals.violated("edition is no number", "edition は番号で指定してください")
    return int(value)
