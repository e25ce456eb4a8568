"""Trains the corrections of the first encoder that ship: ``python -m benchmarks.adapter --write`` (an hour or two).

Reads ``corpus/needs`` and the packaged model, and no judged set. With ``--known N`` it goes on from the corrections
that ship, which have seen the first N groups: these come up seldom, and the rate is half. Afterwards: ``meguri
prepare``, ``python -m benchmarks.needs --write``, and the calibration (docs/matching.md). Without ``--write`` it runs
ten steps, writes nothing, and tells their mean loss.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.adapter_examples import Source
from benchmarks.measuring import machine
from search_api.engine.models import adapter, prepare
from search_api.engine.models.reference_means import load_reference_means

TARGET = Path("search_api/engine/models") / adapter.FILE_NAME
RANK, RATE, SEED = 16, 4e-4, 0
CONCEPTS, GROUPS = 4, 10
STEPS = 120
TELL, KEPT = 10, 20
Factors = dict[str, tuple[np.ndarray, np.ndarray]]


def main() -> None:
    """Train, and write the file where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--known", type=int, default=0, help="go on from what ships, which has seen so many groups")
    parser.add_argument("--keep", type=Path, help="a folder for the state every twenty steps")
    options = parser.parse_args()
    source = Source.read(options.known)
    if len(source.groups) - options.known < GROUPS:
        parser.error(f"--known {options.known} leaves fewer than {GROUPS} of {len(source.groups)} groups to learn")
    steps = options.steps or (STEPS if options.write else TELL)
    for step, factors in train(source, steps):
        if options.keep and step % KEPT == 0:
            _write(options.keep / f"{step}.npz", factors)
    if options.write:
        _write(TARGET, factors)


def train(source: Source, steps: int) -> Iterator[tuple[int, Factors]]:
    """The corrections after each step, over random batches of all examples; steps are counted from 1."""
    import torch

    from benchmarks.adapter_training import Lesson, Pupil, trained
    from search_api.engine.models.torch_model import load_sentence_transformer

    torch.manual_seed(SEED)
    published = prepare.prepare_model(prepare.PUBLISHED_MODEL)
    learnt = adapter.Adapter.shipped() if source.known else None
    pupil = Pupil(load_sentence_transformer(str(published / "sentence-transformers")), RANK, learnt)
    lesson = Lesson(pupil, load_reference_means(prepare.prepare_default_model() if learnt else published))
    batches = source.batches(random.Random(SEED), CONCEPTS, GROUPS)
    print(machine())
    started, losses = time.perf_counter(), []
    for loss in trained(lesson, pupil, batches, steps, RATE / 2 if learnt else RATE):
        losses.append(loss)
        if len(losses) % TELL == 0 or len(losses) == steps:
            took = (time.perf_counter() - started) / len(losses)
            print(f"{len(losses)} of {steps}: loss {np.mean(losses[-TELL:]):.3f}, {took:.1f} s a step", flush=True)
        yield len(losses), pupil.factors()


def _write(file: Path, factors: Factors) -> None:
    with file.open("wb") as stream:
        np.savez_compressed(stream, **adapter.to_arrays(factors))
    print(f"{file}: {file.stat().st_size / 2**20:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
