"""Importing a table with its pictures: bad rows are refused one by one, everything else goes in.

A batch of rows, the refusals among them and the place reached are written in one transaction, so
that an import that was stopped anywhere goes on behind the last finished batch; running it again
from the start changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from catalog.concepts import ConceptTree
from catalog.database import Write
from catalog.mapping import ImportMapping, Row
from catalog.pictures import ManyPictures, PictureError, PictureSource, PictureStore, open_pictures
from catalog.products import Offer, Product
from catalog.row_reading import RowError, RowReader, sentence
from catalog.store import CatalogStore
from catalog.tables import SUFFIXES, TableRow, read_rows

BATCH = 250


class ImportRefusedError(ValueError):
    """An import that cannot start; the message names the file or folder and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RefusedRow:
    """A row that did not go in."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {sentence(self.reason)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What an import did, with what it had done before it was stopped."""

    source: str
    accepted: int
    refused: int
    changed: int
    """Rows of products and offers that this run changed; 0 when everything stood there already."""
    resumed_at: int
    """How many rows an earlier run had finished; 0: from the start."""
    unmapped: Mapping[tuple[str, str], int]
    """(field, value) that no rule names, with how often this run left it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """A table, its pictures and how to read them."""

    table: Path
    pictures: tuple[Path, ...]
    mapping: ImportMapping

    @property
    def source(self) -> str:
        """What the import's progress is kept under."""
        return f"{self.mapping.name}/{self.table.name}"

    def fingerprint(self) -> str:
        """Changes when the table, the mapping or an archive does; then it starts from the front."""
        digest = hashlib.sha256(repr(self.mapping).encode())
        with self.table.open("rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
        for path in self.pictures:
            about = path.stat()
            digest.update(f"{path.name} {about.st_size} {about.st_mtime_ns}".encode())
        return digest.hexdigest()


def plan_import(folder: Path, mapping: ImportMapping) -> ImportPlan:
    """Find the mapping's table and pictures in the folder. ImportRefusedError names what is missing."""
    table = find_table(folder, mapping.tables)
    pictures = tuple(folder / name for name in mapping.pictures if (folder / name).exists())
    if mapping.image is not None and not pictures:
        wanted = ", ".join(mapping.pictures) or "(none named)"
        raise ImportRefusedError(
            f"{folder} has no pictures: the mapping {mapping.name!r} looks for {wanted}. "
            "Put them there, or name the folder or archive under `pictures`."
        )
    return ImportPlan(table=table, pictures=pictures, mapping=mapping)


def find_table(folder: Path, names: tuple[str, ...] = ()) -> Path:
    """The first of the names that is there, else the folder's only table."""
    if not folder.is_dir():
        raise ImportRefusedError(f"{folder} is no folder. Point at the folder with the table.")
    for name in names:
        if (folder / name).is_file():
            return folder / name
    found = sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES and p.is_file())
    if len(found) == 1:
        return found[0]
    listed = ", ".join(p.name for p in found) or f"none of {', '.join(SUFFIXES)}"
    raise ImportRefusedError(
        f"{folder} should hold one table, and holds {listed}. Name it under `tables` in a mapping file."
    )


@dataclass(slots=True)
class Importer:
    """Runs plans against one catalogue."""

    store: CatalogStore
    pictures: PictureStore
    concepts: ConceptTree
    currencies: Mapping[str, str]
    on_rows: Callable[[int], None] = lambda _: None
    """Told how many rows were finished, for a progress bar."""
    on_refused: Callable[[RefusedRow], None] = lambda _: None

    def run(self, plan: ImportPlan) -> ImportSummary:
        """Import all rows. ImportRefusedError or TableError when nothing can be read."""
        self._check(plan)
        with closing(self._sources(plan)) as source:
            reader = RowReader(plan.mapping, self.concepts, self.currencies)
            start, accepted, changed = self._rows(plan, reader, source)
        return ImportSummary(
            source=plan.mapping.name,
            accepted=accepted,
            refused=self._finish(plan.source),
            changed=changed,
            resumed_at=start,
            unmapped=dict(reader.unmapped.most_common()),
        )

    def _rows(
        self, plan: ImportPlan, reader: RowReader, source: PictureSource
    ) -> tuple[int, int, int]:
        """(row to start from, rows accepted, rows changed)."""
        fingerprint = plan.fingerprint()
        start, accepted = self._resume(plan.source, fingerprint)
        seen: set[bytes] = set()
        rows = read_rows(plan.table)
        for row in islice(rows, start):
            self._repeated(row, reader, seen)
        self.on_rows(start)
        changed = 0
        done = start
        while batch := list(islice(rows, BATCH)):
            read = list(self._read(batch, plan, reader, source, seen))
            done += len(batch)
            accepted += sum(not isinstance(item, RefusedRow) for item in read)
            with self.store.database.write() as write:
                changed += self._write(write, plan.source, read)
                write.connection.execute(
                    "INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?)",
                    (plan.source, fingerprint, done, accepted),
                )
            self.on_rows(len(batch))
        return start, accepted, changed

    def refused_rows(self, plan: ImportPlan) -> Iterator[RefusedRow]:
        """What the plan's last run refused, by line."""
        rows = self.store.database.connection().execute(
            "SELECT file, line, reason FROM refused_rows WHERE source = ? ORDER BY line",
            (plan.source,),
        )
        return (RefusedRow(file=row[0], line=row[1], reason=row[2]) for row in rows)

    def _check(self, plan: ImportPlan) -> None:
        labels = plan.mapping.concept.labels
        if labels and labels not in self.concepts.labels:
            known = ", ".join(self.concepts.labels)
            raise ImportRefusedError(
                f"mapping {plan.mapping.name!r} takes its concepts from the labels {labels!r}, which "
                f"concepts.yaml does not have. Use one of {known}."
            )

    def _sources(self, plan: ImportPlan) -> PictureSource:
        try:
            return ManyPictures(tuple(open_pictures(path) for path in plan.pictures))
        except PictureError as error:
            raise ImportRefusedError(str(error)) from error

    def _resume(self, source: str, fingerprint: str) -> tuple[int, int]:
        """(rows finished, rows accepted) by an earlier run of the same files; else from the front."""
        with self.store.database.write() as write:
            row = write.connection.execute(
                "SELECT next_row, accepted FROM imports WHERE source = ? AND fingerprint = ?",
                (source, fingerprint),
            ).fetchone()
            if row is not None:
                return int(row[0]), int(row[1])
            write.connection.execute("DELETE FROM refused_rows WHERE source = ?", (source,))
            return 0, 0

    def _finish(self, source: str) -> int:
        with self.store.database.write() as write:
            write.connection.execute("DELETE FROM imports WHERE source = ?", (source,))
            row = write.connection.execute(
                "SELECT count(*) FROM refused_rows WHERE source = ?", (source,)
            ).fetchone()
            return int(row[0])

    def _read(
        self,
        batch: list[TableRow],
        plan: ImportPlan,
        reader: RowReader,
        source: PictureSource,
        seen: set[bytes],
    ) -> Iterator[tuple[Product, tuple[Offer, ...]] | RefusedRow]:
        for row in batch:
            try:
                cells = self._cells(row, reader, seen)
                yield self._product(cells, reader, source), reader.offers(cells)
            except (RowError, PictureError) as error:
                refused = RefusedRow(file=plan.table.name, line=row.line, reason=str(error))
                self.on_refused(refused)
                yield refused

    def _cells(self, row: TableRow, reader: RowReader, seen: set[bytes]) -> Row:
        if row.row is None:
            raise RowError(row.problem)
        if self._repeated(row, reader, seen):
            raise RowError(f"id {reader.product_id(row.row)!r} stands on an earlier line already")
        return row.row

    def _product(self, row: Row, reader: RowReader, source: PictureSource) -> Product:
        product = reader.product(row, None)
        name = reader.image_name(row)
        if name is None:
            return product
        try:
            data = source.read(name)
            image = self.pictures.put(data) if data is not None else None
        except PictureError as error:
            raise PictureError(f"picture {name!r} cannot be used: {error}") from error
        if image is None:
            raise RowError(f"picture {name!r} is not among the pictures")
        return replace(product, image=image)

    @staticmethod
    def _repeated(row: TableRow, reader: RowReader, seen: set[bytes]) -> bool:
        """Whether the row's id came before; eight bytes an id are kept, not the ids."""
        if row.row is None:
            return False
        text = reader.mapping.product_id.text(row.row)
        key = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        if not text or key in seen:
            return bool(text)
        seen.add(key)
        return False

    def _write(
        self,
        write: Write,
        source: str,
        read: list[tuple[Product, tuple[Offer, ...]] | RefusedRow],
    ) -> int:
        good = [item for item in read if not isinstance(item, RefusedRow)]
        write.connection.executemany(
            "INSERT OR REPLACE INTO refused_rows VALUES (?, ?, ?, ?)",
            [(source, r.file, r.line, r.reason) for r in read if isinstance(r, RefusedRow)],
        )
        offers = {product.product_id: offers for product, offers in good if offers}
        return self.store.upsert_in(write, (product for product, _ in good), offers)
