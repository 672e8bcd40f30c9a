"""A unit's place in [0, 1), equal to GrowthBook's published hash (versions 1 and 2).

Source: GrowthBook, "Build your own SDK", hashing; FNV-1a, 32 bit (Fowler, Noll, Vo).
"""

from __future__ import annotations

_OFFSET = 0x811C9DC5
_PRIME = 0x01000193
_MASK = 0xFFFFFFFF


def fnv1a32(text: str) -> int:
    """FNV-1a over the text's code points, 32 bits, as GrowthBook's SDKs compute it."""
    value = _OFFSET
    for character in text:
        value = ((value ^ ord(character)) * _PRIME) & _MASK
    return value


def place(seed: str, unit: str) -> float:
    """GrowthBook's hash version 2: 0 to 0.9999 in steps of 1/10000, unbiased between experiments."""
    return (fnv1a32(str(fnv1a32(seed + unit))) % 10_000) / 10_000


def layer_place(layer: str, unit: str) -> float:
    """GrowthBook's namespace hash (version 1): 0 to 0.999 in steps of 1/1000."""
    return (fnv1a32(f"{unit}__{layer}") % 1_000) / 1_000
