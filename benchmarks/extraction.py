"""Speed of reading documents against GiNZA's full pipeline on the same text: ``python -m benchmarks.extraction``.

Three things are timed in turn, so that a noisy machine disturbs all alike: the matcher level (words, labels and names
of the register), the whole extraction with relations, and ``ja_ginza`` with all its parts over the same sentences.
Prints characters a second (processor time of this process, one core) and the ratio; then one line of JSON.

With ``--confidence [FILE.jsonl …]`` it prints what each confidence is worth on annotated documents (all of
``corpus/extraction`` by default): of the findings that bear it, the share that the annotations have too.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import machine
from ingest.extraction.extractor import packaged_extractor
from ingest.extraction.scoring import confidence_table, load_annotated
from ingest.extraction.sentences import read_text
from ingest.mentions.matcher import MentionMatcher
from ingest.mentions.terms import concept_terms, region_terms
from ingest.nlp.pipelines import SpacyPhrases, full_ginza
from ingest.normalise.text import language_of
from ingest.regions.register import RegionRegister
from ingest.vocabulary import packaged_vocabulary

CORPUS = Path(__file__).parents[1] / "corpus" / "documents"
ANNOTATED = CORPUS.with_name("extraction")


def japanese_text(copies: int) -> str:
    """The Japanese documents of the corpus one after another, so often."""
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in sorted(CORPUS.glob("*")) if path.is_file()]
    return "\n".join([text for text in texts if language_of(text) == "ja"] * copies)


def rate(text: str, action: Callable[[str], object]) -> float:
    """Characters a second of processor time."""
    started = time.process_time()
    action(text)
    return len(text) / (time.process_time() - started)


def print_confidences(files: list[Path]) -> None:
    """What each confidence is worth on annotated documents: how many findings bear it, and the share that was right."""
    documents = [document for file in files for document in load_annotated(file)]
    counts = confidence_table(documents, packaged_extractor().extract)
    print(
        f"{len(documents)} documents\n{'':14}{'shipped':>8}{'right':>7}{'found':>7}{'share':>8}   95 % of such shares"
    )
    for (measure, confidence), (found, right) in sorted(counts.items()):
        low, high = wilson(right, found)
        mark = "" if low <= confidence <= high else "  *"
        print(f"{measure:14}{confidence:8.2f}{right:7}{found:7}{right / found:8.2f}   {low:.2f} to {high:.2f}{mark}")


def wilson(right: int, found: int) -> tuple[float, float]:
    """The Wilson interval of a share, at 95 %: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval"""
    z, share = 1.96, right / found
    middle, width = (
        share + z * z / (2 * found),
        z * math.sqrt(share * (1 - share) / found + z * z / (4 * found * found)),
    )
    return (middle - width) / (1 + z * z / found), (middle + width) / (1 + z * z / found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--confidence", type=Path, nargs="*", metavar="FILE.jsonl", help="instead: what they are worth")
    options = parser.parse_args()
    if options.confidence is not None:
        print_confidences(options.confidence or sorted(ANNOTATED.glob("*.jsonl")))
        return
    terms = [*concept_terms(packaged_vocabulary()), *region_terms(RegionRegister.load())]
    matcher = MentionMatcher(terms, phrases=SpacyPhrases)
    extractor, ginza = packaged_extractor(), full_ginza()
    text, sample = japanese_text(2), japanese_text(1)[:4_000]
    sentences = [sentence.text for sentence in read_text(sample).sentences]
    actions: dict[str, tuple[str, Callable[[str], object]]] = {
        "matcher": (text, lambda t: matcher.find(t, "ja")),
        "extraction": (text, extractor.extract),
        "ginza": (sample, lambda _: list(ginza.pipe(sentences))),
    }
    for sample_text, action in actions.values():
        action(sample_text)  # tables are made at the first call
    rates: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(options.rounds):
        for name, (sample_text, action) in actions.items():
            rates[name].append(rate(sample_text, action))
    medians = {name: statistics.median(found) for name, found in rates.items()}
    print(machine())
    for name, value in medians.items():
        print(f"{name:12}{value:>12,.0f} characters a second{value / medians['ginza']:>10.1f} × GiNZA")
    print(json.dumps({name: round(value) for name, value in medians.items()}))


if __name__ == "__main__":
    main()
