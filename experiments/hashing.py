"""A unit's place in [0, 1), equal to GrowthBook's published hash (versions 1 and 2).

Source: GrowthBook, "Build your own SDK", hashing; FNV-1a, 32 bit (Fowler, Noll, Vo).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_OFFSET = 0x811C9DC5
_PRIME = 0x01000193
_MASK = 0xFFFFFFFF


def fnv1a32(text: str, start: int = _OFFSET) -> int:
    """FNV-1a over the text's UTF-16 code units, 32 bits, as GrowthBook's SDKs compute it."""
    value = start
    for code in text.encode() if text.isascii() else _code_units(text):
        value = ((value ^ code) * _PRIME) & _MASK
    return value


def _code_units(text: str) -> Iterator[int]:
    data = text.encode("utf-16-le", "surrogatepass")
    return (low | high << 8 for low, high in zip(data[::2], data[1::2], strict=True))


@lru_cache(maxsize=1024)
def _after(seed: str) -> int:
    """The hash reads from left to right: where it stands after the seed is the same for all units."""
    return fnv1a32(seed)


def place(seed: str, unit: str) -> float:
    """GrowthBook's hash version 2: 0 to 0.9999 in steps of 1/10000, unbiased between experiments."""
    return (fnv1a32(str(fnv1a32(unit, _after(seed)))) % 10_000) / 10_000


def layer_place(layer: str, unit: str) -> float:
    """GrowthBook's namespace hash (version 1): 0 to 0.999 in steps of 1/1000."""
    return (fnv1a32(f"{unit}__{layer}") % 1_000) / 1_000
