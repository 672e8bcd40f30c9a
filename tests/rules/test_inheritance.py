"""Root, language, marketplace and region: what holds at the end, and which line said it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from catalog.locale_files import load_marketplaces
from documents.findings import DocumentError
from rules.accessories import accessory_slots
from rules.campaigns import Trigger
from rules.checking import check_folder
from rules.checks.sample import SAMPLE, write_sample
from rules.loading import load_locales, locale_contents, read_locales
from rules.provenance import explain_category
from tests.rules.values import seen

TODAY = date(2026, 11, 24)
REGION = "in/regions/kerala"
NAMES = {f"{REGION}/marketplace.yaml": "names: {en: Kerala}\n"}


def rule(id_: str, concept: str, slot: str, more: str = "") -> str:
    return (
        f"  - id: {id_}\n    owner: o\n    reason: r\n    seen: [{concept}]\n{more}    slots:\n"
        f"      - {{id: {slot}, titles: {{en: {slot}}}, concepts: [{slot}]}}\n"
    )


def campaign(id_: str, product: str, more: str = "") -> str:
    return (
        f"  - id: {id_}\n    owner: o\n    reason: r\n{more}"
        f"    actions: [{{pin: {{product: {product}}}, at: 1}}]\n"
    )


def findings(folder: Path) -> list[str]:
    return [str(f).removeprefix(f"{folder}/") for f in check_folder(folder, TODAY).findings]


def offered(folder: Path, concept: str, region: str | None = None) -> list[str]:
    here = load_locales(folder).marketplaces["in"]
    here = here.regions[region] if region else here
    slots = accessory_slots((), seen(concept, "women.ethnic"), here.accessories,
                            datetime(2026, 6, 1, tzinfo=UTC))  # fmt: skip
    return [slot.id for slot in slots]


def test_rules_of_every_level_hold_and_the_nearer_ones_lead(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {
        "accessories.yaml": "rules:\n" + rule("root", "saree", "jutti"),
        "languages/en/accessories.yaml": "rules:\n" + rule("english", "saree", "heels"),
        "in/accessories.yaml": "rules:\n" + rule("own", "saree", "dupatta"),
        **NAMES, f"{REGION}/accessories.yaml": "rules:\n" + rule("south", "saree", "kurti"),
    })  # fmt: skip
    (folder / "in/examples.yaml").unlink()
    assert findings(folder) == []
    assert offered(folder, "saree") == ["dupatta", "heels", "jutti"]
    assert offered(folder, "saree", "kerala") == ["kurti", "dupatta", "heels", "jutti"]


def test_a_change_states_some_keys_and_the_others_stay(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {
        **NAMES,
        f"{REGION}/accessories.yaml": "changes:\n  - {id: kurti-everyday, reason: Warm., gender: women,"
        " season: winter}\n",
    })  # fmt: skip
    here = load_locales(folder).marketplaces["in"]
    (whole,), (changed,) = here.accessories.rules, here.regions["kerala"].accessories.rules
    assert (whole.gender, whole.timing.season) == (None, None)
    assert (changed.gender, changed.timing.season, changed.reason) == ("women", "winter", "Warm.")
    assert (changed.seen, changed.slots, changed.owner) == (whole.seen, whole.slots, whole.owner)


def test_a_disabled_rule_does_not_hold_below_and_does_elsewhere(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {
        "accessories.yaml": "rules:\n" + rule("root", "saree", "jutti"),
        **NAMES, f"{REGION}/accessories.yaml": "disabled:\n  - {id: root, reason: Barefoot.}\n",
    })  # fmt: skip
    assert findings(folder) == []
    assert offered(folder, "saree") == ["jutti"]
    assert offered(folder, "saree", "kerala") == []


def test_of_equal_campaigns_the_nearer_level_wins(tmp_path: Path) -> None:
    """Their lines say the opposite: the root's stands lower in its file."""
    folder = write_sample(tmp_path, {
        "merchandising.yaml": "# a\n# b\n# c\ncampaigns:\n" + campaign("root", "A"),
        "in/merchandising.yaml": "campaigns:\n" + campaign("own", "B"),
        **NAMES, f"{REGION}/merchandising.yaml": "campaigns:\n" + campaign("south", "C"),
    })  # fmt: skip
    here = load_locales(folder).marketplaces["in"]
    trigger = Trigger(prediction=seen("saree", "women.ethnic"), at=datetime(2026, 6, 1, tzinfo=UTC))
    assert [m.campaign.id for m in here.campaigns.matching(trigger)] == ["own", "root"]
    south = here.regions["kerala"].campaigns.matching(trigger)
    assert [m.campaign.id for m in south] == ["south", "own", "root"]


def test_a_conflict_across_levels_names_the_other_file_and_is_a_warning(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {
        "merchandising.yaml": "campaigns:\n" + campaign("root", "A"),
        "in/merchandising.yaml": "campaigns:\n" + campaign("own", "B"),
    })  # fmt: skip
    (found,) = check_folder(folder, TODAY).findings
    assert (found.code, found.severity, found.rule) == ("R014", "warning", "own")
    assert "taken too by 'root' (" in found.found
    assert "/merchandising.yaml:5:15)" in found.found


@pytest.mark.parametrize(
    ("file", "text", "place", "said"),
    [
        ("accessories", "changes:\n  - {id: kurti-evryday, reason: r}\n",
         "2:10: R022", "no level above has a rule 'kurti-evryday'. Did you mean 'kurti-everyday'?"),
        ("merchandising", "disabled:\n  - {id: x, reason: r}\n",
         "2:10: R022", "No inherited rule is known here; remove it."),
        ("accessories", "rules:\n" + rule("a", "saree", "jutti") + "changes:\n  - {id: a, reason: r}\n",
         "9:10: R022", "The rule stands in this file: change it there."),
        ("accessories", "rules:\n" + rule("kurti-everyday", "saree", "jutti"),
         "2:9: R001", "/in/accessories.yaml:2. Write it under 'changes:' to change the inherited rule"),
        ("accessories", "changes:\n  - {id: kurti-everyday, reason: r, seen: [kurtti]}\n",
         "2:44: S005", "Did you mean 'kurti'?"),
        ("accessories", "changes:\n  - {id: kurti-everyday, gender: women}\n",
         "2:5: S001", "the change lacks the key 'reason'"),
        ("accessories", "changes:\n  - {id: kurti-everyday, reason: r, categories: [men.ties]}\n",
         "2:49: R017", "no search can show these concepts"),
        ("examples", "examples: [{id: e, seen: kurti, offers: [heels]}]\n",
         "1:42: R019", "no slot offers 'heels' with 'kurti'"),
    ],
)  # fmt: skip
def test_a_fault_of_a_region_is_reported_in_its_file(
    file: str, text: str, place: str, said: str, tmp_path: Path
) -> None:
    (found,) = findings(write_sample(tmp_path, {**NAMES, f"{REGION}/{file}.yaml": text}))
    assert found.startswith(f"{REGION}/{file}.yaml:{place}")
    assert said in found


def test_a_fault_above_the_marketplaces_is_reported_once(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {"marketplace.yaml": "currency: INR\n",
                                     "languages/hi/accessories.yaml": "rules: []\n"})  # fmt: skip
    language, settings = findings(folder)
    assert settings.startswith(
        "marketplace.yaml:1:1: S002: the shared settings has no key 'currency'."
    )
    assert language.startswith(
        "languages/hi:1:1: R021: no marketplace has the default language 'hi'."
    )


def test_a_region_needs_its_names_and_a_name_that_requests_can_use(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {f"{REGION}/accessories.yaml": "rules: []\n"})
    (folder / "in/regions/Goa").mkdir()
    found = findings(folder)
    assert [line.split(": ")[1] for line in found] == ["R021", "Y001"]
    assert "the file is missing" in found[1]


def test_a_shared_rule_may_name_the_categories_that_all_heirs_have(tmp_path: Path) -> None:
    """`men.ties` is lacking in the second marketplace."""
    copied = {f"us/{n[3:]}": t for n, t in SAMPLE.items() if n.startswith("in/")}
    copied["us/marketplace.yaml"] = copied["us/marketplace.yaml"].replace("id: in", "id: us")
    copied["us/categories.yaml"] = copied["us/categories.yaml"].replace("men.ties", "men.formal")
    named = "    categories: [{}]\n"
    for category, expected in (("women.ethnic", 0), ("men.ties", 1)):
        text = "rules:\n" + rule("r", "saree", "jutti", named.format(category))
        found = findings(write_sample(tmp_path, {**copied, "accessories.yaml": text}))
        assert len([line for line in found if "S005" in line]) == expected


def test_settings_come_down_key_by_key(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {
        "marketplace.yaml": "ranking: {diversity: 0.3, rating_prior: 3.0}\nseasons: {winter: [1]}\n",
        "languages/en/marketplace.yaml": "ranking: {rating_prior: 3.5}\n",
        "in/marketplace.yaml": SAMPLE["in/marketplace.yaml"] + "ranking: {policy_price: 0.9}\n",
        f"{REGION}/marketplace.yaml": "names: {en: Kerala}\ntime_zone: Asia/Dubai\n"
        "ranking: {diversity: 0.1}\nseasons: {winter: [7]}\n",
    })  # fmt: skip
    here = load_locales(folder).marketplaces["in"]
    ranking = here.marketplace.ranking
    assert (ranking.diversity, ranking.rating_prior, ranking.policy_price) == (0.3, 3.5, 0.9)
    assert load_marketplaces(folder).marketplaces["in"].ranking == ranking
    south = here.regions["kerala"]
    assert (south.marketplace.ranking.diversity, south.marketplace.ranking.rating_prior) == (
        0.1,
        3.5,
    )
    assert (south.marketplace.time_zone, here.marketplace.time_zone) == (
        "Asia/Dubai",
        "Asia/Kolkata",
    )
    assert (south.accessories.calendar.months("winter"), here.accessories.calendar.months("winter")) == (
        (7,), (1,))  # fmt: skip


def test_each_value_names_the_line_that_set_it_and_those_that_it_replaces(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {
        "marketplace.yaml": "ranking:\n  diversity: 0.3\n",
        "in/marketplace.yaml": SAMPLE["in/marketplace.yaml"] + "ranking: {diversity: 0.4}\n",
        "accessories.yaml": "rules:\n" + rule("root", "kurti", "jutti"),
        **NAMES,
        f"{REGION}/accessories.yaml": "changes:\n  - {id: root, reason: Warm., season: winter}\n"
        "disabled:\n  - {id: kurti-everyday, reason: Not here.}\n",
    })  # fmt: skip
    read = read_locales(folder)
    said = {
        one.what: str(one).replace(f"{folder}/", "")
        for one in explain_category(read, read.regions[0], "women.ethnic")
    }
    assert said["marketplace.ranking.diversity"] == (
        "marketplace.ranking.diversity = 0.4  (in/marketplace.yaml:9:22, over marketplace.yaml:2:14)"
    )
    assert said["accessories.root.reason"].endswith(
        "reason = Warm.  (in/regions/kerala/accessories.yaml:2:24, over accessories.yaml:4:13)"
    )
    assert said["accessories.root.slots.jutti.concepts"] == (
        "accessories.root.slots.jutti.concepts = [jutti]  (accessories.yaml:7:52)"
    )
    assert said["accessories.root.season"].endswith("(in/regions/kerala/accessories.yaml:2:39)")
    assert said["disabled.kurti-everyday"] == (
        "disabled.kurti-everyday = Not here.  (in/regions/kerala/accessories.yaml:4:5)"
    )
    assert "accessories.kurti-everyday.owner" not in said


def test_the_files_of_all_levels_are_part_of_the_version(tmp_path: Path) -> None:
    extra = {
        "accessories.yaml": "rules: []\n", "languages/en/merchandising.yaml": "campaigns: []\n",
        **NAMES, f"{REGION}/examples.yaml": "examples: []\n",
    }  # fmt: skip
    assert sorted(locale_contents(write_sample(tmp_path, extra))) == sorted({**SAMPLE, **extra})


def test_a_broken_shared_file_serves_nobody(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {"accessories.yaml": "rules: [oops\n"})
    with pytest.raises(DocumentError, match="Y005"):
        load_locales(folder)
