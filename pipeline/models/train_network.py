"""Training of the network, in PyTorch: the only place that needs it (``pip install torch``; CPU is enough).

The layers are those of `pipeline.models.network`; what is learned is exported to it as plain arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.models.features import Floats, dense_names
from pipeline.models.labels import LabelledArticle, kind_labels, second_labels, stance_labels
from pipeline.models.linear import N_KINDS, N_STANCES
from pipeline.models.network import NGRAM_SCALE, UNKNOWN, WIDE, Inputs, Ints, encode

Tensors = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """Sizes and schedule; every value was the best of a few on articles that the training did not see.

    The number of epochs suits thousands of articles; a few hundred learn better from ten or twelve. `near_epochs` and
    `near_rate` are those of the last passes, over the articles nearest to what will be read.
    """

    hidden: int = 160
    heads: int = 4
    article: int = 96
    ngram: int = 48
    dense: int = 64
    epochs: int = 6
    batch: int = 8
    rate: float = 2e-3
    near_epochs: int = 4
    near_rate: float = 1e-3
    decay: float = 0.02
    dropout: float = 0.35
    drop_words: float = 0.1
    drop_ngrams: float = 0.5
    smoothing: float = 0.1
    balance: float = 0.5
    second: float = 0.3
    stance_weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """One article ready for training: inputs, main kind, second kind (-1: none), stance (-1: none)."""

    inputs: Inputs
    kinds: npt.NDArray[np.int64]
    seconds: npt.NDArray[np.int64]
    stances: npt.NDArray[np.int64]


def require_torch() -> Any:
    """Return the module torch.

    Raises
    ------
    ConfigError
        If it is not installed.
    """
    try:
        import torch
    except ImportError as error:
        raise ConfigError(
            "training the network needs PyTorch, which is not installed; `pip install torch` (the CPU build will do), "
            "or train the quick model alone"
        ) from error
    return torch


def prepare(article: LabelledArticle, words: Mapping[str, int], ngrams: Mapping[str, int]) -> Example:
    """Return `article` as numbers."""
    return Example(
        encode(article.views, words, ngrams), kind_labels(article), second_labels(article), stance_labels(article)
    )


def train_member(
    examples: Sequence[Example],
    vectors: Floats,
    n_ngrams: int,
    *,
    tuned: Ints,
    plan: NetworkPlan,
    seed: int,
    near: Sequence[Example] = (),
    start: Mapping[str, Floats] | None = None,
) -> dict[str, Floats]:
    """Train one network on `examples` and return its weights as `pipeline.models.network` reads them.

    `vectors` is the table of word vectors with rows 0 and 1 for the gap and the unknown word; it is not changed. The
    words that `tuned` gives a row (`network.tuned_rows`) get a shift of their own. `near` holds those of the examples
    that are labelled most like what will be read: the last passes are over them alone, as other annotators draw the
    borders a little elsewhere. `start` holds weights to begin with (`pipeline.models.pretrain`), by the same names.
    """
    torch = require_torch()
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    layers = make_layers(torch, vectors.shape[1], n_ngrams, int(tuned.max(initial=0)), plan)
    if start is not None:
        begin_with(torch, layers, start)
    table = torch.tensor(vectors), torch.tensor(tuned)
    _pass_over(torch, layers, table, examples, plan=plan, draw=draw)
    if near:
        last = replace(plan, epochs=plan.near_epochs, rate=plan.near_rate)
        _pass_over(torch, layers, table, near, plan=last, draw=draw)
    return export(layers)


def _pass_over(
    torch: Any,
    layers: Tensors,
    table: Any,
    examples: Sequence[Example],
    *,
    plan: NetworkPlan,
    draw: np.random.Generator,
) -> None:
    """Move the weights of `layers`: `plan.epochs` passes over `examples`, the rate rising and falling once."""
    parameters = [p for layer in layers.values() for p in layer.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=plan.decay)
    batches = (len(examples) + plan.batch - 1) // plan.batch
    total = plan.epochs * batches
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.1 * total)) * max(0.0, 1.0 - step / total) ** 0.7 + 1e-4
    )
    counts = np.bincount(np.concatenate([e.kinds for e in examples]), minlength=N_KINDS)
    balance = torch.tensor((counts.sum() / N_KINDS / np.maximum(counts, 1)) ** plan.balance, dtype=torch.float32)
    for _ in range(plan.epochs):
        order = draw.permutation(len(examples))
        for at in range(0, len(order), plan.batch):
            chosen = [examples[i] for i in order[at : at + plan.batch]]
            final = forward(torch, layers, table, [e.inputs for e in chosen], plan=plan, draw=draw)
            kind, stance = layers["kind"](final), layers["stance"](final)
            loss = _loss(torch, kind, stance, chosen, balance=balance, plan=plan)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()


def make_layers(torch: Any, width: int, n_ngrams: int, n_tuned: int, plan: NetworkPlan) -> Tensors:
    """Return the untrained layers by name, for vectors of `width`, `n_ngrams` n-grams and `n_tuned` shifted words."""
    nn = torch.nn
    h, g = plan.hidden, plan.article
    layers = {
        "conv0": nn.Conv1d(width, h, 3, padding=1),
        "conv1": nn.Conv1d(h, h, 3, padding=1),
        "conv2": nn.Conv1d(h, h, 3, padding=WIDE, dilation=WIDE),
        "shift": nn.Embedding(n_tuned + 1, width, padding_idx=0),
        "attention": nn.Linear(h, plan.heads),
        "ngram": nn.EmbeddingBag(n_ngrams + 1, plan.ngram, mode="mean", padding_idx=0),
        "dense": nn.Linear(len(dense_names()), plan.dense),
        "mix": nn.Linear(h * (plan.heads + 1) + plan.ngram + plan.dense, 2 * h),
        "article": nn.GRU(2 * h, g, bidirectional=True, batch_first=True),
        "kind": nn.Linear(2 * g + 2 * h, N_KINDS),
        "stance": nn.Linear(2 * g + 2 * h, N_STANCES),
    }
    nn.init.normal_(layers["ngram"].weight, std=0.1)
    nn.init.zeros_(layers["shift"].weight)
    return layers


def forward(
    torch: Any, layers: Tensors, table: Any, chosen: Sequence[Inputs], *, plan: NetworkPlan, draw: np.random.Generator
) -> Any:
    """Return what the layers make of the segments of `chosen`, with dropout: the rows that answers are read from."""
    drop = torch.nn.functional.dropout
    words, segment, n = _join(chosen)
    known = words > 0
    words = np.where(known & (draw.random(len(words)) < plan.drop_words), UNKNOWN, words)
    real = torch.tensor(known)
    mask = real.float()[:, None]
    vectors, tuned = table
    which = torch.tensor(words)
    rows = vectors[which] + layers["shift"](tuned[which])
    # Half precision for the convolutions: twice as fast on current processors, with the same scores.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = torch.relu(layers["conv0"](drop(rows, plan.dropout).t()[None]))[0].t() * mask
        for name in ("conv1", "conv2"):
            hidden = (hidden + torch.relu(layers[name](drop(hidden, plan.dropout).t()[None])[0].t())) * mask
    hidden = hidden.float()
    pooled = _pool(torch, hidden[real], torch.tensor(segment)[real], layers["attention"], n)
    bags = _bags(torch, layers["ngram"], chosen, plan=plan, draw=draw)
    dense = torch.relu(layers["dense"](torch.tensor(np.concatenate([inputs.dense for inputs in chosen]))))
    parts = drop(torch.cat([pooled, drop(bags * NGRAM_SCALE, plan.dropout), dense], 1), plan.dropout)
    mixed = drop(torch.relu(layers["mix"](parts)), plan.dropout)
    sizes = [len(inputs.ngrams) for inputs in chosen]
    rnn = torch.nn.utils.rnn
    padded = rnn.pad_sequence(torch.split(mixed, sizes), batch_first=True)
    packed = rnn.pack_padded_sequence(padded, torch.tensor(sizes), batch_first=True, enforce_sorted=False)
    around, _ = rnn.pad_packed_sequence(layers["article"](packed)[0], batch_first=True)
    around = torch.cat([around[i, :size] for i, size in enumerate(sizes)])
    return drop(torch.cat([around, mixed], 1), plan.dropout)


def _join(chosen: Sequence[Inputs]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    segment, before = [], 0
    for inputs in chosen:
        segment.append(inputs.segment + before)
        before += len(inputs.ngrams)
    return np.concatenate([inputs.words for inputs in chosen]), np.concatenate(segment), before


def _pool(torch: Any, hidden: Any, segment: Any, attention: Any, n: int) -> Any:
    scores = attention(hidden)
    weights = (scores - scores.max().detach()).exp()
    total = torch.zeros(n, weights.shape[1]).index_add(0, segment, weights)
    weights = weights / total[segment]
    spread = (weights[:, :, None] * hidden[:, None, :]).flatten(1)
    means = torch.zeros(n, spread.shape[1]).index_add(0, segment, spread)
    top = torch.zeros(n, hidden.shape[1]).scatter_reduce(0, segment[:, None].expand_as(hidden), hidden, "amax")
    return torch.cat([means, top], 1)


def _bags(torch: Any, layer: Any, chosen: Sequence[Inputs], *, plan: NetworkPlan, draw: np.random.Generator) -> Any:
    bags = []
    for inputs in chosen:
        for grams in inputs.ngrams:
            kept = grams[draw.random(len(grams)) >= plan.drop_ngrams]
            bags.append(kept if kept.size else np.zeros(1, np.int64))
    offsets = np.cumsum([0, *(len(bag) for bag in bags[:-1])])
    return layer(torch.tensor(np.concatenate(bags)), torch.tensor(offsets))


def _loss(torch: Any, kind: Any, stance: Any, chosen: Sequence[Example], *, balance: Any, plan: NetworkPlan) -> Any:
    """Cross-entropy with smoothed targets (the labels are one reader's), rare kinds weighing more, plus the stance."""
    one_hot = torch.nn.functional.one_hot
    kinds = torch.tensor(np.concatenate([e.kinds for e in chosen]))
    seconds = torch.tensor(np.concatenate([e.seconds for e in chosen]))
    stances = torch.tensor(np.concatenate([e.stances for e in chosen]))
    target = one_hot(kinds, N_KINDS).float()
    has = seconds >= 0
    target[has] = (1 - plan.second) * target[has] + plan.second * one_hot(seconds[has], N_KINDS).float()
    target = (1 - plan.smoothing) * target + plan.smoothing / N_KINDS
    loss = (-(target * kind.log_softmax(1)).sum(1) * balance[kinds]).mean()
    seen = stances >= 0
    if seen.any():
        entropy = torch.nn.functional.cross_entropy(stance[seen], stances[seen], label_smoothing=plan.smoothing / 2)
        loss = loss + plan.stance_weight * entropy
    return loss


# How the weights of each layer turn between PyTorch and `pipeline.models.network`.
_CONVOLUTIONS = ("conv0", "conv1", "conv2")
_LINEAR = ("attention", "dense", "mix", "kind", "stance")
_GRU = tuple(
    (f"{ours}.{gate}", f"{theirs}_l0{suffix}")
    for ours, suffix in (("forward", ""), ("backward", "_reverse"))
    for gate, theirs in (
        ("input", "weight_ih"),
        ("hidden", "weight_hh"),
        ("input_bias", "bias_ih"),
        ("hidden_bias", "bias_hh"),
    )
)


def export(layers: Tensors) -> dict[str, Floats]:
    """Return the weights of `layers` as `pipeline.models.network` reads them."""
    member: dict[str, Floats] = {name: _array(layers[name].weight) for name in ("ngram", "shift")}
    for name in (*_CONVOLUTIONS, *_LINEAR):
        member[f"{name}.weight"] = np.ascontiguousarray(_array(layers[name].weight).T)
        member[f"{name}.bias"] = _array(layers[name].bias)
    for ours, theirs in _GRU:
        weight = _array(getattr(layers["article"], theirs))
        member[ours] = np.ascontiguousarray(weight.T)
    return member


def begin_with(torch: Any, layers: Tensors, start: Mapping[str, Floats]) -> None:
    """Set the weights of `layers` that `start` holds, under the names of `export`; the others stay as they are."""
    places = {name: layers[name].weight for name in ("ngram", "shift")}
    for name in (*_CONVOLUTIONS, *_LINEAR):
        places |= {f"{name}.weight": layers[name].weight, f"{name}.bias": layers[name].bias}
    places |= {ours: getattr(layers["article"], theirs) for ours, theirs in _GRU}
    with torch.no_grad():
        for name, values in start.items():
            places[name].copy_(torch.tensor(np.ascontiguousarray(values.T if "." in name else values)))


def _array(parameter: Any) -> Floats:
    array: Floats = parameter.detach().numpy().astype(np.float32)
    return array
