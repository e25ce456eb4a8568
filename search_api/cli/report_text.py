"""The ingestion report as a person reads it at a terminal: every rejected row with its reason, then the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

Body = dict[str, Any]

# a file with one mistake in every row must not hide the summary
MAX_LINES_A_FILE = 20
MAX_SKIPPED = 10
_REASONS = {
    "example": "example / 記入例",
    "total": "total / 合計",
    "note": "note / 注記",
    "header": "header again / 見出しの繰り返し",
    "hidden": "hidden / 非表示",
}


def report_lines(reports: list[Body]) -> Iterator[str]:
    """Lines for all files, then the sum."""
    if not reports:
        yield "No files that can be read were found. / 読み込めるファイルがありません。"
        return
    for report in reports:
        yield from _file_lines(report)
    total = Counter[str]()
    for report in reports:
        total.update(report["summary"])
    yield _summary("total / 合計", total)


def _file_lines(report: Body) -> Iterator[str]:
    if report["file_error"] is not None:
        message = report["file_error"]["message"]
        yield f"{report['file']}: {message['en']}"
        yield f"    {message['ja']}"
    lines = [line for problem in report["columns"] for line in _problem_lines("header", problem)]
    for row in report["rows"]:
        shown = row["problems"]
        if row["status"] == "rejected":
            shown = [p for p in shown if p["severity"] == "error"]
        lines += [line for p in shown for line in _problem_lines(f"row {row['row']}", p)]
    yield _summary(f"{report['file']} ({report['kind']})", Counter(report["summary"]))
    yield from lines[: 2 * MAX_LINES_A_FILE]
    if len(lines) > 2 * MAX_LINES_A_FILE:
        yield f"    … {len(lines) // 2 - MAX_LINES_A_FILE} more: --report / 続きは --report で"
    if skipped := report.get("skipped"):
        named = ", ".join(f"{row['row']} ({_REASONS[row['reason']]})" for row in skipped[:MAX_SKIPPED])
        yield f"    not records / 登録ではない行: {named}{' …' if len(skipped) > MAX_SKIPPED else ''}"
    if report["missing"]:
        yield f"    no longer in the file, kept / ファイルにないため残したもの: {', '.join(report['missing'][:10])}"


def _problem_lines(place: str, problem: Body) -> tuple[str, str]:
    value = f" 「{problem['value']}」" if problem["value"] else ""
    head = f"    {problem['severity']} {place} {problem['field']} [{problem['code']}]{value}"
    return f"{head}: {problem['message']['en']}", f"        {problem['message']['ja']}"


def _summary(name: str, counts: Counter[str]) -> str:
    states = ("valid", "unchanged", "duplicate", "rejected")
    said = ", ".join(f"{counts[state]} {state}" for state in states if counts[state] or state == "valid")
    return f"{name}: {said}" + (f", {counts['warnings']} warnings" if counts["warnings"] else "")
