"""The bytes between the pool and its workers: length-prefixed fields and frames. It imports nothing."""

from __future__ import annotations

HEAD = 5  # a kind, and the length of what follows
FORM, DATA, END, FAILURE = b"F", b"D", b"E", b"X"


def frame(kind: bytes, payload: bytes) -> bytes:
    """One frame of an answer: kind (1 byte), length (4 bytes, big-endian), payload."""
    return kind + len(payload).to_bytes(4, "big") + payload


def packed(fields: list[bytes]) -> bytes:
    """Fields, each with its length before it."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def request(fields: list[bytes]) -> bytes:
    """A request: its length, then its fields."""
    body = packed(fields)
    return len(body).to_bytes(4, "big") + body


def unpacked(body: bytes) -> list[bytes]:
    """What ``packed`` put together."""
    fields, at = [], 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        fields.append(body[at + 4 : at + 4 + size])
        at += 4 + size
    return fields


def list_field(items: tuple[str, ...] | None) -> bytes:
    """A list of IRIs, or its absence, which is something else than an empty list."""
    return b"-" if items is None else b"+" + "\n".join(items).encode()


def listed(field: bytes) -> list[str] | None:
    """What ``list_field`` wrote."""
    return None if field == b"-" else [item for item in field[1:].decode().split("\n") if item]
