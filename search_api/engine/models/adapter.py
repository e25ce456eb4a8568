"""What Meguri has taught the packaged E5: low-rank corrections of its linear layers, merged when the model is prepared.

The encoder as published knows when two texts say the same, and little of what solves what. The corrections (LoRA, Hu et
al. 2021) were trained on needs and confusable solutions written for that (``corpus/needs``; ``python -m
benchmarks.adapter --write`` trains them anew). Once merged they cost nothing: the network has its old shape and speed.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

FILE_NAME = "adapter.npz"
_UP, _DOWN = ".up", ".down"
Weight = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Adapter:
    """``factors``: name of a weight in the package → (up, shape (out, rank), and down, shape (rank, in))."""

    digest: str
    factors: Mapping[str, tuple[Weight, Weight]]

    @classmethod
    @cache
    def shipped(cls) -> Adapter:
        """The corrections that come with this version."""
        return cls.read(_packaged())

    @classmethod
    def read(cls, data: bytes) -> Adapter:
        """The corrections of a file that ``to_arrays`` filled."""
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            names = [name.removesuffix(_UP) for name in stored.files if name.endswith(_UP)]
            factors = {name: (_full(stored[name + _UP]), _full(stored[name + _DOWN])) for name in names}
        return cls(_digest(data), factors)

    def correct(self, name: str, weight: Weight) -> Weight:
        """``weight`` (out, in) of that name with its correction added; as it was where it has none."""
        if name not in self.factors:
            return weight
        up, down = self.factors[name]
        return np.asarray(weight + up @ down, dtype=np.float32)


@cache
def shipped_digest() -> str:
    """First 12 digits of the SHA-256 of the corrections that ship; part of the prepared model's identity."""
    return _digest(_packaged())


def to_arrays(factors: Mapping[str, tuple[Weight, Weight]]) -> dict[str, npt.NDArray[np.float16]]:
    """What ``Adapter.read`` reads, for ``numpy.savez_compressed``; half precision is finer than the model's 4 bits."""
    arrays = {name + _UP: up.astype(np.float16) for name, (up, _) in factors.items()}
    return arrays | {name + _DOWN: down.astype(np.float16) for name, (_, down) in factors.items()}


def _packaged() -> bytes:
    return resources.files(__package__).joinpath(FILE_NAME).read_bytes()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _full(values: npt.NDArray[np.float16]) -> Weight:
    return values.astype(np.float32)
