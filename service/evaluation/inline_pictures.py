"""Small pictures written inside an HTML report, so that the file stands alone."""

from __future__ import annotations

import base64
from html import escape
from io import BytesIO

from PIL import Image

SIDE = 112
STYLE = (
    "<style>body{font:14px sans-serif;margin:2em}img{height:112px;margin:2px}"
    "figure{display:inline-block;margin:4px;vertical-align:top;max-width:130px}"
    "figcaption{font-size:11px}.wrong{outline:3px solid #c33}</style>"
)


def inline_picture(data: bytes | None, label: str, css: str = "") -> str:
    """An `img` element of at most 112 pixels a side; the label alone when there is no picture."""
    if data is None:
        return escape(label)
    with Image.open(BytesIO(data)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((SIDE, SIDE))
    packed = BytesIO()
    small.save(packed, "JPEG", quality=80)
    encoded = base64.b64encode(packed.getvalue()).decode("ascii")
    text = escape(label, quote=True)
    kind = f' class="{escape(css, quote=True)}"' if css else ""
    return f'<img{kind} alt="{text}" title="{text}" src="data:image/jpeg;base64,{encoded}">'


def captioned(picture: str, caption: str) -> str:
    """A picture with a line beneath it."""
    return f"<figure>{picture}<figcaption>{escape(caption)}</figcaption></figure>"
