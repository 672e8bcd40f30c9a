"""Where each value comes from: file, line and column of all that decides about a category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from documents.nodes import Node, Place, Scalar, Series, Table, descend
from rules.accessories import AccessoryRule
from rules.campaigns import Campaign
from rules.inheritance import Disabled
from rules.level_files import ReadMarketplace
from rules.loading import ReadLocales
from rules.overlap import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One value, the place that states it, and the places above whose values it replaces."""

    what: str
    value: str
    place: Place
    over: tuple[Place, ...] = ()

    def __str__(self) -> str:
        over = "".join(f", over {place}" for place in self.over)
        return f"{self.what} = {self.value}  ({self.place}{over})"


def explain_category(
    locales: ReadLocales, one: ReadMarketplace, category: str
) -> tuple[Stated, ...]:
    """All that the files say about a category: settings, tree, acceptance, rules and campaigns.

    `one` is a marketplace or one of its regions. Raises KeyError when it has no such category.
    """
    tree = one.loaded.tree
    if tree is None:
        raise KeyError(category)
    path = tree.path(category)
    concepts = [c for leaf in tree.leaves_below(category) for c in tree.categories[leaf].concepts]
    return (
        *_settings(one),
        *_tree(one, [node.id for node in path], concepts),
        *_rules(locales, one, concepts),
        *_campaigns(locales, one, category),
        *(_off(disabled) for disabled in one.disabled),
    )


def _settings(one: ReadMarketplace) -> Iterator[Stated]:
    name = "marketplace.yaml"
    layers = [*one.loaded.inherited, (one.file(name), one.sources.get(name, Table((), 1, 1)))]
    yield from _layered("marketplace", reversed(layers))


def _tree(one: ReadMarketplace, path: list[str], concepts: list[str]) -> Iterator[Stated]:
    file = one.file("categories.yaml")
    root = one.sources.get("categories.yaml", Table((), 1, 1))
    for id_ in path:
        yield from _flat(id_, descend(root, "categories", id_), file)
    accepts = descend(root, "accepts")
    for concept in dict.fromkeys(concepts):
        if isinstance(accepts, Table) and accepts.get(concept) is not None:
            yield from _flat(f"accepts.{concept}", descend(accepts, concept), file)


def _rules(locales: ReadLocales, one: ReadMarketplace, concepts: list[str]) -> Iterator[Stated]:
    rules = locales.accessories(one)
    found = {rule.id: rule for concept in concepts for rule in rules.by_concept.get(concept, ())}
    for rule in found.values():
        yield from _rule("accessories", rule)


def _campaigns(locales: ReadLocales, one: ReadMarketplace, category: str) -> Iterator[Stated]:
    tree = one.loaded.tree
    if tree is None:
        return
    reach = Reach(concepts=locales.tree, tree=tree, calendar=locales.calendar(one))
    here = reach.pairs((), (category,))
    for campaign in one.campaigns:
        if not here.isdisjoint(reach.pairs(campaign.when.concepts, campaign.when.categories)):
            yield from _rule("campaigns", campaign)


def _rule(kind: str, rule: AccessoryRule | Campaign) -> Iterator[Stated]:
    """Every written key of a rule; one that a nearer level writes replaces the whole value."""
    layers = (*rule.layers, (rule.place.file, rule.source))
    for key in dict.fromkeys(key.text for _, table in layers for key, _ in table.entries):
        if key != "id":
            told = [(f, table.get(key)) for f, table in layers]
            (file, node), *replaced = [(f, node) for f, node in told if node is not None]
            over = tuple(Place(f, old.line, old.column) for f, old in replaced)
            for stated in _flat(f"{kind}.{rule.id}.{key}", node, file):
                yield replace(stated, over=over)


def _off(disabled: Disabled) -> Stated:
    return Stated(what=f"disabled.{disabled.id}", value=disabled.reason, place=disabled.place)


def _layered(name: str, layers: Iterable[tuple[str, Node]]) -> Iterator[Stated]:
    """Settings of several files, the nearest first; what a nearer one says hides the others'."""
    found: dict[str, Stated] = {}
    for file, node in layers:
        for stated in _flat(name, node, file):
            nearer = found.get(stated.what)
            if nearer is None:
                found[stated.what] = stated
            else:
                found[stated.what] = replace(nearer, over=(*nearer.over, stated.place))
    yield from found.values()


def _flat(name: str, node: Node, file: str) -> Iterator[Stated]:
    if isinstance(node, Table):
        for key, value in node.entries:
            yield from _flat(f"{name}.{key.text}", value, file)
    elif isinstance(node, Series) and any(not isinstance(item, Scalar) for item in node.items):
        for number, item in enumerate(node.items, start=1):
            id_ = item.get("id") if isinstance(item, Table) else None
            word = id_.text if isinstance(id_, Scalar) else str(number)
            yield from _flat(f"{name}.{word}", item, file)
    elif isinstance(node, Series):
        words = ", ".join(item.text for item in node.items if isinstance(item, Scalar))
        yield Stated(what=name, value=f"[{words}]", place=Place(file, node.line, node.column))
    else:
        yield Stated(what=name, value=node.text, place=Place(file, node.line, node.column))
