"""A unit's place in [0, 1), equal to GrowthBook's published hash (versions 1 and 2).

Source: GrowthBook, "Build your own SDK", hashing; FNV-1a, 32 bit (Fowler, Noll, Vo).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_OFFSET = 0x811C9DC5
_MASK = 0xFFFFFFFF
_AT_ONCE = 32
"""Code units between two reductions to 32 bits: a short number grown long costs less than many masks."""


def fnv1a32(text: str, start: int = _OFFSET) -> int:
    """FNV-1a over the text's UTF-16 code units, 32 bits, as GrowthBook's SDKs compute it."""
    value = start
    codes = text.encode() if text.isascii() else _code_units(text)
    while len(codes) > _AT_ONCE:
        for code in codes[:_AT_ONCE]:
            value = (value ^ code) * 0x01000193
        value &= _MASK
        codes = codes[_AT_ONCE:]
    for code in codes:
        value = (value ^ code) * 0x01000193
    return value & _MASK


def _code_units(text: str) -> Sequence[int]:
    data = text.encode("utf-16-le", "surrogatepass")
    return [low | high << 8 for low, high in zip(data[::2], data[1::2], strict=True)]


@lru_cache(maxsize=1024)
def _after(seed: str) -> int:
    """The hash reads from left to right: where it stands after the seed is the same for all units."""
    return fnv1a32(seed)


@lru_cache(maxsize=256)
def _ends(suffix: str) -> tuple[int, Sequence[int]]:
    """How the hash goes on over an ASCII suffix: its factor, and its end from each low byte.

    Each code changes the low byte alone, so from value v the end is
    (v without its low byte) · primeⁿ + (the end from v's low byte).
    """
    return pow(0x01000193, len(suffix), 1 << 32), [fnv1a32(suffix, low) for low in range(256)]


def place(seed: str, unit: str) -> float:
    """GrowthBook's hash version 2: 0 to 0.9999 in steps of 1/10000, unbiased between experiments."""
    return (fnv1a32(str(fnv1a32(unit, _after(seed)))) % 10_000) / 10_000


def layer_place(layer: str, unit: str) -> float:
    """GrowthBook's namespace hash (version 1): 0 to 0.999 in steps of 1/1000."""
    value = fnv1a32(unit)
    if layer.isascii():
        factor, ends = _ends(f"__{layer}")
        low = value & 0xFF
        return (((value - low) * factor + ends[low]) & _MASK) % 1_000 / 1_000
    return (fnv1a32(f"__{layer}", value) % 1_000) / 1_000
