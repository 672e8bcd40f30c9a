"""One draft rule alone: what serves now, with a single rule of a draft added or put in its place."""

from __future__ import annotations

from dataclasses import replace

from rules.loading import Locales, MarketplaceLocale


class UnknownRuleError(LookupError):
    """The draft has no such rule; the message says what to do."""


def with_draft_rule(base: Locales, draft: Locales, marketplace: str, rule: str) -> Locales:
    """`base` with the accessory rule or campaign `rule` of `draft`, and nothing else of it.

    Raises UnknownRuleError. The version names both, so that no page passes for a published one.
    """
    here, there = base.marketplaces[marketplace], draft.marketplaces[marketplace]
    changed = _with_campaign(here, there, rule) or _with_accessory_rule(here, there, rule)
    if changed is None:
        raise UnknownRuleError(
            f"the draft of '{marketplace}' has no rule '{rule}'. "
            "Name the id of an accessory rule or campaign."
        )
    return replace(
        base,
        marketplaces={**base.marketplaces, marketplace: changed},
        version=f"{base.version}+{rule}",
    )


def _with_campaign(
    here: MarketplaceLocale, there: MarketplaceLocale, rule: str
) -> MarketplaceLocale | None:
    found = [one for one in there.campaigns.campaigns if one.id == rule]
    if not found:
        return None
    kept = tuple(one for one in here.campaigns.campaigns if one.id != rule)
    return replace(here, campaigns=here.campaigns.with_campaigns((*kept, *found)))


def _with_accessory_rule(
    here: MarketplaceLocale, there: MarketplaceLocale, rule: str
) -> MarketplaceLocale | None:
    found = [one for one in there.accessories.rules if one.id == rule]
    if not found:
        return None
    kept = tuple(one for one in here.accessories.rules if one.id != rule)
    return replace(here, accessories=replace(here.accessories, rules=(*kept, *found)))
