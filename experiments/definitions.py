"""Experiments as `locales/experiments/*.yaml` defines them, checked like the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from documents.findings import Finding
from documents.nodes import Table
from documents.scalars import IDENTIFIER, Choice, Day, Flag, Known, Number, Text, Whole
from documents.schema import Field, ListOf, Record, TableOf

UNITS = ("shopper", "session", "query")
STATES = ("draft", "running", "stopped")
METRICS = (
    "click_through",
    "clicks_per_search",
    "cart_rate",
    "purchase_rate",
    "revenue_per_search",
    "conversion",
    "revenue_per_unit",
)
"""What `experiments.joining` knows how to count."""
MOST_EXPLORED = 0.1
"""No more than one search in ten may be shown in another order."""
INTERLEAVED_METRICS = (
    "click_through",
    "clicks_per_search",
    "cart_rate",
    "purchase_rate",
    "conversion",
)
"""Those whose events belong to one product, and so to the ranking that placed it."""
INTERLEAVED = "interleaved"
"""The variant of a unit that sees both rankings merged."""
STOP_RULES = ("sequential", "fixed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What a variant changes of the shipped ranking; None leaves it as it is."""

    reranker: str | None = None
    candidates: int | None = None
    diversity: float | None = None
    rules: str | None = None
    """A published version of the locale rules."""
    head: str | None = None
    explore: float | None = None
    """Share of searches whose first places are shuffled, so that the log can judge other orders."""
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
class Phase:
    """From `begins` on, `coverage` of the units are assigned."""

    begins: date
    coverage: float
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRule:
    """`sequential`: it may be read and stopped at any time. `fixed`: once, after `units`."""

    rule: str = "sequential"
    units: int | None = None
    """Units of all variants together that the experiment was planned for."""
    source: Table | None = field(default=None, repr=False, compare=False)


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
    stop: StopRule = StopRule()
    begins: date | None = None
    ends: date | None = None
    phases: tuple[Phase, ...] = ()
    """A ramp: coverage rises from phase to phase, so no unit ever changes its variant."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Tester's unit → variant."""
    interleaving: bool = False
    """Every unit sees both rankings in one answer; the weights then mean nothing."""
    file: str = ""
    """Where it is defined, as findings print it."""
    source: Table = field(repr=False, compare=False)

    @property
    def control(self) -> Variant:
        """The first variant is what the others are measured against."""
        return self.variants[0]

    @property
    def merged(self) -> Variant:
        """What an interleaved unit is assigned to: both rankings, beginning from the control's."""
        return replace(self.control, key=INTERLEAVED, weight=1.0)

    @property
    def arms(self) -> tuple[Variant, ...]:
        """What units are assigned to."""
        return (self.merged,) if self.interleaving else self.variants

    def coverage_on(self, day: date) -> float:
        """The share of its units that it assigns on a day (UTC); 0 outside its dates."""
        if (self.begins and day < self.begins) or (self.ends and day > self.ends):
            return 0.0
        if not self.phases:
            return self.coverage
        begun = [phase.coverage for phase in self.phases if phase.begins <= day]
        return begun[-1] if begun else 0.0


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
        "explore": Field(
            Number(low=0, high=MOST_EXPLORED), "Share of searches whose first places are shuffled."
        ),
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
_PHASE = Record(
    noun="a phase",
    build=lambda **v: Phase(begins=v["from"], coverage=v["coverage"], source=v["source"]),
    fields={
        "from": Field(Day(), "Its first day.", required=True),
        "coverage": Field(Number(low=0, high=1), "Share of the units assigned.", required=True),
    },
)
_STOP = Record(
    noun="a stop rule",
    build=StopRule,
    fields={
        "rule": Field(Choice(words=STOP_RULES), "Read at any time, or once.", default="sequential"),
        "units": Field(Whole(low=100, high=10**9), "Units planned, all variants together."),
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
        "stop": Field(_STOP, "When it may be read.", default=StopRule()),
        "begins": Field(Day(), "First day; nothing is assigned before."),
        "ends": Field(Day(), "Last day."),
        "phases": Field(
            ListOf(item=_PHASE, repeats=True), "A ramp, instead of 'coverage'.", default=()
        ),
        "overrides": Field(
            TableOf(key=Text(kind="a unit"), value=IDENTIFIER), "Testers' variants.", default={}
        ),
        "interleaving": Field(Flag(), "Merge the two rankings in one answer.", default=False),
    },
)
