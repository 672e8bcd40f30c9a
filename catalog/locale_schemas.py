"""What `concepts.yaml`, `marketplace.yaml` and `categories.yaml` may hold, key by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from catalog.likeness import Thresholds
from catalog.marketplaces import Marketplace, RankingDefaults
from catalog.money import MINOR_DIGITS
from catalog.products import GENDERS
from documents.nodes import Table
from documents.scalars import LANGUAGE, Checked, Choice, Flag, Known, Number, Text, Whole
from documents.schema import Field, ListOf, Record, TableOf
from documents.suggestions import suggestion

SEASONS = ("winter", "spring", "summer", "autumn", "monsoon")

CONCEPT_ID = Text(
    kind="a concept's name of small letters, digits and underscores",
    example="kurta_women",
    pattern=re.compile(r"[a-z][a-z0-9_]*"),
    longest=60,
)
CATEGORY_ID = Text(
    kind="a category's id: small words joined by dots",
    example="women.ethnic.kurti",
    pattern=re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*"),
    longest=120,
)
NAMES = TableOf(key=LANGUAGE, value=Text(kind="a name", example="Kurtis", longest=120))
CONCEPT_LIST = ListOf(item=Known(vocabulary="concept"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptRow:
    """One concept as written."""

    parent: str | None
    tradition: str | None
    free_size: bool
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """One row of a data set's labels as written."""

    label: str
    concepts: tuple[str, ...]
    where: Mapping[str, str]
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSet:
    """One data set's labels as written: its column and rows, or another set's."""

    same_as: str | None
    column: str | None
    rows: tuple[LabelLine, ...]
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptFile:
    """`concepts.yaml` as written."""

    concepts: Mapping[str, ConceptRow]
    labels: Mapping[str, LabelSet]
    duplicates: Thresholds
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocking:
    """How the offer generator stocks a tradition: one in `share` products, but at least `least`."""

    share: int
    least: int
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceFile:
    """`marketplace.yaml` as written."""

    marketplace: Marketplace
    ranking: Mapping[str, float]
    """What the file itself states; `marketplace.ranking` holds the defaults too."""
    stocking: Mapping[str, Stocking]
    seasons: Mapping[str, tuple[int, ...]]
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSettings:
    """A `marketplace.yaml` above the marketplaces: what they share unless they say otherwise."""

    ranking: Mapping[str, float]
    stocking: Mapping[str, Stocking]
    seasons: Mapping[str, tuple[int, ...]]
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSettings:
    """A region's `marketplace.yaml`: its names, and what is otherwise there."""

    names: Mapping[str, str]
    time_zone: str | None
    prime_name: str | None
    size_systems: tuple[str, ...]
    ranking: Mapping[str, float]
    seasons: Mapping[str, tuple[int, ...]]
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """One category as written."""

    names: Mapping[str, str]
    concepts: tuple[str, ...]
    gender: str | None
    source: Table = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFile:
    """`categories.yaml` as written."""

    categories: Mapping[str, CategoryRow]
    accepts: Mapping[str, tuple[str, ...]]
    source: Table = field(repr=False, compare=False)


def _time_zone_problem(name: str) -> str | None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return suggestion(name, available_timezones(), "time zone")
    return None


def _currency_problem(name: str) -> str | None:
    return None if name in MINOR_DIGITS else suggestion(name, MINOR_DIGITS, "currency")


def _ranking(source: Table, **values: float | None) -> Mapping[str, float]:
    del source
    return {key: value for key, value in values.items() if value is not None}


_BOUNDS = {
    "diversity": (0.0, 1.0), "duplicate_similarity": (0.5, 1.0), "rating_prior": (1.0, 5.0),
    "rating_prior_count": (0.0, 10_000.0), "policy_rating": (0.0, 10.0), "policy_price": (0.0, 10.0),
    "policy_prime": (0.0, 10.0), "policy_availability": (0.0, 10.0),
}  # fmt: skip
_RANKING_DOCS = {
    "diversity": "Strength of diversity on the final order, 0 (off) to 1.",
    "duplicate_similarity": "From which similarity two products may be folded into one.",
    "rating_prior": "Mean rating towards which a rating with few reviews is shrunk.",
    "rating_prior_count": "How many reviews that mean weighs.",
    "policy_rating": "Weight of the rating among equally relevant products.",
    "policy_price": "Weight of a low price among equally relevant products.",
    "policy_prime": "Weight of Prime among equally relevant products.",
    "policy_availability": "Weight of being in stock among equally relevant products.",
}

RANKING = Record(
    noun="the ranking",
    fields={
        f.name: Field(Number(low=_BOUNDS[f.name][0], high=_BOUNDS[f.name][1], example=str(f.default)),
                      _RANKING_DOCS[f.name])
        for f in fields(RankingDefaults)
    },
    build=_ranking,
)  # fmt: skip


def _marketplace(
    source: Table,
    *,
    ranking: Mapping[str, float],
    stocking: Mapping[str, Stocking],
    seasons: Mapping[str, tuple[int, ...]],
    names: Mapping[str, str],
    **values: object,
) -> MarketplaceFile:
    marketplace = Marketplace(names=dict(names), ranking=RankingDefaults(**ranking), **values)  # type: ignore[arg-type]  # the schema has checked each
    return MarketplaceFile(
        marketplace=marketplace, ranking=ranking, stocking=stocking, seasons=seasons, source=source
    )


_SHARED_FIELDS: Mapping[str, Field] = {
    "ranking": Field(RANKING, "How equally relevant products are ordered.", default={}),
    "stocking": Field(
        TableOf(key=CONCEPT_ID, value=Record(
            noun="the stocking of a tradition", build=Stocking,
            fields={"share": Field(Whole(low=1, high=1000), "One in so many products.", required=True),
                    "least": Field(Whole(low=0, high=100_000), "At least so many.", required=True)})),
        "How generated offers stock a tradition.", default={}),
    "seasons": Field(
        TableOf(key=Choice(words=SEASONS, example="winter"), value=ListOf(item=Whole(low=1, high=12))),
        "The months of a season, where they are not the usual ones.",
        default={}),
}  # fmt: skip
_TIME_ZONE = Field(Checked(noun="time zone", problem=_time_zone_problem),
                   "Where its days begin and end.", required=True)  # fmt: skip
_SIZE_SYSTEMS = Field(ListOf(item=Text(kind="a size system", example="EU", longest=20)),
                      "The size systems that shoppers know, best first.", required=True)  # fmt: skip
_PRIME_NAME = Field(Text(kind="a name", example="Prime", longest=40),
                    "What the fast delivery programme is called.", required=True)  # fmt: skip

MARKETPLACE = Record(
    noun="the marketplace",
    fields={
        "id": Field(Text(kind="the folder's two-letter name", example="in",
                         pattern=re.compile("[a-z]{2}")),
                    "The folder's name: the country's two letters.", required=True),
        "names": Field(NAMES, "What shoppers call it, by language.", required=True),
        "languages": Field(ListOf(item=LANGUAGE), "The languages of its pages.", required=True),
        "default_language": Field(LANGUAGE, "The language when none is asked for.", required=True),
        "currency": Field(Checked(noun="currency", problem=_currency_problem, example="INR"),
                          "The currency of its prices.", required=True),
        "time_zone": _TIME_ZONE,
        "size_systems": _SIZE_SYSTEMS,
        "prime_name": _PRIME_NAME,
        **_SHARED_FIELDS,
    },
    build=_marketplace,
)  # fmt: skip

SHARED_SETTINGS = Record(noun="the shared settings", fields=_SHARED_FIELDS, build=SharedSettings)
REGION_SETTINGS = Record(
    noun="the region",
    fields={
        "names": Field(NAMES, "What shoppers call it, by language.", required=True),
        "time_zone": replace(_TIME_ZONE, required=False),
        "size_systems": replace(_SIZE_SYSTEMS, required=False, default=()),
        "prime_name": replace(_PRIME_NAME, required=False),
        "ranking": _SHARED_FIELDS["ranking"],
        "seasons": _SHARED_FIELDS["seasons"],
    },
    build=RegionSettings,
)

CATEGORIES = Record(
    noun="the category file",
    fields={
        "categories": Field(
            TableOf(key=CATEGORY_ID, names_rules=True, lenient=True, value=Record(
                noun="the category", build=CategoryRow,
                fields={
                    "names": Field(NAMES, "What shoppers call it, by language.", required=True),
                    "concepts": Field(CONCEPT_LIST, "The concepts that this leaf takes.", default=()),
                    "gender": Field(Choice(words=GENDERS, example="women"),
                                    "Of two leaves with the same concept, the one for this gender."),
                })),
            "The tree: departments, groups and leaves by their dotted ids.", required=True),
        "accepts": Field(
            TableOf(key=Known(vocabulary="concept"), value=CONCEPT_LIST, names_rules=True, lenient=True),
            "What a shopper here accepts for what is seen, best first.",
            default={}),
    },
    build=CategoryFile,
)  # fmt: skip


def _thresholds(source: Table, **values: float | None) -> Thresholds:
    del source
    return Thresholds(**{key: value for key, value in values.items() if value is not None})  # type: ignore[arg-type]  # the schema has checked each


DUPLICATES = Record(
    noun="the thresholds of duplicates",
    fields={
        "score": Field(Number(low=-20.0, high=20.0, example="1.2"),
                       "Log-odds from which two pictures are one photograph; higher folds less."),
        "conflict": Field(Number(low=0.0, high=20.0, example="3.0"),
                          "How much more is asked where colour, brand, concept or title contradict."),
        "member": Field(Number(low=0.0, high=20.0, example="3.0"),
                        "How much less is asked of the other pairs of a group."),
        "similarity": Field(Number(low=-1.0, high=1.0, example="0.6"),
                            "Cosine of their vectors below which two products are never one."),
        "neighbours": Field(Whole(low=1, high=100),
                            "How many nearest pictures each new one is compared with."),
    },
    build=_thresholds,
)  # fmt: skip

CONCEPTS = Record(
    noun="the concept file",
    fields={
        "concepts": Field(
            TableOf(key=CONCEPT_ID, names_rules=True, value=Record(
                noun="the concept", build=ConceptRow,
                fields={
                    "parent": Field(Known(vocabulary="concept"), "The kind that it belongs to."),
                    "tradition": Field(CONCEPT_ID, "The tradition that it is stocked as."),
                    "free_size": Field(Flag(), "Whether it has no sizes.", default=False),
                })),
            "Every kind of thing that can be seen.", required=True),
        "labels": Field(
            TableOf(key=CONCEPT_ID, names_rules=True, value=Record(
                noun="the data set", build=LabelSet,
                fields={
                    "same_as": Field(CONCEPT_ID, "The data set whose rows are used."),
                    "column": Field(CONCEPT_ID, "The column that holds the label."),
                    "rows": Field(ListOf(repeats=True, item=Record(
                        noun="the label", build=LabelLine, identified_by="label",
                        fields={
                            "label": Field(Text(kind="a label", example="Kurtas"),
                                           "The label as the data set writes it.", required=True),
                            "concepts": Field(CONCEPT_LIST, "What it means.", required=True),
                            "where": Field(TableOf(key=CONCEPT_ID, value=Text()),
                                           "Only where another column says so.",
                                           default={}),
                        })), "The labels; the first that fits wins.", default=()),
                })),
            "How each data set names what it shows.", default={}),
        "duplicates": Field(DUPLICATES, "When two products are one, in every marketplace alike.",
                            default=Thresholds()),
    },
    build=ConceptFile,
)  # fmt: skip
