"""The ingestion report as a person reads it at a terminal: every rejected row with its reason, then the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from search_api.cli.reports import Body, Told

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
    more = 0
    for number, lines in enumerate(_problems(told)):
        if number < MAX_LINES_A_FILE:
            yield from lines
        more = max(0, number + 1 - MAX_LINES_A_FILE)
    if more:
        yield f"    … {more} more: --report / 続きは --report で"
    if skipped := report.get("skipped"):
        named = ", ".join(f"{row['row']} ({_REASONS[row['reason']]})" for row in skipped[:MAX_SKIPPED])
        yield f"    not records / 登録ではない行: {named}{' …' if len(skipped) > MAX_SKIPPED else ''}"
    if report["missing"]:
        yield f"    no longer in the file, kept / ファイルにないため残したもの: {', '.join(report['missing'][:10])}"


def _problems(told: Told) -> Iterator[tuple[str, str]]:
    """The lines of each problem: those of the header, then those of the rows."""
    yield from (_problem_lines("header", problem) for problem in told.head["columns"])
    for row in told.rows() if told.rows else ():
        rejected = row["status"] == "rejected"
        shown = [p for p in row["problems"] if p["severity"] == "error" or not rejected]
        yield from (_problem_lines(f"row {row['row']}", problem) for problem in shown)


def _problem_lines(place: str, problem: Body) -> tuple[str, str]:
    value = f" 「{problem['value']}」" if problem["value"] else ""
    head = f"    {problem['severity']} {place} {problem['field']} [{problem['code']}]{value}"
    return f"{head}: {problem['message']['en']}", f"        {problem['message']['ja']}"


def _summary(name: str, counts: Counter[str]) -> str:
    states = ("valid", "unchanged", "duplicate", "rejected")
    said = ", ".join(f"{counts[state]} {state}" for state in states if counts[state] or state == "valid")
    return f"{name}: {said}" + (f", {counts['warnings']} warnings" if counts["warnings"] else "")
