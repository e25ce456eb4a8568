"""Reads the regions out of japancode, the only place that knows that package's shape and its gaps.

japancode 0.1.0 (MIT; its data from code4fukui/localgovjp, CC0) drops leading zeros of codes, mixes the wards
of designated cities with the municipalities, still lists the wards that Hamamatsu abolished on 2024-01-01, and
gives prefectures no location: those get the location of their seat. It has no blocks and no country; these
come from the usual eight-block division of Japan (八地方区分).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any, cast

from ingest.regions.codes import check_digit
from ingest.regions.model import Region
from ingest.regions.romaji import romaji, stem

#: What the register must hold; anything else means that the source has changed.
EXPECTED_PREFECTURES, EXPECTED_MUNICIPALITIES = 47, 1741

#: The six villages of the Northern Territories have codes, but no offices: they are not among the 1,741.
NORTHERN_TERRITORIES = frozenset({"01695", "01696", "01697", "01698", "01699", "01700"})

_JAPAN = Region("JP", "", "country", "日本", "にほん", "Nihon", "Japan", None, None, None)

# (code, name, kana, romaji, English, first prefecture, last prefecture)
_BLOCKS = (
    ("hokkaido", "北海道地方", "ほっかいどうちほう", "Hokkaido-chiho", "Hokkaido Region", 1, 1),
    ("tohoku", "東北地方", "とうほくちほう", "Tohoku-chiho", "Tohoku Region", 2, 7),
    ("kanto", "関東地方", "かんとうちほう", "Kanto-chiho", "Kanto Region", 8, 14),
    ("chubu", "中部地方", "ちゅうぶちほう", "Chubu-chiho", "Chubu Region", 15, 23),
    ("kinki", "近畿地方", "きんきちほう", "Kinki-chiho", "Kinki Region", 24, 30),
    ("chugoku", "中国地方", "ちゅうごくちほう", "Chugoku-chiho", "Chugoku Region", 31, 35),
    ("shikoku", "四国地方", "しこくちほう", "Shikoku-chiho", "Shikoku Region", 36, 39),
    (
        "kyushu-okinawa",
        "九州・沖縄地方",
        "きゅうしゅう・おきなわちほう",
        "Kyushu-Okinawa-chiho",
        "Kyushu-Okinawa Region",
        40,
        47,
    ),
)

#: The seats of prefectural government that are not the city of the prefecture's own name.
SEATS = {
    "01": "札幌市",
    "03": "盛岡市",
    "04": "仙台市",
    "08": "水戸市",
    "09": "宇都宮市",
    "10": "前橋市",
    "11": "さいたま市",
    "13": "新宿区",
    "14": "横浜市",
    "17": "金沢市",
    "19": "甲府市",
    "23": "名古屋市",
    "24": "津市",
    "25": "大津市",
    "28": "神戸市",
    "32": "松江市",
    "37": "高松市",
    "38": "松山市",
    "47": "那覇市",
}

# kana of the kind, its romaji, for each last character of a name
_KIND_READINGS = {
    "市": (("し", "shi"),),
    "区": (("く", "ku"),),
    "町": (("ちょう", "cho"), ("まち", "machi")),
    "村": (("むら", "mura"), ("そん", "son")),
}
_KINDS = {
    "市": ("city", "City"),
    "区": ("specialWard", "Ward"),
    "町": ("town", "Town"),
    "村": ("village", "Village"),
}
_PREFECTURE_SUFFIXES = {"都": "to", "府": "fu", "県": "ken"}

# 浜松市 has had these wards since 2024-01-01 (総務省 全国地方公共団体コード, revision of 2024-01-01).
_HAMAMATSU = "22130"
_HAMAMATSU_WARDS = (("22138", "中央区"), ("22139", "浜名区"), ("22140", "天竜区"))


@dataclass(frozen=True)
class Ward:
    """An administrative ward (行政区): part of a designated city, which is what the register knows."""

    code: str
    name: str
    city: str


def regions() -> list[Region]:
    """Japan, its blocks, prefectures and municipalities, each group in the order of codes.

    Raises ``ValueError`` if a check digit is wrong or a count differs from the expected one.
    """
    rows = _rows("municipalities")
    places = [row for row in rows if not _is_ward(row) and _code5(row) not in NORTHERN_TERRITORIES]
    designated = {ward.city for ward in wards()}
    municipalities = sorted((_municipality(row, designated) for row in places), key=lambda r: r.code)
    prefectures = [_prefecture(row, municipalities) for row in _rows("prefectures")]
    _expect("prefectures", len(prefectures), EXPECTED_PREFECTURES)
    _expect("municipalities", len({region.code for region in municipalities}), EXPECTED_MUNICIPALITIES)
    blocks = [Region(f"block-{b[0]}", "", "block", *b[1:5], None, None, "JP") for b in _BLOCKS]
    return [_JAPAN, *blocks, *sorted(prefectures, key=lambda r: r.code), *municipalities]


def wards() -> list[Ward]:
    """The administrative wards of the designated cities as of 2024, in the order of codes."""
    rows = _rows("municipalities")
    city_codes = {(row["pid"], row["city"]): _code5(row) for row in rows if not _is_ward(row)}
    found = []
    for row in filter(_is_ward, rows):
        city, name = row["city"].split()
        found.append(Ward(_code5(row), name, city_codes[row["pid"], city]))
    current = [ward for ward in found if ward.city != _HAMAMATSU]
    current += [Ward(code, name, _HAMAMATSU) for code, name in _HAMAMATSU_WARDS]
    return sorted(current, key=lambda ward: ward.code)


def _rows(table: str) -> list[dict[str, Any]]:
    """One of japancode's two tables; raises ``ModuleNotFoundError`` where japancode is not installed."""
    text = (resources.files("japancode") / "data" / f"{table}.json").read_text(encoding="utf-8")
    return cast("list[dict[str, Any]]", json.loads(text))


def _is_ward(row: dict[str, Any]) -> bool:
    return " " in row["city"]


def _code5(row: dict[str, Any]) -> str:
    """The code with its leading zero back, after its check digit has been checked."""
    code6 = str(row["lgcode"]).zfill(6)
    if check_digit(code6[:5]) != code6[5]:
        raise ValueError(f"japancode has a wrong check digit: {row}")
    return code6[:5]


def _municipality(row: dict[str, Any], designated: set[str]) -> Region:
    code, name, kana = _code5(row), row["city"], row["citykana"]
    kind, kind_en = _KINDS[name[-1]]
    kana_kind, romaji_kind = next(pair for pair in _KIND_READINGS[name[-1]] if kana.endswith(pair[0]))
    latin = stem(code, kana.removesuffix(kana_kind))
    return Region(
        code=code,
        code6=code + check_digit(code),
        kind="designatedCity" if code in designated else kind,
        name=name,
        kana=kana,
        romaji=f"{latin}-{romaji_kind}",
        name_en=f"{latin} {kind_en}",
        lat=float(row["lat"]),
        lon=float(row["lng"]),
        parent=code[:2],
    )


def _prefecture(row: dict[str, Any], municipalities: list[Region]) -> Region:
    code, name, name_en = _code5(row)[:2], row["pref"], row["pref_en"]
    _expect(f"romaji of {name}", romaji(row["prefshortkana"]), name_en)
    seat_name = SEATS.get(code, row["prefshort"] + "市")
    seat = next(m for m in municipalities if m.parent == code and m.name == seat_name)
    suffix = _PREFECTURE_SUFFIXES.get(name[-1])
    return Region(
        code=code,
        code6=f"{code}000" + check_digit(f"{code}000"),
        kind="prefecture",
        name=name,
        kana=row["prefkana"],
        romaji=f"{name_en}-{suffix}" if suffix else name_en,
        name_en=name_en if name in ("東京都", "北海道") else f"{name_en} Prefecture",
        lat=seat.lat,
        lon=seat.lon,
        parent=_block_of(int(code)),
    )


def _block_of(prefecture: int) -> str:
    return next(f"block-{b[0]}" for b in _BLOCKS if b[5] <= prefecture <= b[6])


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise ValueError(f"japancode: {what}: expected {expected}, found {found}")
