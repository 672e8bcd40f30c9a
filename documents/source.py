"""Text of a YAML file → nodes with positions, within limits; every refusal is a finding.

Refused: files outside the folder (symbolic links too), what is no plain file, too large a file or a
line, bytes that are not UTF-8, anchors, aliases, tags, merge keys, more than one document, nesting
beyond the limit. Nothing is ever expanded or constructed.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from documents.composition import Composer
from documents.findings import DocumentError, Finding
from documents.nodes import Node
from documents.syntax import explain_syntax_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a locale file may weigh."""

    size_bytes: int = 16 * 2**20
    line_bytes: int = 20_000
    depth: int = 24
    events: int = 1_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's root node, and the problems that left the rest of it readable."""

    file: str
    root: Node
    findings: tuple[Finding, ...] = ()


def read_document(path: Path, folder: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read `path`, which must lie inside `folder`; raises DocumentError with every reason."""
    return parse_document(read_text(path, folder, limits), str(path), limits)


def read_text(path: Path, folder: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    """The file's text, within limits; raises DocumentError."""
    file = str(path)
    if not path.resolve().is_relative_to(folder.resolve()):
        _refuse(file, "Y001", "the file is a link that leads out of the folder",
                "Put the file itself into the folder.")  # fmt: skip
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            _refuse(file, "Y001", "this is no plain file", "Put a text file there.")
        with path.open("rb") as stream:
            data = stream.read(limits.size_bytes + 1)
    except FileNotFoundError:
        _refuse(file, "Y001", "the file is missing", "Write it, or remove its folder.")
    except OSError as error:
        _refuse(file, "Y001", f"the file cannot be read ({error.strerror})",
                "Check its name and its permissions.")  # fmt: skip
    return decode(data, file, limits)


def decode(data: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """Bytes → text: size, line length and UTF-8 are checked before any parser sees them."""
    if len(data) > limits.size_bytes:
        _refuse(file, "Y002", f"the file is larger than {limits.size_bytes:,} bytes",
                "Split it, or remove what does not belong there.")  # fmt: skip
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(file, "Y003", f"byte 0x{data[error.start]:02x} is not UTF-8 text",
                "Save the file as UTF-8.", _place(data[: error.start]))  # fmt: skip
    lengths = list(map(len, data.split(b"\n")))
    if max(lengths) > limits.line_bytes:
        number, length = next(
            (n, one) for n, one in enumerate(lengths, start=1) if one > limits.line_bytes
        )
        _refuse(file, "Y002", f"the line is {length:,} bytes long, more than {limits.line_bytes:,}",
                "Break it into several lines.", (number, 1))  # fmt: skip
    return text


def parse_document(text: str, file: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Parse text; duplicate keys stay as findings, everything else raises DocumentError."""
    composer = Composer(file, depth=limits.depth, events=limits.events)
    try:
        root = composer.compose(text)
    except yaml.YAMLError as error:
        raise DocumentError([explain_syntax_error(error, text, file)]) from None
    if root is None:
        _refuse(file, "Y005", "the file is empty", "Write its first key, or remove the file.")
    return Document(file=file, root=root, findings=tuple(composer.findings))


def _place(before: bytes) -> tuple[int, int]:
    start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[start:].decode("utf-8", errors="replace")) + 1


def _refuse(
    file: str, code: str, found: str, fix: str, place: tuple[int, int] = (1, 1)
) -> NoReturn:
    raise DocumentError(
        [Finding(file=file, line=place[0], column=place[1], code=code, found=found, fix=fix)]
    )
