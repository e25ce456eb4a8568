"""An embedder in a process of its own, so that a single search loads its model beside everything else.

Building the tokenizer holds Python's global lock for a second, so a thread would not help; a second core does.
The server does not use it: there the model is loaded once and shared.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from search_api.engine.models.embedder import Role, Vectors
from search_api.engine.models.manifest import damaged, read_manifest


class BackgroundEmbedder:
    """An ``Embedder`` whose model begins to load when this is made; ``close`` ends its process."""

    def __init__(self, folder: Path) -> None:
        """Start the process; raises PreparedModelError where the folder is missing or incomplete."""
        manifest = read_manifest(folder)
        self._folder = folder
        self._id, self._dimension = manifest.model_id, manifest.dimension
        command = [sys.executable, "-m", "search_api.engine.models.background", str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603

    @property
    def model_id(self) -> str:
        """See ``Embedder.model_id``: the same as in this process."""
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
        """See ``Embedder.embed``; PreparedModelError where the process died."""
        assert self._process.stdin is not None and self._process.stdout is not None
        size = len(texts) * self._dimension * 4
        try:
            self._process.stdin.write(json.dumps({"texts": list(texts), "role": role}).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._process.stdout.read(size)
        except BrokenPipeError as error:
            raise damaged(self._folder, "onnx/model.onnx") from error
        if len(answer) != size:
            raise damaged(self._folder, "onnx/model.onnx")
        return np.frombuffer(answer, dtype="<f4").reshape(len(texts), self._dimension).astype(np.float32)

    def close(self) -> None:
        """End the process; where nobody does, it ends by itself with its input."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        # it holds nothing that would have to be put away
        self._process.kill()
        self._process.wait()


def serve(folder: Path, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests, a line of JSON each, with little-endian float32 vectors, until there are no more."""
    from search_api.engine.models.onnx_model import OnnxEmbedder  # noqa: PLC0415

    embedder = OnnxEmbedder(folder)
    for line in requests:
        request = json.loads(line)
        answers.write(embedder.embed(request["texts"], request["role"]).astype("<f4").tobytes())
        answers.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
