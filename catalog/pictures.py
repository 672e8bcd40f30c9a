"""Pictures: where an import finds them (folder, zip, tar), and where the workspace keeps them.

The store names a file by its content, so that the same picture is kept once, a changed picture gets
a new name, and a file that stands under its name is whole: it is written beside and then moved.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from PIL import Image, UnidentifiedImageError

Member = TypeVar("Member")

MAX_BYTES = 40 * 2**20
MAX_PIXELS = 80_000_000
EXTENSIONS = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
}
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
"""What Pillow may try; a camera's MPO opens as JPEG."""


class PictureError(ValueError):
    """A picture that cannot be used; the message is one clause that says why."""


class PictureSource(Protocol):
    """Where an import's pictures come from."""

    def read(self, name: str) -> bytes | None:
        """The picture's bytes; None when there is none of this name. PictureError when too large."""
        ...

    def close(self) -> None:
        """Let go of the archive."""
        ...


@dataclass(slots=True)
class FolderPictures:
    """Pictures as files below one folder; names that lead out of it do not exist."""

    folder: Path

    def read(self, name: str) -> bytes | None:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            return None
        _refuse_large(path.stat().st_size)
        return path.read_bytes()

    def close(self) -> None:
        """Nothing is held."""


class ZipPictures:
    """Members of a zip by their path, or by their bare file name where that is unique."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise PictureError(f"{path} is no zip file ({error}). Pack it again.") from error
        self._members = _by_name(
            {info.filename: info for info in self._archive.infolist() if not info.is_dir()}
        )

    def read(self, name: str) -> bytes | None:
        info = self._members.get(name)
        if info is None:
            return None
        _refuse_large(info.file_size)
        try:
            return self._archive.read(info)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
            raise PictureError(f"it cannot be unpacked ({error})") from error

    def close(self) -> None:
        self._archive.close()


class TarPictures:
    """Members of a tar, plain or compressed, as in a zip. A compressed tar is slow in random order."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = tarfile.open(path)  # noqa: SIM115 (lives as long as the import)
            members = {info.name: info for info in self._archive if info.isfile()}
        except tarfile.TarError as error:
            raise PictureError(f"{path} is no tar file ({error}). Pack it again.") from error
        self._members = _by_name(members)

    def read(self, name: str) -> bytes | None:
        info = self._members.get(name)
        if info is None:
            return None
        _refuse_large(info.size)
        stream = self._archive.extractfile(info)
        return None if stream is None else stream.read()

    def close(self) -> None:
        self._archive.close()


@dataclass(frozen=True, slots=True)
class ManyPictures:
    """Several sources; the first that has the name gives the picture."""

    sources: tuple[PictureSource, ...]

    def read(self, name: str) -> bytes | None:
        for source in self.sources:
            data = source.read(name)
            if data is not None:
                return data
        return None

    def close(self) -> None:
        for source in self.sources:
            source.close()


def open_pictures(path: Path) -> PictureSource:
    """The source for a folder, a .zip or a tar. PictureError when it is none of them."""
    if path.is_dir():
        return FolderPictures(path)
    if zipfile.is_zipfile(path):
        return ZipPictures(path)
    if path.is_file() and tarfile.is_tarfile(path):
        return TarPictures(path)
    raise PictureError(f"{path} is no folder, zip or tar. Point `pictures` at one.")


@dataclass(slots=True)
class PictureStore:
    """The workspace's pictures, named by content."""

    folder: Path
    _made: bool = field(default=False, repr=False)

    def put(self, data: bytes) -> str:
        """Keep the picture and return its name. PictureError when it is no picture, or broken."""
        extension = EXTENSIONS[_format_of(data)]
        name = hashlib.sha256(data).hexdigest()[:32] + extension
        path = self.folder / name
        if path.is_file() and path.stat().st_size == len(data):
            return name
        if not self._made:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._made = True
        beside = path.with_name(f".{name}.{os.getpid()}")
        beside.write_bytes(data)
        beside.replace(path)
        return name

    def path(self, name: str) -> Path:
        """Where the picture of this name is; FileNotFoundError for a name with a folder in it."""
        if PurePosixPath(name).name != name or name in {"", ".", ".."}:
            raise FileNotFoundError(name)
        return self.folder / name


def _format_of(data: bytes) -> str:
    """The format of a picture that decodes to its end; large JPEGs decode at an eighth."""
    _refuse_large(len(data))
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureError(f"it has {image.width} × {image.height} pixels, too many")
            kind = image.format or ""
            image.draft("RGB", (32, 32))
            image.load()
    except UnidentifiedImageError as error:
        raise PictureError("it is no JPEG, PNG, WebP, GIF or BMP") from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"it is broken ({error})") from error
    return kind


def _refuse_large(size: int) -> None:
    if size > MAX_BYTES:
        raise PictureError(f"it has {size:,} bytes, more than {MAX_BYTES:,}")


def _by_name(members: Mapping[str, Member]) -> dict[str, Member]:
    by_name: dict[str, Member] = {}
    for path, member in members.items():
        by_name.setdefault(PurePosixPath(path).name, member)
    return {**by_name, **members}
