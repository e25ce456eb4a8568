"""Where a Japanese noun phrase begins that ends at a given word: a compound noun, and what の joins to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ingest.nlp.words import Word

_NOUN = ("名詞", "接頭辞", "接尾辞", "形状詞-一般", "記号", "形状詞-タリ")
_JOINTS = frozenset("・-ー/&－‐")
# nouns of time and order that stand before a phrase without belonging to it
_LOOSE = frozenset(
    {
        "今年",
        "今後",
        "現在",
        "近年",
        "昨年",
        "来年",
        "以前",
        "従来",
        "当初",
        "最近",
        "将来",
        "同時",
        "一方",
        "今回",
        "昨今",
        "年々",
        "以上",
        "以下",
        "多く",
        "一部",
        "全て",
        "すべて",
        "ほか",
        "他",
        "本年",
        "今年度",
        "昨年度",
        "毎年",
        "当面",
        "さらに",
        "特に",
        "際",
        "場合",
        "ため",
        "為",
        "うち",
        "中",
        "とき",
        "時",
        "こと",
        "もの",
        "結果",
        "目標",
        "課題",
        "問題",
        "悩み",
        "主",
        "対象",
        "例",
        "場",
        "後",
        "前",
    }
)

# endings that make no noun of a noun
_ADVERBIAL = frozenset({"とも", "ごと", "たち", "ずつ", "がてら", "ながら", "ぐらい", "くらい"})


def is_noun(word: Word) -> bool:
    """Whether a word can be part of a compound noun."""
    return _is_noun_tag(word.tag) and not (word.text in _ADVERBIAL and word.tag.startswith("接尾辞"))


@cache
def _is_noun_tag(tag: str) -> bool:
    """The same of a part of speech, of which there are some dozens; a long text asks a million times."""
    return tag.startswith(_NOUN) and "助動詞語幹" not in tag


def compound_start(words: Sequence[Word], last: int) -> int:
    """The first word of the compound noun that ends with ``words[last]``; ``last + 1`` where that is no noun."""
    first = last + 1
    while first > 0 and _belongs(words, first - 1, last):
        first -= 1
    while first <= last and (words[first].text in _JOINTS or words[first].tag.startswith("接尾辞")):
        first += 1
    return first


def phrase_start(words: Sequence[Word], last: int, stops: frozenset[str] = frozenset()) -> int:
    """The first word of the noun phrase that ends with ``words[last]``: compounds joined by の.

    A compound that is one of ``stops``, or a loose noun of time, is left outside with all before it.
    """
    first = compound_start(words, last)
    while first >= 2 and words[first - 1].text == "の" and words[first - 1].tag.startswith("助詞"):
        earlier = compound_start(words, first - 2)
        text = "".join(word.text for word in words[earlier : first - 1])
        if earlier > first - 2 or text in _LOOSE or text in stops or _is_number(words[first - 2]):
            break
        first = earlier
    return first


def _belongs(words: Sequence[Word], place: int, last: int) -> bool:
    word = words[place]
    if place < last and words[place + 1].start != word.end:
        return False
    if word.text in _JOINTS:
        return place < last and place > 0 and is_noun(words[place - 1])
    if word.text in _LOOSE and place < last and "副詞可能" in word.tag:
        return False
    return is_noun(word)


def _is_number(word: Word) -> bool:
    return word.tag.startswith("名詞-数詞") or word.text[-1].isdigit()
