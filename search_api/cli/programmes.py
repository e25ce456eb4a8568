"""Commands of the secretariat: ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.output import DataOption, JsonOption, print_json, settings_for

if TYPE_CHECKING:
    from search_api.engine.ledger import LedgerRow


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(ledger)


def ledger(
    on: Annotated[str | None, typer.Option(help="The day (2026-11-22 or 令和8年11月22日); by default today.")] = None,
    state: Annotated[str | None, typer.Option(help="Only members in this state, such as goal_overdue.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this rule set, such as localGovernment.")] = None,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Show where each member's commitment stands and what is due next. 会員の目標の状況と期限を示す。

    Example: meguri ledger --on 2026-11-22
    """
    from kg.folder import DataFolder
    from search_api.engine.ledger import LedgerRequest, asked_day, ledger_answer

    asked = LedgerRequest(asked_day(on, "--on"), state, kind)
    folder = DataFolder.open(settings_for(data).data)
    with folder.reader() as store:
        answer = ledger_answer(store, folder.base, asked)
    if json_:
        print_json([row.model_dump(mode="json") for row in answer.rows])
    else:
        for row in answer.rows:
            _print(row)


def _print(row: LedgerRow) -> None:
    due = row.due.isoformat() if row.due else "-"
    typer.echo(f"{row.state:20} {due:10}  {row.member}: {row.commitment}")
    for reason in (row.reason, *(duty.reason for duty in row.also)):
        typer.echo(f"{'':32} {reason.ja} / {reason.en}")
