"""Trains low-rank corrections of E5's linear layers on batches of needs and passages (needs torch).

The loss is that of ranking: for each need, the cross entropy of each of its right passages against all wrong ones of
the batch (InfoNCE, van den Oord et al. 2018), over the cosines that search uses: the language means are taken away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as functional

from benchmarks.adapter_examples import Asked, Batch
from ingest.normalise.text import language_of
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
_PARTLY = 0.4  # what a grade of 1 weighs beside a grade of 2
_FOLLOW = 0.1  # how fast the means follow the batches
_LEAST = 8  # texts of a kind in a batch that say something about its mean
_FAR = -1e9
Means = dict[tuple[str, str], Any]


class Corrected(torch.nn.Module):
    """A linear layer with a correction of low rank beside it: starts as the layer was."""

    def __init__(self, layer: Any, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.down = torch.nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, inputs: Any) -> Any:
        """The layer's output with its correction."""
        return self.layer(inputs) + inputs @ self.down.T @ self.up.T


class Pupil:
    """The encoder that learns: a sentence-transformers model whose weights rest, with corrections that move."""

    def __init__(self, model: Any, rank: int) -> None:
        self.network, self.tokenizer = model[0].auto_model, model.tokenizer
        for weight in self.network.parameters():
            weight.requires_grad_(False)
        self.corrections = dict(_corrected(self.network, rank))

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
        """Unit vectors (texts, dimension) with their gradients, in bfloat16 inside."""
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
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.network(input_ids=ids, attention_mask=mask)[0].float()
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(mean, dim=1)


class Lesson:
    """Turns batches into losses; keeps the language means, which follow the encoder as it changes."""

    def __init__(self, pupil: Pupil, means: Mapping[tuple[str, str], Vectors]) -> None:
        self._pupil = pupil
        self._means: Means = {key: torch.tensor(mean) for key, mean in means.items()}

    def loss(self, batch: Batch) -> Any:
        """The mean loss over all right passages of the batch."""
        keys = [(need.kind, language_of(need.text)) for need in batch.asked]
        asked = self._centred(self._pupil.encode([need.text for need in batch.asked], "query"), keys)
        keys = [("passage", language_of(text)) for text in batch.passages]
        answers = self._centred(self._pupil.encode(batch.passages, "passage"), keys)
        return ranking_loss(asked @ answers.T / _TEMPERATURE, batch.asked)

    def _centred(self, vectors: Any, keys: Sequence[tuple[str, str]]) -> Any:
        for key in set(keys):
            own = vectors[[place for place, other in enumerate(keys) if other == key]].detach()
            if len(own) >= _LEAST:
                self._means[key] = (1 - _FOLLOW) * self._means[key] + _FOLLOW * own.mean(0)
        return functional.normalize(vectors - torch.stack([self._means[key] for key in keys]), dim=1)


def ranking_loss(scores: Any, asked: Sequence[Asked]) -> Any:
    """Cross entropy of each right passage against the wrong ones; ``scores`` of shape (needs, passages)."""
    wrong = torch.ones(scores.shape, dtype=torch.bool)
    for row, need in enumerate(asked):
        wrong[row, [*need.grades, *need.unjudged]] = False
    against = torch.logsumexp(scores.masked_fill(~wrong, _FAR), dim=1)
    pairs = [
        (row, place, 1.0 if grade > 1 else _PARTLY)
        for row, need in enumerate(asked)
        for place, grade in need.grades.items()
    ]
    rows, places, weights = (torch.tensor(column) for column in zip(*pairs, strict=True))
    losses = functional.softplus(against[rows] - scores[rows, places])
    return (weights * losses).sum() / weights.sum()


def trained(lesson: Lesson, pupil: Pupil, batches: Iterator[Batch], steps: int, rate: float) -> Iterator[float]:
    """The loss of each step; AdamW, a short warm-up, then a cosine down to a twentieth of ``rate``."""
    weights = pupil.parameters()
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
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


def _corrected(network: Any, rank: int) -> Iterator[tuple[str, Corrected]]:
    for number, layer in enumerate(network.encoder.layer):
        for short, (path, attribute) in _PARTS.items():
            holder = layer.get_submodule(path)
            corrected = Corrected(getattr(holder, attribute), rank)
            setattr(holder, attribute, corrected)
            yield f"l{number}.{short}", corrected
