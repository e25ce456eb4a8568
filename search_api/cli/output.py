"""How commands speak: results and JSON on stdout, progress and messages on stderr, in both languages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from kg.errors import MeguriError
    from search_api.settings import Settings

EXIT_REJECTED = 1
EXIT_USAGE = 2
EXIT_FAULT = 3

DataOption = Annotated[
    Path | None, typer.Option("--data", help="The data folder. データフォルダ。 [env: MEGURI_DATA; default: ./data]")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON. JSON で出力する。")]


def settings_for(data: Path | None = None, **overrides: Any) -> Settings:
    """The settings of the environment with what the command line overrides."""
    from search_api.settings import Settings

    given = {name: value for name, value in {"data": data, **overrides}.items() if value is not None}
    try:
        return Settings.from_environment(**given)
    except ValueError as error:
        raise _bad_setting(error) from error


def _bad_setting(error: ValueError) -> MeguriError:
    """A variable or option whose value no setting can have."""
    from kg.errors import MeguriError

    detail = " ".join(str(error).split())
    return MeguriError(
        code="setting_invalid",
        en=f"A setting has a value that cannot be: {detail}",
        ja=f"設定値が正しくありません: {detail}",
        remedy_en="Correct the option or the MEGURI_… variable.",
        remedy_ja="オプションか MEGURI_… 変数を直してください。",
    )


# does not fit, is to be checked, fits
CONDITION_SIGNS = {"unmet": "✗", "check": "?", "met": "✓"}


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def note(text: str) -> None:
    """A message for the person at the terminal, on stderr."""
    sys.stderr.write(text + "\n")


def fail(error: MeguriError, code: int) -> NoReturn:
    """Say in both languages what is wrong and what to do, then end."""
    note(f"meguri: {error.message('en')}")
    note(f"meguri: {error.message('ja')}")
    sys.exit(code)


@contextmanager
def progress_bar(what: str) -> Iterator[Any]:
    """A callback ``(done, total)`` that draws a bar on stderr where that is a terminal, else says little."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task(what, total=None, visible=False)

        def advance(done: int, total: int | None = None, description: str | None = None) -> None:
            bar.update(task, completed=done, total=total, description=description or what, visible=True)

        yield advance
