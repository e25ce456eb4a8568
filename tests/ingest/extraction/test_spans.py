"""Places are found as a look at each of them would find them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction.model import Mention
from ingest.extraction.sentences import read_text
from ingest.extraction.spans import Spans, by_sentence

SPAN = st.tuples(st.integers(0, 400), st.integers(1, 90)).map(lambda pair: (pair[0], pair[0] + pair[1]))
TEXT = "飯田市は油を集める。燃料にする。\n\nThe town burns wood chips. It sells heat.\n" * 4


@given(st.lists(SPAN, max_size=12), SPAN)
def test_a_place_meets_what_shares_a_character_with_it(taken: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    expected = any(asked[0] < end and start < asked[1] for start, end in taken)
    assert Spans(taken).meets(*asked) is expected


@given(st.lists(SPAN, max_size=12))
def test_each_sentence_has_what_lies_in_it_whole(spans: list[tuple[int, int]]) -> None:
    sentences = read_text(TEXT).sentences
    placed = [Mention("issue", start, end, "", 1.0, "rule") for start, end in spans]
    expected = [[m for m in placed if s.start <= m.start and m.end <= s.end] for s in sentences]
    assert by_sentence(sentences, placed) == expected
