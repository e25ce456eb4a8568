"""Runs the application under uvicorn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_api.settings import Settings

if TYPE_CHECKING:
    import uvicorn

    from search_api.service import Service

# a query of 100,000 Japanese characters is 900 kB of percent-encoding: it must reach the code that
# refuses it with a reason, instead of being cut off by the server without one
MAX_REQUEST_HEAD = 2_000_000


def server_config(settings: Settings, service: Service) -> uvicorn.Config:
    """The configuration of the server for an open service."""
    import uvicorn  # noqa: PLC0415  (imported when something is served)

    from search_api.http.app import create_app  # noqa: PLC0415

    return uvicorn.Config(
        create_app(settings, service),
        host=settings.host,
        port=settings.port,
        http="h11",
        h11_max_incomplete_event_size=MAX_REQUEST_HEAD,
        server_header=False,
        log_level="info",
        access_log=False,
        timeout_graceful_shutdown=5,
    )


def run(settings: Settings, service: Service) -> None:
    """Serve until interrupted."""
    import uvicorn  # noqa: PLC0415

    uvicorn.Server(server_config(settings, service)).run()
