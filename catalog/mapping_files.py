"""Mapping files: YAML text → `ImportMapping`, with every problem at its line; and finding the right one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from catalog.mapping import ColumnRule, ConceptRule, ImportMapping, OfferRule
from catalog.products import COLOURS, GENDERS
from documents.findings import DocumentError, Finding
from documents.nodes import Node, Scalar, Series, Table, texts
from documents.source import read_document
from documents.suggestions import suggestion

MAPPINGS = Path(__file__).resolve().parent / "mappings"
"""The mappings that come with the project."""

_KEYS = (
    "name", "tables", "pictures", "detect", "product_id", "concept", "titles", "image", "colour", "gender",
    "brand", "season", "occasion", "offers",
)  # fmt: skip
_RULE_KEYS = ("column", "template", "values", "words", "first_word", "prefix")
_OFFER_KEYS = (
    "marketplace", "price", "list_price", "sizes", "separator", "rating", "rating_count", "prime",
    "available", "listed_on",
)  # fmt: skip


def read_mapping(path: Path) -> ImportMapping:
    """The mapping in the file; DocumentError carries all that is wrong with it."""
    document = read_document(path, path.resolve().parent)
    reader = _Reader(document.file)
    reader.findings += document.findings
    mapping = reader.mapping(document.root, path.stem)
    if reader.findings:
        raise DocumentError(reader.findings)
    return mapping


def own_mappings() -> tuple[ImportMapping, ...]:
    """The project's mappings, by file name."""
    return tuple(read_mapping(path) for path in sorted(MAPPINGS.glob("*.yaml")))


def detect_mapping(
    columns: Iterable[str], folder: str, mappings: Iterable[ImportMapping]
) -> ImportMapping | None:
    """The mapping whose columns the table all has; a folder of its name, then the most columns win."""
    present = set(columns)
    fitting = [m for m in mappings if set(m.columns) <= present]
    return max(fitting, key=lambda m: (m.name == folder, len(m.columns)), default=None)


class _Reader:
    """Reads the nodes of one file and collects findings instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def mapping(self, root: Node, stem: str) -> ImportMapping:
        table = self.table(root, _KEYS, "a mapping file")
        concept = self.concept(table)
        offers = table.get("offers")
        generated = isinstance(offers, Scalar) and offers.text == "generated"
        if isinstance(offers, Scalar) and not generated:
            self.note(offers, f"offers is '{offers.text}'", "Write `offers: generated` or a list.")
        return ImportMapping(
            name=self.text(table.get("name")) or stem,
            tables=texts(table.get("tables")),
            pictures=texts(table.get("pictures")),
            product_id=self.required(table, "product_id"),
            concept=concept,
            titles=self.titles(table),
            detect=texts(table.get("detect")),
            image=self.rule(table.get("image")),
            colour=self.rule(table.get("colour"), COLOURS),
            gender=self.rule(table.get("gender"), GENDERS),
            brand=self.rule(table.get("brand")),
            season=self.rule(table.get("season")),
            occasion=self.rule(table.get("occasion")),
            offers=() if isinstance(offers, Scalar) else self.offers(offers),
            generated=generated,
        )

    def concept(self, table: Table) -> ConceptRule:
        node = table.get("concept")
        if node is None:
            self.note(table, "the key 'concept' is missing", "Write `concept: {labels: NAME}` or "
                      "`concept: {column: NAME, values: {...}}`.")  # fmt: skip
            return ConceptRule()
        if isinstance(node, Table) and node.get("labels") is not None:
            return ConceptRule(labels=self.text(node.get("labels")))
        return ConceptRule(column=self.rule(node))

    def titles(self, table: Table) -> Mapping[str, ColumnRule]:
        node = table.get("titles")
        if not isinstance(node, Table):
            self.note(
                node or table, "titles by language are missing", "Write `titles: {en: COLUMN}`."
            )
            return {}
        rules = {key.text: self.rule(value) for key, value in node.entries}
        return {language: rule for language, rule in rules.items() if rule is not None}

    def offers(self, node: Node | None) -> tuple[OfferRule, ...]:
        if node is None:
            return ()
        if not isinstance(node, Series):
            self.note(
                node, "offers must be a list", "Start each marketplace with '- marketplace: …'."
            )
            return ()
        return tuple(self.offer(item) for item in node.items)

    def offer(self, node: Node) -> OfferRule:
        table = self.table(node, _OFFER_KEYS, "an offer")
        marketplace = self.text(table.get("marketplace"))
        if not marketplace:
            self.note(table, "the marketplace is missing", "Write `marketplace: in` (its id).")
        return OfferRule(
            marketplace=marketplace,
            price=self.required(table, "price"),
            list_price=self.rule(table.get("list_price")),
            sizes=self.rule(table.get("sizes")),
            separator=self.text(table.get("separator")) or "|",
            rating=self.rule(table.get("rating")),
            rating_count=self.rule(table.get("rating_count")),
            prime=self.rule(table.get("prime")),
            available=self.rule(table.get("available")),
            listed_on=self.rule(table.get("listed_on")),
        )

    def required(self, table: Table, key: str) -> ColumnRule:
        rule = self.rule(table.get(key))
        if rule is None:
            self.note(table, f"the key '{key}' is missing", f"Write `{key}: COLUMN`.")
        return rule or ColumnRule()

    def rule(self, node: Node | None, known: tuple[str, ...] = ()) -> ColumnRule | None:
        """`title`, `"{name} {type}"` or `{column: …, values: …}`."""
        if node is None:
            return None
        if isinstance(node, Scalar):
            return self.short_rule(node.text)
        table = self.table(node, _RULE_KEYS, "a column")
        values = table.get("values")
        pairs = values.entries if isinstance(values, Table) else ()
        for _, value in pairs:
            if known and (not isinstance(value, Scalar) or value.text not in known):
                written = self.text(value)
                self.note(value, f"'{written}' is not known", suggestion(written, known, "value"))
        rule = self.short_rule(self.text(table.get("template")) or self.text(table.get("column")))
        if not rule.column and not rule.template:
            self.note(table, "neither 'column' nor 'template' is written", "Name the column.")
        return ColumnRule(
            column=rule.column,
            template=rule.template,
            values={key.text: self.text(value) for key, value in pairs},
            words=self.text(table.get("words")) == "true",
            first_word=self.text(table.get("first_word")) == "true",
            prefix=self.text(table.get("prefix")),
        )

    @staticmethod
    def short_rule(text: str) -> ColumnRule:
        return ColumnRule(template=text) if "{" in text else ColumnRule(column=text)

    def table(self, node: Node, keys: tuple[str, ...], noun: str) -> Table:
        if not isinstance(node, Table):
            self.note(node, f"{noun} must be keys with values", f"Known keys: {', '.join(keys)}.")
            return Table((), node.line, node.column)
        for key, _ in node.entries:
            if key.text not in keys:
                self.note(key, f"the key '{key.text}' is not known in {noun}",
                          suggestion(key.text, keys, "key"))  # fmt: skip
        return node

    @staticmethod
    def text(node: Node | None) -> str:
        return node.text if isinstance(node, Scalar) else ""

    def note(self, node: Node, found: str, fix: str) -> None:
        self.findings.append(
            Finding(
                file=self.file,
                line=node.line,
                column=node.column,
                code="M001",
                found=found,
                fix=fix,
            )
        )
