"""Commands for what was read from documents: review, and in it list, accept, correct and reject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from search_api.cli.output import DataOption, JsonOption, note, print_json, progress_bar, settings_for

if TYPE_CHECKING:
    from pathlib import Path

DocumentArgument = Annotated[str, typer.Argument(help="Id of the document (document-…). 文書の ID。")]
StatementArgument = Annotated[str, typer.Argument(help="Key of the statement (s-…). 読み取り結果の記号。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    review = typer.Typer(
        help="See and judge what was read from a document. 文書から読み取った内容を確認する。",
        rich_markup_mode=None,
        no_args_is_help=True,
        epilog="Example: meguri review list document-D001",
    )
    for command in (list_, accept, correct, reject):
        review.command(command.__name__.rstrip("_"))(command)
    app.add_typer(review, name="review")


def list_(document: DocumentArgument, data: DataOption = None, json_: JsonOption = False) -> None:
    """List what was read from a document, with what people decided. 読み取り結果と確認の状況を示す。

    Example: meguri review list document-D001
    """
    from kg.folder import DataFolder
    from search_api.desk.statements import statements_of

    folder = DataFolder.open(settings_for(data).data)
    with folder.reader() as store:
        found = statements_of(store, folder.base, document)
    if json_:
        print_json(found)
        return
    for one in found:
        review = one["review"]
        state = f"{review['decision']} {review['on']}" if review else f"? {one['confidence']:.2f}"
        typer.echo(f"{one['statement']}  {state:22}  {one['says']}")
        if review and review["correction"]:
            typer.echo(f"{'':18}→ {review['correction']}")
    if not found:
        note("Nothing was read from it. / 読み取り結果はありません。")


def accept(document: DocumentArgument, statement: StatementArgument, data: DataOption = None) -> None:
    """Say that a statement is right. 読み取り結果が正しいと記録する。

    Example: meguri review accept document-D001 s-0123456789ab
    """
    _decide(document, statement, "accepted", None, data)


def correct(
    document: DocumentArgument,
    statement: StatementArgument,
    text: Annotated[str, typer.Argument(help="What is right instead. 正しい内容。")],
    data: DataOption = None,
) -> None:
    """Say what is right instead. 読み取り結果を訂正する。

    Example: meguri review correct document-D001 s-0123456789ab "真庭市 — facesIssue → ナラ枯れ"
    """
    _decide(document, statement, "corrected", text, data)


def reject(document: DocumentArgument, statement: StatementArgument, data: DataOption = None) -> None:
    """Say that a statement is wrong. 読み取り結果が誤りだと記録する。

    Example: meguri review reject document-D001 s-0123456789ab
    """
    _decide(document, statement, "rejected", None, data)


def _decide(document: str, statement: str, decision: str, text: str | None, data: Path | None) -> None:
    from search_api.cli.review import actor
    from search_api.desk.commands import carry_out

    arguments: dict[str, Any] = {"document": document, "statement": statement, "decision": decision}
    arguments |= {"correction": text, "actor": actor()}
    with progress_bar("review / 確認") as bar:
        decided = carry_out(settings_for(data), "review-statement", arguments, bar)
    note(f"{statement}: {decided['review']['decision']}  {decided['says']}")
