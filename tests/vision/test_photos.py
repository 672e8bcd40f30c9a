"""Uploads: what is accepted comes out upright, RGB and small; everything else is a PhotoError."""

from __future__ import annotations

import struct
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from catalog.search import WHOLE, Box
from tests.vision.hostile_files import encoded, hostile_files, png, sound_files
from vision.framing import framed
from vision.photos import Photo, PhotoError, PhotoLimits, decode_photo

RED, WHITE = (220, 20, 30), (255, 255, 255)


def two_halves(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, white on the right."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height))
    return image


def near(photo: Photo, x: float, y: float, colour: tuple[int, int, int]) -> bool:
    height, width = photo.pixels.shape[:2]
    found = photo.pixels[int(y * height), int(x * width)].astype(int)
    return bool(np.abs(found - colour).max() < 40)


def refusal(data: bytes, limits: PhotoLimits | None = None) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        decode_photo(data, limits or PhotoLimits())
    return caught.value


@pytest.mark.parametrize("name", sound_files())
def test_every_accepted_kind_decodes(name: str) -> None:
    photo = decode_photo(sound_files()[name])
    assert photo.pixels.shape == (40, 30, 3)
    assert photo.pixels.dtype == np.uint8
    assert (photo.width, photo.height) == (30, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_longest_side_is_bounded_and_the_original_size_kept(kind: str) -> None:
    photo = decode_photo(encoded(two_halves(3000, 1500), kind), PhotoLimits(longest_side=512))
    assert photo.pixels.shape[:2] == (256, 512) or max(photo.pixels.shape) <= 512
    assert (photo.width, photo.height) == (3000, 1500)
    assert near(photo, 0.2, 0.5, RED)
    assert near(photo, 0.8, 0.5, WHITE)


def scene(width: int, height: int) -> Image.Image:
    """Soft shapes with some fine grain, as photos have them."""
    rng = np.random.default_rng(5)
    soft = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    soft = soft.resize((width, height), Image.Resampling.BICUBIC)
    grain = rng.normal(0, 6, (height, width, 1))
    return Image.fromarray((np.asarray(soft) + grain).clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    ("size", "decoded"),
    [((500, 400), (500, 400)), ((1033, 775), (517, 388)), ((775, 1033), (388, 517)),
     ((4032, 3024), (504, 378)), ((2000, 300), (1536, 230))],
)  # fmt: skip
def test_a_jpeg_is_decoded_at_the_fraction_that_the_networks_need(
    size: tuple[int, int], decoded: tuple[int, int]
) -> None:
    photo = decode_photo(encoded(scene(*size), "JPEG", quality=90))
    assert photo.pixels.shape[:2] == decoded[::-1]
    assert (photo.width, photo.height) == size


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_networks_squares_are_alike_whichever_fraction_was_decoded(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(scene(1033, 775), "JPEG", quality=90, exif=exif)
    small, large = decode_photo(data), decode_photo(data, PhotoLimits(enough_side=512))
    assert small.pixels.size * 3 < large.pixels.size
    for side in (64, 160, 224):
        squares = [framed(p.pixels, WHOLE, side).astype(int) for p in (small, large)]
        apart = np.abs(squares[0] - squares[1])
        assert apart.mean() < 1.25
        assert np.quantile(apart, 0.99) <= 4


def test_a_small_box_is_cut_from_sharper_pixels() -> None:
    data = encoded(scene(1033, 775), "JPEG", quality=90)
    photo, whole = decode_photo(data), decode_photo(data, PhotoLimits(enough_side=512))
    assert photo.pixels_for(Box(0.1, 0.1, 0.9, 0.9), 160) is photo.pixels
    small = Box(0.4, 0.4, 0.6, 0.6)
    assert np.array_equal(photo.pixels_for(small, 160), whole.pixels)
    assert whole.pixels_for(small, 160) is whole.pixels


@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [(1, (0.2, 0.5)), (2, (0.8, 0.5)), (3, (0.8, 0.5)), (4, (0.2, 0.5)), (5, (0.5, 0.2)),
     (6, (0.5, 0.2)), (7, (0.5, 0.8)), (8, (0.5, 0.8))],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_orientation_turns_the_picture_upright(
    kind: str, orientation: int, red_at: tuple[float, float]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = decode_photo(encoded(two_halves(), kind, exif=exif))
    sideways = orientation >= 5
    assert (photo.width, photo.height) == ((40, 60) if sideways else (60, 40))
    assert near(photo, *red_at, RED)
    assert near(photo, 1 - red_at[0], 1 - red_at[1], WHITE)


def test_pillow_agrees_on_every_orientation() -> None:
    from PIL import ImageOps

    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (9, 7, 3), dtype=np.uint8))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encoded(noise, "PNG", exif=exif)
        expected = np.asarray(ImageOps.exif_transpose(Image.open(BytesIO(data))))
        assert np.array_equal(decode_photo(data).pixels, expected)


def test_damaged_exif_is_no_reason_to_refuse_a_photo() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = bytearray(encoded(two_halves(), "JPEG", exif=exif))
    at = data.index(b"Exif\0\0")
    data[at + 10 : at + 14] = b"\xff\xff\xff\x7f"
    assert decode_photo(bytes(data)).pixels.shape == (40, 60, 3)


def test_transparent_pixels_become_white() -> None:
    glass = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert near(decode_photo(encoded(glass, "PNG")), 0.5, 0.5, WHITE)
    assert near(decode_photo(encoded(glass, "WEBP", lossless=True)), 0.5, 0.5, WHITE)


def test_palette_with_a_transparent_colour_becomes_white_there() -> None:
    image = two_halves().quantize(4)
    red = image.getpixel((1, 1))
    photo = decode_photo(encoded(image, "PNG", transparency=red))
    assert near(photo, 0.2, 0.5, WHITE)


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    grey = Image.fromarray(np.full((10, 10), 0x8000, dtype=np.uint16))
    assert near(decode_photo(encoded(grey, "PNG")), 0.5, 0.5, (128, 128, 128))


def test_cmyk_keeps_its_colour() -> None:
    assert near(decode_photo(encoded(two_halves().convert("CMYK"), "JPEG")), 0.2, 0.5, RED)


@pytest.mark.parametrize(
    ("name", "code"),
    [("png-50000", "too-many-pixels"), ("png-4-billion", "too-many-pixels"),
     ("png-no-pixels", "not-an-image"), ("webp-canvas", "too-many-pixels"),
     ("webp-lossless", "too-many-pixels"), ("jpeg-65535", "too-many-pixels"),
     ("jpeg-scans", "unsupported"), ("png-frames", "too-many-frames"),
     ("animated-WEBP", "too-many-frames"), ("animated-PNG", "too-many-frames"),
     ("other-GIF", "unsupported"), ("other-TIFF", "unsupported"), ("film", "unsupported"),
     ("svg", "unsupported"), ("text", "not-an-image"), ("empty", "not-an-image"),
     ("heic-brand-alone", "truncated"), ("heic-ispe-huge", "too-many-pixels"),
     ("heic-ispe-4-billion", "too-many-pixels"), ("heic-ispe-small", "not-an-image"),
     ("heic-no-ispe", "not-an-image"), ("heic-clap-of-huge", "too-many-pixels"),
     ("heic-other-huge", "not-an-image"), ("heic-coded-huge", "not-an-image"),
     ("heic-config-huge", "not-an-image"), ("heic-frames", "too-many-frames"),
     ("heic-pieces", "unsupported"), ("heic-overlay", "unsupported"),
     ("heic-jpeg-inside", "unsupported"), ("heic-grid-two-sizes", "not-an-image"),
     ("heic-grid-many-tiles", "not-an-image"), ("heic-grid-huge", "unsupported"),
     ("heic-moving", "too-many-frames"), ("heic-brand-msf1", "too-many-frames"),
     ("heic-brand-of-avif", "not-an-image"), ("heic-many-items", "unsupported"),
     ("heic-place-behind", "truncated"), ("heic-self-reference", "unsupported"),
     ("avif-ispe-huge", "too-many-pixels"), ("avif-ispe-small", "not-an-image"),
     ("avif-frames", "too-many-frames"), ("avif-brand-of-heic", "not-an-image"),
     ("animated-AVIF", "too-many-frames")],
)  # fmt: skip
def test_hostile_file_is_refused_by_its_header_at_once(name: str, code: str) -> None:
    data = dict(hostile_files(rounds=0))[name]
    spent = []
    for _ in range(3):
        start = time.thread_time()
        error = refusal(data)
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.05
    assert error.code == code
    assert error.message.endswith(".")


def test_bytes_are_limited_before_anything_is_read() -> None:
    error = refusal(bytes(2000), PhotoLimits(max_bytes=1000))
    assert error.code == "too-large"


def test_whole_decoding_has_the_lower_pixel_limit() -> None:
    limits = PhotoLimits(max_pixels=3000, max_full_pixels=2000)
    assert refusal(encoded(two_halves(), "PNG"), limits).code == "too-many-pixels"
    assert refusal(encoded(two_halves(), "JPEG", progressive=True), limits).code == (
        "too-many-pixels"
    )
    assert decode_photo(encoded(two_halves(), "JPEG"), limits).width == 60


@pytest.mark.parametrize("name", sound_files())
def test_a_file_cut_in_half_is_called_truncated(name: str) -> None:
    data = sound_files()[name]
    assert refusal(data[: len(data) // 2]).code == "truncated"


def test_text_and_profile_chunks_are_never_inflated() -> None:
    """A PNG's compressed metadata is dropped before the decoder sees it, so its picture decides."""
    row = b"\0" + bytes(12)
    import zlib

    bomb = zlib.compress(bytes(30_000_000), 9)
    data = png(4, 4, *[(b"zTXt", b"k\0\0" + bomb)] * 40, (b"IDAT", zlib.compress(row * 4)))
    start = time.process_time()
    assert decode_photo(data).pixels.shape == (4, 4, 3)
    assert time.process_time() - start < 0.05


def test_no_metadata_reaches_the_decoder() -> None:
    from vision.photo_headers import read_header

    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    for kind in ("JPEG", "PNG"):
        data = encoded(two_halves(), kind, exif=exif)
        assert b"secret" in data
        assert b"secret" not in read_header(data).essential


def test_jpeg_with_bytes_after_its_end_is_accepted() -> None:
    assert decode_photo(encoded(two_halves(), "JPEG") + bytes(1000)).width == 60


def test_truncated_header_value_is_no_crash() -> None:
    data = b"\xff\xd8\xff\xe0" + struct.pack(">H", 2) + b"\xff\xc0" + struct.pack(">H", 4) + b"\0\0"
    assert refusal(data + b"\xff\xd9" * 4).code in {"truncated", "not-an-image"}


def test_hostile_corpus_ends_in_a_photo_or_a_photo_error() -> None:
    """Over 500 files: nothing but PhotoError escapes, and no file takes long."""
    slowest, refused, count = 0.0, 0, 0
    for name, data in hostile_files():
        count += 1
        start = time.process_time()
        try:
            photo = decode_photo(data)
        except PhotoError:
            refused += 1
        else:
            assert photo.pixels.ndim == 3, name
        slowest = max(slowest, time.process_time() - start)
    assert count >= 500
    assert refused >= count // 2
    assert slowest < 0.5
