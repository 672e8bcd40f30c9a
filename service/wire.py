"""The shapes of answers on the wire, and how values become them. Keys are added, never renamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from babel.numbers import format_currency
from pydantic import BaseModel, ConfigDict, Field

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.marketplaces import Marketplace, localized
from catalog.money import Money
from catalog.search import AppliedRule, Candidate, DetectedObject, RankedItem
from catalog.size_tables import equal_sizes
from service.pipeline import FilledSlot, SearchResult
from service.wire_facets import FacetsAnswer


class Wire(BaseModel):
    """Every wire shape refuses keys that it does not know."""

    model_config = ConfigDict(extra="forbid")


class Price(Wire):
    amount_minor: int = Field(description="Minor units (paise, cents, pence).")
    currency: str = Field(description="ISO 4217.")
    display: str = Field(description="CLDR-formatted in the answer's language.")


class CategoryAnswer(Wire):
    id: str
    path: list[str] = Field(description="Names from the department down, localized.")
    confidence: float = Field(ge=0, le=1)


class ObjectAnswer(Wire):
    id: int
    box: tuple[float, float, float, float] = Field(
        description="Left, top, right, bottom as shares of the upright photo."
    )
    confidence: float = Field(ge=0, le=1)
    category: CategoryAnswer | None
    alternatives: list[CategoryAnswer]


class RuleAnswer(Wire):
    id: str
    action: str
    reason: str


class ItemAnswer(Wire):
    product_id: str
    title: str
    brand: str | None
    category: str
    category_path: list[str]
    colour: str | None
    gender: str | None
    price: Price
    list_price: Price | None
    rating: float | None
    rating_count: int
    prime: bool
    available: bool
    sizes: list[str]
    image_url: str | None
    similarity: float | None = Field(description="Cosine in [-1, 1]; null when nothing was seen.")
    score: float | None = Field(description="The re-ranker's output.")
    duplicates: int = Field(description="How many further products are folded under this one.")
    duplicate_ids: list[str]
    rules: list[RuleAnswer]
    explanation: list[str] | None
    contributions: dict[str, float] | None = None


class SlotAnswer(Wire):
    rule: str
    slot: str
    title: str
    concepts: list[str]
    results: list[ItemAnswer]


class Versions(Wire):
    model: str
    index: str
    rules: str


class ExperimentAnswer(Wire):
    key: str
    variant: str


class RulesOutcome(Wire):
    applied: list[RuleAnswer] = Field(
        description="What the campaigns that hold for this search did, the strongest first."
    )
    lost: list[RuleAnswer] = Field(
        description="What such campaigns could not do, and what accessory rules do not offer because the "
        "photo may show something else; `reason` says why, and which campaign won."
    )


class SearchAnswer(Wire):
    query_id: str
    marketplace: str
    language: str
    currency: str
    objects: list[ObjectAnswer]
    focus: int | None
    results: list[ItemAnswer]
    total: int = Field(description="Listings that match the filters, before folding.")
    shortfall: Literal["exhausted", "filtered_out"] | None = Field(
        description="Why fewer than `limit` results came back."
    )
    accessories: list[SlotAnswer]
    facets: FacetsAnswer | None = Field(
        default=None, description="With `facets=true`, on first pages."
    )
    next: str | None = Field(description="Cursor of the next page.")
    versions: Versions
    experiments: list[ExperimentAnswer]
    rules: RulesOutcome | None = Field(default=None, description="With `explain=true`.")
    degraded: list[str] = Field(description="What this answer had to do without.")
    timings_ms: dict[str, float]


class SizeAnswer(Wire):
    size: str
    equals: dict[str, str] = Field(
        description="The same size in other systems; `37–38` where it lies between two."
    )


class ProductAnswer(ItemAnswer):
    marketplace: str
    language: str
    size_guide: list[SizeAnswer] = Field(
        description="Sizes that a published table converts; free size and letters need none."
    )
    generated: bool = Field(description="True when the offer comes from the seeded generator.")


class RegionAnswer(Wire):
    id: str
    name: str


class MarketplaceAnswer(Wire):
    id: str
    name: str
    names: dict[str, str]
    languages: list[str]
    default_language: str
    currency: str
    time_zone: str
    size_systems: list[str]
    prime_name: str
    regions: list[RegionAnswer]


class MarketplacesAnswer(Wire):
    marketplaces: list[MarketplaceAnswer]


class CategoryNode(Wire):
    id: str
    parent: str | None
    name: str
    path: list[str]
    leaf: bool


class CategoriesAnswer(Wire):
    marketplace: str
    language: str
    categories: list[CategoryNode]


class ProblemEntry(Wire):
    field: str | None = None
    found: str | None = None
    fix: str | None = None
    line: int | None = None
    column: int | None = None
    file: str | None = None
    code: str | None = None


class ProblemAnswer(Wire):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    fix: str
    request_id: str
    errors: list[ProblemEntry] | None = None


@lru_cache(maxsize=65_536)
def money_text(amount_minor: int, currency: str, language: str) -> str:
    """CLDR money, such as ₹1,299.00 in en-IN and 12,99 € in de-DE."""
    amount = Money(amount_minor=amount_minor, currency=currency).major
    return format_currency(amount, currency, locale=language.replace("-", "_"))


def price_answer(money: Money, language: str) -> Price:
    return Price(
        amount_minor=money.amount_minor,
        currency=money.currency,
        display=money_text(money.amount_minor, money.currency, language),
    )


def category_path(tree: CategoryTree, category: str, chain: tuple[str, ...]) -> list[str]:
    return [localized(dict(node.names), chain) for node in tree.path(category)]


def category_answer(
    tree: CategoryTree, category: str, confidence: float, chain: tuple[str, ...]
) -> CategoryAnswer:
    return CategoryAnswer(
        id=category, path=category_path(tree, category, chain), confidence=round(confidence, 4)
    )


def candidate_answer(
    candidate: Candidate, tree: CategoryTree, marketplace: Marketplace, language: str
) -> ItemAnswer:
    """A product without a ranking: no score, no rules."""
    product, offer = candidate.listing.product, candidate.listing.offer
    chain = marketplace.language_chain(language)
    return ItemAnswer(
        product_id=product.product_id,
        title=localized(dict(product.titles), chain) or product.product_id,
        brand=product.brand,
        category=candidate.listing.category,
        category_path=category_path(tree, candidate.listing.category, chain),
        colour=product.colour,
        gender=product.gender,
        price=price_answer(offer.price, language),
        list_price=price_answer(offer.list_price, language) if offer.list_price else None,
        rating=offer.rating,
        rating_count=offer.rating_count,
        prime=offer.prime,
        available=offer.available,
        sizes=list(offer.sizes),
        image_url=f"/pictures/{product.image}" if product.image else None,
        similarity=None,
        score=None,
        duplicates=0,
        duplicate_ids=[],
        rules=[],
        explanation=None,
    )


def size_guide(candidate: Candidate, concepts: ConceptTree) -> list[SizeAnswer]:
    """Each size of the offer that a published table converts, in the offer's order."""
    product, sizes = candidate.listing.product, candidate.listing.offer.sizes
    converted = {s: equal_sizes(s, product.concept, product.gender, concepts) for s in sizes}
    return [SizeAnswer(size=size, equals=equals) for size, equals in converted.items() if equals]


def rule_answer(rule: AppliedRule) -> RuleAnswer:
    return RuleAnswer(id=rule.id, action=rule.action, reason=rule.reason)


def item_answer(
    item: RankedItem,
    tree: CategoryTree,
    marketplace: Marketplace,
    language: str,
    sentences: tuple[str, ...] | None,
) -> ItemAnswer:
    answer = candidate_answer(item.candidate, tree, marketplace, language)
    answer.similarity = round(float(item.candidate.similarity), 4)
    answer.score = round(float(item.score), 4)
    answer.duplicates = len(item.duplicates)
    answer.duplicate_ids = list(item.duplicates)
    answer.rules = [rule_answer(one) for one in item.rules]
    answer.explanation = list(sentences) if sentences is not None else None
    if item.contributions is not None:
        answer.contributions = {k: round(float(v), 6) for k, v in item.contributions.items()}
    return answer


def slot_answer(
    filled: FilledSlot, tree: CategoryTree, marketplace: Marketplace, language: str
) -> SlotAnswer:
    return SlotAnswer(
        rule=filled.slot.rule,
        slot=filled.slot.id,
        title=localized(dict(filled.slot.titles), marketplace.language_chain(language)),
        concepts=list(filled.slot.concepts),
        results=[item_answer(i, tree, marketplace, language, None) for i in filled.items],
    )


def object_answers(
    result: SearchResult, tree: CategoryTree, chain: tuple[str, ...]
) -> list[ObjectAnswer]:
    """All objects; the focus carries its calibrated category and the alternatives."""
    objects = list(result.query.objects)
    focus = result.query.focus
    if all(o.id != focus.id for o in objects):
        objects.append(focus)
    return [
        _focus_answer(found, result, tree, chain)
        if found.id == focus.id
        else _object_answer(found, tree, chain)
        for found in objects
    ]


def _focus_answer(
    found: DetectedObject, result: SearchResult, tree: CategoryTree, chain: tuple[str, ...]
) -> ObjectAnswer:
    prediction = result.query.prediction
    others = [(c, p) for c, p in prediction.categories.items() if c != prediction.category]
    return ObjectAnswer(
        id=found.id,
        box=_corners(found),
        confidence=round(found.confidence, 4),
        category=category_answer(tree, prediction.category, prediction.confidence, chain),
        alternatives=[category_answer(tree, c, p, chain) for c, p in others[:4]],
    )


def _object_answer(
    found: DetectedObject, tree: CategoryTree, chain: tuple[str, ...]
) -> ObjectAnswer:
    category = tree.leaf_of(found.concept) if found.concept else None
    return ObjectAnswer(
        id=found.id,
        box=_corners(found),
        confidence=round(found.confidence, 4),
        category=category_answer(tree, category, found.confidence, chain) if category else None,
        alternatives=[],
    )


def _corners(found: DetectedObject) -> tuple[float, float, float, float]:
    box = found.box
    return (round(box.left, 4), round(box.top, 4), round(box.right, 4), round(box.bottom, 4))


def marketplace_answer(
    marketplace: Marketplace, language: str | None, regions: Mapping[str, Marketplace]
) -> MarketplaceAnswer:
    chain = marketplace.language_chain(language)
    return MarketplaceAnswer(
        id=marketplace.id,
        name=localized(dict(marketplace.names), chain),
        names=dict(marketplace.names),
        languages=list(marketplace.languages),
        default_language=marketplace.default_language,
        currency=marketplace.currency,
        time_zone=marketplace.time_zone,
        size_systems=list(marketplace.size_systems),
        prime_name=marketplace.prime_name,
        regions=[
            RegionAnswer(id=id_, name=localized(region.names, chain))
            for id_, region in regions.items()
        ],
    )


def categories_answer(
    tree: CategoryTree, marketplace: Marketplace, language: str
) -> CategoriesAnswer:
    chain = marketplace.language_chain(language)
    nodes: Iterable[CategoryNode] = (
        CategoryNode(
            id=node.id,
            parent=node.parent,
            name=localized(dict(node.names), chain),
            path=category_path(tree, node.id, chain),
            leaf=bool(node.concepts),
        )
        for node in tree
    )
    return CategoriesAnswer(marketplace=marketplace.id, language=language, categories=list(nodes))


def places_changed(before: Sequence[ItemAnswer], after: Sequence[ItemAnswer]) -> int:
    """At how many places two pages show another product."""
    return sum(
        a != b
        for a, b in zip_longest([i.product_id for i in before], [i.product_id for i in after])
    )


def experiment_answers(assignments: Mapping[str, str]) -> list[ExperimentAnswer]:
    return [ExperimentAnswer(key=k, variant=v) for k, v in assignments.items()]
