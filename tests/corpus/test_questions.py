"""Each competency question gives its expected answer on the corpus, quickly, in plain SPARQL 1.1.

After a change of the corpus: ``python -m tests.corpus.refresh_questions``, then read the difference.
"""

from __future__ import annotations

import re
import time

import pytest
from rdflib.plugins.sparql import prepareQuery

from docs.make_cookbook import COOKBOOK, cookbook
from kg.oxigraph_store import OxigraphStore
from kg.sparql.fetching import refuse_fetching
from tests.corpus.questions import (
    EXPECTED,
    USERS,
    Question,
    answer,
    comparable,
    corpus_store,
    load_questions,
    read_answer,
)

ASKED = load_questions()
SECONDS = 2.0
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")

each = pytest.mark.parametrize("question", ASKED, ids=[question.name for question in ASKED])


@pytest.fixture(scope="module")
def corpus() -> OxigraphStore:
    """The ontology and the whole corpus (half a minute to load)."""
    return corpus_store()


def test_there_are_questions_of_every_user() -> None:
    assert len(ASKED) >= 26
    assert {question.user for question in ASKED} == set(USERS)
    assert len({question.number for question in ASKED}) == len(ASKED)


def test_no_expected_answer_is_left_without_its_question() -> None:
    assert set(EXPECTED.glob("*")) == {question.expected for question in ASKED}


@each
def test_it_is_asked_in_both_languages(question: Question) -> None:
    assert _JAPANESE.search(question.ja)
    assert not _JAPANESE.search(question.en)
    assert question.ja.endswith("。")
    assert question.en.endswith(("?", ".", ".)"))


@each
def test_it_is_plain_sparql(question: Question) -> None:
    """The reader of rdflib knows the standard and nothing else."""
    prepareQuery(question.query)
    refuse_fetching(question.query)


@each
def test_the_columns_that_it_explains_are_there(question: Question) -> None:
    assert set(question.columns) <= set(read_answer(question.expected)["head"]["vars"])


@each
def test_the_corpus_has_an_answer(question: Question) -> None:
    rows = read_answer(question.expected)["results"]["bindings"]
    assert bool(rows) != question.about_absence


@each
def test_it_gives_the_expected_answer_in_time(question: Question, corpus: OxigraphStore) -> None:
    # time of this process, since a busy machine says nothing about the query
    began = time.process_time()
    found = answer(corpus, question)
    took = time.process_time() - began
    assert comparable(found, question) == comparable(read_answer(question.expected), question)
    assert took < SECONDS


def test_the_cookbook_is_current() -> None:
    """Else: python -m docs.make_cookbook."""
    assert COOKBOOK.read_text(encoding="utf-8") == cookbook(ASKED)
