"""The register as the rest of Meguri asks it."""

from __future__ import annotations

from collections import Counter

import pytest

from ingest.regions.codes import CodeError, check_digit
from ingest.regions.names import key
from ingest.regions.register import NoLocationError, RegionRegister, UnknownRegionError, distance_km


@pytest.fixture(scope="module")
def register() -> RegionRegister:
    return RegionRegister.load()


def codes(register: RegionRegister, name: str, prefecture: str | None = None) -> list[str]:
    return [region.code for region in register.find(name, prefecture)]


def test_counts(register: RegionRegister) -> None:
    kinds = Counter(region.kind for region in register)
    assert kinds["country"] == 1
    assert kinds["block"] == 8
    assert kinds["prefecture"] == 47
    assert sum(region.is_municipality for region in register) == 1741
    assert kinds["city"] + kinds["designatedCity"] == 792
    assert (kinds["designatedCity"], kinds["specialWard"]) == (20, 23)
    assert (kinds["town"], kinds["village"]) == (743, 183)
    assert len(register) == 1797


def test_codes_are_unique_and_carry_the_right_check_digit(register: RegionRegister) -> None:
    coded = [region for region in register if region.code6]
    assert len({region.code6 for region in coded}) == len(coded) == 1741 + 47
    for region in coded:
        assert region.code6[5] == check_digit(region.code6[:5])
        assert region.code6.startswith(region.code)


def test_every_region_but_japan_lies_in_one_that_exists(register: RegionRegister) -> None:
    for region in register:
        if region.code == "JP":
            assert region.parent is None
        else:
            assert register.ancestors(region.code)[-1].code == "JP"


def test_every_municipality_has_a_place_in_japan(register: RegionRegister) -> None:
    for region in register:
        if region.is_municipality or region.kind == "prefecture":
            assert region.lat is not None and 20 < region.lat < 46
            assert region.lon is not None and 122 < region.lon < 154


def test_every_name_has_kana_and_romaji(register: RegionRegister) -> None:
    for region in register:
        assert key(region.kana) == region.kana
        assert region.romaji.isascii()
        assert region.name_en.isascii()


def test_folding_keeps_municipalities_of_one_prefecture_apart(register: RegionRegister) -> None:
    full = Counter((region.parent, key(region.name)) for region in register)
    assert full.most_common(1)[0][1] == 1


def test_ancestors_and_descendants(register: RegionRegister) -> None:
    assert [r.code for r in register.ancestors("13206")] == ["13", "block-kanto", "JP"]
    assert register.ancestors("JP") == []
    assert len(register.descendants("13")) == 62
    assert len(register.descendants("JP")) == 1796
    assert [r.code for r in register.descendants("block-shikoku") if r.kind == "prefecture"] == ["36", "37", "38", "39"]
    assert register.descendants("13206") == []


@pytest.mark.parametrize(
    ("prefecture", "block"),
    [("15", "chubu"), ("19", "chubu"), ("24", "kinki"), ("08", "kanto"), ("35", "chugoku"), ("47", "kyushu-okinawa")],
)
def test_prefectures_lie_in_the_usual_blocks(register: RegionRegister, prefecture: str, block: str) -> None:
    assert register.ancestors(prefecture)[0].code == f"block-{block}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("府中市", ["13206", "34208"]),
        ("伊達市", ["01233", "07213"]),
        ("東京都府中市", ["13206"]),
        ("福島県 伊達市", ["07213"]),
        ("府中", []),
        ("長野県", ["20"]),
        ("長野", ["20"]),
        ("北海道", ["01"]),
        ("北海道地方", ["block-hokkaido"]),
        ("九州", ["block-kyushu-okinawa"]),
        ("中国", []),
        ("中国地方", ["block-chugoku"]),
        ("日本", ["JP"]),
        ("西多摩郡檜原村", ["13307"]),
        ("東京都西多摩郡桧原村", ["13307"]),
        ("伊達郡桑折町", ["07301"]),
        ("大和郡山市", ["29203"]),
        ("郡上市", ["21219"]),
        ("鎌ヶ谷市", ["12224"]),
        ("竜ヶ崎市", ["08208"]),
        ("四条畷市", ["27229"]),
        ("ﾆｾｺ町", ["01395"]),
        ("ふちゅうし", ["13206", "34208"]),
        ("フチュウシ", ["13206", "34208"]),
        ("横浜市鶴見区", ["14100"]),
        ("静岡県浜松市浜名区", ["22130"]),
        ("港区", ["13103"]),
        ("存在しない町", []),
        ("", []),
        (",", []),
    ],
)
def test_find_in_japanese(register: RegionRegister, name: str, expected: list[str]) -> None:
    assert codes(register, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Fuchu City", ["13206", "34208"]),
        ("fuchu", ["13206", "34208", "34302"]),
        ("Fuchū-shi", ["13206", "34208"]),
        ("Fuchu, Tokyo", ["13206"]),
        ("Fuchu City, Hiroshima Prefecture, Japan", ["34208"]),
        ("Ｆｕｃｈｕ　Ｃｉｔｙ", ["13206", "34208"]),
        ("Nagano", ["20", "20201"]),
        ("Nagano Prefecture", ["20"]),
        ("nagano-ken", ["20"]),
        ("Tokyo", ["13"]),
        ("Hokkaido Prefecture", ["01"]),
        ("Shibuya City", ["13113"]),
        ("Shibuya Ward", ["13113"]),
        ("Gotemba", ["22215"]),
        ("Kutchan-cho", ["01400"]),
        ("toukamachi", []),
        ("tookamachi", ["15210"]),
        ("bungo ono", ["44212"]),
        ("Kansai", ["block-kinki"]),
        ("Japan", ["JP"]),
        ("Fuchu, Atlantis", []),
    ],
)
def test_find_in_english(register: RegionRegister, name: str, expected: list[str]) -> None:
    assert codes(register, name) == expected


def test_find_within_a_larger_region(register: RegionRegister) -> None:
    assert codes(register, "府中市", "広島県") == ["34208"]
    assert codes(register, "府中市", "13") == ["13206"]
    assert codes(register, "Fuchu City", "Chugoku") == ["34208"]
    assert codes(register, "府中市", "長野県") == []
    assert codes(register, "府中市", "アトランティス") == []
    assert codes(register, "長野", "長野県") == ["20"]


def test_the_village_of_tomari_is_the_one_with_an_office(register: RegionRegister) -> None:
    """泊村 of Kunashiri (01696) has a code but is not among the 1,741; 泊村 of Tottori (31362) merged in 2004."""
    assert codes(register, "泊村") == ["01403"]
    assert codes(register, "北海道古宇郡泊村") == ["01403"]
    assert codes(register, "国後郡泊村") == []
    assert codes(register, "北海道国後郡泊村") == []
    assert register.by_code("01696") is None
    assert register.resolve("01696") is None
    assert [r.name for r in register.successors("31362")] == ["湯梨浜町"]


def test_every_label_and_every_full_name_finds_its_region(register: RegionRegister) -> None:
    for region in register:
        assert region in register.find(region.name)
        assert region in register.find(region.name_en)
        if region.is_municipality and region.parent:
            prefecture = register.by_code(region.parent)
            assert prefecture is not None
            assert register.find(prefecture.name + region.name) == [region]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("13206", "13206"),
        ("１３２０６３", "13206"),
        ("1100", "01100"),
        ("11002", "01100"),
        ("13455", "01345"),  # as a 5-digit code it names nothing
        ("13", "13"),
        ("14101", "14100"),  # 横浜市鶴見区
        ("22131", "22130"),  # 旧 浜松市中区
        ("22135", "22130"),  # 旧 浜松市北区, divided between two wards of one city
        ("22138", "22130"),
        ("22218", "22130"),  # 浜北市 → 浜松市(22202) → 浜松市(22130)
        ("22382", "22100"),  # 蒲原町 → 静岡市清水区
        ("11226", "11203"),  # 鳩ケ谷市 → 川口市
        ("01488", "01520"),  # 幌延町 changed its subprefecture
        ("13999", None),
        ("13299", None),
    ],
)
def test_resolve_leads_to_present_regions(register: RegionRegister, text: str, code: str | None) -> None:
    if text == "13999":
        with pytest.raises(CodeError):
            register.resolve(text)
        return
    region = register.resolve(text)
    assert (region and region.code) == code


def test_lost_zeros_of_real_codes_are_understood_but_where_the_text_is_another_place(register: RegionRegister) -> None:
    """Excel makes 12106 of 岩見沢市 (012106), but 12106 is also 千葉市美浜区: only the column can tell."""
    ambiguous = set()
    for region in register:
        if region.is_municipality and region.code.startswith("0"):
            text = region.code6[1:]
            assert register.resolve(text, with_check_digit=True) == region
            if register.resolve(text) != region:
                assert register.successors(text), text
                ambiguous.add(region.name)
    assert "岩見沢市" in ambiguous
    assert len(ambiguous) == 15


def test_distances(register: RegionRegister) -> None:
    near = register.within_km("13206", 6)
    assert near[0][0].name in ("国立市", "国分寺市", "多摩市", "小金井市")
    assert [km for _, km in near] == sorted(km for _, km in near)
    assert "13206" not in {region.code for region, _ in near}
    tokyo, osaka = register.by_code("13"), register.by_code("27")
    assert tokyo is not None and osaka is not None
    assert distance_km(tokyo, osaka) == pytest.approx(397, abs=5)
    assert distance_km(tokyo, tokyo) == 0


def test_unknown_and_unlocated_regions_are_refused(register: RegionRegister) -> None:
    for ask in (register.ancestors, register.descendants, lambda code: register.within_km(code, 1)):
        with pytest.raises(UnknownRegionError):
            ask("99999")
    with pytest.raises(NoLocationError):
        register.within_km("block-kanto", 10)
