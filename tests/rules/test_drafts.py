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
    with pytest.raises(UnknownRuleError, match="has no rule 'third'"):
        with_draft_rule(base, draft, "in", "third")
