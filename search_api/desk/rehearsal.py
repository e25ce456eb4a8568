"""Before the first registration: a made-up one is judged and not stored, so that all that a write needs is read."""

from __future__ import annotations

import json

from search_api.desk.desk import Desk

_RECORD = {"kind": "issue", "issue": "見本", "description": "見本。", "prefecture": "東京都", "municipality": "府中市"}


def rehearse(desk: Desk) -> None:
    """Imports, shapes, names of regions, known records and the database: about a second and a half together."""
    from search_api.desk.posted import Posted, read_posted  # noqa: PLC0415  (what the first registration would import)

    posted = Posted(json.dumps(_RECORD).encode())
    batch = read_posted(posted)
    with desk.database.reading() as tx:
        tx.submissions.count("pending")
    with desk.writing():
        desk.ingestion(check_only=True).ingest_values(posted.origin, batch.rows())
