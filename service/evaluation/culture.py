"""Cultural fidelity, kept, flip, hold and reverse, judged by the concept of the product in the data.

fidelity@10: per concept, the photos' mean share of accepted products among the first ten; then the
mean over concepts with at least ten photos. A place is owed only where the marketplace stocks an
accepted product for it. kept@10: the share of the first ten with the photo's colour and gender.
flip, hold, reverse: whose concept leads, that is, holds the majority of the first five.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog.concepts import ConceptTree
from catalog.products import Product
from ranking.measures import bootstrap_mean
from service.evaluation.contact_sheet import ContactSheet
from service.evaluation.seen import Asker, SeenPhoto
from service.evaluation.yardstick import Culture

DEPTH = 10
LEAD = 5
LEAST_PHOTOS = 10
LEAST_PAIR = 15
FLIPS = (
    ("kurti", "tunic"),
    ("kurta_women", "tunic"),
    ("churidar", "leggings"),
    ("dupatta", "scarf"),
)
HOLDS = ("saree", "lehenga_choli", "sherwani", "dhoti", "lungi")
HOLD_STOCK = 5
INDIAN, WESTERN = "in", "us"
SEED = 20260101


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One photo's answer in one marketplace, reduced to what is judged."""

    concept: str
    shares: float | None
    """Of the owed places, how many hold an accepted product; None when nothing is stocked."""
    kept: float | None
    plain_shares: float | None
    plain_kept: float | None
    reference_kept: float | None
    leader: str | None
    """The concept that holds the majority of the first five."""
    plain_leader: str | None


@dataclass(slots=True)
class CultureReport:
    """Collects pages and prints the figures of the contract."""

    culture: Culture
    tree: ConceptTree
    listed: Mapping[str, Mapping[str, str]]
    """By marketplace, the concept of each product that it stocks."""
    pages: dict[str, list[Page]] = field(default_factory=lambda: defaultdict(list))
    _stock: dict[str, Counter[str]] = field(default_factory=dict)

    def judge(
        self, marketplace: str, seen: SeenPhoto, asker: Asker, sheet: ContactSheet | None = None
    ) -> None:
        """Ask one marketplace about one photo; `sheet` gets the first answers."""
        labelled = seen.labelled
        concept = labelled.concepts[0]
        accepted = self._accepted(marketplace, labelled.concepts)
        shown = [i.candidate.listing.product for i in asker.answer(seen).items]
        if sheet is not None:
            sheet.add(labelled, marketplace, shown, accepted)
        plain = [c.listing.product for c in asker.plain(seen)]
        best = [c.listing.product for c in asker.nearest_among(seen, accepted)]
        owed = min(DEPTH, self._stocked(marketplace, accepted, asker.excluded(labelled.id)))
        self.pages[marketplace].append(
            Page(
                concept=concept,
                shares=_share(shown, accepted, owed),
                kept=_kept(shown, labelled.colour, labelled.gender),
                plain_shares=_share(plain, accepted, owed),
                plain_kept=_kept(plain, labelled.colour, labelled.gender),
                reference_kept=_kept(best, labelled.colour, labelled.gender),
                leader=_leader(shown),
                plain_leader=_leader(plain),
            )
        )

    def document(self) -> dict[str, object]:
        """Keys as the contract names them."""
        ci: dict[str, object] = {}
        marketplaces = {m: self._marketplace(m, pages, ci) for m, pages in self.pages.items()}
        return {
            "marketplaces": marketplaces,
            "flip": self._flip(ci),
            "hold": self._lead("hold", HOLDS, HOLD_STOCK, tuple(self.pages), ci),
            "reverse": self._lead("reverse", ("tunic",), 1, (WESTERN,), ci),
            "ci": ci,
        }

    def _marketplace(
        self, marketplace: str, pages: Sequence[Page], ci: dict[str, object]
    ) -> dict[str, object]:
        by_concept: dict[str, list[Page]] = defaultdict(list)
        for page in pages:
            if page.shares is not None:
                by_concept[page.concept].append(page)
        counted = {c: p for c, p in by_concept.items() if len(p) >= LEAST_PHOTOS}
        ci[f"{marketplace}.fidelity@10"] = _macro_interval(list(counted.values()))
        kept = [p.kept for p in pages if p.kept is not None]
        if kept:
            interval = bootstrap_mean(kept, seed=SEED)
            ci[f"{marketplace}.kept@10"] = [round(interval.low, 4), round(interval.high, 4)]
        return {
            "queries": len(pages),
            "fidelity@10": _macro(counted.values(), lambda p: p.shares),
            "kept@10": _mean(kept),
            "kept_reference@10": _mean([p.reference_kept for p in pages]),
            "baseline": {
                "fidelity@10": _macro(counted.values(), lambda p: p.plain_shares),
                "kept@10": _mean([p.plain_kept for p in pages]),
            },
            "concepts": {
                concept: {
                    "n": len(found),
                    "fidelity@10": _mean([p.shares for p in found]),
                    "baseline": _mean([p.plain_shares for p in found]),
                    "in_macro": concept in counted,
                }
                for concept, found in sorted(by_concept.items())
            },
        }

    def _flip(self, ci: dict[str, object]) -> dict[str, object]:
        """Both marketplaces saw the same photos in the same order: their pages are paired."""
        result: dict[str, object] = {}
        pooled: list[float] = []
        plain: list[float] = []
        pairs = list(zip(self.pages.get(INDIAN, ()), self.pages.get(WESTERN, ()), strict=False))
        for indian, western in FLIPS:
            stocked = min(self.stock(m)[c] for m in (INDIAN, WESTERN) for c in (indian, western))
            rows = (
                [(a, b) for a, b in pairs if a.concept == indian] if stocked >= LEAST_PAIR else []
            )
            flips = [float(a.leader == indian and b.leader == western) for a, b in rows]
            plain += [
                float(a.plain_leader == indian and b.plain_leader == western) for a, b in rows
            ]
            pooled += flips
            result[f"{indian}/{western}"] = {
                "n": len(flips),
                "stocked_least": stocked,
                "indian_leads": _mean([float(a.leader == indian) for a, _ in rows]),
                "western_leads": _mean([float(b.leader == western) for _, b in rows]),
                "rate": _mean(flips) if len(flips) >= LEAST_PAIR else None,
            }
        _interval(ci, "flip.pooled", pooled)
        return {
            "pooled": {"n": len(pooled), "rate": _mean(pooled), "baseline": _mean(plain)},
            **result,
        }

    def _lead(
        self,
        name: str,
        concepts: Sequence[str],
        least_stock: int,
        marketplaces: Sequence[str],
        ci: dict[str, object],
    ) -> dict[str, object]:
        result: dict[str, object] = {}
        pooled: list[float] = []
        plain: list[float] = []
        for concept in concepts:
            rows = [
                page
                for marketplace in marketplaces
                if self.stock(marketplace)[concept] >= least_stock
                for page in self.pages.get(marketplace, ())
                if page.concept == concept
            ]
            leads = [float(page.leader == concept) for page in rows]
            pooled += leads
            plain += [float(page.plain_leader == concept) for page in rows]
            result[concept] = {
                "n": len(leads),
                "rate": _mean(leads) if len(leads) >= LEAST_PAIR else None,
            }
        _interval(ci, f"{name}.pooled", pooled)
        return {
            "pooled": {"n": len(pooled), "rate": _mean(pooled), "baseline": _mean(plain)},
            **result,
        }

    def _accepted(self, marketplace: str, concepts: Sequence[str]) -> tuple[str, ...]:
        """What is accepted for any of the label's concepts, with everything below it."""
        named = [a for c in concepts for a in self.culture.accepted(marketplace, c)]
        return tuple(dict.fromkeys(b for a in named for b in self.tree.below(a)))

    def _stocked(self, marketplace: str, accepted: Sequence[str], excluded: Sequence[str]) -> int:
        """Accepted products that may be shown: the query's own group is none of them."""
        count = sum(self.stock(marketplace)[concept] for concept in accepted)
        listed = self.listed[marketplace]
        return count - sum(listed.get(product) in accepted for product in excluded)

    def stock(self, marketplace: str) -> Counter[str]:
        """How many products of each concept the marketplace stocks."""
        if marketplace not in self._stock:
            self._stock[marketplace] = Counter(self.listed[marketplace].values())
        return self._stock[marketplace]


def _share(shown: Sequence[Product], accepted: Sequence[str], owed: int) -> float | None:
    if owed == 0:
        return None
    right = sum(product.concept in accepted for product in shown[:DEPTH])
    return min(1.0, right / owed)


def _kept(shown: Sequence[Product], colour: str | None, gender: str | None) -> float | None:
    if colour is None or gender is None or not shown:
        return None
    first = shown[:DEPTH]
    return sum(p.colour == colour and p.gender == gender for p in first) / len(first)


def _leader(shown: Sequence[Product]) -> str | None:
    counts = Counter(product.concept for product in shown[:LEAD])
    if not counts:
        return None
    concept, count = counts.most_common(1)[0]
    return concept if count * 2 > min(LEAD, len(shown)) else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return round(float(np.mean(known)), 4) if known else None


def _macro(groups: Iterable[Sequence[Page]], value: Callable[[Page], float | None]) -> float | None:
    return _mean([_mean([value(page) for page in pages]) for pages in groups])


def _macro_interval(groups: Sequence[Sequence[Page]], rounds: int = 1000) -> list[float] | None:
    """Photos are resampled within their concept."""
    if not groups:
        return None
    rng = np.random.default_rng(SEED)
    shares = [np.array([p.shares for p in pages], dtype=np.float64) for pages in groups]
    means = np.mean(
        [s[rng.integers(0, len(s), size=(rounds, len(s)))].mean(axis=1) for s in shares], axis=0
    )
    low, high = np.quantile(means, [0.025, 0.975])
    return [round(float(low), 4), round(float(high), 4)]


def _interval(ci: dict[str, object], name: str, values: Sequence[float]) -> None:
    if values:
        interval = bootstrap_mean(values, seed=SEED)
        ci[name] = [round(interval.low, 4), round(interval.high, 4)]
