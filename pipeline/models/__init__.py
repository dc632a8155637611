"""Segment classifiers: what each sentence does in the argument, and for or against.

`load_classifier` gives what a reading needs; training is in `pipeline.models.train`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from pipeline.errors import ConfigError, ContractError
from pipeline.models.decide import Decider, decider_from
from pipeline.models.linear import LinearModel, load_linear, softmax
from pipeline.models.mixture import Mixture, Scorer
from pipeline.models.network import Network, load_network
from pipeline.models.store import read_model
from pipeline.models.voices import VoiceModel, load_voices
from pipeline.records import Prediction, SegmentView

PROFILES = ("best", "fast")


@dataclass(frozen=True, slots=True)
class Classifier:
    """A scorer with its decisions, and the judge of voices (None in the profile ``fast``: the rules alone decide)."""

    scorer: Scorer
    decider: Decider
    fingerprint: str
    voices: VoiceModel | None = None

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
    arrays, settings = read_model(folder, "linear")
    linear = load_linear(arrays, settings)
    digest = f"linear {settings['sha256']} {settings['decider']}"
    if profile == "fast" or not (folder / "network.json").exists():
        return Classifier(linear, decider_from(settings["decider"]), _short(digest))
    arrays, settings = read_model(folder, "network")
    scorer = Mixture(load_network(arrays, settings), linear)
    voices, heard = load_voices(folder if (folder / "voices.json").exists() else shipped_folder())
    digest += f" network {settings['sha256']} {settings['decider']} {heard}"
    return Classifier(scorer, decider_from(settings["decider"]), _short(digest), voices)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shipped_folder() -> Path:
    """Return the folder of the shipped weights."""
    return Path(str(resources.files("pipeline.models") / "shipped"))


def member_alone(classifier: Classifier, index: int) -> Classifier:
    """Return `classifier` with one member of each ensemble.

    Member i did not see the articles whose key falls into fold i (`labels.fold_of`), so it scores them honestly.
    """
    voices = classifier.voices.without_fold(index) if classifier.voices is not None else None
    return replace(classifier, scorer=_alone(classifier.scorer, index), voices=voices)


def _alone(scorer: Scorer, index: int) -> Scorer:
    if isinstance(scorer, Mixture):
        return Mixture(_alone(scorer.network, index), _alone(scorer.linear, index))
    if isinstance(scorer, Network):
        return replace(scorer, members=(scorer.members[index],))
    if isinstance(scorer, LinearModel):
        return replace(scorer, members=(scorer.members[index],))
    raise ContractError(f"{type(scorer).__name__} has no members")


__all__ = ["PROFILES", "Classifier", "Scorer", "load_classifier", "member_alone", "shipped_folder"]
