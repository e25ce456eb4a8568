"""What people mean: needs in everyday words, said for each technology concept, tell what a query is about.

A person says "old window frames should become window frames again", a registration says "closed-loop alloy sorting". A
query is compared with the needs that were written down for each concept (`corpus/needs`), a record with what meets
them: so a near miss, which shares the words and is about another need, is told from an answer.

The vectors ship beside this module and hold for the models that made them (`python -m benchmarks.needs --write`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import IO, Any

import numpy as np

from kg.namespaces import CONCEPT
from search_api.engine.index.balance import QueryKind
from search_api.engine.index.vectors import Vectors
from search_api.engine.ranking import NEAR

FILE_NAME = "needs.npz"
# a concept is as near as its three nearest needs: one alone may be an odd one
NEAREST = 3
# how sharply the likeliest concepts stand out (docs/matching.md)
TEMPERATURE = 0.015
RECORD_TEMPERATURE = 0.03
SOLUTIONS = "technology"
# what a resource that is named and handled counts, as a cosine
HANDLED = 0.02
# which concepts are told to be meant, where a need is near: so likely ones, and so many
LIKELY, MOST = 0.25, 2


def concept_iri(name: str) -> str:
    """The IRI of a concept that needs were written down for: all are concepts of technologies."""
    return str(CONCEPT[f"technology/{name}"])


@dataclass(frozen=True)
class Needs:
    """``asked``: unit vectors of needs, shape (concepts, needs of each, dimension); ``answers``: kind of record → unit
    vectors of what meets them, shape (concepts, dimension). ``concepts`` are the local names of their IRIs.
    """

    model: str
    examples: str
    concepts: tuple[str, ...]
    asked: Vectors
    answers: dict[str, Vectors]

    @cached_property
    def iris(self) -> tuple[str, ...]:
        """The concepts' IRIs."""
        return tuple(map(concept_iri, self.concepts))

    @classmethod
    @cache
    def shipped(cls) -> Needs:
        """The needs that come with this version."""
        with resources.files(__package__).joinpath(FILE_NAME).open("rb") as file:
            return cls.read(file)

    @classmethod
    def read(cls, file: IO[bytes]) -> Needs:
        """The needs of a file that ``to_arrays`` filled."""
        with np.load(file) as stored:
            arrays = {name: stored[name] for name in stored.files}
        answers = {kind: _unpacked(arrays, f"answers/{kind}") for kind in arrays["kinds"].tolist()}
        concepts = tuple(arrays["concepts"].tolist())
        return cls(str(arrays["model"]), str(arrays["examples"]), concepts, _unpacked(arrays, "asked"), answers)

    def holds_for(self, model: str, kind: str | None) -> bool:
        """Whether queries of this embedder for this kind of record can be told by these needs."""
        return model == self.model and kind in self.answers

    def understand(self, query: Vectors, kind: QueryKind, handled: Mapping[str, int] | None = None) -> Understanding:
        """What a balanced query (dimension,) is probably about.

        A short query may as well name what it wants, so it is compared with needs and solutions; an issue or an offer
        tells what is needed. ``handled`` tells, by the IRI of a technology's concept, how many of the resources that
        the query names it uses or yields: of two that are as near, the one that handles them is likelier.
        """
        near = np.partition(self.asked @ query, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
        if kind == "query":
            near = (near + self.answers[SOLUTIONS] @ query) / 2
        favoured = np.array([(handled or {}).get(iri, 0) for iri in self.iris], dtype=np.float32)
        return Understanding(self, float(near.max()), _shares(near + HANDLED * favoured, TEMPERATURE))

    def shares(self, records: Vectors, kind: str) -> tuple[Vectors, Vectors]:
        """How near records of shape (n, dimension) are to each concept's answers: cosines and shares, (n, concepts)."""
        near = np.asarray(records @ self.answers[kind].T, dtype=np.float32)
        return near, _shares(near, RECORD_TEMPERATURE)


@dataclass(frozen=True)
class Understanding:
    """``known``: cosine of a query to the nearest concept's needs; ``shares``: how likely each is meant, sum 1."""

    needs: Needs
    known: float
    shares: Vectors

    def concepts(self) -> tuple[str, ...]:
        """Local names of the concepts that are probably meant, likeliest first; none where no need is near."""
        if self.known < NEAR:
            return ()
        order = np.argsort(-self.shares)[:MOST]
        return tuple(self.needs.concepts[place] for place in order if self.shares[place] >= LIKELY)

    def agreement(self, records: Vectors, kind: str) -> tuple[Vectors, Vectors, Vectors]:
        """Agreement, likeness and familiarity (``ranking.Meaning``) of records (n, dimension), each of shape (n,)."""
        near, shares = self.needs.shares(records, kind)
        return np.sqrt(shares) @ np.sqrt(self.shares), near @ self.shares, near.max(axis=1)


def to_arrays(model: str, examples: str, concepts: Sequence[str], asked: Vectors, answers: dict[str, Vectors]) -> Any:
    """What ``shipped`` reads, for ``numpy.savez_compressed``."""
    names = {"model": model, "examples": examples, "concepts": concepts, "kinds": list(answers)}
    found: dict[str, Any] = {name: np.array(value) for name, value in names.items()}
    found |= _packed("asked", asked)
    for kind, vectors in answers.items():
        found |= _packed(f"answers/{kind}", vectors)
    return found


def _shares(near: Vectors, temperature: float) -> Vectors:
    """Softmax over the last axis."""
    share = np.exp((near - near.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(share / share.sum(axis=-1, keepdims=True), dtype=np.float32)


def _packed(name: str, vectors: Vectors) -> dict[str, Any]:
    """int8 codes and one scale per vector: a quarter of the size, and a cosine of 0.9999 to what they were."""
    scale = np.abs(vectors).max(axis=-1, keepdims=True) / 127
    return {name: np.rint(vectors / scale).astype(np.int8), f"{name}/scale": scale.astype(np.float32)}


def _unpacked(arrays: dict[str, Any], name: str) -> Vectors:
    vectors = arrays[name].astype(np.float32) * arrays[f"{name}/scale"]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float32)
