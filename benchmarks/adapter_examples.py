"""What the encoder is taught with: batches of needs and solutions drawn from ``corpus/needs`` (formats in its README).

In a batch each need is an instance of ranking: all its passages stand for an index, those of its own group that do not
meet it are the hard ones, and what was not judged against it does not count.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.needs import EXAMPLES, examples
from search_api.engine.index.balance import QueryKind

GROUPS = EXAMPLES.with_name("groups.jsonl")
LANGUAGES = ("ja", "en")
# how often each way of saying a need is drawn
WAYS = {"keywords_ja": 0.55, "everyday_ja": 0.6, "sentence_en": 0.65, "keywords_en": 0.35}
TITLES_ALONE = 0.15


@dataclass(frozen=True)
class Asked:
    """A need in a batch: ``grades`` by the place of a passage; passages at ``unjudged`` places count neither way."""

    kind: QueryKind
    text: str
    grades: dict[int, int]
    unjudged: frozenset[int] = frozenset()


@dataclass
class Batch:
    """Needs and the passages they are ranked against."""

    asked: list[Asked] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)

    def add(self, passage: str) -> int:
        """The place of a new passage."""
        self.passages.append(passage)
        return len(self.passages) - 1


@dataclass(frozen=True)
class Source:
    """All examples, as the files have them; the first ``known`` groups were learnt before."""

    concepts: Sequence[dict[str, Any]]
    groups: Sequence[dict[str, Any]]
    known: int = 0

    @classmethod
    def read(cls, known: int = 0) -> Source:
        """What the corpus holds."""
        return cls(examples(), examples(GROUPS), known)

    def batches(self, chance: random.Random, concepts: int, groups: int) -> Iterator[Batch]:
        """Endless random batches of so many concepts and groups each; of the groups a quarter are known ones."""
        again = groups // 4 if self.known else 0
        old, new = self.groups[: self.known], self.groups[self.known :]
        while True:
            batch = Batch()
            for row in chance.sample(self.concepts, concepts):
                _add_concept(batch, row, chance)
            for group in [*chance.sample(old, again), *chance.sample(new, groups - again)]:
                _add_group(batch, group, chance)
            yield batch


def whole(item: dict[str, str]) -> str:
    """Title and text, as the index embeds a record."""
    return f"{item['title']}\n{item.get('summary') or item['description']}"


def _passage(item: dict[str, str], chance: random.Random) -> str:
    return item["title"] if chance.random() < TITLES_ALONE else whole(item)


def _add_concept(batch: Batch, row: dict[str, Any], chance: random.Random) -> None:
    solutions = {batch.add(_passage(row[f"technology_{language}"], chance)): 2 for language in LANGUAGES}
    batch.add(_passage(row["distractor"], chance))
    issue = batch.add(_passage(row["issue"], chance))
    for way in ("everyday_ja", "everyday_en", "keywords_ja"):
        if chance.random() < 0.6:
            batch.asked.append(Asked("query", chance.choice(row[way]), solutions, frozenset([issue])))
    if chance.random() < 0.35:
        batch.asked.append(Asked("issue", whole(row["issue"]), solutions, frozenset([issue])))
    if chance.random() < 0.4:
        offer = chance.choice(row[f"offer_{chance.choice(LANGUAGES)}"])
        batch.asked.append(Asked("offer", offer, {issue: 2}, frozenset(solutions)))


def _add_group(batch: Batch, group: dict[str, Any], chance: random.Random) -> None:
    places = {item["id"]: batch.add(_passage(item[chance.choice(LANGUAGES)], chance)) for item in group["technologies"]}
    issues = [batch.add(_passage(issue[chance.choice(LANGUAGES)], chance)) for issue in group["issues"]]
    aside = frozenset(issues)
    for need in group["needs"]:
        grades = {places[id_]: grade for id_, grade in need["relevant"].items()}
        drawn = [way for way, share in WAYS.items() if chance.random() < share]
        batch.asked += [Asked("query", need[way], grades, aside) for way in drawn]
    for issue in group["issues"]:
        if chance.random() < 0.7:
            grades = {places[id_]: grade for id_, grade in issue["relevant"].items()}
            batch.asked.append(Asked("issue", whole(issue[chance.choice(LANGUAGES)]), grades, aside))
    for offer in group["offers"]:
        if chance.random() < 0.5:
            met = {issues[place]: 2 for place in offer["issues"]}
            batch.asked.append(Asked("offer", offer[chance.choice(LANGUAGES)], met, frozenset(places.values())))
