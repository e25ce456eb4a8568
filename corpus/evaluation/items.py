"""Writes technologies.jsonl and issues.jsonl of the evaluation set from the corpus files.

Run it from the repository root after a change of corpus/technologies, corpus/issues or the judgments of issues:
``.venv/bin/python corpus/evaluation/items.py``. With ``--check`` it writes nothing and exits with 1 where the
files are not those it would write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ingest.columns import load_columns
from ingest.kinds import expand
from ingest.normalise.text import language_of
from ingest.pipeline import Ingestion, Options
from ingest.regions.register import RegionRegister
from ingest.vocabulary import Vocabulary
from kg.namespaces import DEFAULT_BASE
from kg.ontology_load import load_ontology
from kg.oxigraph_store import OxigraphStore

HERE = Path(__file__).parent
CORPUS = HERE.parent
JUDGMENTS = HERE / "judgments-issues.json"

Item = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Write both files, or compare them."""
    store = OxigraphStore(None)
    load_ontology(store)
    vocabulary = Vocabulary.from_store(store)
    judged = json.loads(JUDGMENTS.read_text("utf-8")) if JUDGMENTS.exists() else {}
    rows = _rows(store)
    technologies = [_technology(row, vocabulary) for row in rows["technology"]]
    issues = [_issue(row, vocabulary, judged) for row in rows["issue"]]
    files = {HERE / "technologies.jsonl": technologies, HERE / "issues.jsonl": issues}
    if "--check" in arguments:
        stale = [path.name for path, items in files.items() if not path.exists() or path.read_bytes() != _lines(items)]
        sys.stdout.writelines(f"{name} is not what items.py writes\n" for name in stale)
        return 1 if stale else 0
    for path, items in files.items():
        path.write_bytes(_lines(items))
        sys.stdout.write(f"{path.name}: {len(items)}\n")
    return 0


def _rows(store: OxigraphStore) -> dict[str, list[Item]]:
    """The values of all records of both kinds by declared id, from a dry run over the corpus."""
    run = Ingestion(store, DEFAULT_BASE, Options(load_columns(None), dry_run=True), "evaluation-items")
    rows: dict[str, list[Item]] = {"technology": [], "issue": []}
    for path in expand([CORPUS / "technologies", CORPUS / "issues"]):
        report = run.ingest(path)
        if report.rejected or report.kind not in rows:
            raise SystemExit(f"{path}: not accepted; see meguri ingest {path} --dry-run")
        rows[report.kind] += [dict(row.values) for row in report.rows]
    for found in rows.values():
        found.sort(key=lambda values: str(values["id"]))
    return rows


def _technology(values: Item, vocabulary: Vocabulary) -> Item:
    title = str(values["technology"])
    return _head(values, title, vocabulary) | {"title": title, "summary": values["description"]}


def _issue(values: Item, vocabulary: Vocabulary, judged: dict[str, dict[str, int]]) -> Item:
    title = str(values["issue"])
    return _head(values, title, vocabulary) | {
        "title": title,
        "description": values["description"],
        "region": _region(values["regions"][0]) if values.get("regions") else "",
        "level": _slug(vocabulary, "level", values.get("level")),
        "relevant_technologies": judged.get(values["id"], {}),
    }


def _head(values: Item, title: str, vocabulary: Vocabulary) -> Item:
    """A record in both languages appears once, in the language of its main title: Japanese."""
    theme = _slug(vocabulary, "theme", values.get("themes"))
    return {"id": values["id"], "theme": theme, "lang": language_of(title)}


def _slug(vocabulary: Vocabulary, scheme: str, labels: list[str] | None) -> str:
    if not labels:
        return ""
    concept = vocabulary.find(scheme, labels[0])
    if concept is None:
        raise SystemExit(f"{labels[0]!r} is no label of the scheme {scheme}")
    return str(concept).rpartition("/")[2]


def _region(code: str) -> str:
    """「広島県府中市」: the municipality with its prefecture."""
    register = RegionRegister.load()
    region = register.by_code(code)
    if region is None:
        raise SystemExit(f"{code} is no current code")
    prefecture = [above.name for above in register.ancestors(code) if above.code.isdigit()]
    return "".join([*prefecture, region.name])


def _lines(items: list[Item]) -> bytes:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
