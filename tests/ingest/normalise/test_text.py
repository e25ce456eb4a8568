"""Cells as people leave them: folding, empties, names of companies, lists, languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise.text import cell_text, fold, label_key, language_of, organisation_name, split_list

# what Japanese spreadsheets are made of, next to whatever else Unicode has
MESSY = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("㈱①㌧ｱﾞｶﾞ　ー－〜\r\n \t/／、､")))


@given(MESSY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(MESSY)
def test_a_key_of_a_label_is_its_own_key(text: str) -> None:
    assert label_key(label_key(text)) == label_key(text)


@given(MESSY)
def test_a_name_made_readable_stays_so(text: str) -> None:
    assert organisation_name(organisation_name(text)) == organisation_name(text)


@given(st.lists(st.text("ａbアあ亜 1・(-", min_size=1, max_size=8)), st.sampled_from("、，､,;；／\n"))
def test_a_list_in_a_cell_comes_back_as_its_items(items: list[str], separator: str) -> None:
    expected = list(dict.fromkeys(text for item in items if (text := cell_text(item))))
    assert split_list(separator.join(items)) == expected


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ﾊﾞｲｵﾏｽ", "バイオマス"),
        ("ＢＤＦ", "BDF"),
        # a list keeps its order, and 2① does not become 21
        ("①回収 2①", "①回収 2①"),
        ("コ－ヒ－", "コーヒー"),
        ("ｺ-ﾋ-豆", "コ-ヒ-豆"),
        ("ｻｰﾊﾞ-", "サーバー"),
        ("㌧", "トン"),
        ("㎏", "kg"),
        ("1,200　トン", "1,200 トン"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("  前後の空白　", "前後の空白"),
        ("バイオ－ガス", "バイオ-ガス"),
        ("コーヒー", "コーヒー"),
    ],
)
def test_widths_signs_and_line_ends_are_folded(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "typed", ["", " ", "　", "-", "－", "―", "—", "ー", "−", "なし", "無し", "該当なし", "特になし"]
)
def test_the_ways_to_say_nothing_in_japanese_are_empty(typed: str) -> None:
    assert cell_text(typed) is None


@pytest.mark.parametrize("typed", ["N/A", "n/a", "Ｎ／Ａ", "NA", "None", "null", "TBD", "未定", "不明", "\u3000\r\n"])
def test_the_other_ways_to_say_nothing_are_empty(typed: str) -> None:
    assert cell_text(typed) is None


@pytest.mark.parametrize("typed", ["0", "いいえ", "無料", "なしの剪定枝", "None of the above"])
def test_what_says_something_is_kept(typed: str) -> None:
    assert cell_text(typed) == typed


@pytest.mark.parametrize(
    ("typed", "readable"),
    [
        ("㈱サンプル", "株式会社サンプル"),
        ("サンプル（株）", "サンプル株式会社"),
        ("サンプル(株)", "サンプル株式会社"),
        ("㈲ｻﾝﾌﾟﾙ商店", "有限会社サンプル商店"),
        ("（一社）循環協会", "一般社団法人循環協会"),
        ("(公財)みどり財団", "公益財団法人みどり財団"),
        ("Sample　Energy Co., Ltd.", "Sample Energy Co., Ltd."),
    ],
)
def test_company_signs_are_spelt_out_in_their_place(typed: str, readable: str) -> None:
    assert organisation_name(typed) == readable


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("廃食用油、竹", ["廃食用油", "竹"]),
        ("廃食用油，竹", ["廃食用油", "竹"]),
        ("廃食用油; 竹 ；生ごみ", ["廃食用油", "竹", "生ごみ"]),
        ("廃食用油／竹", ["廃食用油", "竹"]),
        ("廃食用油 / 竹", ["廃食用油", "竹"]),
        ("廃食用油\r\n竹\n", ["廃食用油", "竹"]),
        ("ﾁｸ､竹", ["チク", "竹"]),
        ("竹、竹、なし", ["竹"]),
        ("reuse/repair", ["reuse/repair"]),
        ("，、", []),
    ],
)
def test_the_separators_of_a_list(cell: str, items: list[str]) -> None:
    assert split_list(cell) == items


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("天ぷら油を捨てずに使いたい", "ja"),
        ("BDF", "en"),
        ("木質ペレットboilerのO&M (CHP, ORC)", "ja"),
        ("Kamikatsu (上勝町) sorts its waste into 45 kinds and reuses most of it", "en"),
        ("ﾊﾞｲｵｶﾞｽ", "ja"),
        ("", "en"),
        ("2025", "en"),
    ],
)
def test_the_language_of_a_text(text: str, lang: str) -> None:
    assert language_of(text) == lang


@pytest.mark.parametrize(
    ("typed", "folded"), [("ハ゛イオ", "バイオ"), ("フ゜ラ", "プラ"), ("2½", "2½"), ("㌧袋", "トン袋"), ("km²", "km2")]
)
def test_marks_apart_and_fractions(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("〔株〕みどり", "株式会社みどり"),
        ("［有］みどり", "有限会社みどり"),
        ("みどり（株式会社）", "みどり株式会社"),
        ("（社福）みどり会", "社会福祉法人みどり会"),
        ("（NPO法人）みどり", "特定非営利活動法人みどり"),
    ],
)
def test_more_signs_of_legal_forms(typed: str, name: str) -> None:
    assert organisation_name(typed) == name
