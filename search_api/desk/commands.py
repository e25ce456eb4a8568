"""The commands of the desk: plain data in, plain data out, the same in a server and in a process of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.edition_erasure import erase
from kg.errors import MeguriError
from search_api.desk import matches
from search_api.desk.channel import Carry, Said, reaching
from search_api.desk.desk import Desk, open_desk
from search_api.desk.review import decide
from search_api.desk.statements import review_statement
from search_api.settings import Settings
from search_api.withdrawal import withdraw_records

if TYPE_CHECKING:
    from ingest.report import FileReport

Arguments = dict[str, Any]
# how long a command waits for a server that has the store already and does not listen yet (seconds)
STARTING = 20.0


def carry_out(settings: Settings, command: str, arguments: Arguments, said: Said) -> Any:
    """Run a command through the server of the data folder, or here where none serves it.

    Raises MeguriError: whatever the command raises, ``server_gone``, and ``store_in_use`` where another command writes.
    """
    give_up = time.monotonic() + STARTING
    while True:
        with reaching(settings.data) as carry:
            if carry is not None:
                return carry(command, arguments, said)
        try:
            with open_desk(settings, lambda done, total: said(done, total, "index / 索引")) as desk:
                return COMMANDS[command](desk, arguments, said)
        except MeguriError as error:
            if error.code != "store_in_use" or time.monotonic() > give_up:
                raise
        time.sleep(0.25)


def at_desk(desk: Desk) -> Carry:
    """What a server's socket does with a command."""

    def carry(command: str, arguments: Arguments, said: Said) -> Any:
        known = COMMANDS.get(command)
        if known is None:
            raise MeguriError(
                code="command_unknown",
                en=f"The running server knows no command {command!r}.",
                ja=f"動作中のサーバーに「{command}」というコマンドはありません。",
                remedy_en="Start the server again with this version of Meguri.",
                remedy_ja="この版の Meguri でサーバーを起動し直してください。",
            )
        return known(desk, arguments, said)

    return carry


def _ingest(desk: Desk, arguments: Arguments, said: Said) -> list[dict[str, object]]:
    """``paths`` are absolute, ``names`` what the report calls them.

    Of each file the report without its rows as ``head``, and the ``rows``, or the ``journal`` in which they lie: of a
    large file they are not sent. Whoever asked deletes the journal when it has read it.
    """
    # a server learns how to ingest when it is asked to, not at its start
    from ingest.columns import load_columns  # noqa: PLC0415
    from ingest.kinds import expand  # noqa: PLC0415
    from ingest.pipeline import Options  # noqa: PLC0415
    from ingest.resuming import forget_old  # noqa: PLC0415

    mapping = arguments.get("mapping")
    options = Options(
        load_columns(Path(mapping) if mapping else None),
        arguments.get("kind"),
        arguments.get("source"),
        cache=desk.service.folder.cache_path,
        workers=arguments.get("workers"),
        journals=desk.service.folder.journals_path,
    )
    forget_old(desk.service.folder.journals_path)
    given = dict(zip(arguments["paths"], arguments["names"], strict=True))
    files = expand(Path(path) for path in given)
    run = desk.ingestion(options, urgent=False)
    try:
        reports = desk.ingest_files([str(file) for file in files], run, said)
        return [_answer(report, _as_given(report.file, given)) for report in reports]
    finally:
        run.close()


def _answer(report: FileReport, name: str) -> dict[str, object]:
    head = report.head() | {"file": name}
    if report.journal is None:
        return {"head": head, "rows": list(report.row_bodies())}
    report.close()
    return {"head": head, "journal": str(report.journal)}


def _as_given(path: str, given: dict[str, str]) -> str:
    """A file as the caller named it, or the folder that it lies in."""
    for root, name in given.items():
        if path == root:
            return name
        if Path(path).is_relative_to(root):
            return str(Path(name) / Path(path).relative_to(root))
    return path


def _withdraw(desk: Desk, arguments: Arguments, said: Said) -> list[dict[str, object]]:
    """Returns the editions from which something was erased."""
    ids, reason = list(arguments["ids"]), str(arguments["reason"])
    withdraw_records(desk, ids, reason, arguments.get("successor"))
    desk.settle(lambda done, total: said(done, total, "index / 索引"))
    touched = erase(desk.service.folder.editions(desk.settings.editions_bytes), ids, reason)
    return [{"number": edition.number, "hash": edition.hash} for edition in touched]


def _review(desk: Desk, arguments: Arguments, said: Said) -> dict[str, Any]:
    decided = decide(desk, arguments["id"], arguments["decision"], arguments["actor"], arguments.get("reason"))
    desk.settle(lambda done, total: said(done, total, "index / 索引"))
    return decided


def _review_statement(desk: Desk, arguments: Arguments, said: Said) -> dict[str, Any]:
    decided = review_statement(
        desk,
        str(arguments["document"]),
        str(arguments["statement"]),
        arguments["decision"],
        arguments["actor"],
        arguments.get("correction"),
    )
    desk.settle(lambda done, total: said(done, total, "index / 索引"))
    return decided


def _reindex(desk: Desk, arguments: Arguments, said: Said) -> int:
    del arguments
    return desk.reindex(lambda done, total: said(done, total, "index / 索引"))


def _match_start(desk: Desk, arguments: Arguments, said: Said) -> dict[str, Any]:
    del said
    made = matches.start(desk, arguments["issue"], arguments["technology"], arguments["actor"], arguments.get("reason"))
    return matches.as_json(desk, made)


def _match_move(desk: Desk, arguments: Arguments, said: Said) -> dict[str, Any]:
    step = matches.Step(arguments.get("to"), arguments.get("reason"), None, tuple(arguments.get("publish", ())))
    moved = matches.move(desk, arguments["id"], step, arguments["actor"])
    desk.settle(lambda done, total: said(done, total, "index / 索引"))
    return matches.as_json(desk, moved)


COMMANDS: dict[str, Callable[[Desk, Arguments, Said], Any]] = {
    "ingest": _ingest,
    "withdraw": _withdraw,
    "review": _review,
    "review-statement": _review_statement,
    "reindex": _reindex,
    "match-start": _match_start,
    "match-move": _match_move,
}
