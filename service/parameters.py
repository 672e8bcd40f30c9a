"""What callers may send, read once into typed values; every fault is reported with its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from catalog.marketplaces import Marketplace
from catalog.money import Money
from catalog.products import COLOURS, GENDERS
from catalog.search import Box, Filters, Sort
from catalog.size_tables import sizes_alike
from service.problems import Problem


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in names:
            close = get_close_matches(value, names, n=1)
            hint = f"did you mean {close[0]}?" if close else f"use one of {', '.join(names)}"
            raise ValueError(hint)
        return value

    return check


Colour = Annotated[
    str, AfterValidator(_one_of(COLOURS)), Field(json_schema_extra={"enum": list(COLOURS)})
]
Gender = Annotated[
    str, AfterValidator(_one_of(GENDERS)), Field(json_schema_extra={"enum": list(GENDERS)})
]


def _listed(value: object) -> object:
    """`a,b` and repeated parameters mean the same."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return [p.strip() for part in value for p in part.split(",") if p.strip()]
    return value


class QueryModel(BaseModel):
    """Parameters of a query string.

    The web framework asks for the schema with every request, and pydantic makes it anew each time,
    which took half of a search without a photo: here it is made once.
    """

    @classmethod
    def model_json_schema(cls, *arguments: Any, **named: Any) -> dict[str, Any]:
        if arguments or named:
            return super().model_json_schema(*arguments, **named)
        return _plain_schema(cls)


@cache
def _plain_schema(model: type[QueryModel]) -> dict[str, Any]:
    made: dict[str, Any] = super(QueryModel, model).model_json_schema()
    return made


class SearchParameters(QueryModel):
    """Query string, form fields or JSON keys of a search, all the same."""

    model_config = ConfigDict(extra="forbid")

    product_id: str | None = Field(default=None, max_length=128)
    object: int | None = Field(default=None, ge=0, le=1000, description="Id of a detected object.")
    box: Annotated[list[float], BeforeValidator(_listed)] | None = Field(
        default=None,
        min_length=4,
        max_length=4,
        description="Left, top, right, bottom as shares, such as 0.2,0.1,0.7,0.9.",
    )
    category: str | None = Field(default=None, max_length=128)
    min_price: Decimal | None = Field(default=None, ge=0, le=10**9, description="In major units.")
    max_price: Decimal | None = Field(default=None, ge=0, le=10**9)
    size: str | None = Field(
        default=None,
        max_length=16,
        description="As in `sizes`, or in any system: `US 8` finds what is marked `UK 6` here, by "
        "published tables for each kind of thing. What fits everybody always passes.",
    )
    prime: bool | None = None
    available: bool | None = None
    colour: Annotated[list[Colour], BeforeValidator(_listed)] | None = None
    gender: Annotated[list[Gender], BeforeValidator(_listed)] | None = None
    sort: Sort = Sort.RELEVANCE
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=8192)
    language: str | None = Field(default=None, max_length=35)
    region: str | None = Field(
        default=None, max_length=40, description="A region of the marketplace, for its own rules."
    )
    explain: bool = False
    accessories: bool = True
    facets: bool = Field(
        default=False, description="Count what each filter would leave; first pages only."
    )

    def tap(self) -> int | Box | None:
        if self.box is not None:
            left, top, right, bottom = self.box
            return Box(left, top, right, bottom)
        return self.object

    def filters(self, marketplace: Marketplace, leaves: tuple[str, ...]) -> Filters:
        """Prices become minor units of the marketplace's currency."""
        return Filters(
            marketplace=marketplace.id,
            categories=leaves,
            min_price_minor=self._minor(self.min_price, marketplace),
            max_price_minor=self._minor(self.max_price, marketplace),
            size=self.size,
            sizes_alike=sizes_alike(self.size) if self.size else (),
            prime=self.prime,
            available=self.available,
            colours=tuple(self.colour or ()),
            genders=tuple(self.gender or ()),
        )

    @staticmethod
    def _minor(amount: Decimal | None, marketplace: Marketplace) -> int | None:
        if amount is None:
            return None
        return Money.from_major(amount, marketplace.currency).amount_minor


def read_parameters(values: Mapping[str, object]) -> SearchParameters:
    """Problem `invalid-parameter` lists every field at fault at once."""
    try:
        parameters = SearchParameters.model_validate(values)
    except ValidationError as error:
        raise invalid_parameters(error) from None
    box = parameters.tap()
    if isinstance(box, Box) and not (
        0 <= box.left < box.right <= 1 and 0 <= box.top < box.bottom <= 1
    ):
        raise fault("box", str(parameters.box), "left < right and top < bottom, all from 0 to 1")
    low, high = parameters.min_price, parameters.max_price
    if low is not None and high is not None and low > high:
        raise fault("min_price", f"{low} above max_price {high}", "a min_price below max_price")
    return parameters


def fault(field: str, found: str, fix: str) -> Problem:
    """One field at fault."""
    return Problem(
        slug="invalid-parameter",
        detail=f"{field}: found {found}; send {fix}.",
        errors=({"field": field, "found": found, "fix": fix},),
    )


def invalid_parameters(error: ValidationError) -> Problem:
    """A pydantic error in callers' words: field, what was found, what would do."""
    entries: list[Mapping[str, str | int]] = []
    for one in error.errors(include_url=False):
        field = ".".join(str(part) for part in one["loc"]) or "body"
        found = repr(one.get("input"))[:80]
        entries.append({"field": field, "found": found, "fix": one["msg"]})
    first = entries[0]
    detail = f"{first['field']}: found {first['found']}. {first['fix']}."
    return Problem(slug="invalid-parameter", detail=detail, errors=tuple(entries))
