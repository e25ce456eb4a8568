"""Writes docs/cookbook.md from the competency questions and their answers: ``python -m docs.make_cookbook``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.namespaces import DEFAULT_BASE, PREFIXES
from tests.corpus.questions import USERS, Answer, Question, load_questions, read_answer

COOKBOOK = Path(__file__).parent / "cookbook.md"
ROWS = 5
WIDTH = 60

_SHORT = {
    DEFAULT_BASE: "id:",
    "https://w3id.org/meguri/region/": "region:",
    "https://w3id.org/meguri/concept/": "concept/",
    "https://w3id.org/meguri/scheme/": "scheme/",
    **{str(namespace): f"{prefix}:" for prefix, namespace in PREFIXES.items()},
}
_HEADINGS = {
    "officer": ("A municipal officer", "自治体の職員"),
    "company": ("A company", "企業"),
    "researcher": ("A researcher", "研究者"),
    "secretariat": ("The secretariat", "事務局"),
    "operator": ("An operator", "運用者"),
}

_INTRODUCTION = """\
# SPARQL cookbook

<!-- Made by `python -m docs.make_cookbook` from corpus/questions; edit that, not this page. -->

What Meguri's users want to know, each question with the query that answers it and the first rows of its answer on the
corpus of this repository. No knowledge of SPARQL is needed to start: take the question nearest to yours, change the
words in quotes or the codes in its `VALUES` line, and run it. All queries are plain SPARQL 1.1.

このページは、利用者が知りたいことと、それに答える SPARQL クエリ、その答えの最初の数行をまとめたものです。
近い質問を選び、引用符の中の語や `VALUES` の行の番号を変えて実行してください。

## How to run

```sh
meguri init                                      # once: a data folder with the ontology and the regions
meguri ingest corpus                             # the records of this repository
meguri sparql corpus/questions/21-records-by-class-and-language.rq
meguri sparql corpus/questions/46-goals-due-in-a-quarter.rq --format csv > due.csv
meguri sparql 'SELECT * WHERE { ?s ?p ?o } LIMIT 10'
```

`--format` takes table, json, xml, csv or tsv; a query that runs for more than `--timeout` seconds is ended.

## The shape of the data

A statement has three parts: a subject, a property and a value. `?x` in a query is a place to be filled. Records are
bound to each other, to regions and to *concepts* (the words of the vocabularies), and that is what queries walk along:

```text
Issue            ces:inRegion → Municipality → (ces:within) → Prefecture → Block → Japan
                 ces:hasTheme → theme          ces:concernsResource → resource
RegionalResource ces:inRegion → Municipality   ces:resourceKind → resource   ces:hasAmount → amount and unit
Technology       ces:offeredBy → Partner       ces:availableIn → Prefecture (none: everywhere)
                 ces:hasTheme → theme          ces:usesResource, ces:yieldsResource → resource
                 ces:technologyKind → kind of technology, which has ces:addressesTheme, ces:usesResource … in general
Project          ces:usesTechnology → Technology   ces:addressesIssue → Issue
SupportScheme    ces:eligibleKind → kind of member   ces:eligibleRegion → region (none: everywhere)
Commitment       ces:committedBy → Partner   ← (ces:followsUp) FollowUp
Document         ces:hasPassage → Passage   ces:hasMention → Mention   ces:mentions → concept or region
```

- Every record has `rdfs:label` (title), `dct:identifier` (the id of the spreadsheet, such as `T001`) and mostly
  `dct:description`; every concept has `skos:prefLabel` in Japanese and English, and `skos:broader` leads upwards.
- A title may be in Japanese, in English or in both. `OPTIONAL` for each language and
  `BIND(COALESCE(?ja, ?en) AS ?title)` takes what there is; `FILTER(LANG(?x) = "ja")` picks a language where both exist.
- The default graph holds what is published: leave `GRAPH` out. Each record also has a named graph with its own
  statements, and one with its provenance (file, sheet, row, time); questions 29, 52, 61 and 62 show how to ask those.
- All classes and properties stand in [data-model.md](data-model.md) and `ontology/ces.ttl`.

Four habits keep queries right and quick:

1. Required patterns first, `FILTER` next, `OPTIONAL` and `BIND` last. Patterns after an `OPTIONAL` or a `BIND` are
   found on their own before they are joined, which can take a hundred times as long.
2. Count with `COUNT(DISTINCT ?x)` whenever something else in the query may have several values.
3. Compare dates as text, `STR(?date) <= "2026-11-22"`: exact for ISO dates, and every engine can do it.
4. Give every list an `ORDER BY`, so that two answers can be compared.

## Prefixes

Each query names the prefixes that it uses; these are all of them.

```sparql
PREFIX ces: <https://w3id.org/meguri/ces#>                # classes and properties of Meguri
PREFIX region: <https://w3id.org/meguri/region/>          # region:13206, region:13, region:block-kanto, region:JP
PREFIX theme: <https://w3id.org/meguri/concept/theme/>    # concepts; likewise res: (resource), tech: (technology),
                                                          # kind: (member-kind), issue-kind:, programme:
PREFIX dct: <http://purl.org/dc/terms/>                   # identifier, description, issued, modified, source
PREFIX owl: <http://www.w3.org/2002/07/owl#>              # the version of the ontology
PREFIX prov: <http://www.w3.org/ns/prov#>                 # provenance
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>      # label, comment, subClassOf
PREFIX schema: <https://schema.org/>                      # amounts, addresses
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>       # labels and hierarchy of concepts
PREFIX wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#>    # latitude and longitude
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>           # types of values
```
"""


def cookbook(questions: Sequence[Question]) -> str:
    """The whole page."""
    parts = [_INTRODUCTION, _contents(questions)]
    for user in USERS:
        en, ja = _HEADINGS[user]
        parts.append(f"## {en} asks / {ja}の質問\n")
        parts += [_section(question) for question in questions if question.user == user]
    return "\n".join(parts)


def _contents(questions: Sequence[Question]) -> str:
    lines = ["## The questions\n", "| | question | 質問 | asked by |", "|---|---|---|---|"]
    for question in questions:
        link = f"[{question.number}](#q{question.number})"
        lines.append(f"| {link} | {question.en} | {question.ja} | {question.user} |")
    return "\n".join(lines) + "\n"


def _section(question: Question) -> str:
    """One question: what is asked, what its columns mean, the query, and the beginning of the answer."""
    columns = [f"- `{name}`: {meaning}" for name, meaning in question.columns.items()]
    blocks = [
        f'### <a id="q{question.number}"></a>{question.number}. {question.en}',
        question.ja,
        question.notes,
        "\n".join(columns),
        f"```sparql\n# corpus/questions/{question.name}.rq\n{question.query}```",
        _table(read_answer(question.expected)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _table(found: Answer) -> str:
    """The first rows as a Markdown table, and how many there are."""
    names, rows = found["head"]["vars"], found["results"]["bindings"]
    if not rows:
        return "No rows."
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(_cell(row.get(name)) for name in names)} |" for row in rows[:ROWS]]
    shown = f"{len(rows)} rows; these are the first {ROWS}." if len(rows) > ROWS else f"{len(rows)} rows."
    return "\n".join([*lines, "", shown if len(rows) > 1 else "1 row."])


def _cell(term: dict[str, str] | None) -> str:
    """A term as a reader wants it: short, on one line, without what Markdown would take for markup."""
    if term is None:
        return ""
    text = " ".join(term["value"].split())
    if term["type"] == "uri":
        namespace = max((n for n in _SHORT if text.startswith(n)), key=len, default="")
        text = _SHORT.get(namespace, "") + text.removeprefix(namespace)
    if len(text) > WIDTH:
        text = text[: WIDTH - 1] + "…"
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    COOKBOOK.write_text(cookbook(load_questions()), encoding="utf-8")
