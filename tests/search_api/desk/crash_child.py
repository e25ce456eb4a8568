"""The process that ``test_crash`` kills at a named point of a registration. Usage: ``… DATA_FOLDER POINT…``.

It imports once and forks a child for each point, so that a kill costs no start of Python; it never opens the
store itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import faiss  # noqa: F401  (imported before forking)
import pyoxigraph  # noqa: F401
import pyshacl  # noqa: F401

from kg.commit import Committer
from kg.folder import DataFolder
from search_api.desk.actors import Actor
from search_api.desk.desk import Desk
from search_api.desk.posted import Posted
from search_api.desk.registrations import register
from search_api.relational.contacts import Contacts
from search_api.relational.idempotency import IdempotencyKeys
from search_api.relational.outbox import Outbox
from search_api.settings import Settings
from tests.search_api.conftest import open_service

# where the kill falls: before or after which step of a registration
POINTS: dict[str, tuple[type, str, bool]] = {
    "effect-noted": (Committer, "commit", True),
    "graph-committed": (Committer, "commit", False),
    "contacts-half-done": (Contacts, "put", False),
    "effects-done": (Outbox, "done", False),
    "before-the-answer-is-kept": (IdempotencyKeys, "answered", True),
}


def body(point: str) -> bytes:
    record = {"kind": "issue", "id": point, "issue": f"課題 {point}", "description": "説明", "jis_code": "13206"}
    return json.dumps(record | {"phone": f"03-{len(point)}-0000"}).encode()


def send(desk: Desk, point: str) -> dict[str, Any]:
    answer = register(desk, Posted(body(point)), Actor("secretariat", trusted=True), key=f"key-{point}")
    return {"status": answer.status, "row": answer.body["rows"][0]["status"]}


def killing(original: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    def step(*args: Any, **kwargs: Any) -> Any:
        if not before:
            original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return step


def work(data: Path, point: str) -> None:
    owner, name, before = POINTS[point]
    with (
        open_service(DataFolder.open(data)) as service,
        patch.object(owner, name, killing(getattr(owner, name), before=before)),
    ):
        send(Desk(Settings(data=data), service), point)


def main() -> None:
    for point in sys.argv[2:]:
        child = os.fork()
        if child == 0:
            work(Path(sys.argv[1]), point)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"point": point, "ended": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
