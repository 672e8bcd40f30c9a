"""One draft rule alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.checks.sample import SAMPLE, write_sample
from rules.drafts import UnknownRuleError, with_draft_rule
from rules.loading import load_locales

CAMPAIGNS = "campaigns:\n" + "".join(
    f"  - id: {id_}\n    owner: o\n    reason: r\n    actions: [{{hide: {{products: [{id_}]}}}}]\n"
    for id_ in ("first", "second")
)


def test_only_the_named_rule_of_the_draft_is_added(tmp_path: Path) -> None:
    accessories = SAMPLE["in/accessories.yaml"].replace("[dupatta]}", "[dupatta, jutti]}")
    base = load_locales(write_sample(tmp_path / "base", {}))
    changes = {"in/merchandising.yaml": CAMPAIGNS, "in/accessories.yaml": accessories}
    draft = load_locales(write_sample(tmp_path / "draft", changes))
    campaign = with_draft_rule(base, draft, "in", "second").marketplaces["in"]
    assert [one.id for one in campaign.campaigns.campaigns] == ["second"]
    assert campaign.accessories == base.marketplaces["in"].accessories
    rule = with_draft_rule(base, draft, "in", "kurti-everyday")
    assert rule.marketplaces["in"].accessories.rules[0].slots[0].concepts == ("dupatta", "jutti")
    assert rule.marketplaces["in"].campaigns.campaigns == ()
    assert rule.version == f"{base.version}+kurti-everyday"
    with pytest.raises(UnknownRuleError, match="nor what serves has a rule 'third'"):
        with_draft_rule(base, draft, "in", "third")


def test_a_rule_that_the_draft_lacks_is_removed_and_the_others_stay(tmp_path: Path) -> None:
    base = load_locales(write_sample(tmp_path / "base", {"in/merchandising.yaml": CAMPAIGNS}))
    draft = load_locales(write_sample(tmp_path / "draft", {"in/accessories.yaml": "rules: []\n"}))
    here = with_draft_rule(base, draft, "in", "first").marketplaces["in"]
    assert [one.id for one in here.campaigns.campaigns] == ["second"]
    assert here.accessories.rules == base.marketplaces["in"].accessories.rules


def test_a_region_s_draft_leaves_the_marketplace_alone(tmp_path: Path) -> None:
    names = {"in/regions/goa/marketplace.yaml": "names: {en: Goa}\n"}
    base = load_locales(write_sample(tmp_path / "base", names))
    drafted = {**names, "in/regions/goa/merchandising.yaml": CAMPAIGNS}
    draft = load_locales(write_sample(tmp_path / "draft", drafted))
    here = with_draft_rule(base, draft, "in", "first", region="goa").marketplaces["in"]
    assert here.campaigns.campaigns == ()
    assert [one.id for one in here.regions["goa"].campaigns.campaigns] == ["first"]
