"""Trains the corrections of the first encoder that ship: ``python -m benchmarks.adapter --write`` (about half an hour).

Reads ``corpus/needs`` and the packaged model, and no judged set. Afterwards: ``meguri prepare``, ``python -m
benchmarks.needs --write``, and the calibration (docs/matching.md). Without ``--write`` it runs ten steps,
writes nothing, and tells their mean loss.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np

from benchmarks.adapter_examples import Source
from benchmarks.measuring import machine
from search_api.engine.models import adapter, prepare
from search_api.engine.models.reference_means import load_reference_means

TARGET = Path("search_api/engine/models") / adapter.FILE_NAME
RANK, RATE, SEED = 16, 4e-4, 0
CONCEPTS, GROUPS = 8, 8
STEPS = 120
TELL = 10


def main() -> None:
    """Train, and write the file where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    factors = train(options.steps or (STEPS if options.write else TELL))
    if options.write:
        with TARGET.open("wb") as file:
            np.savez_compressed(file, **adapter.to_arrays(factors))
        print(f"{TARGET}: {TARGET.stat().st_size / 2**20:.1f} MB")


def train(steps: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The corrections after so many steps over random batches of all examples."""
    import torch

    from benchmarks.adapter_training import Lesson, Pupil, trained
    from search_api.engine.models.torch_model import load_sentence_transformer

    torch.manual_seed(SEED)
    published = prepare.prepare_model(prepare.PUBLISHED_MODEL)
    pupil = Pupil(load_sentence_transformer(str(published / "sentence-transformers")), RANK)
    lesson = Lesson(pupil, load_reference_means(published))
    batches = Source.read().batches(random.Random(SEED), CONCEPTS, GROUPS)
    print(machine())
    started, losses = time.perf_counter(), []
    for loss in trained(lesson, pupil, batches, steps, RATE):
        losses.append(loss)
        if len(losses) % TELL == 0 or len(losses) == steps:
            took = (time.perf_counter() - started) / len(losses)
            print(f"{len(losses)} of {steps}: loss {np.mean(losses[-TELL:]):.3f}, {took:.1f} s a step", flush=True)
    return pupil.factors()


if __name__ == "__main__":
    main()
