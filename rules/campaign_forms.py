"""A campaign as a form edits it: the keys and texts of its file, and where each of them stands.

The form and the file say the same words, so a campaign with mistakes opens too, and every finding of
the checks, which has a line and a column, belongs to one field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from documents.editing import tables_of, with_entry, with_new_entry, without_entry
from documents.nodes import Node, Series, Table
from documents.writing import Quoted, Written, written

FILE = "merchandising.yaml"
_LIST = "campaigns"
_IN_QUOTES = frozenset({"from", "until", "min_price", "max_price"})
"""Days and amounts of money, which readers of YAML would take for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A key or value of the campaign, such as `actions.0.by`, and where it begins."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignForm:
    """One campaign of the file, as written."""

    id: str
    values: Mapping[str, Written]
    fields: tuple[FormField, ...]


def campaigns_of(text: str) -> tuple[CampaignForm, ...]:
    """Every campaign of a merchandising file, in order. Raises DocumentError for what is no YAML."""
    if not text.strip():
        return ()
    return tuple(_form(table) for table in tables_of(text, FILE, _LIST))


def with_campaign(text: str, name: str | None, values: Mapping[str, Written]) -> str:
    """The text with the campaign `name` saying `values`; without a name one more campaign.

    Nothing else changes. Raises EditError for what a form cannot edit, DocumentError for no YAML.
    """
    quoted = {key: _quoted(key, value) for key, value in values.items()}
    if name is None:
        return with_new_entry(text, _LIST, quoted)
    return with_entry(text, _LIST, name, quoted)


def without_campaign(text: str, name: str) -> str:
    """The text without the campaign."""
    return without_entry(text, _LIST, name)


def _quoted(key: str, value: Written) -> Written:
    if isinstance(value, Mapping):
        return {name: _quoted(name, one) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_quoted("", one) for one in value)
    return Quoted(value) if key in _IN_QUOTES else value


def _form(table: Table) -> CampaignForm:
    values = written(table)
    name = values.get("id") if isinstance(values, Mapping) else None
    return CampaignForm(
        id=name if isinstance(name, str) else "",
        values=values if isinstance(values, Mapping) else {},
        fields=tuple(_fields(table, "")),
    )


def _fields(node: Node, path: str) -> Iterator[FormField]:
    """The node, then what is in it: a key and its value are one field in two places."""
    yield FormField(path=path, line=node.line, column=node.column)
    if isinstance(node, Table):
        for key, value in node.entries:
            below = f"{path}.{key.text}".lstrip(".")
            yield FormField(path=below, line=key.line, column=key.column)
            yield from _fields(value, below)
    elif isinstance(node, Series):
        for number, item in enumerate(node.items):
            yield from _fields(item, f"{path}.{number}")
