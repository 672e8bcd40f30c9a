"""Marketplaces, categories, products, and what is similar to or goes with a product."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import OpenAPI, Tag

from catalog.marketplaces import Marketplace
from rules.loading import MarketplaceLocale
from service.parameters import SearchParameters
from service.routes.reading import (
    LanguageQuery,
    MarketplacePath,
    ProductPath,
    answered,
    documented,
    language_of,
    services,
)
from service.searching import Asked, find_product, run_search
from service.wire import (
    CategoriesAnswer,
    MarketplaceAnswer,
    MarketplacesAnswer,
    ProductAnswer,
    SearchAnswer,
    candidate_answer,
    categories_answer,
    marketplace_answer,
    size_guide,
)

TAG = Tag(name="catalogue", description="Marketplaces, their categories and products.")
CACHE_S = 60


def register(app: OpenAPI) -> None:
    app.get("/v1/marketplaces", tags=[TAG], responses=documented(MarketplacesAnswer, cached=True))(
        marketplaces
    )
    app.get(
        "/v1/<marketplace>",
        tags=[TAG],
        responses=documented(MarketplaceAnswer, "unknown-marketplace", cached=True),
    )(marketplace)
    app.get(
        "/v1/<marketplace>/categories",
        tags=[TAG],
        responses=documented(CategoriesAnswer, "unknown-marketplace", cached=True),
    )(categories)
    app.get(
        "/v1/<marketplace>/products/<product_id>",
        tags=[TAG],
        responses=documented(ProductAnswer, "unknown-marketplace", "unknown-product", cached=True),
    )(product)
    app.get(
        "/v1/<marketplace>/products/<product_id>/similar",
        tags=[TAG],
        responses=documented(
            SearchAnswer,
            "unknown-marketplace",
            "unknown-product",
            "unknown-category",
            "invalid-cursor",
        ),
    )(similar)
    app.get(
        "/v1/<marketplace>/products/<product_id>/accessories",
        tags=[TAG],
        responses=documented(
            SearchAnswer,
            "unknown-marketplace",
            "unknown-product",
            "unknown-category",
            "invalid-cursor",
        ),
    )(accessories)


def marketplaces(query: LanguageQuery) -> Response:
    """All marketplaces."""
    every = services().locales().marketplaces.values()
    found = [marketplace_answer(one.marketplace, query.language, _regions(one)) for one in every]
    return answered(MarketplacesAnswer(marketplaces=found), cache_s=CACHE_S)


def marketplace(path: MarketplacePath, query: LanguageQuery) -> Response:
    """One marketplace: languages, currency, time zone, sizes."""
    market = services().market(path.marketplace)
    language = language_of(market, query.language)
    regions = _regions(services().locales().marketplaces[market.marketplace.id])
    return answered(marketplace_answer(market.marketplace, language, regions), cache_s=CACHE_S)


def _regions(found: MarketplaceLocale) -> dict[str, Marketplace]:
    return {name: region.marketplace for name, region in found.regions.items()}


def categories(path: MarketplacePath, query: LanguageQuery) -> Response:
    """The marketplace's category tree, in file order."""
    market = services().market(path.marketplace)
    language = language_of(market, query.language)
    return answered(categories_answer(market.tree, market.marketplace, language), cache_s=CACHE_S)


def product(path: ProductPath, query: LanguageQuery) -> Response:
    """One product with its offer here."""
    market = services().market(path.marketplace)
    language = language_of(market, query.language)
    candidate = find_product(services(), market, path.product_id)
    item = candidate_answer(candidate, market.tree, market.marketplace, language)
    answer = ProductAnswer(
        **item.model_dump(),
        marketplace=market.marketplace.id,
        language=language,
        generated=candidate.listing.product.generated,
        size_guide=size_guide(candidate, market.concepts),
    )
    return answered(answer, cache_s=CACHE_S)


def similar(path: ProductPath, query: SearchParameters) -> Response:
    """What a shopper here would call similar, without accessories."""
    parameters = query.model_copy(update={"product_id": path.product_id, "accessories": False})
    return _of_product(path, parameters)


def accessories(path: ProductPath, query: SearchParameters) -> Response:
    """What goes with the product here: `accessories` of the answer; `results` holds one page."""
    parameters = query.model_copy(update={"product_id": path.product_id, "accessories": True})
    return _of_product(path, parameters)


def _of_product(path: ProductPath, parameters: SearchParameters) -> Response:
    market = services().market(path.marketplace, region=parameters.region)
    asked = Asked(
        market=market,
        parameters=parameters,
        language=language_of(market, parameters.language),
        now=services().clock(),
    )
    return answered(run_search(asked, services()).answer)
