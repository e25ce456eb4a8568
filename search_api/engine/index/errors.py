"""What can be wrong with an index on disk; it holds nothing that the graph does not, so one command mends all."""

from __future__ import annotations

from pathlib import Path

from kg.errors import MeguriError


def index_damaged(path: Path, detail: str) -> MeguriError:
    """A file of the index cannot be read."""
    return MeguriError(
        code="index_damaged",
        en=f"The search index {path} cannot be read: {detail}.",
        ja=f"検索インデックス {path} を読めません（{detail}）。",
        remedy_en="Rebuild it from the graph with `meguri reindex`.",
        remedy_ja="`meguri reindex` でグラフから作り直してください。",
    )


def index_missing(folder: Path) -> MeguriError:
    """There is nothing to read yet."""
    return MeguriError(
        code="index_missing",
        en=f"There is no search index in {folder} yet.",
        ja=f"{folder} に検索インデックスがまだありません。",
        remedy_en="Make it from the graph with `meguri reindex`.",
        remedy_ja="`meguri reindex` でグラフから作成してください。",
    )
