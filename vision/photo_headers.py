"""What an uploaded file says about itself, read before anything is decoded.

Invariants: nothing here inflates or decodes; the work is bounded by the number of segments, never by
the pixels that a header claims; `essential` holds only what the decoder needs, so that metadata
(place, camera, thumbnails, text chunks, further frames) neither costs anything nor travels on.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from vision.heif_headers import is_heif, read_heif
from vision.photo_findings import FIX, Found, PhotoError, PhotoHeader, truncated

OTHER_FORMATS = (
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"%PDF", "a PDF"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\1\0", "an icon"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"<svg", "an SVG"),
    (b"<?xml", "an XML document"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"PK\3\4", "a ZIP archive"),
)


def read_header(data: bytes) -> PhotoHeader:
    """Recognise the file by its magic bytes. Raises PhotoError when it is no whole picture that is known."""
    if not data:
        raise PhotoError(Found.NOT_AN_IMAGE, f"The file is empty. {FIX}")
    try:
        if data[:3] == b"\xff\xd8\xff":
            return _read_jpeg(data)
        if data[:8] == PNG_MAGIC:
            return _read_png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _read_webp(data)
        if is_heif(data):
            return read_heif(data)
    except (struct.error, IndexError):
        raise truncated("its header ends early") from None
    raise _no_photo(data)


def _no_photo(data: bytes) -> PhotoError:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:16]
    name = "a film or another ISO media file" if data[4:8] == b"ftyp" else None
    for magic, known in OTHER_FORMATS:
        if data.startswith(magic) or start.lower().startswith(magic.lower()):
            name = name or known
    if name is not None:
        return PhotoError(Found.UNSUPPORTED, f"The file is {name}. {FIX}")
    return PhotoError(
        Found.NOT_AN_IMAGE, f"The file starts with {data[:4].hex(' ')}, which is no picture. {FIX}"
    )


# ---- JPEG

SIZE_MARKERS = {0xC0, 0xC1, 0xC2}
"""Start of frame: baseline, extended, progressive; the others are lossless or arithmetic."""
OTHER_SIZE_MARKERS = {0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
NEEDED_MARKERS = SIZE_MARKERS | {0xC4, 0xDB, 0xDD, 0xE0, 0xEE}
"""Tables, restart interval, JFIF, and Adobe's colour transform; the rest is metadata."""


def _read_jpeg(data: bytes) -> PhotoHeader:
    size: tuple[int, int] | None = None
    orientation = 1
    kept = [b"\xff\xd8"]
    for marker, start, end in _jpeg_segments(data):
        body = data[start + 4 : end]
        if marker in SIZE_MARKERS:
            precision, height, width = struct.unpack_from(">BHH", body)
            if precision != 8:
                raise PhotoError(
                    Found.UNSUPPORTED, f"The JPEG has {precision} bits a sample. Save it with 8."
                )
            if size is not None:
                raise PhotoError(Found.NOT_AN_IMAGE, f"The JPEG states its size twice. {FIX}")
            size = width, height
        elif marker in OTHER_SIZE_MARKERS:
            raise PhotoError(
                Found.UNSUPPORTED, "The JPEG is lossless or arithmetic. Save it as a usual JPEG."
            )
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = exif_orientation(body[6:])
        if marker in NEEDED_MARKERS:
            kept.append(data[start:end])
        last = end
    if size is None:
        raise PhotoError(Found.NOT_AN_IMAGE, f"The JPEG states no size before its picture. {FIX}")
    if data.find(b"\xff\xd9", last) < 0:
        raise truncated("the JPEG has no end mark")
    kept.append(data[last:])
    return PhotoHeader(
        format="JPEG", width=size[0], height=size[1], frames=1,
        scans=data.count(b"\xff\xda", last), orientation=orientation, essential=b"".join(kept),
    )  # fmt: skip


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of every segment before the first scan."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise PhotoError(
                Found.NOT_AN_IMAGE, f"The JPEG's header is damaged at byte {at}. Save it again."
            )
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker == 0xDA:
            return
        if marker == 0xD9:
            raise truncated("the JPEG ends before its picture")
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end + 2 > len(data):
            raise truncated("a part of the JPEG's header runs past the end")
        yield marker, at, end
        at = end


# ---- PNG

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
NEEDED_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def _read_png(data: bytes) -> PhotoHeader:
    kept = [PNG_MAGIC]
    frames = orientation = 1
    at = len(PNG_MAGIC)
    kind = b""
    while kind != b"IEND":
        if at + 12 > len(data):
            raise truncated("the PNG has no end chunk")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise truncated(f"the PNG's chunk at byte {at} runs past the end")
        if at == len(PNG_MAGIC) and (kind != b"IHDR" or length != 13):
            raise PhotoError(Found.NOT_AN_IMAGE, f"The PNG does not start with its size. {FIX}")
        if kind == b"acTL":
            (frames,) = struct.unpack_from(">I", data, at + 8)
        elif kind == b"eXIf":
            orientation = exif_orientation(data[at + 8 : end - 4])
        elif kind in NEEDED_CHUNKS:
            kept.append(data[at:end])
        at = end
    width, height = struct.unpack_from(">II", data, len(PNG_MAGIC) + 8)
    return PhotoHeader(
        format="PNG", width=width, height=height, frames=max(1, frames), scans=1,
        orientation=orientation, essential=b"".join(kept),
    )  # fmt: skip


# ---- WebP


def _read_webp(data: bytes) -> PhotoHeader:
    (stated,) = struct.unpack_from("<I", data, 4)
    if stated + 8 > len(data):
        raise truncated(f"the WebP states {stated + 8} bytes and has {len(data)}")
    size: tuple[int, int] | None = None
    frames = 0
    orientation = 1
    for kind, start, end in _webp_chunks(data, stated + 8):
        if kind == b"VP8X":
            size = _uint24(data, start + 4) + 1, _uint24(data, start + 7) + 1
        elif kind == b"VP8 " and size is None:
            width, height = struct.unpack_from("<HH", data, start + 6)
            size = width & 0x3FFF, height & 0x3FFF
        elif kind == b"VP8L" and size is None:
            (bits,) = struct.unpack_from("<I", data, start + 1)
            size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"ANMF":
            frames += 1
        elif kind == b"EXIF":
            orientation = exif_orientation(data[start:end].removeprefix(b"Exif\0\0"))
    if size is None:
        raise PhotoError(Found.NOT_AN_IMAGE, f"The WebP states no size. {FIX}")
    return PhotoHeader(
        format="WEBP", width=size[0], height=size[1], frames=max(1, frames), scans=1,
        orientation=orientation, essential=data,
    )  # fmt: skip


def _webp_chunks(data: bytes, length: int) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= length:
        kind, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > length:
            raise truncated(f"the WebP's chunk at byte {at} runs past the end")
        yield kind, at + 8, at + 8 + size
        at += 8 + size + size % 2


def _uint24(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")


# ---- EXIF


def exif_orientation(tiff: bytes) -> int:
    """Tag 0x0112 of the first directory; 1 (upright) when it is absent or the block is damaged."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (offset,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, offset)
        for entry in range(min(entries, 512)):
            tag, kind, count, value = struct.unpack_from(
                f"{order}HHIH", tiff, offset + 2 + 12 * entry
            )
            if tag == 0x0112 and kind == 3 and count == 1:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
