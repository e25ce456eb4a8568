"""Killed at any step of a registration: nothing half-stored, and sent again under its key it is done exactly once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from kg.folder import DataFolder
from kg.iris import record_iri
from search_api.desk.desk import Desk
from search_api.settings import Settings
from tests.search_api.conftest import open_service
from tests.search_api.desk.crash_child import POINTS, body, send

ROOT = Path(__file__).parents[3]
# from this step on the graph holds the record
STORED = ("graph-committed", "contacts-half-done", "effects-done", "before-the-answer-is-kept")


def test_a_kill_at_any_step_leaves_both_stores_in_step(data_folder: DataFolder) -> None:
    command = [sys.executable, "-m", "tests.search_api.desk.crash_child", str(data_folder.path), *POINTS]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    ended = [json.loads(line) for line in killed.stdout.splitlines()]
    assert ended == [{"point": point, "ended": -signal.SIGKILL} for point in POINTS]
    with open_service(data_folder) as service:
        desk = Desk(Settings(data=data_folder.path), service)
        desk.recover()
        with desk.database.reading() as tx:
            assert tx.outbox.waiting() == []
            for point in POINTS:
                held = len(service.store.graph(record_iri(data_folder.base, f"issue-{point}"))) > 0
                assert held == (point in STORED), point
                phone = json.loads(body(point))["phone"]
                assert tx.contacts.of(f"issue-{point}") == ({"phone": phone} if held else {}), point
        for point in POINTS:
            expected = "unchanged" if point in STORED else "valid"
            assert send(desk, point)["row"] == expected, point
            assert send(desk, point)["row"] == expected, "the kept answer is another one"
            with desk.database.reading() as tx:
                assert tx.contacts.of(f"issue-{point}"), point
        desk.close()
