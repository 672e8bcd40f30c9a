"""HEIC and AVIF: turned and cut once, by the file; every size that a decoder believes is checked before."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.vision.heif_files import (
    CASES,
    Part,
    changed,
    coded,
    coded_avif,
    grid,
    heif_file,
    parameters,
    size,
)
from tests.vision.hostile_files import encoded
from vision import heif_decoding
from vision.coded_sizes import av1_size, hevc_size, nal_units, obu_units
from vision.photo_headers import read_header
from vision.photos import Photo, PhotoError, PhotoLimits, decode_photo

RED, WHITE = (220, 20, 30), (255, 255, 255)
HALVES, STATED = coded("halves.heic")
AVIF = (b"avif", b"mif1", b"avif")


def near(photo: Photo, x: float, y: float, colour: tuple[int, int, int]) -> bool:
    height, width = photo.pixels.shape[:2]
    found = photo.pixels[int(y * height), int(x * width)].astype(int)
    return bool(np.abs(found - colour).max() < 40)


def test_a_heic_photo_decodes() -> None:
    photo = decode_photo((CASES / "halves.heic").read_bytes())
    assert photo.pixels.shape == (96, 128, 3)
    assert near(photo, 0.2, 0.5, RED)
    assert near(photo, 0.8, 0.5, WHITE)
    assert photo.sharper is None


@pytest.mark.parametrize(
    ("turns", "red_at"), [(0, (0.2, 0.5)), (1, (0.5, 0.8)), (2, (0.8, 0.5)), (3, (0.5, 0.2))]
)
def test_a_heic_photo_is_turned_once_whatever_exif_says(
    turns: int, red_at: tuple[float, float]
) -> None:
    """A phone writes the turn into the file and into EXIF; EXIF's means nothing there."""
    exif = Image.Exif()
    exif[0x0112] = 6
    told = Part(b"Exif", bytes(4) + exif.tobytes())
    turned = changed(HALVES, irot=bytes([turns]))
    data = heif_file([turned, told], references=[(b"cdsc", 2, [1])])
    photo = decode_photo(data)
    assert (photo.width, photo.height) == ((96, 128) if turns % 2 else (128, 96))
    assert photo.pixels.shape == (photo.height, photo.width, 3)
    assert near(photo, *red_at, RED)
    assert near(photo, 1 - red_at[0], 1 - red_at[1], WHITE)


def test_a_heic_photo_is_mirrored_and_cut_by_the_file() -> None:
    mirrored = decode_photo(heif_file([changed(HALVES, imir=b"\1")]))
    assert near(mirrored, 0.8, 0.5, RED)
    clap = struct.pack(">IIIIiIiI", 60, 1, 96, 1, -34, 1, 0, 1)
    cut = decode_photo(heif_file([changed(HALVES, clap=clap)]))
    assert (cut.width, cut.height) == (60, 96)
    assert near(cut, 0.9, 0.5, RED)


@pytest.mark.parametrize("wanted", [(128 * 3, 96 * 2), (128 * 3 - 20, 96 * 2 - 10)])
def test_a_photo_in_tiles_decodes_as_phones_write_it(wanted: tuple[int, int]) -> None:
    photo = decode_photo(grid(HALVES, 2, 3, wanted))
    assert (photo.width, photo.height) == wanted
    for column in range(3):
        x = (column * 128 + 20) / wanted[0]
        assert near(photo, x, 0.2, RED)
        assert near(photo, x, 0.9, RED)
        assert near(photo, (column * 128 + 100) / wanted[0], 0.9, WHITE)


def test_a_grid_must_be_covered_by_its_tiles_and_by_no_more() -> None:
    for rows, columns in ((2, 2), (2, 4), (3, 3)):
        with pytest.raises(PhotoError, match="tiles that do not make"):
            decode_photo(grid(HALVES, rows, columns, (128 * 3, 96 * 2)))


def test_tiles_of_unlike_sizes_are_refused() -> None:
    made = struct.pack(">BBBBHH", 0, 0, 0, 1, 256, 96)
    main = Part(b"grid", made, {b"ispe": size(256, 96)})
    tiles = [HALVES, changed(HALVES, ispe=size(128, 112))]
    with pytest.raises(PhotoError, match="tiles that do not make"):
        decode_photo(heif_file([main, *tiles], references=[(b"dimg", 1, [2, 3])]))


@pytest.mark.parametrize("kind", [b"Exif", b"mime"])
def test_no_metadata_reaches_the_decoder(kind: bytes) -> None:
    told = Part(kind, b"\0\0\0\6Exif\0\0 a secret place")
    data = heif_file([HALVES, told], references=[(b"cdsc", 2, [1])])
    assert b"secret" in data
    essential = read_header(data).essential
    assert b"secret" not in essential
    assert len(essential) == len(data)
    assert near(decode_photo(data), 0.2, 0.5, RED)


def test_an_avif_keeps_none_either() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    data = encoded(Image.new("RGB", (40, 30), RED), "AVIF", exif=exif, xmp=b"<x>secret</x>")
    assert data.count(b"secret") == 2
    assert b"secret" not in read_header(data).essential
    assert near(decode_photo(data), 0.5, 0.5, RED)


def test_exif_alone_turns_no_avif() -> None:
    """By the standard the file's own property turns, and nothing else."""
    exif = Image.Exif()
    exif[0x0112] = 6
    image, _ = coded_avif(Image.new("RGB", (40, 30), RED))
    told = Part(b"Exif", bytes(4) + exif.tobytes())
    data = heif_file([image, told], brands=AVIF, references=[(b"cdsc", 2, [1])])
    assert decode_photo(data).pixels.shape == (30, 40, 3)


def test_transparent_pixels_of_an_avif_become_white() -> None:
    glass = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert near(decode_photo(encoded(glass, "AVIF")), 0.5, 0.5, WHITE)


def test_whole_decoding_has_the_lower_pixel_limit() -> None:
    limits = PhotoLimits(max_pixels=20_000, max_full_pixels=10_000)
    with pytest.raises(PhotoError) as caught:
        decode_photo((CASES / "halves.heic").read_bytes(), limits)
    assert caught.value.code == "too-many-pixels"


def test_without_the_extra_a_heic_photo_is_refused_with_the_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(heif_decoding, "reads_heic", lambda: False)
    with pytest.raises(PhotoError) as caught:
        decode_photo((CASES / "halves.heic").read_bytes())
    assert caught.value.code == "unsupported"
    assert "pip install '.[heif]'" in caught.value.message
    assert "Send a JPEG, PNG, WebP or AVIF picture." in caught.value.message
    assert decode_photo(encoded(Image.new("RGB", (40, 30), RED), "AVIF")).width == 40


def test_a_photo_that_crashes_its_decoder_is_refused_and_nothing_else_happens() -> None:
    """The library's reader of colour profiles takes the whole process along for this one."""
    with pytest.raises(PhotoError, match="its decoder crashed"):
        decode_photo((CASES / "crash.heic").read_bytes())


def test_a_photo_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heif_decoding, "LONGEST_S", 0.001)
    with pytest.raises(PhotoError, match="takes too long"):
        decode_photo((CASES / "halves.heic").read_bytes())


def test_a_photo_that_wants_more_memory_than_it_may_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child.py"
    text = heif_decoding.CHILD.read_text(encoding="utf-8")
    child.write_text(text.replace("MEMORY_BYTES = 1 << 30", "MEMORY_BYTES = 1 << 24"))
    monkeypatch.setattr(heif_decoding, "CHILD", child)
    with pytest.raises(PhotoError) as caught:
        decode_photo((CASES / "halves.heic").read_bytes())
    assert caught.value.code == "not-an-image"


def test_a_large_heic_photo_comes_small() -> None:
    photo = decode_photo(grid(HALVES, 2, 3, (384, 192)), PhotoLimits(longest_side=96))
    assert photo.pixels.shape == (48, 96, 3)
    assert (photo.width, photo.height) == (384, 192)


def test_sizes_inside_coded_data_are_read() -> None:
    assert hevc_size(parameters(4032, 3024)) == (4032, 3024)
    assert hevc_size(parameters(2**31, 1)) == (2**31, 1)
    image, _ = coded_avif(Image.new("RGB", (1000, 700), RED))
    sizes = [av1_size(unit) for kind, unit in obu_units(image.data) if kind == 1]
    assert sizes == [(1000, 700)]
    kinds = [kind for kind, _ in nal_units(HALVES.data, 4)]
    assert sum(kind < 32 for kind in kinds) == 1


@pytest.mark.parametrize("length", range(0, 40, 3))
def test_a_parameter_set_that_ends_early_is_an_index_error(length: int) -> None:
    with pytest.raises(IndexError):
        hevc_size(parameters(4032, 3024)[:length][:17])
