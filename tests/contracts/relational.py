"""What the relational room promises on every engine. Inherit, and give a fixture ``database_url``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from search_api.relational.database import Database
from search_api.relational.matches import Match, match_id
from search_api.relational.outbox import Effect
from search_api.relational.submissions import Sent


def sent(id_: str, state: str = "pending", record: str | None = None, submitter: str = "town") -> Sent:
    body = {"issue": "竹林", "phone": "03-1234-5678"}
    return Sent(id_, "batch-1", 1, record, "issue", "竹林", state, "api", "values", body, submitter)  # type: ignore[arg-type]


def pair(issue: str = "issue-I1", technology: str = "technology-T1", region: str = "13206") -> Match:
    return Match(match_id(issue, technology), issue, technology, region, "suggested", score=0.5, evidence={"why": "油"})


class RelationalContract:
    """Every engine passes these."""

    @pytest.fixture
    def database(self, database_url: str | None, tmp_path: Path) -> Iterator[Database]:
        opened = Database.open(tmp_path, database_url)
        yield opened
        opened.close()

    def test_what_is_committed_is_there_when_opened_again(
        self, database: Database, database_url: str | None, tmp_path: Path
    ) -> None:
        with database.transaction() as tx:
            tx.contacts.put("issue-I1", {"phone": "03-1234-5678", "email": "a@example.jp"})
        again = Database.open(tmp_path, database_url)
        with again.reading() as tx:
            assert tx.contacts.of("issue-I1") == {"email": "a@example.jp", "phone": "03-1234-5678"}
        again.close()

    def test_an_exception_takes_everything_back(self, database: Database) -> None:
        with pytest.raises(RuntimeError), database.transaction() as tx:
            tx.contacts.put("issue-I1", {"phone": "1"})
            tx.audit.add("town", "put", "issue-I1")
            raise RuntimeError
        with database.reading() as tx:
            assert not tx.contacts.of("issue-I1") and not tx.audit.of("issue-I1")

    def test_contacts_are_replaced_whole(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.contacts.put("issue-I1", {"phone": "1", "email": "a@example.jp"})
            tx.contacts.put("issue-I1", {"phone": "2"})
            tx.contacts.put("issue-I2", {"phone": "3"})
            tx.contacts.forget("issue-I2")
        with database.reading() as tx:
            assert tx.contacts.of("issue-I1") == {"phone": "2"}
            assert tx.contacts.of("issue-I2") == {}

    def test_effects_wait_in_order_until_they_are_done(self, database: Database) -> None:
        effects = [Effect("contacts", f"issue-{n}", "h", {"phone": str(n)}) for n in range(3)]
        with database.transaction() as tx:
            ids = tx.outbox.add(effects)
        with database.transaction() as tx:
            assert [(e.id, e.record, e.payload) for e in tx.outbox.waiting()] == [
                (id_, e.record, e.payload) for id_, e in zip(ids, effects, strict=True)
            ]
            tx.outbox.done(ids[:2])
        with database.reading() as tx:
            assert [e.record for e in tx.outbox.waiting()] == ["issue-2"]

    def test_a_key_keeps_its_answer(self, database: Database) -> None:
        with database.transaction() as tx:
            assert tx.keys.find("town", "k") is None
            tx.keys.begin("town", "k", "hash")
            tx.keys.begin("city", "k", "other")  # keys of two actors do not meet
        with database.transaction() as tx:
            known = tx.keys.find("town", "k")
            assert known is not None and (known.body_hash, known.status) == ("hash", None)
            tx.keys.answered("town", "k", 201, {"rows": ["木"]})
            tx.keys.forget("city", "k")
        with database.reading() as tx:
            known = tx.keys.find("town", "k")
            assert known is not None and (known.status, known.answer) == (201, {"rows": ["木"]})
            assert tx.keys.find("city", "k") is None

    def test_a_submission_is_decided_once(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.submissions.add([sent("reg-1"), sent("reg-2")])
            assert tx.submissions.count("pending") == 2
        with database.transaction() as tx:
            waiting = tx.submissions.get("reg-1")
            assert waiting is not None and waiting.body["phone"] == "03-1234-5678"
            assert tx.submissions.decide(waiting, "returned", "clerk", "地域が広すぎます")
            assert not tx.submissions.decide(waiting, "accepted", "other", None)
        with database.reading() as tx:
            decided = tx.submissions.get("reg-1")
            assert decided is not None
            assert (decided.state, decided.decided_by, decided.reason) == ("returned", "clerk", "地域が広すぎます")
            assert [s.id for s in tx.submissions.in_state("pending")] == ["reg-2"]
            assert len(tx.submissions.batch("batch-1")) == 2

    def test_a_newer_submission_of_a_record_replaces_the_waiting_one(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.submissions.add([sent("reg-1", record="issue-I1"), sent("reg-2", record="issue-I1", submitter="city")])
            tx.submissions.add([sent("reg-3", record="issue-I1")])
            states = [found.state for id_ in ("reg-1", "reg-2", "reg-3") if (found := tx.submissions.get(id_))]
        assert states == ["replaced", "pending", "pending"]

    def test_a_match_keeps_its_history(self, database: Database) -> None:
        with database.transaction() as tx:
            made = tx.matches.add(pair(), "meguri", None)
            moved = tx.matches.move(made, "clerk", "紹介した", state="introduced")
            assert moved is not None and moved.version == 2
        with database.reading() as tx:
            assert tx.matches.get(made.id) == moved
            steps = [(e.from_state, e.to_state, e.actor, e.reason, e.version) for e in tx.matches.history(made.id)]
            assert steps == [
                (None, "suggested", "meguri", None, 1),
                ("suggested", "introduced", "clerk", "紹介した", 2),
            ]
            assert tx.matches.of_record("technology-T1") == tx.matches.in_states(["introduced"], "13206") == [moved]
            assert tx.matches.in_states(["introduced"], "01100") == []

    def test_an_old_version_moves_nothing(self, database: Database) -> None:
        with database.transaction() as tx:
            made = tx.matches.add(pair(), "meguri", None)
            assert tx.matches.move(made, "clerk", None, state="introduced")
            assert tx.matches.move(made, "other", "遅れた", state="declined") is None
            assert [e.to_state for e in tx.matches.history(made.id)] == ["suggested", "introduced"]

    def test_of_two_writers_at_once_one_moves_a_match(self, database: Database) -> None:
        with database.transaction() as tx:
            made = tx.matches.add(pair(), "meguri", None)
        barrier, won = Barrier(2), []

        def move(state: str) -> None:
            barrier.wait()
            with database.transaction() as tx:
                if tx.matches.move(made, state, None, state=state):
                    won.append(state)

        threads = [Thread(target=move, args=(state,)) for state in ("introduced", "declined")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        with database.reading() as tx:
            found = tx.matches.get(made.id)
        assert found is not None and [found.state] == won

    def test_the_audit_only_grows(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.audit.add("clerk", "withdraw", "issue-I1", {"reason": "重複"})
            tx.audit.add("clerk", "withdraw", "issue-I2")
        with database.reading() as tx:
            (row,) = tx.audit.of("issue-I1")
        assert (row["actor"], row["action"], row["detail"]) == ("clerk", "withdraw", {"reason": "重複"})
