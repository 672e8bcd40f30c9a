"""The documents say what the program does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from documents.nodes import Node, Scalar, Series, Table
from documents.source import parse_document
from rules.checking import CHECKS
from rules.editor_schema import FILES, editor_schema
from rules.loading import Locales, load_locales, read_locales
from rules.provenance import explain_category
from rules.reference import READING_CODES, keys, reference
from tests.rules.values import LOCALES

ROOT = LOCALES.parent
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def real() -> Locales:
    return load_locales(LOCALES)


def test_the_reference_is_the_generated_one() -> None:
    """Run `souk rules reference > docs/rule-reference.md` after a change of checks or keys."""
    assert (ROOT / "docs" / "rule-reference.md").read_text("utf-8") == reference()


def test_every_code_that_the_program_can_print_is_documented() -> None:
    sources = [p for room in ("documents", "catalog", "rules") for p in (ROOT / room).rglob("*.py")]
    printed = {
        code for p in sources for code in re.findall(r'"([YSLR]\d{3})"', p.read_text("utf-8"))
    }
    assert printed == {*READING_CODES, *(check.code for check in CHECKS)}


@pytest.mark.parametrize("file", FILES)
def test_every_key_says_what_it_is(file: str) -> None:
    assert all(field.doc.endswith(".") and len(field.doc) > 8 for _, field in keys(FILES[file]))


def test_the_yaml_of_the_guide_can_be_read() -> None:
    text = (ROOT / "docs" / "merchandiser-guide.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 4
    for block in blocks:
        parse_document(block, "guide")


def plain(node: Node, key: str = "") -> object:
    """What an editor's YAML reader makes of the text, as far as the schemas need."""
    if isinstance(node, Table):
        return {k.text: plain(v, k.text) for k, v in node.entries}
    if isinstance(node, Series):
        return [plain(item, key) for item in node.items]
    assert isinstance(node, Scalar)
    if not node.quoted and re.fullmatch(r"-?\d+", node.text):
        return int(node.text)
    if not node.quoted and re.fullmatch(r"-?\d+\.\d+", node.text):
        return float(node.text)
    return (
        {"true": True, "false": False}.get(node.text, node.text) if not node.quoted else node.text
    )


@pytest.mark.parametrize("file", FILES)
def test_the_editor_s_schema_accepts_the_real_files(file: str, real: Locales) -> None:
    judge = jsonschema.Draft202012Validator(editor_schema(file, real))
    judge.check_schema(judge.schema)
    patterns = {
        "marketplace.yaml": ("??/marketplace.yaml",),
        "languages/marketplace.yaml": ("marketplace.yaml", "languages/*/marketplace.yaml"),
        "regions/marketplace.yaml": ("??/regions/*/marketplace.yaml",),
    }.get(file, (file, f"*/{file}", f"*/*/*/{file}"))
    paths = [path for pattern in patterns for path in LOCALES.glob(pattern)]
    assert paths
    for path in paths:
        root = parse_document(path.read_text("utf-8"), str(path)).root
        assert [e.message for e in judge.iter_errors(plain(root))][:3] == []


def test_every_explained_value_stands_at_its_place() -> None:
    read = read_locales(LOCALES)
    one = next(m for m in read.marketplaces if m.id == "in")
    stated = explain_category(read, one, "women.ethnic.kurti")
    assert {"marketplace.currency", "women.ethnic.kurti.concepts", "accepts.kurti"} <= {
        s.what for s in stated
    }
    for value in stated:
        line = Path(value.place.file).read_text("utf-8").splitlines()[value.place.line - 1]
        if not value.what.startswith(("accessories.", "campaigns.")):
            assert (
                line[value.place.column - 1 :]
                .lstrip("[\"'")
                .startswith(value.value.strip("[]")[:4])
            )
    with pytest.raises(KeyError):
        explain_category(read, one, "women.gone")
