"""What unseen files of offices showed: headers made of several, header lines, rows that are no records, cells."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest

from ingest.kept_fields import kept_fields
from ingest.makers import MAKERS
from ingest.normalise.amounts import parse_amount
from ingest.organisations import Organisations
from ingest.problems import Problems
from ingest.report import FileReport
from ingest.resolver import Resolver
from ingest.values import contact_data
from ingest.vocabulary import Vocabulary
from kg.iris import Kind
from tests.ingest.conftest import Ingest
from tests.ingest.support import BASE, COLUMNS, xlsx


def codes(report: FileReport, row: int = 0) -> list[str]:
    assert report.file_error is None, report.file_error
    return [p.code for p in list(report.rows)[row].problems if "Shape-" not in p.code]


def values(report: FileReport, row: int = 0) -> dict[str, Any]:
    assert report.file_error is None, report.file_error
    return report.as_json()["rows"][row]["values"]  # type: ignore[index,no-any-return]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("企業名／団体名", "organisation"),
        ("課題の概要／内容", "description"),
        ("市区町村コード/団体コード", "jis_code"),
        ("法人番号 / Corporate number", "corporate_number"),
        ("対象地域 Target region", "regions"),
        ("Organization 団体名", "organisation"),
        ("貴団体名", "organisation"),
        ("課題のタイトル", "issue"),
        ("Name of organization", "organisation"),
        ("目標値（t）", "target_value"),
        ("LGコード", "jis_code"),
        ("都道府県・市区町村", "municipality"),
        ("電話・メール", None),
        ("団体名（カナ）", None),
        ("発生量（t）", None),
    ],
)
def test_headers_made_of_several(header: str, field: str | None) -> None:
    assert COLUMNS.field(header) == field


def test_the_second_line_of_a_header_may_name_amounts(ingest: Ingest) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (
        ["市区町村", "資源名", "賦存量", None],
        [None, None, "量(t/年)", "面積(ha)"],
        ["真庭市", "二段の竹材", 1200, 3.5],
    ):
        sheet.append(row)
    for cells in ("A1:A2", "B1:B2", "C1:D1"):
        sheet.merge_cells(cells)
    saved = io.BytesIO()
    book.save(saved)
    report = ingest("two-lines.xlsx", saved.getvalue())
    assert [row.row for row in report.rows] == [3]
    assert values(report)["amounts"] == [
        {"header": "量(t/年)", "value": 1200, "unit": "t/年"},
        {"header": "面積(ha)", "value": 3.5, "unit": "ha"},
    ]


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("【合計】", "total"),
        ("岡山県 計", "total"),
        ("平均", "total"),
        ("注1 法人番号は13桁", "note"),
        ("（以上）", "note"),
        ("以下余白", "note"),
        ("出典：総務省", "note"),
        ("（記載例）", "example"),
        ("甲市（記入例）", "example"),
        ("（サンプル）", "example"),
        ("山田会計", None),
        ("統計課", None),
        ("注文住宅協会", None),
        ("総合計画課", None),
    ],
)
def test_rows_that_are_no_records(ingest: Ingest, first: str, reason: str | None) -> None:
    rows = [["団体名", "課題名", "市区町村", "件数(件)"], ["甲市", "行の竹", "真庭市", 1], [first, None, None, 3]]
    report = ingest("roles.xlsx", xlsx({"表": rows}))
    assert [(s.row, s.reason) for s in report.skipped] == ([(3, reason)] if reason else [])


def test_a_header_printed_again_is_found_though_its_lines_break(ingest: Ingest) -> None:
    header = [None, "課題名 (必須)", "市区町村", "課題の概要\n（200字）"]
    rows = [header, [None, "再掲の竹", "真庭市", "x"], header, ["以上"]]
    report = ingest("again.xlsx", xlsx({"表": rows}))
    assert [(s.row, s.reason) for s in report.skipped] == [(3, "header"), (4, "note")]
    assert report.columns == []


def test_a_sheet_of_choices_registers_nobody(ingest: Ingest) -> None:
    book = xlsx({"課題": [["課題名", "市区町村"], ["選択の竹", "真庭市"]], "選択肢": [["企業"], ["大学"], ["自治体"]]})
    report = ingest("choices.xlsx", book)
    assert [row.sheet for row in report.rows] == ["課題"]
    assert [(p.code, p.field) for p in report.columns] == [("sheet_unknown", "選択肢")]


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("一千二百トン", 1200, "t"),
        ("二十五ha", 25, "ha"),
        ("五割", 50, "%"),
        ("百万円", 1_000_000, "円"),
        ("年間約500トン", 500, "t"),
        ("¥1,000,000", 1_000_000, "円"),
        ("1.2 million yen", 1_200_000, "yen"),
        ("100 tons per year", 100, "t/year"),
        ("300トン/年（令和5年度）", 300, "t/年"),
        ("10平方キロメートル", 10, "km2"),
    ],
)
def test_amounts_in_words(typed: str, value: int, unit: str) -> None:
    amount = parse_amount("量", typed)
    assert (amount.value, amount.unit) == (value, unit)


@pytest.mark.parametrize("typed", ["一般", "百貨店", "千葉", "三重県", "四万十市", "数十トン", "二三十トン"])
def test_words_that_begin_with_a_number_are_no_amounts(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_amount("量", typed)


@pytest.mark.parametrize(
    ("typed", "day", "code"),
    [
        ("平成31年", "2019-01-01", ["date_year"]),
        ("令和元年", "2019-05-01", ["date_year"]),
        ("2025年", "2025-01-01", ["date_year"]),
        ("FY2025", "2025-04-01", ["date_fiscal_year"]),
        ("令和7年度末", "2026-03-31", ["date_last_day"]),
        ("2024年2月末日", "2024-02-29", ["date_last_day"]),
        ("令和7年末", "2025-12-31", ["date_last_day"]),
        ("令和7年4月上旬", "2025-04-01", ["date_year_month"]),
        ("無期限", None, ["date_open"]),
        ("9999/12/31", None, ["date_open"]),
        ("'2025-04-01", "2025-04-01", []),
        ("来年の春", None, ["date_invalid"]),
    ],
)
def test_dates_that_name_no_day(ingest: Ingest, typed: str, day: str | None, code: list[str]) -> None:
    report = ingest("days.csv", f"課題名,市区町村,登録日\n日のない課題{typed},真庭市,{typed}\n")
    found = [found for found in codes(report) if found.startswith("date_")]
    assert (values(report).get("registered"), found) == (day, code)


def test_cells_that_were_marked_as_text(ingest: Ingest) -> None:
    report = ingest(
        "text.csv", '課題名,団体コード,電話番号\n文字の竹,="01100",="""09012345678"""\n文字の油,\'011002,\n'
    )
    assert [values(report, row)["jis_code"] for row in (0, 1)] == ["01100", "01100"]


@pytest.mark.parametrize(
    ("line", "code", "regions"),
    [
        ("甲社,地の一,真庭市,13206", ["region_contradiction"], None),
        ("甲社,地の二,岡山県,33214", [], ["33214", "33"]),
        ("真庭市,地の三,,13206", ["region_contradiction"], None),
        ("真庭市,地の四,,33214", [], ["33214"]),
        ("岡山県,地の五,,33214", [], ["33214"]),
        ("甲社,地の六,岡山県（真庭市、津山市）,", [], ["33214", "33203"]),
        ("甲社,地の七,全国（離島を除く）,", [], None),
        ('甲社,地の八,"Maniwa City, Okayama",', [], ["33214"]),
        ("甲社,地の九,四国4県,", [], ["block-shikoku"]),
    ],
)
def test_places_and_their_codes(ingest: Ingest, line: str, code: list[str], regions: list[str] | None) -> None:
    report = ingest("places.csv", f"団体名,技術名称,対象地域,団体コード\n{line}\n")
    assert codes(report) == code
    if not code:
        assert values(report).get("regions") == regions


def test_a_target_keeps_the_unit_that_stands_with_it(ingest: Ingest) -> None:
    report = ingest(
        "targets.csv",
        "目標名,団体名,会員区分,入会日,目標値\n単位一,単位の会,企業,R6.4.1,1.2万t\n単位二,単位の会,企業,R6.4.1,約3割\n",
    )
    assert [(values(report, n)["target_value"], values(report, n)["target_unit"]) for n in (0, 1)] == [
        (12000, "t"),
        (30, "%"),
    ]


def test_members_that_are_only_named_have_commitments(ingest: Ingest) -> None:
    report = ingest("members.json", '[{"name": "名だけの会員", "member_kind": "company", "joined": "2024-04-01"}]')
    assert report.kind == "commitment"
    assert (codes(report), values(report)["organisation"]) == ([], "名だけの会員")


def test_a_hostile_cell_of_a_required_field_is_one_problem(ingest: Ingest) -> None:
    report = ingest("one.csv", "課題名,市区町村\n題\x00,真庭市\n")
    assert [(p.field, p.code) for p in next(iter(report.rows)).problems] == [("issue", "text_hostile")]


def test_columns_that_a_kind_does_not_keep_are_reported(ingest: Ingest) -> None:
    report = ingest("kept.csv", "課題名,市区町村,技術成熟度,会員区分\n残らない竹,真庭市,TRL7,\n")
    assert [(p.code, p.field) for p in report.columns] == [("column_not_kept", "技術成熟度")]


class _Asked(dict[str, object]):
    """A row that has every field, and remembers which of them were asked for."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(COLUMNS.type_of, "x") | {"regions": ["33214"], "partners": ["x"]})
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> object:
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> object:
        self.asked.add(key)
        return super().__getitem__(key)


@pytest.mark.parametrize("kind", list(MAKERS))
def test_the_kept_columns_are_those_that_records_are_made_of(kind: Kind, vocabulary: Vocabulary) -> None:
    row = _Asked()
    MAKERS[kind].fields(Resolver(BASE, vocabulary, Organisations(BASE), row, Problems()))
    assert row.asked <= kept_fields(kind)


@pytest.mark.parametrize(
    "typed", ["Ｎ／Ａ", "ｎ／ａ", "該当無", "特段なし", "とくになし", "To be determined", "-none-", "該当なし（未定）"]
)
def test_more_of_the_many_empties(ingest: Ingest, typed: str) -> None:
    report = ingest(
        "empties.csv",
        f"団体名,技術名称,概要,対象地域,法人番号,登録日\n空の社,空の技{typed},{typed},{typed},{typed},{typed}\n",
    )
    assert not {"description", "regions", "corporate_number", "registered"} & values(report).keys()
    assert [code for code in codes(report) if not code.startswith("duplicate")] == []


def test_an_impossible_date_tells_no_order(ingest: Ingest) -> None:
    lines = [f"順の課題{n},真庭市,{day}\n" for n, day in enumerate(["31/02/2025", "12/31/2024", "05/06/2025"])]
    report = ingest("no-order.csv", "課題名,市区町村,登録日\n" + "".join(lines))
    assert codes(report) == ["date_invalid"]
    assert (values(report, 2)["registered"], codes(report, 2)) == ("2025-05-06", [])


@pytest.mark.parametrize("words", ["申請中", "個人事業主", "取得中"])
def test_who_has_no_corporate_number_yet_is_not_rejected(ingest: Ingest, words: str) -> None:
    report = ingest("no-number.csv", f"団体名,法人番号,会員区分\n番号前の{words},{words},企業\n")
    assert codes(report) == ["corporate_number_none"]


def test_a_ditto_mark_below_nothing_is_empty(ingest: Ingest) -> None:
    assert "remarks" not in values(ingest("ditto-top.csv", "課題名,市区町村,備考\n頭の同上,真庭市,〃\n"))


def test_a_json_file_with_several_lists(ingest: Ingest) -> None:
    content = """{"technologies": [{"organization": "複数の社", "name": "複数の技", "regions": ["33214"]}],
                  "issues": [{"issue": "複数の課題", "municipality": "真庭市"}]}"""
    report = ingest("lists.json", content)
    assert [(row.sheet, row.row, row.status) for row in report.rows] == [
        ("technologies", 1, "valid"),
        ("issues", 1, "valid"),
    ]
    assert values(report)["technology"] == "複数の技"


@pytest.mark.parametrize("name", ["twice.json", "twice.yaml"])
def test_a_key_that_is_there_twice_is_told(ingest: Ingest, name: str) -> None:
    line = f'"課題名": "先の{name}", "課題名": "後の{name}", "市区町村": "真庭市"'
    report = ingest(name, "[{" + line + "}]")
    assert (values(report)["issue"], codes(report)) == (f"先の{name}", ["field_repeated"])


RECORD = {
    "id": f"{BASE}technology-ld1",
    "type": "Technology",
    "label": {"ja": "連結の技", "en": "Linked"},
    "offeredBy": [f"{BASE}partner-ld1"],
    "availableIn": ["https://w3id.org/meguri/region/33214"],
}
PARTNER = {"id": f"{BASE}partner-ld1", "type": "Partner", "label": {"ja": "連結の社"}}


def test_records_under_a_graph_with_their_values(ingest: Ingest) -> None:
    context = "https://w3id.org/meguri/ontology/context.jsonld"
    report = ingest("graph.jsonld", json.dumps({"@context": context, "@graph": [PARTNER, RECORD]}))
    assert [(row.row, row.status) for row in report.rows] == [(1, "valid"), (2, "valid")], report.as_json()
    assert values(report, 0)["organisation"] == "連結の社"
    assert values(report, 1)["technology"] == "連結の技"
    assert values(report, 1)["regions"] == ["33214"]


@pytest.mark.parametrize(("text", "code"), [("x" * 2**20, "cell_too_large"), ("a\x00b", "text_hostile")])
def test_the_rules_of_a_cell_hold_in_the_exchange_format(ingest: Ingest, text: str, code: str) -> None:
    report = ingest("large.jsonld", json.dumps(PARTNER | {"description": {"ja": text}}))
    assert code in codes(report)


def test_the_department_of_an_offer_is_contact_data() -> None:
    assert contact_data({"department": "環境課", "phone": "03-1234-5678"}) == {"phone": "03-1234-5678"}
    assert contact_data({"department": "環境課"}, with_department=True) == {"department": "環境課"}


def test_a_value_below_a_blank_header_of_a_csv_is_told_and_does_not_reject_its_row(ingest: Ingest) -> None:
    report = ingest("blank-header.csv", "課題名,市区町村,\n無名の竹,真庭市,メモ\n無名の油,真庭市,\n")
    assert [row.status for row in report.rows] == ["valid", "valid"]
    assert [(p.code, p.field) for p in report.columns] == [("column_unnamed", "[C]")]
