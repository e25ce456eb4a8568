"""An ingestion that was killed goes on where it was, with the graph and the report of one that was not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.columns import load_columns
from ingest.pipeline import Ingestion, Options
from ingest.report import FileReport
from ingest.resuming import forget_old, told_rows
from kg.commit import Committer
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore
from kg.provenance import stored_hashes
from tests.ingest.conftest import written
from tests.ingest.support import BASE
from tests.ingest.test_parallel import messy_rows

ROOT = Path(__file__).parents[2]
ROWS = 400
Resume = Callable[..., FileReport]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph on the disk with the ontology alone, to be copied."""
    path = tmp_path_factory.mktemp("resuming") / "graph"
    store = OxigraphStore(path)
    load_ontology(store)
    store.flush()
    store.close()
    return path


@pytest.fixture
def graph(empty: Path, tmp_path: Path) -> Path:
    return shutil.copytree(empty, tmp_path / "graph")


def child(graph: Path, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.ingest.resume_child", str(graph), str(graph.parent / "journals"), str(file)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


def killed_behind(rows: int, graph: Path, file: Path) -> int:
    """Run until so many rows are done, then kill; the rows that were said to be done."""
    with child(graph, file) as process:
        assert process.stdout is not None
        done = 0
        while done < rows:
            done = json.loads(process.stdout.readline())["done"]
        process.kill()
        for line in process.stdout:
            done = json.loads(line).get("done", done)
    return done


def finished(graph: Path, file: Path) -> dict[str, Any]:
    with child(graph, file) as process:
        assert process.stdout is not None
        said: list[dict[str, Any]] = [json.loads(line) for line in process.stdout]
    assert process.returncode == 0
    return said[-1]


def without_state(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without what differs where a batch was committed and the kill came before its note: it is unchanged then."""
    return [{**row, "status": row["status"].replace("unchanged", "valid"), "problems": None} for row in rows]


def test_a_killed_run_goes_on_and_ends_as_one_that_was_not(empty: Path, graph: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "messy.csv", messy_rows(ROWS))
    first = killed_behind(60, graph, file)
    second = killed_behind(first + 60, graph, file)
    last = finished(graph, file)
    assert last["resumed"] >= second > first
    whole = shutil.copytree(empty, tmp_path / "whole" / "graph")
    expected = finished(whole, file)
    assert expected["resumed"] == 0
    assert without_state(last["report"]["rows"]) == without_state(expected["report"]["rows"])
    hashes = []
    for path in (graph, whole):
        store = OxigraphStore(path)
        hashes.append(stored_hashes(store))
        store.close()
    assert hashes[0] == hashes[1] != {}
    # it had ended, so that the same file sent again is looked at again
    again = finished(graph, file)
    assert again["resumed"] == 0
    assert again["report"]["summary"]["valid"] == 0


@pytest.fixture
def resume(store: OxigraphStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Resume:
    """Ingests a file with a journal; ``until`` ends the run by an error behind so many rows."""
    monkeypatch.setattr("ingest.parallel.BATCH", 20)

    def run(file: Path, until: int | None = None, agent: str = "tests") -> FileReport:
        def stop(_: str, done: int) -> None:
            if until is not None and done >= until:
                raise KeyboardInterrupt

        options = Options(load_columns(), journals=tmp_path / "journals", workers=1)
        return Ingestion(store, BASE, options, agent).ingest(file, stop)

    return run


def rows(letter: str, count: int = 100) -> str:
    """So many good rows of their own."""
    return "ID,課題名,概要,市区町村コード\n" + "".join(
        f"{letter}{n},課題{letter}{n},説明,33214\n" for n in range(count)
    )


def broken_off(resume: Resume, file: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        resume(file, until=40)


def test_only_the_rest_is_read(resume: Resume, tmp_path: Path) -> None:
    file = written(tmp_path / "rest.csv", rows("RA") + "合計,,,\n")
    broken_off(resume, file)
    report = resume(file)
    assert (report.resumed, len(report.rows)) == (40, 100)
    assert [row.row for row in report.rows] == list(range(2, 102))
    assert [skipped.reason for skipped in report.skipped] == ["total"]
    assert {row.status for row in report.rows} == {"valid"}
    assert report.head()["resumed"] == 40


@pytest.mark.parametrize("change", ["file", "program"])
def test_another_file_or_program_begins_anew(resume: Resume, tmp_path: Path, change: str) -> None:
    file = written(tmp_path / "anew.csv", rows(f"RB{change}"))
    broken_off(resume, file)
    if change == "file":
        file.write_text(rows(f"RB{change}").replace("説明", "別の説明"), encoding="utf-8")
    assert resume(file, agent="tests 2" if change == "program" else "tests").resumed == 0


def test_the_graph_is_believed_and_not_the_journal(resume: Resume, store: OxigraphStore, tmp_path: Path) -> None:
    file = written(tmp_path / "lost.csv", rows("RC"))
    broken_off(resume, file)
    Committer(store, BASE).withdraw(["issue-RC3"])
    report = resume(file)
    assert report.resumed == 0
    assert [row.status for row in report.rows][3] == "valid"
    assert len(store.graph(next(iri for iri in stored_hashes(store) if iri.endswith("issue-RC3")))) > 0


def test_a_damaged_journal_is_thrown_away(resume: Resume, tmp_path: Path) -> None:
    file = written(tmp_path / "damaged.csv", rows("RD"))
    broken_off(resume, file)
    (journal,) = (tmp_path / "journals").glob("*.db")
    for path in (tmp_path / "journals").iterdir():
        path.write_bytes(b"no database " * 1000)
    report = resume(file)
    assert (report.resumed, report.summary["unchanged"], report.journal) == (0, 40, journal)


def test_a_second_run_of_the_same_file_has_a_journal_of_its_own(resume: Resume, tmp_path: Path) -> None:
    file = written(tmp_path / "twice.csv", rows("RE"))
    first = resume(file)
    second = resume(file)
    assert first.journal != second.journal
    assert (second.resumed, second.summary["unchanged"]) == (0, 100)
    for report in (first, second):
        assert report.journal is not None
        expected = list(report.row_bodies())
        report.close()
        assert list(told_rows(report.journal)) == expected


def test_journals_are_private_and_do_not_stay_for_ever(
    resume: Resume, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "private.csv", rows("RF"))
    report = resume(file)
    assert report.journal is not None
    assert report.journal.stat().st_mode & 0o077 == 0
    report.close()
    forget_old(report.journal.parent)
    assert report.journal.exists()
    monkeypatch.setattr("ingest.resuming._FORGOTTEN_AFTER", -1)
    forget_old(report.journal.parent)
    assert list(report.journal.parent.iterdir()) == []
