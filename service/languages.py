"""Which language an answer speaks: asked for, negotiated, or the marketplace's own."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.marketplaces import Marketplace


def choose_language(
    marketplace: Marketplace, asked: str | None, accepted: Sequence[str] = ()
) -> str:
    """A language of the marketplace: the asked one, the first accepted one, or the default.

    `hi` finds `hi-IN`; `en-AU` finds `en-IN`; a language that the marketplace does not speak
    falls back to its default.
    """
    for tag in (asked, *accepted):
        if tag and (found := _spoken(marketplace, tag)):
            return found
    return marketplace.default_language


def _spoken(marketplace: Marketplace, tag: str) -> str | None:
    wanted = tag.replace("_", "-").casefold()
    for language in marketplace.languages:
        if language.casefold() == wanted:
            return language
    base = wanted.split("-")[0]
    for language in marketplace.languages:
        if language.split("-")[0].casefold() == base:
            return language
    return None
