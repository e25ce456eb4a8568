"""Serves a prepared model through ONNX Runtime: no torch, ready in about a second, each text on its own.

One text per run and one thread per run: with int8 the activations are quantised over whatever shares a run, so
batching would let neighbours change a vector, and vectors are cached by the hash of their text alone. It is also
the fastest way on few cores, since nothing is padded and threads never wait for each other.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from search_api.engine.models.embedder import Role, Vectors, unit_rows
from search_api.engine.models.manifest import Manifest, damaged, read_manifest
from search_api.engine.models.pieces import FILES as PIECE_FILES
from search_api.engine.models.pieces import PieceTokenizer, Tokenizer, WholeTokenizer

MODEL_FILE = "onnx/model.onnx"
WEIGHTS_FILE = "onnx/model.onnx.data"
TOKENIZER_FILE = "onnx/tokenizer.json"
TOKEN_OUTPUT, SENTENCE_OUTPUT = "last_hidden_state", "sentence_embedding"

_SLICE = 1024  # texts tokenised at a time
_MAX_WORKERS = 8


class OnnxEmbedder:
    """The embedder of serving; safe to share between threads."""

    def __init__(self, folder: Path, *, workers: int | None = None) -> None:
        """Load the model prepared in ``folder``; ``workers`` texts are embedded at a time (default: the cores).

        Raises PreparedModelError when the folder is missing, incomplete or not of this version.
        """
        manifest = read_manifest(folder)
        self._id, self._dimension = manifest.model_id, manifest.dimension
        self._prefixes, self._max_tokens = manifest.prefixes, manifest.max_tokens
        self._workers = workers or min(_cores(), _MAX_WORKERS)
        with ThreadPoolExecutor(1) as pool:  # loading releases Python's global lock
            session: Future[Any] = pool.submit(_open_session, folder / MODEL_FILE)
            self._tokenizer = _open_tokenizer(folder, manifest)
            self._session = session.result()

    @property
    def model_id(self) -> str:
        """``<model>@<source's sha256, 12 digits>/onnx-<precision>-<recipe of preparation>``."""
        return self._id

    @property
    def dimension(self) -> int:
        """Number of components of every vector."""
        return self._dimension

    @property
    def blocks(self) -> tuple[int, ...]:
        """One model, one block."""
        return (self._dimension,)

    def embed(self, texts: Sequence[str], role: Role) -> Vectors:
        """See ``Embedder.embed``: shape (len(texts), dimension), unit length, independent of the other texts."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for start in range(0, len(texts), _SLICE):
            rows = self._encode(texts[start : start + _SLICE], role)
            outputs = self._run_all([ids for ids, _ in rows], SENTENCE_OUTPUT)
            for offset, output in enumerate(outputs):
                vectors[start + offset] = output
        return unit_rows(vectors)

    def embed_tokens(self, texts: Sequence[str], role: Role) -> list[Vectors]:
        """Per text the unit vectors of its own tokens, shape (tokens, dimension), for late interaction.

        The prefix is read by the model but left out of the result, as are the marks of start and end.
        """
        rows = self._encode(texts, role)
        outputs = self._run_all([ids for ids, _ in rows], TOKEN_OUTPUT)
        return [unit_rows(output[keep]) for (_, keep), output in zip(rows, outputs, strict=True)]

    def _encode(self, texts: Sequence[str], role: Role) -> list[tuple[list[int], list[bool]]]:
        """Token ids, and which of them belong to the text itself."""
        prefix = self._prefixes[role]
        encodings = self._tokenizer.encode_batch([prefix + _printable(text) for text in texts])
        return [
            (
                _cut(encoding.ids, self._max_tokens),
                _cut([end > len(prefix) for _, end in encoding.offsets], self._max_tokens, end=False),
            )
            for encoding in encodings
        ]

    def _run_all(self, rows: list[list[int]], output: str) -> list[Vectors]:
        longest_first = sorted(range(len(rows)), key=lambda row: -len(rows[row]))
        if len(rows) <= 1 or self._workers == 1:
            return [self._run(row, output) for row in rows]
        with ThreadPoolExecutor(min(self._workers, len(rows))) as pool:
            found = pool.map(lambda row: self._run(rows[row], output), longest_first)
            results = dict(zip(longest_first, found, strict=True))
        return [results[row] for row in range(len(rows))]

    def _run(self, ids: list[int], output: str) -> Vectors:
        row = np.asarray([ids], dtype=np.int64)
        (result,) = self._session.run([output], {"input_ids": row, "attention_mask": np.ones_like(row)})
        return np.asarray(result[0], dtype=np.float32)


def quantise_linear_layers(source: Path, target: Path) -> None:
    """Write ``source`` with its linear layers in int8: one scale per output channel, activations scaled at run time.

    Word table and attention stay as they are.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        # only products with constant weights; and the type of what custom operators give cannot be inferred
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": 1},
    )


def runtime_version() -> str:
    """Version of ONNX Runtime."""
    import onnxruntime  # noqa: PLC0415

    return str(onnxruntime.__version__)


def _open_session(path: Path) -> Any:
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # the fused operator is not vectorised: with it, throughput falls by a quarter (1.31)
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def _open_tokenizer(folder: Path, manifest: Manifest) -> Tokenizer:
    """The one that opens at once, where the model is of a kind that it can cut for."""
    onnx = folder / "onnx"
    if not all(f"onnx/{name}" in manifest.files for name in PIECE_FILES):
        return WholeTokenizer(folder / TOKENIZER_FILE)
    try:
        return PieceTokenizer(onnx)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise damaged(folder, f"onnx/{PIECE_FILES[0]}") from error


def _cut(values: list[Any], length: int, end: Any = None) -> list[Any]:
    """The first ``length`` values, the last of them replaced by the sequence's own end mark."""
    if len(values) <= length:
        return values
    return [*values[: length - 1], values[-1] if end is None else end]


def _printable(text: str) -> str:
    """Lone surrogates, which cannot be encoded, become the replacement character."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
