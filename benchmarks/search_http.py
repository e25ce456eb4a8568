"""A search over HTTP with 10,000 records, beside what `SentenceTransformer.encode` takes for the query alone.

The records are made from the corpus's own sentences, committed and indexed by the normal path; their vectors are
noisy copies of real ones, put into the embedding cache, because embedding 10,000 texts says nothing about searching.

Run: python -m benchmarks.search_http [--records 10000] [--queries 60]
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import random
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np

from benchmarks.measuring import machine, median_ms, meguri, seconds
from benchmarks.serving import free_port, stop
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
    from search_api.engine.models.embedder import unit_rows

    manifest = Manifest.read(data / "index" / "manifest.json")
    assert manifest is not None
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
            base = real[noise.integers(0, len(real), len(entries))]
            vectors = unit_rows(base + noise.normal(0, 0.02, base.shape))
            store.cache_vectors(manifest.model, {e.text_hash: v for e, v in zip(entries, vectors, strict=True)})
    store.close()


def queries(count: int) -> list[str]:
    texts = [line for lang in ("ja", "en") for line in (SAMPLES / f"query.{lang}.txt").read_text().splitlines() if line]
    return random.Random(3).sample(texts, min(count, len(texts)))


def measure(records: int, count: int) -> dict[str, object]:
    from sentence_transformers import SentenceTransformer

    from search_api.engine.models.prepare import model_folder

    baseline = SentenceTransformer(str(model_folder("multilingual-e5-small", None) / "sentence-transformers"))
    with tempfile.TemporaryDirectory() as folder:
        data = corpus_folder(Path(folder))
        file = make_records(data, records)
        fill_cache(data, file)
        subprocess.run(meguri("ingest", str(file), "--data", str(data)), check=True, capture_output=True)
        port = free_port()
        server = subprocess.Popen(meguri("serve", "--data", str(data), "--port", str(port)), stderr=subprocess.DEVNULL)
        try:
            return _compare(baseline, f"http://127.0.0.1:{port}", queries(count))
        finally:
            stop(server)


def _compare(baseline: object, address: str, texts: list[str]) -> dict[str, object]:
    def http(text: str) -> None:
        url = f"{address}/api/v1/search?" + urllib.parse.urlencode({"q": text})
        urllib.request.urlopen(url, timeout=30).read()

    def encode(text: str) -> None:
        baseline.encode("query: " + text)  # type: ignore[attr-defined]

    _wait(address)
    for text in texts[:5]:
        http(text)
        encode(text)
    # in turn, so that the machine's moods meet both alike
    pairs = [(seconds(lambda t=text: http(t)), seconds(lambda t=text: encode(t))) for text in texts]
    ours, theirs = median_ms([a for a, _ in pairs]), median_ms([b for _, b in pairs])
    return {
        "machine": machine(),
        "queries": len(texts),
        "http_median_ms": round(ours, 1),
        "encode_median_ms": round(theirs, 1),
        "ratio": round(ours / theirs, 2),
    }


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/health/ready", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not become ready")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=60)
    options = parser.parse_args()
    print(json.dumps({"records": options.records} | measure(options.records, options.queries), indent=1))


if __name__ == "__main__":
    main()
