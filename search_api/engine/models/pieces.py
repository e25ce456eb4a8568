"""Opens a Unigram tokenizer in a millisecond: its pieces stay on disk, and each call takes up those that can match.

`tokenizers` builds its table of all pieces at loading (250,000 of XLM-R: 1.4 s of processor time that hold Python's
global lock, and 290 MB). But a text can only be cut into pieces that occur in it. So they are looked up in a
memory-mapped trie, and the library cuts the text with a vocabulary of just those: by the same rules, to the same ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Protocol

import numpy as np

FILES = ("head.json", "pieces.marisa", "pieces.npy")
_ROW = np.dtype([("id", "<i4"), ("score", "<f8")])
_BATCH = 64  # the lock is held so long; queries must not wait behind an ingestion


class Encoding(NamedTuple):
    """Token ids with the marks of start and end, and each token's half-open range of characters (0, 0 for marks)."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class Tokenizer(Protocol):
    """Cuts texts into the model's tokens."""

    def encode_batch(self, texts: Sequence[str]) -> list[Encoding]:
        """The encodings of texts, in their order; texts hold no lone surrogates."""
        ...


class WholeTokenizer:
    """The tokenizer as `tokenizers` loads it: every kind, and the oracle of the other one."""

    def __init__(self, file: Path) -> None:
        """Read a ``tokenizer.json``."""
        from tokenizers import Tokenizer as Library  # noqa: PLC0415

        self._library: Any = _plain(Library.from_file(str(file)))

    def encode_batch(self, texts: Sequence[str]) -> list[Encoding]:
        """See ``Tokenizer.encode_batch``."""
        return [Encoding(found.ids, found.offsets) for found in self._library.encode_batch(list(texts))]


class PieceTokenizer:
    """A Unigram tokenizer over the files that ``write_pieces`` made; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open the files; OSError or ValueError where they are absent or no such files."""
        import marisa_trie  # noqa: PLC0415
        from tokenizers import Tokenizer as Library  # noqa: PLC0415

        head = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))
        self._always: list[tuple[int, str, float]] = [(id_, piece, score) for id_, piece, score in head["always"]]
        self._longest: int = head["longest"]
        self._unknown: int = head["unknown"]
        self._library: Any = _plain(Library.from_str(json.dumps(head["tokenizer"])))
        self._marks = re.compile("|".join(re.escape(mark) for mark in head["marks"]) or r"(?!)")
        self._trie: Any = marisa_trie.Trie().mmap(str(folder / FILES[1]))
        self._rows = np.load(folder / FILES[2], mmap_mode="r")
        self._lock = Lock()

    def encode_batch(self, texts: Sequence[str]) -> list[Encoding]:
        """See ``Tokenizer.encode_batch``."""
        parts = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
        return [encoding for part in parts for encoding in self._encode(part)]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        from tokenizers import models  # noqa: PLC0415

        pieces = [*self._always, *self._occurring(texts)]
        vocabulary = [(piece, score) for _, piece, score in pieces]
        with self._lock:
            self._library.model = models.Unigram(vocabulary, unk_id=self._unknown, byte_fallback=False)
            found = self._library.encode_batch(list(texts))
        return [Encoding([pieces[id_][0] for id_ in one.ids], one.offsets) for one in found]

    def _occurring(self, texts: Sequence[str]) -> Iterator[tuple[int, str, float]]:
        """The pieces that stand somewhere in the texts, as the model gets to see them: id, piece and score."""
        keys: dict[str, int] = {}
        for word in {word for text in texts for word in self._words(text)}:
            for start in range(len(word)):
                keys.update(self._trie.iter_prefixes_with_ids(word[start : start + self._longest]))
        always = {id_ for id_, _, _ in self._always}
        rows = self._rows[list(keys.values())]
        for piece, id_, score in zip(keys, rows["id"].tolist(), rows["score"].tolist(), strict=True):
            if id_ not in always:
                yield id_, piece, score

    def _words(self, text: str) -> Iterator[str]:
        """The normalised words between marks, by the library's own normaliser and pre-tokenizer."""
        for segment in self._marks.split(text):
            normal = self._library.normalizer.normalize_str(segment) if self._library.normalizer else segment
            for word, _ in self._library.pre_tokenizer.pre_tokenize_str(normal):
                yield word


def write_pieces(tokenizer: Path, folder: Path) -> bool:
    """Write ``FILES`` for a ``tokenizer.json``; False, and nothing, where it is not of the kind that this can cut.

    That is Unigram with an unknown piece and without byte fallback, words marked by Metaspace, and no added token
    that is looked for in normalised text.
    """
    import marisa_trie  # noqa: PLC0415

    settings = json.loads(tokenizer.read_text(encoding="utf-8"))
    if not _is_supported(settings):
        return False
    vocabulary = [(piece, float(score)) for piece, score in settings["model"]["vocab"]]
    trie = marisa_trie.Trie([piece for piece, _ in vocabulary])
    rows = np.zeros(len(vocabulary), dtype=_ROW)
    for id_, (piece, score) in enumerate(vocabulary):
        rows[trie.key_id(piece)] = (id_, score)
    trie.save(str(folder / FILES[1]))
    np.save(folder / FILES[2], rows)
    (folder / FILES[0]).write_text(json.dumps(_head(settings, vocabulary), ensure_ascii=False), encoding="utf-8")
    return True


def _is_supported(settings: dict[str, Any]) -> bool:
    model, splitter = settings["model"], settings.get("pre_tokenizer") or {}
    if model.get("type") != "Unigram" or model.get("unk_id") is None or model.get("byte_fallback"):
        return False
    pieces = [piece for piece, _ in model["vocab"]]
    if len(set(pieces)) < len(pieces) or not all(pieces):
        return False
    always = splitter.get("type") == "Metaspace" and splitter.get("prepend_scheme") == "always"
    return always and not any(token["normalized"] for token in settings["added_tokens"])


def _head(settings: dict[str, Any], vocabulary: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """The tokenizer without its pieces, and the few that every vocabulary needs.

    Those are the added tokens, the unknown piece, and the least likely one: what is unknown costs 10 more than it.
    """
    marks = {token["content"]: token["id"] for token in settings["added_tokens"]}
    lowest = min(range(len(vocabulary)), key=lambda id_: vocabulary[id_][1])
    chosen = list(dict.fromkeys([settings["model"]["unk_id"], *sorted(marks.values()), lowest]))
    always = [(id_, *vocabulary[id_]) for id_ in chosen]
    place = {id_: number for number, id_ in enumerate(chosen)}
    small = settings | {
        "model": settings["model"]
        | {"vocab": [[piece, score] for _, piece, score in always], "unk_id": place[settings["model"]["unk_id"]]},
        "added_tokens": [token | {"id": place[token["id"]]} for token in settings["added_tokens"]],
        "post_processor": _renumbered(settings["post_processor"], place),
    }
    longest = max(len(piece) for piece, _ in vocabulary)
    unknown = place[settings["model"]["unk_id"]]
    return {"always": always, "longest": longest, "unknown": unknown, "marks": list(marks), "tokenizer": small}


def _renumbered(processor: dict[str, Any] | None, place: dict[int, int]) -> dict[str, Any] | None:
    """The template of marks around a text, with the small vocabulary's numbers."""
    if not processor or "special_tokens" not in processor:
        return processor
    marks = {
        name: mark | {"ids": [place[id_] for id_ in mark["ids"]]} for name, mark in processor["special_tokens"].items()
    }
    return processor | {"special_tokens": marks}


def _plain(library: Any) -> Any:
    """Without cutting and padding, which the embedder does itself."""
    library.no_truncation()
    library.no_padding()
    return library
