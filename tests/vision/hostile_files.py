"""A seeded corpus of hostile uploads: mutated headers, truncations, bombs, wrong magic, odd modes."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from tests.vision.heif_files import CASES, hostile_heifs


def hostile_files(seed: int = 7, rounds: int = 40) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of at least 500 files; the same for the same seed."""
    rng = random.Random(seed)
    seeds = sound_files()
    yield from bombs()
    yield from wrong_magic()
    yield from hostile_heifs()
    for name, data in seeds.items():
        for i in range(rounds):
            yield f"{name}-flipped-{i}", _flipped(data, rng)
            yield f"{name}-cut-{i}", data[: rng.randrange(1, len(data))]
        for i in range(rounds // 2):
            yield f"{name}-header-{i}", _header_noise(data, rng)
            yield f"{name}-spliced-{i}", _spliced(data, rng.choice(list(seeds.values())), rng)


def sound_files() -> dict[str, bytes]:
    """Small whole files of every kind that is accepted."""
    noise = np.random.default_rng(3).integers(0, 256, (40, 30, 4), dtype=np.uint8)
    rgb = Image.fromarray(noise[..., :3])
    return {
        "jpeg": encoded(rgb, "JPEG", quality=80),
        "progressive": encoded(rgb, "JPEG", progressive=True),
        "cmyk": encoded(rgb.convert("CMYK"), "JPEG"),
        "png": encoded(rgb, "PNG"),
        "rgba": encoded(Image.fromarray(noise), "PNG"),
        "palette": encoded(rgb.quantize(16), "PNG"),
        "webp": encoded(rgb, "WEBP"),
        "lossless": encoded(Image.fromarray(noise), "WEBP", lossless=True),
        "avif": encoded(rgb, "AVIF", quality=90),
        "avif-alpha": encoded(Image.fromarray(noise), "AVIF", quality=90),
        "heic": (CASES / "noise.heic").read_bytes(),
    }


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8) -> bytes:
    """A PNG by hand: its size, then the given chunks."""
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def bombs() -> Iterator[tuple[str, bytes]]:
    """Files that claim, or inflate to, far more than they weigh."""
    zeros = zlib.compress(bytes(8_000_000), 9)
    yield "png-50000", png(50_000, 50_000, (b"IDAT", zeros))
    yield "png-4-billion", png(2**31 - 1, 2**31 - 1, (b"IDAT", zeros))
    yield "png-no-pixels", png(0, 10, (b"IDAT", zeros))
    yield "png-text-bomb", png(4, 4, *[(b"zTXt", b"k\0\0" + zeros)] * 20, (b"IDAT", zeros))
    yield "png-profile-bomb", png(4, 4, (b"iCCP", b"k\0\0" + zeros), (b"IDAT", zeros))
    yield "png-frames", png(4, 4, (b"acTL", struct.pack(">II", 10**6, 0)), (b"IDAT", zeros))
    yield "webp-canvas", _webp(b"VP8X", b"\0" * 4 + b"\xff" * 6)
    yield "webp-lossless", _webp(b"VP8L", b"\x2f" + b"\xff" * 4)
    small = encoded(Image.new("RGB", (16, 16)), "JPEG")
    at = small.index(b"\xff\xc0")
    yield "jpeg-65535", small[: at + 5] + b"\xff\xff\xff\xff" + small[at + 9 :]
    passes = encoded(Image.new("L", (16, 16)), "JPEG", progressive=True)
    scan = passes[passes.index(b"\xff\xda") : -2]
    yield "jpeg-scans", passes[:-2] + scan * 3000 + b"\xff\xd9"
    frames = [Image.new("RGB", (16, 16), (i, 0, 0)) for i in range(30)]
    for kind in ("WEBP", "PNG"):
        yield f"animated-{kind}", encoded(frames[0], kind, save_all=True, append_images=frames[1:])


def wrong_magic() -> Iterator[tuple[str, bytes]]:
    """Things that are no photo, and photos under a false beginning."""
    sound = sound_files()
    plain = Image.new("RGB", (8, 8))
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM"):
        yield f"other-{kind}", encoded(plain, kind)
    yield "empty", b""
    yield "text", b"hello" * 100
    yield "svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    yield "html", b"<!DOCTYPE html><script>alert(1)</script>"
    yield "film", b"\0\0\0\x18ftypisom" + bytes(60)
    yield "zip", b"PK\x03\x04" + bytes(60)
    yield "heic-brand-alone", b"\0\0\0\x18ftypheic" + bytes(60)
    for magic in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"):
        yield f"only-{magic[:4].hex()}", magic
        yield f"zeros-{magic[:4].hex()}", magic + bytes(500)
        for name, data in sound.items():
            yield f"{magic[:4].hex()}-on-{name}", magic + data[len(magic) :]


def _webp(kind: bytes, body: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def _flipped(data: bytes, rng: random.Random) -> bytes:
    noisy = bytearray(data)
    for _ in range(rng.choice((1, 3, 20))):
        noisy[rng.randrange(len(noisy))] = rng.randrange(256)
    return bytes(noisy)


def _header_noise(data: bytes, rng: random.Random) -> bytes:
    noisy = bytearray(data)
    for _ in range(rng.choice((1, 2, 4))):
        noisy[rng.randrange(4, min(200, len(noisy)))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(noisy)


def _spliced(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]
