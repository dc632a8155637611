"""Two kinds of weights read together: their log-probabilities are averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.models.features import Floats, dense_features
from pipeline.records import SegmentView

# Share of the network beside the linear model; 0.5 to 0.75 score alike out of fold, each alone is worse.
NETWORK_SHARE = 0.6


class Scorer(Protocol):
    """Weights that score the segments of one article."""

    def scores(self, views: Sequence[SegmentView], dense: Floats | None = None) -> tuple[Floats, Floats]:
        """Return log-probabilities of kinds (n, 8) and stances (n, 3); `dense` where `dense_features` has run."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """The network and the linear model together."""

    network: Scorer
    linear: Scorer

    def scores(self, views: Sequence[SegmentView], dense: Floats | None = None) -> tuple[Floats, Floats]:
        """Return the weighted means of both answers, shapes (n, 8) and (n, 3)."""
        dense = dense_features(views) if dense is None else dense
        kinds, stances = self.network.scores(views, dense)
        other_kinds, other_stances = self.linear.scores(views, dense)
        share = NETWORK_SHARE
        return share * kinds + (1.0 - share) * other_kinds, share * stances + (1.0 - share) * other_stances
