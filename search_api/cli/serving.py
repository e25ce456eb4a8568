"""Commands that serve: serve."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from search_api.cli.output import DataOption, note, progress_bar, settings_for


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(serve)


def serve(
    data: DataOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one. [default: 8000]")] = None,
) -> None:
    """Serve the pages and the API. ウェブページと API を提供する。

    Example: meguri serve --port 8000
    """
    from search_api.http.server import run
    from search_api.service import writing

    settings = settings_for(data, host=host, port=port)
    with ExitStack() as opened:
        # the bar goes before the serving begins: it would be drawn ten times a second for as long as that takes
        with progress_bar("index") as bar:
            service = opened.enter_context(writing(settings, bar))
        if service.healed:
            note(f"healed the index / 索引を修復: {len(service.healed.stale)} + {len(service.healed.gone)}")
        service.folder.snapshots.publish(service.store)
        run(settings, service)
