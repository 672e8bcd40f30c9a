"""One row of a table → a product and the offers that the row states, or the reason why not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from catalog.concepts import ConceptTree, normal_label
from catalog.mapping import ColumnRule, ImportMapping, OfferRule, Row
from catalog.money import Money, minor_digits
from catalog.products import COLOURS, GENDERS, Offer, Product
from documents.suggestions import suggestion

MAX_ID = 128
MANY_RATINGS = 100_000
MAX_MINOR = 10**12
YES = {"1", "true", "yes", "y", "t"}
NO = {"0", "false", "no", "n", "f"}


class RowError(ValueError):
    """Why a row is refused: one clause with what stands there, and what would do."""


def popularity_of(rating_count: int) -> float:
    """What stands in for demand where a table states none: the logarithm of the ratings, 0 to 1."""
    return round(min(1.0, math.log1p(rating_count) / math.log1p(MANY_RATINGS)), 4)


def sentence(reason: str) -> str:
    """The reason with the full stop that it lacks."""
    return reason if reason.endswith((".", "?", "…")) else f"{reason}."


@dataclass(slots=True)
class RowReader:
    """Reads rows by a mapping; counts the values that the mapping does not know."""

    mapping: ImportMapping
    concepts: ConceptTree
    currencies: Mapping[str, str]
    """By marketplace."""
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(field, value as written): left out of the product, because no rule names it."""

    def product_id(self, row: Row) -> str:
        """RowError when the row has none that can be used."""
        rule = self.mapping.product_id
        product_id = rule.text(row)
        if not product_id:
            raise RowError(f"column {rule.columns[0]!r} is empty, so the product has no id")
        if len(product_id) > MAX_ID or not product_id.isprintable() or "/" in product_id:
            raise RowError(
                f"id {product_id[:40]!r} cannot be used: at most {MAX_ID} printable letters, no '/'"
            )
        return product_id

    def product(self, row: Row, image: str | None) -> Product:
        """The row's product with this picture. RowError says why it cannot be one."""
        mapping = self.mapping
        titles = {language: rule.text(row) for language, rule in mapping.titles.items()}
        return Product(
            product_id=self.product_id(row),
            concept=self.concept(row),
            titles={language: title for language, title in titles.items() if title},
            colour=self._known("colour", mapping.colour, row, COLOURS),
            gender=self._known("gender", mapping.gender, row, GENDERS),
            brand=self._known("brand", mapping.brand, row),
            season=self._known("season", mapping.season, row),
            occasion=self._known("occasion", mapping.occasion, row),
            image=image,
            source=mapping.name,
            generated=mapping.generated,
        )

    def image_name(self, row: Row) -> str | None:
        """The picture's file name; None when the mapping names no column. RowError when empty."""
        rule = self.mapping.image
        if rule is None:
            return None
        name = rule.text(row)
        if not name:
            raise RowError(f"column {rule.columns[0]!r} is empty, so the product has no picture")
        return name

    def concept(self, row: Row) -> str:
        """RowError when nothing maps the row to a concept."""
        rule = self.mapping.concept
        if rule.labels:
            label_map = self.concepts.labels[rule.labels]
            found = label_map.concepts(row)
            if not found:
                label = row.get(label_map.column, "").strip()
                raise RowError(
                    f"{label_map.column} {label!r} has no row under labels: {rule.labels}: "
                    "in concepts.yaml"
                )
            return found[0]
        if rule.column is None:
            raise RowError("the mapping has no rule for the concept")
        written = rule.column.text(row)
        concept = rule.column.value(row)
        if concept is None and normal_label(written).replace(" ", "_") in self.concepts.concepts:
            return normal_label(written).replace(" ", "_")
        if concept is None or concept not in self.concepts.concepts:
            hint = suggestion(written, self.concepts.concepts, "concept")
            raise RowError(f"{rule.column.columns[0]} {written!r} is no concept. {hint}")
        return concept

    def offers(self, row: Row) -> tuple[Offer, ...]:
        """The offers that the row states; a marketplace with an empty price is left out."""
        read = (self._offer(rule, row) for rule in self.mapping.offers)
        return tuple(offer for offer in read if offer is not None)

    def _offer(self, rule: OfferRule, row: Row) -> Offer | None:
        currency = self.currencies.get(rule.marketplace)
        if currency is None:
            hint = suggestion(rule.marketplace, self.currencies, "marketplace")
            raise RowError(f"marketplace {rule.marketplace!r} of the mapping is not known. {hint}")
        price = _money(rule.price, row, currency)
        if price is None:
            return None
        list_price = _money(rule.list_price, row, currency)
        if list_price is not None and list_price.amount_minor < price.amount_minor:
            raise RowError(
                f"list price {list_price.major} is below the price {price.major} "
                f"in {rule.marketplace!r}"
            )
        sizes = rule.sizes.text(row).split(rule.separator) if rule.sizes else []
        rating_count = _count(rule.rating_count, row)
        return Offer(
            marketplace=rule.marketplace,
            price=price,
            list_price=list_price,
            available=_truth(rule.available, row, empty=True),
            sizes=tuple(dict.fromkeys(size.strip() for size in sizes if size.strip())),
            prime=_truth(rule.prime, row, empty=False),
            rating=_rating(rule.rating, row),
            rating_count=rating_count,
            popularity=popularity_of(rating_count),
            listed_on=_day(rule.listed_on, row),
        )

    def _known(
        self, name: str, rule: ColumnRule | None, row: Row, known: tuple[str, ...] = ()
    ) -> str | None:
        if rule is None:
            return None
        value = rule.value(row, known)
        if value is None and (written := rule.text(row)):
            self.unmapped[name, written] += 1
        return value or None


def _money(rule: ColumnRule | None, row: Row, currency: str) -> Money | None:
    text = rule.text(row) if rule else ""
    if rule is None or not text:
        return None
    name = rule.columns[0]
    amount = _number(name, text)
    if amount <= 0:
        raise RowError(f"{name} is {text!r}; a price must be above 0")
    if amount.adjusted() > 12:
        raise RowError(f"{name} is {text!r}, more than any price")
    money = Money.from_major(amount, currency)
    if money.amount_minor == 0 or money.amount_minor > MAX_MINOR:
        raise RowError(
            f"{name} is {text!r}; in {currency} it has at most {minor_digits(currency)} decimals "
            "and lies above 0"
        )
    return money


def _number(name: str, text: str) -> Decimal:
    try:
        amount = Decimal(text.replace("\u00a0", "").replace(",", "") if _grouped(text) else text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise RowError(f"{name} is {text!r}, which is no number such as 1299.00")
    return amount


def _grouped(text: str) -> bool:
    """Whether commas group thousands, as in 1,299.00 or 1,29,900; a decimal comma is refused."""
    head, *rest = text.split(",")
    return (
        bool(rest)
        and bool(head)
        and all(len(part.split(".")[0]) in {2, 3} for part in rest)
        and (len(rest[-1].split(".")[0]) == 3)
    )


def _truth(rule: ColumnRule | None, row: Row, *, empty: bool) -> bool:
    text = (rule.value(row) or "").casefold() if rule else ""
    if rule is None or not text:
        return empty
    if text in YES | NO:
        return text in YES
    raise RowError(f"{rule.columns[0]} is {text!r}; write yes or no")


def _rating(rule: ColumnRule | None, row: Row) -> float | None:
    text = rule.text(row) if rule else ""
    if rule is None or not text:
        return None
    rating = _number(rule.columns[0], text)
    if not 1 <= rating <= 5:
        raise RowError(f"{rule.columns[0]} is {text!r}; a rating lies from 1 to 5")
    return float(rating)


def _count(rule: ColumnRule | None, row: Row) -> int:
    text = rule.text(row) if rule else ""
    if rule is None or not text:
        return 0
    count = _number(rule.columns[0], text)
    if count < 0 or count != int(count):
        raise RowError(f"{rule.columns[0]} is {text!r}; a count is a whole number from 0")
    return int(count)


def _day(rule: ColumnRule | None, row: Row) -> str | None:
    text = rule.text(row) if rule else ""
    if rule is None or not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RowError(f"{rule.columns[0]} is {text!r}; write a day as 2026-01-31") from None
