"""Commands that make and fill a data folder: init, ingest, validate, reindex, doctor, model."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from search_api.cli.output import (
    EXIT_REJECTED,
    DataOption,
    JsonOption,
    note,
    print_json,
    progress_bar,
    settings_for,
)

if TYPE_CHECKING:
    from ingest.pipeline import Ingestion
    from ingest.report import FileReport
    from kg.ontology_check.report import OntologyReport
    from search_api.cli.reports import Told

DEFAULT_MODEL = "multilingual-e5-small"
PathsArgument = Annotated[list[Path], typer.Argument(help="Files or folders. ファイルまたはフォルダ。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (init, ingest, validate, export, reindex, doctor, prepare):
        app.command()(command)


def init(
    data: DataOption = None,
    base: Annotated[str | None, typer.Option(help="Prefix of all record IRIs. レコード IRI の接頭辞。")] = None,
) -> None:
    """Make a data folder with the ontology and the regions. データフォルダを作る。

    Example: meguri init --data data
    """
    from kg.folder import DataFolder
    from kg.namespaces import DEFAULT_BASE

    settings = settings_for(data)
    folder, changed = DataFolder.create(settings.data, base or DEFAULT_BASE, settings.remote_graph)
    state = "ready" if changed else "was ready already; nothing changed"
    note(f"{folder.path}: {state}. Next: meguri ingest corpus / 準備できました。次は meguri ingest corpus")


def ingest(
    paths: PathsArgument,
    data: DataOption = None,
    kind: Annotated[str | None, typer.Option(help="technology, issue, partner, resource or document.")] = None,
    source: Annotated[str | None, typer.Option(help="Logical name of the source; by default the file's name.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="Further header names (form of ingest/columns.yaml).")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report (JSON) to this file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, store nothing. 検査のみ。")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read a large file; by default one a core. 並列数。")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Read registrations and documents into the graph and the index. 登録ファイルと文書を取り込む。

    Killed, it goes on where it was when it is started again. 中断しても、もう一度実行すれば続きから取り込む。

    Example: meguri ingest corpus --report report.json
    """
    from search_api.cli.reports import discard, of_answer

    options = _options(kind, source, mapping, dry_run, workers)
    if dry_run:
        _finish(_dry_run(paths, options), report, json_)
        return
    table = str(mapping.absolute()) if mapping else None
    asked = {"kind": kind, "source": source, "mapping": table, "workers": workers}
    answers = _ingest(paths, asked, settings_for(data))
    try:
        _finish([of_answer(answer) for answer in answers], report, json_)
    finally:
        discard(answers)


def validate(
    paths: PathsArgument,
    json_: JsonOption = False,
) -> None:
    """Check registrations, documents and the ontology (a folder with ces.ttl); store nothing. 検査だけを行う。

    Example: meguri validate ontology corpus
    """
    from kg.ontology_check.report import is_ontology_folder

    folders = [path for path in paths if is_ontology_folder(path)]
    records = [path for path in paths if path not in folders]
    ontologies = _examine(folders)
    options = _options(None, None, None, dry_run=True)
    _finish(_dry_run(records, options) if records else [], None, json_, ontologies)


def export(
    folder: Annotated[Path, typer.Argument(help="Folder to write to. 書き出し先のフォルダ。")],
    data: DataOption = None,
) -> None:
    """Write all records in the exchange format, with its context, schemas and shapes. 交換形式で書き出す。

    Example: meguri export exchange
    """
    from ingest.exchange.export import export_exchange, export_records
    from kg.folder import DataFolder

    source = DataFolder.open(settings_for(data).data)
    export_exchange(folder)
    with source.reader() as store:
        number = export_records(store, source.base, folder / "records.jsonld")
    note(f"{folder}: {number} records / {number} 件")


def reindex(data: DataOption = None) -> None:
    """Rebuild the search index from the graph alone. 検索インデックスをグラフから作り直す。

    Example: meguri reindex
    """
    from search_api.desk.channel import reaching
    from search_api.service import rebuild_index

    settings = settings_for(data)
    with progress_bar("index") as bar, reaching(settings.data) as carry:
        # a running server makes the entries anew while it answers; without one the files are thrown away first
        number = carry("reindex", {}, bar) if carry else rebuild_index(settings, bar)
    note(f"{number} entries indexed / {number} 件を索引しました")


def doctor(data: DataOption = None, json_: JsonOption = False) -> None:
    """Check the data folder: graph, ontology, index, model, snapshots. データフォルダを点検する。

    Example: meguri doctor
    """
    from search_api.doctor import examine

    findings = examine(settings_for(data))
    if json_:
        print_json([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.what}: {finding.en} / {finding.ja}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(EXIT_REJECTED)


def prepare(
    model: Annotated[str, typer.Argument(help="A sentence-transformers model by name or path.")] = DEFAULT_MODEL,
) -> None:
    """Prepare an embedding model for serving (needs the `models` extra). 埋め込みモデルを準備する。

    Example: meguri prepare
    """
    from search_api.engine.models.prepare import prepare_model

    folder = prepare_model(model, settings_for().models, progress=note)
    note(f"{folder}: ready / 準備できました")


def _options(
    kind: str | None, source: str | None, mapping: Path | None, dry_run: bool, workers: int | None = None
) -> Any:
    from ingest.columns import load_columns
    from ingest.kinds import ORDER
    from ingest.pipeline import Options
    from search_api.engine.query import filter_unknown

    if kind is not None and kind not in ORDER:
        raise filter_unknown("--kind", kind, ", ".join(ORDER))
    return Options(load_columns(mapping), kind, source, dry_run, workers=workers)


def _dry_run(paths: list[Path], options: Any) -> list[Told]:
    """Check against the packaged ontology in memory: no data folder is needed, none is touched."""
    from ingest.pipeline import Ingestion
    from kg.namespaces import DEFAULT_BASE
    from kg.ontology_load import load_ontology
    from kg.oxigraph_store import OxigraphStore
    from search_api.cli.reports import Told
    from search_api.version import AGENT

    store = OxigraphStore(None)
    load_ontology(store)
    run = Ingestion(store, DEFAULT_BASE, options, AGENT)
    try:
        return [Told(report.head(), report.row_bodies) for report in _run(run, paths)]
    finally:
        run.close()


def _ingest(paths: list[Path], arguments: dict[str, Any], settings: Any) -> list[dict[str, Any]]:
    """Through the running server, else here; what was committed is searched when this returns."""
    from search_api.desk.commands import carry_out

    named = {str(path.absolute()): str(path) for path in paths}
    given = arguments | {"paths": list(named), "names": list(named.values())}
    with progress_bar("ingest / 取り込み") as bar:
        answers: list[dict[str, Any]] = carry_out(settings, "ingest", given, bar)
    return answers


def _inside(bar: Any, number: int, total: int, what: str, done: int) -> None:
    bar(number, total, f"{what}: {done:,}")


def _run(ingestion: Ingestion, paths: list[Path]) -> list[FileReport]:
    from ingest.kinds import expand

    files = expand(paths)
    with progress_bar("ingest / 取り込み") as bar:
        reports = []
        for number, file in enumerate(files):
            bar(number, len(files), file.name)
            # a long file says how far it is, a page or a batch of rows at a time
            inside = partial(_inside, bar, number, len(files))
            reports.append(ingestion.ingest(file, inside))
        bar(len(files), len(files), "ingest / 取り込み")
    return reports


def _examine(folders: list[Path]) -> list[OntologyReport]:
    """Check each ontology folder whole: rules, shapes, reasoner."""
    from kg.ontology_check.report import examine

    reports = []
    for folder in folders:
        with progress_bar(str(folder)) as bar:
            reports.append(examine(folder, bar))
    return reports


def _finish(reports: Sequence[Told], path: Path | None, json_: bool, ontologies: Sequence[OntologyReport] = ()) -> None:
    """Print what happened; exit code 1 where anything was rejected."""
    from search_api.cli.reports import Told, json_text

    bodies = [*(Told(ontology.as_json()) for ontology in ontologies), *reports]
    if path is not None:
        from kg.files import replacing

        with replacing(path) as file:
            file.writelines(piece.encode() for piece in json_text(bodies))
    if json_:
        sys.stdout.writelines(json_text(bodies))
    else:
        from search_api.cli.ontology_text import ontology_lines
        from search_api.cli.report_text import report_lines

        for line in (line for ontology in ontologies for line in ontology_lines(ontology)):
            typer.echo(line)
        for line in report_lines(reports) if reports or not ontologies else ():
            typer.echo(line)
    rejected = any(report.head["file_error"] or report.head["summary"]["rejected"] for report in reports)
    if not bodies or rejected or any(ontology.rejected for ontology in ontologies):
        raise typer.Exit(EXIT_REJECTED)
