"""Several encoders as one: their vectors side by side, so that one index and one scan weigh all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from search_api.engine.models.embedder import Embedder, Role, Vectors, unit_blocks
from search_api.engine.models.reference_means import Key


class JointEmbedder:
    """An ``Embedder`` made of others, which work beside each other; the cosine of two vectors is the mean of theirs."""

    def __init__(self, parts: Sequence[Embedder]) -> None:
        self._parts = tuple(parts)
        # as many as requests may come at once; a thread starts when it is first needed
        self._beside = ThreadPoolExecutor(16, thread_name_prefix="encoder")

    @property
    def model_id(self) -> str:
        """The parts' ids, joined by plus signs."""
        return " + ".join(part.model_id for part in self._parts)

    @property
    def dimension(self) -> int:
        """The sum of the parts' dimensions."""
        return sum(self.blocks)

    @property
    def blocks(self) -> tuple[int, ...]:
        """One block a part."""
        return tuple(size for part in self._parts for size in part.blocks)

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        """See ``Embedder.embed``: shape (len(texts), dimension), each block of length 1/√parts."""
        first, *others = self._parts
        waiting = [self._beside.submit(part.embed, texts, role) for part in others]
        vectors = [first.embed(texts, role), *(part.result() for part in waiting)]
        return unit_blocks(np.concatenate(vectors, axis=1), self.blocks)


def joint_means(parts: Sequence[Mapping[Key, Vectors]]) -> dict[Key, Vectors]:
    """The reference means of joint vectors, from those of the parts: (kind, language) → shape (dimension,)."""
    scale = np.float32(1 / np.sqrt(len(parts)))
    return {key: np.concatenate([means[key] for means in parts]) * scale for key in parts[0]}
