"""HEIC and AVIF files put together by hand, sound and hostile, around pictures that were encoded once."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image

CASES = Path(__file__).resolve().parents[1] / "cases" / "heic"
Properties = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a file: its kind, bytes and properties."""

    kind: bytes
    data: bytes
    properties: Properties = field(default_factory=dict)


def size(width: int, height: int) -> bytes:
    """The property that states a size."""
    return bytes(4) + struct.pack(">II", width, height)


def heif_file(
    parts: Sequence[Part],
    *,
    brands: Sequence[bytes] = (b"heic", b"mif1", b"heic"),
    references: Sequence[tuple[bytes, int, Sequence[int]]] = (),
    more: bytes = b"",
) -> bytes:
    """Items numbered from 1, the first being the main picture; `more` follows the file's brands."""
    start = _box(b"ftyp", brands[0] + bytes(4) + b"".join(brands[1:])) + more
    at = 0
    for _ in range(2):  # the second time the places are known
        head = start + _meta(parts, references, at + 8)
        at = len(head)
    return head + _box(b"mdat", b"".join(part.data for part in parts))


def coded(name: str) -> tuple[Part, tuple[int, int]]:
    """The picture of a file of the cases, and the size that it states."""
    return _taken((CASES / name).read_bytes(), b"hvcC", b"hvc1")


def coded_avif(image: Image.Image) -> tuple[Part, tuple[int, int]]:
    out = BytesIO()
    image.save(out, "AVIF", quality=90, subsampling="4:4:4")
    return _taken(out.getvalue(), b"av1C", b"av01")


def grid(
    tile: Part,
    rows: int,
    columns: int,
    stated: tuple[int, int],
    inside: tuple[int, int] | None = None,
    *,
    repeated: bool = False,
) -> bytes:
    """Copies of one tile, or one that is named again and again; `inside`: the grid's own size."""
    width, height = inside or stated
    made = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    main = Part(b"grid", made, {b"ispe": size(*stated)})
    count = rows * columns
    tiles = [tile] * (1 if repeated else count)
    named = [2] * count if repeated else range(2, 2 + count)
    return heif_file([main, *tiles], references=[(b"dimg", 1, named)])


def changed(part: Part, **properties: bytes) -> Part:
    """The part with other properties."""
    added = {name.encode(): body for name, body in properties.items()}
    return Part(part.kind, part.data, {**part.properties, **added})


def parameters(width: int, height: int) -> bytes:
    """An HEVC sequence parameter set as far as its size."""

    def exp_golomb(value: int) -> str:
        return "0" * ((value + 1).bit_length() - 1) + f"{value + 1:b}"

    bits = f"{0x4201:016b}" + "0000" + "000" + "1" + "1" * 96
    bits += exp_golomb(0) + exp_golomb(1) + exp_golomb(width) + exp_golomb(height) + "1"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def hostile_heifs() -> Iterator[tuple[str, bytes]]:
    """Files that lie about sizes, counts, kinds and places."""
    part, (width, height) = coded("halves.heic")
    bare = Part(part.kind, part.data, {b"hvcC": part.properties[b"hvcC"]})
    sound = heif_file([part])
    yield "heic-ispe-huge", heif_file([changed(part, ispe=size(50_000, 50_000))])
    yield "heic-ispe-4-billion", heif_file([changed(part, ispe=size(2**32 - 1, 2**32 - 1))])
    yield "heic-ispe-small", heif_file([changed(part, ispe=size(16, 16))])
    yield "heic-ispe-zero", heif_file([changed(part, ispe=size(0, 16))])
    yield "heic-no-ispe", heif_file([bare])
    yield (
        "heic-clap-of-huge",
        heif_file(
            [
                changed(
                    part, ispe=size(40_000, 40_000), clap=struct.pack(">8I", 9, 1, 9, 1, 0, 1, 0, 1)
                )
            ]
        ),
    )
    yield (
        "heic-clap-by-zero",
        heif_file([changed(part, clap=struct.pack(">8I", 9, 0, 9, 0, 0, 1, 0, 1))]),
    )
    yield "heic-other-huge", heif_file([part, changed(part, ispe=size(30_000, 30_000))])
    inside = parameters(30_000, 30_000)
    first = struct.pack(">I", len(inside)) + inside
    yield "heic-coded-huge", heif_file([Part(part.kind, first + part.data, part.properties)])
    config = part.properties[b"hvcC"]
    told = config[:22] + b"\1" + b"\x21\0\1" + struct.pack(">H", len(inside)) + inside
    yield "heic-config-huge", heif_file([changed(part, hvcC=told)])
    yield "heic-frames", heif_file([Part(part.kind, part.data * 50, part.properties)])
    yield (
        "heic-pieces",
        heif_file([Part(part.kind, b"\0\0\0\2\x02\x00" * 100_000, part.properties)]),
    )
    yield "heic-no-config", heif_file([Part(part.kind, part.data, {b"ispe": size(width, height)})])
    yield "heic-overlay", heif_file([Part(b"iovl", b"\0" * 20, {b"ispe": size(64, 64)}), part])
    yield "heic-jpeg-inside", heif_file([Part(b"jpeg", b"\xff\xd8\xff", part.properties)])
    yield "heic-grid-two-sizes", grid(part, 2, 2, (width * 2, height * 2), (30_000, 30_000))
    yield "heic-grid-many-tiles", grid(part, 90, 90, (width * 2, height * 2), repeated=True)
    yield "heic-grid-huge", grid(part, 250, 250, (width * 250, height * 250), repeated=True)
    yield "heic-grid-no-tiles", heif_file([Part(b"grid", b"\0\0\1\1\0\x20\0\x20", part.properties)])
    yield "heic-moving", heif_file([part], more=_box(b"moov", bytes(40)))
    for brand in (b"hevc", b"msf1", b"avis"):
        yield f"heic-brand-{brand.decode()}", heif_file([part], brands=(brand, b"mif1"))
    yield "heic-brand-of-avif", heif_file([part], brands=(b"avif", b"mif1", b"avif"))
    yield "heic-many-boxes", heif_file([part], more=_box(b"free", b"") * 100_000)
    yield "heic-many-items", heif_file([part] + [Part(b"hvc1", b"", part.properties)] * 4000)
    at = sound.index(b"iloc") + 16
    yield "heic-place-behind", sound[: at + 6] + b"\xff\xff\xff\xf0" + sound[at + 10 :]
    yield (
        "heic-self-reference",
        heif_file(
            [Part(b"grid", b"\0\0\0\0\0\x40\0\x40", part.properties)],
            references=[(b"dimg", 1, [1])],
        ),
    )
    yield "heic-crash", (CASES / "crash.heic").read_bytes()
    other, _ = coded_avif(Image.new("RGB", (128, 96), "white"))
    av1 = (b"avif", b"mif1", b"avif")
    yield "avif-ispe-huge", heif_file([changed(other, ispe=size(50_000, 50_000))], brands=av1)
    yield "avif-ispe-small", heif_file([changed(other, ispe=size(16, 16))], brands=av1)
    yield (
        "avif-frames",
        heif_file([Part(other.kind, other.data * 200, other.properties)], brands=av1),
    )
    yield "avif-brand-of-heic", heif_file([other])
    frames = [Image.new("RGB", (16, 16), (i, 0, 0)) for i in range(30)]
    out = BytesIO()
    frames[0].save(out, "AVIF", save_all=True, append_images=frames[1:])
    yield "animated-AVIF", out.getvalue()


def _taken(data: bytes, config: bytes, kind: bytes) -> tuple[Part, tuple[int, int]]:
    """The one coded picture of a file that an encoder wrote."""
    properties = {}
    for name in (config, b"ispe", b"clap", b"pixi", b"colr"):
        at = data.find(name)
        if at > 0:
            (length,) = struct.unpack_from(">I", data, at - 4)
            properties[name] = data[at + 4 : at - 4 + length]
    at = data.index(b"mdat")
    stated = struct.unpack_from(">II", properties[b"ispe"], 4)
    return Part(kind, data[at + 4 :], properties), (stated[0], stated[1])


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _meta(
    parts: Sequence[Part], references: Sequence[tuple[bytes, int, Sequence[int]]], start: int
) -> bytes:
    entries, places, links = b"", b"", b""
    properties: list[tuple[bytes, bytes]] = []
    at = start
    for number, part in enumerate(parts, start=1):
        told = b"Exif data\0" if part.kind == b"Exif" else b"\0"
        entries += _box(b"infe", struct.pack(">BxxxHH4s", 2, number, 0, part.kind) + told)
        places += struct.pack(">HHHII", number, 0, 1, at, len(part.data))
        at += len(part.data)
        links += struct.pack(">HB", number, len(part.properties))
        for one in part.properties.items():
            if one not in properties:
                properties.append(one)
            links += struct.pack(">H", 0x8000 | properties.index(one) + 1)
    body = bytes(4) + _box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    body += _box(b"pitm", struct.pack(">xxxxH", 1))
    body += _box(b"iloc", struct.pack(">xxxxHH", 0x4400, len(parts)) + places)
    body += _box(b"iinf", struct.pack(">xxxxH", len(parts)) + entries)
    listed = _box(b"ipco", b"".join(_box(*one) for one in properties))
    linked = _box(b"ipma", struct.pack(">BxxBI", 0, 1, len(parts)) + links)
    body += _box(b"iprp", listed + linked)
    if references:
        named = b"".join(
            _box(kind, struct.pack(f">HH{len(to)}H", origin, len(to), *to))
            for kind, origin, to in references
        )
        body += _box(b"iref", bytes(4) + named)
    return _box(b"meta", body)
