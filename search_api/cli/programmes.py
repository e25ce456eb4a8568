"""Commands of the secretariat: ledger."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.output import DataOption, JsonOption, print_json, settings_for

if TYPE_CHECKING:
    from kg.ledger import Standing


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(ledger)


def ledger(
    on: Annotated[str | None, typer.Option(help="The day (2026-11-22 or 令和8年11月22日); by default today.")] = None,
    state: Annotated[str | None, typer.Option(help="Only members in this state, such as goal_overdue.")] = None,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Show where each member's commitment stands and what is due next. 会員の目標の状況と期限を示す。

    Example: meguri ledger --on 2026-11-22
    """
    from kg.folder import DataFolder
    from kg.ledger_reading import ledger as standings

    day = _day(on)
    folder = DataFolder.open(settings_for(data).data)
    with folder.reader() as store:
        rows = [row for row in standings(store, folder.base, day) if state in (None, row.state)]
    if json_:
        print_json([_as_json(row) for row in rows])
    else:
        for row in rows:
            due = row.due.isoformat() if row.due else "-"
            typer.echo(f"{row.state:20} {due:10}  {row.commitment.member}: {row.commitment.label}")
            typer.echo(f"{'':32} {row.ja} / {row.en}")


def _as_json(row: Standing) -> dict[str, object]:
    return {
        "id": row.commitment.id,
        "member": row.commitment.member,
        "member_kind": row.commitment.rules.name,
        "commitment": row.commitment.label,
        "state": row.state,
        "due": row.due.isoformat() if row.due else None,
        "reason": {"en": row.en, "ja": row.ja},
    }


def _day(text: str | None) -> date:
    from ingest.normalise.dates import parse_date
    from search_api.engine.query import filter_unknown

    if text is None:
        return date.today()
    try:
        return parse_date(text)
    except ValueError as error:
        raise filter_unknown("--on", text, "2026-11-22, 令和8年11月22日") from error
