"""The report of an ingestion as a clerk reads it at a terminal: where, which column, and why, in both languages."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from search_api.cli import app


def test_a_clerk_reads_row_column_and_reason_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "clerk.csv"
    file.write_text("団体名,技術名称,登録日\n読む社,,\n読む社,技,31/02/2025\n読む社,よい技,\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["ingest", str(file), "--dry-run"])
    assert result.exit_code == 1
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert "2 行目 技術名称: 必須項目が空欄です。記入して再送してください。" in lines
    assert any(
        line.startswith("error row 3 registered [date_invalid] 「31/02/2025」: This is not a date") for line in lines
    )
    assert any(line.startswith("3 行目 登録日: 存在しない日付です。") for line in lines)
    (total,) = (line for line in lines if line.startswith("total / 合計"))
    assert "1 valid, 2 rejected" in total
    assert "有効 1, 却下 2" in total
