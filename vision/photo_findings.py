"""What is found out about an upload before it is decoded: a header, or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Found(StrEnum):
    """Why a header is refused; the codes of `PhotoError`."""

    NOT_AN_IMAGE = "not-an-image"
    TRUNCATED = "truncated"
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_MANY_FRAMES = "too-many-frames"
    UNSUPPORTED = "unsupported"


class PhotoError(Exception):
    """An upload that is refused; `message` says what was found and what to send instead."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = str(code)
        self.message = message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PhotoError) and (self.code, self.message) == (
            other.code,
            other.message,
        )

    def __hash__(self) -> int:
        return hash((self.code, self.message))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoHeader:
    """The stored size in pixels (before the EXIF orientation, 1 to 8, is applied)."""

    format: str
    width: int
    height: int
    frames: int
    scans: int
    """Passes over the whole picture: more than 1 in a progressive JPEG."""
    orientation: int
    essential: bytes
    cut_from: int = 0
    """Pixels of what is decoded, where `width` and `height` are a part of it."""

    @property
    def pixels(self) -> int:
        """What is decoded."""
        return max(self.width * self.height, self.cut_from)


FIX = "Send a JPEG, PNG, WebP or AVIF picture."


def truncated(detail: str) -> PhotoError:
    return PhotoError(
        Found.TRUNCATED, f"The picture is cut off: {detail}. Send the file again, whole."
    )
