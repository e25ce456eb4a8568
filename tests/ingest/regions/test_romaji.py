"""Romaji as the municipalities print it."""

from __future__ import annotations

import re

import pytest

from ingest.regions.register import RegionRegister
from ingest.regions.romaji import EXCEPTIONS, romaji, spelled


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ふちゅう", "Fuchu"),
        ("おおさか", "Osaka"),
        ("こうべ", "Kobe"),
        ("おうみはちまん", "Omihachiman"),
        ("きたきゅうしゅう", "Kitakyushu"),
        ("しこくちゅうおう", "Shikokuchuo"),
        ("とうおん", "Toon"),
        ("ぐんま", "Gunma"),
        ("くっちゃん", "Kutchan"),
        ("ぬまづ", "Numazu"),
        ("まつえ", "Matsue"),
        ("にいがた", "Niigata"),
        ("ニセコ", "Niseko"),
    ],
)
def test_hepburn_without_macrons(kana: str, latin: str) -> None:
    assert romaji(kana) == latin


def test_spelled_keeps_long_vowels() -> None:
    assert spelled("おおさか") == "oosaka"


@pytest.mark.parametrize(
    ("code", "latin"),
    [
        ("12218", "Katsuura-shi"),
        ("28209", "Toyooka-shi"),
        ("33212", "Setouchi-shi"),
        ("20303", "Koumi-machi"),
        ("19208", "Minami-Alps-shi"),
        ("44212", "Bungo-Ono-shi"),
        ("38215", "Toon-shi"),
    ],
)
def test_seams_between_vowels_stay(code: str, latin: str) -> None:
    region = RegionRegister.load().by_code(code)
    assert region is not None
    assert region.romaji == latin


def short_vowels(latin: str) -> str:
    return re.sub(r"([ou])[ou]+", r"\1", latin.lower().replace("-", ""))


def test_every_exception_is_a_present_municipality_that_the_rule_would_spell_otherwise() -> None:
    for code, latin in EXCEPTIONS.items():
        region = RegionRegister.load().by_code(code)
        assert region is not None
        assert region.romaji.rpartition("-")[0] == latin
        suffix_free = {romaji(region.kana[:-length]) for length in (1, 2, 3)}
        assert latin not in suffix_free
        if latin not in ("Minami-Alps", "Minoh"):  # a foreign word, and a spelling of the city's own
            assert short_vowels(latin) in {short_vowels(form) for form in suffix_free}, region.name
