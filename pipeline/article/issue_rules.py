"""The rules of `lexicons/issue.toml`, compiled with the firms of the entity lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.article.entities import load_entities
from pipeline.article.issue_title import TitleRules
from pipeline.lexicon import Lexicon, compile_lexicon, load_raw

COMPANY = "company:"  # before the name of a firm among the subjects


@dataclass(frozen=True, slots=True)
class IssueRules:
    """What may be contested, and of what.

    `weak` are terms of heads that count half; `subjects_of` and `heads_of` hold what a head or a subject goes with,
    where that is not everything; `industry` maps a firm to the subject it counts for. The other sets are the marks of
    the lexicon.
    """

    heads: Lexicon
    subjects: Lexicon
    weights: Mapping[str, float]
    weak: frozenset[str]
    quarrels: Mapping[str, str]
    alone: frozenset[str]
    trade: frozenset[str]
    firm: frozenset[str]
    prices: frozenset[str]
    rivals: frozenset[str]
    subjects_of: Mapping[str, frozenset[str]]
    heads_of: Mapping[str, frozenset[str]]
    industry: Mapping[str, str]
    title: TitleRules


@lru_cache(maxsize=1)
def load_issue_rules() -> IssueRules:
    """Compile the rules, once in a process."""
    raw = load_raw("issue")
    heads: dict[str, dict[str, Any]] = raw["head"]
    subjects: dict[str, dict[str, Any]] = raw["subject"]
    terms = {name: list(entry["terms"]) for name, entry in subjects.items()}
    industry = {}
    for entity in load_entities().entries:
        if entity.company:
            name = COMPANY + entity.company.removesuffix("公司")
            terms.setdefault(name, []).extend(alias for alias in entity.aliases if alias not in entity.weak)
            industry[name] = str(raw["industry"].get(entity.industry, ""))
    return IssueRules(
        heads=compile_lexicon(
            "issue heads", {name: [*entry["terms"], *entry.get("weak", ())] for name, entry in heads.items()}
        ),
        subjects=compile_lexicon("issue subjects", terms),
        weights={name: float(entry.get("weight", 1.0)) for name, entry in (*heads.items(), *subjects.items())},
        weak=frozenset(term for entry in heads.values() for term in entry.get("weak", ())),
        quarrels={name: str(entry["quarrel"]) for name, entry in heads.items() if "quarrel" in entry},
        alone=_marked(heads, "alone"),
        trade=_marked(heads, "trade"),
        firm=_marked(heads, "firm"),
        prices=_marked(subjects, "price"),
        rivals=_marked(subjects, "rivals"),
        subjects_of=_only(heads),
        heads_of=_only(subjects),
        industry=industry,
        title=TitleRules(**{key: tuple(words) for key, words in raw["title"].items()}),
    )


def _marked(entries: Mapping[str, Mapping[str, Any]], mark: str) -> frozenset[str]:
    return frozenset(name for name, entry in entries.items() if entry.get(mark))


def _only(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(entry["only"]) for name, entry in entries.items() if "only" in entry}
