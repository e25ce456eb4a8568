"""The packaged weights: exact decoding, and clear refusal of anything else."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_api.engine.models import e5_package
from search_api.engine.models.e5_package import ModelFileError, dequantise_q4_0, find_package_file, read_package


def slow_q4_0(raw: bytes) -> list[float]:
    """The definition, one weight at a time."""
    weights: list[float] = []
    for start in range(0, len(raw), 18):
        (scale,) = struct.unpack_from("<e", raw, start)
        packed = raw[start + 2 : start + 18]
        nibbles = [byte & 15 for byte in packed] + [byte >> 4 for byte in packed]
        weights.extend((nibble - 8) * scale for nibble in nibbles)
    return weights


@given(
    st.lists(
        st.tuples(st.floats(width=16, allow_nan=False, allow_infinity=False), st.binary(min_size=16, max_size=16)),
        max_size=5,
    )
)
def test_vectorised_decoding_equals_the_definition(blocks: list[tuple[float, bytes]]) -> None:
    raw = b"".join(struct.pack("<e", scale) + nibbles for scale, nibbles in blocks)
    assert dequantise_q4_0(raw).tolist() == slow_q4_0(raw)


def test_the_installed_file_is_read_in_full() -> None:
    package = read_package(find_package_file())
    assert package.sizes.hidden == 384
    assert package.vocabulary.pieces[:4] == ("<s>", "<pad>", "</s>", "<unk>")
    assert len(package.names) == 5 + 16 * package.sizes.layers
    assert package.tensor("l0.fi.w").shape == (1536, 384)
    assert package.tensor("emb.ln.w").shape == (384,)
    assert all(np.isfinite(package.tensor(name)).all() for name in package.names if name != "emb.word")


def test_an_absent_tensor_is_named() -> None:
    with pytest.raises(ModelFileError, match=r"l99\.q\.w"):
        read_package(find_package_file()).tensor("l99.q.w")


@pytest.mark.parametrize("keep", [0, 3, 6, 40, 70, 100_000, 3_700_000, 4_637_000, 30_000_000])
def test_a_file_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "cut.bin"
    path.write_bytes(find_package_file().read_bytes()[:keep])
    for sha256 in (None, e5_package.FILE_SHA256):
        with pytest.raises(ModelFileError) as caught:
            read_package(path, sha256=sha256)
        assert caught.value.code == "model_file_broken"
        assert caught.value.remedy_en and caught.value.remedy_ja


def _with(data: bytes, place: int, value: bytes) -> bytes:
    return data[:place] + value + data[place + len(value) :]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: _with(data, 0, b"GGUF"), "magic"),
        (lambda data: _with(data, 4, struct.pack("<I", 7)), "version is 7"),
        (lambda data: _with(data, 8, struct.pack("<i", -1)), "dimensions"),
        (lambda data: _with(data, 44 - 4, struct.pack("<i", 16)), "dimensions"),
        (lambda data: _with(data, 44, struct.pack("<i", -5)), "vocabulary"),
        (lambda data: _with(data, 64, struct.pack("<Q", 1 << 60)), "cut short"),
        (lambda data: _with(data, 80, struct.pack("<I", 1 << 31)), "vocabulary"),
    ],
)
def test_structural_damage_is_told_apart(tmp_path: Path, damage: Callable[[bytes], bytes], said: str) -> None:
    path = tmp_path / "hostile.bin"
    path.write_bytes(damage(find_package_file().read_bytes()))
    with pytest.raises(ModelFileError, match=said):
        read_package(path, sha256=None)


@settings(max_examples=6)
@given(place=st.integers(8, 71_622_399))
def test_one_flipped_byte_is_noticed(tmp_path_factory: pytest.TempPathFactory, place: int) -> None:
    data = bytearray(find_package_file().read_bytes())
    data[place] ^= 0x40
    path = tmp_path_factory.getbasetemp() / "flipped.bin"
    path.write_bytes(data)
    with pytest.raises(ModelFileError, match="sha256"):
        read_package(path)


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_package, "PACKAGE", "no_such_package_of_ours")
    with pytest.raises(ModelFileError) as caught:
        find_package_file()
    assert "pip install" in caught.value.message("ja") and "pip install" in caught.value.message("en")
