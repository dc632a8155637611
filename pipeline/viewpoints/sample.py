"""Large corpora: viewpoints are fitted on a sample, every other argument joins the nearest of its kind.

The sample is drawn by kind (groups never mix kinds, and rare kinds are kept whole where they fit) and by article: what
an article is left out with hangs on its id alone, so added articles hardly change who else is in the sample, and
neighbouring sentences stay together. Copies of articles are left out of it: they add nothing that their originals lack.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from pipeline.config import ViewpointsConfig
from pipeline.records import Argument, Membership, Viewpoint
from pipeline.script import simplify
from pipeline.viewpoints.build import ViewpointResult
from pipeline.viewpoints.cluster import FEW, THRESHOLD, UNCENTRED
from pipeline.viewpoints.encode import Cut
from pipeline.viewpoints.label import essence
from pipeline.viewpoints.space import Embedder, Space, fit_embedder
from pipeline.viewpoints.vectors import load_encoder

BLOCK = 2000  # arguments compared at once: with 8,000 viewpoints of a kind 130 MB

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def sampling_rates(counts: Mapping[str, int], limit: int) -> dict[str, float]:
    """Return the share of articles whose arguments of each kind are fitted, so that about `limit` arguments are.

    Kinds share the room evenly; what a rare kind leaves goes to the others. Rates are rounded down to powers of the
    square root of 2, so that an added article moves next to none of them.
    """
    rates: dict[str, float] = {}
    room, rest = limit, len(counts)
    for kind in sorted(counts, key=lambda kind: (counts[kind], kind)):
        quota = max(room // rest, 1)
        share = quota / max(counts[kind], 1)
        rates[kind] = 1.0 if share >= 1 else 2.0 ** (math.floor(2 * math.log2(share)) / 2)
        room -= min(counts[kind], quota)
        rest -= 1
    return rates


def is_sampled(article_id: str, rate: float) -> bool:
    """Whether the arguments of an article are fitted; whoever is in at a lower rate is in at a higher one as well."""
    number = int.from_bytes(hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return number < rate * 2**64


@dataclass(frozen=True)
class Nearest:
    """The viewpoint that each of some arguments is nearest to (-1: there is none of its kind), and how near."""

    home: Ints
    fit: Floats


class Assigner:
    """Finds the nearest viewpoint of arguments that the fit did not see."""

    def __init__(
        self, fitted: Sequence[Argument], result: ViewpointResult, config: ViewpointsConfig, *, cut: Cut
    ) -> None:
        self._config = config
        self._embedder: Embedder = fit_embedder(_texts(fitted), cut, load_encoder(config.vectors))
        leaves = leaves_of(result.viewpoints)
        parents = {leaf.parent_id for leaf in leaves}
        self.homes = (*leaves, *(v for v in result.viewpoints if v.viewpoint_id in parents))
        numbers = {home.viewpoint_id: index for index, home in enumerate(self.homes)}
        self.above = np.array([numbers.get(v.parent_id or "", i) for i, v in enumerate(self.homes)], dtype=np.int64)
        found = {m.argument_id: numbers[m.viewpoint_id] for m in result.memberships if m.viewpoint_id is not None}
        labels = np.array([found.get(a.argument_id, -1) for a in fitted], dtype=np.int64)
        means = self._embedder(_texts(fitted)).means(labels, len(self.homes))
        kinds = sorted({leaf.kind for leaf in leaves})
        rows = {k: np.array([i for i, leaf in enumerate(leaves) if leaf.kind == k], np.int64) for k in kinds}
        self._groups: dict[str, tuple[Ints, Space]] = {kind: (own, means.take(own)) for kind, own in rows.items()}
        self._sizes = Counter[str](a.kind for a in fitted)

    def nearest(self, arguments: Sequence[Argument]) -> Nearest:
        """Return the nearest viewpoint of each argument, by mean similarity to its members."""
        home = np.full(len(arguments), -1, dtype=np.int64)
        fit = np.zeros(len(arguments))
        with threadpool_limits(limits=1):  # sums in several threads differ in their last digits
            for kind, (leaves, means) in self._groups.items():
                rows = np.array([i for i, a in enumerate(arguments) if a.kind == kind], dtype=np.int64)
                for start in range(0, len(rows), BLOCK):
                    part = rows[start : start + BLOCK]
                    scores = self._embedder(_texts([arguments[i] for i in part])).similarity(means)
                    home[part] = leaves[scores.argmax(axis=1)]
                    fit[part] = scores.max(axis=1)
        return Nearest(home, fit)

    def settle(self, kind: str, home: Ints, fit: Floats) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Return where arguments of one kind go, and which of them do: by the rules of a fit of all.

        Those as near to their nearest viewpoint as members are to each other join it; where more than the allowed share
        would stand alone, the nearest of those join its theme.

        Parameters
        ----------
        kind : str
            The kind of all of them.
        home : array of int, shape (n,)
            Their nearest viewpoints, as `nearest` gave them.
        fit : array of float, shape (n,)
            Their similarities, as `nearest` gave them.
        """
        size = self._sizes[kind]
        threshold = (THRESHOLD + UNCENTRED * FEW / (size + FEW)) * self._config.granularity
        joined: npt.NDArray[np.bool_] = fit >= min(max(threshold, 0.01), 0.99)
        alone = np.flatnonzero(~joined)
        surplus = len(alone) - int(self._config.max_outliers * len(fit))
        if surplus > 0:
            rest = alone[np.argsort(-fit[alone], kind="stable")[:surplus]]
            joined[rest] = True
            home = home.copy()
            home[rest] = self.above[home[rest]]
        return home, joined


def leaves_of(viewpoints: Sequence[Viewpoint]) -> list[Viewpoint]:
    """Return the viewpoints: themes are their parents."""
    parents = {viewpoint.parent_id for viewpoint in viewpoints}
    return [viewpoint for viewpoint in viewpoints if viewpoint.viewpoint_id not in parents]


@dataclass(frozen=True, slots=True)
class Support:
    """Who stands behind each viewpoint and theme once all arguments have their place; arrays of shape (homes,)."""

    size: Ints
    n_articles: Ints
    n_speakers: Ints
    n_pro: Ints
    n_con: Ints
    n_outlets: Ints


def recount(viewpoints: Sequence[Viewpoint], homes: Sequence[Viewpoint], support: Support) -> tuple[Viewpoint, ...]:
    """Return viewpoints and themes with the support of all arguments, by falling support, themes last.

    Parameters
    ----------
    viewpoints : sequence of Viewpoint
        Viewpoints and themes of the fit.
    homes : sequence of Viewpoint
        The same in the order of `support`.
    support : Support
        Members of each; those of a theme are the arguments that stand under it alone.
    """
    found = {
        home.viewpoint_id: replace(
            home,
            size=int(support.size[i]), n_articles=int(support.n_articles[i]), n_speakers=int(support.n_speakers[i]),
            n_pro=int(support.n_pro[i]), n_con=int(support.n_con[i]), n_outlets=int(support.n_outlets[i]),
        )
        for i, home in enumerate(homes)
    }  # fmt: skip
    leaves = [found[leaf.viewpoint_id] for leaf in leaves_of(viewpoints)]
    parents = {leaf.parent_id for leaf in leaves}
    themes = []
    for theme in (row for row in found.values() if row.viewpoint_id in parents):
        family = [theme, *(leaf for leaf in leaves if leaf.parent_id == theme.viewpoint_id)]
        themes.append(  # counted as `themes.with_themes` does
            replace(
                theme,
                size=sum(c.size for c in family), n_articles=max(c.n_articles for c in family),
                n_speakers=max(c.n_speakers for c in family), n_pro=sum(c.n_pro for c in family),
                n_con=sum(c.n_con for c in family), n_outlets=max(c.n_outlets for c in family),
            )
        )  # fmt: skip
    return (*sorted(leaves, key=_rank), *sorted(themes, key=_rank))


def place(
    arguments: Sequence[Argument],
    homes: Sequence[Viewpoint],
    nearest: Nearest,
    joined: npt.NDArray[np.bool_],
    places: Floats,
) -> list[Membership]:
    """Return the memberships of arguments with their `places` on the map, shape (n, 2)."""
    return [
        Membership(
            argument.argument_id,
            homes[home].viewpoint_id if join else None,
            round(fit, 4) if join else 0.0,
            x,
            y,
        )
        for argument, home, join, fit, (x, y) in zip(
            arguments, nearest.home.tolist(), joined.tolist(), nearest.fit.tolist(), places.tolist(), strict=True
        )
    ]


def _texts(arguments: Sequence[Argument]) -> list[str]:
    return [essence(simplify(a.text)) for a in arguments]


def _rank(viewpoint: Viewpoint) -> tuple[int, int, int, str]:
    return (-viewpoint.n_articles, -viewpoint.n_speakers, -viewpoint.size, viewpoint.viewpoint_id)
