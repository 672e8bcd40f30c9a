"""One draft rule alone: what serves now, with a single rule of a draft added, replaced or removed."""

from __future__ import annotations

from dataclasses import replace

from rules.loading import Locales, MarketplaceLocale


class UnknownRuleError(LookupError):
    """Neither side has such a rule; the message says what to do."""


def with_draft_rule(
    base: Locales, draft: Locales, marketplace: str, rule: str, region: str | None = None
) -> Locales:
    """`base` with the accessory rule or campaign `rule` as the draft has it, and nothing else of it.

    A rule that the draft lacks is removed. With `region`, only that region of the marketplace
    changes. Raises UnknownRuleError. The version names both, so that no page passes for a published
    one.
    """
    here, there = base.marketplaces[marketplace], draft.marketplaces[marketplace]
    if region is None:
        changed = _with_rule(here, there, rule)
    else:
        inner = _with_rule(here.regions[region], there.regions.get(region, there), rule)
        changed = replace(here, regions={**here.regions, region: inner})
    return replace(
        base,
        marketplaces={**base.marketplaces, marketplace: changed},
        version=f"{base.version}+{rule}",
    )


def _with_rule(here: MarketplaceLocale, there: MarketplaceLocale, rule: str) -> MarketplaceLocale:
    campaigns = [one for one in there.campaigns.campaigns if one.id == rule]
    accessories = [one for one in there.accessories.rules if one.id == rule]
    others = tuple(one for one in here.campaigns.campaigns if one.id != rule)
    kept = tuple(one for one in here.accessories.rules if one.id != rule)
    was_there = (others, kept) != (here.campaigns.campaigns, here.accessories.rules)
    if not (campaigns or accessories or was_there):
        raise UnknownRuleError(
            f"neither the draft of '{here.marketplace.id}' nor what serves has a rule '{rule}'. "
            "Name the id of an accessory rule or campaign."
        )
    return replace(
        here,
        campaigns=here.campaigns.with_campaigns((*others, *campaigns)),
        accessories=replace(here.accessories, rules=(*kept, *accessories)),
    )
