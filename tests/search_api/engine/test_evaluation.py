"""Metrics against published examples; what may reach the ranking; what is wrong with a set, and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import MeguriError
from search_api.engine.evaluation import EvaluationSet, load_set, rank_all
from search_api.engine.models.double import HashingEmbedder
from search_api.engine.models.loading import LoadedModel
from search_api.engine.scoring import interval, qrels, score, scores_by_slice, trec_lines, widest_gap
from tests.search_api.engine.conftest import reference_means

MODEL = LoadedModel(HashingEmbedder(128), reference_means(128))
TECHNOLOGIES: list[dict[str, Any]] = [
    {"id": "T1", "theme": "a", "lang": "ja", "title": "油の燃料", "summary": "使い終わった天ぷら油を燃料にする。"},
    {"id": "T2", "theme": "a", "lang": "en", "title": "Fuel", "summary": "Used cooking oil is turned into fuel."},
    {"id": "T3", "theme": "b", "lang": "ja", "title": "木の熱", "summary": "間伐材を燃やして熱を届ける。"},
    {"id": "T4", "theme": "b", "lang": "en", "title": "Bus", "summary": "An electric bus booked by telephone."},
]
ISSUES: list[dict[str, Any]] = [
    {"id": "I1", "theme": "a", "lang": "ja", "title": "捨てられる油", "description": "天ぷら油が燃えるごみになる。",
     "region": "真庭市", "level": "community", "relevant_technologies": {"T1": 2, "T2": 1}},
    {"id": "I2", "theme": "b", "lang": "en", "title": "No bus", "description": "Nobody drives the elderly."},
]  # fmt: skip
QUERIES: list[dict[str, Any]] = [
    {
        "id": "q1",
        "lang": "ja",
        "text": "使い終わった天ぷら油を燃料に",
        "target": "technology",
        "relevant": {"T1": 2, "T2": 2},
    },
    {"id": "q2", "lang": "en", "text": "bus for the elderly", "target": "technology", "relevant": {"T4": 1}},
    {"id": "q3", "lang": "ja", "text": "天ぷら油を集めます", "target": "issue", "relevant": {"I1": 2}},
]


def write(folder: Path, **files: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "set", technologies=TECHNOLOGIES, issues=ISSUES, queries=QUERIES)


def ranked(*documents: str) -> dict[str, float]:
    return {document: 1.0 - place / 100 for place, document in enumerate(documents)}


# The example of https://en.wikipedia.org/wiki/Discounted_cumulative_gain: six documents in the order D1 … D6 with
# the grades 3, 2, 3, 0, 1, 2, and D7, D8 with 3 and 2 that were not found: DCG@6 6.861, IDCG@6 8.740, nDCG@6 0.785.
GRADES = {"D1": 3, "D2": 2, "D3": 3, "D4": 0, "D5": 1, "D6": 2, "D7": 3, "D8": 2}
FOUND = ranked("D1", "D2", "D3", "D4", "D5", "D6")


def test_ndcg_is_that_of_the_published_example() -> None:
    assert score({"q": GRADES}, {"q": FOUND}, ["nDCG@6"])["nDCG@6"] == pytest.approx(6.861 / 8.740, abs=5e-4)
    assert score({"q": GRADES}, {"q": FOUND}, ["nDCG@6"])["nDCG@6"] == pytest.approx(0.785, abs=5e-4)


def test_ndcg_of_the_six_documents_alone_is_that_of_the_article_s_earlier_text() -> None:
    """There D7 and D8 did not exist: IDCG 7.141, nDCG 0.961; and six documents are all of the first ten."""
    six = {document: grade for document, grade in GRADES.items() if document in FOUND}
    assert score({"q": six}, {"q": FOUND})["nDCG@10"] == pytest.approx(0.961, abs=5e-4)


def test_ndcg_at_ten_is_that_of_annif() -> None:
    """github.com/NatLibFi/Annif, tests/test_eval.py, test_ndcg_10: between 0.55 and 0.56."""
    relevant = [1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    judged = {f"D{place:02}": grade for place, grade in enumerate(relevant)}
    assert 0.55 < score({"q": judged}, {"q": ranked(*list(judged)[:7])})["nDCG@10"] < 0.56


def test_reciprocal_rank_and_recall() -> None:
    """MRR: https://en.wikipedia.org/wiki/Mean_reciprocal_rank: ranks 3, 2 and 1 give 11/18, about 0.61."""
    judged = {"cat": {"cats": 1}, "torus": {"tori": 1}, "virus": {"viruses": 1}}
    run = {
        "cat": ranked("catten", "cati", "cats"),
        "torus": ranked("torii", "tori", "toruses"),
        "virus": ranked("viruses", "virii", "viri"),
    }
    assert score(judged, run)["RR"] == pytest.approx(11 / 18, abs=1e-4)
    many = {"q": {f"D{i:02}": 1 for i in range(20)}}
    assert score(many, {"q": ranked(*many["q"])})["R@10"] == 0.5


def test_a_query_without_results_counts_as_nothing_found() -> None:
    judged = {"q1": {"D1": 1}, "q2": {"D1": 1}}
    assert score(judged, {"q1": ranked("D1")}) == {"nDCG@10": 0.5, "R@10": 0.5, "RR": 0.5}
    assert score(judged, {}) == {"nDCG@10": 0.0, "R@10": 0.0, "RR": 0.0}


def test_the_set_is_read(folder: Path) -> None:
    loaded = load_set(folder)
    assert [item.id for item in loaded.technologies] == ["T1", "T2", "T3", "T4"]
    assert loaded.issues[0].relevant == {"T1": 2, "T2": 1}
    assert [(topic.id, topic.target) for topic in loaded.topics()] == [
        ("q1", "technology"), ("q2", "technology"), ("q3", "issue"), ("I1", "issue→technology"),
    ]  # fmt: skip
    assert list(loaded.topics())[-1].text == "捨てられる油\n天ぷら油が燃えるごみになる。"


def test_issues_region_and_level_may_be_absent(tmp_path: Path) -> None:
    bare = [{"id": "D1", "text": "some text"}, {"id": "D2", "title": "only a title"}]
    loaded = load_set(write(tmp_path / "s", technologies=bare, queries=[{"id": "q", "text": "a text", "relevant": {}}]))
    assert loaded.issues == []
    assert [(item.text, item.lang) for item in loaded.technologies] == [("some text", "en"), ("", "en")]
    assert rank_all(loaded, MODEL)["q"].keys() == {"D1", "D2"}


def test_the_production_path_ranks_the_set(folder: Path) -> None:
    loaded = load_set(folder)
    run = rank_all(loaded, MODEL)
    assert run.keys() == {"q1", "q2", "q3", "I1"}
    assert run["q1"].keys() == {"T1", "T2", "T3", "T4"}
    assert run["q3"].keys() == {"I1", "I2"}
    assert max(run["q1"], key=lambda d: run["q1"][d]) == "T1"
    assert max(run["q3"], key=lambda d: run["q3"][d]) == "I1"
    assert rank_all(loaded, MODEL, balanced=False) != run


def renamed(rows: list[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    """Other ids and themes, no judgments, wrong languages, other regions and levels."""
    noise = {"theme": "zzz", "relevant": {}, "relevant_technologies": {}, "region": "札幌市", "level": "international"}
    return [row | noise | {"id": f"{prefix}{row['id']}", "lang": "fr"} for row in rows]


def test_nothing_but_text_reaches_the_ranking(folder: Path, tmp_path: Path) -> None:
    issues = [row | {"relevant_technologies": {}} for row in ISSUES]
    write(folder, issues=issues)
    other = write(
        tmp_path / "other",
        technologies=renamed(TECHNOLOGIES, "Z:"),
        issues=renamed(issues, "A"),
        queries=renamed(QUERIES, "x"),
    )
    before, after = rank_all(load_set(folder), MODEL), rank_all(load_set(other), MODEL)
    assert {
        f"x{query}": {f"{'A' if document[0] == 'I' else 'Z:'}{document}": value for document, value in found.items()}
        for query, found in before.items()
    } == after


def test_scores_by_target_and_pair_of_languages(folder: Path) -> None:
    loaded = load_set(folder)
    run = {
        "q1": ranked("T3", "T1", "T4", "T2"),
        "q2": ranked("T4"),
        "q3": ranked("I2", "I1"),
        "I1": ranked("T1", "T2"),
    }
    table = scores_by_slice(loaded, run)
    assert table["technology"]["queries"] == 2
    assert table["technology"]["RR"] == 0.75
    assert table["issue"]["RR"] == 0.5
    assert table["issue→technology"]["nDCG@10"] == 1.0
    # of the Japanese answers T1 comes second, of the English ones T2 comes second behind T4
    assert table["technology ja→ja"]["RR"] == 0.5
    assert table["technology ja→en"]["RR"] == 0.5
    only = {"nDCG@10": 1.0, "R@10": 1.0, "RR": 1.0, "queries": 1, "low": 1.0, "high": 1.0}
    assert table["technology en→en"] == table["technology en"] == only
    assert table["issue ja→ja"]["RR"] == 1.0
    assert "technology en→ja" not in table
    assert "issue ja→en" not in table
    # all queries together: q1, q3 and I1 ask in Japanese and have Japanese answers, q1 and I1 English ones
    assert [table[f"all {pair}"]["queries"] for pair in ("ja→ja", "ja→en", "en→en")] == [3, 2, 1]
    assert table["all ja→ja"]["RR"] == pytest.approx((0.5 + 1 + 1) / 3, abs=1e-4)
    assert table["all, widest gap"]["nDCG@10"] == pytest.approx(1 - table["all ja→en"]["nDCG@10"], abs=1e-3)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_an_interval_holds_its_mean_and_a_group_has_no_gap_to_itself(values: list[float]) -> None:
    low, high = interval(values)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert widest_gap([values, values]) == (0.0, 0.0, 0.0)
    assert widest_gap([values, [value / 2 for value in values]])[0] == pytest.approx(sum(values) / len(values) / 2)


def test_a_perfect_run_scores_one_in_every_slice(folder: Path) -> None:
    loaded = load_set(folder)
    perfect = {q: {d: float(grade) for d, grade in relevant.items()} for q, relevant in qrels(loaded.topics()).items()}
    for name, scores in scores_by_slice(loaded, perfect).items():
        if name == "all, widest gap":
            assert scores["nDCG@10"] == scores["low"] == scores["high"] == 0.0
        else:
            assert scores["nDCG@10"] == scores["R@10"] == scores["RR"] == scores["low"] == 1.0, name


def test_a_target_whose_queries_are_not_judged_has_no_scores(tmp_path: Path) -> None:
    queries = [{"id": "q", "text": "油", "relevant": {}}, {"id": "p", "text": "油", "relevant": {"T1": 0}}]
    loaded = load_set(write(tmp_path / "s", technologies=TECHNOLOGIES, queries=queries))
    assert scores_by_slice(loaded, rank_all(loaded, MODEL)) == {}


def test_the_run_is_in_trec_format() -> None:
    lines = list(trec_lines({"q1": {"T2": 0.25, "T1": 0.5}, "q2": {"T3": -0.125}}, "tag"))
    assert lines == ["q1 Q0 T1 1 0.500000 tag", "q1 Q0 T2 2 0.250000 tag", "q2 Q0 T3 1 -0.125000 tag"]


def test_the_run_scores_as_trec_tools_read_it(folder: Path, tmp_path: Path) -> None:
    import ir_measures

    loaded = load_set(folder)
    run = rank_all(loaded, MODEL)
    path = tmp_path / "run.trec"
    path.write_text("\n".join(trec_lines(run)) + "\n", encoding="utf-8")
    read: dict[str, dict[str, float]] = {}
    for line in ir_measures.read_trec_run(str(path)):
        read.setdefault(line.query_id, {})[line.doc_id] = line.score
    judged = qrels(loaded.topics())
    assert score(judged, read) == score(judged, run)


@pytest.mark.parametrize("name", ["technologies", "queries"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / f"{name}.jsonl").unlink()
    require_invalid(folder, f"{name}.jsonl")


def require_invalid(folder: Path, place: str) -> None:
    with pytest.raises(MeguriError) as caught:
        load_set(folder)
    assert caught.value.code == "evaluation_set"
    assert place in caught.value.en
    assert place in caught.value.ja
    assert "README" in caught.value.remedy_en


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        '{"text": "no id"}',
        '{"id": "q9"}',
        '{"id": "q9", "text": " "}',
        '{"id": "q9", "text": "t", "target": "partner"}',
        '{"id": "q9", "text": "t", "relevant": ["T1"]}',
        '{"id": "q9", "text": "t", "relevant": {"T1": "2"}}',
        '{"id": "q9", "text": "t", "relevant": {"T1": 0.5}}',
        '{"id": "q1", "text": "an id that was there already"}',
    ],
)
def test_a_malformed_line_is_named_with_its_place(folder: Path, line: str) -> None:
    path = folder / "queries.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + line + "\n", encoding="utf-8")
    require_invalid(folder, "queries.jsonl:5")


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "issues.jsonl").write_bytes('{"id": "I1", "title": "油"}'.encode("cp932"))
    require_invalid(folder, "issues.jsonl")


def test_line_separators_inside_a_text_end_no_line(folder: Path) -> None:
    text = "first\u2028second\x85third"
    write(folder, queries=[{"id": "q", "text": text, "relevant": {"T1": 1}}])
    assert load_set(folder).queries[0].text == text


def test_windows_line_ends_and_a_byte_order_mark_are_read(folder: Path) -> None:
    content = (folder / "queries.jsonl").read_text(encoding="utf-8").replace("\n", "\r\n")
    (folder / "queries.jsonl").write_bytes(b"\xef\xbb\xbf" + content.encode())
    assert isinstance(load_set(folder), EvaluationSet)
