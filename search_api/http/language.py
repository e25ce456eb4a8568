"""The language that a reader wants: the ``lang`` parameter, else the browser's, else Japanese."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request

from search_api.engine.query import filter_unknown

Lang = Literal["ja", "en"]
DEFAULT: Lang = "ja"


def asked_language(request: Request) -> Lang | None:
    """What the ``lang`` parameter says; MeguriError (``filter_unknown``) where it names no language of ours."""
    value = request.query_params.get("lang")
    if not value:
        return None
    known = _known(value)
    if known is None:
        raise filter_unknown("lang", value[:40], "ja, en")
    return known


def preferred_language(request: Request) -> Lang | None:
    """The parameter, else Accept-Language; None where neither says anything."""
    return asked_language(request) or accepted_language(request.headers.get("accept-language", ""))


def response_language(request: Request) -> Lang:
    """The language of a response that must have one."""
    return preferred_language(request) or DEFAULT


def language_of_refusal(request: Request) -> Lang:
    """The language of an error, which must not fail over a wrong ``lang``."""
    asked = _known(request.query_params.get("lang", ""))
    return asked or accepted_language(request.headers.get("accept-language", "")) or DEFAULT


def accepted_language(header: str) -> Lang | None:
    """The better liked of our languages in an Accept-Language header (RFC 9110, 12.5.4)."""
    best: tuple[float, Lang] | None = None
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        known, weight = _known(tag.strip().lower().partition("-")[0]), quality(parameter)
        if known and weight > 0 and (best is None or weight > best[0]):
            best = (weight, known)
    return best[1] if best else None


def quality(parameter: str) -> float:
    """The weight of ``q=0.5``; 1 where none is given, 0 where it cannot be read."""
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _known(value: str) -> Lang | None:
    if value == "ja":
        return "ja"
    return "en" if value == "en" else None
