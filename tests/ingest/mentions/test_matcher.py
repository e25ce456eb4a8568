"""Labels are found where their words stand: the longest one, never inside another word, in any usual spelling."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.mentions.matcher import Lang, Mention, MentionMatcher, Term, content_tokens, label_norms
from ingest.mentions.terms import concept_terms, region_terms
from ingest.regions.register import RegionRegister
from ingest.vocabulary import Vocabulary

JA = [
    "大津市",
    "津市",
    "油",
    "天ぷら油",
    "バイオマス",
    "木質バイオマス",
    "木質バイオマスボイラー",
    "竹",
    "空き家",
    "生ごみ",
    "東京都府中市",
    "府中市",
    "CO2",
]
EN = ["boiler", "wood-chip boiler", "used cooking oil", "bus", "heat", "food waste", "reuse"]
IMPORTS = """
import sys
from ingest.mentions.matcher import MentionMatcher, Term
def heavy():
    return sorted({name.partition(".")[0] for name in sys.modules} & {"spacy", "torch", "transformers"})
for lang, text in (("ja", "廃油"), ("en", "used oil")):
    assert MentionMatcher([Term("iri", "resource", text, lang)]).find(text, lang)
print(heavy())
from ingest.nlp.pipelines import SpacyPhrases
assert MentionMatcher([Term("iri", "resource", "廃油", "ja")], None, SpacyPhrases).find("廃油", "ja")
print(heavy())
"""


@pytest.fixture(scope="module")
def matcher() -> MentionMatcher:
    return MentionMatcher([*(Term(t, "x", t, "ja") for t in JA), *(Term(t, "x", t, "en") for t in EN)])


def found(mentions: list[Mention]) -> list[tuple[str, str]]:
    return [(mention.text, mention.terms[0].text) for mention in mentions]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("木質バイオマスボイラーを置く", [("木質バイオマスボイラー", "木質バイオマスボイラー")]),
        ("木質バイオマスとバイオマス", [("木質バイオマス", "木質バイオマス"), ("バイオマス", "バイオマス")]),
        ("大津市場", []),
        ("大津市と津市", [("大津市", "大津市"), ("津市", "津市")]),
        ("油断と石油と油田", []),
        ("油をこぼす", [("油", "油")]),
        ("竹林の竹を竹内さんが切る", [("竹", "竹")]),
        ("東京都府中市と府中市", [("東京都府中市", "東京都府中市"), ("府中市", "府中市")]),
        ("てんぷら油", [("てんぷら油", "天ぷら油")]),
        ("空家、空き家、あき家", [("空家", "空き家"), ("空き家", "空き家"), ("あき家", "空き家")]),
        ("生ゴミ", [("生ゴミ", "生ごみ")]),
        ("ＣＯ２", [("ＣＯ２", "CO2")]),
        ("木質バイオマスボイラ", [("木質バイオマスボイラ", "木質バイオマスボイラー")]),
        ("天ぷら\n油", [("天ぷら\n油", "天ぷら油")]),
        ("", []),
        ("　\n", []),
    ],
)
def test_japanese_labels(matcher: MentionMatcher, text: str, mentions: list[tuple[str, str]]) -> None:
    assert found(matcher.find(text, "ja")) == mentions


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Boilers, BOILER and boiler", [("Boilers", "boiler"), ("BOILER", "boiler"), ("boiler", "boiler")]),
        ("a boilermaker in business", []),
        ("two wood chip boilers", [("wood chip boilers", "wood-chip boiler")]),
        ("a wood-chip boiler", [("wood-chip boiler", "wood-chip boiler")]),
        ("used\ncooking oil", [("used\ncooking oil", "used cooking oil")]),
        ("used\r\ncooking  oils", [("used\r\ncooking  oils", "used cooking oil")]),
        ("It is used.\n\ncooking oil", []),
        ("what we used\n\ncooking oil", []),
        ("used - cooking oil", []),
        ("buses reused", [("buses", "bus"), ("reused", "reuse")]),
        ("food, waste", []),
    ],
)
def test_english_labels(matcher: MentionMatcher, text: str, mentions: list[tuple[str, str]]) -> None:
    assert found(matcher.find(text, "en")) == mentions


WORDS = st.lists(
    st.sampled_from(
        [*JA, *EN, "断", "場", "市", "、", "。", " ", "\n", "\r\n", "-", "the ", "1.5t", "🍣", "ﾊﾞｲｵﾏｽ", "㈱"]
    )
)


@given(WORDS.map("".join), st.sampled_from(["ja", "en"]))
def test_mentions_are_verbatim_in_order_and_apart(matcher: MentionMatcher, text: str, lang: Lang) -> None:
    place = 0
    for mention in matcher.find(text, lang):
        assert place <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.text
        assert mention.terms
        place = mention.end


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["ja", "en"]))
@settings(max_examples=50)
def test_any_text_can_be_searched(matcher: MentionMatcher, text: str, lang: Lang) -> None:
    for mention in matcher.find(text, lang):
        assert text[mention.start : mention.end] == mention.text


def test_a_text_longer_than_the_tokenizer_takes(matcher: MentionMatcher) -> None:
    text = "竹を切り、油を集める。" * 4_000
    mentions = matcher.find(text, "ja")
    assert [m.text for m in mentions] == ["竹", "油"] * 4_000
    assert all(text[m.start : m.end] == m.text for m in mentions)


def test_one_label_of_two_things_names_both() -> None:
    terms = [Term("iri:1", "region", "府中市", "ja"), Term("iri:2", "region", "府中市", "ja")]
    (mention,) = MentionMatcher(terms).find("府中市", "ja")
    assert {term.iri for term in mention.terms} == {"iri:1", "iri:2"}


class TestCache:
    TERMS = tuple(Term(text, "x", text, "ja") for text in JA)
    TEXT = "大津市場の空家で、てんぷら油とCO2を木質バイオマスボイラーに"

    def test_norms_from_the_cache_find_the_same(self, tmp_path: Path) -> None:
        results = [MentionMatcher(self.TERMS, cache).find(self.TEXT, "ja") for cache in (None, tmp_path, tmp_path)]
        assert results[0] == results[1] == results[2] != []
        assert len(list(tmp_path.iterdir())) == 1

    def test_the_second_time_they_are_read(self, tmp_path: Path) -> None:
        norms = label_norms("ja", JA, tmp_path)
        (file,) = tmp_path.iterdir()
        stored = json.loads(file.read_text())
        stored["norms"]["竹"] = ["changed"]
        file.write_text(json.dumps(stored))
        assert label_norms("ja", JA, tmp_path) == norms | {"竹": ["changed"]}

    def test_other_labels_have_another_file(self, tmp_path: Path) -> None:
        label_norms("ja", JA, tmp_path)
        label_norms("ja", [*JA, "新しい語"], tmp_path)
        assert len(list(tmp_path.iterdir())) == 2

    @pytest.mark.parametrize("content", ["", "[]", "null", "{}", '{"key": "other"}', "\x00", "KEY_ONLY"])
    def test_a_damaged_cache_is_made_anew(self, tmp_path: Path, content: str) -> None:
        norms = label_norms("ja", JA, tmp_path)
        (file,) = tmp_path.iterdir()
        key = json.loads(file.read_text())["key"]
        file.write_text(json.dumps({"key": key, "norms": {}}) if content == "KEY_ONLY" else content)
        assert label_norms("ja", JA, tmp_path) == norms
        assert json.loads(file.read_text())["norms"] == norms

    def test_a_folder_that_cannot_be_written_does_no_harm(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        assert MentionMatcher(self.TERMS, tmp_path / "file" / "cache").find("竹", "ja")


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("竹を捨てずに使いたい", "ja", {"竹", "捨てる"}),
        ("We want to reuse the boilers", "en", {"reus", "boiler"}),
    ],
)
def test_words_that_carry_meaning(text: str, lang: Lang, words: set[str]) -> None:
    assert {norm for _, norm, _ in content_tokens(text, lang)} == words


def test_terms_are_labels_of_concepts_and_full_names_of_regions(vocabulary: Vocabulary) -> None:
    concepts = {(term.text, term.lang) for term in concept_terms(vocabulary)}
    assert {("廃食用油", "ja"), ("Waste cooking oil", "en")} <= concepts
    assert ("課題", "ja") not in concepts
    regions = {(term.text, term.lang) for term in region_terms(RegionRegister.load())}
    assert {("真庭市", "ja"), ("岡山県真庭市", "ja"), ("Maniwa City", "en"), ("岡山県", "ja")} <= regions
    assert not {("真庭", "ja"), ("関東地方", "ja"), ("日本", "ja")} & regions


def test_a_search_imports_no_spacy_and_spacy_no_torch() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['spacy']"]
