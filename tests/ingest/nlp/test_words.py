"""Words lie where the text has them, and are cut and normalised as spaCy's tokenizers did."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.nlp.words import PARAGRAPH, Lang, carries_meaning, read_words

SPACY_STOP_WORDS = "from spacy.lang.en.stop_words import STOP_WORDS; print(*STOP_WORDS)"


@pytest.mark.parametrize(
    ("lang", "text", "norms"),
    [
        ("ja", "てんぷら油を捨てずに", ["天麩羅", "油", "を", "捨てる", "ず", "に"]),
        ("ja", "空家\n空き家\n\nあき家", ["空き家", "空き家", PARAGRAPH, "空き家"]),
        ("ja", "　 \n", []),
        ("en", "The company's wood-chip boilers", ["the", "compani", "'s", "wood", "-", "chip", "boiler"]),
        ("en", "1,200.5 t, don’t", ["1,200.5", "t", ",", "don’t"]),
        ("en", "oil\r\n\r\ngas", ["oil", PARAGRAPH, "gas"]),
        ("en", "gases and buses", ["gas", "and", "bus"]),
        ("en", "雪 and snow_plough", ["雪", "and", "snow", "_", "plough"]),
    ],
)
def test_norms(lang: Lang, text: str, norms: list[str]) -> None:
    assert [word.norm for word in read_words(lang, text)] == norms


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["ja", "en"]), st.integers(0, 50))
def test_words_are_verbatim_in_order_and_apart(text: str, lang: Lang, offset: int) -> None:
    place = offset
    for word in read_words(lang, text, offset):
        assert place <= word.start < word.end <= offset + len(text)
        assert text[word.start - offset : word.end - offset] == word.text
        place = word.end


def test_nothing_but_white_space_is_left_out() -> None:
    for lang, text in (("ja", "①株式会社 ②ＣＯ２、🍣!"), ("en", "Ａ&B (3%) – it’s 5°C\t£4")):
        words = "".join(word.text for word in read_words(lang, text))  # type: ignore[arg-type]
        assert words == "".join(text.split())


def test_meaning() -> None:
    words = read_words("ja", "とても大きな竹を捨てない")
    assert [word.text for word in words if carries_meaning(word, "ja")] == ["竹", "捨て"]


def test_function_words_are_those_of_spacy() -> None:
    done = subprocess.run([sys.executable, "-c", SPACY_STOP_WORDS], capture_output=True, text=True, check=True)
    for word in filter(str.isalpha, done.stdout.split()):
        (read,) = read_words("en", word)
        assert not carries_meaning(read, "en")
