"""Where each value comes from: file, line and column of all that decides about a category."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from documents.nodes import Node, Place, Scalar, Series, Table, descend
from rules.loading import ReadLocales, ReadMarketplace
from rules.overlap import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One value and the place that states it."""

    what: str
    value: str
    place: Place

    def __str__(self) -> str:
        return f"{self.what} = {self.value}  ({self.place})"


def explain_category(
    locales: ReadLocales, one: ReadMarketplace, category: str
) -> tuple[Stated, ...]:
    """All that the files say about a category: settings, tree, acceptance, rules and campaigns.

    Raises KeyError when the marketplace has no such category.
    """
    tree = one.loaded.tree
    if tree is None:
        raise KeyError(category)
    path = tree.path(category)
    concepts = [c for leaf in tree.leaves_below(category) for c in tree.categories[leaf].concepts]
    stated = list(
        _flat("marketplace", _root(one, "marketplace.yaml"), one.file("marketplace.yaml"))
    )
    written = descend(_root(one, "categories.yaml"), "categories")
    for node in path:
        stated += _flat(node.id, descend(written, node.id), one.file("categories.yaml"))
    accepts = descend(_root(one, "categories.yaml"), "accepts")
    for concept in dict.fromkeys(concepts):
        if isinstance(accepts, Table) and accepts.get(concept) is not None:
            stated += _flat(
                f"accepts.{concept}", descend(accepts, concept), one.file("categories.yaml")
            )
    return (*stated, *_rules(locales, one, concepts), *_campaigns(locales, one, category))


def _root(one: ReadMarketplace, name: str) -> Node:
    return one.sources.get(name, Table((), 1, 1))


def _rules(locales: ReadLocales, one: ReadMarketplace, concepts: list[str]) -> Iterator[Stated]:
    rules = locales.accessories(one)
    found = {rule.id: rule for concept in concepts for rule in rules.by_concept.get(concept, ())}
    for rule in found.values():
        slots = ", ".join(f"{slot.id} [{', '.join(slot.concepts)}]" for slot in rule.slots)
        yield Stated(what=f"accessories.{rule.id}", value=slots, place=rule.place)


def _campaigns(locales: ReadLocales, one: ReadMarketplace, category: str) -> Iterator[Stated]:
    tree = one.loaded.tree
    if tree is None:
        return
    reach = Reach(concepts=locales.tree, tree=tree, calendar=locales.calendar(one))
    here = reach.pairs((), (category,))
    for campaign in one.campaigns:
        if not here.isdisjoint(reach.pairs(campaign.when.concepts, campaign.when.categories)):
            actions = ", ".join(action.verb.value for action in campaign.actions)
            yield Stated(what=f"campaigns.{campaign.id}", value=actions, place=campaign.place)


def _flat(name: str, node: Node, file: str) -> Iterator[Stated]:
    if isinstance(node, Table):
        for key, value in node.entries:
            yield from _flat(f"{name}.{key.text}", value, file)
    elif isinstance(node, Series):
        words = ", ".join(item.text if isinstance(item, Scalar) else "…" for item in node.items)
        yield Stated(what=name, value=f"[{words}]", place=Place(file, node.line, node.column))
    else:
        yield Stated(what=name, value=node.text, place=Place(file, node.line, node.column))
