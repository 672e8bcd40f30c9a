"""What the C library's allocator is told, where it is glibc's: give back what is freed."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 8 * 1024 * 1024
"""A block as large as this lies on pages of its own, which go back to the system when it is freed."""


def give_back_large_blocks() -> None:
    """Fix the size from which a block has pages of its own; for this process and those it forks.

    Left alone, glibc raises it to that of the largest block ever freed, up to 32 MB: after the first
    large photo every picture is cut from heaps that seldom shrink again, one a thread. Small pictures
    may be: fresh pages for each of them would cost a search two milliseconds.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is not None:
        tell(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back_free_pages() -> None:
    """Whole free pages inside the heaps go back to the system."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
