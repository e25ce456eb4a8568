"""The formulas of language balance, on vectors made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.engine.index.balance import SHRINKAGE, LanguageBalance, LanguageSums
from search_api.engine.models.embedder import Vectors


def vector(*values: float) -> Vectors:
    return np.asarray(values, dtype=np.float32)


def sums(vectors: Vectors, languages: list[str]) -> LanguageSums:
    taken = LanguageSums()
    taken.add(vectors, languages)
    return taken


REFERENCE = {
    ("passage", "ja"): vector(1, 0, 0),
    ("passage", "en"): vector(0, 1, 0),
    ("query", "ja"): vector(0.5, 0, 0),
    ("offer", "ja"): vector(0, 0.5, 0),
}


def test_a_document_loses_the_mean_of_its_language() -> None:
    balance = LanguageBalance({"ja": vector(0.6, 0, 0), "en": vector(0, 0.6, 0)}, {})
    same = np.stack([vector(0.6, 0.8, 0), vector(0.6, 0.8, 0), vector(0.6, 0.8, 0)])
    ja, en, other = balance.centre_documents(same, ["ja", "en", "fr"])
    np.testing.assert_allclose(ja, [0, 1, 0], atol=1e-6)
    np.testing.assert_allclose(en, vector(0.6, 0.2, 0) / np.sqrt(0.4), atol=1e-6)
    np.testing.assert_allclose(other, [0.6, 0.8, 0], atol=1e-6)


def test_a_query_loses_the_mean_of_its_kind_and_language() -> None:
    balance = LanguageBalance({}, {("query", "ja"): vector(0.6, 0, 0), ("offer", "ja"): vector(0, 0.8, 0)})
    query = vector(0.6, 0.8, 0)
    np.testing.assert_allclose(balance.centre_query(query, "query", "ja"), [0, 1, 0], atol=1e-6)
    np.testing.assert_allclose(balance.centre_query(query, "offer", "ja"), [1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(balance.centre_query(query, "query", "en"), query)


@pytest.mark.parametrize("n", [1, 20, 180])
def test_means_are_shrunk_towards_the_reference(n: int) -> None:
    own = np.tile(vector(0, 0, 1), (n, 1))
    balance = LanguageBalance.fit(sums(own, ["ja"] * n), REFERENCE)
    weight = n / (n + SHRINKAGE)
    np.testing.assert_allclose(balance.documents["ja"], [1 - weight, 0, weight], atol=1e-6)
    np.testing.assert_allclose(balance.documents["en"], [0, 1, 0])


def test_each_language_has_the_mean_of_its_own_documents() -> None:
    vectors = np.concatenate([np.tile(vector(0, 0, 1), (980, 1)), np.tile(vector(0, 0, -1), (980, 1))])
    balance = LanguageBalance.fit(sums(vectors, ["ja"] * 980 + ["en"] * 980), REFERENCE)
    np.testing.assert_allclose(balance.documents["ja"], [0.02, 0, 0.98], atol=1e-6)
    np.testing.assert_allclose(balance.documents["en"], [0, 0.02, -0.98], atol=1e-6)


@given(st.lists(st.sampled_from(["ja", "en", "fr"]), min_size=1, max_size=40), st.integers(1, 40))
def test_means_do_not_depend_on_the_parts_that_were_taken(languages: list[str], size: int) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(languages), 3)).astype(np.float32)
    taken = LanguageSums()
    for start in range(0, len(languages), size):
        taken.add(vectors[start : start + size], languages[start : start + size])
    parts, whole = (LanguageBalance.fit(each, REFERENCE) for each in (taken, sums(vectors, languages)))
    assert parts.documents.keys() == whole.documents.keys() == {"ja", "en"} | set(languages)
    for lang, mean in whole.documents.items():
        np.testing.assert_allclose(parts.documents[lang], mean, atol=1e-6)


def test_query_means_are_the_reference_s_alone() -> None:
    balance = LanguageBalance.fit(sums(np.ones((30, 3), dtype=np.float32), ["ja"] * 30), REFERENCE)
    assert set(balance.queries) == {("query", "ja"), ("offer", "ja")}
    np.testing.assert_allclose(balance.queries["query", "ja"], [0.5, 0, 0])


def test_without_documents_the_reference_stands() -> None:
    balance = LanguageBalance.fit(LanguageSums(), REFERENCE)
    np.testing.assert_allclose(balance.documents["ja"], [1, 0, 0])


def test_a_lone_document_of_a_language_without_reference_keeps_its_direction() -> None:
    """Its own mean would leave nothing of it."""
    balance = LanguageBalance.fit(sums(vector(0.6, 0.8, 0).reshape(1, -1), ["fr"]), REFERENCE)
    (centred,) = balance.centre_documents(vector(0.6, 0.8, 0).reshape(1, -1), ["fr"])
    np.testing.assert_allclose(centred, [0.6, 0.8, 0], atol=1e-6)


def test_centred_vectors_are_unit_vectors_and_no_documents_stay_none() -> None:
    balance = LanguageBalance.fit(LanguageSums(), REFERENCE)
    vectors = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    centred = balance.centre_documents(vectors, ["ja", "en"] * 20)
    np.testing.assert_allclose(np.linalg.norm(centred, axis=1), 1, atol=1e-5)
    assert balance.centre_documents(np.empty((0, 3), dtype=np.float32), []).shape == (0, 3)


def test_none_changes_nothing() -> None:
    balance = LanguageBalance.none()
    query = vector(0.6, 0.8, 0)
    np.testing.assert_allclose(balance.centre_query(query, "query", "ja"), query)
    np.testing.assert_allclose(balance.centre_documents(query.reshape(1, -1), ["ja"])[0], query, atol=1e-6)
