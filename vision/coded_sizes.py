"""The size that a coded picture states inside itself: HEVC's sequence parameter sets, AV1's sequence headers.

Decoders allocate by it, whatever the file around it says. Only as much is read as stands before the size.
"""

from __future__ import annotations

from collections.abc import Iterator

Size = tuple[int, int]

HEVC_PICTURES = range(32)
"""NAL units of slices; the others are parameters and messages."""
HEVC_SPS = 33
AV1_SEQUENCE, AV1_FRAME_HEADER, AV1_FRAME = 1, 3, 6
_SPS_BYTES = 256
"""The size stands in the first hundred bytes of a parameter set."""


class Bits:
    """Bits of some bytes, highest first; IndexError behind the last."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise IndexError("the bits end early")
        return (self._value >> self._left) & ((1 << count) - 1)

    def exp_golomb(self) -> int:
        """HEVC's ue(v) and AV1's uvlc()."""
        zeros = 0
        while self.take(1) == 0:
            zeros += 1
            if zeros > 32:
                raise IndexError("a number of more than 32 bits")
        return (1 << zeros) - 1 + self.take(zeros)


def hevc_size(sps: bytes) -> Size:
    """Width and height of a sequence parameter set, its two header bytes included."""
    bits = Bits(sps[:_SPS_BYTES].replace(b"\0\0\3", b"\0\0"))
    bits.take(16 + 4)
    sublayers = bits.take(3)
    bits.take(1 + 96)
    present = [(bits.take(1), bits.take(1)) for _ in range(sublayers)]
    if sublayers:
        bits.take(2 * (8 - sublayers))
    for profile, level in present:
        bits.take(88 * profile + 8 * level)
    bits.exp_golomb()
    if bits.exp_golomb() == 3:
        bits.take(1)
    return bits.exp_golomb(), bits.exp_golomb()


def av1_size(sequence: bytes) -> Size:
    """The largest width and height of a sequence header's frames, without its unit's header."""
    bits = Bits(sequence[:_SPS_BYTES])
    bits.take(3 + 1)
    if bits.take(1):
        bits.take(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return bits.take(width_bits) + 1, bits.take(height_bits) + 1


def _skip_operating_points(bits: Bits) -> None:
    model = delay_bits = 0
    if bits.take(1):
        bits.take(64)
        if bits.take(1):
            bits.exp_golomb()
        model = bits.take(1)
        if model:
            delay_bits = bits.take(5) + 1
            bits.take(32 + 5 + 5)
    delays = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if model and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if delays and bits.take(1):
            bits.take(4)


def nal_units(data: bytes, length_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Type and start of each NAL unit, each behind its length. IndexError where one runs past the end."""
    at = 0
    while at < len(data):
        start = at + length_bytes
        end = start + int.from_bytes(data[at:start], "big")
        if end > len(data) or end < start + 2:
            raise IndexError("a unit runs past the end")
        yield data[start] >> 1 & 0x3F, data[start : min(end, start + _SPS_BYTES)]
        at = end


def obu_units(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and start of the payload of each AV1 unit. IndexError where one runs past the end."""
    at = 0
    while at < len(data):
        head = data[at]
        start = at + 2 if head & 4 else at + 1
        end = len(data)
        if head & 2:
            length, start = _leb128(data, start)
            end = start + length
        if end > len(data):
            raise IndexError("a unit runs past the end")
        yield head >> 3 & 0xF, data[start : min(end, start + _SPS_BYTES)]
        at = end


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for byte in range(8):
        value |= (data[at + byte] & 0x7F) << 7 * byte
        if not data[at + byte] & 0x80:
            return value, at + byte + 1
    raise IndexError("a length of more than eight bytes")
