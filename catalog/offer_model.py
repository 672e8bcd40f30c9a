"""What the offer generator knows of real shops: quantiles of prices, ratings and discounts, as data.

`offer_quantiles.json` was fitted from published price lists by `souk catalog fit-offers --data DIR`
(catalog/offer_fitting.py); the generator runs without them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from catalog.concepts import ConceptTree

QUANTILES = Path(__file__).resolve().parent / "offer_quantiles.json"

Quantiles = tuple[float, ...]
"""Values at equally spaced probabilities from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTable:
    """Quantiles of the price of one kind of thing, in the currency of its source."""

    currency: str
    source: str
    count: int
    quantiles: Quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferModel:
    """All that was fitted."""

    prices: Mapping[str, PriceTable]
    """By concept; a concept without a table takes its nearest ancestor's."""
    rating: Quantiles
    rating_count: Quantiles
    discount: Quantiles
    """1 - price / list price, where there is a list price."""
    unrated_share: float
    undiscounted_share: float

    def price_table(self, concept: str, tree: ConceptTree) -> PriceTable:
        """The table of the concept or its nearest ancestor. KeyError when no department has one."""
        for above in tree.ancestors(concept):
            if above in self.prices:
                return self.prices[above]
        raise KeyError(f"no price table for {concept!r} or anything above it")


def load_offer_model(path: Path = QUANTILES) -> OfferModel:
    """The committed quantiles, or another fit. ValueError names the file when it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        prices = {
            concept: PriceTable(**{**table, "quantiles": tuple(table["quantiles"])})
            for concept, table in document["prices"].items()
        }
        return OfferModel(
            prices=prices,
            rating=tuple(document["rating"]),
            rating_count=tuple(document["rating_count"]),
            discount=tuple(document["discount"]),
            unrated_share=float(document["unrated_share"]),
            undiscounted_share=float(document["undiscounted_share"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is no file of offer quantiles ({error!r}). Fit it again: "
            "souk catalog fit-offers --data DIR."
        ) from error


def model_text(model: OfferModel) -> str:
    """The file's text; the same model gives the same text."""
    return json.dumps(asdict(model), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def at(quantiles: Quantiles, probability: float) -> float:
    """The value at the probability, linear between quantiles."""
    place = min(max(probability, 0.0), 1.0) * (len(quantiles) - 1)
    below = min(int(place), len(quantiles) - 2)
    share = place - below
    return quantiles[below] * (1 - share) + quantiles[below + 1] * share
