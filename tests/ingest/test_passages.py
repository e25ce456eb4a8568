"""Passages are verbatim parts of the text, in order, without overlap, and nothing but white space lies outside."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.passages import TARGET_CHARACTERS, split_passages

CHARACTERS = st.one_of(
    st.sampled_from("あ竹油。！」）ab.? \t　\n\r\x0b\x0c\x1c\x85\u2028\u3000㈱"),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.lists(
    st.text(CHARACTERS, max_size=60)
    | st.sampled_from(
        ["\n\n", "\r\n\r\n", "\n \n", "。" * 50, "竹林の放置を何とかしたい。" * 40, "It burns wood. " * 80, "x" * 1500]
    )
).map("".join)


@given(TEXTS)
def test_passages_are_verbatim_ordered_apart_and_complete(text: str) -> None:
    passages = split_passages(text)
    place = 0
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""
        assert text[place : passage.start].strip() == ""
        assert place <= passage.start < passage.end
        assert passage.lang in ("ja", "en")
        place = passage.end
    assert text[place:].strip() == ""


@given(TEXTS)
def test_no_passage_is_much_longer_than_the_model_reads_well(text: str) -> None:
    for passage in split_passages(text):
        # the language of a whole paragraph may differ from that of its part
        assert len(passage.text) <= 1.3 * max(TARGET_CHARACTERS.values())


@given(TEXTS, st.sampled_from(["\r\n", "\r"]))
def test_line_ends_of_other_systems_cut_alike(text: str, line_end: str) -> None:
    unix = text.replace("\r", "")
    other = unix.replace("\n", line_end)
    if len(line_end) == 1:
        assert [(p.start, p.end) for p in split_passages(other)] == [(p.start, p.end) for p in split_passages(unix)]
    assert "".join("".join(p.text.split()) for p in split_passages(other)) == "".join(unix.split())


def test_a_heading_goes_with_its_text() -> None:
    (passage,) = split_passages("# 目標\n\n2030年度までに廃食用油の回収量を倍にする。\n")
    assert passage.text == "# 目標\n\n2030年度までに廃食用油の回収量を倍にする。"


def test_long_paragraphs_are_cut_at_sentence_ends() -> None:
    passages = split_passages("竹林の放置が進み、里山の荒廃が心配だ。" * 60)
    assert len(passages) > 3
    assert all(passage.text.endswith("。") for passage in passages)


def test_a_full_stop_inside_a_number_ends_no_sentence() -> None:
    passages = split_passages("The plant makes 12.5 tonnes of fuel every year. " * 60)
    assert all(passage.text.endswith("year.") for passage in passages)


def test_the_language_is_that_of_the_passage() -> None:
    passages = split_passages("竹林の放置が進む。" * 30 + "\n\n" + "The town reuses its cooking oil. " * 20)
    assert (passages[0].lang, passages[-1].lang) == ("ja", "en")


@pytest.mark.parametrize(
    "text", ["あいう。" * 50_000, "a" * 200_000, "a" + " " * 200_000 + "b", "!" * 200_000, "a\n \n" * 20_000]
)
def test_long_texts_take_time_in_proportion(text: str) -> None:
    started = time.process_time()
    split_passages(text)
    assert time.process_time() - started < 10  # a quadratic cut would take minutes


SECTIONS = "# 目標\n\n回収量を倍にする。\n\n## 方法\n\n集落を車で回る。\n\n第2章　費用\n車は週に二回回る。"


def test_a_heading_begins_a_passage_even_where_the_texts_are_short() -> None:
    assert [passage.text for passage in split_passages(SECTIONS)] == [
        "# 目標\n\n回収量を倍にする。",
        "## 方法\n\n集落を車で回る。",
        "第2章　費用\n車は週に二回回る。",
    ]


def test_headings_that_the_format_marks() -> None:
    text = "目標\n\n回収量を倍にする。\n\n方法\n\n集落を車で回る。"
    start = text.index("方法")
    assert [passage.text for passage in split_passages(text, [(0, 2), (start, start + 2)])] == [
        "目標\n\n回収量を倍にする。",
        "方法\n\n集落を車で回る。",
    ]


def test_a_heading_stays_with_a_long_paragraph() -> None:
    passages = split_passages("# 目標\n\n" + "竹林の放置が進み、里山の荒廃が心配だ。" * 60)
    assert passages[0].text.startswith("# 目標\n\n竹林")


def test_paragraphs_of_two_languages_are_passages_of_their_own() -> None:
    ja, en = "集落を車で回り、油を集める試みを始める。", "A travelling shop collects the oil."
    text = f"{ja}\n\n{en}\n\n2025\n\n費用は来年まとめる予定である。"
    assert [(passage.lang, passage.text[:2]) for passage in split_passages(text)] == [
        ("ja", "集落"),
        ("en", "A "),
        ("ja", "費用"),
    ]


def test_a_list_of_numbered_lines_is_not_torn_apart() -> None:
    (passage,) = split_passages("（1）廃食用油の回収\n（2）間伐材の利用\n（3）生ごみの堆肥化")
    assert passage.text.startswith("（1）")
