"""Commands for editions: publish, editions, retire, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.output import DataOption, JsonOption, note, print_json, progress_bar, settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from kg.editions import Edition, Editions
    from kg.folder import DataFolder

NumberArgument = Annotated[int, typer.Argument(min=1, help="Number of the edition. 版の番号。")]
ReasonOption = Annotated[str, typer.Option(help="Why, in one line; it is published. 理由（公開されます）。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (publish, editions, retire, withdraw):
        app.command()(command)


def publish(
    note_: Annotated[str, typer.Option("--note", help="What is new, in one line. 版の説明。")] = "",
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Make a citable edition of the graph, with hash, counts and dumps. 引用できる版を作る。

    Example: meguri publish --note "Spring 2027"
    """
    from kg.edition_seal import seal

    folder, kept = _folder(data)
    edition = kept.publish(folder.snapshots, note_)
    note(f"edition {edition.number} is published; hash and dumps follow / 第 {edition.number} 版を公開しました")
    _show(seal(kept, edition.number), json_)


def editions(
    since: Annotated[int | None, typer.Option(help="With --until: the earlier of two editions to compare.")] = None,
    until: Annotated[int | None, typer.Option(help="The later of two editions to compare. 比較する新しい版。")] = None,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """List the editions, or compare two of them. 版の一覧と比較。

    Example: meguri editions --since 1 --until 2
    """
    from kg.edition_changes import compare

    _, kept = _folder(data)
    if since is None and until is None:
        _list(kept.all(), json_)
        return
    newest = kept.newest()
    changes = compare(kept, since or 1, until or (newest.number if newest else 1))
    groups = {"added": changes.added, "changed": changes.changed, "withdrawn": changes.withdrawn}
    if json_:
        print_json({name: [{"id": r.id, "titles": r.titles} for r in records] for name, records in groups.items()})
        return
    for sign, records in zip("+*-", groups.values(), strict=True):
        for record in records:
            typer.echo(f"{sign} {record.id}  {' / '.join(record.titles.values())}")


def retire(number: NumberArgument, reason: ReasonOption, data: DataOption = None) -> None:
    """Free the data of an old edition; its description stays. 古い版のデータを外す。

    Example: meguri retire 1 --reason "Superseded by edition 2"
    """
    from kg.withdrawal import checked_reason

    _, kept = _folder(data)
    kept.retire(number, checked_reason(reason))
    note(f"edition {number}: data removed / 第 {number} 版のデータを外しました")


def withdraw(
    ids: Annotated[list[str], typer.Argument(help="Ids of records, such as technology-T001. 記録の ID。")],
    reason: ReasonOption,
    successor: Annotated[str | None, typer.Option(help="Id of the record that takes its place. 後継の ID。")] = None,
    data: DataOption = None,
) -> None:
    """Withdraw records: from the graph, the index and every edition; a tombstone stays. 記録を取り下げる。

    Example: meguri withdraw technology-T001 --reason "Registered twice" --successor technology-T059
    """
    from kg.withdrawal import checked_reason
    from search_api.desk.commands import carry_out

    arguments = {"ids": ids, "reason": checked_reason(reason), "successor": successor}
    with progress_bar("index") as bar:
        touched = carry_out(settings_for(data), "withdraw", arguments, bar)
    note(f"withdrawn / 取り下げました: {', '.join(ids)}")
    for edition in touched:
        number, new = edition["number"], edition["hash"]
        note(f"edition {number}: erased, new hash {new} / 第 {number} 版から消去しました")


def _folder(data: Path | None) -> tuple[DataFolder, Editions]:
    from kg.folder import DataFolder

    settings = settings_for(data)
    folder = DataFolder.open(settings.data)
    return folder, folder.editions(settings.editions_bytes)


def _list(found: list[Edition], json_: bool) -> None:
    if json_:
        print_json([edition.model_dump(mode="json") for edition in found])
        return
    if not found:
        note("There is no edition yet; `meguri publish` makes one. / まだ版がありません。")
    for edition in found:
        state = edition.retired and "retired / データなし"
        size = f"{edition.statements:,}" if edition.statements is not None else "-"
        typer.echo(
            f"{edition.number}  {edition.published:%Y-%m-%d}  {size}  {edition.hash or '-'}  {state or edition.note}"
        )


def _show(edition: Edition, json_: bool) -> None:
    if json_:
        print_json(edition.model_dump(mode="json"))
        return
    typer.echo(f"edition / 版: {edition.number} ({edition.published:%Y-%m-%d})")
    typer.echo(f"records / 記録: {sum((edition.records or {}).values()):,}")
    typer.echo(f"statements / 言明: {edition.statements:,}")
    typer.echo(f"sha256: {edition.hash}")
    for dump in edition.dumps.values():
        typer.echo(f"dump: {dump.file} ({dump.bytes:,} bytes, sha256 {dump.sha256})")
