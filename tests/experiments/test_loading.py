"""Every problem of a definition is reported with its place; two that collide with the lines of both."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from documents.findings import Finding
from experiments.checking import changed_settings
from experiments.editing import with_state
from experiments.loading import load_experiments

CASES = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "experiment_findings.yaml").read_text(encoding="utf-8")
)
MARKETPLACES = ("in", "us", "gb")
SOUND = {
    "key": "key: order",
    "hypothesis": "hypothesis: Another order sells more.",
    "owner": "owner: search",
    "marketplaces": "marketplaces: [in]",
    "salt": "salt: order-1",
    "primary_metric": "primary_metric: click_through",
    "variants": "variants:\n  - {key: shipped, weight: 0.5}\n"
    "  - {key: varied, weight: 0.5, ranking: {diversity: 0.4}}",
}


def text(change: str = "") -> str:
    """The sound definition; keys that the change writes are left out of it."""
    stated = {line.split(":")[0] for line in change.splitlines() if line[:1].isalpha()}
    kept = [value for key, value in SOUND.items() if key not in stated]
    return "\n".join([*kept, change.rstrip()]) + "\n"


def loaded(folder: Path, **files: str) -> tuple[Finding, ...]:
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return load_experiments(folder, MARKETPLACES).findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_finds_what_the_table_says(case: dict[str, str], tmp_path: Path) -> None:
    found = loaded(tmp_path, one=text(case["change"]))
    shown = [f"{f.code} {f.found}" for f in found]
    assert len(shown) == len(case["finds"]), shown
    for line, expected in zip(shown, case["finds"], strict=True):
        assert line.startswith(expected)


def test_a_finding_stands_at_its_line(tmp_path: Path) -> None:
    (found,) = loaded(tmp_path, one=text("guardrails: [click_through]"))
    written = text("guardrails: [click_through]").splitlines()
    assert written[found.line - 1].startswith("guardrails:")
    assert found.rule == "order"


def test_overlapping_shares_of_a_layer_are_refused_with_the_lines_of_both(tmp_path: Path) -> None:
    first = text("layer: {name: page, start: 0, end: 0.6}")
    second = text("layer: {name: page, start: 0.5, end: 1}\nkey: other\nsalt: other-1")
    (found,) = loaded(tmp_path, first=first, second=second)
    place = first.splitlines().index("layer: {name: page, start: 0, end: 0.6}") + 1
    assert found.code == "E007"
    assert f"first.yaml:{place}" in found.found
    assert second.splitlines()[found.line - 1].startswith("layer:")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("layer: {name: page, start: 0.6, end: 1}\nkey: other\nsalt: other-1", None),
        ("layer: {name: page, start: 0, end: 1}\nkey: other\nsalt: other-1\nstate: stopped", None),
        ("layer: {name: page, start: 0.6, end: 1}\nkey: other\nsalt: other-1\nunit: query", "E014"),
        ("layer: {name: slots, start: 0, end: 1}\nkey: other\nsalt: other-1", "E015"),
        ("layer: {name: page, start: 0.6, end: 1}\nkey: other", "E013"),
        ("layer: {name: page, start: 0.6, end: 1}\nsalt: other-1", "E006"),
        ("layer: {name: page, start: 0, end: 1}\nkey: other\nsalt: o\nmarketplaces: [us]", None),
    ],
)
def test_two_definitions_side_by_side(tmp_path: Path, change: str, code: str | None) -> None:
    found = loaded(
        tmp_path, first=text("layer: {name: page, start: 0, end: 0.6}"), second=text(change)
    )
    assert [f.code for f in found] == ([code] if code else [])


def test_a_file_that_is_no_yaml_hides_no_other(tmp_path: Path) -> None:
    found = loaded(tmp_path, broken="key: [", sound=text())
    assert {f.file for f in found} == {str(tmp_path / "broken.yaml")} or all(
        "broken" in f.file for f in found
    )
    assert set(load_experiments(tmp_path, MARKETPLACES).by_key) == {"order"}


def test_an_a_a_test_changes_nothing(tmp_path: Path) -> None:
    same = "variants:\n  - {key: a, weight: 0.5}\n  - {key: b, weight: 0.5}"
    assert loaded(tmp_path, one=text(same)) == ()
    aa = load_experiments(tmp_path, MARKETPLACES).by_key["order"]
    assert changed_settings(aa) == frozenset()
    loaded(tmp_path, one=text())
    ab = load_experiments(tmp_path, MARKETPLACES).by_key["order"]
    assert changed_settings(ab) == {"diversity"}


@pytest.mark.parametrize("written", ["", "state: draft  # not yet", 'state: "draft"'])
def test_starting_changes_one_word(tmp_path: Path, written: str) -> None:
    before = text(written)
    loaded(tmp_path, one=before)
    order = load_experiments(tmp_path, MARKETPLACES).by_key["order"]
    after = with_state(before, order, "running")
    assert loaded(tmp_path, one=after) == ()
    assert load_experiments(tmp_path, MARKETPLACES).by_key["order"].state == "running"
    changed = set(after.splitlines()) - set(before.splitlines())
    assert len(changed) == 1
    assert ("# not yet" in after) == ("# not yet" in before)
