"""Files as offices send them, from end to end: layout, columns read as a whole, rows that are no records, formats."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from ingest.report import FileReport
from tests.ingest.conftest import Ingest
from tests.ingest.support import BASE


def rows(report: FileReport) -> list[dict[str, Any]]:
    assert report.file_error is None, report.file_error
    return report.as_json()["rows"]  # type: ignore[return-value]


def errors(report: FileReport) -> list[list[str]]:
    return [[p.code for p in row.problems if p.severity == "error"] for row in report.rows]


def messy_book() -> bytes:
    """Titles, a header of two rows, cells merged over rows, a hidden row, a hidden sheet, instructions, totals."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "課題"
    for row in (
        ["令和7年度 課題登録一覧"],
        [],
        ["団体情報", None, None, "課題", None, "登録日"],
        ["自治体名", "市区町村コード", "担当課", "①課題名※必須", "課題の概要\n（200字）", None],
        ["記入例", "132063", "環境課", "例の課題", "例", "2025/4/1"],
        ["真庭市", 332143, "環境課", "雑然の竹林", "説明", date(2025, 4, 1)],
        [None, None, None, "雑然の油", "説明", 45748],
        ["隠し市", None, None, "隠し", "x", None],
        ["札幌市", "11002", "環境", "雑然の雪", None, "R7.4.1"],
        ["合計", None, None, 3],
        ["※ 注意書き"],
    ):
        sheet.append(row)
    for cells in ("A3:C3", "D3:E3", "F3:F4", "A6:A7", "B6:B7"):
        sheet.merge_cells(cells)
    sheet.row_dimensions[8].hidden = True
    hidden = book.create_sheet("控え")
    hidden.append(["自治体名", "課題名"])
    hidden.append(["真庭市", "控えの課題"])
    hidden.sheet_state = "hidden"
    book.create_sheet("記入要領").append(["この様式の書き方"])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_messy_workbook(ingest: Ingest) -> None:
    report = ingest("messy.xlsx", messy_book())
    assert [(row["row"], row["status"], row["values"]["regions"]) for row in rows(report)] == [
        (6, "valid", ["33214"]),
        (7, "valid", ["33214"]),
        (9, "valid", ["01100"]),
    ]
    assert {row["values"]["registered"] for row in rows(report)} == {"2025-04-01"}
    assert [row["values"]["jis_code"] for row in rows(report)] == ["33214", "33214", "01100"]
    assert [(s.row, s.reason) for s in report.skipped] == [(5, "example"), (8, "hidden"), (10, "total"), (11, "note")]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["31/12/2024", "05/04/2025"], ["2024-12-31", "2025-04-05"]),
        (["12/31/2024", "05/04/2025"], ["2024-12-31", "2025-05-04"]),
    ],
)
def test_the_column_tells_the_order_of_its_dates(ingest: Ingest, cells: list[str], days: list[str]) -> None:
    content = "Resource,Municipality,Date of registration\n" + "".join(f"R{c},真庭市,{c}\n" for c in cells)
    assert [row["values"]["registered"] for row in rows(ingest("order.csv", content))] == days


def test_the_column_tells_its_decimal_sign(ingest: Ingest) -> None:
    content = "資源名;市区町村;発生量\n小数一;真庭市;12,5 t\n小数二;真庭市;1.200 t\n小数三;真庭市;10～20t\n"
    amounts = [row["values"]["amounts"] for row in rows(ingest("comma.csv", content))]
    header = {"header": "発生量", "unit": "t"}
    assert amounts == [
        [header | {"value": 12.5}],
        [header | {"value": 1200}],
        [header | {"value": 10, "maximum": 20}],
    ]


def test_ditto_marks_repeat_the_row_above(ingest: Ingest) -> None:
    report = ingest("ditto.csv", "市区町村,課題名,区分\n真庭市,同じ欄の一,課題\n〃,同じ欄の二,同上\n")
    assert [row["values"]["municipality"] for row in rows(report)] == ["真庭市", "真庭市"]


def test_nashi_is_a_pear_where_a_speciality_is_named(ingest: Ingest) -> None:
    report = ingest("pear.csv", "特産品,市区町村,備考\nなし,新見市,なし\n")
    assert rows(report)[0]["status"] == "valid"
    assert rows(report)[0]["values"]["resource"] == "なし"
    assert "remarks" not in rows(report)[0]["values"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",題,真庭市,33214,,2025-04-01,,", None),
        ("A,題二,,02302,,,,", "code_abolished"),
        ("A,題三,,33250,,,,", "code_unknown"),
        ("A,題四,真庭市,13206,,,,", "region_contradiction"),
        ("A,題五,府中市,,,,,", "region_ambiguous"),
        ("A,題六,真庭市,,,令和6年13月1日,,", "date_invalid"),
        ("A,題七,真庭市,,,31/02/2025,,", "date_invalid"),
        ("A,題八,真庭市,,1234567890123,,,", "corporate_number_invalid"),
        ("A,,真庭市,,,,,", "required_missing"),
        ("A,題九,,,,,,", "required_missing"),
        ("A,題十,真庭市,,,,,,あふれ", "row_ragged"),
        ("A,題\x00,真庭市,,,,,", "text_hostile"),
    ],
)
def test_the_rules_of_a_row(ingest: Ingest, line: str, code: str | None) -> None:
    report = ingest("rules.csv", f"団体名,課題名,市区町村,市区町村コード,法人番号,登録日,電話,備考\n{line}\n")
    assert (errors(report)[0] or [None])[0] == code, report.as_json()


def test_an_unknown_optional_region_is_dropped_with_a_warning(ingest: Ingest) -> None:
    report = ingest("region.csv", "団体名,技術名称,対象地域\n地域一,地域の技術,どこにもない町、真庭市内\n")
    assert rows(report)[0]["values"]["regions"] == ["33214"]
    assert "region_unknown" in [p.code for p in report.rows[0].problems]


def test_theme_names_an_issue_alone_and_a_theme_beside_its_title(ingest: Ingest) -> None:
    alone = ingest("theme.csv", "テーマ,市町村名\n文脈の雪,真庭市\n")
    beside = ingest("themes.csv", "課題名,テーマ,市町村名\n文脈の雪下ろし,雪・寒冷対策,真庭市\n")
    assert (alone.kind, rows(alone)[0]["values"]["issue"]) == ("issue", "文脈の雪")
    assert rows(beside)[0]["values"]["themes"] == ["雪・寒冷対策"]


ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(lines: list[list[str]], *, hidden: int = 0, extra: str = "") -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    made = ""
    for number, line in enumerate(lines, start=1):
        state = ' table:visibility="collapse"' if number == hidden else ""
        made += f"<table:table-row{state}>{''.join(cell.format(text) for text in line)}</table:table-row>"
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows=made + extra))
        manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        archive.writestr("META-INF/manifest.xml", manifest)
    return saved.getvalue()


def test_an_ods_file_with_a_hidden_row(ingest: Ingest) -> None:
    lines = [["課題名", "市区町村"], ["表計算の竹", "真庭市"], ["隠れた行", "真庭市"]]
    report = ingest("table.ods", ods(lines, hidden=3))
    assert [(row["row"], row["status"]) for row in rows(report)] == [(2, "valid")]
    assert [(s.row, s.reason) for s in report.skipped] == [(3, "hidden")]


def test_a_cell_that_repeats_beyond_all_sheets_is_refused_before_it_fills_the_memory(ingest: Ingest) -> None:
    bomb = '<table:table-row table:number-rows-repeated="900000"><table:table-cell office:value-type="string" '
    bomb += 'table:number-columns-repeated="900"><text:p>x</text:p></table:table-cell></table:table-row>'
    report = ingest("bomb.ods", ods([["課題名"], ["x"]], extra=bomb))
    assert report.file_error is not None
    assert report.file_error.code == "file_too_large"


def test_utf16_without_a_mark(ingest: Ingest) -> None:
    report = ingest("mark.csv", "課題名,市区町村\n印のない課題,真庭市\n".encode("utf-16-le"))
    assert rows(report)[0]["values"]["issue"] == "印のない課題"


def test_records_as_turtle(ingest: Ingest) -> None:
    turtle = f"""@prefix ces: <https://w3id.org/meguri/ces#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<{BASE}partner-ttl1> a ces:Partner ; rdfs:label "亀の会"@ja .
<{BASE}partner-ttl2> a ces:Partner ; rdfs:label "空白"@ja ; ces:activeIn [] .
<https://elsewhere.example/x> a ces:Partner .
"""
    report = ingest("records.ttl", turtle)
    assert [row.status for row in report.rows] == ["rejected", "valid", "rejected"]
    assert ingest("broken.ttl", "<a> <b> ").file_error is not None
