"""How long the grouping of many products takes, and of a few new ones among them.

    python -m benchmarks.duplicates_scale --data ../shared/data [--products 20000] [--processes 2] [--seed 1]
        [--home DIR]

Every real catalogue picture stands many times in the catalogue, each time in other colours (its channels
exchanged, its tones bent), cropped a little and half of the time mirrored: look-alikes in one pose, the hard
case, whose nearest neighbours are all worth a second look. One product in fifty is a true copy. Vectors are
seeded: those of one kind of thing have a cosine of 0.75, those of one picture more. Prints one JSON object:
seconds, processor time and pairs of the first run, then of a run after a hundred more products. The
catalogue is made in DIR and kept there; one that is there already is used again, its fingerprints and
groups forgotten.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from catalog.duplicates import find_duplicates, forget_groups
from catalog.pictures import PictureStore
from catalog.products import COLOURS, Product
from catalog.store import CatalogStore
from service.bench_timing import load, machine

BATCH = 500
LATER = 100
MODEL = "bench"
COPIES = 50
KINDS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = given.home or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        print(json.dumps(measure(given.data, home, given.products, given.processes, given.seed)))


def measure(data: Path, home: Path, products: int, processes: int, seed: int) -> dict[str, object]:
    store, pictures = CatalogStore(home / "catalog.sqlite"), PictureStore(home / "pictures")
    sources = read_sources(data)
    made = variants(sources, random.Random(seed))
    forget(store, products)
    report: dict[str, object] = {"machine": machine(), "load": load(), "products": products,
                                 "sources": len(sources), "processes": processes, "seed": seed}  # fmt: skip
    later = variants(sources, random.Random(seed + 1))
    rounds = {"all": (made, products - store.count()), "a hundred more": (later, LATER)}
    for name, (source, count) in rounds.items():
        fill(store, pictures, list(itertools.islice(source, count)))
        started, worked = time.perf_counter(), processor_s()
        summary = find_duplicates(store, pictures, processes=processes)
        report[name] = {
            "seconds": round(time.perf_counter() - started, 1),
            "processor_s": round(processor_s() - worked, 1),
            **asdict(summary),
        }
    store.close()
    return report


def forget(store: CatalogStore, products: int) -> None:
    """Leave the first products of an earlier run as if no duplicates had been looked for."""
    store.delete([p.product_id for p in store.products() if int(p.product_id[1:]) >= products])
    forget_groups(store)
    with store.database.write() as write:
        write.connection.execute("DELETE FROM fingerprints")


def processor_s() -> float:
    """Of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def read_sources(data: Path) -> list[bytes]:
    with zipfile.ZipFile(data / "catalog" / "images.zip") as archive:
        return [archive.read(name) for name in sorted(archive.namelist()) if name.endswith(".jpg")]


def variants(sources: Sequence[bytes], rng: random.Random) -> Iterator[tuple[int, str, bytes]]:
    """(source, colour, encoded picture), round after round over the sources; copies are re-encoded."""
    for turn in itertools.count():
        for number, source in enumerate(sources):
            image = Image.open(BytesIO(source)).convert("RGB")
            if turn == 0 or (turn + number) % COPIES == 0:
                yield number, COLOURS[number % len(COLOURS)], encoded(image, 60)
            else:
                colour = COLOURS[(number + turn) % len(COLOURS)]
                yield number, colour, encoded(recoloured(image, turn, rng), 90)


def recoloured(image: Image.Image, turn: int, rng: random.Random) -> Image.Image:
    order = list(itertools.permutations(range(3)))[turn % 6]
    bent = [
        channel.point([int(255 * (value / 255) ** exponent) for value in range(256)])
        for channel, exponent in zip(
            (image.getchannel(i) for i in order),
            (rng.uniform(0.6, 1.7) for _ in range(3)),
            strict=True,
        )
    ]
    changed = Image.merge("RGB", bent)
    width, height = changed.size
    inset = rng.uniform(0, 0.06)
    changed = changed.crop((int(inset * width), int(inset * height), width, height))
    return ImageOps.mirror(changed) if rng.random() < 0.5 else changed


def encoded(image: Image.Image, quality: int) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def fill(
    store: CatalogStore, pictures: PictureStore, made: Sequence[tuple[int, str, bytes]]
) -> None:
    before = store.count()
    look = np.zeros(32, np.float32)
    for start in range(0, len(made), BATCH):
        part = made[start : start + BATCH]
        ids = [f"D{before + start + i:07d}" for i in range(len(part))]
        store.upsert([
            Product(product_id=i, concept="shirt", titles={}, colour=colour, image=pictures.put(data))
            for i, (_, colour, data) in zip(ids, part, strict=True)
        ])  # fmt: skip
        store.set_vectors(
            [(i, vector(source, i), look) for i, (source, _, _) in zip(ids, part, strict=True)],
            MODEL,
        )


def vector(source: int, product_id: str) -> np.ndarray:
    kind = np.random.default_rng(source % KINDS).normal(size=128)
    own = np.random.default_rng(KINDS + source).normal(size=128)
    seen = np.random.default_rng(int(product_id[1:])).normal(size=128)
    together = kind + 0.5 * own + 0.3 * seen
    return np.asarray(together / np.linalg.norm(together), np.float32)


if __name__ == "__main__":
    main()
