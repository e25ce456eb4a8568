"""Indexes whose vectors were written in full precision, before half was used, are converted by themselves."""

from __future__ import annotations

from pathlib import Path

import faiss
import pytest

from tests.search_api.engine.conftest import CountingEmbedder, Opener
from tests.search_api.engine.index.small_index import TEXTS, ask, best, changes, rest


def to_full_precision(file: Path) -> None:
    """Vectors as versions before half precision wrote them."""
    half = faiss.read_index(str(file))
    ids = faiss.vector_to_array(half.id_map)
    full = faiss.IndexIDMap2(faiss.IndexFlatIP(half.d))
    full.add_with_ids(half.index.reconstruct_n(0, len(ids)), ids)
    faiss.write_index(full, str(file))


@pytest.mark.parametrize("read_only", [True, False])
def test_vectors_in_full_precision_are_converted_and_written_once_by_a_writer(
    folder: Path, open_index: Opener, embedder: CountingEmbedder, read_only: bool
) -> None:
    before = ask(open_index(), "天ぷら油", 4)
    file = folder / "vectors.faiss"
    half = file.stat().st_size
    to_full_precision(file)
    full = file.stat().st_size
    assert full > half
    embedder.passages.clear()
    assert rest(ask(open_index(read_only=read_only), "天ぷら油", 4)) == rest(before)
    assert embedder.passages == []
    assert file.stat().st_size == (full if read_only else half)
    assert rest(ask(open_index(), "天ぷら油", 4)) == rest(before)


def test_converted_vectors_take_new_records(folder: Path, open_index: Opener) -> None:
    to_full_precision(folder / "vectors.faiss")
    index = open_index()
    soap, boat = "使い終わった菜種油でせっけんを作る", "a boat that runs on the sun"
    index.update(changes({"oil": soap, "boat": boat}, "2"))
    index.save()
    for each in (index, open_index()):
        assert best(each, soap) == "oil"
        assert best(each, boat) == "boat"
        assert len(each) == len(TEXTS) + 1
