"""YAML text becomes nodes with places, or is refused with one sentence."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from documents.findings import DocumentError, Finding
from documents.nodes import Scalar, Series, Table, descend
from documents.source import Limits, decode, parse_document, read_document
from tests.documents.hostile import HOSTILE


def refusal(text: str) -> Finding:
    with pytest.raises(DocumentError) as raised:
        parse_document(text, "f.yaml")
    return raised.value.findings[0]


def test_values_stay_the_text_that_was_written() -> None:
    """YAML 1.1 would read false, 83 and 750; souk reads what stands there."""
    root = parse_document("a: NO\nb: 0123\nc: 12:30\nd: ~\ne:\nf: ''\n", "f.yaml").root
    assert isinstance(root, Table)
    assert [v.text for _, v in root.entries if isinstance(v, Scalar)] == [
        "NO",
        "0123",
        "12:30",
        "~",
        "",
        "",
    ]
    assert root.get("e") == Scalar("", 5, 3, quoted=False)
    assert root.get("f") == Scalar("", 6, 4, quoted=True)


def test_every_node_knows_its_line_and_column() -> None:
    root = parse_document("rules:\n  - id: one\n    seen: [kurti, saree]\n", "f.yaml").root
    rule = descend(root, "rules", 0)
    assert (rule.line, rule.column) == (2, 5)
    assert descend(root, "rules", 0, "seen", 1) == Scalar("saree", 3, 19, quoted=False)
    assert isinstance(descend(root, "rules", 0, "seen"), Series)


def test_a_missing_step_gives_the_nearest_node_above() -> None:
    root = parse_document("a: {b: 1}\n", "f.yaml").root
    assert descend(root, "a", "x", "y") == descend(root, "a")


def test_a_repeated_key_is_found_and_the_rest_stays_readable() -> None:
    document = parse_document("a: 1\nb: 2\na: 3\n", "f.yaml")
    assert [(f.line, f.column, f.code) for f in document.findings] == [(3, 1, "Y007")]
    assert document.root == parse_document("a: 1\nb: 2\n", "f.yaml").root


@pytest.mark.parametrize(
    ("text", "place", "code", "words"),
    [
        ("a: &x 1\n", (1, 4), "Y004", "anchor '&x'"),
        ("a: *x\n", (1, 4), "Y004", "alias '*x'"),
        ("a: &x [*x]\n", (1, 4), "Y004", "anchor"),
        ("a: !!python/object/apply:os.system [ls]\n", (1, 4), "Y004", "tag"),
        ("a: !!int 3\n", (1, 4), "Y004", "tag"),
        ("<<: {a: 1}\n", (1, 1), "Y004", "merge key"),
        ("a: 1\n---\nb: 2\n", (2, 1), "Y004", "second document"),
        ("", (1, 1), "Y005", "empty"),
        ("# only a comment\n", (1, 1), "Y005", "empty"),
        ("a: [1, 2\nb: 3\n", (1, 4), "Y005", "bracket"),
        ("a: {b: 1\n", (1, 4), "Y005", "brace"),
        ("a: 'never closed\nb: 1\n", (1, 4), "Y005", "quote"),
        ("\ta: 1\n", (1, 1), "Y005", "tab"),
        ("a: 1\n  b: 2\n", (2, 4), "Y005", "indentation"),
        ("a:\n  - 1\n b: 2\n", (3, 2), "Y005", "odd number of spaces"),
        ("[" * 100 + "]" * 100, (1, 25), "Y002", "nested deeper"),
        ("a: \x07\n", (1, 4), "Y005", "control character"),
    ],
)
def test_what_is_refused_is_named_at_its_place(
    text: str, place: tuple[int, int], code: str, words: str
) -> None:
    found = refusal(text)
    assert (found.line, found.column) == place
    assert found.code == code
    assert words in found.found
    assert found.fix.endswith(".")


def test_odd_indents_are_found_though_yaml_would_read_them() -> None:
    found = parse_document("a:\n b: 1\nc:\n  d: 2\n", "f.yaml").findings
    assert [(f.line, f.column, f.code) for f in found] == [(2, 2, "Y008")]


def test_invalid_utf8_is_refused_at_its_byte() -> None:
    with pytest.raises(DocumentError) as raised:
        decode("é: 1\nname: ".encode() + b"\xff\n", "f.yaml")
    assert (
        str(raised.value)
        == "f.yaml:2:7: Y003: byte 0xff is not UTF-8 text. Save the file as UTF-8."
    )


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert decode(b"\xef\xbb\xbfa: 1\n", "f.yaml") == "a: 1\n"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("a: 1\n")
    folder = tmp_path / "locales"
    folder.mkdir()
    (folder / "in.yaml").symlink_to(tmp_path / "outside.yaml")
    with pytest.raises(
        DocumentError, match="Y001: the file is a link that leads out of the folder"
    ):
        read_document(folder / "in.yaml", folder)


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert read_document(tmp_path / "b.yaml", tmp_path).root.line == 1


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(DocumentError, match="no plain file"):
        read_document(tmp_path / "pipe.yaml", tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"gone\.yaml:1:1: Y001: the file is missing"):
        read_document(tmp_path / "gone.yaml", tmp_path)


def test_more_values_than_the_limit_are_refused() -> None:
    with pytest.raises(DocumentError, match="more than 50 values"):
        parse_document("[" + "a," * 100 + "]", "f.yaml", Limits(events=50))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(HOSTILE[name])
    started = time.process_time()
    with pytest.raises(DocumentError) as raised:
        read_document(path, tmp_path)
    assert time.process_time() - started < 1.0
    assert 1 <= len(raised.value.findings) <= 50
    assert all(f.found and f.fix.endswith(".") for f in raised.value.findings)


@pytest.mark.parametrize("name", ["billion laughs", "a line of 10 MB", "many anchors"])
def test_hostile_files_are_refused_in_bounded_memory(name: str, tmp_path: Path) -> None:
    """In a process whose address space is limited to 400 MB."""
    (tmp_path / "hostile.yaml").write_bytes(HOSTILE[name])

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20, 400 * 2**20))

    done = subprocess.run(
        [sys.executable, "-m", "documents", str(tmp_path / "hostile.yaml")],
        capture_output=True, text=True, check=False, preexec_fn=limited,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "hostile.yaml:" in done.stdout
