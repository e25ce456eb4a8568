"""The ingestion report as a person reads it at a terminal: every rejected row with its reason, then the counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ingest.columns import header_ja, load_columns
from search_api.cli.reports import Body, Told

# a file with one mistake in every row must not hide the summary
MAX_LINES_A_FILE = 20
MAX_SKIPPED = 10
MAX_ROWS = 8
_REASONS = {
    "example": "example / 記入例",
    "total": "total / 合計",
    "note": "note / 注記",
    "header": "header again / 見出しの繰り返し",
    "hidden": "hidden / 非表示",
}


def report_lines(reports: Sequence[Told]) -> Iterator[str]:
    """Lines for all files, then the sum."""
    if not reports:
        yield "No files that can be read were found. / 読み込めるファイルがありません。"
        return
    for report in reports:
        yield from _file_lines(report)
    total = Counter[str]()
    for report in reports:
        total.update(report.head["summary"])
    yield _summary("total / 合計", total)


def _file_lines(told: Told) -> Iterator[str]:
    report = told.head
    if report["file_error"] is not None:
        message = report["file_error"]["message"]
        yield f"{report['file']}: {message['en']}"
        yield f"    {message['ja']}"
    yield _summary(f"{report['file']} ({report['kind']})", Counter(report["summary"]))
    if report.get("resumed"):
        yield f"    went on behind {report['resumed']:,} rows of a run that was cut off / 中断した取り込みの続きから"
    groups, more = _grouped(_problems(told))
    for problem, places in groups:
        yield from _problem_lines(places, problem)
    if more:
        yield f"    … {more} more: --report / 続きは --report で"
    if skipped := report.get("skipped"):
        named = ", ".join(f"{row['row']} ({_REASONS[row['reason']]})" for row in skipped[:MAX_SKIPPED])
        yield f"    not records / 登録ではない行: {named}{' …' if len(skipped) > MAX_SKIPPED else ''}"
    if report["missing"]:
        yield f"    no longer in the file, kept / ファイルにないため残したもの: {', '.join(report['missing'][:10])}"


def _problems(told: Told) -> Iterator[tuple[str, Body]]:
    """Each problem with its place: those of the header, then those of the rows."""
    yield from (("header", problem) for problem in told.head["columns"])
    for row in told.rows() if told.rows else ():
        rejected = row["status"] == "rejected"
        shown = [p for p in row["problems"] if p["severity"] == "error" or not rejected]
        yield from ((str(row["row"]), problem) for problem in shown)


def _grouped(problems: Iterable[tuple[str, Body]]) -> tuple[list[tuple[Body, list[str]]], int]:
    """What is said of several rows is said once, with the rows; and how many problems are not among the first."""
    groups: dict[str, tuple[Body, list[str]]] = {}
    more = 0
    for place, problem in problems:
        same = json.dumps(problem, sort_keys=True)
        if same in groups:
            groups[same][1].append(place)
        elif len(groups) < MAX_LINES_A_FILE:
            groups[same] = (problem, [place])
        else:
            more += 1
    return list(groups.values()), more


def _places(places: Sequence[str]) -> str:
    if places[0] == "header":
        return "header"
    named = ", ".join(places[:MAX_ROWS])
    if len(places) > MAX_ROWS:
        return f"rows {named} … ({len(places):,})"
    return f"row {named}" if len(places) == 1 else f"rows {named}"


def _places_ja(places: Sequence[str]) -> str:
    if places[0] == "header":
        return "見出し"
    more = f" … ({len(places):,} 行)" if len(places) > MAX_ROWS else " 行目"
    return ", ".join(places[:MAX_ROWS]) + more


def _problem_lines(places: Sequence[str], problem: Body) -> tuple[str, str]:
    field = problem["field"]
    value = f" 「{problem['value']}」" if problem["value"] else ""
    head = f"    {problem['severity']} {_places(places)} {field} [{problem['code']}]{value}"
    # a clerk knows columns by their headers
    named = f"{header_ja(field)}: " if field in load_columns().type_of else ""
    return f"{head}: {problem['message']['en']}", f"        {_places_ja(places)} {named}{problem['message']['ja']}"


_STATES = {"valid": "有効", "unchanged": "変更なし", "duplicate": "重複", "rejected": "却下", "warnings": "注意"}


def _summary(name: str, counts: Counter[str]) -> str:
    """The counts in English, then in Japanese: 3 valid, 1 rejected / 有効 3, 却下 1."""
    shown = [state for state in _STATES if counts[state] or state == "valid"]
    english = ", ".join(f"{counts[state]} {state}" for state in shown)
    return f"{name}: {english} / {', '.join(f'{_STATES[state]} {counts[state]}' for state in shown)}"
