"""Facets on the wire: what each filter would leave, in the names of the search's parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import BaseModel, ConfigDict, Field

from catalog.money import Money
from service.facets import Facets


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FacetValue(_Shape):
    value: str = Field(description="What to send as the parameter of the facet's name.")
    count: int


class CategoryFacet(FacetValue):
    path: list[str]


class PriceFacet(_Shape):
    min_price: str | None = Field(description="In major units, as the parameters take it.")
    max_price: str | None
    count: int


class FacetsAnswer(_Shape):
    """Listings that choosing a value would leave, every other filter kept, before folding."""

    counted: int = Field(description="Listings nearest to the photo that were counted.")
    total: int = Field(description="Listings in the scope of the search.")
    exact: bool = Field(description="False: the scope holds more than were counted.")
    prime: int
    available: int
    price: list[PriceFacet]
    size: list[FacetValue]
    colour: list[FacetValue]
    gender: list[FacetValue]
    category: list[CategoryFacet]


def facets_answer(
    facets: Facets, currency: str, path_of: Callable[[str], list[str]]
) -> FacetsAnswer:
    """`path_of` gives a category's localized names from the department down."""

    def major(amount_minor: int | None) -> str | None:
        if amount_minor is None:
            return None
        return str(Money(amount_minor=amount_minor, currency=currency).major)

    return FacetsAnswer(
        counted=facets.counted,
        total=facets.total,
        exact=facets.exact,
        prime=facets.prime,
        available=facets.available,
        price=[
            PriceFacet(min_price=major(p.low_minor), max_price=major(p.high_minor), count=p.count)
            for p in facets.prices
        ],
        size=_values(facets.sizes),
        colour=_values(facets.colours),
        gender=_values(facets.genders),
        category=[
            CategoryFacet(value=leaf, count=count, path=path_of(leaf))
            for leaf, count in facets.categories.items()
        ],
    )


def _values(counts: Mapping[str, int]) -> list[FacetValue]:
    return [FacetValue(value=value, count=count) for value, count in counts.items()]
