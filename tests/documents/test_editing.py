"""An entry is edited, and nothing else of the file: over made files and over every real campaign file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.differences import EditError
from documents.editing import tables_of, with_entry, with_new_entry, without_entry
from documents.findings import DocumentError
from documents.writing import Quoted, Written, written

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    path.parent.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "locales").glob("*/merchandising.yaml"))
}
KEY = "campaigns"
FLOW = '    -   {id: flow, reason: "no # comment", actions: [{hide: {products: [SK9]}}]}'
HAND = """\
# by hand
other: {a: 1}   # kept

campaigns:   # the list
    -   id: first      # its name
        reason:   'quoted, once'   # why
        # a line of its own
        when:
            concepts: [ saree,  "kurti" ]   # two
            genders:
              - women   # one
              - girls
        actions:
        -   boost: { colours: [red],   brands: ['A, B'] }
            by:   0.20   # weak
        # the second
        - pin: {product: SK1}
          at: 1

    # of the second entry
    -   {id: flow, reason: "no # comment", actions: [{hide: {products: [SK9]}}]}
    -   id: text
        reason: >-
          folded
          twice

        # below the text
        priority: 5

last: end
"""


def entry(text: str, name: str) -> dict[str, Written]:
    found = [written(t) for t in tables_of(text, "f", KEY)]
    return next(dict(one) for one in found if isinstance(one, Mapping) and one.get("id") == name)


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    old, new = before.splitlines(), after.splitlines()
    head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    head = min(len(old), len(new)) if head is None else head
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return old[head : len(old) - tail], new[head : len(new) - tail]


@pytest.mark.parametrize("name", ["first", "flow", "text"])
def test_the_same_value_changes_no_byte(name: str) -> None:
    assert with_entry(HAND, KEY, name, entry(HAND, name)) == HAND


@pytest.mark.parametrize(
    ("name", "change", "gone", "came"),
    [
        (
            "first",
            {"reason": "another"},
            ["        reason:   'quoted, once'   # why"],
            ["        reason:   'another'   # why"],
        ),
        (
            "first",
            {"actions": ({"boost": {"colours": ("red",), "brands": ("A, B",)}, "by": "0.35"},
                         {"pin": {"product": "SK1"}, "at": "1"})},
            ["            by:   0.20   # weak"],
            ["            by:   0.35   # weak"],
        ),
        (
            "first",
            {"actions": ({"bury": {"colours": ("red", "NO"), "brands": ("A, B",)}, "by": "0.20"},
                         {"pin": {"product": "SK1"}, "at": "1"})},
            ["        -   boost: { colours: [red],   brands: ['A, B'] }"],
            ["        -   bury: {colours: [red, \"NO\"], brands: ['A, B']}"],
        ),
        (
            "first",
            {"when": {"concepts": ("saree", "kurti"), "genders": ("women",)}},
            ["              - girls"],
            [],
        ),
        ("flow", {"priority": "7"},
         [FLOW],
         [FLOW.replace("}]}", "}], priority: 7}")]),
        ("text", {"reason": "short"},
         ["        reason: >-", "          folded", "          twice"],
         ["        reason: short"]),
        ("text", {"from": Quoted("500.00")}, [], ['        from: "500.00"']),
    ],
)  # fmt: skip
def test_only_the_lines_that_differ_are_written(
    name: str, change: dict[str, Written], gone: list[str], came: list[str]
) -> None:
    value = {**entry(HAND, name), **change}
    assert changed(HAND, with_entry(HAND, KEY, name, value)) == (gone, came)


def test_an_action_goes_and_comes_and_the_comments_beside_it_stay() -> None:
    value = entry(HAND, "first")
    assert isinstance(value["actions"], tuple)
    boost, pin = value["actions"]
    without = with_entry(HAND, KEY, "first", {**value, "actions": (pin,)})
    assert "# the second\n        - pin" in without
    assert "weak" not in without
    more = with_entry(HAND, KEY, "first", {**value, "actions": (boost, {"hide": {"x": "y"}}, pin)})
    assert changed(HAND, more) == ([], ["        - hide: {x: y}"])


def test_a_key_goes_with_its_line_alone() -> None:
    value = {k: v for k, v in entry(HAND, "first").items() if k != "reason"}
    gone, came = changed(HAND, with_entry(HAND, KEY, "first", value))
    assert (gone, came) == (["        reason:   'quoted, once'   # why"], [])


def test_lines_end_as_the_file_ends_them() -> None:
    text = HAND.replace("\n", "\r\n")
    value = {**entry(text, "first"), "priority": "3"}
    made = with_entry(text, KEY, "first", value)
    assert made.count("\r\n") == made.count("\n") == text.count("\n") + 1


def test_a_comment_inside_brackets_is_never_lost() -> None:
    text = "campaigns:\n  - id: a\n    when: {concepts: [saree,  # silk\n      kurti]}\n"
    with pytest.raises(EditError, match="comment"):
        with_entry(text, KEY, "a", {"id": "a", "when": {"concepts": ("saree",)}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("campaigns:\n  - {id: a}\n  - {id: a}\n", "twice"),
        ("campaigns:\n  - id: b\n", "is not"),
        ("campaigns: [{id: a}, {id: b}]\n", "line of its own"),
    ],
)
def test_what_cannot_be_edited_is_refused(text: str, said: str) -> None:
    with pytest.raises(EditError, match=said):
        with_entry(text, KEY, "a", {"id": "a", "reason": "x"})


def test_a_text_that_cannot_be_read_says_where() -> None:
    with pytest.raises(DocumentError):
        with_entry("campaigns:\n  - id: [a\n", KEY, "a", {"id": "a"})


@pytest.mark.parametrize(
    "text",
    ["", "# only a comment\n", "campaigns: []\n", "campaigns: []  # none yet\n", "campaigns:\n",
     "disabled: []\n", "campaigns:\n  - id: z\n\ndisabled: []\n", "campaigns:\n- id: z", HAND],
)  # fmt: skip
def test_an_entry_is_begun_and_taken_away_again(text: str) -> None:
    value: dict[str, Written] = {"id": "new", "actions": ({"pin": {"product": "P"}, "at": "1"},)}
    made = with_new_entry(text, KEY, value)
    assert entry(made, "new") == value
    assert all(
        line in made.splitlines() for line in text.splitlines() if "#" in line and "[]" not in line
    )
    back = without_entry(made, KEY, "new")
    assert (
        [written(t) for t in tables_of(back, "f", KEY)]
        == [written(t) for t in tables_of(text or "a: b", "f", KEY)]
        if text.strip() and not text.startswith("# only")
        else "campaigns: []" in back
    )


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_sentence_that_is_changed_and_changed_back_is_the_very_same_text(name: str) -> None:
    first = dict(entry(FILES[name], str(written(tables_of(FILES[name], "f", KEY)[0])["id"])))  # type: ignore[index,call-overload]
    made = with_entry(FILES[name], KEY, str(first["id"]), {**first, "reason": "Another, for now."})
    assert with_entry(made, KEY, str(first["id"]), first) == FILES[name]


@pytest.mark.parametrize("name", sorted(FILES))
def test_an_entry_that_comes_and_goes_leaves_a_real_file_as_it_was(name: str) -> None:
    made = with_new_entry(FILES[name], KEY, {"id": "new", "owner": "o"})
    assert without_entry(made, KEY, "new") == FILES[name]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")),
    min_size=1, max_size=20,
).map(str.strip).filter(bool)  # fmt: skip
LISTS = st.lists(WORDS, min_size=1, max_size=4, unique=True).map(tuple)
CHOICES: st.SearchStrategy[Mapping[str, Written]] = st.dictionaries(
    st.sampled_from(["products", "concepts", "colours", "brands"]), LISTS, min_size=1
)
ACTIONS = st.one_of(
    st.builds(
        lambda verb, choice, by: {verb: choice, "by": by},
        st.sampled_from(["boost", "bury"]), CHOICES, st.sampled_from(["0.1", "0.35", "1"]),
    ),
    st.builds(lambda product, at: {"pin": {"product": product}, "at": str(at)}, WORDS, st.integers(1, 99)),
)  # fmt: skip
OPTIONAL: dict[str, st.SearchStrategy[Written]] = {
    "priority": st.integers(0, 99).map(str),
    "when": CHOICES,
    "from": st.dates().map(str),
    "festival": st.one_of(
        WORDS, WORDS.map(lambda name: {"name": name, "days_before": "3", "days_after": "1"})
    ),
}
CAMPAIGNS = st.fixed_dictionaries(
    {"owner": WORDS, "reason": WORDS, "actions": st.lists(ACTIONS, min_size=1, max_size=4).map(tuple)},
    optional=OPTIONAL,
)  # fmt: skip
ORDER = ("id", "owner", "reason", "priority", "when", "from", "until", "festival", "actions")


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_everything_outside_the_edited_rule_stays_byte_for_byte(data: st.DataObject) -> None:
    """Over every real campaign file: any campaign takes any value, and goes back again."""
    text = FILES[data.draw(st.sampled_from(sorted(FILES)))]
    names = [str(entry_["id"]) for entry_ in map(written, tables_of(text, "f", KEY))]  # type: ignore[index,call-overload]
    name = data.draw(st.sampled_from(names))
    asked: dict[str, Written] = {"id": name, **data.draw(CAMPAIGNS)}  # type: ignore[arg-type]  # tuples of texts
    value: dict[str, Written] = {key: asked[key] for key in ORDER if key in asked}
    made = with_entry(text, KEY, name, value)
    before, after = around(text, name), around(made, name)
    assert before == after
    assert entry(made, name) == value
    back = with_entry(made, KEY, name, entry(text, name))
    assert around(back, name) == before
    assert entry(back, name) == entry(text, name)
    assert with_entry(made, KEY, name, value) == made


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_one_value_changes_one_line_of_a_real_file(data: st.DataObject) -> None:
    text = FILES[data.draw(st.sampled_from(sorted(FILES)))]
    names = [str(entry_["id"]) for entry_ in map(written, tables_of(text, "f", KEY))]  # type: ignore[index,call-overload]
    name = data.draw(st.sampled_from(names))
    value = {**entry(text, name), "reason": data.draw(WORDS)}
    gone, came = changed(text, with_entry(text, KEY, name, value))
    assert len(gone) == len(came) <= 1


def around(text: str, name: str) -> tuple[str, str]:
    """What stands before and behind the entry's own lines."""
    start = re.search(rf"^  - id: {re.escape(name)}$", text, re.MULTILINE)
    assert start is not None
    end = re.compile(r"\n+(#.*\n|  #.*\n|\n)*(?=  - |\Z|\w)").search(text, start.end())
    assert end is not None
    return text[: start.start()], text[end.start() :]
