"""Names are linked to the region that their document means; names of people, stations and companies are none."""

from __future__ import annotations

import pytest

from ingest.extraction.extractor import Extractor


def regions(extractor: Extractor, text: str, about: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    return [(m.text, m.code) for m in extractor.extract(text, about).mentions if m.kind == "region"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("長野県飯田市で集めた。", [("長野県飯田市", "20205")]),
        ("長野県南佐久郡川上村の畑。", [("長野県南佐久郡川上村", "20304")]),
        ("広島県の山あい。府中市では家具を作る。", [("広島県", "34"), ("府中市", "34208")]),
        ("府中市（東京都）の公園。", [("府中市", "13206"), ("東京都", "13")]),
        ("福島県と伊達市は協定を結んだ。", [("福島県", "07"), ("伊達市", "07213")]),
        ("飯田市の計画。飯田では桜が咲く。", [("飯田市", "20205"), ("飯田", "20205")]),
        ("札幌市北区の団地。", [("札幌市", "01100")]),
        ("大津市場の競り。", []),
        ("飯田駅で千葉さんと山口氏が会った。", []),
        ("川崎重工と高知銀行の神戸牛。", []),
        ("京都府亀岡市と同市の事業者", [("京都府亀岡市", "26206"), ("同市", "26206")]),
        ("長野県内の市町村", [("長野県", "20")]),
    ],
)
def test_japanese_names(extractor: Extractor, text: str, expected: list[tuple[str, str]]) -> None:
    assert regions(extractor, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A plant in Iida City.", [("Iida City", "20205")]),
        ("The mills of Maniwa, Okayama, burn bark.", [("Maniwa, Okayama", "33214")]),
        ("Waste in Kochi Prefecture and in Maniwa.", [("Kochi Prefecture", "39"), ("Maniwa", "33214")]),
        ("They moved from Nagano to the coast.", [("Nagano", "20")]),
        ("The City of Iida and Fuchu City, Hiroshima", [("City of Iida", "20205"), ("Fuchu City, Hiroshima", "34208")]),
        ("Mr Nagano left Iida Station for Osaka University.", []),
        ("The date of the meeting is near.", []),
        ("Date, Hokkaido, collects film.", [("Date, Hokkaido", "01233")]),
    ],
)
def test_english_names(extractor: Extractor, text: str, expected: list[tuple[str, str]]) -> None:
    assert regions(extractor, text) == expected


def test_a_document_s_own_region_is_meant_by_this_city(extractor: Extractor) -> None:
    assert regions(extractor, "本市では、本県の支援を受ける。", ("20205",)) == [("本市", "20205"), ("本県", "20")]
    assert regions(extractor, "# 真庭市の計画\n\n本市の山は広い。")[-1] == ("本市", "33214")
    assert regions(extractor, "Our city is large.", ("33214",)) == [("Our city", "33214")]
    assert regions(extractor, "本市の山は広い。") == []


def test_of_two_places_of_one_name_none_is_chosen_without_a_reason(extractor: Extractor) -> None:
    assert regions(extractor, "府中市の公園。") == []
    assert regions(extractor, "府中市の公園。", ("13206",)) == [("府中市", "13206")]
