"""A small real service: ingested through the pipeline, embedded by the double, open for all tests of a session."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from ingest.columns import load_columns
from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms
from ingest.pipeline import Ingestion, Options
from ingest.vocabulary import Vocabulary
from kg.folder import DataFolder
from kg.ontology_load import require_current_ontology
from kg.store import GraphStore
from search_api.engine.concepts import ConceptGraph
from search_api.engine.evidence import EvidenceFinder
from search_api.engine.index.search_index import SearchIndex
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.search import SearchEngine
from search_api.engine.sync import synchronise
from search_api.http.app import create_app
from search_api.service import Service
from search_api.settings import Settings
from tests.search_api.published import published

__all__ = ["published"]  # one for all: made twice, it would leave four editions

SCRIPT = '<script>alert("xss")</script>'
ORGANISATION = "株式会社サンプル油脂"

PARTNERS = [
    {
        "id": "P1",
        "organisation": ORGANISATION,
        "organisation_en": "Sample Oil Inc.",
        "prefecture": "埼玉県",
        "municipality": "川口市",
        "description": "使い終わった食用油を集める見本の会社。",
        "sample": "はい",
    }
]
TECHNOLOGIES: list[dict[str, Any]] = [
    {
        "id": "T1",
        "organisation": ORGANISATION,
        "technology": "家庭の天ぷら油を収集車の燃料に変える設備",
        "technology_en": "Plant that turns household cooking oil into fuel for collection trucks",
        "description": "町会の回収所に持ち寄られた天ぷら油を精製する。ごみ収集車の燃料にする。冬は凍りやすい。",
        "description_en": "Used cooking oil from households is refined. It fuels the waste collection trucks.",
        "themes": ["廃食用油の利用"],
        "resources": ["廃食用油"],
        "level": "コミュニティ",
        "readiness": "TRL 9",
        "deployed_in": ["東京都府中市"],
        "scale": "年 20 kL 以上",
        "url": "https://example.jp/technologies/t1",
        "sample": "はい",
        "registered": "2024-06-18",
    },
    {
        "id": "T2",
        "organisation": ORGANISATION,
        "technology": f"{SCRIPT} 生ごみの堆肥化",
        "description": f'生ごみを堆肥にする。<img src=x onerror="alert(1)"> {SCRIPT}',
        "remarks": f"{SCRIPT} &amp; 'quoted'",
        "resources": ["家庭系生ごみ"],
    },
    {
        "id": "T3",
        "organisation": ORGANISATION,
        "technology": "Wood chip boiler for a swimming pool",
        "description": "Chips from thinnings heat the water of a public pool all year round.",
        "language": "en",
        "resources": ["間伐材"],
    },
] + [
    {
        "id": f"F{number}",
        "organisation": ORGANISATION,
        "technology": f"地域の見守りサービス その{number}",
        "description": f"高齢者の暮らしを{number}人の担い手で見守る。",
    }
    for number in range(12)
]
ISSUES = [
    {
        "id": "I1",
        "issue": "給食の廃食用油を捨てている",
        "issue_en": "Used cooking oil from school lunches is thrown away",
        "description": "学校給食から出る廃食用油を費用をかけて捨てている。町の車の燃料にしたい。",
        "description_en": "Used cooking oil of the school kitchen is thrown away at a cost.",
        "prefecture": "東京都",
        "municipality": "府中市",
        "resources": ["廃食用油"],
        "themes": ["廃食用油の利用"],
        "発生量（t/年）": 12,
    }
]
RESOURCES = [
    {
        "id": "R1",
        "resource": "放置された竹林の竹",
        "description": "里山に広がった竹。切り出しは秋から冬。",
        "prefecture": "広島県",
        "municipality": "府中市",
    }
]
DOCUMENT = (
    "府中市の廃食用油をめぐる会議の記録\n\n東京都府中市では、給食の廃食用油を集めている。<b>太字</b>ではない。\n\n"
    "次の会議では、バイオディーゼル燃料の費用を比べる。\n"
)


@pytest.fixture(scope="session")
def folder(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with a few records of each kind."""
    root = tmp_path_factory.mktemp("service")
    shutil.copytree(prepared_folder, root / "data")
    made = DataFolder.open(root / "data")
    files = _write_files(root / "corpus")
    with made.writer() as store:
        ingestion = Ingestion(store, made.base, Options(load_columns()), "meguri test")
        reports = [ingestion.ingest(file) for file in files]
        made.snapshots.publish(store)
    assert not any(report.rejected for report in reports), [report.as_json() for report in reports]
    return made


@contextmanager
def open_service(folder: DataFolder) -> Iterator[Service]:
    """A service over a folder, embedded by the double."""
    embedder = HashingEmbedder(1024)
    # with so few records the means of the languages would be noise: almost none are taken away
    none = {("passage", lang): np.zeros(1024, dtype=np.float32) for lang in ("ja", "en")}
    with folder.writer() as store:
        version = require_current_ontology(store)
        with closing(SearchIndex(folder.index_path, embedder, none, ontology=version)) as index:
            healed = synchronise(store, index, folder.base)
            yield Service(folder, store, index, _engine(store, index, embedder, folder), _vocabulary(store), healed)


@pytest.fixture(scope="session")
def service(folder: DataFolder) -> Iterator[Service]:
    """The open service."""
    with open_service(folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def app(service: Service, folder: DataFolder) -> Any:
    """The application."""
    return create_app(Settings(data=folder.path), service)


@pytest.fixture(scope="session")
def client(app: Any) -> Iterator[TestClient]:
    """A client that reports faults as the server would, instead of raising them."""
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def _engine(store: GraphStore, index: SearchIndex, embedder: HashingEmbedder, folder: DataFolder) -> SearchEngine:
    concepts = ConceptGraph.from_store(store)
    evidence = EvidenceFinder(concepts, MentionMatcher(concept_terms(_vocabulary(store))))
    return SearchEngine(index, embedder, concepts, evidence, folder.base)


def _vocabulary(store: GraphStore) -> Vocabulary:
    return Vocabulary.from_store(store)


def _write_files(root: Path) -> list[Path]:
    tables = {"partners": PARTNERS, "technologies": TECHNOLOGIES, "issues": ISSUES, "resources": RESOURCES}
    files = []
    for name, rows in tables.items():
        file = root / name / f"{name}.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        files.append(file)
    document = root / "documents" / "minutes.txt"
    document.parent.mkdir()
    document.write_text(DOCUMENT, encoding="utf-8")
    return [*files, document]
