"""What `accessories.yaml`, `merchandising.yaml`, `examples.yaml` and `festivals.yaml` may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from catalog.locale_schemas import CONCEPT_ID, CONCEPT_LIST, NAMES, SEASONS
from catalog.products import COLOURS, GENDERS
from documents.nodes import NOWHERE, UNWRITTEN, Node, Place, Table
from documents.reading import Reading
from documents.scalars import (
    IDENTIFIER,
    Amount,
    Choice,
    Day,
    Flag,
    Known,
    Number,
    Single,
    Text,
    Whole,
)
from documents.schema import (
    INVALID,
    Field,
    Invalid,
    JsonSchema,
    ListOf,
    Record,
    Schema,
    ShortOr,
    T,
    TableOf,
)
from rules.accessories import AccessoryRule, SlotRule
from rules.calendar import FestivalWindow, Span, Timing
from rules.campaigns import ANYTHING, Action, Campaign, Verb, When
from rules.inheritance import Change, Disabled, RuleFile
from rules.selectors import Selector

OCCASIONS = (
    "everyday", "casual", "formal", "office", "party", "wedding", "festive", "religious", "sport",
    "travel", "beach", "graduation", "prom", "funeral", "nightwear", "home",
)  # fmt: skip
"""The occasions that a rule may name."""

COLOUR_RELATIONS = ("match", "complement", "neutral", "any")
PRICE_RELATIONS = ("lower", "similar", "any")

PRODUCT_ID = Text(
    kind="a product's id without spaces",
    example="SK000123",
    pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]*"),
    longest=80,
)
_OWNER = Field(IDENTIFIER, "The team that answers for the rule.", required=True)
_REASON = Field(Text(kind="a sentence", example="A saree is worn with a blouse."),
                "Why the rule exists, for whoever meets it later.", required=True)  # fmt: skip
_GENDER = Choice(words=GENDERS, example="women")


def _festival(source: Table, **values: object) -> FestivalWindow:
    del source
    return FestivalWindow(**values)  # type: ignore[arg-type]  # the schema has checked each


@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalName(Single[FestivalWindow]):
    """A festival for short: from 14 days before it to its last day."""

    kind: str = "a festival"
    example: str = "diwali"

    def parse(self, node: Node, reading: Reading, name: str) -> FestivalWindow | Invalid:
        word = Known(vocabulary="festival").read(node, reading, name)
        return word if isinstance(word, Invalid) else FestivalWindow(name=word)

    def json_schema(self) -> JsonSchema:
        return {"$ref": "#/$defs/festival"}


FESTIVAL = ShortOr(
    short=FestivalName(),
    full=Record(
        noun="the festival",
        fields={
            "name": Field(Known(vocabulary="festival", example="diwali"),
                          "A festival of festivals.yaml.", required=True),
            "days_before": Field(Whole(low=0, high=120), "How many days before it the rule begins.",
                                 default=14),
            "days_after": Field(Whole(low=0, high=120), "How many days after it the rule ends.",
                                default=0),
        },
        build=_festival,
    ),
)  # fmt: skip

_DATES = {
    "from": Field(Day(), "The first day, in the marketplace's time zone."),
    "until": Field(Day(), "The last day, inside."),
    "festival": Field(FESTIVAL, "A festival's days instead of fixed ones."),
}


SLOT = Record(
    noun="the slot",
    identified_by=None,
    fields={
        "id": Field(IDENTIFIER, "Its name: one for each kind of thing, the same in every rule.",
                    required=True),
        "titles": Field(NAMES, "What shoppers read above it, by language.", required=True),
        "concepts": Field(CONCEPT_LIST, "What may fill it, best first.", required=True),
        "count": Field(Whole(low=1, high=12), "How many products it shows.", default=4),
        "colour": Field(Choice(words=COLOUR_RELATIONS, example="match"),
                        "How its colours relate to the outfit.", default="any"),
        "price": Field(Choice(words=PRICE_RELATIONS, example="lower"),
                       "How its prices relate to the outfit.", default="any"),
        "gender": Field(_GENDER, "Whom its products are for, where the rule does not say."),
    },
    build=SlotRule,
)  # fmt: skip


def _accessory_rule(
    source: Table,
    *,
    season: str | None,
    months: tuple[int, ...],
    festival: FestivalWindow | None,
    until: date | None,
    **values: object,
) -> AccessoryRule:
    first = values.pop("from")
    timing = Timing(
        first=first, last=until, festival=festival, season=season, months=months  # type: ignore[arg-type]  # a date or None
    )  # fmt: skip
    return AccessoryRule(**values, timing=timing, source=source)  # type: ignore[arg-type]  # the schema has checked each


ACCESSORY_RULE = Record(
    noun="the accessory rule",
    identified_by="id",
    placed=True,
    fields={
        "id": Field(IDENTIFIER, "Its name, once in the marketplace.", required=True),
        "owner": _OWNER,
        "reason": _REASON,
        "seen": Field(CONCEPT_LIST, "The concepts that call it; a group stands for all below it.",
                      required=True),
        "gender": Field(_GENDER, "Only for an outfit of this gender."),
        "categories": Field(ListOf(item=Known(vocabulary="category", example="women.ethnic")),
                            "Only where the outfit's category is one of these or below.", default=()),
        "occasion": Field(Choice(words=OCCASIONS, example="wedding"),
                          "The occasion that it is for; it leads when that is known."),
        "season": Field(Choice(words=SEASONS, example="winter"), "Leads in this season only."),
        "months": Field(ListOf(item=Whole(low=1, high=12)), "Leads in these months only.", default=()),
        **_DATES,
        "priority": Field(Whole(low=0, high=1000), "Higher goes first among rules of one kind.",
                          default=0),
        "slots": Field(ListOf(item=SLOT), "What is offered, best first.", required=True),
        "never": Field(CONCEPT_LIST, "What must never be offered with it.", default=()),
    },
    build=_accessory_rule,
)  # fmt: skip

_SELECTOR_FIELDS = {
    "products": Field(ListOf(item=PRODUCT_ID), "These products.", default=()),
    "categories": Field(ListOf(item=Known(vocabulary="category", example="women.ethnic")),
                        "In these categories or below.", default=()),
    "concepts": Field(CONCEPT_LIST, "Of these concepts or below.", default=()),
    "colours": Field(ListOf(item=Choice(words=COLOURS, example="red")), "In these colours.", default=()),
    "genders": Field(ListOf(item=_GENDER), "For these genders.", default=()),
    "brands": Field(ListOf(item=Text(kind="a brand", example="Fabindia")), "Of these brands.", default=()),
    "min_price": Field(Amount(), "From this price."),
    "max_price": Field(Amount(), "Up to this price."),
    "min_rating": Field(Number(low=1, high=5, example="4.0"), "Rated at least so."),
    "prime": Field(Flag(), "With or without Prime."),
    "available": Field(Flag(), "In stock or not."),
}  # fmt: skip


SELECTOR = Record(noun="the choice of products", fields=_SELECTOR_FIELDS, build=Selector)


def _one_product(source: Table, *, product: str) -> Selector:
    return Selector(products=(product,), source=source)


ONE_PRODUCT = Record(
    noun="the product",
    fields={"product": Field(PRODUCT_ID, "The product's id.", required=True)},
    build=_one_product,
)


WHEN = Record(
    noun="the trigger",
    fields={
        "products": Field(ListOf(item=PRODUCT_ID), "The product searched with is one of these.",
                          default=()),
        "concepts": Field(CONCEPT_LIST, "The photo shows one of these or below.", default=()),
        "categories": Field(ListOf(item=Known(vocabulary="category", example="women.ethnic")),
                            "Its category is one of these or below.", default=()),
        "colours": Field(ListOf(item=Choice(words=COLOURS, example="red")), "It is in one of these colours.",
                         default=()),
        "genders": Field(ListOf(item=_GENDER), "It is for one of these genders.", default=()),
        "occasions": Field(ListOf(item=Choice(words=OCCASIONS, example="wedding")),
                           "The shopper's occasion is one of these.", default=()),
        "min_price": Field(Amount(), "Its price is at least this."),
        "max_price": Field(Amount(), "Its price is at most this."),
    },
    build=When,
)  # fmt: skip

_VERBS = {verb.value: verb for verb in Verb}
_BY = Field(Number(low=0.01, high=1.0), "How far: 0.3 passes three in ten products of the page.")

_ACTION_FIELDS: Mapping[str, Field] = {
    "pin": Field(ONE_PRODUCT, "A product to show at a fixed place."),
    "at": Field(Whole(low=1, high=100), "The place of a pin, 1 for the first."),
    "boost": Field(SELECTOR, "Products to move up."),
    "bury": Field(SELECTOR, "Products to move down."),
    "by": _BY,
    "hide": Field(SELECTOR, "Products to take away."),
    "filter": Field(SELECTOR, "Only these products stay."),
    "replace": Field(ONE_PRODUCT, "A product whose place another takes."),
    "with": Field(ONE_PRODUCT, "The product that takes the place."),
}
_NEEDS = {"pin": "at", "boost": "by", "bury": "by", "replace": "with"}


_COMPLETE = frozenset(
    frozenset({verb, _NEEDS[verb]} if verb in _NEEDS else {verb}) for verb in _VERBS
)
"""The keys that make an action."""


def _keys(source: Table, **values: object) -> Mapping[str, object]:
    """The keys of one action, before they are understood together."""
    del source
    return values


class ActionSchema(Schema[Action]):
    """One verb, and the key that belongs to it."""

    record: Record[Mapping[str, object]] = Record(
        noun="the action", fields=_ACTION_FIELDS, build=_keys, placed=True
    )

    def read(self, node: Node, reading: Reading, name: str) -> Action | Invalid:
        before = len(reading.findings)
        written = self.record.read(node, reading, name)
        if isinstance(node, Table) and {key[0] for key, _ in node.entries} not in _COMPLETE:
            self._report_combination(node, reading, unknown_keys=len(reading.findings) > before)
        if isinstance(written, Invalid) or len(reading.findings) > before:
            return INVALID
        return _action(written)

    def _report_combination(self, node: Table, reading: Reading, *, unknown_keys: bool) -> None:
        verbs = [key for key, _ in node.entries if key.text in _VERBS]
        if not verbs:
            if not unknown_keys:
                reading.report(node, "S001", "the action says not what to do",
                               f"Add one of: {', '.join(_VERBS)}.")  # fmt: skip
            return
        for extra in verbs[1:]:
            reading.report(extra, "S004", f"the action does two things, {verbs[0].text} and {extra.text}",
                           "Make it an item of its own, after '- '.")  # fmt: skip
        needed = _NEEDS.get(verbs[0].text)
        if needed is not None and node.get(needed) is None and not unknown_keys:
            reading.report(node, "S001", f"'{verbs[0].text}' lacks the key '{needed}'",
                           f"Add '{needed}:' beside it.")  # fmt: skip
        for key, _ in node.entries:
            if key.text in _NEEDS.values() and key.text != needed:
                reading.report(key, "S004", f"'{key.text}' does not belong to '{verbs[0].text}'",
                               "Remove it.")  # fmt: skip

    def json_schema(self) -> JsonSchema:
        return {
            **self.record.json_schema(),
            "oneOf": [{"required": [verb, *([_NEEDS[verb]] if verb in _NEEDS else [])]}
                      for verb in _VERBS],
        }  # fmt: skip


def _action(values: Mapping[str, object]) -> Action:
    verb = next(verb for verb in _VERBS if values[verb] is not None)
    selector, other, place = values[verb], values["with"], values["place"]
    at, by = values["at"], values["by"]
    return Action(
        verb=_VERBS[verb],
        selector=selector if isinstance(selector, Selector) else Selector(),
        at=at if isinstance(at, int) else 1,
        by=by if isinstance(by, float) else 0.0,
        other=other.products[0] if isinstance(other, Selector) else None,
        place=place if isinstance(place, Place) else NOWHERE,
    )


def _campaign(
    source: Table, *, until: date | None, festival: FestivalWindow | None, **values: object
) -> Campaign:
    first = values.pop("from")
    timing = Timing(first=first, last=until, festival=festival)  # type: ignore[arg-type]  # a date or None
    return Campaign(**values, timing=timing, source=source)  # type: ignore[arg-type]  # the schema has checked each


CAMPAIGN = Record(
    noun="the campaign",
    identified_by="id",
    placed=True,
    fields={
        "id": Field(IDENTIFIER, "Its name, once in the marketplace.", required=True),
        "owner": _OWNER,
        "reason": _REASON,
        "priority": Field(Whole(low=0, high=1000), "The higher wins among equally specific ones.",
                          default=50),
        "when": Field(WHEN, "What the photo must show; without it, every search.", default=ANYTHING),
        **_DATES,
        "actions": Field(ListOf(item=ActionSchema(), repeats=True), "What it does to the page.",
                         required=True),
    },
    build=_campaign,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An expectation that the accessory rules must meet."""

    id: str
    seen: str
    offers: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    on: date | None = None
    gender: str | None = None
    occasion: str | None = None
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives(Single[tuple[str, ...]]):
    """Concepts joined by |, any of which will do."""

    kind: str = "one concept, or several joined by |"
    example: str = "jutti|flats"

    def parse(self, node: Node, reading: Reading, name: str) -> tuple[str, ...] | Invalid:
        del name
        words = tuple(word.strip() for word in getattr(node, "text", "").split("|"))
        vocabulary = reading.known["concept"]
        unknown = [word for word in words if word not in vocabulary.words]
        for word in unknown:
            reading.report_unknown_word(node, word, vocabulary)
        return INVALID if unknown else words

    def json_schema(self) -> JsonSchema:
        return {"type": "string"}


def _example(source: Table, **values: object) -> Example:
    return Example(**values, source=source)  # type: ignore[arg-type]  # the schema has checked each


EXAMPLE = Record(
    noun="the example",
    identified_by="id",
    fields={
        "id": Field(IDENTIFIER, "Its name, once in the file.", required=True),
        "seen": Field(Known(vocabulary="concept", example="kurti"), "What the photo shows.", required=True),
        "offers": Field(ListOf(item=Alternatives()), "Some slot must take each of these.", default=()),
        "never": Field(CONCEPT_LIST, "No slot may take any of these.", default=()),
        "first": Field(Alternatives(), "The first slot must take one of these.", default=()),
        "on": Field(Day(), "On this day; without it, on a day without festivals."),
        "gender": Field(_GENDER, "The shopper's gender filter."),
        "occasion": Field(Choice(words=OCCASIONS, example="wedding"), "The occasion, where it is known."),
    },
    build=_example,
)  # fmt: skip


def _change(source: Table, place: Place, **values: object) -> Change:
    stated = {key.text: values[key.text] for key, _ in source.entries if key.text != "id"}
    return Change(id=str(values["id"]), values=stated, place=place, source=source)


def _disabled(source: Table, **values: object) -> Disabled:
    return Disabled(**values, source=source)  # type: ignore[arg-type]  # the schema has checked each


def _changes_to(rule: Record[T]) -> Field:
    """A list whose items may state any key of the rule; the id and why are asked for."""
    fields = {
        key: replace(one, required=key in ("id", "reason"), default=None)
        for key, one in rule.fields.items()
    }
    fields["id"] = replace(fields["id"], doc="The inherited rule that is changed.")
    record = Record(
        noun="the change", identified_by="id", placed=True, fields=fields, build=_change
    )
    doc = "Inherited rules that are otherwise here: each written key replaces the inherited value."
    return Field(ListOf(item=record, repeats=True, lenient=True), doc, default=())


_DISABLED = Field(
    ListOf(repeats=True, lenient=True, item=Record(
        noun="what is disabled", identified_by="id", placed=True, build=_disabled,
        fields={"id": Field(IDENTIFIER, "The inherited rule.", required=True),
                "reason": Field(Text(kind="a sentence", example="Nobody celebrates it here."),
                                "Why it does not hold here.", required=True)})),
    "Inherited rules that do not hold here.", default=(),
)  # fmt: skip


def _accessories(source: Table, **values: object) -> RuleFile[AccessoryRule]:
    del source
    return RuleFile(**values)  # type: ignore[arg-type]  # the schema has checked each


def _merchandising(
    source: Table, *, campaigns: tuple[Campaign, ...], **values: object
) -> RuleFile[Campaign]:
    del source
    return RuleFile(rules=campaigns, **values)  # type: ignore[arg-type]  # the schema has checked each


def _examples_of(source: Table, *, examples: tuple[Example, ...]) -> tuple[Example, ...]:
    del source
    return examples


ACCESSORIES_FILE = Record(
    noun="the accessory file",
    fields={
        "rules": Field(ListOf(item=ACCESSORY_RULE, least=0, repeats=True, lenient=True),
                       "The accessory rules.", default=()),
        "changes": _changes_to(ACCESSORY_RULE),
        "disabled": _DISABLED,
    },
    build=_accessories,
)  # fmt: skip
MERCHANDISING_FILE = Record(
    noun="the merchandising file",
    fields={
        "campaigns": Field(ListOf(item=CAMPAIGN, least=0, repeats=True, lenient=True),
                           "The campaigns.", default=()),
        "changes": _changes_to(CAMPAIGN),
        "disabled": _DISABLED,
    },
    build=_merchandising,
)  # fmt: skip
EXAMPLES_FILE = Record(
    noun="the example file",
    fields={"examples": Field(ListOf(item=EXAMPLE, least=0, repeats=True, lenient=True),
                              "The expectations.", required=True)},
    build=_examples_of,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Festival:
    """A festival with its days, year by year."""

    names: Mapping[str, str]
    dates: tuple[Span, ...]
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)


class _OneDay(Single[Span]):
    kind = "a date (year-month-day)"
    example = '"2026-11-08"'

    def parse(self, node: Node, reading: Reading, name: str) -> Span | Invalid:
        day = Day().read(node, reading, name)
        return day if isinstance(day, Invalid) else Span(day, day)

    def json_schema(self) -> JsonSchema:
        return Day().json_schema()


def _span(source: Table, *, until: date, **values: object) -> Span:
    del source
    first = values["from"]
    return Span(first if isinstance(first, date) else until, until)


def _festival_row(source: Table, **values: object) -> Festival:
    return Festival(**values, source=source)  # type: ignore[arg-type]  # the schema has checked each


def _festivals_of(source: Table, *, festivals: Mapping[str, Festival]) -> Mapping[str, Festival]:
    del source
    return festivals


FESTIVALS_FILE = Record(
    noun="the festival file",
    fields={
        "festivals": Field(
            TableOf(key=CONCEPT_ID, names_rules=True, lenient=True, value=Record(
                noun="the festival",
                fields={
                    "names": Field(NAMES, "What it is called, by language.", required=True),
                    "dates": Field(
                        ListOf(item=ShortOr(short=_OneDay(), full=Record(
                            noun="the span of days", build=_span,
                            fields={"from": Field(Day(), "Its first day.", required=True),
                                    "until": Field(Day(), "Its last day.", required=True)}))),
                        "Its days, year by year.", required=True),
                },
                build=_festival_row)),
            "Festivals and seasons of trade, by name.", required=True),
    },
    build=_festivals_of,
)  # fmt: skip
