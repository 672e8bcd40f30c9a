"""A schema reads everything it can and reports every problem at its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import jsonschema  # type: ignore[import-untyped]
import pytest

from documents.findings import Finding
from documents.nodes import Table
from documents.reading import ANY_WORD, Reading, Vocabulary
from documents.scalars import (
    IDENTIFIER,
    LANGUAGE,
    Amount,
    Choice,
    Day,
    Flag,
    Known,
    Number,
    Text,
    Whole,
)
from documents.schema import INVALID, Field, ListOf, Record, Schema, ShortOr, TableOf
from documents.source import parse_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str
    count: int
    seen: tuple[str, ...]
    source: Table


RULE = Record(
    noun="the rule",
    identified_by="id",
    fields={
        "id": Field(IDENTIFIER, "Its name.", required=True),
        "count": Field(Whole(low=1, high=12), "How many.", default=4),
        "seen": Field(ListOf(item=Known(vocabulary="concept")), "What is seen.", required=True),
    },
    build=Rule,
)
KNOWN = {"concept": Vocabulary(noun="concept", words=("kurti", "saree"))}


def read(schema: Schema[object], text: str) -> tuple[object, list[str]]:
    reading = Reading(file="f.yaml", known=KNOWN)
    value = schema.read(parse_document(text, "f.yaml").root, reading, "rules")
    return value, [str(finding) for finding in sorted(reading.findings)]


def test_a_right_table_becomes_its_value() -> None:
    value, findings = read(RULE, "id: one\nseen: [kurti]\n")
    assert findings == []
    assert isinstance(value, Rule)
    assert (value.id, value.count, value.seen) == ("one", 4, ("kurti",))
    assert value.source.line == 1


def test_all_problems_of_a_file_come_at_once() -> None:
    text = """\
- {id: one, sene: [kurti]}
- {id: two, seen: [kurtti], count: four}
- {seen: [saree], count: 99}
"""
    value, findings = read(ListOf(item=RULE, lenient=True, repeats=True), text)
    assert value == ()
    assert findings == [
        "f.yaml:1:13: S002 in 'one': the rule has no key 'sene'. Did you mean 'seen'?",
        "f.yaml:2:20: S005 in 'two': concept 'kurtti' is not known. Did you mean 'kurti'?",
        (
            "f.yaml:2:36: S003 in 'two': 'count' must be a whole number, and 'four' is written. "
            "Write a whole number, such as 4."
        ),
        "f.yaml:3:3: S001: the rule lacks the key 'id'. Add 'id:' (its name).",
        "f.yaml:3:26: S004: 'count' is 99. Use a whole number from 1 to 12.",
    ]


def test_a_lenient_list_keeps_what_can_be_read() -> None:
    value, findings = read(
        ListOf(item=RULE, lenient=True, repeats=True), "- {id: one}\n- {id: two, seen: [saree]}\n"
    )
    assert isinstance(value, tuple)
    assert [rule.id for rule in value] == ["two"]
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        (Text(), "NO", "NO"),
        (Text(), "0123", "0123"),
        (Text(), "12:30", "12:30"),
        (Text(), "'true'", "true"),
        (Whole(low=-5, high=500), "120", 120),
        (Whole(low=-5, high=500), "-3", -3),
        (Number(low=0, high=1), "0.30", 0.3),
        (Amount(), '"1299.50"', Decimal("1299.50")),
        (Flag(), "true", True),
        (Day(), "2026-11-08", date(2026, 11, 8)),
        (Day(), '"2026-11-08"', date(2026, 11, 8)),
        (LANGUAGE, "zh-Hant-TW", "zh-Hant-TW"),
        (Choice(words=("match", "any")), "match", "match"),
    ],
)
def test_values_are_read_from_their_text(schema: Schema[object], text: str, value: object) -> None:
    assert read(schema, text) == (value, [])


@pytest.mark.parametrize(
    ("schema", "text", "code"),
    [
        (Text(), "~: 1", "S003"), (Text(), "[a]", "S003"), (Text(longest=3), "abcd", "S004"),
        (Text(), "'  '", "S003"), (Whole(low=0, high=9), "012", "S003"),
        (Whole(low=0, high=9), "1.0", "S003"),
        (Whole(low=0, high=9), "1_0", "S003"), (Whole(low=0, high=9), "٣", "S003"),
        (Whole(low=0, high=9), "12:30", "S003"), (Number(low=0, high=9), ".inf", "S003"),
        (Number(low=0, high=9), "1e3", "S003"), (Number(low=0, high=9), "10", "S004"),
        (Amount(), "12.345", "S003"), (Amount(), "-1", "S003"), (Amount(), "1,299", "S003"),
        (Flag(), "yes", "S003"), (Flag(), "NO", "S003"), (Day(), "2026-02-30", "S004"),
        (Day(), "08.11.2026", "S003"), (Day(), "2026-1-1", "S003"), (LANGUAGE, "english", "S003"),
        (IDENTIFIER, "Kurti Everyday", "S003"), (Choice(words=("match", "any")), "mtach", "S005"),
        (ListOf(item=Text()), "kurti", "S003"), (ListOf(item=Text()), "[]", "S004"),
        (ListOf(item=Text()), "[a, a]", "S006"), (TableOf(key=LANGUAGE, value=Text()), "[en]", "S003"),
        (TableOf(key=LANGUAGE, value=Text()), "{}", "S004"), (RULE, "[a]", "S003"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_in_plain_words(
    schema: Schema[object], text: str, code: str
) -> None:
    _, findings = read(schema, text)
    assert len(findings) == 1
    assert f": {code}" in findings[0]
    for python_word in ("str", "int", "float", "bool", "NoneType", "dict", "tuple"):
        assert f" {python_word} " not in findings[0]


def test_nothing_written_is_no_value() -> None:
    _, findings = read(RULE, "id:\nseen: [kurti]\n")
    assert findings == [
        (
            "f.yaml:1:4: S003: 'id' must be a short name of small letters, digits, hyphens and underscores, "
            "and nothing is written. Write a short name of small letters, digits, hyphens and underscores, "
            "such as kurti-everyday."
        )
    ]


def test_a_short_form_or_the_whole_table_may_be_written() -> None:
    schema: Schema[object] = ShortOr(short=IDENTIFIER, full=RULE)
    assert read(schema, "diwali")[0] == "diwali"
    assert isinstance(read(schema, "{id: a, seen: [kurti]}")[0], Rule)


def test_references_into_a_broken_file_are_not_reported_again() -> None:
    reading = Reading(file="f.yaml", known={"concept": Vocabulary(noun="concept", words=ANY_WORD)})
    value = Known(vocabulary="concept").read(
        parse_document("anything", "f.yaml").root, reading, "seen"
    )
    assert (value, reading.findings) == ("anything", [])


def test_invalid_is_no_value_that_a_file_can_hold() -> None:
    assert read(Flag(), "maybe")[0] is INVALID


def test_the_json_schema_accepts_and_refuses_what_reading_does() -> None:
    schema = {**RULE.json_schema(), "$defs": {"concept": {"enum": ["kurti", "saree"]}}}
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    assert judge.is_valid({"id": "one", "seen": ["kurti"], "count": 3})
    for wrong in (
        {"id": "one"},
        {"id": "one", "seen": ["sofa"]},
        {"id": "one", "seen": ["kurti"], "x": 1},
    ):
        assert not judge.is_valid(wrong)


def test_findings_are_values_that_sort_by_place() -> None:
    def at(line: int) -> Finding:
        return Finding(file="f", line=line, column=1, code="S001", found="x", fix="Y.")

    assert sorted([at(3), at(1)]) == [at(1), at(3)]
    assert at(1) == at(1)
    assert str(at(1)) == "f:1:1: S001: x. Y."
