"""Duplicate groups against planted truth, beside imagehash: pair precision, recall and F1.

    python benchmarks/duplicates.py --data ../shared/data [--planted 170] [--seed 99]

Copies of real catalogue pictures are planted under new ids: cropped to 85 % anywhere, JPEG quality 30,
watermarked, mirrored, brightened or darkened, bordered; every second one without title and colour. Added
are the re-encodings of neardup/variants.csv and both sides of catalog_pairs.csv, whose look-alikes
(another colour or model in the same pose) must not be folded. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path

import imagehash
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from catalog.duplicates import find_duplicates
from catalog.importing import Importer, plan_import
from catalog.locale_files import load_concepts
from catalog.mapping_files import MAPPINGS, read_mapping
from catalog.pictures import PictureStore
from catalog.store import CatalogStore
from service.embedding import embed_catalogue
from vision.models import load_models

ROOT = Path(__file__).resolve().parents[1]
Pairs = set[tuple[str, str]]


def cropped(image: Image.Image, rng: random.Random) -> Image.Image:
    width, height = image.size
    wide, high = round(0.85 * width), round(0.85 * height)
    left, top = rng.randint(0, width - wide), rng.randint(0, height - high)
    return image.crop((left, top, left + wide, top + high))


def watermarked(image: Image.Image, rng: random.Random) -> Image.Image:
    layer = Image.new("RGBA", image.size)
    place = (image.width * rng.uniform(0.02, 0.4), image.height * rng.uniform(0.3, 0.85))
    ink = rng.choice([(255, 255, 255, 130), (90, 90, 90, 120), (200, 30, 30, 110)])
    words = rng.choice(["SAMPLE", "shop.example", "STYLE BAZAAR"])
    ImageDraw.Draw(layer).text(place, words, fill=ink, font_size=max(8, image.width // 8))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def bordered(image: Image.Image, rng: random.Random) -> Image.Image:
    frame = rng.choice([(255, 255, 255), (0, 0, 0), (230, 230, 230), (200, 40, 60)])
    return ImageOps.expand(image, max(2, round(image.width * rng.uniform(0.04, 0.1))), frame)


def brightened(image: Image.Image, rng: random.Random) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(rng.choice([0.75, 0.8, 1.2, 1.25]))


COPIES: Mapping[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "crop": cropped,
    "jpeg30": lambda image, _: image,
    "watermark": watermarked,
    "mirror": lambda image, _: ImageOps.mirror(image),
    "brightness": brightened,
    "border": bordered,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--planted", type=int, default=170)
    parser.add_argument("--seed", type=int, default=99)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        print(json.dumps(measure(given.data, Path(home), given.planted, given.seed)))


def measure(data: Path, home: Path, planted: int, seed: int) -> dict[str, object]:
    store, pictures = CatalogStore(home / "catalog.sqlite"), PictureStore(home / "pictures")
    concepts = load_concepts(ROOT / "locales" / "concepts.yaml")
    mapping = read_mapping(MAPPINGS / "catalog.yaml")
    Importer(store, pictures, concepts, {}).run(plan_import(data / "catalog", mapping))
    pairs = list(csv.DictReader((data / "neardup" / "catalog_pairs.csv").open()))
    truth, kinds = plant(store, pictures, data, pairs, planted, random.Random(seed))
    models = load_models(ROOT / "models")
    embed_catalogue(store, models, pictures)
    started, cpu = time.perf_counter(), time.process_time()
    summary = find_duplicates(store, pictures)
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    found = pairs_of({p.product_id: p.group_id for p in store.products() if p.group_id})
    true = pairs_of(truth)
    alike = {ordered(p["id_a"], p["id_b"]) for p in pairs if p["verdict"] == "look-alike"}
    report: dict[str, object] = {
        "model": models.version, "seed": seed, "products": store.count(), "compared": summary.compared,
        "seconds": round(wall, 1), "cpu_seconds": round(cpu, 1),
        "souk": figures(found, true, alike),
        "missed_by_copy": missed(true - found, kinds),
    }  # fmt: skip
    hashes = {p.product_id: hash_of(pictures, p.image or "") for p in store.products()}
    for bits in (2, 4, 8):
        near = {
            ordered(a, b)
            for a, b in combinations(hashes, 2)
            if (hashes[a] ^ hashes[b]).bit_count() <= bits
        }
        report[f"imagehash_{bits}"] = figures(near, true, alike)
    store.close()
    return report


def plant(
    store: CatalogStore,
    pictures: PictureStore,
    data: Path,
    pairs: Iterable[Mapping[str, str]],
    planted: int,
    rng: random.Random,
) -> tuple[dict[str, str], dict[str, str]]:
    """Leave the products that matter, add copies: (true group by id, kind of copy by id)."""
    originals = rng.sample(sorted(p.product_id for p in store.products()), planted)
    variants = list(csv.DictReader((data / "neardup" / "variants.csv").open()))
    truth = true_groups(pairs, (*originals, *(v["id"] for v in variants)))
    store.delete([p.product_id for p in store.products() if p.product_id not in truth])
    kinds: dict[str, str] = {}

    def add(original: str, kind: str, encoded: bytes) -> None:
        product = store.product(original)
        if product is None:
            return
        new = f"x{len(kinds):05d}"
        kinds[new], truth[new] = kind, truth[original]
        copy = replace(product, product_id=new, image=pictures.put(encoded), source="planted")
        if len(kinds) % 2:
            copy = replace(copy, titles={}, colour=None)
        store.upsert([copy])

    for original in originals:
        for kind, change in COPIES.items():
            product = store.product(original)
            path = pictures.path(product.image or "" if product else "")
            image = change(Image.open(path).convert("RGB"), rng)
            add(original, kind, encoded_jpeg(image, 30 if kind == "jpeg30" else 90))
    with zipfile.ZipFile(data / "neardup" / "variants.zip") as archive:
        for row in variants:
            add(row["id"], "variant", archive.read(row["file"]))
    return truth, kinds


def true_groups(pairs: Iterable[Mapping[str, str]], others: Iterable[str]) -> dict[str, str]:
    """Everything by itself, but for the pairs that are one photo under two ids."""
    known = list(pairs)
    truth = {pair[side]: pair[side] for pair in known for side in ("id_a", "id_b")}
    truth |= {product_id: product_id for product_id in others}
    for pair in known:
        if pair["verdict"] != "look-alike":
            first, second = truth[pair["id_a"]], truth[pair["id_b"]]
            truth = {i: first if group == second else group for i, group in truth.items()}
    return truth


def encoded_jpeg(image: Image.Image, quality: int) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def hash_of(pictures: PictureStore, image: str) -> int:
    return int(str(imagehash.phash(Image.open(pictures.path(image)))), 16)


def ordered(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def pairs_of(groups: Mapping[str, str]) -> Pairs:
    members: dict[str, list[str]] = {}
    for product_id, group in groups.items():
        members.setdefault(group, []).append(product_id)
    return {ordered(a, b) for ids in members.values() for a, b in combinations(ids, 2)}


def figures(found: Pairs, true: Pairs, alike: Pairs) -> dict[str, float]:
    hits = len(found & true)
    precision, recall = hits / max(1, len(found)), hits / len(true)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        "look_alikes_folded": len(found & alike),
        "look_alikes": len(alike),
    }


def missed(pairs: Pairs, kinds: Mapping[str, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for pair in pairs:
        for side in pair:
            kind = kinds.get(side, "original")
            counts[kind] = counts.get(kind, 0) + 1
    return dict(sorted(counts.items()))


if __name__ == "__main__":
    main()
