"""Segment classifiers: what each sentence does in the argument, and for or against.

`load_classifier` gives what a reading needs; training is in `pipeline.models.train`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Protocol

from pipeline.errors import ConfigError
from pipeline.models.decide import Decider, decider_from
from pipeline.models.features import Floats
from pipeline.models.linear import load_linear, softmax
from pipeline.models.network import Network, load_network
from pipeline.models.store import read_model
from pipeline.records import Prediction, SegmentView

PROFILES: dict[str, str] = {"best": "network", "fast": "linear"}


class Scorer(Protocol):
    """Weights that score the segments of one article."""

    def scores(self, views: Sequence[SegmentView]) -> tuple[Floats, Floats]:
        """Return logits of kinds (n, 8) and stances (n, 3)."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A scorer with its decisions."""

    scorer: Scorer
    decider: Decider
    fingerprint: str

    def predict(self, views: Sequence[SegmentView]) -> list[Prediction]:
        """Return one prediction per segment, in order."""
        if not views:
            return []
        kinds, stances = self.scorer.scores(views)
        return self.decider.decide(softmax(kinds), softmax(stances))


def load_classifier(model: str, profile: str) -> Classifier:
    """Load a classifier.

    Parameters
    ----------
    model : str
        ``shipped``, or a folder that `lunheng train` wrote. A folder with the quick model alone serves both profiles.
    profile : str
        ``best`` or ``fast``.

    Raises
    ------
    ConfigError
        If the profile is unknown or the weights are missing, damaged or of another version.
    """
    if profile not in PROFILES:
        raise ConfigError(f"profile: got {profile!r}, expected one of {', '.join(PROFILES)}")
    folder = shipped_folder() if model == "shipped" else Path(model)
    name = PROFILES[profile]
    if name == "network" and (folder / "linear.json").exists() and not (folder / "network.json").exists():
        name = "linear"
    arrays, settings = read_model(folder, name)
    decider = decider_from(settings["decider"])
    fingerprint = hashlib.sha256(f"{name} {settings['sha256']} {settings['decider']}".encode()).hexdigest()[:16]
    scorer = load_network(arrays, settings) if name == "network" else load_linear(arrays, settings)
    return Classifier(scorer, decider, fingerprint)


def shipped_folder() -> Path:
    """Return the folder of the shipped weights."""
    return Path(str(resources.files("pipeline.models") / "shipped"))


def member_alone(classifier: Classifier, index: int) -> Classifier:
    """Return `classifier` with one network of its ensemble.

    Network i did not see the articles whose key falls into fold i (`labels.fold_of`), so it scores them honestly.
    """
    if not isinstance(classifier.scorer, Network):
        return classifier
    return replace(classifier, scorer=replace(classifier.scorer, members=(classifier.scorer.members[index],)))


__all__ = ["PROFILES", "Classifier", "Scorer", "load_classifier", "member_alone", "shipped_folder"]
