"""Commands on matches: match (what fits a record), and in it start, move and list."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from search_api.cli.output import CONDITION_SIGNS, DataOption, JsonOption, note, print_json, progress_bar, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search_api.matching.suggestions import Matches, Suggestion
    from search_api.relational.database import Database
    from search_api.settings import Settings

RecordArgument = Annotated[str, typer.Argument(help="Id of an issue or a technology. 課題または技術の ID。")]
MatchArgument = Annotated[str, typer.Argument(help="Id of the match (match-…). マッチングの ID。")]
ReasonOption = Annotated[str | None, typer.Option(help="Why; kept unpublished. 理由（公開されません）。")]
LangOption = Annotated[str, typer.Option(help="Language of the answer: ja or en. 回答の言語。")]


class _WithDefault(TyperGroup):
    """``meguri match ID`` is ``meguri match show ID``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        cls=_WithDefault,
        no_args_is_help=True,
        rich_markup_mode=None,
        help="What fits an issue or a technology, and how matches go on. 合う相手と、マッチングの進み具合。\n\n"
        "Example: meguri match issue-I001",
    )
    for name, command in (("show", show), ("start", start), ("move", move), ("list", list_)):
        group.command(name)(command)
    app.add_typer(group, name="match")


def show(
    id_: RecordArgument,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many. 件数。")] = 10,
    lang: LangOption = "ja",
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Show what fits a record, best first, with the reasons. 合う相手を理由とともに示す。

    Example: meguri match issue-I001
    """
    from search_api.matching.suggestions import matches_of
    from search_api.service import reading

    settings = settings_for(data)
    with reading(settings) as service, known_database(settings) as database:
        found = matches_of(service, database, id_, lang, limit=limit, private=True)
    if json_:
        print_json(found.model_dump(mode="json"))
    else:
        _print(found)


def start(
    issue: Annotated[str, typer.Argument(help="Id of the issue. 課題の ID。")],
    technology: Annotated[str, typer.Argument(help="Id of the technology. 技術の ID。")],
    reason: ReasonOption = None,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Follow a pair of issue and technology from now on. 組合せを追い始める。

    Example: meguri match start issue-I001 technology-T001
    """
    arguments = {"issue": issue, "technology": technology, "reason": reason}
    _report(_carry_out("match-start", arguments, data), json_)


def move(
    match: MatchArgument,
    to: Annotated[
        str | None, typer.Argument(help="introduced, talking, trial, adopted, declined or suggested.")
    ] = None,
    reason: ReasonOption = None,
    publish: Annotated[
        list[str] | None, typer.Option(help="A side that agrees to publish: issue or technology. 公開に同意した側。")
    ] = None,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """Move a match to its next state; declining needs a reason. 状態を進める（見送りには理由が必要）。

    Example: meguri match move match-0123456789abcdef0123 introduced
    """
    arguments = {"id": match, "to": to, "reason": reason, "publish": publish or []}
    _report(_carry_out("match-move", arguments, data), json_)


def list_(
    state: Annotated[str | None, typer.Option(help="Only this state. この状態のみ。")] = None,
    region: Annotated[str | None, typer.Option(help="Only this region (code). この地域のみ。")] = None,
    data: DataOption = None,
    json_: JsonOption = False,
) -> None:
    """List matches, the latest change first. マッチングの一覧を示す。

    Example: meguri match list --state talking
    """
    from kg.folder import DataFolder
    from search_api.desk.matches import shown, states

    settings = settings_for(data)
    with DataFolder.open(settings.data).reader() as store:
        known = states(store)
    with known_database(settings) as database:
        found = []
        if database is not None:
            with database.reading() as tx:
                rows = tx.matches.in_states([state] if state else list(known), region)
                found = [shown(match, tx.matches.history(match.id), known) for match in rows]
    if json_:
        print_json(found)
        return
    for match in found:
        typer.echo(f"{match['id']}  {match['state']:10}  {match['issue']} ↔ {match['technology']}  {match['region']}")


@contextmanager
def known_database(settings: Settings) -> Iterator[Database | None]:
    """The relational database where there is one: looking makes none."""
    if settings.database is None and not (settings.data / "meguri.db").exists():
        yield None
        return
    from search_api.relational.database import Database

    database = Database.open(settings.data, settings.database.get_secret_value() if settings.database else None)
    try:
        yield database
    finally:
        database.close()


def _carry_out(command: str, arguments: dict[str, Any], data: Any) -> dict[str, Any]:
    from search_api.cli.review import actor
    from search_api.desk.commands import carry_out

    with progress_bar("match / マッチング") as bar:
        done: dict[str, Any] = carry_out(settings_for(data), command, arguments | {"actor": actor()}, bar)
    return done


def _report(match: dict[str, Any], json_: bool) -> None:
    if json_:
        print_json(match)
        return
    label = " / ".join(match["state_label"].values())
    typer.echo(f"{match['id']}  {match['state']} ({label})  {match['issue']} ↔ {match['technology']}")
    if match["project"]:
        note(f"published / 公開しました: {match['project']}")


def _print(found: Matches) -> None:
    ja = found.language == "ja"
    if found.reason:
        note(found.reason.ja if ja else found.reason.en)
    elif not found.answered:
        note(
            "今のところ、よく合うものはありません。近いものを示します。"
            if ja
            else "Nothing fits well yet; the nearest:"
        )
    for number, one in enumerate(found.suggestions, start=1):
        _print_one(number, one, ja)
    for held in found.held_back:
        typer.echo(f"×  {held.title}  ({held.id})")
        typer.echo(f"   {'見送り' if ja else 'declined'} {held.declined_at[:10]}: {held.reason or '-'}")


def _print_one(number: int, one: Suggestion, ja: bool) -> None:
    state = f"  [{one.state}]" if one.state else ""
    typer.echo(f"{number}. {one.result.title}  ({one.result.id}){state}")
    for concept in one.result.evidence.shared_concepts[:1]:
        typer.echo(f"   {'共通の概念' if ja else 'shared concept'}: {concept.label}")
    for path in one.result.evidence.paths[:1]:
        typer.echo(f"   {' → '.join(step.text for step in path)}")
    for condition in one.result.evidence.conditions:
        typer.echo(f"   {CONDITION_SIGNS[condition.status]} {condition.text}")
    for precedent in one.precedents[:2]:
        reasons = ("、" if ja else "; ").join(precedent.reasons)
        typer.echo(
            f"   {'導入済みの似た地域' if ja else 'runs in a similar region'}: {precedent.region.label}（{reasons}）"
        )
