"""Every implementation of `CandidateIndex`, built from the same records, for the contract tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.store import IndexRecord
from retrieval.embedded import EmbeddedIndex
from retrieval.exact import ExactIndex
from retrieval.index import CandidateIndex
from retrieval.versions import build_embedded

MODEL, TAXONOMY = "model-1", "taxonomy-1"
Records = Mapping[str, Sequence[IndexRecord]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    name: str
    build: Callable[[Records, Path], CandidateIndex]
    recall: float
    """What it must reach against the exact order, under every filter combination."""


def exact(records: Records, folder: Path) -> CandidateIndex:
    del folder
    return ExactIndex(records, model=MODEL, taxonomy=TAXONOMY)


def embedded(records: Records, folder: Path) -> CandidateIndex:
    build_embedded(records, folder, id="v1", model=MODEL, taxonomy=TAXONOMY)
    return EmbeddedIndex.open(folder)


LOCAL = (
    Engine(name="exact", build=exact, recall=1.0),
    Engine(name="embedded", build=embedded, recall=1.0),
)
