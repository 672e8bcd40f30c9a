"""What a search request carries: a photo's bytes, or JSON; one reader for all three forms."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request

from service.problems import Problem
from vision.photos import Photo, PhotoError, PhotoLimits, decode_photo


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The photo, if any, and the parameters that came with it in the body."""

    photo: bytes | None
    values: Mapping[str, object]


LIMITS = PhotoLimits(max_bytes=12_000_000, max_pixels=50_000_000)
"""As the problem `photo-too-large` and the pages say them; whole decoding has a lower one."""
PHOTO_PROBLEMS = {
    "not-an-image": "not-an-image",
    "unsupported": "not-an-image",
    "truncated": "bad-image",
    "too-large": "photo-too-large",
    "too-many-pixels": "photo-too-large",
    "too-many-frames": "bad-image",
}
"""The decoder's codes → problem types."""


def read_upload(request: Request) -> Upload:
    """Multipart with `photo`, a raw picture, or a JSON object. Problem when it is none of them."""
    kind = (request.mimetype or "").lower()
    if kind == "multipart/form-data":
        file = request.files.get("photo")
        values: dict[str, object] = {k: _single(v) for k, v in request.form.lists()}
        return Upload(photo=file.read() if file is not None else None, values=values)
    if kind == "application/json":
        return Upload(photo=None, values=_json_object(request))
    data = request.get_data(cache=False)
    if data and (kind.startswith("image/") or kind in ("application/octet-stream", "")):
        return Upload(photo=data, values={})
    if data:
        raise Problem("no-photo", f"A body of type {kind!r} is neither a picture nor JSON.")
    return Upload(photo=None, values={})


def decode_upload(data: bytes) -> Photo:
    """The decoded photo; the decoder's refusal becomes the problem of its kind."""
    try:
        return decode_photo(data, LIMITS)
    except PhotoError as error:
        raise Problem(PHOTO_PROBLEMS[str(error.code)], error.message) from None


def decoded_photo(text: str) -> bytes:
    """A picture that came as base64 inside JSON."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Problem("invalid-body", "`photo` is no base64.") from None


def _json_object(request: Request) -> dict[str, object]:
    try:
        document = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise Problem("invalid-body", f"The body is no JSON: {error}.") from None
    if not isinstance(document, dict):
        found = {list: "a list", str: "a text", type(None): "null"}.get(type(document), "a number")
        raise Problem("invalid-body", f"The body is {found}; send a JSON object.")
    return document


def _single(values: list[str]) -> object:
    return values[0] if len(values) == 1 else values
