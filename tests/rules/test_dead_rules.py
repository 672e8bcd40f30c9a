"""Rules that never hold and slots that stay empty: told when brute force says so, and only then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.accessories import AccessoryRule, AccessoryRules, SlotRule, accessory_slots
from rules.calendar import FestivalWindow, Timing
from rules.campaigns import Campaign, CompiledCampaigns, Trigger, When
from rules.checking import check_folder
from rules.checks.check import Stock
from rules.checks.sample import SAMPLE, write_sample
from tests.rules.values import seen

TODAY = date(2026, 11, 24)
EVERY_TIME = tuple(
    datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(0, 800, 9)
)

# ---- triggers

CONCEPTS = ((), ("saree",), ("shoes",), ("necktie", "kurti"))
CATEGORIES = ((), ("women.ethnic",), ("women",), ("men.ties",))
PRICES = (None, "100.00", "300.00")


def searches(base: CompiledCampaigns) -> Iterator[Trigger]:
    for concept, price in product(base.concepts.concepts, (5_000, 10_000, 20_000, 30_000, 40_000)):
        for leaf in base.tree.leaves_of(concept):
            yield Trigger(prediction=seen(concept, leaf), at=EVERY_TIME[0], price_minor=price)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    concepts=st.sampled_from(CONCEPTS), categories=st.sampled_from(CATEGORIES),
    low=st.sampled_from(PRICES), high=st.sampled_from(PRICES),
)  # fmt: skip
def test_a_trigger_is_told_to_be_unreachable_when_no_search_meets_it(
    base: CompiledCampaigns, tmp_path: Path, concepts: tuple[str, ...], categories: tuple[str, ...],
    low: str | None, high: str | None,
) -> None:  # fmt: skip
    when = When(concepts=concepts, categories=categories,
                min_price=None if low is None else Decimal(low),
                max_price=None if high is None else Decimal(high))  # fmt: skip
    alone = base.with_campaigns((Campaign(id="c", owner="o", reason="r", actions=(), when=when),))
    stated = {"concepts": ", ".join(concepts), "categories": ", ".join(categories)}
    keys = [f"{key}: [{words}]" for key, words in stated.items() if words]
    keys += [
        f'{key}: "{price}"' for key, price in (("min_price", low), ("max_price", high)) if price
    ]
    text = "campaigns:\n  - {id: c, owner: o, reason: r, when: {%s}, actions: [{hide: {products: [x]}}]}\n"
    folder = write_sample(tmp_path, {"in/merchandising.yaml": text % ", ".join(keys)})
    told = {f.code for f in check_folder(folder, TODAY).findings}
    assert told == (set() if any(alone.matching(s) for s in searches(base)) else {"R017"})


# ---- days

timings = st.builds(
    Timing,
    first=st.sampled_from((None, date(2026, 5, 10), date(2027, 2, 20))),
    last=st.sampled_from((None, date(2026, 6, 10), date(2026, 12, 5))),
    festival=st.sampled_from((None, None, FestivalWindow(name="diwali", days_before=3))),
    season=st.sampled_from((None, None, "winter", "monsoon")),
    months=st.sampled_from(((), (), (11,), (5, 6))),
)


@settings(max_examples=200, deadline=None)
@given(timing=timings)
def test_a_timing_has_days_when_it_holds_on_one(base: CompiledCampaigns, timing: Timing) -> None:
    days = (
        date(year, 1, 1) + timedelta(days=n)
        for year in (2025, 2026, 2027, 2999)
        for n in range(365)
    )
    holds = any(timing.holds(day, base.calendar) for day in days)
    assert timing.has_days(base.calendar) == holds


# ---- slots

STOCKED = (("dupatta", "women"), ("jutti", "men"), ("heels", None), ("necktie", "unisex"))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stock=st.dictionaries(st.sampled_from(STOCKED), st.just(1), min_size=1, max_size=3),
    wanted=st.lists(st.sampled_from(("dupatta", "shoes", "jutti", "heels", "necktie")), min_size=1,
                    max_size=2, unique=True),
    genders=st.tuples(st.sampled_from((None, "women", "men", "unisex")), st.sampled_from((None, "men"))),
    never=st.sampled_from(((), ("heels",), ("shoes",))),
)  # fmt: skip
def test_a_slot_is_told_to_be_unstocked_when_no_search_fills_it(
    base: CompiledCampaigns, tmp_path: Path, stock: dict[tuple[str, str | None], int],
    wanted: list[str], genders: tuple[str | None, str | None], never: tuple[str, ...],
) -> None:  # fmt: skip
    slot = SlotRule(id="s", titles={"en": "S"}, concepts=tuple(wanted), gender=genders[1])
    rule = AccessoryRule(id="r", owner="o", reason="r", seen=("kurti",), slots=(slot,),
                         gender=genders[0], never=never)  # fmt: skip
    rules = AccessoryRules(
        rules=(rule,), concepts=base.concepts, tree=base.tree, calendar=base.calendar
    )
    head = "rules:\n  - {id: r, owner: o, reason: r, seen: [kurti]"
    head += f", never: [{', '.join(never)}]" if never else ""
    head += f", gender: {genders[0]}" if genders[0] else ""
    inner = f"id: s, titles: {{en: S}}, concepts: [{', '.join(wanted)}]"
    inner += f", gender: {genders[1]}" if genders[1] else ""
    text = f"{head}, slots: [{{{inner}}}]}}\n"
    files = {"in/accessories.yaml": text, "in/examples.yaml": "examples: []\n"}
    told = check_folder(write_sample(tmp_path, files), TODAY, stock={"in": stock}).findings
    filled = any(fills(one, rules) for one in stock)
    assert ("R025" in {f.code for f in told}) == (not filled)


def fills(one: tuple[str, str | None], rules: AccessoryRules) -> bool:
    """Whether such a product comes into the slot of a search by anybody, as the service asks for it."""
    concept, gender = one
    leaf = rules.tree.leaf_of(concept, gender)
    for asked in (None, "women", "men", "unisex"):
        kurti = seen("kurti", "women.ethnic")
        for slot in accessory_slots((), kurti, rules, EVERY_TIME[0], gender=asked):
            wanted = {c for named in slot.concepts for c in rules.concepts.below(named)}
            if (
                leaf in slot.categories
                and concept in wanted
                and concept not in slot.never
                and (not slot.genders or gender in (*slot.genders, "unisex"))
            ):
                return True
    return False


# ---- planted in a large file

KINDS = {
    "R012": ('    until: "2026-01-31"\n', "{boost: {concepts: [saree]}, by: 0.2}"),
    "R011": ('    from: "2027-02-01"\n    until: "2027-01-01"\n', "{hide: {products: [x]}}"),
    "R017": ("    when: {concepts: [saree], categories: [men]}\n", "{hide: {products: [x]}}"),
    "S005": ("    when: {categories: [women.gone]}\n", "{hide: {products: [x]}}"),
}


@pytest.mark.parametrize("seed", range(3))
def test_dead_campaigns_are_found_among_many_and_nothing_else_is(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    kinds = [rng.choice(tuple(KINDS)) for _ in range(60)]
    blocks = []
    for n, kind in enumerate(kinds):
        stated, action = KINDS[kind]
        alone = "" if "when:" in stated else f"    when: {{products: [only-{n}]}}\n"
        head = f"  - id: {kind.lower()}-{n}\n    owner: o\n    reason: r\n"
        blocks.append(f"{head}{alone}{stated}    actions: [{action}]\n")
    blocks += [
        f"  - id: fine-{n}\n    owner: o\n    reason: r\n    when: {{products: [fine-{n}]}}\n"
        f'    until: "2027-01-31"\n    actions: [{{boost: {{concepts: [saree]}}, by: 0.2}}]\n'
        for n in range(200)
    ]
    rng.shuffle(blocks)
    folder = write_sample(tmp_path, {"in/merchandising.yaml": "campaigns:\n" + "".join(blocks)})
    found = check_folder(folder, TODAY).findings
    assert sorted((f.code, f.rule) for f in found) == sorted(
        (kind, f"{kind.lower()}-{n}") for n, kind in enumerate(kinds)
    )


@pytest.mark.parametrize("seed", range(3))
def test_empty_slots_are_found_among_many_and_nothing_else_is(seed: int, tmp_path: Path) -> None:
    """Each rule is about a group of its own; heels have no leaf, and juttis are not stocked."""
    rng = Random(seed)
    fates = [rng.choice(("heels", "jutti", "dupatta")) for _ in range(60)]
    groups = "".join(f"  thing{n}: {{parent: fashion}}\n" for n in range(60))
    leaf = ", ".join(f"thing{n}" for n in range(60))
    accessories = "rules:\n" + "".join(
        f"  - id: rule-{n}\n    owner: o\n    reason: r\n    seen: [thing{n}]\n"
        f"    slots: [{{id: s, titles: {{en: S}}, concepts: [{fate}]}}]\n"
        for n, fate in enumerate(fates)
    )
    categories = SAMPLE["in/categories.yaml"].replace("[heels, jutti]", f"[jutti, {leaf}]")
    files = {
        "concepts.yaml": SAMPLE["concepts.yaml"] + groups, "in/categories.yaml": categories,
        "in/accessories.yaml": accessories, "in/examples.yaml": "examples: []\n",
    }  # fmt: skip
    stock: Stock = {("dupatta", "women"): 3, ("kurti", "women"): 1}
    found = check_folder(write_sample(tmp_path, files), TODAY, stock={"in": stock}).findings
    (unstocked,) = [f.found for f in found if f.code == "R025"]
    (lines,) = re.findall(r"'s' \(line ([\d, ]+)\)", unstocked)
    slots = {5 * n + 6: fate for n, fate in enumerate(fates)}
    assert [int(line) for line in lines.split(", ")] == [
        line for line, fate in slots.items() if fate == "jutti"
    ]
    assert sorted(f.rule for f in found if f.code == "R010") == sorted(
        f"rule-{n}" for n, fate in enumerate(fates) if fate == "heels"
    )
    assert {f.code for f in found} <= {"R005", "R010", "R025"}


@pytest.mark.parametrize(
    ("taken", "told"), [(", concepts: [jutti]", set()), ("", {"kurti-everyday"})]
)
def test_a_slot_that_offers_a_group_is_filled_by_any_leaf_below_it(
    taken: str, told: set[str], tmp_path: Path
) -> None:
    """Heels have no leaf in either marketplace; juttis have one in the first."""
    categories = SAMPLE["in/categories.yaml"].replace(", concepts: [heels, jutti]", taken)
    files = {
        "in/categories.yaml": categories,
        "in/accessories.yaml": SAMPLE["in/accessories.yaml"].replace("[dupatta]", "[shoes]"),
        "in/examples.yaml": "examples: []\n",
    }
    found = check_folder(write_sample(tmp_path, files), TODAY).findings
    assert {f.rule for f in found if f.code == "R010"} == told


def test_every_forbidden_concept_of_a_slot_is_told_at_its_place(tmp_path: Path) -> None:
    """A slot offers two things that the rule forbids, one of them by its group, and one that it does not."""
    accessories = SAMPLE["in/accessories.yaml"].replace("[dupatta]", "[heels, dupatta, necktie]")
    files = {
        "in/accessories.yaml": accessories.replace("never: [necktie]", "never: [necktie, shoes]"),
        "in/examples.yaml": "examples: []\n",
    }
    found = check_folder(write_sample(tmp_path, files), TODAY).findings
    line = accessories.splitlines()[6]
    assert [(f.line, f.column) for f in found if f.code == "R008"] == [
        (7, line.index("heels") + 1), (7, line.index("necktie") + 1),
    ]  # fmt: skip
