"""Commands of the secretariat for what waits: review-queue, and in it show, accept, return and reject."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from search_api.cli.output import DataOption, JsonOption, note, print_json, progress_bar, settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from search_api.relational.database import Database

IdArgument = Annotated[str, typer.Argument(help="Id of the registration (reg-…-1). 登録申請の ID。")]
ReasonOption = Annotated[str, typer.Option(help="Why; the submitter sees it. 理由（提出者に伝わります）。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    queue = typer.Typer(
        help="See and decide what waits for review. 審査待ちの登録を見て、判断する。\n\nExample: meguri review-queue",
        rich_markup_mode=None,
    )
    queue.callback(invoke_without_command=True)(list_)
    queue.command("show")(show)
    queue.command("accept")(accept)
    queue.command("return")(return_)
    queue.command("reject")(reject)
    app.add_typer(queue, name="review-queue")


def list_(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="pending, accepted, returned, rejected, stored or replaced.")] = "pending",
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many. 件数。")] = 100,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """List what waits for review, the oldest first. 審査待ちの登録を古い順に示す。

    Example: meguri review-queue
    """
    if context.invoked_subcommand is not None:
        return
    from search_api.desk.review import shown
    from search_api.engine.query import filter_unknown
    from search_api.relational.submissions import STATES

    if state not in STATES:
        raise filter_unknown("--state", state, ", ".join(STATES))
    database = _database(data)
    with database.reading() as tx:
        found = tx.submissions.in_state(state, limit)
    database.close()
    if json_:
        print_json([shown(sent) for sent in found])
        return
    if not found:
        note("Nothing waits. / 該当する登録はありません。")
    for sent in found:
        typer.echo(f"{sent.id}  {sent.created_at[:16]}  {sent.submitter}  {sent.kind}: {sent.title}")
        if sent.reason:
            typer.echo(f"    {sent.decided_by}: {sent.reason}")


def show(id_: IdArgument, data: DataOption = None) -> None:
    """Show one registration whole, as JSON, with its contact data. 登録申請の全体を示す。

    Example: meguri review-queue show reg-0123456789abcdef-1
    """
    from search_api.desk.review import registration_unknown, shown

    database = _database(data)
    with database.reading() as tx:
        sent = tx.submissions.get(id_)
    database.close()
    if sent is None:
        raise registration_unknown(id_)
    print_json(shown(sent, whole=True))


def accept(id_: IdArgument, data: DataOption = None) -> None:
    """Publish a registration: into the graph and the index. 受理して公開する。

    Example: meguri review-queue accept reg-0123456789abcdef-1
    """
    _decide(id_, "accept", None, data)


def return_(id_: IdArgument, reason: ReasonOption, data: DataOption = None) -> None:
    """Return a registration to its submitter with a reason. 理由を付けて差し戻す。

    Example: meguri review-queue return reg-0123456789abcdef-1 --reason "Name the municipality"
    """
    _decide(id_, "return", reason, data)


def reject(id_: IdArgument, reason: ReasonOption, data: DataOption = None) -> None:
    """Reject a registration with a reason. 理由を付けて却下する。

    Example: meguri review-queue reject reg-0123456789abcdef-1 --reason "An advertisement"
    """
    _decide(id_, "reject", reason, data)


def _decide(id_: str, decision: str, reason: str | None, data: Path | None) -> None:
    from search_api.desk.commands import carry_out

    arguments: dict[str, Any] = {"id": id_, "decision": decision, "reason": reason, "actor": actor()}
    with progress_bar("review / 審査") as bar:
        decided = carry_out(settings_for(data), "review", arguments, bar)
    note(f"{id_}: {decided['state']} ({decided['record']})")


def actor() -> str:
    """Who uses the command line, as the audit names them."""
    return f"command:{getpass.getuser()}"


def _database(data: Path | None) -> Database:
    from kg.folder import DataFolder
    from search_api.relational.database import Database

    settings = settings_for(data)
    DataFolder.open(settings.data)
    secret = settings.database
    return Database.open(settings.data, secret.get_secret_value() if secret else None)
