"""Each competency question gives its expected answer on the corpus, quickly, in plain SPARQL 1.1.

After a change of the corpus: ``python -m tests.corpus.refresh_questions``, then read the difference.
"""

from __future__ import annotations

import re
import shlex
import time
from datetime import date

import pytest
from rdflib.plugins.sparql import prepareQuery

from docs.make_cookbook import COOKBOOK, cookbook
from docs.make_examples import EXAMPLES, commands, shown
from kg.namespaces import DEFAULT_BASE
from kg.oxigraph_store import OxigraphStore
from kg.sparql.fetching import refuse_fetching
from search_api.engine.concepts import ConceptGraph
from search_api.engine.conditions import Offer, Place, conditions_of
from search_api.engine.evidence import EvidenceFinder
from search_api.engine.index.entries import Entry
from search_api.engine.lexicon import packaged_lexicon
from search_api.engine.projection import project
from search_api.engine.query import Request, understand
from search_api.engine.region_facts import GraphFacts
from search_api.engine.told import told
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


def test_the_examples_show_every_command_and_what_the_corpus_says(corpus: OxigraphStore) -> None:
    """Reasons and conditions come from graph and words alone, so they are the same whatever the models are.

    Else: python -m docs.make_examples --data FOLDER.
    """
    blocks = dict(shown(EXAMPLES.read_text(encoding="utf-8")))
    assert list(blocks) == commands()
    lexicon, matcher, _ = packaged_lexicon()
    entries = project(corpus, DEFAULT_BASE)
    for command, lines in blocks.items():
        for id_ in re.findall(r"\b(?:issue|technology|resource)-[A-Z]\d+", "\n".join(lines)):
            assert entries[id_], id_
        if command.startswith("meguri search"):
            text, *options = shlex.split(command)[2:]
            find = options[options.index("--find") + 1] if "--find" in options else "technology"
            finder = EvidenceFinder(lexicon.concepts, matcher)
            check_reasons(Request(text, find), lines, entries, finder, lexicon.concepts, corpus)


def check_reasons(
    request: Request,
    lines: list[str],
    entries: dict[str, list[Entry]],
    finder: EvidenceFinder,
    concepts: ConceptGraph,
    corpus: OxigraphStore,
) -> None:
    """What was read from the query, and of every result its sentence, concepts, paths, words and conditions."""
    query = finder.spelled(understand(request, concepts))
    place, terms, printed = Place.of(query.situation, GraphFacts(corpus)), finder.read(query), "\n".join(lines)
    assert all(part.label in printed for part in told(query, query.response_lang))
    for id_ in re.findall(r"^\d+\. .*\((.*?)\)$", printed, re.MULTILINE):
        block = printed.partition(f"({id_})")[2].partition("\n役立つ")[0]
        said = []
        for entry in entries[id_]:
            evidence = finder.explain(terms, query, entry, 0.5)
            conditions = conditions_of(Offer.of(entry), place, concepts, query.response_lang, date.today())
            reasons = [p.text for p in evidence.passages] + [c.text for c in conditions]
            said.append(all(reason in block for reason in reasons))
        assert any(said), id_
