"""A search over HTTP with 10,000 records, beside what `SentenceTransformer.encode` takes for the query alone.

The records are made from the corpus's own sentences, committed and indexed by the normal path; their vectors are
noisy copies of real ones, put into the embedding cache, because embedding 10,000 texts says nothing about searching.

Run: python -m benchmarks.search_http [--records 10000] [--queries 60] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import subprocess
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np

from benchmarks.measuring import busy_core, machine, median_ms, meguri, memory, percentile_ms, seconds
from benchmarks.serving import serving
from benchmarks.startup import corpus_folder

SAMPLES = Path("search_api/engine/models/samples")


def make_records(data: Path, count: int) -> Path:
    """A CSV of technologies whose descriptions are new combinations of the corpus's sentences."""
    from search_api.engine.index.entry_store import EntryStore

    store = EntryStore(data / "index" / "entries.db", read_only=True)
    entries = [entry for _, entry in store.entries() if entry.kind == "technology" and entry.text]
    store.close()
    sentences = [s for e in entries for s in e.text.replace("。", "。\n").split("\n") if len(s) > 20]
    picked = random.Random(7)
    file = data.parent / "technologies.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["ID", "団体名", "技術名称", "概要"])
        for number in range(count):
            title = picked.choice(entries).title
            text = "".join(picked.sample(sentences, 3))
            writer.writerow([f"B{number:06}", f"株式会社サンプル{number % 50}", f"{title} {number}", text])
    return file


def fill_cache(data: Path, file: Path) -> None:
    """Vectors for the new texts: real vectors with noise, so that they spread as real ones do."""
    from ingest.normalise.text import fold, language_of
    from search_api.engine.index.entries import Entry
    from search_api.engine.index.entry_store import EntryStore
    from search_api.engine.index.manifest import Manifest
    from search_api.engine.models.embedder import unit_blocks
    from search_api.engine.models.loading import load_model

    manifest = Manifest.read(data / "index" / "manifest.json")
    assert manifest is not None
    blocks = load_model("multilingual-e5-small").embedder.blocks
    store = EntryStore(data / "index" / "entries.db")
    known = [entry.text_hash for _, entry in store.entries()]
    real = np.stack(list(store.cached_vectors(manifest.model, known).values()))
    noise = np.random.default_rng(7)
    with file.open(encoding="utf-8") as rows:
        reader = csv.DictReader(rows)
        while chunk := list(itertools.islice(reader, 1000)):
            entries = [
                Entry("", "", "technology", language_of(row["概要"]), fold(row["技術名称"]), fold(row["概要"]))
                for row in chunk
            ]
            texts = [digest for entry in entries for digest in entry.texts]
            base = real[noise.integers(0, len(real), len(texts))]
            vectors = unit_blocks(base + noise.normal(0, 0.02, base.shape), blocks)
            store.cache_vectors(manifest.model, dict(zip(texts, vectors, strict=True)))
    store.close()


def queries(count: int) -> list[str]:
    texts = [line for lang in ("ja", "en") for line in (SAMPLES / f"query.{lang}.txt").read_text().splitlines() if line]
    return random.Random(3).sample(texts, min(count, len(texts)))


def measure(records: int, count: int, kept: Path | None) -> dict[str, object]:
    """Median and 95th percentile of searches and of the baseline, alone and beside a busy core; the server's memory."""
    from sentence_transformers import SentenceTransformer

    from search_api.engine.models.prepare import model_folder

    baseline = SentenceTransformer(str(model_folder("multilingual-e5-small", None) / "sentence-transformers"))
    with tempfile.TemporaryDirectory() as folder:
        data = _data(Path(folder), records, kept)
        with serving(data) as (address, process):
            alone = _compare(baseline, address, queries(count))
            with busy_core():
                beside = _compare(baseline, address, queries(count))
            return (
                {"machine": machine(), "queries": count} | alone | {"beside_a_busy_core": beside} | memory(process.pid)
            )


def _data(folder: Path, records: int, kept: Path | None) -> Path:
    """A data folder with so many records; one that was kept is used as it is."""
    if kept is not None and (kept / "data").exists():
        return kept / "data"
    data = corpus_folder(kept or folder)
    file = make_records(data, records)
    fill_cache(data, file)
    subprocess.run(meguri("ingest", str(file), "--data", str(data)), check=True, capture_output=True)
    return data


def _compare(baseline: object, address: str, texts: list[str]) -> dict[str, object]:
    def http(text: str) -> None:
        url = f"{address}/api/v1/search?" + urllib.parse.urlencode({"q": text})
        urllib.request.urlopen(url, timeout=30).read()

    def encode(text: str) -> None:
        baseline.encode("query: " + text)  # type: ignore[attr-defined]

    for text in texts[:5]:
        http(text)
        encode(text)
    # in turn, so that the machine's moods meet both alike
    pairs = [(seconds(lambda t=text: http(t)), seconds(lambda t=text: encode(t))) for text in texts]
    ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]
    return {
        "http_median_ms": round(median_ms(ours), 1),
        "http_p95_ms": round(percentile_ms(ours, 95), 1),
        "encode_median_ms": round(median_ms(theirs), 1),
        "ratio": round(median_ms(ours) / median_ms(theirs), 2),
        "p95_to_median": round(percentile_ms(ours, 95) / median_ms(ours), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="keep the data folder here, and use it again the next time")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    print(json.dumps({"records": options.records} | measure(options.records, options.queries, options.keep), indent=1))


if __name__ == "__main__":
    main()
