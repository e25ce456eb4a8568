"""Trains low-rank corrections of E5's linear layers on batches of needs and passages (needs torch).

The loss is that of ranking: for each need, the cross entropy of each of its right passages against all wrong ones of
the batch (InfoNCE, van den Oord et al. 2018), over the cosines that search uses: the language means are taken away.
It says nothing of how high a cosine is, and a search must also tell that nothing fits. So a logistic loss over single
pairs stands beside it, with one slope and one threshold for all needs (SigLIP, Zhai et al. 2023).
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as functional

from benchmarks.adapter_examples import Asked, Batch
from ingest.normalise.text import language_of
from search_api.engine.models.adapter import Adapter
from search_api.engine.models.embedder import E5_PREFIXES, Role, Vectors

# names as the package has them: layer part → the module that holds it, and its attribute
_PARTS = {
    "q": ("attention.self", "query"),
    "k": ("attention.self", "key"),
    "v": ("attention.self", "value"),
    "ao": ("attention.output", "dense"),
    "fi": ("intermediate", "dense"),
    "fo": ("output", "dense"),
}
_MICRO = 32  # texts that run together, sorted by length
_TOKENS = 192
_TEMPERATURE = 0.03
_PAIRS = 1.0  # what the loss of single pairs weighs beside that of the ranking
_SLOPE, _THRESHOLD = 15.0, 0.4  # where the loss of pairs starts: how sharply it divides, and at which cosine
_PARTLY = 0.4  # what a grade of 1 weighs beside a grade of 2
_LINE_RATE = 0.01  # slope and threshold are two numbers: they may move faster than the weights
_FOLLOW = 0.1  # how fast the means follow the batches
_LEAST = 8  # texts of a kind in a batch that say something about its mean
_FAR = -1e9
Means = dict[tuple[str, str], Any]


class Corrected(torch.nn.Module):
    """A linear layer with a correction of low rank beside it: starts as the layer was, or with what ``known`` adds."""

    def __init__(self, layer: Any, rank: int, known: tuple[Vectors, Vectors] | None = None) -> None:
        super().__init__()
        self.layer = layer
        down = torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features)
        up, down = map(torch.tensor, known) if known else (torch.zeros(layer.out_features, rank), down)
        self.down, self.up = torch.nn.Parameter(down), torch.nn.Parameter(up)

    def forward(self, inputs: Any) -> Any:
        """The layer's output with its correction."""
        return self.layer(inputs) + inputs @ self.down.T @ self.up.T


class Pupil:
    """The encoder that learns: a sentence-transformers model whose weights rest, with corrections that move.

    ``known`` are corrections that it has learnt before, of that rank.
    """

    def __init__(self, model: Any, rank: int, known: Adapter | None = None) -> None:
        self.network, self.tokenizer = model[0].auto_model, model.tokenizer
        for weight in self.network.parameters():
            weight.requires_grad_(False)
        self.corrections = dict(_corrected(self.network, rank, known.factors if known else {}))

    def parameters(self) -> list[Any]:
        """What is trained."""
        return [weight for layer in self.corrections.values() for weight in (layer.up, layer.down)]

    def factors(self) -> dict[str, tuple[Vectors, Vectors]]:
        """The corrections by the names of the package's weights (see ``adapter.Adapter``)."""
        return {
            f"{name}.w": (layer.up.detach().numpy(), layer.down.detach().numpy())
            for name, layer in self.corrections.items()
        }

    def encode(self, texts: Sequence[str], role: Role) -> Any:
        """Unit vectors (texts, dimension) with their gradients; in bfloat16 inside where the CPU is fast at it."""
        rows = self.tokenizer([E5_PREFIXES[role] + text for text in texts], truncation=True, max_length=_TOKENS)
        ids = rows["input_ids"]
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        found: list[Any] = [None] * len(ids)
        for start in range(0, len(order), _MICRO):
            places = order[start : start + _MICRO]
            for place, vector in zip(places, self._pooled([ids[place] for place in places]), strict=True):
                found[place] = vector
        return torch.stack(found)

    def _pooled(self, rows: Sequence[Sequence[int]]) -> Any:
        ids = torch.full((len(rows), max(map(len, rows))), self.tokenizer.pad_token_id)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = torch.tensor(row)
        mask = (ids != self.tokenizer.pad_token_id).long()
        with _quick():
            states = self.network(input_ids=ids, attention_mask=mask)[0].float()
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(mean, dim=1)


class Lesson:
    """Turns batches into losses; keeps the language means, which follow the encoder as it changes."""

    def __init__(self, pupil: Pupil, means: Mapping[tuple[str, str], Vectors]) -> None:
        self._pupil = pupil
        self._means: Means = {key: torch.tensor(mean) for key, mean in means.items()}
        self.slope = torch.nn.Parameter(torch.tensor(math.log(_SLOPE)))
        self.threshold = torch.nn.Parameter(torch.tensor(_THRESHOLD))

    def loss(self, batch: Batch) -> Any:
        """The loss of the ranking and that of single pairs, over one batch."""
        keys = [(need.kind, language_of(need.text)) for need in batch.asked]
        asked = self._centred(self._pupil.encode([need.text for need in batch.asked], "query"), keys)
        keys = [("passage", language_of(text)) for text in batch.passages]
        answers = self._centred(self._pupil.encode(batch.passages, "passage"), keys)
        cosines = asked @ answers.T
        apart = (cosines - self.threshold) * self.slope.exp()
        return ranking_loss(cosines / _TEMPERATURE, batch.asked) + _PAIRS * pair_loss(apart, batch.asked)

    def _centred(self, vectors: Any, keys: Sequence[tuple[str, str]]) -> Any:
        for key in set(keys):
            own = vectors[[place for place, other in enumerate(keys) if other == key]].detach()
            if len(own) >= _LEAST:
                self._means[key] = (1 - _FOLLOW) * self._means[key] + _FOLLOW * own.mean(0)
        return functional.normalize(vectors - torch.stack([self._means[key] for key in keys]), dim=1)


def ranking_loss(scores: Any, asked: Sequence[Asked]) -> Any:
    """Cross entropy of each right passage against the wrong ones; ``scores`` of shape (needs, passages)."""
    against = torch.logsumexp(scores.masked_fill(~_wrong(scores, asked), _FAR), dim=1)
    rows, places, weights = _right(asked)
    losses = functional.softplus(against[rows] - scores[rows, places])
    return (weights * losses).sum() / weights.sum()


def pair_loss(scores: Any, asked: Sequence[Asked]) -> Any:
    """Logistic loss of pairs: right ones above 0 (their mean), wrong ones below (the sum of a need's, on average)."""
    rows, places, weights = _right(asked)
    right = (weights * functional.softplus(-scores[rows, places])).sum() / weights.sum()
    return right + (functional.softplus(scores) * _wrong(scores, asked)).sum() / len(asked)


def _wrong(scores: Any, asked: Sequence[Asked]) -> Any:
    """Which passages are no answer to a need; of the shape of ``scores``."""
    wrong = torch.ones(scores.shape, dtype=torch.bool)
    for row, need in enumerate(asked):
        wrong[row, [*need.grades, *need.unjudged]] = False
    return wrong


def _right(asked: Sequence[Asked]) -> tuple[Any, Any, Any]:
    """Rows, places and weights of the right passages."""
    pairs = [
        (row, place, 1.0 if grade > 1 else _PARTLY)
        for row, need in enumerate(asked)
        for place, grade in need.grades.items()
    ]
    rows, places, weights = (torch.tensor(column) for column in zip(*pairs, strict=True))
    return rows, places, weights


def trained(lesson: Lesson, pupil: Pupil, batches: Iterator[Batch], steps: int, rate: float) -> Iterator[float]:
    """The loss of each step; AdamW, a short warm-up, then a cosine down to a twentieth of ``rate``."""
    weights = pupil.parameters()
    line = {"params": [lesson.slope, lesson.threshold], "lr": _LINE_RATE, "weight_decay": 0.0}
    optimiser = torch.optim.AdamW([{"params": weights}, line], lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share(step, steps))
    for _ in range(steps):
        loss = lesson.loss(next(batches))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
        yield loss.item()


def _share(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / 15) * (0.05 + 0.95 * (1 + math.cos(math.pi * step / steps)) / 2)


def _quick() -> Any:
    """bfloat16 without AVX-512 takes minutes a step."""
    if torch.backends.cpu.get_cpu_capability().startswith("AVX512"):
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return contextlib.nullcontext()


def _corrected(
    network: Any, rank: int, known: Mapping[str, tuple[Vectors, Vectors]]
) -> Iterator[tuple[str, Corrected]]:
    for number, layer in enumerate(network.encoder.layer):
        for short, (path, attribute) in _PARTS.items():
            holder = layer.get_submodule(path)
            name = f"l{number}.{short}"
            corrected = Corrected(getattr(holder, attribute), rank, known.get(f"{name}.w"))
            setattr(holder, attribute, corrected)
            yield name, corrected
