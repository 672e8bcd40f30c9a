"""What is told to stand in a shadow never does anything, and whatever was planted there is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search import RankedItem
from documents.nodes import Place
from rules.accessories import AccessoryRule, AccessoryRules, SlotRule, accessory_slots
from rules.calendar import EVERY_DAY, Timing
from rules.campaigns import Action, Campaign, CompiledCampaigns, Trigger, Verb, When
from rules.checking import check_folder
from rules.checks.sample import write_sample
from rules.overlap import Reach
from rules.pages import ruled_page
from rules.selectors import Selector
from rules.shadows import shadowed_moves, shadowed_slots
from tests.rules.values import item, seen

FIRST = date(2026, 3, 1)
TODAY = date(2026, 11, 24)

# ---- campaigns

ITEMS: tuple[RankedItem, ...] = tuple(
    item(f"{concept}-{colour}-{price}", concept=concept, category=category, colour=colour,
         price_minor=price * 100, prime=price == 100)
    for concept, category in (("saree", "women.ethnic"), ("kurti", "women.ethnic"),
                              ("heels", "women.shoes"), ("necktie", "men.ties"))
    for colour, price in product(("red", "blue"), (100, 300))
)  # fmt: skip
"""One product for each difference that the drawn selectors can make."""

whens = st.builds(
    When,
    concepts=st.sampled_from(((), (), ("saree",), ("fashion",), ("saree", "kurti"))),
    categories=st.sampled_from(((), (), ("women",), ("women.ethnic",))),
    colours=st.sampled_from(((), ("red",), ("red", "blue"))),
    occasions=st.sampled_from(((), (), ("wedding",))),
    min_price=st.sampled_from((None, None, Decimal(100), Decimal(200))),
    products=st.sampled_from(((), (), (), ("p1",), ("p1", "p2"))),
)
selectors = st.builds(
    Selector,
    concepts=st.sampled_from(((), (), ("saree",), ("fashion",))),
    categories=st.sampled_from(((), (), ("women.ethnic",), ("women",))),
    colours=st.sampled_from(((), (), ("red",))),
    max_price=st.sampled_from((None, None, Decimal(200))),
    prime=st.sampled_from((None, None, True)),
)
actions = st.one_of(
    st.builds(Action, verb=st.sampled_from((Verb.BOOST, Verb.BURY)), selector=selectors,
              by=st.floats(0.1, 0.9)),
    st.builds(Action, verb=st.just(Verb.HIDE), selector=selectors),
    st.builds(Action, verb=st.just(Verb.FILTER), selector=selectors),
    st.builds(Action, verb=st.just(Verb.PIN), at=st.integers(1, 3),
              selector=st.sampled_from(ITEMS).map(lambda i: Selector(products=(i.product_id,)))),
)  # fmt: skip
timings = st.one_of(
    st.just(EVERY_DAY),
    st.builds(lambda start, length: Timing(first=FIRST + timedelta(days=start),
                                           last=FIRST + timedelta(days=start + length)),
              st.integers(0, 2), st.integers(0, 2)),
)  # fmt: skip
drawn_campaigns = st.lists(
    st.builds(
        lambda when, timing, acts, priority: Campaign(
            id="", owner="o", reason="r", when=when, timing=timing, actions=tuple(acts), priority=priority
        ),
        whens, timings, st.lists(actions, min_size=1, max_size=2), st.sampled_from((10, 50)),
    ),
    min_size=2, max_size=5,
)  # fmt: skip


def numbered(drawn: list[Campaign]) -> tuple[Campaign, ...]:
    """With ids and lines; the effect of an action is then told by its own place."""
    return tuple(
        replace(
            one, id=f"c{n}", place=Place("f", 10 * n + 1, 1),
            actions=tuple(replace(a, place=Place("f", 10 * n + 2 + m, 1)) for m, a in enumerate(one.actions)),
        )
        for n, one in enumerate(drawn)
    )  # fmt: skip


def searches() -> Iterator[Trigger]:
    """Every search that can tell two of the drawn triggers apart, and categories that are no leaves."""
    places = (("saree", "women.ethnic"), ("kurti", "women.ethnic"), ("saree", "women"),
              ("heels", "women.shoes"), ("necktie", "men.ties"))  # fmt: skip
    for (concept, category), days, colours, occasion, price, chosen in product(
        places, range(-1, 5), (("red",), ("blue",)), ("wedding", None),
        (15_000, 25_000, None), (None, "p1", "p2"),
    ):  # fmt: skip
        at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=days)
        yield Trigger(prediction=seen(concept, category), at=at, colours=colours, occasion=occasion,
                      price_minor=price, product_id=chosen)  # fmt: skip


def without(campaigns: CompiledCampaigns, place: Place) -> CompiledCampaigns:
    return campaigns.with_campaigns(
        tuple(
            replace(one, actions=tuple(a for a in one.actions if a.place != place))
            for one in campaigns.campaigns
        )
    )


@settings(max_examples=25, deadline=None)
@given(drawn=drawn_campaigns)
def test_what_stands_in_a_shadow_changes_no_page_of_any_search(
    base: CompiledCampaigns, drawn: list[Campaign]
) -> None:
    made = numbered(drawn)
    reach = Reach(concepts=base.concepts, tree=base.tree, calendar=base.calendar)
    told = {weak.action.place for weak, _ in shadowed_moves(tuple(reach.moves(made)), reach)}
    whole = base.with_campaigns(made)
    for place in told:
        fewer = without(whole, place)
        for search in searches():
            assert ruled_page(ITEMS, whole, search).items == ruled_page(ITEMS, fewer, search).items


def planted(kind: str, number: int, rng: Random) -> list[str]:
    """Campaigns of which the one called `…-weak` does nothing; nobody else's search meets them."""
    when = f"when: {{concepts: [saree], products: [only-{number}]}}"
    wide, narrow = rng.choice((
        ("{concepts: [fashion]}", "{concepts: [saree], colours: [red]}"),
        ("{categories: [women]}", "{categories: [women.ethnic]}"),
        ('{max_price: "900.00"}', '{max_price: "500.00", prime: true}'),
        ("{colours: [red, gold]}", "{colours: [gold]}"),
    ))  # fmt: skip
    strong, weak = {
        "move": (f"{{boost: {wide}, by: 0.2}}", f"{{boost: {narrow}, by: 0.4}}"),
        "hide": (f"{{hide: {wide}}}", f"{{hide: {narrow}}}"),
        "gone": (f"{{hide: {wide}}}", f"{{boost: {narrow}, by: 0.4}}"),
    }[kind]
    head = f"    owner: o\n    reason: r\n    {when}\n"
    days = rng.choice(("", '    from: "2027-03-01"\n    until: "2027-04-01"\n'))
    longer = rng.choice(("", '    from: "2027-02-01"\n    until: "2027-05-01"\n')) if days else ""
    return [
        f"  - id: {kind}-{number}-strong\n{head}    priority: 60\n{longer}    actions: [{strong}]\n",
        f"  - id: {kind}-{number}-weak\n{head}    priority: 40\n{days}    actions: [{weak}]\n",
    ]


def near_miss(number: int, rng: Random) -> list[str]:
    """The same, but the stronger one leaves something to the weaker one."""
    when = f"when: {{concepts: [saree], products: [near-{number}]}}"
    strong, weak, later = rng.choice((
        ("{boost: {colours: [red]}, by: 0.2}", "{boost: {concepts: [saree]}, by: 0.4}", ""),
        ("{boost: {concepts: [fashion]}, by: 0.2}", "{boost: {concepts: [saree]}, by: 0.4}",
         '    until: "2027-03-01"\n'),
        ("{hide: {prime: true}}", "{hide: {concepts: [saree]}}", ""),
        ("{boost: {concepts: [fashion]}, by: 0.2}", "{hide: {concepts: [saree]}}", ""),
        ("{filter: {prime: true}}", "{filter: {prime: true}}", ""),
    ))  # fmt: skip
    head = f"    owner: o\n    reason: r\n    {when}\n"
    return [
        f"  - id: near-{number}-strong\n{head}    priority: 60\n{later}    actions: [{strong}]\n",
        f"  - id: near-{number}-weak\n{head}    priority: 40\n    actions: [{weak}]\n",
    ]


@pytest.mark.parametrize("seed", range(3))
def test_every_planted_shadow_is_told_and_no_near_miss(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    kinds = [rng.choice(("move", "hide", "gone")) for _ in range(40)]
    blocks = [block for n, kind in enumerate(kinds) for block in planted(kind, n, rng)]
    blocks += [block for n in range(40) for block in near_miss(n, rng)]
    rng.shuffle(blocks)
    folder = write_sample(tmp_path, {"in/merchandising.yaml": "campaigns:\n" + "".join(blocks)})
    found = check_folder(folder, TODAY).findings
    told = sorted(f.rule for f in found if f.code == "R023")
    assert told == sorted(f"{kind}-{n}-weak" for n, kind in enumerate(kinds))
    assert {f.code for f in found} == {"R023"}


# ---- slots

CONCEPTS = ("kurti", "saree", "dupatta", "necktie", "heels", "jutti")
slots = st.builds(
    lambda id_, concepts: SlotRule(id=id_, titles={"en": id_}, concepts=tuple(concepts)),
    st.sampled_from(("a", "b", "c")),
    st.lists(st.sampled_from(("dupatta", "heels", "jutti", "shoes")), min_size=1, max_size=2, unique=True),
)  # fmt: skip
slot_rules = st.lists(
    st.builds(
        lambda named, made, gender, occasion, timing, never, priority: AccessoryRule(
            id="", owner="o", reason="r", seen=tuple(named), slots=tuple(made), gender=gender,
            occasion=occasion, timing=timing, never=never, priority=priority,
        ),
        st.lists(st.sampled_from(("kurti", "saree", "fashion")), min_size=1, max_size=2, unique=True),
        st.lists(slots, min_size=1, max_size=2, unique_by=lambda s: s.id),
        st.sampled_from((None, None, "women")),
        st.sampled_from((None, None, "wedding")),
        st.sampled_from((EVERY_DAY, EVERY_DAY, Timing(months=(6,)), Timing(first=date(2026, 6, 10)))),
        st.sampled_from(((), (), ("heels",))),
        st.integers(0, 2),
    ),
    min_size=2, max_size=4,
)  # fmt: skip
ASKED = tuple(
    product(CONCEPTS, (None, "women", "men"), (None, "wedding", "party"),
            (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC),
             datetime(2026, 6, 20, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)))
)  # fmt: skip


def offered(rules: AccessoryRules) -> list[object]:
    """Everything that is offered to anybody, but for whose rule it is."""
    leaf = {c: rules.tree.leaves_of(c)[0] for c in CONCEPTS}
    return [
        [(s.id, s.concepts) for s in accessory_slots((), seen(concept, leaf[concept]), rules, at,
                                                     gender=gender, occasion=occasion)]
        for concept, gender, occasion, at in ASKED
    ]  # fmt: skip


def dead_by_force(rules: AccessoryRules) -> set[tuple[str, str]]:
    """Rule and slot, for each slot without which everybody is offered the same."""
    whole = offered(rules)
    dead = set()
    for rule in rules.rules:
        for slot in rule.slots:
            fewer = replace(rule, slots=tuple(s for s in rule.slots if s is not slot))
            others = tuple(fewer if one is rule else one for one in rules.rules)
            if offered(replace(rules, rules=others)) == whole:
                dead.add((rule.id, slot.id))
    return dead


@settings(max_examples=40, deadline=None)
@given(drawn=slot_rules)
def test_a_slot_that_is_told_to_add_nothing_adds_nothing_to_anybody(
    base: CompiledCampaigns, drawn: list[AccessoryRule]
) -> None:
    made = tuple(replace(r, id=f"r{n}", place=Place("f", n + 1, 1)) for n, r in enumerate(drawn))
    rules = AccessoryRules(
        rules=made, concepts=base.concepts, tree=base.tree, calendar=base.calendar
    )
    told = {(rule.id, slot.id) for rule, slot, _ in shadowed_slots(rules, made)}
    assert told <= dead_by_force(rules)


@pytest.mark.parametrize("seed", range(20))
def test_a_slot_that_is_planted_behind_a_stronger_rule_is_told(
    seed: int, base: CompiledCampaigns
) -> None:
    """One rule repeats, weaker, what another offers; the others are about something else."""
    rng = Random(seed)
    concepts = tuple(rng.sample(("dupatta", "jutti", "heels"), 2))
    seen_by_both = rng.choice((("kurti",), ("kurti", "saree")))
    own = SlotRule(id="own", titles={}, concepts=("necktie",))
    strong = AccessoryRule(
        id="strong",
        owner="o",
        reason="r",
        seen=("kurti", "saree"),
        priority=5,
        slots=(SlotRule(id="a", titles={}, concepts=concepts),),
    )
    weak = AccessoryRule(id="weak", owner="o", reason="r", seen=seen_by_both, priority=1,
                         gender=rng.choice((None, "women")),
                         slots=(SlotRule(id="b", titles={}, concepts=concepts[:1]), own))  # fmt: skip
    made = tuple(replace(r, place=Place("f", n + 1, 1)) for n, r in enumerate((weak, strong)))
    rules = AccessoryRules(
        rules=made, concepts=base.concepts, tree=base.tree, calendar=base.calendar
    )
    told = {(rule.id, slot.id) for rule, slot, _ in shadowed_slots(rules, made)}
    assert told == {("weak", "b")} == dead_by_force(rules)
