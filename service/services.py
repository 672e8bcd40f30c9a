"""The parts of one process, and how a marketplace's stages are put together from them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from catalog.marketplaces import ALIASES
from catalog.search import Filters
from experiments.definitions import Experiment
from experiments.event_log import EventLog
from ranking.reranker import Reranker
from ranking.scorers import LINEAR_WEIGHTS, LinearScorer
from ranking.statistics import MarketStatistics
from retrieval.index import CandidateIndex, QueryRefused
from rules.loaded_versions import LoadedVersions
from rules.loading import Locales
from rules.versions import RuleStore
from service.parameters import fault
from service.parts import Part, PartState
from service.pipeline import Stages
from service.problems import Problem
from service.reports import Reports
from service.settings import Settings
from service.shedding import Door
from service.stages import Engines, Market, RankingConfiguration, make_stages
from service.tokens import TokenStore
from service.tracing import Tracing, Untraced
from vision.models import VisionModels

BLENDS: Mapping[str, Mapping[str, float]] = {
    "similarity": {"similarity": 1.0},
    "linear": LINEAR_WEIGHTS,
}
"""Re-rankers that an experiment may choose beside the shipped one."""

STATISTICS_SAMPLE = 5000
"""The most popular listings of a marketplace that its statistics are taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether this process can answer, part by part."""

    parts: Mapping[str, PartState]

    @property
    def ok(self) -> bool:
        return all(part.ok for part in self.parts.values())


class Stated(Protocol):
    """A part as readiness sees it."""

    def state(self) -> PartState: ...


class Services:
    """Made once a process by `service.wiring`; every part is made on first use, after the fork."""

    def __init__(
        self,
        *,
        settings: Settings,
        locales: Callable[[], Locales],
        locales_part: Stated,
        rules: RuleStore,
        rule_versions: LoadedVersions,
        tokens: TokenStore,
        models: Part[VisionModels],
        index: Part[CandidateIndex],
        reranker: Part[Reranker],
        experiments: Callable[[], Sequence[Experiment]],
        events: Callable[[], EventLog],
        clock: Callable[[], datetime],
        secret: str,
    ) -> None:
        self.settings = settings
        self.models = models
        self.index = index
        self.reranker = reranker
        self.experiments = experiments
        """The definitions that are live now."""
        self.events = events
        self.reports = Reports(events)
        self.rules = rules
        """The published versions; `locales()` is the one that serves."""
        self.tokens = tokens
        self.clock = clock
        self.secret = secret
        self.door = Door(settings.max_busy)
        self.tracing: Tracing = Untraced()
        self.stopping: Callable[[], bool] = lambda: False
        """Whether the process has been told to end: requests are still taken, readiness says no."""
        self._locales = locales
        self._locales_part = locales_part
        self._rule_versions = rule_versions
        self._statistics: dict[tuple[str, str], MarketStatistics] = {}
        self._lock = threading.Lock()

    def locales(self) -> Locales:
        """The rule version that is live now."""
        return self._locales()

    def market(self, name: str, rules: str | None = None, region: str | None = None) -> Market:
        """A marketplace by its id or alias, under the live rules or under a published version.

        Problem `unknown-marketplace` or `invalid-parameter` (the region) names the known ones.
        VersionUnavailableError when the version
        cannot serve; reading one for the first time in a process takes a few hundred milliseconds.
        """
        locales = self.locales()
        if rules is not None and rules != locales.version:
            locales = self._rule_versions.get(rules)
        return resolve_market(locales, name, region)

    def stages(self, market: Market, configuration: RankingConfiguration) -> Stages:
        """The stages of a marketplace in one configuration."""
        index = self.index.get()
        engines = Engines(
            models=self.models.get,
            index=index,
            reranker=self._reranker(configuration.reranker),
            statistics=self._statistics_of(market, index),
        )
        return make_stages(market, engines, configuration)

    def _reranker(self, name: str) -> Reranker:
        blend = BLENDS.get(name)
        return self.reranker.get() if blend is None else Reranker(LinearScorer(blend))

    def readiness(self) -> Readiness:
        parts: Mapping[str, Stated] = {
            "rules": self._locales_part,
            "models": self.models,
            "index": self.index,
            "ranker": self.reranker,
        }
        states = {name: part.state() for name, part in parts.items()}
        if states["models"].ok and states["index"].ok and (other := self.other_model()):
            states["index"] = PartState(ok=False, detail=other)
        if self.stopping():
            states["service"] = PartState(
                ok=False, detail="It is stopping: send new requests elsewhere."
            )
        return Readiness(parts=states)

    def other_model(self) -> str | None:
        """Why the index's vectors and the networks' do not compare, and what to run; None: they do."""
        built, seeing = self.index.get().version.model, self.models.get().version
        if built == seeing:
            return None
        return (
            f"it holds vectors of model {built}, and the networks are {seeing}. "
            "Run souk catalog embed and souk index build."
        )

    def _statistics_of(self, market: Market, index: CandidateIndex) -> MarketStatistics:
        key = (market.marketplace.id, index.version.id)
        found = self._statistics.get(key)
        if found is not None:
            return found
        with self._lock:
            if key not in self._statistics:
                self._statistics[key] = market_statistics(market, index)
            return self._statistics[key]


def resolve_market(locales: Locales, name: str, region: str | None = None) -> Market:
    """A marketplace, or one of its regions, in one version of the rules; raises Problem."""
    found = locales.marketplaces.get(ALIASES.get(name, name))
    if found is None:
        known = ", ".join(sorted(locales.marketplaces))
        raise Problem(
            "unknown-marketplace", f"There is no marketplace {name!r}. The known are {known}."
        )
    if region is not None:
        if region not in found.regions:
            regions = ", ".join(found.regions)
            raise fault("region", repr(region), f"one of {regions}" if regions else "no region")
        found = found.regions[region]
    return Market(
        marketplace=found.marketplace,
        tree=found.tree,
        concepts=locales.concepts,
        accessories=found.accessories,
        campaigns=found.campaigns,
        rules_version=locales.version,
        region=region,
    )


def market_statistics(market: Market, index: CandidateIndex) -> MarketStatistics:
    """From the most popular listings; a marketplace without any answers with the prior."""
    marketplace = market.marketplace
    try:
        hits = index.browse(Filters(marketplace=marketplace.id), STATISTICS_SAMPLE)
    except QueryRefused:
        listings = []
    else:
        listings = [candidate.listing for candidate in hits.candidates]
    return MarketStatistics.from_listings(marketplace.id, listings, marketplace.ranking)
