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


@pytest.mark.parametrize(
    ("text", "unsaid"),
    [
        (
            "上田市と天竜ドローン株式会社（本社：東京都千代田区、代表：福島真）は、担い手不足の解消に向けて協定を結んだ。",
            ("千代田区", "東京都千代田区"),
        ),
        (
            "神河町では雪が多い。町は、北海道の上川町から雪冷房の技術を学び、病院に雪室を設けました。",
            ("上川町", "北海道"),
        ),
        (
            "神河町では福祉バスを走らせる。姫路スノーテック株式会社は、路面の凍結を見守るカメラを町に提供しています。",
            ("rejected",),
        ),
        ("津和野町では、木質ガス化発電の実証を行いましたが、令和元年に木質ガス化発電を断念しました。", ("deployedIn",)),
        (
            "株式会社日田発電は日田市にある。メタン発酵は、農家3戸と九州メタン合同会社が共同で検討中である。",
            ("partnerOf",),
        ),
        (
            "Kamikatsu Town is small. The town tested a food composter from Eco-Loop K.K., "
            "but the trial was abandoned because of odour complaints.",
            ("Eco-Loop K.K. rejected", "deployedIn"),
        ),
        (
            "Kamikatsu Town struggles with disposable nappies, and its recycling station is busy.",
            ("recycling station",),
        ),
    ],
)
def test_what_stands_beside_is_not_spoken_of(extractor: Extractor, text: str, unsaid: tuple[str, ...]) -> None:
    relations = [" ".join(triple) for triple in sorted(said(extractor, text))]
    assert not [one for one in relations if any(words in one for words in unsaid)]


def test_who_carries_over_is_less_sure_than_who_stands_there(extractor: Extractor) -> None:
    found = extractor.extract(
        "真庭市は株式会社飯田鉄工と連携協定を結んだ。\n\n同社は飯田市とも連携協定を結んだ。"
    ).relations
    sure = {(r.subject.text, r.object.text): r.confidence for r in found}
    assert sure["真庭市", "株式会社飯田鉄工"] > sure["株式会社飯田鉄工", "飯田市"]


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
