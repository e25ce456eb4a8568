"""Commands around registrations: template, duplicates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from search_api.cli.output import DataOption, JsonOption, note, print_json, settings_for


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (template, duplicates):
        app.command()(command)


def template(
    file: Annotated[Path | None, typer.Argument(help="Workbook to write; by default KIND.xlsx. 書き出す先。")] = None,
    kind: Annotated[str, typer.Option(help="Kind of record. 種類。")] = "technology",
    lang: Annotated[str, typer.Option(help="Language of the headers: ja or en. 見出しの言語。")] = "ja",
) -> None:
    """Write a workbook to register with: lists of choices, an example, instructions. 登録用の Excel 用紙を作る。

    Example: meguri template --kind issue issues.xlsx
    """
    from typing import cast

    from ingest.template import Lang, template_workbook
    from ingest.vocabulary import Vocabulary
    from kg.files import write_atomically
    from kg.iris import Kind
    from kg.ontology_load import load_ontology
    from kg.oxigraph_store import OxigraphStore

    if lang not in ("ja", "en"):
        raise typer.BadParameter("ja | en", param_hint="--lang")
    store = OxigraphStore(None)
    load_ontology(store)
    target = file or Path(f"{kind}.xlsx")
    workbook = template_workbook(cast("Kind", kind), Vocabulary.from_store(store), cast("Lang", lang))
    write_atomically(target, workbook)
    note(f"{target}: fill it in, then `meguri ingest {target}` / 記入後に `meguri ingest {target}` で取り込みます")


def duplicates(data: DataOption = None, json_: JsonOption = False) -> None:
    """List records stored as duplicates of others, and pairs that look alike; nothing is merged. 重複の候補を一覧する。

    Example: meguri duplicates
    """
    from ingest.duplicates import Duplicates
    from kg.folder import DataFolder
    from kg.queries import load_query

    folder = DataFolder.open(settings_for(data).data)
    with folder.reader() as store:
        rows = {(str(row["record"]), str(row["other"])): row for row in store.select(load_query("duplicates"))}
        linked = [
            {"record": record.removeprefix(folder.base), "name": str(row["label"]), "linked": True}
            | {"other": other.removeprefix(folder.base), "other_name": str(row.get("other_label", ""))}
            for (record, other), row in sorted(rows.items())
        ]
        alike = [
            {"record": later.id, "name": later.name, "linked": False, "other": first.id, "other_name": first.name}
            for first, later in Duplicates(store, folder.base).proposals()
        ]
    if json_:
        print_json(linked + alike)
        return
    for pair in linked + alike:
        how = "= linked / 関連付け済み" if pair["linked"] else "? alike / 類似"
        typer.echo(f"{pair['record']} 「{pair['name']}」 {how}: {pair['other']} 「{pair['other_name']}」")
    note(f"{len(linked)} linked, {len(alike)} alike / 関連付け {len(linked)} 件、類似 {len(alike)} 件")
