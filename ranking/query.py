"""What the re-ranker is asked, beside the candidates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalog.categories import CategoryTree
from catalog.marketplaces import Marketplace
from catalog.search import Candidate, Look, Prediction, Slot
from ranking.statistics import MarketStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingQuery:
    """Everything but the candidates that a row may depend on."""

    look: Look
    prediction: Prediction
    neighbours: tuple[Candidate, ...]
    """The nearest listings without a category filter, most similar first."""
    marketplace: Marketplace
    tree: CategoryTree
    statistics: MarketStatistics
    size: str | None
    today: date
    slot: Slot | None = None
    """The accessory slot that the candidates are to fill; None: a search."""
