"""What the index was made from; checked at start, so that vectors of two models or ontologies never mix."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import MeguriError
from kg.files import write_atomically

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """``generation`` numbers the language means; ``entries_at_fit`` is how many entries they were taken from."""

    model: str
    dimension: int
    ontology: str
    generation: int
    entries_at_fit: int
    entries_version: int
    format: int = FORMAT

    def write(self, path: Path) -> None:
        """Replace the manifest atomically."""
        write_atomically(path, json.dumps(asdict(self), indent=1).encode())

    @classmethod
    def read(cls, path: Path) -> Manifest | None:
        """The manifest, None where there is no index yet; MeguriError (``index_mismatch``) where it is unreadable."""
        if not path.exists():
            return None
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise _mismatch("manifest", "unreadable", "a manifest") from error

    def require(self, *, model: str, dimension: int, ontology: str) -> None:
        """MeguriError (``index_mismatch``) unless the index was made by this model and ontology."""
        if self.format != FORMAT:
            raise _mismatch("format", self.format, FORMAT)
        if self.model != model:
            raise _mismatch("model", self.model, model)
        if self.dimension != dimension:
            raise _mismatch("dimension", self.dimension, dimension)
        if self.ontology != ontology:
            raise _mismatch("ontology version", self.ontology, ontology)


def _mismatch(what: str, found: object, wanted: object) -> MeguriError:
    return MeguriError(
        code="index_mismatch",
        en=f"The search index was made with another {what}: {found} instead of {wanted}.",
        ja=f"検索インデックスの{_JA.get(what, what)}が異なります: {found}（必要なのは {wanted}）。",
        remedy_en="Run `meguri reindex`; embeddings of unchanged texts are reused.",
        remedy_ja="`meguri reindex` を実行してください（変わらない文の埋め込みは再利用されます）。",
    )


_JA = {
    "model": "モデル",
    "dimension": "次元",
    "ontology version": "オントロジーの版",
    "format": "形式",
    "manifest": "目録",
}
