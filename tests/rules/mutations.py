"""Faults planted in the real locale files, to measure what `souk rules check` finds.

    python tests/rules/mutations.py --seed 7 --count 200 [--json] [--misses]

Each operator changes one place of one file and knows the line, the column and the words that a right
finding must have. A fault counts as caught when an error stands at its line; the column and the fix
are counted beside it, and so are findings elsewhere (`noise`).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from documents.nodes import Node, Scalar, Series, Table
from documents.source import parse_document
from rules.checking import check_folder

TODAY = date(2026, 11, 24)
LOCALES = Path(__file__).resolve().parents[2] / "locales"
FILES = (
    "marketplace.yaml",
    "categories.yaml",
    "accessories.yaml",
    "merchandising.yaml",
    "examples.yaml",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One planted fault; `fix` lists words of which one must stand in the finding's fix."""

    operator: str
    file: str
    text: str
    line: int
    column: int
    fix: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the checker said about a fault."""

    fault: Fault
    line: bool
    column: bool
    fix: bool
    noise: int
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A written key with its value, and the keys above it."""

    path: tuple[str, ...]
    key: Scalar
    value: Node


class File:
    """A real file with every written key and scalar."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.lines = text.splitlines(keepends=True)
        root = parse_document(text, name).root
        self.spots = tuple(_spots(root, ()))

    def replaced(self, node: Scalar, new: str) -> str:
        """The text with one scalar written otherwise."""
        line = self.lines[node.line - 1]
        start = node.column - 1
        old = next(
            (o for o in (node.text, f'"{node.text}"', f"'{node.text}'") if line.startswith(o, start)),
            None,
        )  # fmt: skip
        if old is None:
            raise NotHere
        return self._with_line(node.line, line[:start] + new + line[start + len(old) :])

    def _with_line(self, number: int, line: str) -> str:
        return "".join([*self.lines[: number - 1], line, *self.lines[number:]])

    def with_line(self, number: int, line: str) -> str:
        return self._with_line(number, line)


class NotHere(Exception):  # noqa: N818 - it steers the draw, it is no error
    """The operator finds no place in this file."""


def _spots(node: Node, path: tuple[str, ...]) -> Iterator[Spot]:
    if isinstance(node, Table):
        for key, value in node.entries:
            yield Spot(path, key, value)
            yield from _spots(value, (*path, key.text))
    elif isinstance(node, Series):
        for item in node.items:
            yield from _spots(item, (*path, "-"))


def misspell(word: str, rng: random.Random) -> str:
    """One slip of the fingers: two letters swapped, one lost, one doubled, one replaced."""
    for _ in range(50):
        at = rng.randrange(1, len(word)) if len(word) > 1 else 0
        kind = rng.choice(("swap", "lose", "double", "replace"))
        new = {
            "swap": word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at else word,
            "lose": word[:at] + word[at + 1 :],
            "double": word[:at] + word[at] + word[at:],
            "replace": word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :],
        }[kind]
        if new != word and re.fullmatch(r"[a-z][a-z0-9_.-]*", new):
            return new
    raise NotHere


_FREE_KEYS = ("names", "titles", "categories", "accepts", "festivals", "stocking")


def _schema_keys(file: File) -> list[Spot]:
    """Keys that the format defines: not languages, category ids and the like."""
    return [
        s for s in file.spots if not (s.path and s.path[-1] in _FREE_KEYS) and len(s.key.text) > 3
    ]


def _items(file: File, keys: tuple[str, ...]) -> list[Scalar]:
    return [
        item
        for spot in file.spots
        if spot.key.text in keys and isinstance(spot.value, Series)
        for item in spot.value.items
        if isinstance(item, Scalar)
    ]


def _values(file: File, keys: tuple[str, ...]) -> list[Scalar]:
    return [s.value for s in file.spots if s.key.text in keys and isinstance(s.value, Scalar)]


def _pick(options: list[Scalar], rng: random.Random) -> Scalar:
    if not options:
        raise NotHere
    return rng.choice(options)


def _fault(file: File, operator: str, node: Scalar, new: str, fix: tuple[str, ...]) -> Fault:
    return Fault(operator=operator, file=file.name, text=file.replaced(node, new), line=node.line,
                 column=node.column, fix=fix, what=f"{node.text} → {new}")  # fmt: skip


def misspelt_key(file: File, rng: random.Random) -> Fault:
    keys = _schema_keys(file)
    if not keys:
        raise NotHere
    spot = rng.choice(keys)
    return _fault(
        file, "misspelt key", spot.key, misspell(spot.key.text, rng), (f"'{spot.key.text}'",)
    )


def _concepts() -> frozenset[str]:
    root = parse_document((LOCALES / "concepts.yaml").read_text("utf-8"), "concepts.yaml").root
    table = root.get("concepts") if isinstance(root, Table) else None
    return (
        frozenset(key.text for key, _ in table.entries) if isinstance(table, Table) else frozenset()
    )


def misspelt_concept(file: File, rng: random.Random) -> Fault:
    known = _concepts()
    node = _pick([n for n in _items(file, ("concepts", "seen", "never")) if n.text in known], rng)
    new = misspell(node.text, rng)
    if new in known:
        raise NotHere
    return _fault(file, "misspelt concept", node, new, (f"'{node.text}'",))


def misspelt_category(file: File, rng: random.Random) -> Fault:
    if file.name.endswith("categories.yaml"):
        raise NotHere
    node = _pick([n for n in _items(file, ("categories",)) if len(n.text) > 3], rng)
    return _fault(file, "misspelt category", node, misspell(node.text, rng), (f"'{node.text}'",))


def misspelt_word(file: File, rng: random.Random) -> Fault:
    node = _pick(
        [*_values(file, ("colour", "price", "gender", "season", "occasion")),
         *_items(file, ("colours", "genders"))], rng,
    )  # fmt: skip
    new = misspell(node.text, rng)
    return _fault(file, "misspelt word", node, new, (f"'{node.text}'",))


def wrong_date(file: File, rng: random.Random) -> Fault:
    node = _pick(_values(file, ("from", "until", "on")), rng)
    year, month, day = node.text.split("-")
    new = rng.choice((f"{day}.{month}.{year}", f"{year}-13-{day}", f"{year}-{month}-32",
                      f"{year}/{month}/{day}", f"{year}-{month}"))  # fmt: skip
    return _fault(file, "wrong date", node, f'"{new}"', ("date", "day that exists"))


def duplicate_key(file: File, rng: random.Random) -> Fault:
    blocks = [
        s for s in file.spots
        if isinstance(s.value, Scalar) and s.value.line == s.key.line
        and re.fullmatch(r"\s+[a-z_]+: [^\[{|>]+\n", file.lines[s.key.line - 1])
    ]  # fmt: skip
    if not blocks:
        raise NotHere
    spot = rng.choice(blocks)
    line = file.lines[spot.key.line - 1]
    return Fault(operator="duplicate key", file=file.name,
                 text=file.with_line(spot.key.line, line + line), line=spot.key.line + 1,
                 column=spot.key.column, fix=("Remove one",), what=f"{spot.key.text} twice")  # fmt: skip


def duplicate_id(file: File, rng: random.Random) -> Fault:
    ids = [
        s.value for s in file.spots
        if s.key.text == "id" and s.path[-2:] in (("rules", "-"), ("campaigns", "-"), ("examples", "-"))
        and isinstance(s.value, Scalar)
    ]  # fmt: skip
    if len(ids) < 2:
        raise NotHere
    number = rng.randrange(1, len(ids))
    return _fault(
        file, "duplicate id", ids[number], ids[rng.randrange(number)].text, ("another id",)
    )


def word_for_number(file: File, rng: random.Random) -> Fault:
    node = _pick(_values(file, ("count", "priority", "by", "at", "days_before", "days_after", "diversity",
                                "rating_prior")), rng)  # fmt: skip
    return _fault(
        file, "wrong type", node, rng.choice(("four", "yes", "12:30", "0123", "~")), ("number",)
    )


def number_out_of_range(file: File, rng: random.Random) -> Fault:
    node = _pick(_values(file, ("count", "at", "by")), rng)
    return _fault(file, "out of range", node, rng.choice(("0", "999", "-1")), ("from",))


def text_for_list(file: File, rng: random.Random) -> Fault:
    lists = [
        s for s in file.spots
        if s.key.text in ("seen", "concepts", "never", "languages", "offers", "categories")
        and isinstance(s.value, Series) and len(s.value.items) == 1
        and isinstance(s.value.items[0], Scalar) and s.value.items[0].line == s.value.line
        and s.value.items[0].column == s.value.column + 1
    ]  # fmt: skip
    if not lists:
        raise NotHere
    spot = rng.choice(lists)
    assert isinstance(spot.value, Series)
    item = spot.value.items[0]
    assert isinstance(item, Scalar)
    line, start = file.lines[item.line - 1], spot.value.column - 1
    end = line.index("]", start)
    return Fault(operator="wrong type", file=file.name,
                 text=file.with_line(item.line, line[:start] + item.text + line[end + 1 :]),
                 line=item.line, column=spot.value.column, fix=(f"[{item.text}]",),
                 what=f"{spot.key.text}: {item.text}")  # fmt: skip


def list_for_text(file: File, rng: random.Random) -> Fault:
    node = _pick(_values(file, ("owner", "season", "gender", "default_language", "currency")), rng)
    return _fault(file, "wrong type", node, f"[{node.text}]", ("Write",))


def wrong_indent(file: File, rng: random.Random) -> Fault:
    lines = [
        number for number, line in enumerate(file.lines, start=1)
        if re.match(r"\s+(- )?[a-z_.]+:", line) and number > 1
    ]  # fmt: skip
    if not lines:
        raise NotHere
    number = rng.choice(lines)
    line = file.lines[number - 1]
    new = rng.choice((" " + line, line[1:], "\t" + line.lstrip(" ")))
    depth = 0 if new.startswith("\t") else len(new) - len(new.lstrip(" "))
    return Fault(operator="wrong indent", file=file.name, text=file.with_line(number, new), line=number,
                 column=depth + 1, fix=("ndent",), what=repr(new.rstrip()[:40]))  # fmt: skip


def unknown_marketplace(file: File, rng: random.Random) -> Fault:
    if not file.name.endswith("marketplace.yaml"):
        raise NotHere
    node = next(s.value for s in file.spots if s.key.text == "id" and not s.path)
    assert isinstance(node, Scalar)
    new = rng.choice(("uk", "jp", "NO", "usa", "India"))
    return _fault(
        file, "unknown marketplace", node, new, (f"'{node.text}'", "folder's two-letter name")
    )


def dangling_festival(file: File, rng: random.Random) -> Fault:
    nodes = [
        s.value for s in file.spots
        if (s.key.text == "festival" or (s.key.text == "name" and s.path[-1:] == ("festival",)))
        and isinstance(s.value, Scalar)
    ]  # fmt: skip
    node = _pick(nodes, rng)
    return _fault(file, "dangling reference", node, misspell(node.text, rng), (f"'{node.text}'",))


def dangling_parent(file: File, rng: random.Random) -> Fault:
    """A group is renamed, and its first child's parent is gone."""
    if not file.name.endswith("categories.yaml"):
        raise NotHere
    keys = [s.key for s in file.spots if s.path == ("categories",)]
    parents = [k for k in keys if any(o.text.rpartition(".")[0] == k.text for o in keys)]
    node = _pick(parents, rng)
    child = next(k for k in keys if k.text.rpartition(".")[0] == node.text)
    text = file.replaced(node, node.text + "x")
    return Fault(operator="dangling reference", file=file.name, text=text, line=child.line,
                 column=child.column, fix=(f"'{node.text}x'",), what=f"{node.text} renamed")  # fmt: skip


def missing_key(file: File, rng: random.Random) -> Fault:
    """A required line is deleted: the finding stands at the rule that lacks it."""
    required = [
        s for s in file.spots
        if s.key.text in ("owner", "reason", "seen", "currency", "time_zone", "prime_name")
        and re.fullmatch(r"\s*[a-z_]+: .*\n", file.lines[s.key.line - 1])
    ]  # fmt: skip
    if not required:
        raise NotHere
    spot = rng.choice(required)
    owner = _table_start(file, spot)
    if owner.line == spot.key.line:
        raise NotHere
    return Fault(operator="missing key", file=file.name, text=file.with_line(spot.key.line, ""),
                 line=owner.line, column=owner.column, fix=(f"'{spot.key.text}:'",),
                 what=f"{spot.key.text} deleted")  # fmt: skip


def _table_start(file: File, spot: Spot) -> Scalar:
    root = parse_document(file.text, file.name).root
    for table in _tables(root):
        if any(key == spot.key for key, _ in table.entries):
            return Scalar("", table.line, table.column, quoted=False)
    raise NotHere


def _tables(node: Node) -> Iterator[Table]:
    if isinstance(node, Table):
        yield node
        for _, value in node.entries:
            yield from _tables(value)
    elif isinstance(node, Series):
        for item in node.items:
            yield from _tables(item)


def left_open(file: File, rng: random.Random) -> Fault:
    """A closing bracket, brace or quote at the end of a line is lost."""
    pattern = re.compile(r"^[^\[{\"]*[\[{\"][^\[\]{}\"]*[\]}\"]\s*$")
    lines = [n for n, line in enumerate(file.lines, start=1) if pattern.match(line)]
    if not lines:
        raise NotHere
    number = rng.choice(lines)
    line = file.lines[number - 1].rstrip()
    start = next(at for at, letter in enumerate(line) if letter in '[{"')
    return Fault(operator="left open", file=file.name,
                 text=file.with_line(number, line[:-1] + "\n"), line=number, column=start + 1,
                 fix=(line[-1], "quote"), what=line.strip()[:50])  # fmt: skip


OPERATORS: tuple[Callable[[File, random.Random], Fault], ...] = (
    misspelt_key, misspelt_concept, misspelt_category, misspelt_word, wrong_date, duplicate_key,
    duplicate_id, word_for_number, number_out_of_range, text_for_list, list_for_text, wrong_indent,
    unknown_marketplace, dangling_festival, dangling_parent, missing_key, left_open,
)  # fmt: skip


def draw(seed: int, count: int, locales: Path = LOCALES) -> list[Fault]:
    """So many faults, the operators in turn, the files by chance."""
    rng = random.Random(seed)
    places = [p for p in sorted(locales.iterdir()) if re.fullmatch("[a-z]{2}", p.name)]
    files = [File(f"{p.name}/{n}", (p / n).read_text("utf-8")) for p in places for n in FILES
             if (p / n).exists()]  # fmt: skip
    faults: list[Fault] = []
    while len(faults) < count:
        operator = OPERATORS[len(faults) % len(OPERATORS)]
        for _ in range(400):
            try:
                faults.append(operator(rng.choice(files), rng))
                break
            except NotHere:
                continue
        else:
            raise SystemExit(f"{operator.__name__} finds no place in {locales}.")
    return faults


def judge(fault: Fault, locales: Path = LOCALES) -> Found:
    """Plant the fault in a copy of its marketplace, check it, compare."""
    marketplace = fault.file.split("/")[0]
    with tempfile.TemporaryDirectory(prefix="souk-mutation-") as place:
        folder = Path(place)
        for name in ("concepts.yaml", "festivals.yaml"):
            shutil.copy(locales / name, folder / name)
        for name in ("yardstick", marketplace):
            shutil.copytree(locales / name, folder / name)
        (folder / fault.file).write_text(fault.text, encoding="utf-8")
        report = check_folder(folder, TODAY)
        here = [f for f in report.findings if f.file == str(folder / fault.file)]
        right = [f for f in here if f.line == fault.line and f.severity == "error"]
        return Found(
            fault=fault,
            line=bool(right),
            column=any(f.column == fault.column for f in right),
            fix=any(word in f.fix for f in right for word in fault.fix),
            noise=len(report.findings) - len(right),
            said=tuple(str(f).replace(place + "/", "") for f in report.findings[:4]),
        )


def main() -> int:
    """Print the figures; exit 1 when they miss their aims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    found = [judge(fault) for fault in draw(arguments.seed, arguments.count)]
    figures = {
        "seed": arguments.seed,
        "faults": len(found),
        "line": round(sum(f.line for f in found) / len(found), 4),
        "column": round(sum(f.column for f in found) / len(found), 4),
        "fix": round(sum(f.fix for f in found) / len(found), 4),
        "without_noise": round(sum(f.noise == 0 for f in found) / len(found), 4),
        "missed": dict(
            Counter(f.fault.operator for f in found if not (f.line and f.column and f.fix))
        ),
    }
    if arguments.misses:
        for one in found:
            if not (one.line and one.column and one.fix):
                fault = one.fault
                print(
                    f"{fault.operator}: {fault.file}:{fault.line}:{fault.column} {fault.what}",
                    file=sys.stderr,
                )
                print(
                    "".join(f"    {line}\n" for line in one.said) or "    nothing\n",
                    file=sys.stderr,
                )
    print(
        json.dumps(figures)
        if arguments.json
        else "\n".join(f"{k}: {v}" for k, v in figures.items())
    )
    return 0 if figures["line"] == 1 and figures["column"] >= 0.95 and figures["fix"] >= 0.9 else 1


if __name__ == "__main__":
    raise SystemExit(main())
