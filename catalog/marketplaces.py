"""A marketplace: a storefront with its own offers, currency, category tree and category head."""

from __future__ import annotations

from dataclasses import dataclass

ALIASES = {"uk": "gb"}
"""Names that callers use for a marketplace that has another id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingDefaults:
    """How this marketplace orders products of equal relevance; values of `marketplace.yaml`."""

    diversity: float = 0.15
    """Strength of marginal relevance on the final score, 0 (off) to 1."""
    duplicate_similarity: float = 0.985
    """Cosine from which two products may be folded when their hashes agree."""
    rating_prior: float = 4.0
    """Mean rating, 1 to 5, towards which a rating with few reviews is shrunk."""
    rating_prior_count: float = 20.0
    """How many reviews the prior weighs."""
    policy_rating: float = 1.0
    """Weight of the shrunk rating among products of equal relevance."""
    policy_price: float = 0.3
    """Weight of a low price within the category, likewise."""
    policy_prime: float = 0.3
    """Weight of Prime eligibility, likewise."""
    policy_availability: float = 2.0
    """Weight of being in stock, likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplace:
    """What `locales/<id>/marketplace.yaml` states; `id` is ISO 3166 alpha-2 in lower case."""

    id: str
    names: dict[str, str]
    languages: tuple[str, ...]
    default_language: str
    currency: str
    time_zone: str
    size_systems: tuple[str, ...]
    prime_name: str
    ranking: RankingDefaults = RankingDefaults()

    def language_chain(self, asked: str | None) -> tuple[str, ...]:
        """The fallback order of names: asked, its base, the default, its base, English."""
        chain: list[str] = []
        for tag in (asked, self.default_language, "en"):
            if tag:
                chain += [tag, tag.split("-")[0]]
        return tuple(dict.fromkeys(chain))


def localized(names: dict[str, str], chain: tuple[str, ...]) -> str:
    """The first name along the chain, a regional variant of a wanted language, or any name."""
    for tag in chain:
        if tag in names:
            return names[tag]
        for known, name in names.items():
            if known.split("-")[0] == tag:
                return name
    return next(iter(names.values()), "")
