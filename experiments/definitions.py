"""Experiments as `locales/experiments/*.yaml` defines them, checked like the rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from documents.findings import DocumentError, Finding
from documents.nodes import Node, Table, descend
from documents.reading import Reading, Vocabulary
from documents.scalars import IDENTIFIER, Choice, Day, Flag, Known, Number, Text, Whole
from documents.schema import Field, Invalid, ListOf, Record, TableOf
from documents.source import read_document

UNITS = ("shopper", "session", "query")
STATES = ("draft", "running", "stopped")
METRICS = ("click_through", "cart_rate", "purchase_rate", "revenue_per_search", "clicks_per_search")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What a variant changes of the shipped ranking; None leaves it as it is."""

    reranker: str | None = None
    candidates: int | None = None
    diversity: float | None = None
    rules: str | None = None
    """A published version of the locale rules."""
    head: str | None = None
    source: Table | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    key: str
    weight: float
    ranking: Ranking
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerShare:
    """The part of a layer's units that the experiment may take: `start` ≤ place < `end`."""

    name: str
    start: float
    end: float
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One experiment. `coverage` is the share of its layer's units that it assigns."""

    key: str
    hypothesis: str
    owner: str
    state: str
    marketplaces: tuple[str, ...]
    unit: str
    salt: str
    layer: LayerShare | None
    coverage: float
    variants: tuple[Variant, ...]
    primary_metric: str
    guardrails: tuple[str, ...] = ()
    minimum_effect: float = 0.02
    """Relative."""
    begins: date | None = None
    ends: date | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Tester's unit → variant."""
    interleaving: bool = False
    file: str = ""
    """Where it is defined, as findings print it."""
    source: Table = field(repr=False, compare=False)

    @property
    def control(self) -> Variant:
        """The first variant is what the others are measured against."""
        return self.variants[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiments:
    """All definitions by key, and every problem of every file."""

    by_key: Mapping[str, Experiment]
    findings: tuple[Finding, ...]


_RANKING = Record(
    noun="a ranking",
    build=Ranking,
    fields={
        "reranker": Field(
            Choice(words=("shipped", "similarity", "linear")), "Which re-ranker orders."
        ),
        "candidates": Field(Whole(low=10, high=2000), "How many candidates are re-ranked."),
        "diversity": Field(Number(low=0, high=1), "Strength of the diversity step."),
        "rules": Field(Text(kind="a rules version", example="3f2a9c"), "Version of the rules."),
        "head": Field(Choice(words=("shipped",)), "Which category head classifies."),
    },
)
_VARIANT = Record(
    noun="a variant",
    build=Variant,
    identified_by="key",
    fields={
        "key": Field(IDENTIFIER, "The variant's name in answers and reports.", required=True),
        "weight": Field(Number(low=0, high=1), "Its share of the assigned units.", required=True),
        "ranking": Field(_RANKING, "What it changes.", default=Ranking()),
    },
)
_LAYER = Record(
    noun="a layer",
    build=LayerShare,
    fields={
        "name": Field(IDENTIFIER, "Experiments of one layer never share a unit.", required=True),
        "start": Field(Number(low=0, high=1), "Where its share begins.", required=True),
        "end": Field(Number(low=0, high=1), "Where its share ends.", required=True),
    },
)
_MARKETPLACES = ListOf(item=Known(vocabulary="marketplace"))
EXPERIMENT = Record(
    noun="an experiment",
    build=Experiment,
    identified_by="key",
    fields={
        "key": Field(IDENTIFIER, "The experiment's name.", required=True),
        "hypothesis": Field(Text(kind="a sentence"), "What is expected and why.", required=True),
        "owner": Field(IDENTIFIER, "Who answers for it.", required=True),
        "state": Field(Choice(words=STATES), "Whether it assigns.", default="draft"),
        "marketplaces": Field(_MARKETPLACES, "Where it runs.", required=True),
        "unit": Field(Choice(words=UNITS), "What is assigned.", default="shopper"),
        "salt": Field(IDENTIFIER, "Seed of the hash; never changed while running.", required=True),
        "layer": Field(_LAYER, "Its share of a layer; without one it may take every unit."),
        "coverage": Field(Number(low=0, high=1), "Share of those units assigned.", default=1.0),
        "variants": Field(ListOf(item=_VARIANT, least=2), "Control first.", required=True),
        "primary_metric": Field(Choice(words=METRICS), "What decides.", required=True),
        "guardrails": Field(ListOf(item=Choice(words=METRICS)), "What must not fall.", default=()),
        "minimum_effect": Field(
            Number(low=0.0001, high=1), "Smallest relative lift worth finding.", default=0.02
        ),
        "begins": Field(Day(), "First day, for the report."),
        "ends": Field(Day(), "Last day, for the report."),
        "overrides": Field(
            TableOf(key=Text(kind="a unit"), value=IDENTIFIER), "Testers' variants.", default={}
        ),
        "interleaving": Field(Flag(), "Merge the two rankings in one answer.", default=False),
    },
)


def load_experiments(folder: Path, marketplaces: Iterable[str]) -> Experiments:
    """Every `*.yaml` of the folder, in name order; a missing folder holds no experiments."""
    known = {"marketplace": Vocabulary(noun="marketplace", words=tuple(marketplaces))}
    findings: list[Finding] = []
    read: list[Experiment] = []
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    for path in paths:
        experiment, found = _read(path, folder, known)
        findings += found
        if experiment is not None:
            read.append(experiment)
    findings += _between(read)
    return Experiments(by_key={e.key: e for e in read}, findings=tuple(sorted(findings)))


def _read(
    path: Path, folder: Path, known: Mapping[str, Vocabulary]
) -> tuple[Experiment | None, list[Finding]]:
    try:
        document = read_document(path, folder)
    except DocumentError as error:
        return None, list(error.findings)
    reading = Reading(file=str(path), known=known, findings=list(document.findings))
    value = EXPERIMENT.read(document.root, reading, path.name)
    if isinstance(value, Invalid):
        return None, reading.findings
    _check(value, reading)
    return replace(value, file=str(path)), reading.findings


def _check(experiment: Experiment, reading: Reading) -> None:
    """What no single key shows: weights, names, layers, dates and overrides together."""
    reading.rule = experiment.key
    total = math.fsum(variant.weight for variant in experiment.variants)
    if abs(total - 1.0) > 1e-9:
        _report(experiment, reading, "variants", "E001", f"the weights sum to {total:g}",
                "Let the variants' weights sum to 1.")  # fmt: skip
    keys = [variant.key for variant in experiment.variants]
    for variant in experiment.variants:
        if keys.count(variant.key) > 1:
            reading.report(variant.source, "E002", f"variant '{variant.key}' stands twice",
                           "Give each variant a name of its own.")  # fmt: skip
    layer = experiment.layer
    if layer is not None and layer.start >= layer.end:
        reading.report(layer.source, "E003", f"the layer's share {layer.start:g}–{layer.end:g} is empty",
                       "Let 'start' be less than 'end'.")  # fmt: skip
    if experiment.begins and experiment.ends and experiment.begins > experiment.ends:
        _report(experiment, reading, "ends", "E004", "it ends before it begins",
                "Let 'begins' come before 'ends'.")  # fmt: skip
    for unit, variant_key in experiment.overrides.items():
        if variant_key not in keys:
            _report(experiment, reading, "overrides", "E005",
                    f"'{unit}' is overridden to '{variant_key}', which is no variant",
                    f"Use one of {', '.join(keys)}.")  # fmt: skip


def _report(
    experiment: Experiment, reading: Reading, key: str, code: str, found: str, fix: str
) -> None:
    node: Node = descend(experiment.source, key)
    reading.report(node, code, found, fix)


def _between(experiments: list[Experiment]) -> list[Finding]:
    """Two definitions that cannot both run: the same key, or shares of a layer that overlap."""
    findings: list[Finding] = []
    for place, later in enumerate(experiments):
        for earlier in experiments[:place]:
            if later.key == earlier.key:
                findings.append(_conflict(later, earlier, "E006", "has the same key as"))
            elif _overlap(later, earlier):
                findings.append(_conflict(later, earlier, "E007", "shares units of its layer with"))
    return findings


def _overlap(a: Experiment, b: Experiment) -> bool:
    if "stopped" in (a.state, b.state) or not set(a.marketplaces) & set(b.marketplaces):
        return False
    if a.layer is None or b.layer is None or a.layer.name != b.layer.name:
        return False
    return max(a.layer.start, b.layer.start) < min(a.layer.end, b.layer.end)


def _conflict(later: Experiment, earlier: Experiment, code: str, how: str) -> Finding:
    there = f"'{earlier.key}' ({_place(earlier)})"
    node = later.layer.source if code == "E007" and later.layer else later.source
    return Finding(
        file=later.file, line=node.line, column=node.column, code=code, rule=later.key,
        found=f"it {how} {there}", fix="Change one of the two, or stop one first.",
    )  # fmt: skip


def _place(experiment: Experiment) -> str:
    node = experiment.layer.source if experiment.layer else experiment.source
    return f"{experiment.file}:{node.line}"
