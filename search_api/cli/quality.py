"""Commands that measure: evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from search_api.cli.output import EXIT_REJECTED, JsonOption, note, print_json, settings_for


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(evaluate)


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder with technologies.jsonl, queries.jsonl and perhaps issues.jsonl; or see --extraction."
        ),
    ],
    run: Annotated[Path | None, typer.Option(help="Write the TREC run to this file.")] = None,
    balance: Annotated[bool, typer.Option(help="Subtract the language means, as search does.")] = True,
    expect: Annotated[
        Path | None, typer.Option(help="JSON of expected scores; exit code 1 where one is missed.")
    ] = None,
    extraction: Annotated[
        bool, typer.Option("--extraction", help="FOLDER holds annotated documents (*.jsonl): score extraction.")
    ] = False,
    json_: JsonOption = False,
) -> None:
    """Score the production search path on judged queries, or extraction on annotated texts. 検索・抽出の品質を測る。

    Example: meguri evaluate corpus/evaluation --run run.trec
    """
    if extraction:
        _evaluate_extraction(folder, expect, json_)
        return
    from kg.files import write_atomically
    from search_api.engine.evaluation import load_set, rank_all
    from search_api.engine.models.loading import load_model
    from search_api.engine.scoring import scores_by_slice, trec_lines

    settings = settings_for()
    evaluation = load_set(folder)
    ranked = rank_all(evaluation, load_model(settings.model, settings.models), balanced=balance)
    table = scores_by_slice(evaluation, ranked)
    if run is not None:
        write_atomically(run, "".join(f"{line}\n" for line in trec_lines(ranked)).encode())
    if json_:
        print_json(table)
    else:
        _print_table(table)
    if expect is not None:
        _compare(table, expect)


def _evaluate_extraction(path: Path, expect: Path | None, json_: bool) -> None:
    """Precision, recall and F1 of each kind, of goals and of relations, by the language of the documents."""
    from ingest.extraction.extractor import packaged_extractor
    from ingest.extraction.scoring import score_file

    table = score_file(path, packaged_extractor())
    if json_:
        print_json(table)
    else:
        columns = ("precision", "recall", "f1")
        typer.echo(f"{'':15}gold / 正解数" + "".join(f"{name:>11}" for name in columns))
        for name, row in table.items():
            typer.echo(f"{name:20}{row['gold']:>8.0f}" + "".join(f"{row[column]:>11.3f}" for column in columns))
    if expect is not None:
        _compare(table, expect)


def _print_table(table: dict[str, dict[str, float]]) -> None:
    from rich.cells import set_cell_size

    columns = ["nDCG@10", "95 %", "R@10", "RR"]
    header = set_cell_size("target / 対象", 20) + "queries / 検索数"
    typer.echo(header + "".join(f"{name:>13}" for name in columns))
    for name, scores in table.items():
        shown = [f"{scores[column]:.3f}" if column in scores else "" for column in columns]
        shown[1] = f"{scores['low']:.3f}–{scores['high']:.3f}"
        typer.echo(f"{name:28}{scores['queries']:>8.0f}" + "".join(f"{value:>13}" for value in shown))


def _compare(table: dict[str, dict[str, float]], path: Path) -> None:
    """Expected scores are met within their tolerance; a missing score is a failure."""
    from search_api.engine.expectation import missed

    misses = missed(table, path)
    for line in misses:
        note(line)
    if misses:
        raise typer.Exit(EXIT_REJECTED)
    note(f"all scores of {path} are met / 期待値をすべて満たしました")
