"""Commands that look from above: gaps and exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.output import DataOption, JsonOption, print_json, progress_bar, settings_for

if TYPE_CHECKING:
    from search_api.matching.gaps import Gaps

LangOption = Annotated[str, typer.Option(help="Language of the answer: ja or en. 回答の言語。")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(gaps)
    app.command()(exchange)


def gaps(
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet. CSV で出力する。")] = False,
    lang: LangOption = "ja",
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Show issues that nobody answers and technologies that nobody asks for. 満たされない需要と使われない供給を示す。

    Example: meguri gaps --csv > gaps.csv
    """
    import sys

    from search_api.matching.gaps import as_csv, gaps_of
    from search_api.service import reading

    with reading(settings_for(data)) as service, progress_bar("compare / 照合") as bar:
        found = gaps_of(service, lang, bar)
    if csv:
        sys.stdout.buffer.write(as_csv(found))
    elif json_:
        print_json(found.model_dump(mode="json"))
    else:
        _print(found)


def exchange(
    record: Annotated[str | None, typer.Option(help="Only with this record. この記録に関わるもの。")] = None,
    region: Annotated[str | None, typer.Option(help="Only with this region (code). この地域に関わるもの。")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many. 件数。")] = 20,
    lang: LangOption = "ja",
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Show whose surplus another needs, with amounts and distance. 余剰と必要の組合せを、量と距離とともに示す。

    Example: meguri exchange --region 13
    """
    from search_api.matching.exchange import Asked, flows
    from search_api.service import reading

    with reading(settings_for(data)) as service:
        found = flows(service, lang, Asked(record, region, None, limit))
    if json_:
        print_json([flow.model_dump(mode="json") for flow in found])
        return
    for flow in found:
        typer.echo(flow.text)
        amounts = [f"{side.id}: {', '.join(side.amounts)}" for side in (flow.supply, flow.need) if side.amounts]
        typer.echo(f"   {flow.supply.id} → {flow.need.id}" + (f"  ({'; '.join(amounts)})" if amounts else ""))


def _print(found: Gaps) -> None:
    ja = found.language == "ja"
    heads = ("満たされない課題", "使われない技術") if ja else ("Unmet issues", "Idle technologies")
    totals = (found.issues, found.technologies)
    for head, gaps_, total in zip(heads, (found.unmet, found.idle), totals, strict=True):
        typer.echo(f"{head}: {len(gaps_)} / {total}")
        for gap in gaps_:
            place = f"  {gap.region.label}" if gap.region else ""
            typer.echo(f"  {gap.id}  {gap.title}{place}")
            if gap.nearest:
                closest = "最も近いもの" if ja else "nearest"
                typer.echo(f"      {closest}: {gap.nearest.title} ({gap.nearest.closeness:.2f})")
    typer.echo("対応する技術の少ない概念:" if ja else "Concepts that few technologies cover:")
    for row in found.missing[:15]:
        typer.echo(f"  {row.concept.label}: {row.unmet} ← {row.technologies}")
