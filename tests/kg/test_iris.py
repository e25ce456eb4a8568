"""Keys and IRIs: the same record keeps its IRI, and no two records share one."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import URIRef

from kg.iris import (
    KINDS,
    Kind,
    fragment,
    kind_of,
    normalise_title,
    provenance_iri,
    record_id,
    record_iri,
    record_key,
    source_iri,
)
from kg.namespaces import DEFAULT_BASE
from kg.terms import term_text

declared_ids = st.one_of(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,70}", fullmatch=True),
    st.from_regex(r"h[0-9a-f]{19,21}", fullmatch=True),
    st.text(min_size=1, max_size=80),
)
texts = st.text(max_size=40)


@given(declared_ids, texts, texts, texts)
def test_a_declared_id_alone_makes_the_key(declared: str, source: str, organisation: str, title: str) -> None:
    assert record_key(declared, source, organisation, title) == record_key(
        declared, "other.csv", "別の団体", "別の題名"
    )


@given(st.lists(declared_ids, unique=True, min_size=2, max_size=6))
def test_different_declared_ids_have_different_keys(ids: list[str]) -> None:
    assert len({record_key(declared, "s", "o", "t") for declared in ids}) == len(ids)


@given(declared_ids, texts, texts, texts)
def test_an_id_that_looks_like_our_own_hash_never_meets_one(
    declared: str, source: str, organisation: str, title: str
) -> None:
    own = record_key(None, source, organisation, title)
    assert record_key(declared, source, organisation, title) != own
    assert record_key(own, source, organisation, title) != own


@given(st.lists(st.tuples(texts, texts, texts), unique_by=lambda p: (p[0], *map(normalise_title, p[1:])), min_size=2))
def test_without_an_id_source_organisation_and_title_tell_records_apart(parts: list[tuple[str, str, str]]) -> None:
    assert len({record_key(None, *part) for part in parts}) == len(parts)


def test_parts_do_not_run_into_each_other() -> None:
    assert record_key(None, "a", "bc", "d") != record_key(None, "ab", "c", "d") != record_key(None, "ab", "cd", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("バイオ ディーゼル", "バイオディーゼル"),
        ("ﾊﾞｲｵ", "バイオ"),
        ("Ｂ１００ Fuel", "b100　fuel"),
        ("straße", "STRASSE"),
    ],
)
def test_width_case_and_spacing_do_not_make_another_title(one: str, other: str) -> None:
    assert record_key(None, "s", "o", one) == record_key(None, "s", "o", other)


@given(texts)
@example("ΐ")
def test_normalising_a_title_twice_changes_nothing(title: str) -> None:
    assert normalise_title(normalise_title(title)) == normalise_title(title)


@given(st.sampled_from(KINDS), st.one_of(st.none(), declared_ids), texts)
def test_the_kind_of_every_record_id_is_found_again(kind: Kind, declared: str | None, title: str) -> None:
    id_ = record_id(kind, record_key(declared, "s", "o", title))
    assert kind_of(id_) == kind
    iri = record_iri(DEFAULT_BASE, id_)
    assert str(iri).removeprefix(DEFAULT_BASE) == id_
    assert term_text(iri) == f"<{iri}>"  # whatever was declared, the IRI can be written


@pytest.mark.parametrize(
    "id_",
    ["", "technology", "technology-", "-T001", "unknown-T001", "Technology-T001", "technology-a b", "technology-a/b",
     "technology-T001#amount-1", 'technology-"x"', "technology-é", "technology-T001\n", "provenance/technology-T001"],
)  # fmt: skip
def test_what_is_no_record_id_has_no_kind(id_: str) -> None:
    assert kind_of(id_) is None


def test_kinds_are_the_ones_of_the_command_line() -> None:
    assert get_args(Kind) == KINDS
    assert len(set(KINDS)) == len(KINDS) == 10
    assert not any("-" in kind for kind in KINDS)  # kind_of splits at the first hyphen


@given(st.sampled_from(KINDS), declared_ids)
def test_a_record_its_provenance_and_its_parts_have_different_iris(kind: Kind, declared: str) -> None:
    id_ = record_id(kind, record_key(declared, "s", "o", "t"))
    record = record_iri(DEFAULT_BASE, id_)
    assert len({record, provenance_iri(DEFAULT_BASE, id_), fragment(record, "p1"), source_iri(DEFAULT_BASE, id_)}) == 4
    assert URIRef(str(fragment(record, "p1")).partition("#")[0]) == record


def test_keys_are_short_and_plain() -> None:
    assert re.fullmatch(r"h[0-9a-f]{20}", record_key("天ぷら油 1", "", "", ""))
    assert record_key("T001", "", "", "") == "T001"
    assert record_key("", "s", "o", "t") == record_key(None, "s", "o", "t")
