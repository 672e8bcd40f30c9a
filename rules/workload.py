"""Seeded campaigns and accessory rules as YAML text, for benchmarks and stress tests; no shop's rules.

Ten of the campaigns are general (a category, always on). The others are narrow, as large rule sets are: a
concept with a colour and two weeks of a year, or one product. So the number of campaigns that hold
for one search stays about the same however many there are.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from catalog.products import COLOURS

_GENERAL = 10


def campaigns_text(
    count: int, seed: int, *, concepts: Sequence[str], categories: Sequence[str], year: int = 2026
) -> str:
    """A `merchandising.yaml` of so many campaigns without a conflict among them."""
    rng = random.Random(seed)
    parts = ["campaigns:\n"]
    for number in range(count):
        if number < _GENERAL:
            when = f"{{categories: [{rng.choice(categories)}]}}"
            days = ""
        elif number % 2:
            when = f"{{concepts: [{rng.choice(concepts)}], colours: [{rng.choice(COLOURS)}]}}"
            first = date(year, 1, 1) + timedelta(days=rng.randrange(365))
            days = f'    from: "{first}"\n    until: "{first + timedelta(days=13)}"\n'
        else:
            when = f"{{products: [SK{number:06d}]}}"
            days = ""
        boost = f"{{concepts: [{rng.choice(concepts)}], min_rating: 4.0}}"
        parts.append(
            f"  - id: campaign-{number}\n"
            f"    owner: team-{number % 40}\n"
            f"    reason: A campaign of the seeded workload.\n"
            f"    priority: {rng.randrange(1, 100)}\n"
            f"    when: {when}\n{days}"
            f"    actions:\n"
            f"      - {{boost: {boost}, by: 0.{rng.randrange(1, 9)}}}\n"
        )
    return "".join(parts)


def accessories_text(
    count: int, seed: int, *, seen: Sequence[str], offered: Sequence[str], languages: Sequence[str]
) -> str:
    """So many items of `rules:` in an `accessories.yaml`, each for one concept and a week of a year."""
    rng = random.Random(seed)
    titles = ", ".join(f"{language}: Offered" for language in languages)
    parts = []
    for number in range(count):
        first = date(2026, 1, 1) + timedelta(days=rng.randrange(365))
        leads, follows = rng.sample(offered, 2)
        slots = "".join(
            f"      - {{id: slot-{concept}, titles: {{{titles}}}, concepts: [{concept}], count: 4}}\n"
            for concept in (leads, follows)
        )
        parts.append(
            f"  - id: rule-{number}\n"
            f"    owner: team-{number % 40}\n"
            f"    reason: A rule of the seeded workload.\n"
            f"    seen: [{rng.choice(seen)}]\n"
            f'    from: "{first}"\n    until: "{first + timedelta(days=6)}"\n'
            f"    priority: {rng.randrange(1, 100)}\n"
            f"    slots:\n{slots}"
        )
    return "".join(parts)
