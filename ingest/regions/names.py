"""The forms in which people write a region's name, and the key under which equal forms meet.

The graph states these forms as ``skos:altLabel`` and the register looks them up, so both agree on what a
name is. The bare stem of a Japanese municipality (府中 for 府中市) is left out: it is a station, a shrine or
a surname as often as the city.
"""

from __future__ import annotations

import re
import unicodedata

import jaconv

from ingest.regions.model import Region
from ingest.regions.romaji import spelled

# Spellings of one character that name the same municipality; NFKC keeps them apart.
_VARIANTS = str.maketrans(
    "ヶヵ龍檜鰺鯵﨑𠮷髙濱濵澤條嶋檮竈諫曾藪淵齋齊斎邊邉國縣廣嶽龜榮豐會靜櫻瀧壽來藏圓惠應澁讚籠祗鹽眞鄕德攝礒埜嵜與鷲獵驒蘆葦舘穗桒槇廐廏鶯區",
    "ケカ竜桧鯵鯵崎吉高浜浜沢条島梼釜諌曽薮渕斉斉斉辺辺国県広岳亀栄豊会静桜滝寿来蔵円恵応渋讃篭祇塩真郷徳摂磯野崎与鷲猟騨芦芦館穂桑槙厩厩鴬区",
)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LATIN = re.compile("[A-Za-z]")

#: Names of blocks beyond their own; 中国 and 北海道 alone mean a country and a prefecture.
_BLOCK_NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "block-hokkaido": ((), ()),
    "block-tohoku": (("東北",), ("Tohoku",)),
    "block-kanto": (("関東",), ("Kanto",)),
    "block-chubu": (("中部",), ("Chubu",)),
    "block-kinki": (("近畿", "関西地方", "関西"), ("Kinki", "Kansai Region", "Kansai")),
    "block-chugoku": ((), ("Chugoku",)),
    "block-shikoku": (("四国",), ("Shikoku",)),
    "block-kyushu-okinawa": (
        ("九州・沖縄", "九州沖縄", "九州地方", "九州"),
        ("Kyushu-Okinawa", "Kyushu and Okinawa", "Kyushu Region", "Kyushu"),
    ),
    "JP": (("日本国", "全国"), ("Nippon",)),
}


# 岡山県（真庭市、津山市） names two cities; 全国（離島を除く） remarks on one region
_INSIDE = re.compile(r"(?P<outer>[^、，,;；／/\n()（）]+)[(（](?P<inner>[^()（）]+)[)）]")
_EXCEPT = re.compile(r"除く|除き|以外|一部|対象外|のみ|等$|など$|except|excluding|旧", re.IGNORECASE)
_ITEM = re.compile(r"[、，,;；／/・\n]")
_PLACE = re.compile(r"\S+[都道府県市区町村郡]\Z")


def spread_brackets(text: str) -> str:
    """A list of regions with those in brackets written out: 岡山県（真庭市、津山市） → 岡山県真庭市、岡山県津山市.

    A bracket that only remarks on the region in front of it (離島を除く) is taken off.
    """
    return _INSIDE.sub(_spread, text)


def _spread(match: re.Match[str]) -> str:
    outer, items = match["outer"].strip(), [item.strip() for item in _ITEM.split(match["inner"]) if item.strip()]
    if _EXCEPT.search(match["inner"]):
        return outer
    return "、".join(f"{outer}{item}" for item in items) if all(map(_PLACE.match, items)) else match[0]


def bare(prefecture: Region) -> tuple[str, str]:
    """A prefecture's name without its kind, in Japanese and English: 長野県 → ("長野", "Nagano")."""
    ja = prefecture.name if prefecture.name == "北海道" else prefecture.name[:-1]
    return ja, prefecture.name_en.removesuffix(" Prefecture")


def alternatives(region: Region, prefecture: Region | None) -> tuple[list[str], list[str]]:
    """The other forms of a region's name, Japanese and English, without its labels and without repeats.

    ``prefecture`` is the one that a municipality lies in, and None for anything larger.
    """
    if region.is_municipality:
        assert prefecture is not None, f"{region.code} lies in no prefecture"
        ja, en = _municipality(region, prefecture)
    elif region.kind == "prefecture":
        ja, en = _prefecture(region)
    else:
        ja, en = (list(forms) for forms in _BLOCK_NAMES[region.code])
    return _without(region.name, ja), _without(region.name_en, en)


def _municipality(region: Region, prefecture: Region) -> tuple[list[str], list[str]]:
    spellings = [region.name, *_small_and_large_ke(region.name)]
    ja = [*spellings[1:], *(prefecture.name + spelling for spelling in spellings)]
    stem = region.romaji.rpartition("-")[0]
    en = [stem, f"{stem}, {bare(prefecture)[1]}"]
    if region.kind == "specialWard":
        en.append(f"{stem} City")  # what the special wards call themselves
    return ja, en


def _prefecture(region: Region) -> tuple[list[str], list[str]]:
    ja, en = bare(region)
    extra = ["Tokyo Metropolis"] if region.code == "13" else []
    return [ja], [en, f"{en} Prefecture", *extra]


def _small_and_large_ke(name: str) -> list[str]:
    """鎌ケ谷市 is as often written 鎌ヶ谷市, and the reverse."""
    return [name.translate({ord(a): b}) for a, b in ("ケヶ", "ヶケ") if a in name]


def _without(label: str, forms: list[str]) -> list[str]:
    return [form for form in dict.fromkeys(forms) if form != label]


def readings(region: Region) -> list[str]:
    """Forms to look a region up by that are no labels: kana, romaji, and romaji with long vowels spelled out."""
    forms = [region.kana, region.romaji]
    if region.is_municipality:
        kind_kana = {"shi": 1, "ku": 1, "cho": 3, "machi": 2, "mura": 2, "son": 2}
        suffix = region.romaji.rpartition("-")[2]
        spelled_stem = spelled(region.kana[: -kind_kana[suffix]])
        forms += [spelled_stem, f"{spelled_stem}-{suffix}"]
    return forms


def key(text: str) -> str:
    """Folds a name so that equal names are equal strings.

    Japanese: NFKC, no blanks, hiragana, one form for variant characters (龍/竜, ヶ/ケ). Latin: no case, macrons,
    hyphens, apostrophes or blanks, and n before b, m, p (Gotemba = Gotenba).
    """
    plain = _SELECTORS.sub("", unicodedata.normalize("NFKC", text)).strip()
    if not _LATIN.search(plain):
        folded: str = jaconv.kata2hira("".join(plain.split()).translate(_VARIANTS))
        return folded
    marks_off = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return re.sub(r"m(?=[bmp])", "n", re.sub(r"[\s'’.\-‐‑]", "", marks_off.casefold()))
