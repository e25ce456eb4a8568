"""Files go in; valid rows stand in the graph, the others are reported, and doing it again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

from ingest.limits import Limits
from ingest.pipeline import BATCH, Ingestion
from ingest.report import FileReport
from kg.iris import provenance_iri, record_iri
from kg.namespaces import CES, DCTERMS, RDFS
from kg.oxigraph_store import OxigraphStore
from tests.ingest.conftest import Ingest, written
from tests.ingest.readers.test_refused_files import REFUSED
from tests.ingest.support import BASE, Sheet, assert_says_cause_and_remedy, xlsx

HEADER = "ID,団体名,技術名称,概要,登録日\n"
NewRun = Callable[..., Ingestion]


def statuses(report: FileReport) -> list[tuple[int, str]]:
    assert report.file_error is None, report.file_error
    return [(row.row, row.status) for row in report.rows]


def codes(report: FileReport) -> list[list[str]]:
    """The codes of each row's problems, what the shapes advise apart (no technology here states its kind)."""
    found = ([problem.code for problem in row.problems if problem.severity == "error"] for row in report.rows)
    own = ([p.code for p in row.problems if p.severity == "warning" and "Shape" not in p.code] for row in report.rows)
    return [errors + warnings for errors, warnings in zip(found, own, strict=True)]


def stored(store: OxigraphStore, id_: str) -> bool:
    """Whether a record stands in its graph, and likewise in the default graph and with its provenance."""
    iri = record_iri(BASE, id_)
    places = {
        len(store.graph(iri)) > 0,
        store.ask("ASK { ?s ?p ?o }", {"s": iri}),
        len(store.graph(provenance_iri(BASE, id_))) > 0,
    }
    assert len(places) == 1, f"{id_} is half-stored"
    return places.pop()


def descriptions(store: OxigraphStore, id_: str) -> list[str]:
    return [str(text) for text in store.graph(record_iri(BASE, id_)).objects(predicate=DCTERMS.description)]


FAILING = HEADER + "A1,甲一,技術一,説明,2025-04-01\nA2,甲一,技術二,説明,31/02/2025\nA3,甲一,技術三,説明,令和7年4月1日\n"


@pytest.fixture(scope="module")
def report(run: Ingestion, tmp_path_factory: pytest.TempPathFactory) -> FileReport:
    """Of a file whose second row has an impossible date."""
    return run.ingest(written(tmp_path_factory.mktemp("failing") / "failing.csv", FAILING))


class TestOneFailingRow:
    def test_the_others_are_stored(self, report: FileReport, store: OxigraphStore) -> None:
        assert statuses(report) == [(2, "valid"), (3, "rejected"), (4, "valid")]
        assert [stored(store, f"technology-A{n}") for n in (1, 2, 3)] == [True, False, True]

    def test_it_is_reported_with_row_field_code_message_and_value(self, report: FileReport) -> None:
        row = report.as_json()["rows"][1]  # type: ignore[index]
        assert row["row"] == 3
        (problem,) = row["problems"]
        message = problem.pop("message")
        assert problem == {"field": "registered", "severity": "error", "code": "date_invalid", "value": "31/02/2025"}
        assert "not a date" in message["en"]
        assert "存在しない日付" in message["ja"]

    def test_the_report_has_the_form_of_the_design(self, report: FileReport) -> None:
        data = json.loads(json.dumps(report.as_json(), ensure_ascii=False))
        # beyond the design's keys: unknown columns, records no longer in the file, rows that are no records
        assert set(data) == {"file", "kind", "rows", "summary", "file_error"} | {"columns", "missing", "skipped"}
        assert (data["kind"], data["file_error"]) == ("technology", None)
        for row in data["rows"]:
            assert set(row) == {"row", "status", "id", "values", "problems"}
        assert data["rows"][0]["values"] == {
            "id": "A1",
            "organisation": "甲一",
            "technology": "技術一",
            "description": "説明",
            "registered": "2025-04-01",
        }
        assert data["summary"] == {
            "valid": 2,
            "unchanged": 0,
            "duplicate": 0,
            "rejected": 1,
            "total": 3,
            "warnings": 2,
        }
        assert report.rejected


def test_amounts_and_regions_in_the_report(ingest: Ingest) -> None:
    report = ingest("issue.csv", "ID,課題名,市区町村,区分,発生量（t/年）\nB1,竹林の放置,真庭市,課題,1.2万\n")
    values = report.as_json()["rows"][0]["values"]  # type: ignore[index]
    assert values["regions"] == ["33214"]
    assert values["amounts"] == [{"header": "発生量（t/年）", "value": 12000, "unit": "t/年"}]


def test_a_finding_of_a_shape_is_a_problem_of_the_row(ingest: Ingest, store: OxigraphStore) -> None:
    long = "長" * 301
    report = ingest("long.csv", HEADER + f"C1,甲三,{long},説明,\nC2,甲三,技術,説明,\n")
    assert statuses(report) == [(2, "rejected"), (3, "valid")]
    (problem,) = [p for p in report.rows[0].problems if p.severity == "error"]
    assert (problem.field, problem.code) == ("label", "RecordShape-labelLength")
    assert "300" in problem.en
    assert "300" in problem.ja
    assert not stored(store, "technology-C1")


class TestAgain:
    @staticmethod
    def file(letter: str) -> str:
        """Two rows with an id and one without."""
        return (
            HEADER + f"{letter}1,甲{letter},技術一,古い説明,\n{letter}2,甲{letter},技術二,説明,\n"
            f",甲{letter},番号のない技術,古い説明,\n"
        )

    def test_the_same_file_changes_nothing(
        self, ingest: Ingest, new_run: NewRun, store: OxigraphStore, tmp_path: Path
    ) -> None:
        assert statuses(ingest("again.csv", self.file("D"))) == [(2, "valid"), (3, "valid"), (4, "valid")]
        before = store.count()
        again = new_run()
        assert statuses(again.ingest(tmp_path / "again.csv")) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")]
        assert store.count() == before

    def test_a_corrected_text_keeps_its_iri(self, ingest: Ingest, store: OxigraphStore) -> None:
        ids = [row.id for row in ingest("corrected.csv", self.file("E")).rows]
        report = ingest("corrected.csv", self.file("E").replace("古い", "新しい"))
        assert statuses(report) == [(2, "valid"), (3, "unchanged"), (4, "valid")]
        assert [row.id for row in report.rows] == ids
        assert [descriptions(store, str(id_)) for id_ in (ids[0], ids[2])] == [["新しい説明"], ["新しい説明"]]

    def test_rows_that_are_gone_stay_and_are_reported(self, ingest: Ingest, store: OxigraphStore) -> None:
        ids = [str(row.id) for row in ingest("gone.csv", self.file("W")).rows]
        report = ingest("gone.csv", HEADER + "W1,甲W,技術一,古い説明,\nW3,甲W,技術三,説明,\n")
        assert report.missing == sorted(ids[1:])
        assert all(stored(store, id_) for id_ in ids)

    def test_a_row_that_is_wrong_is_not_gone(self, ingest: Ingest, store: OxigraphStore) -> None:
        first = ingest("wrong.csv", self.file("F"))
        report = ingest("wrong.csv", self.file("F").replace("説明,\n", "説明,31/02/2025\n"))
        assert [row.status for row in report.rows] == ["rejected"] * 3
        assert report.missing == []
        assert all(stored(store, str(row.id)) for row in first.rows)


class TestOneIdTwice:
    def test_other_content_is_refused_and_the_first_row_stands(self, ingest: Ingest, store: OxigraphStore) -> None:
        report = ingest("twice.csv", HEADER + "G1,甲五,技術一,最初,\nG1,甲五,技術二,次,\n")
        assert statuses(report) == [(2, "valid"), (3, "rejected")]
        assert codes(report) == [[], ["id_repeated"]]
        assert "row 2" in report.rows[1].problems[0].en
        assert descriptions(store, "technology-G1") == ["最初"]

    def test_the_same_content_is_a_duplicate_with_a_warning(self, ingest: Ingest) -> None:
        report = ingest("twice.csv", HEADER + "H1,甲H,技術一,同じ,\nH1,甲H,技術一,同じ,\n")
        assert statuses(report) == [(2, "valid"), (3, "duplicate")]
        assert codes(report) == [[], ["same_as_row"]]
        assert not report.rejected

    def test_rows_of_one_number_on_two_sheets_are_two_rows(self, ingest: Ingest, store: OxigraphStore) -> None:
        header = HEADER.strip().split(",")
        sheets: dict[str, Sheet] = {
            "一": [header, ["J1", "甲五", "技術", "最初", None]],
            "二": [header, ["J1", "甲五", "技術", "次", None]],
        }
        report = ingest("sheets.xlsx", xlsx(sheets))
        assert statuses(report) == [(2, "valid"), (2, "rejected")]
        assert descriptions(store, "technology-J1") == ["最初"]
        assert [row["sheet"] for row in report.as_json()["rows"]] == ["一", "二"]  # type: ignore[attr-defined]

    def test_a_partner_that_only_the_refused_row_named_is_not_taken_for_stored(self, ingest: Ingest) -> None:
        ingest("twice.csv", HEADER + "K1,甲五,技術一,最初,\nK1,丙のみ,技術二,次,\n")
        report = ingest("later.csv", HEADER + "K2,丙のみ,技術三,説明,\n")
        assert (statuses(report), codes(report)) == ([(2, "valid")], [[]])


class TestWholeFiles:
    def test_a_file_that_breaks_off_after_a_batch_stores_nothing(self, ingest: Ingest, store: OxigraphStore) -> None:
        before = store.count()
        rows = "".join(f"L{n},甲六,技術{n},説明,\n" for n in range(BATCH + 5))
        report = ingest("broken.csv", HEADER + rows + 'L999,"甲六')
        assert report.file_error is not None
        assert report.file_error.code == "file_damaged"
        assert (store.count(), report.rows) == (before, [])

    def test_a_file_beyond_a_limit_stores_nothing(self, new_run: NewRun, store: OxigraphStore, tmp_path: Path) -> None:
        before = store.count()
        rows = "".join(f"L{n},甲六,技術{n},説明,\n" for n in range(BATCH + 5))
        report = new_run(limits=Limits(rows=BATCH + 2)).ingest(written(tmp_path / "long.csv", HEADER + rows))
        assert report.file_error is not None
        assert report.file_error.code == "file_too_large"
        assert (store.count(), report.rows) == (before, [])

    @pytest.mark.parametrize(("name", "content", "code"), REFUSED.values(), ids=REFUSED.keys())
    def test_a_refused_file_is_one_error_in_the_report(
        self, ingest: Ingest, store: OxigraphStore, name: str, content: bytes, code: str
    ) -> None:
        before = store.count()
        report = ingest(name, content)
        assert report.file_error is not None
        assert_says_cause_and_remedy(report.file_error, name)
        data = report.as_json()
        assert data["rows"] == []
        assert data["file_error"] == {
            "code": code,
            "message": {"ja": report.file_error.message("ja"), "en": report.file_error.message("en")},
        }
        assert (report.rejected, store.count()) == (True, before)

    def test_a_file_that_says_no_kind_is_refused(self, ingest: Ingest) -> None:
        report = ingest("colours.csv", "好きな色\n青\n")
        assert report.file_error is not None
        assert report.file_error.code == "kind_unknown"

    def test_a_table_among_the_documents_is_refused(self, ingest: Ingest, tmp_path: Path) -> None:
        (tmp_path / "documents").mkdir()
        report = ingest("documents/a.csv", "団体名\n甲\n")
        assert report.file_error is not None
        assert report.file_error.code == "file_unsupported"
        assert_says_cause_and_remedy(report.file_error, "a.csv")


class TestHostileRows:
    @pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b"])
    @pytest.mark.parametrize("field", ["id", "technology", "organisation", "description", "themes", "nonsense"])
    def test_characters_that_no_text_has_reject_their_row(
        self, ingest: Ingest, store: OxigraphStore, field: str, text: str
    ) -> None:
        cells = {"id": "N1", "technology": "技術", "organisation": "甲七", "description": "説明"} | {field: "HERE"}
        other = cells | {"id": f"N-{field}", field: f"N-{field}"}
        content = json.dumps([cells, other], ensure_ascii=False).replace("HERE", text)
        report = ingest("hostile.json", content)
        assert report.rows[0].status == "rejected"
        assert codes(report)[0][0] == "text_hostile"
        assert report.rows[1].status in ("valid", "unchanged", "duplicate")
        json.dumps(report.as_json(), ensure_ascii=False).encode()

    def test_control_characters_and_markup_are_inert_text(self, ingest: Ingest, store: OxigraphStore) -> None:
        text = '<script>alert(1)</script> \\" } ; DROP ALL # \u0001\u007f\ufffe \U0001f363 =1+1 {{x}} %s'
        report = ingest(
            "inert.json", json.dumps([{"id": "O1", "technology": "技術", "organisation": "甲八", "description": text}])
        )
        assert statuses(report) == [(1, "valid")]
        assert descriptions(store, "technology-O1") == [text]

    def test_an_object_in_a_field_rejects_its_row(self, ingest: Ingest) -> None:
        report = ingest("nested.json", '[{"technology": "X", "organisation": {"name": "甲"}, "description": "説明"}]')
        assert statuses(report) == [(1, "rejected")]
        assert codes(report)[0][0] == "value_nested"


def test_unknown_columns_of_every_row_are_reported_once(ingest: Ingest) -> None:
    rows = [
        {"id": "Q1", "technology": "技術", "organisation": "甲九", "description": "説明", "colour": "青"},
        {
            "id": "Q2",
            "technology": "技術二",
            "organisation": "甲九",
            "description": "説明",
            "colour": "赤",
            "shape": "丸",
        },
    ]
    report = ingest("unknown.json", json.dumps(rows, ensure_ascii=False))
    assert [(p.field, p.severity, p.code) for p in report.columns] == [
        ("colour", "warning", "column_unknown"),
        ("shape", "warning", "column_unknown"),
    ]
    assert len(report.as_json()["columns"]) == 2  # type: ignore[arg-type]


def test_a_workbook_keeps_the_rows_and_sheets_of_its_program(ingest: Ingest, store: OxigraphStore) -> None:
    header = ["ID", "課題名", "都道府県", "市区町村", "区分", "登録日"]
    sheet: Sheet = [
        ["地域課題一覧"],
        [],
        header,
        ["R1", "竹林が荒れる", "岡山県", "真庭市", "課題", None],
        [],
        ["R2", "空き家", None, "府中市"],
    ]
    report = ingest("book.xlsx", xlsx({"課題": sheet, "空": []}))
    assert statuses(report) == [(4, "valid"), (6, "rejected")]
    assert codes(report)[1] == ["region_ambiguous"]
    assert "東京都府中市(13206)" in report.rows[1].problems[0].ja
    assert all("sheet" not in row for row in report.as_json()["rows"])  # type: ignore[attr-defined]
    provenance = store.graph(provenance_iri(BASE, "issue-R1"))
    row, sheet_name = (list(provenance.objects(predicate=CES[name])) for name in ("sourceRow", "sourceSheet"))
    assert (row, sheet_name) == ([Literal(4)], [Literal("課題")])


def test_partners_of_one_file_are_offered_by_in_the_next(ingest: Ingest, store: OxigraphStore) -> None:
    partners = "ID,団体名,団体名（英語）,会員区分,法人番号\nS1,株式会社十,Ju Inc.,企業,1020405099872\n"
    assert statuses(ingest("partners.csv", partners)) == [(2, "valid")]
    technologies = HEADER + "S2,ju inc.,技術,説明,\nS3,初出の団体,技術二,説明,\n"
    report = ingest("technologies.csv", technologies)
    assert (statuses(report), codes(report)) == ([(2, "valid"), (3, "valid")], [[], []])
    known, implied_iri = (
        next(store.graph(record_iri(BASE, f"technology-S{n}")).objects(predicate=CES.offeredBy)) for n in (2, 3)
    )
    assert known == URIRef(f"{BASE}partner-S1")
    implied = store.graph(URIRef(str(implied_iri)))
    assert list(implied.objects(predicate=RDFS.label)) == [Literal("初出の団体", lang="ja")]


def test_a_dry_run_reports_the_same_and_stores_nothing(new_run: NewRun, store: OxigraphStore, tmp_path: Path) -> None:
    content = HEADER + "U1,甲十一,技術一,説明,\nU2,甲十一,技術二,説明,31/02/2025\nU1,甲十一,技術一,説明,\n"
    before = store.count()
    dry = new_run(dry_run=True)
    report = dry.ingest(written(tmp_path / "dry.csv", content))
    assert statuses(report) == [(2, "valid"), (3, "rejected"), (4, "duplicate")]
    assert store.count() == before
    assert not stored(store, "technology-U1")


def test_progress_is_told_after_each_batch(run: Ingestion, tmp_path: Path) -> None:
    # rows without a region are rejected before the shapes are asked, which keeps this fast
    rows = "".join(f"V{n},,竹{n},\n" for n in range(BATCH + 1))
    told: list[tuple[str, int]] = []
    path = written(tmp_path / "many.csv", "ID,備考,資源名,市区町村\n" + rows)
    report = run.ingest(path, lambda name, done: told.append((name, done)))
    assert report.summary["rejected"] == BATCH + 1
    name = f"many.csv ({BATCH + 1})"
    assert told == [(name, BATCH), (name, BATCH + 1)]
