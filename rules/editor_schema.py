"""JSON Schemas of the locale files, for completion and hover in editors."""

from __future__ import annotations

from collections.abc import Mapping

from catalog.locale_schemas import (
    CATEGORIES,
    CONCEPTS,
    MARKETPLACE,
    REGION_SETTINGS,
    SHARED_SETTINGS,
)
from documents.schema import JsonSchema, Schema
from rules.loading import Locales
from rules.schemas import ACCESSORIES_FILE, EXAMPLES_FILE, FESTIVALS_FILE, MERCHANDISING_FILE

FILES: Mapping[str, Schema[object]] = {
    "concepts.yaml": CONCEPTS,
    "festivals.yaml": FESTIVALS_FILE,
    "marketplace.yaml": MARKETPLACE,
    "categories.yaml": CATEGORIES,
    "accessories.yaml": ACCESSORIES_FILE,
    "merchandising.yaml": MERCHANDISING_FILE,
    "examples.yaml": EXAMPLES_FILE,
    "languages/marketplace.yaml": SHARED_SETTINGS,
    "regions/marketplace.yaml": REGION_SETTINGS,
}
"""Every file of the locales with what it may hold; the last two where that name means less."""


def editor_schema(file: str, locales: Locales) -> JsonSchema:
    """The schema of one file; concepts, categories and festivals are those of the locales.

    Categories are those of all marketplaces together: an editor knows no folder. The checker does.
    """
    categories = {id_ for one in locales.marketplaces.values() for id_ in one.tree.categories}
    festivals = {
        name for one in locales.marketplaces.values() for name in one.accessories.calendar.festivals
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"souk {file}",
        **FILES[file].json_schema(),
        "$defs": {
            "concept": {"enum": sorted(locales.concepts.concepts)},
            "category": {"enum": sorted(categories)},
            "festival": {"enum": sorted(festivals)},
        },
    }
