"""What a HEIC or AVIF file says about itself: its boxes are read, nothing of it is decoded.

Invariants: boxes, places and coded units are counted and bounded; every size that a decoder would
allocate by (the picture's, its grid's, its tiles', that inside the coded data, that of every other
picture of the file) is known and no larger than the main picture's; there is one picture to decode.
Turning and cutting are properties of the file here; EXIF's orientation means nothing in it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vision.coded_sizes import (
    AV1_FRAME,
    AV1_FRAME_HEADER,
    AV1_SEQUENCE,
    HEVC_PICTURES,
    HEVC_SPS,
    Size,
    av1_size,
    hevc_size,
    nal_units,
    obu_units,
)
from vision.photo_findings import FIX, Found, PhotoError, PhotoHeader, truncated

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
AVIF_BRANDS = {b"avif", b"avis"}
SEQUENCE_BRANDS = {b"avis", b"hevc", b"hevx", b"msf1"}
BRANDS = HEIC_BRANDS | AVIF_BRANDS | SEQUENCE_BRANDS | {b"mif1", b"mif2"}
CODECS = {b"hvc1": "HEIC", b"av01": "AVIF"}
METADATA = {b"Exif", b"mime", b"uri "}
MOST_PARTS = 10_000
MOST_UNITS = 5_000
"""A phone's photo of 12 megapixels has 48 tiles, some 700 parts and 300 coded units."""
MOST_FRAMES = 4
"""Frames of one AV1 picture, which may be layers of it."""
ALIGNED = 64
"""Coded pictures are padded to whole blocks, of so many pixels at most."""
ORIENTATIONS = {
    (0, None): 1, (1, None): 8, (2, None): 3, (3, None): 6,
    (0, 0): 4, (1, 0): 5, (2, 0): 2, (3, 0): 7,
    (0, 1): 2, (1, 1): 7, (2, 1): 4, (3, 1): 5,
}  # fmt: skip
"""Quarter turns to the left, then the axis of a mirror, as EXIF's orientation."""


@dataclass(slots=True)
class _Item:
    """One thing in the file: a picture, a tile, metadata."""

    kind: bytes
    at: int
    """Where its kind stands."""
    properties: list[int] = field(default_factory=list)
    """Places in the file's list of properties, from 1."""
    places: list[tuple[int, int]] = field(default_factory=list)
    """Start and end of its bytes in the file."""


@dataclass(slots=True)
class _File:
    data: bytes
    items: dict[int, _Item] = field(default_factory=dict)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    references: dict[bytes, dict[int, tuple[int, ...]]] = field(default_factory=dict)
    primary: int = 0
    parts: int = 0
    """Boxes, places, properties and references read so far."""
    placed: int = 0
    """Bytes of all items together."""

    def count(self, parts: int = 1) -> None:
        self.parts += parts
        if self.parts > MOST_PARTS:
            raise _unsupported(f"has more than {MOST_PARTS} parts")

    def of(self, item: _Item, kind: bytes) -> bytes | None:
        """The item's first property of a kind."""
        for index in item.properties:
            if 0 < index <= len(self.properties) and self.properties[index - 1][0] == kind:
                return self.properties[index - 1][1]
        return None

    def bytes_of(self, item: _Item) -> bytes:
        return b"".join(self.data[start:end] for start, end in item.places)


def is_heif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in BRANDS


def read_heif(data: bytes) -> PhotoHeader:
    """Raises PhotoError, or struct.error and IndexError where the file ends early."""
    file = _File(data)
    brands = _read_boxes(file)
    main = file.items.get(file.primary)
    if main is None:
        raise _damaged("names no main picture")
    tiles = _tiles(file, file.primary)
    kind = _kind(main, tiles, brands)
    size = _size(file, main)
    _check_grid(file, main, tiles, size)
    _check_others(file, size)
    _check_coded(file)
    shown = _cut(file, main, size) if kind == "HEIC" else size
    turns, mirror = _turns(file, main)
    if kind == "HEIC" and turns % 2:
        shown = shown[1], shown[0]  # libheif turns by itself, Pillow's reader of AVIF does not
    return PhotoHeader(
        format=kind, width=shown[0], height=shown[1], frames=1, scans=1,
        orientation=1 if kind == "HEIC" else ORIENTATIONS[turns, mirror],
        essential=_without_metadata(file), cut_from=size[0] * size[1],
    )  # fmt: skip


def _damaged(what: str) -> PhotoError:
    return PhotoError(Found.NOT_AN_IMAGE, f"The HEIC or AVIF file {what}. Save it again.")


def _unsupported(what: str) -> PhotoError:
    return PhotoError(Found.UNSUPPORTED, f"The HEIC or AVIF file {what}. {FIX}")


# ---- boxes


def _boxes(file: _File, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the content of each box."""
    at = start
    while at < end:
        file.count()
        size, kind = struct.unpack_from(">I4s", file.data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", file.data, at + 8)
            head = 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise truncated(f"its part {kind!r} at byte {at} runs past the end")
        yield kind, at + head, at + size
        at += size


def _read_boxes(file: _File) -> set[bytes]:
    """Fill the file's tables; its brands."""
    brands: set[bytes] = set()
    described = False
    for kind, start, end in _boxes(file, 0, len(file.data)):
        if kind == b"ftyp":
            brands = {file.data[at : at + 4] for at in range(start, min(end, start + 256), 4)}
            if file.data[start : start + 4] in SEQUENCE_BRANDS:
                raise _moving()
        elif kind == b"moov":
            raise _moving()
        elif kind == b"meta" and not described:
            described = True
            _read_meta(file, start + 4, end)
    if not described:
        raise truncated("its description is missing")
    return brands


def _moving() -> PhotoError:
    return PhotoError(
        Found.TOO_MANY_FRAMES,
        "The HEIC or AVIF file is a sequence of pictures. Send a still picture.",
    )


def _read_meta(file: _File, start: int, end: int) -> None:
    found = {kind: (begin, over) for kind, begin, over in _boxes(file, start, end)}
    for needed in (b"pitm", b"iinf", b"iloc", b"iprp"):
        if needed not in found:
            raise _damaged(f"lacks its part {needed.decode()!r}")
    begin, _ = found[b"pitm"]
    file.primary = _number(file.data, begin + 4, 4 if file.data[begin] else 2)
    _read_items(file, *found[b"iinf"])
    _read_places(file, found[b"iloc"][0], found.get(b"idat", (0, 0)))
    for kind, begin, over in _boxes(file, *found[b"iprp"]):
        if kind == b"ipco":
            file.properties += [
                (name, file.data[at:to]) for name, at, to in _boxes(file, begin, over)
            ]
        elif kind == b"ipma":
            _read_associations(file, begin)
    if b"iref" in found:
        _read_references(file, *found[b"iref"])


def _number(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise IndexError("a number runs past the end")
    return int.from_bytes(data[at : at + size], "big")


def _read_items(file: _File, start: int, end: int) -> None:
    entries = start + (6 if file.data[start] == 0 else 8)
    for kind, begin, _ in _boxes(file, entries, end):
        version = file.data[begin]
        if kind != b"infe" or version < 2:
            raise _unsupported("describes its pictures in an old way")
        wide = 4 if version == 3 else 2
        at = begin + 4 + wide + 2
        number = _number(file.data, begin + 4, wide)
        file.items[number] = _Item(file.data[at : at + 4], at)


def _read_places(file: _File, start: int, inner: tuple[int, int]) -> None:
    """Where each item's bytes are: in the file, or in the description's own data."""
    data, version = file.data, file.data[start]
    sizes = _number(data, start + 4, 2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    wide = 4 if version == 2 else 2
    at = start + 6 + wide
    for _ in range(_number(data, start + 6, wide)):
        file.count()
        item = file.items.get(_number(data, at, wide))
        at += wide
        method = _number(data, at, 2) & 15 if version else 0
        at += (2 if version else 0) + 2
        base = _number(data, at, base_size)
        count = _number(data, at + base_size, 2)
        at += base_size + 2
        for _ in range(count):
            file.count()
            at += index_size
            offset = base + _number(data, at, offset_size)
            length = _number(data, at + offset_size, length_size)
            at += offset_size + length_size
            if item is not None:
                item.places.append(_place(file, method, offset, length, inner))


def _place(
    file: _File, method: int, offset: int, length: int, inner: tuple[int, int]
) -> tuple[int, int]:
    if method > 1:
        raise _unsupported("keeps pictures inside other ones")
    start, end = (inner[0] + offset, inner[1]) if method else (offset, len(file.data))
    over = start + length if length else end
    if over > end:
        raise truncated(f"a picture's data would end at byte {over} of {end}")
    file.placed += over - start
    if start > over or file.placed > 2 * len(file.data):
        raise _damaged("uses its data more than once")
    return start, over


def _read_associations(file: _File, start: int) -> None:
    data = file.data
    wide = 4 if data[start] else 2
    long = data[start + 3] & 1
    at = start + 8
    for _ in range(_number(data, start + 4, 4)):
        item = file.items.get(_number(data, at, wide))
        count = data[at + wide]
        file.count(1 + count)
        at += wide + 1
        for _ in range(count):
            index = _number(data, at, 2) & 0x7FFF if long else data[at] & 0x7F
            at += 2 if long else 1
            if item is not None:
                item.properties.append(index)


def _read_references(file: _File, start: int, end: int) -> None:
    wide = 4 if file.data[start] else 2
    for kind, begin, over in _boxes(file, start + 4, end):
        origin = _number(file.data, begin, wide)
        count = _number(file.data, begin + wide, 2)
        file.count(count)
        first = begin + wide + 2
        if first + count * wide > over:
            raise truncated("a list of its pictures runs past the end")
        named = tuple(_number(file.data, first + i * wide, wide) for i in range(count))
        file.references.setdefault(kind, {})[origin] = named


# ---- what it holds


def _tiles(file: _File, number: int) -> list[_Item]:
    """Of a picture in tiles, each as often as it is used."""
    if file.items[number].kind != b"grid":
        return []
    named = file.references.get(b"dimg", {}).get(number, ())
    tiles = [file.items[n] for n in named if n in file.items]
    if not tiles or len(tiles) != len(named):
        raise _damaged("lacks tiles of its picture")
    return tiles


def _kind(main: _Item, tiles: list[_Item], brands: set[bytes]) -> str:
    """The format's name; its picture and tiles have one codec, which a brand names too."""
    codecs = {tile.kind for tile in tiles} or {main.kind}
    (codec,) = codecs if len(codecs) == 1 else (b"",)
    if codec not in CODECS:
        raise _unsupported("holds no HEVC or AV1 picture")
    kind = CODECS[codec]
    named = {"HEIC": HEIC_BRANDS, "AVIF": AVIF_BRANDS}
    other = named["AVIF" if kind == "HEIC" else "HEIC"]
    if brands & other and not brands & named[kind]:
        raise _damaged("is of another kind than it says")
    return kind


def _size(file: _File, item: _Item) -> Size:
    stated = file.of(item, b"ispe")
    if stated is None:
        raise _damaged("states no size of a picture")
    width, height = struct.unpack_from(">II", stated, 4)
    return width, height


def _check_grid(file: _File, main: _Item, tiles: list[_Item], size: Size) -> None:
    """A grid's own size is the picture's, and its tiles cover it without many to spare."""
    if not tiles:
        return
    made = file.bytes_of(main)
    wide = 4 if made[1] & 1 else 2
    rows, columns = made[2] + 1, made[3] + 1
    if (_number(made, 4, wide), _number(made, 4 + wide, wide)) != size:
        raise _damaged("states two sizes of its picture")
    sizes = {_size(file, tile) for tile in tiles}
    (across, down) = next(iter(sizes))
    fits = (columns - 1) * across < size[0] <= columns * across
    fits = fits and (rows - 1) * down < size[1] <= rows * down
    if len(sizes) > 1 or len(tiles) != rows * columns or not fits:
        raise _damaged("has tiles that do not make its picture")


def _check_others(file: _File, size: Size) -> None:
    """Nothing that a decoder may look at beside the main picture is larger, or of another making."""
    for number, item in file.items.items():
        if item.kind in CODECS or item.kind == b"grid":
            width, height = _size(file, item)
            if width * height > max(size[0] * size[1], ALIGNED**2):
                raise _damaged("holds a picture that is larger than its main one")
        if item.kind == b"grid" and number != file.primary:
            _check_grid(file, item, _tiles(file, number), _size(file, item))
    attached = file.references.get(b"auxl", {})
    for number, wholes in attached.items():
        item_kind = file.items[number].kind if number in file.items else b""
        if file.primary in wholes and item_kind not in (*CODECS, b"grid"):
            raise _unsupported("has a layer that is no HEVC or AV1 picture")


def _check_coded(file: _File) -> None:
    """The sizes inside the coded data, and one picture in each."""
    left = MOST_UNITS
    for item in file.items.values():
        if item.kind not in CODECS:
            continue
        size = _size(file, item)
        config = file.of(item, b"hvcC" if item.kind == b"hvc1" else b"av1C") or b""
        try:
            found = _hevc(file, item, config) if item.kind == b"hvc1" else _av1(file, item, config)
            pictures, stated = 0, []
            for picture, inside in found:
                pictures += picture
                stated += [inside] if inside else []
                left -= 1
                if left < 0:
                    raise _unsupported("is cut into too many pieces")
        except IndexError:
            raise truncated("the data of a picture ends early") from None
        _check_stated(size, stated)
        if pictures > (1 if item.kind == b"hvc1" else MOST_FRAMES):
            raise PhotoError(
                Found.TOO_MANY_FRAMES,
                f"A picture of the HEIC or AVIF file has {pictures} frames. Send a still picture.",
            )


def _check_stated(size: Size, stated: Iterable[Size]) -> None:
    most = [-(-side // ALIGNED) * ALIGNED for side in size]
    for width, height in stated:
        if width > most[0] or height > most[1]:
            raise _damaged(
                f"states two sizes of a picture: {size[0]} × {size[1]} and {width} × {height}"
            )


def _hevc(file: _File, item: _Item, config: bytes) -> Iterator[tuple[bool, Size | None]]:
    """Of each unit: whether a picture begins with it, and the size that it states."""
    at = 23
    for _ in range(config[22]):
        count = _number(config, at + 1, 2)
        at += 3
        for _ in range(count):
            length = _number(config, at, 2)
            unit = config[at + 2 : at + 2 + length]
            yield False, hevc_size(unit) if unit and unit[0] >> 1 & 0x3F == HEVC_SPS else None
            at += 2 + length
    for kind, unit in nal_units(file.bytes_of(item), (config[21] & 3) + 1):
        begins = kind in HEVC_PICTURES and len(unit) > 2 and unit[2] & 0x80 != 0
        yield begins, hevc_size(unit) if kind == HEVC_SPS else None


def _av1(file: _File, item: _Item, config: bytes) -> Iterator[tuple[bool, Size | None]]:
    for data in (config[4:], file.bytes_of(item)):
        for kind, unit in obu_units(data):
            size = av1_size(unit) if kind == AV1_SEQUENCE else None
            yield kind in (AV1_FRAME_HEADER, AV1_FRAME), size


# ---- how it is shown


def _cut(file: _File, item: _Item, size: Size) -> Size:
    """What the clean aperture leaves."""
    told = file.of(item, b"clap")
    if told is None:
        return size
    width, width_parts, height, height_parts = struct.unpack_from(">IIII", told)
    if not width_parts or not height_parts:
        raise _damaged("is cut by nothing")
    return width // width_parts, height // height_parts


def _turns(file: _File, item: _Item) -> tuple[int, int | None]:
    turned, mirrored = file.of(item, b"irot"), file.of(item, b"imir")
    return (turned[0] & 3 if turned else 0), (mirrored[0] & 1 if mirrored else None)


def _without_metadata(file: _File) -> bytes:
    """The file with its metadata blank and of no kind; what stands elsewhere in it stays in its place."""
    kept = bytearray(file.data)
    for item in file.items.values():
        if item.kind in METADATA:
            kept[item.at : item.at + 4] = b"free"
            for start, end in item.places:
                kept[start:end] = bytes(end - start)
    return bytes(kept)
