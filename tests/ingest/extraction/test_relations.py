"""What a text says of its regions, organisations, technologies and issues; what was given up is no deployment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction.extractor import Extractor

Triple = tuple[str, str, str]


def said(extractor: Extractor, text: str) -> set[Triple]:
    return {(r.subject.text, r.predicate, r.object.text) for r in extractor.extract(text).relations}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("飯田市では担い手不足が課題である。", {("飯田市", "facesIssue", "担い手不足")}),
        (
            "飯田市は薪ボイラーを導入した。真庭市では騒音のため薪ボイラーの導入を断念した。",
            {("薪ボイラー", "deployedIn", "飯田市"), ("真庭市", "rejected", "薪ボイラー")},
        ),
        (
            "株式会社飯田鉄工は竹粉砕装置を開発した。同社は真庭市と連携協定を結んだ。",
            {
                ("株式会社飯田鉄工", "offersTechnology", "竹粉砕装置"),
                ("株式会社飯田鉄工", "partnerOf", "真庭市"),
            },
        ),
        (
            "Iida City suffers from a shortage of bus drivers.",
            {("Iida City", "facesIssue", "shortage of bus drivers")},
        ),
        (
            "A bark dryer was installed in Maniwa City. Kochi City decided against the bark dryer.",
            {("bark dryer", "deployedIn", "Maniwa City"), ("Kochi City", "rejected", "bark dryer")},
        ),
    ],
)
def test_relations(extractor: Extractor, text: str, expected: set[Triple]) -> None:
    assert said(extractor, text) == expected


def test_names_of_organisations_are_no_regions_and_hold_no_technologies(extractor: Extractor) -> None:
    found = extractor.extract("飯田バイオガス株式会社と長野県庁、備後木材加工組合が集まった。")
    assert [(m.kind, m.text) for m in found.mentions] == [
        ("organisation", "飯田バイオガス株式会社"),
        ("organisation", "長野県庁"),
        ("organisation", "備後木材加工組合"),
    ]


@given(
    st.text(
        alphabet=st.sampled_from(
            "飯田市が木質ボイラー不足の、。\n 2030年度30%までに削減 Iida City of waste,.()㈱株式会社"
        ),
        max_size=120,
    )
)
def test_whatever_the_text_all_words_stand_where_they_are_said_to_stand(extractor: Extractor, text: str) -> None:
    found = extractor.extract(text)
    for thing in (*found.mentions, *found.goals):
        assert thing.start < thing.end
        assert found.text[thing.start : thing.end] == thing.text
    assert all(0 <= r.start < r.end <= len(text) and 0 < r.confidence <= 1 for r in found.relations)
