"""Pre-training of the network on raw text: cue words are hidden, and it learns to tell which ones stood there.

What goes with `因为`, `应该`, `可能`, `但是` in text that nobody annotated says much about causes, advice, risks and
objections without a cue (as connectives do for sentence vectors in Nie et al. 2019, arXiv 1710.04334). Needs PyTorch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.models.features import Floats, cue_finder, dense_names, word_key
from pipeline.models.network import GAP, MAX_WORDS, UNKNOWN, Inputs, Ints
from pipeline.models.store import read_model, write_model
from pipeline.models.train_network import NetworkPlan, export, forward, make_layers, require_torch

MAX_CUES = 300  # the commonest; rarer ones stand in fewer than a thousand of 830,000 segments
HIDDEN = 0.9  # share of the cues that are hidden in each pass: some stay to be seen
PLAN = NetworkPlan(epochs=2, dropout=0.15, drop_words=0.05, decay=0.01)
# Layers that the training of kinds begins with; the heads, the n-grams and the dense features start afresh.
KEPT = ("conv0", "conv1", "conv2", "shift", "attention", "mix", "forward", "backward")


@dataclass(frozen=True, slots=True)
class RawExample:
    """One raw article: word rows and owners as in `network.Inputs`, which words are cues, and which cue is where.

    `cues` has one row ``(segment, index of the cue)`` per occurrence.
    """

    n: int
    words: Ints
    segment: Ints
    is_cue: npt.NDArray[np.bool_]
    cues: Ints


def raw_example(
    texts: Sequence[str], cut: Callable[[str], Sequence[str]], words: Mapping[str, int], index: Mapping[str, int]
) -> RawExample:
    """Return an article (the texts of its segments) as numbers; `index` numbers the terms of the cue lexicon."""
    finder = cue_finder()
    rows, owners, hidden, cues = [0], [0], [False], []
    for number, text in enumerate(texts):
        inside = np.zeros(len(text) + 1, dtype=bool)
        for match in finder.lexicon.find_overlapping(text):
            inside[match.start : match.start + len(match.term)] = True
            if match.term in index:
                cues.append((number, index[match.term]))
        at, found = 0, []
        for word in cut(text):
            start = max(at, text.find(word, at))
            at = start + len(word)
            if key := word_key(word):
                found.append((words.get(key, UNKNOWN), bool(inside[start:at].any())))
        found = found[:MAX_WORDS] or [(UNKNOWN, False)]
        rows += [*(row for row, _ in found), *[0] * GAP]
        hidden += [*(cue for _, cue in found), *[False] * GAP]
        owners += [number] * (len(found) + GAP)
    return RawExample(
        len(texts), np.array(rows), np.array(owners), np.array(hidden), np.array(cues, dtype=np.int64).reshape(-1, 2)
    )


def cue_index(texts: Sequence[Sequence[str]], most: int = MAX_CUES) -> dict[str, int]:
    """Number the commonest cues of raw articles (each the texts of its segments)."""
    finder = cue_finder()
    counts = Counter(
        match.term for article in texts for text in article for match in finder.lexicon.find_overlapping(text)
    )
    return {term: number for number, term in enumerate(sorted(counts, key=lambda term: (-counts[term], term))[:most])}


def pretrain(
    examples: Sequence[RawExample],
    vectors: Floats,
    n_cues: int,
    *,
    tuned: Ints,
    plan: NetworkPlan = PLAN,
    seed: int = 7,
) -> dict[str, Floats]:
    """Learn to tell hidden cues and return the weights to begin a training with.

    `vectors` and `tuned` are those of `train_network.train_member`.
    """
    torch = require_torch()
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    layers = make_layers(torch, vectors.shape[1], 0, int(tuned.max(initial=0)), plan)
    layers["cues"] = torch.nn.Linear(layers["kind"].in_features, n_cues)
    table = torch.tensor(vectors), torch.tensor(tuned)
    parameters = [p for layer in layers.values() for p in layer.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=plan.decay)
    total = plan.epochs * ((len(examples) + plan.batch - 1) // plan.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.05 * total)) * max(0.0, 1.0 - step / total) ** 0.7 + 1e-3
    )
    for _ in range(plan.epochs):
        order = draw.permutation(len(examples))
        for at in range(0, len(order), plan.batch):
            chosen = [examples[i] for i in order[at : at + plan.batch]]
            final = forward(torch, layers, table, [_hidden(e, draw) for e in chosen], plan=plan, draw=draw)
            target = torch.tensor(np.concatenate([_targets(e, n_cues) for e in chosen]))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                layers["cues"](final), target, reduction="sum"
            ) / len(target)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
    return {name: values for name, values in export(layers).items() if name.split(".")[0] in KEPT}


def _hidden(example: RawExample, draw: np.random.Generator) -> Inputs:
    gone = example.is_cue & (draw.random(len(example.words)) < HIDDEN)
    dense = np.zeros((example.n, len(dense_names())), np.float32)
    nothing = tuple(np.zeros(0, np.int64) for _ in range(example.n))
    return Inputs(np.where(gone, UNKNOWN, example.words), example.segment, nothing, dense)


def _targets(example: RawExample, n_cues: int) -> Floats:
    out = np.zeros((example.n, n_cues), np.float32)
    out[example.cues[:, 0], example.cues[:, 1]] = 1.0
    return out


def write_start(folder: Path, start: Mapping[str, Floats], moved: Sequence[str]) -> None:
    """Write weights to begin with; `moved` are the words whose vectors they shift, in order."""
    write_model(folder, "start", dict(start), {"tuned": "\n".join(moved)})


def read_start(folder: Path, moved: Sequence[str]) -> dict[str, Floats]:
    """Read weights to begin with, their shifts put in the order of the words `moved`; a new word has none.

    Raises
    ------
    ConfigError
        If they are missing or damaged.
    """
    arrays, settings = read_model(folder, "start")
    row = {word: number for number, word in enumerate(settings["tuned"].split("\n"), start=1)}
    shift: Any = np.zeros((len(moved) + 1, arrays["shift"].shape[1]), np.float32)
    for number, word in enumerate(moved, start=1):
        if word in row:
            shift[number] = arrays["shift"][row[word]]
    return {**arrays, "shift": shift}
