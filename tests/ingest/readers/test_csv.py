"""CSV and TSV as offices save them: encodings, quotes, titles above the header, ragged rows."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.limits import Limits
from ingest.readers.csv_reader import read_csv
from ingest.readers.encoding import decode
from ingest.readers.table import Row
from tests.ingest.support import COLUMNS, rows_of

TABLE = "団体名,技術名称,概要\r\n株式会社サンプル,廃油の燃料化,天ぷら油を集めて燃料にする\r\n"
CELLS: dict[str, object] = {
    "団体名": "株式会社サンプル",
    "技術名称": "廃油の燃料化",
    "概要": "天ぷら油を集めて燃料にする",
}
PROSE = st.text(
    st.sampled_from("あいうアイウー、。竹林放置廃食用油資源循環地域企業自治体令和年月日BDF123 "),
    min_size=1,
    max_size=200,
)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_every_encoding_of_japanese_offices_is_read(csv: Path, encoding: str) -> None:
    assert rows_of(csv, TABLE.encode(encoding)) == [Row(2, CELLS)]


@pytest.mark.parametrize(("encoding", "bom"), [("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)])
def test_utf_16_of_both_byte_orders(csv: Path, encoding: str, bom: bytes) -> None:
    assert rows_of(csv, bom + TABLE.encode(encoding)) == [Row(2, CELLS)]


@pytest.mark.parametrize("encoding", ["cp932", "euc_jis_2004"])
def test_signs_of_vendors_survive_legacy_encodings(csv: Path, encoding: str) -> None:
    (row,) = rows_of(csv, TABLE.replace("株式会社", "㈱").replace("集めて", "①㌧").encode(encoding))
    assert (row.cells["団体名"], row.cells["概要"]) == ("㈱サンプル", "天ぷら油を①㌧燃料にする")


@given(PROSE, st.sampled_from(["cp932", "euc_jp"]))
def test_legacy_encodings_of_japanese_prose_are_told_apart(prose: str, encoding: str) -> None:
    text = f"団体名,技術名称,概要\n{prose}"
    assert decode(text.encode(encoding), "prose.csv") == text


def test_half_width_katakana_in_cp932(csv: Path) -> None:
    (row,) = rows_of(csv, "団体名,技術名称\nｻﾝﾌﾟﾙ,ﾊﾞｲｵｶﾞｽ\n".encode("cp932"))
    assert row.cells == {"団体名": "ｻﾝﾌﾟﾙ", "技術名称": "ﾊﾞｲｵｶﾞｽ"}


@pytest.mark.parametrize(("name", "delimiter"), [("t.tsv", "\t"), ("t.csv", "\t"), ("t.csv", ";"), ("t.csv", ",")])
def test_delimiters(tmp_path: Path, name: str, delimiter: str) -> None:
    assert rows_of(tmp_path / name, TABLE.replace(",", delimiter).encode()) == [Row(2, CELLS)]


def test_a_title_without_delimiter_does_not_hide_the_one_of_the_table(csv: Path) -> None:
    text = "令和7年度, 技術の一覧, 見本\n" + TABLE.replace(",", ";").replace("集めて", "集め,ろ過し,")
    (row,) = rows_of(csv, text.encode())
    assert row.cells["概要"] == "天ぷら油を集め,ろ過し,燃料にする"


def test_titles_and_notes_stand_above_the_header(csv: Path) -> None:
    above = "技術シーズ一覧（令和7年度）,,\n※団体名は正式名称で,,\n,,\n"
    assert rows_of(csv, (above + TABLE).encode()) == [Row(5, CELLS)]


def test_line_ends_separators_and_quotes_inside_a_quoted_cell(csv: Path) -> None:
    text = '団体名,概要\n甲,"一行目\n二行目, ""続き"""\n乙,次\n'
    rows = rows_of(csv, text.encode())
    assert [(row.number, row.cells["概要"]) for row in rows] == [(2, '一行目\n二行目, "続き"'), (3, "次")]


def test_blank_rows_count_and_do_not_appear(csv: Path) -> None:
    rows = rows_of(csv, "団体名,概要\n\n甲,一\n,\n　, \n乙,二\n".encode())
    assert [(row.number, row.cells["団体名"]) for row in rows] == [(3, "甲"), (6, "乙")]


def test_values_beyond_the_header_make_a_row_ragged(csv: Path) -> None:
    rows = rows_of(csv, "団体名,概要\n甲,一,二,三\n乙,一,,\n丙\n".encode())
    assert [row.extra for row in rows] == [["二", "三"], [], []]
    assert rows[2].cells == {"団体名": "丙"}


def test_a_header_that_stands_twice_loses_no_value(csv: Path) -> None:
    (row,) = rows_of(csv, "団体名,備考,備考\n甲,一,二\n".encode())
    assert (row.cells, row.extra) == ({"団体名": "甲", "備考": "一", "備考 #2": "二"}, [])


def test_old_macintosh_line_ends(csv: Path) -> None:
    assert rows_of(csv, TABLE.replace("\r\n", "\r").encode()) == [Row(2, CELLS)]


def test_a_formula_is_text(csv: Path) -> None:
    (row,) = rows_of(csv, '団体名,概要\n甲,"=HYPERLINK(""http://x"")"\n'.encode())
    assert row.cells["概要"] == '=HYPERLINK("http://x")'


def test_a_large_cell_is_for_the_row_to_refuse_not_for_the_reader(csv: Path) -> None:
    (row,) = rows_of(csv, f"団体名,概要\n甲,{'あ' * 200_000}\n".encode(), Limits(cell_bytes=1_000))
    assert len(str(row.cells["概要"])) == 200_000


@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.text('a,"\n\t;'))
    )
)
def test_what_a_csv_writer_wrote_is_read_back(pairs: list[tuple[str, str]]) -> None:
    quoted = ((cell.replace('"', '""') for cell in pair) for pair in pairs)
    text = '"団体名","概要"\n' + "".join(f'"{left}","{right}"\n' for left, right in quoted) + "終,わり\n"
    rows = list(read_csv(text.encode(), "written.csv", COLUMNS.known(), Limits()))
    expected = [pair for pair in pairs if any(cell.strip() for cell in pair)]
    assert [tuple(row.cells.values()) for row in rows] == [*expected, ("終", "わり")]
