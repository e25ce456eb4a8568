"""A query that sounds like a written-down need is drawn towards what meets it; others stay what they are."""

from __future__ import annotations

import io

import numpy as np
import pytest

from benchmarks.needs import asked_vectors, digest, examples, said
from search_api.engine.calibration import Calibration
from search_api.engine.index.vectors import Vectors
from search_api.engine.lexicon import packaged_lexicon
from search_api.engine.models.loading import load_model
from search_api.engine.needs import Needs, concept_iri, to_arrays


def axis(place: int, dimension: int = 6) -> Vectors:
    return np.eye(dimension, dtype=np.float32)[place]


def needs(**changes: object) -> Needs:
    """Two concepts: the first is asked for along the axes 0 and 1, the second along 2 and 3; 4 and 5 meet them."""
    asked = np.stack([[axis(0), axis(0), axis(0), axis(1)], [axis(2), axis(2), axis(2), axis(3)]])
    fields = {"model": "m", "examples": "", "concepts": ("a", "b"), "asked": asked}
    return Needs(**fields | {"answers": {"technology": np.stack([axis(4), axis(5)])}} | changes)  # type: ignore[arg-type]


def test_the_concept_whose_needs_sound_like_the_query_is_likeliest() -> None:
    shares = needs().understand(axis(0), "issue").shares
    assert shares.sum() == pytest.approx(1) and shares[0] > 0.99
    np.testing.assert_allclose(needs().understand(axis(5), "issue").shares, [0.5, 0.5])


def test_a_short_query_may_name_what_it_wants() -> None:
    assert needs().understand(axis(5), "query").shares[1] > 0.99


def test_one_odd_need_is_not_enough() -> None:
    asked = np.stack([[axis(0), axis(4), axis(4), axis(4)], [axis(2), axis(2), axis(2), axis(3)]])
    mixed = (axis(0) + axis(2)) / np.sqrt(2)
    assert needs(asked=asked).understand(mixed, "issue").shares[1] > 0.99


def test_of_two_that_are_as_near_the_one_that_handles_what_the_query_names_is_likelier() -> None:
    handled = {concept_iri("b"): 1}
    understood = needs().understand(axis(5), "issue", handled)
    assert understood.shares[1] > 0.7 and understood.known == needs().understand(axis(5), "issue").known
    # a need that is really nearer is not outvoted
    assert needs().understand(axis(0), "issue", handled).shares[0] > 0.99


def test_what_is_probably_meant_is_told_where_a_need_is_near() -> None:
    assert needs().understand(axis(0), "issue").concepts() == ("a",)
    both = (axis(0) + axis(2)) / np.sqrt(2)
    assert set(needs().understand(both, "issue").concepts()) == {"a", "b"}
    assert needs().understand(axis(5), "issue").concepts() == ()


def test_a_record_agrees_where_it_offers_what_is_meant() -> None:
    records = np.stack([axis(4), axis(5)])
    agreement, likeness, familiar = needs().understand(axis(0), "issue").agreement(records, "technology")
    assert agreement[0] > 0.99 and agreement[1] < 0.01
    assert likeness[0] == pytest.approx(1, abs=0.01) and likeness[1] == pytest.approx(0, abs=0.01)
    assert familiar == pytest.approx([1, 1], abs=0.01)


def test_needs_hold_for_their_model_and_for_kinds_with_answers_alone() -> None:
    assert needs().holds_for("m", "technology")
    assert not needs().holds_for("m", "document") and not needs().holds_for("other", "technology")
    assert not needs().holds_for("m", None)


def test_what_is_written_is_read_again() -> None:
    random = np.random.default_rng(3).standard_normal((3, 4, 64)).astype(np.float32)
    random /= np.linalg.norm(random, axis=-1, keepdims=True)
    file = io.BytesIO()
    np.savez_compressed(file, **to_arrays("m", "d", ["a", "b", "c"], random, {"issue": random[:, 0]}))
    file.seek(0)
    read = Needs.read(file)
    assert (read.model, read.examples, read.concepts) == ("m", "d", ("a", "b", "c"))
    assert ((read.asked * random).sum(axis=-1) > 0.9995).all()
    assert ((read.answers["issue"] * random[:, 0]).sum(axis=-1) > 0.9995).all()


def test_the_shipped_needs_are_those_of_the_examples_and_hold_where_probabilities_do() -> None:
    shipped, rows = Needs.shipped(), examples()
    assert shipped.examples == digest()
    assert shipped.concepts == tuple(row["concept"] for row in rows)
    assert all(shipped.holds_for(Calibration.shipped().model, kind) for kind in Calibration.shipped().kinds)


def test_needs_are_of_known_concepts_and_in_words_of_their_own() -> None:
    lexicon, _, _ = packaged_lexicon()
    labels = {c.iri.rpartition("/")[2]: set(c.labels.values()) for c in lexicon.concepts.in_scheme("technology")}
    for row in examples():
        everyday = [*row["everyday_ja"], *row["everyday_en"]]
        assert not [(label, text) for label in labels[row["concept"]] for text in everyday if label in text]
        assert len(list(said(row))) == 13


@pytest.mark.model
def test_the_shipped_vectors_are_those_of_the_models() -> None:
    rows = examples()[:2]
    made = asked_vectors(rows, load_model("multilingual-e5-small"))
    assert ((made * Needs.shipped().asked[: len(rows)]).sum(axis=-1) > 0.995).all()


def test_every_concept_with_needs_can_be_told_by_its_name() -> None:
    lexicon, _, _ = packaged_lexicon()
    assert all(lexicon.concepts.get(concept_iri(name)) for name in Needs.shipped().concepts)
