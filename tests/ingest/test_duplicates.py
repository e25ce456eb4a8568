"""The same organisation and the same offer are found under other spellings; different ones stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from ingest.duplicates import Duplicates, organisation_key, title_key
from ingest.normalise.text import fold
from ingest.organisations import Organisations
from ingest.pipeline import Ingestion
from ingest.records import Partner, Technology
from ingest.report import FileReport
from kg.iris import record_iri
from kg.memory_store import MemoryStore
from kg.namespaces import CES
from kg.oxigraph_store import OxigraphStore
from tests.ingest.conftest import Ingest
from tests.ingest.support import BASE

NUMBER = "7000012050002"
OTHER = "1000020110001"


def partner(id_: str, name: str, number: str | None = None) -> Partner:
    return Partner(id=f"partner-{id_}", labels={"ja": name}, corporate_number=number)


def offer(id_: str, title: str, owner: str = "partner-1", text: str = "") -> Technology:
    descriptions = {"ja": text} if text else {}
    return Technology.model_validate(
        {"id": f"technology-{id_}", "labels": {"ja": title}, "descriptions": descriptions, "offered_by": BASE + owner}
    )


@pytest.fixture
def known() -> Duplicates:
    return Duplicates(MemoryStore(), BASE)


@pytest.mark.parametrize(
    "other",
    ["㈱みどり環境", "(株)みどり環境", "みどり環境株式会社", "みどり環境", "株式会社　みどり環境", "株式会社ﾐﾄﾞﾘ環境"],
)
def test_an_organisation_under_another_spelling(known: Duplicates, other: str) -> None:
    assert known.look_up(partner("1", "株式会社みどり環境")).same is None
    found = known.look_up(partner("2", other)).same
    assert found is not None
    assert found.id == "partner-1"


@pytest.mark.parametrize("other", ["有限会社みどり環境", "株式会社みどり", "株式会社あおば環境", "みどり環境協会"])
def test_another_organisation(known: Duplicates, other: str) -> None:
    known.look_up(partner("1", "株式会社みどり環境"))
    assert known.look_up(partner("2", other)).same is None


def test_the_corporate_number_decides_before_the_name(known: Duplicates) -> None:
    known.look_up(partner("1", "株式会社山田", NUMBER))
    renamed, namesake = (
        known.look_up(partner("2", "ヤマダＨＤ", NUMBER)),
        known.look_up(partner("3", "株式会社山田", OTHER)),
    )
    assert renamed.same is not None
    assert renamed.same.id == "partner-1"
    assert (namesake.same, namesake.possible) == (None, ())


def test_english_legal_forms(known: Duplicates) -> None:
    known.look_up(partner("1", "Green Power Co., Ltd."))
    assert known.look_up(partner("2", "GREEN POWER CO.,LTD")).same
    assert known.look_up(partner("3", "Green Power")).same


def test_an_offer_is_the_same_within_one_owner_only(known: Duplicates) -> None:
    known.look_up(offer("1", "生ごみ堆肥化システム"))
    assert known.look_up(offer("2", "生ごみ堆肥化ｼｽﾃﾑ")).same
    assert known.look_up(offer("3", "生ごみ堆肥化システム", owner="partner-2")).same is None


def test_the_owner_may_itself_be_a_duplicate(known: Duplicates) -> None:
    known.look_up(partner("1", "株式会社山田"))
    known.look_up(offer("1", "竹チップ"))
    known.look_up(partner("2", "山田"))
    assert known.look_up(offer("2", "竹チップ", owner="partner-2")).same


def test_similar_titles_are_proposed_and_a_series_is_not(known: Duplicates) -> None:
    known.look_up(offer("1", "生ごみの堆肥化を進めるシステム1号"))
    similar = known.look_up(offer("2", "生ごみの堆肥化をすすめるシステム1号"))
    assert similar.same is None
    assert [entry.id for entry in similar.possible] == ["technology-1"]
    assert known.look_up(offer("3", "生ごみの堆肥化を進めるシステム2号")).possible == ()


def test_a_similar_title_with_the_same_text_is_the_same(known: Duplicates) -> None:
    text = "一日に50kgの生ごみを微生物で分解し、二か月で堆肥にする小型の装置です。"
    known.look_up(offer("1", "生ごみ堆肥化装置コンポくん", text=text))
    assert known.look_up(offer("2", "生ごみ堆肥化装置 コンポ君くん", text=text + "。")).same


@given(st.text(max_size=30))
def test_keys_are_stable_under_width_and_are_never_empty(name: str) -> None:
    assert organisation_key(name) == organisation_key(fold(name))
    if name.strip():
        assert title_key(name) or not name.isprintable()


HEADER = "団体名,技術名称,概要\n"
ROWS = HEADER + "㈱重複一,竹の堆肥,一\n株式会社重複一,竹の堆肥,二\n重複一,竹の堆肥,三\n"


def said(report: FileReport) -> list[tuple[int, str]]:
    assert report.file_error is None
    return [(row.row, row.status) for row in report.rows]


def test_a_duplicate_is_stored_and_linked_and_stays_so_when_sent_again(
    ingest: Ingest, run: Ingestion, store: OxigraphStore
) -> None:
    report = ingest("twice.csv", ROWS)
    assert said(report) == [(2, "valid"), (3, "duplicate"), (4, "duplicate")]
    first, second, third = (record_iri(BASE, str(row.id)) for row in report.rows)
    for later in (second, third):
        assert list(store.graph(later).objects(later, CES.possibleDuplicateOf)) == [URIRef(first)]
    assert not list(store.graph(first).objects(first, CES.possibleDuplicateOf))
    (warning,) = [p for p in report.rows[1].problems if p.code == "duplicate_of"]
    assert (warning.severity, "row 2" in warning.en, "2 行目" in warning.ja) == ("warning", True, True)
    assert said(ingest("twice.csv", ROWS)) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")]


def test_duplicates_are_found_between_files_and_in_the_store(ingest: Ingest, store: OxigraphStore) -> None:
    ingest("first.csv", HEADER + "㈱重複二,竹の堆肥,一\n")
    assert said(ingest("second.csv", HEADER + "重複二,竹の堆肥,一\n")) == [(2, "duplicate")]
    kept = Duplicates(store, BASE).look_up(partner("new", "株式会社重複二"))
    assert kept.same is not None


def test_one_sign_makes_another_organisation(known: Duplicates) -> None:
    known.look_up(partner("1", "日本バイオガス協会"))
    found = known.look_up(partner("2", "日本バイオマス協会"))
    assert (found.same, found.possible) == (None, ())


def test_a_reworded_title_with_the_same_text_is_proposed(known: Duplicates) -> None:
    text = "竹を粉砕して発酵させ、良質な堆肥を作ります。"
    known.look_up(offer("1", "放置竹林の竹の堆肥化", text=text))
    reworded = known.look_up(offer("2", "放置竹林の竹材を堆肥化", text=text))
    other = known.look_up(
        offer("3", "放置竹林の竹材を燃料化", text="粉砕した竹をペレットに固め、ボイラーで燃やします。")
    )
    assert [entry.id for entry in reworded.possible] == ["technology-1"]
    assert other.possible == ()


def test_a_number_under_another_name_is_followed_and_told(ingest: Ingest) -> None:
    number = "3010405099871"  # of no other test: the graph is shared
    ingest("numbered.csv", f"団体名,法人番号,会員区分\n株式会社番号の主,{number},企業\n")
    report = ingest("named.csv", f"企業名,法人番号,技術名称\n(株)番号の主,{number},主の技\n別の会社,{number},別の技\n")
    told = [[p.code for p in row.problems if p.field == "organisation"] for row in report.rows]
    assert told == [[], ["organisation_named_otherwise"]]


def test_what_a_branch_learns_stays_its_own(known: Duplicates) -> None:
    known.look_up(partner("1", "株式会社山田"))
    known.look_up(offer("1", "竹チップ"))
    branch = known.branch()
    assert branch.look_up(partner("2", "山田")).same
    assert branch.look_up(offer("2", "竹チップ", owner="partner-2")).same
    assert branch.look_up(offer("3", "堆肥化")).same is None
    assert branch.look_up(offer("4", "堆肥化")).same
    # nothing of it is known where it came from
    assert known.look_up(offer("5", "竹チップ", owner="partner-2")).same is None
    assert known.look_up(offer("6", "堆肥化")).same is None


def test_organisations_of_a_branch_stay_its_own() -> None:
    known = Organisations(BASE)
    known.add(f"{BASE}partner-a", "株式会社見本", "1180301018771")
    branch = known.branch()
    branch.add(f"{BASE}partner-b", "別の組合", None)
    known.add(f"{BASE}partner-c", "後の組合", None)
    assert branch.find("見本", "1180301018771") == branch.find("株式会社見本", None) == f"{BASE}partner-a"
    assert branch.find("別の組合", None) == f"{BASE}partner-b"
    assert known.find("別の組合", None) is None
    # what was registered meanwhile is known to both
    assert branch.find("後の組合", None) == f"{BASE}partner-c"
