"""Every check by its own examples, the real files, and the report's forms."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from documents.findings import Finding
from rules.checking import CHECKS, Report, check_folder
from rules.checks.check import Check, Stock
from rules.checks.sample import SAMPLE, write_sample
from rules.printing import annotation, printed
from tests.rules.mutations import draw, judge
from tests.rules.values import LOCALES

TODAY = date(2026, 11, 24)


def stock_of(check: Check) -> Mapping[str, Stock] | None:
    return None if check.stock is None else {"in": check.stock}


def test_the_sample_locale_is_clean(tmp_path: Path) -> None:
    assert check_folder(write_sample(tmp_path, {}), TODAY).findings == ()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_each_check_passes_its_passing_example(check: Check, tmp_path: Path) -> None:
    report = check_folder(write_sample(tmp_path, check.passing), TODAY, stock=stock_of(check))
    assert [str(f) for f in report.findings] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_each_check_finds_its_failing_example(check: Check, tmp_path: Path) -> None:
    report = check_folder(write_sample(tmp_path, check.failing), TODAY, stock=stock_of(check))
    own = [f for f in report.findings if f.code == check.code]
    assert own
    assert check.severity in {f.severity for f in own}
    assert all(f.line >= 1 and f.column >= 1 and f.fix[-1] in ".?" for f in own)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_without_the_check_nobody_finds_its_example(check: Check, tmp_path: Path) -> None:
    """The finding comes from this module and from no other."""
    others = [one for one in CHECKS if one is not check]
    report = check_folder(
        write_sample(tmp_path, check.failing), TODAY, checks=others, stock=stock_of(check)
    )
    assert check.code not in {f.code for f in report.findings}


def test_codes_are_unique_and_in_order() -> None:
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))


def test_the_real_files_are_clean() -> None:
    assert [str(f) for f in check_folder(LOCALES, TODAY).findings] == []


def test_planted_faults_in_the_real_files_are_found_where_they_are() -> None:
    """A few of one seed; `tests/rules/mutations.py --seed N --count 200` measures all operators."""
    found = [judge(fault) for fault in draw(seed=2026, count=17)]
    assert [
        (f.fault.operator, f.fault.what) for f in found if not (f.line and f.column and f.fix)
    ] == []


def test_a_broken_category_file_is_reported_once_and_not_wherever_it_is_named(
    tmp_path: Path,
) -> None:
    campaigns = """\
campaigns:
  - id: a
    owner: o
    reason: r
    when: {categories: [women.ethnic]}
    actions: [{hide: {products: [x]}}]
"""
    folder = write_sample(
        tmp_path, {"in/categories.yaml": "categories: [\n", "in/merchandising.yaml": campaigns}
    )
    assert [f.file.rsplit("/", 1)[-1] for f in check_folder(folder, TODAY).findings] == [
        "categories.yaml"
    ]


def test_a_missing_marketplace_file_is_named(tmp_path: Path) -> None:
    folder = write_sample(tmp_path, {})
    (folder / "in" / "accessories.yaml").unlink()
    assert "in/accessories.yaml:1:1: Y001: the file is missing" in str(
        check_folder(folder, TODAY).findings[0]
    )


def test_a_finding_of_an_inherited_file_names_the_places_in_which_it_arises(tmp_path: Path) -> None:
    """The root's slot has a name where English is read, and none in Germany and one of its regions."""
    root = """\
rules:
  - id: saree-everyday
    owner: womens
    reason: A saree is worn with juttis.
    seen: [saree]
    slots:
      - {id: jutti, titles: {en: Juttis}, concepts: [jutti]}
"""
    german = SAMPLE["in/marketplace.yaml"].replace("id: in", "id: de").replace("en-IN", "de-DE")
    named = SAMPLE["in/categories.yaml"].replace("{en:", "{de: A, en:")
    files = {
        "accessories.yaml": root,
        "de/marketplace.yaml": german.replace("{en:", "{de: Deutschland, en:"),
        "de/categories.yaml": named,
        "de/accessories.yaml": "rules: []\n",
        "de/regions/bayern/marketplace.yaml": "names: {de: Bayern}\n",
    }
    (found,) = check_folder(write_sample(tmp_path, files), TODAY).findings
    assert (found.code, found.rule, found.arises_in) == ("R002", "saree-everyday", ("de",))
    assert "there is no name in de (in de). Add 'de: …'." in str(found)


def test_a_rule_that_cannot_be_read_is_told_once_and_not_missed_in_each_region(
    tmp_path: Path,
) -> None:
    """India's kurti rule has a misspelt value; its regions go on from it."""
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder)
    file = folder / "in/accessories.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("colour: match", "colour: mach", 1), "utf-8")
    assert [f.code for f in check_folder(folder, TODAY).findings] == ["S005"]


FINDING = Finding(file="in/a.yaml", line=14, column=9, code="S005", rule="kurti",
                  found="concept 'krti' is not known", fix="Did you mean 'kurti'?")  # fmt: skip
REPORT = Report(findings=(FINDING,), files=6, rules=4)


def test_the_text_form_is_one_line_a_finding_and_a_summary() -> None:
    assert printed(REPORT, "text").splitlines() == [
        "in/a.yaml:14:9: S005 in 'kurti': concept 'krti' is not known. Did you mean 'kurti'?",
        "6 files, 4 rules and examples: 1 error, 0 warnings.",
    ]


def test_the_json_form_is_one_object() -> None:
    found = json.loads(printed(REPORT, "json"))
    assert (found["errors"], found["warnings"], found["files"]) == (1, 0, 6)
    assert found["findings"][0]["line"] == 14
    assert found["findings"][0]["message"] == str(FINDING)


def test_the_github_form_escapes_what_its_syntax_would_swallow() -> None:
    odd = Finding(file="a,b:c.yaml", line=1, column=2, code="X", found="100%\nmore", fix="Do.",
                  severity="warning")  # fmt: skip
    assert (
        annotation(odd)
        == "::warning file=a%2Cb%3Ac.yaml,line=1,col=2,title=X::X: 100%25%0Amore. Do."
    )
