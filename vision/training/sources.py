"""What each concept is learned from: how many pictures of which kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from vision.training.corpus import Item

KINDS: Mapping[str, str] = {
    "catalog": "shop", "street": "photo", "part": "photo", "ethnic_extra": "photo", "home": "photo",
    "drawn": "drawn", "render": "render", "made": "made",
}  # fmt: skip
"""By data set: a shop's product photo, any other photo or a garment of one, drawn, a render of a model
that somebody built, or of what souk puts together."""
SHARED = "shared"
"""The kind of a picture whose label more than one class answers."""


def sources_of(items: Sequence[Item], classes: Sequence[str]) -> dict[str, Counter[str]]:
    """Pictures by kind for each class; under `SHARED` those whose label other classes answer too."""
    found: dict[str, Counter[str]] = {name: Counter() for name in classes}
    for item in items:
        dataset = item.key.split(":", 1)[0]
        allowed = [name for name, may in zip(classes, item.allowed, strict=True) if may]
        kind = KINDS[dataset] if len(allowed) == 1 else SHARED
        for name in allowed:
            found[name][kind] += 1
    return found
