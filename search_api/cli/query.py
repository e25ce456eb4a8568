"""Commands that ask: search and sparql."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.output import CONDITION_SIGNS, DataOption, JsonOption, print_json, settings_for

if TYPE_CHECKING:
    from search_api.engine.results import Result, SearchAnswer, Understood
    from search_api.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(search)
    app.command()(sparql)


def search(
    text: Annotated[
        str, typer.Argument(help="A problem, a wish or an offer, in Japanese or English. 困りごとや提供内容。")
    ],
    find: Annotated[
        str, typer.Option(help="technology, issue, partner, region, resource, document or any.")
    ] = "technology",
    region: Annotated[str | None, typer.Option(help="Only what lies in or serves this region (code or name).")] = None,
    level: Annotated[str | None, typer.Option(help="community, region, block or international.")] = None,
    theme: Annotated[str | None, typer.Option(help="A theme by slug or label, with all below it.")] = None,
    sdg: Annotated[str | None, typer.Option(help="An SDG or target, such as 7 or 12.5.")] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(help="Words whose place or amount is not to count (* for all). 条件として読み取らない語。"),
    ] = None,
    fitting: Annotated[
        bool, typer.Option("--fitting", help="Leave out what certainly does not fit. 条件に合わないものを除く。")
    ] = False,
    lang: Annotated[str | None, typer.Option(help="Language of labels: ja or en; by default the query's.")] = None,
    limit: Annotated[int, typer.Option(help="How many results (1 to 100).")] = 10,
    offset: Annotated[int, typer.Option(help="Results to skip.")] = 0,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Search the graph by meaning, with the reason for each result. 意味で検索し、理由とともに示す。

    Example: meguri search "天ぷら油を捨てずに使いたい"
    """
    from search_api.engine.query import Request
    from search_api.service import reading

    with reading(settings_for(data)) as service:
        answer = service.engine.search(
            Request(
                text, find, region, level, theme, lang, limit, offset, sdg, tuple(ignore or ()), fitting_only=fitting
            )
        )
    if json_:
        print_json(answer.model_dump(mode="json"))
    else:
        print_answer(answer)


def print_answer(answer: SearchAnswer) -> None:
    """The answer as text: each result with its reasons."""
    ja = answer.language == "ja"
    for part in answer.understood:
        typer.echo(_read_line(part, ja))
    if answer.meant:
        meant = ("、" if ja else ", ").join(concept.label for concept in answer.meant)
        typer.echo(f"※ {'こう読み取りました' if ja else 'read as'}: {meant}")
    if not answer.results:
        typer.echo("該当するものがありません。" if ja else "Nothing was found.")
    elif not answer.answered:
        typer.echo("十分に合うものはまだありません。近いものを示します。" if ja else "Nothing good yet; the nearest:")
    for number, result in enumerate(answer.results, start=1):
        _print_result(number, result, ja)
    for advice in answer.advice:
        labels = ("、" if ja else ", ").join(concept.label for concept in advice.concepts)
        typer.echo(f"→ {advice.text}" + (f" {labels}" if labels else ""))


_USES = {
    "ja": {
        "filter": "この地域に絞っています",
        "feature": "結果の条件と照らし合わせます",
        "ask": "どれですか（--region で指定）",
        "ignored": "条件にしません",
    },
    "en": {
        "filter": "only results of this place",
        "feature": "compared with the results' conditions",
        "ask": "which one? (choose with --region)",
        "ignored": "not used",
    },
}


def _read_line(part: Understood, ja: bool) -> str:
    """One thing that was read from the words, what becomes of it, and what else the words may mean."""
    use = _USES["ja" if ja else "en"][part.use]
    also = ", ".join(f"{region.code} {region.label}" for region in part.candidates)
    said = part.label if part.label == part.text else f"{part.text} = {part.label}"
    if part.use == "ask":
        return f"？ {part.text}: {use}: {also}"
    return f"※ {said}: {use}" + (f" ({'または' if ja else 'or'} {also})" if also else "")


def _print_result(number: int, result: Result, ja: bool) -> None:
    sample = ("［見本］" if ja else " [sample]") if result.sample else ""
    typer.echo(f"{number}. {result.title}{sample}  ({result.id})")
    places = ", ".join(region.label for region in result.regions)
    if places:
        typer.echo(f"   {'地域' if ja else 'region'}: {places}")
    evidence = result.evidence
    for passage in evidence.passages[:1]:
        typer.echo(f"   {'記述' if ja else 'says'}: {passage.text}")
    if evidence.shared_concepts:
        shared = (
            "、".join(c.label for c in evidence.shared_concepts)
            if ja
            else ", ".join(c.label for c in evidence.shared_concepts)
        )
        typer.echo(f"   {'共通の概念' if ja else 'shared concepts'}: {shared}")
    for path in evidence.paths[:2]:
        typer.echo(f"   {'つながり' if ja else 'path'}: {' → '.join(step.text for step in path)}")
    if evidence.matched_terms:
        typer.echo(f"   {'一致した語' if ja else 'words in common'}: {' '.join(evidence.matched_terms)}")
    for condition in evidence.conditions:
        typer.echo(f"   {CONDITION_SIGNS[condition.status]} {condition.text}")
    if result.score is not None:
        typer.echo(f"   {'役立つ見込み' if ja else 'likely useful'}: {result.score:.0%}")
    else:
        typer.echo(f"   {'近さ（コサイン）' if ja else 'closeness (cosine)'}: {evidence.dense:.2f}")


def sparql(
    query: Annotated[str, typer.Argument(help="A SPARQL 1.1 query, or a file that holds one (- is stdin).")],
    format_: Annotated[
        str, typer.Option("--format", help="table, json, xml, csv or tsv; graphs: ttl, nt, rdf or jsonld.")
    ] = "table",
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds after which the query is ended.")] = 60.0,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Ask the newest snapshot of the graph. グラフに SPARQL で問い合わせる。

    Example: meguri sparql 'SELECT * WHERE { ?concept <http://www.w3.org/2004/02/skos/core#prefLabel> ?label } LIMIT 5'
    """
    import asyncio
    import sys
    from dataclasses import replace

    from kg.folder import DataFolder
    from kg.sparql.pool import ask_once
    from kg.sparql.question import Question

    wanted = "json" if json_ else format_
    results, graphs = _formats(wanted)
    settings = settings_for(data)
    folder = DataFolder.open(settings.data)
    limits = replace(settings.query_limits, seconds=timeout)
    question = Question(_searched(_query_text(query), settings), results=results, graphs=graphs)
    _, answer = asyncio.run(ask_once(question, folder.snapshots, limits))
    if wanted == "table":
        _print_table(answer)
    else:
        sys.stdout.buffer.write(answer)


def _formats(name: str) -> tuple[str, str]:
    """The format for solutions and the one for graphs."""
    from search_api.engine.query import filter_unknown

    results, graphs = ("json", "xml", "csv", "tsv"), ("ttl", "nt", "rdf", "jsonld")
    if name == "table":
        return "json", "ttl"
    if name in results:
        return name, "ttl"
    if name in graphs:
        return "json", name
    raise filter_unknown("--format", name, ", ".join(("table", *results, *graphs)))


def _searched(query: str, settings: Settings) -> str:
    """The query with its text searches answered; the model is loaded for those that have some."""
    from functools import partial

    from kg.sparql.text_search import text_searches, with_searches

    if "matches" not in query or not text_searches(query):
        return query
    from search_api.engine.text_search import searched
    from search_api.service import reading

    with reading(settings) as service:
        return with_searches(query, partial(searched, service.engine))


def _query_text(query: str) -> str:
    import sys
    from pathlib import Path

    if query == "-":
        return sys.stdin.read()
    if len(query) < 1_000 and "{" not in query and Path(query).is_file():
        return Path(query).read_text(encoding="utf-8")
    return query


def _print_table(answer: bytes) -> None:
    """Solutions as aligned columns; a yes or no, and a graph, as they are."""
    import json

    from rich.console import Console
    from rich.table import Table

    try:
        parsed = json.loads(answer)
    except ValueError:
        typer.echo(answer.decode())
        return
    if "boolean" in parsed:
        typer.echo(str(parsed["boolean"]).lower())
        return
    table = Table(box=None, pad_edge=False)
    for name in parsed["head"]["vars"]:
        table.add_column(name, overflow="fold")
    for row in parsed["results"]["bindings"]:
        table.add_row(*(row.get(name, {}).get("value", "") for name in parsed["head"]["vars"]))
    Console(soft_wrap=True, markup=False, highlight=False).print(table)
