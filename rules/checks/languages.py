"""R002: names in every language of the marketplace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.marketplaces import Marketplace
from documents.findings import Finding
from documents.nodes import Node, Table, descend
from documents.suggestions import suggestion
from rules.checks.check import Check, Subject, finding_at, key_at
from rules.inheritance import written
from rules.level_files import ReadMarketplace


def run(subject: Subject) -> Iterator[Finding]:
    for one in subject.locales.views:
        marketplace = one.loaded.marketplace
        if marketplace is None:
            continue
        fine: set[tuple[str, ...]] = set()
        for file, rule, names, stated in _named(one):
            if (file, *names) not in fine:
                found = tuple(_judge(names, one, marketplace, rule, (file, descend(*stated))))
                fine.update(() if found else {(file, *names)})
                yield from found


def _judge(
    names: Mapping[str, str],
    one: ReadMarketplace,
    marketplace: Marketplace,
    rule: str,
    place: tuple[str, Node],
) -> Iterator[Finding]:
    """A file of this marketplace alone must hold no language that nobody reads there."""
    own = one.is_own(place[0])
    missing = [tag for tag in marketplace.languages if not _has(names, tag)]
    read = dict.fromkeys(_base(tag) for tag in (*marketplace.languages, "en"))
    strange = [known for known in names if own and _base(known) not in read]
    for word in strange:
        wanted = [_base(tag) for tag in missing] or list(read)
        yield finding_at(
            (place[0], key_at(place[1], word)), CHECK.code,
            f"nobody reads this marketplace in '{word}'", suggestion(word, wanted, "language"), rule=rule,
            view=one,
        )  # fmt: skip
    if missing and not strange:
        words = ", ".join(_base(tag) for tag in missing)
        severe = marketplace.default_language in missing
        yield finding_at(
            place, CHECK.code, f"there is no name in {words}", f"Add '{_base(missing[0])}: …'.", rule=rule,
            view=one, severity="error" if severe else "warning",
        )  # fmt: skip


def _base(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0]


def _has(names: Mapping[str, str], tag: str) -> bool:
    return any(known in (tag, _base(tag)) for known in names)


def _named(
    one: ReadMarketplace,
) -> Iterator[tuple[str, str, Mapping[str, str], tuple[Node, str]]]:
    """File, rule, names, and the table and key that state them, for everything that a shopper reads."""
    marketplace, tree = one.loaded.marketplace, one.loaded.tree
    if marketplace is not None and "marketplace.yaml" in one.sources:
        yield (one.file("marketplace.yaml"), "", marketplace.names,
               (one.sources["marketplace.yaml"], "names"))  # fmt: skip
    if tree is not None:
        stated = descend(one.sources["categories.yaml"], "categories")
        rows = (
            {key.text: value for key, value in stated.entries} if isinstance(stated, Table) else {}
        )
        for category in tree:
            yield (
                one.file("categories.yaml"),
                category.id,
                category.names,
                (rows[category.id], "names"),
            )
    for rule in one.new_rules:
        file, _ = written(rule, "slots")
        for slot in rule.slots:
            yield file, rule.id, slot.titles, (slot.source, "titles")


CHECK = Check(
    code="R002",
    title="Names stand in every language of the marketplace",
    doc="Shoppers read the names of categories and the titles of slots. Each needs one in every "
    "language that `marketplace.yaml` lists: `en` serves en-IN and en-GB alike. A missing "
    "default language is an error, another a warning, because its shoppers then read the "
    "default language.",
    passing={
        "in/marketplace.yaml": """\
id: in
names: {en: India}
languages: [en-IN]
default_language: en-IN
currency: INR
time_zone: Asia/Kolkata
size_systems: [IN]
prime_name: Prime
"""
    },
    failing={
        "in/marketplace.yaml": """\
id: in
names: {hi: भारत}
languages: [en-IN, hi-IN]
default_language: en-IN
currency: INR
time_zone: Asia/Kolkata
size_systems: [IN]
prime_name: Prime
"""
    },
    run=run,
)
