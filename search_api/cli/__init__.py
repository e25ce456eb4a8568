"""The command line ``meguri``: results on stdout, everything else on stderr.

Commands import what they need when they run, so that ``meguri --help`` answers at once.
Exit codes: 0 done, 1 some input rejected, 2 usage, 3 fault.
"""

from __future__ import annotations

import gc
import os
import sys

import typer

from search_api.cli import (
    data,
    editions,
    extraction,
    insight,
    matching,
    programmes,
    quality,
    query,
    reading,
    registrations,
    review,
    serving,
)
from search_api.cli.output import EXIT_FAULT, EXIT_REJECTED, fail

app = typer.Typer(
    name="meguri",
    help="Match technologies to the issues of Japan's regions. 技術と地域課題を結ぶ。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    data,
    registrations,
    extraction,
    query,
    quality,
    programmes,
    editions,
    matching,
    insight,
    reading,
    review,
    serving,
):
    module.register(app)


def main() -> None:
    """Run the command line; expected failures become one message in both languages, never a traceback."""
    from kg.errors import MeguriError

    # a start makes hundreds of thousands of objects that all stay; looking for garbage among them takes a tenth of it
    gc.set_threshold(100_000, 20, 20)
    try:
        app()
    except MeguriError as error:
        fail(error, EXIT_REJECTED)
    except BrokenPipeError:
        # the reader of our output went away, which is its right (`meguri search … | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.environ.get("MEGURI_DEBUG"):
            raise
        fail(_fault(error), EXIT_FAULT)


def _fault(error: Exception) -> MeguriError:  # type: ignore[name-defined]  # noqa: F821
    from kg.errors import MeguriError

    return MeguriError(
        code="fault",
        en=f"Something went wrong inside Meguri: {type(error).__name__}: {error}",
        ja=f"内部エラーが発生しました: {type(error).__name__}: {error}",
        remedy_en="Run again with MEGURI_DEBUG=1 and report what it prints.",
        remedy_ja="MEGURI_DEBUG=1 を付けて再実行し、表示内容を報告してください。",
    )
