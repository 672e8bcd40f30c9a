"""What tells most rows of a segment apart from the nearest without reading their vectors.

Vectors of real things spend most of their length along few directions. A row keeps its first numbers
along the segment's principal directions and the length of what is left; by the inequality of
Cauchy and Schwarz their product with a query's is never less than the true dot product. Rows whose bound
is below the k-th best score found so far are out, so that the answer stays exact:

    x·q = Σ_{i<m} xᵢqᵢ + Σ_{i≥m} xᵢqᵢ ≤ Σ_{i<m} xᵢqᵢ + |x_{≥m}| |q_{≥m}|
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.products import Vector

COARSE, FINER = 23, 30
"""Directions of the two bounds; with the lengths of the rest their rows are a few cache lines."""
WORTH = 1024
"""Fewer rows than this are compared whole as quickly."""
BLOCK = 65_536
"""Rows that are turned at once: building needs memory for these only."""
SAMPLE = 4096
OVERSHOT = 5
"""How many times k rows are scored to find where to cut: more cost their reading, fewer cut too low."""
ROUNDING = 1e-6
"""What single precision may take from a square: a rest counts as that much longer, never as shorter."""
SLACK = 2e-5
"""What single precision may take from a bound."""

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
_NAMES = ("basis", "coarse", "finer")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as the two bounds need it."""

    coarse: Floats
    finer: Floats


@dataclass(frozen=True, slots=True)
class Sketch:
    """Of n rows."""

    basis: Floats
    """(128, COARSE + FINER): the principal directions."""
    coarse: Floats
    """(n, COARSE + 1): the first directions, and the length of the rest."""
    finer: Floats
    """(n, FINER + 2): the next directions, the length of the rest behind them, and again the coarse one."""

    @classmethod
    def of(cls, vectors: Floats) -> Sketch:
        width = vectors.shape[1]
        covariance = np.zeros((width, width), np.float64)
        for start in range(0, len(vectors), BLOCK):
            part = vectors[start : start + BLOCK].astype(np.float64)
            covariance += part.T @ part
        directions = np.linalg.eigh(covariance)[1][:, ::-1]
        basis = np.ascontiguousarray(directions[:, : COARSE + FINER], dtype=np.float32)
        coarse = np.empty((len(vectors), COARSE + 1), np.float32)
        finer = np.empty((len(vectors), FINER + 2), np.float32)
        for start in range(0, len(vectors), BLOCK):
            block = slice(start, start + BLOCK)
            coarse[block], finer[block] = _parts(vectors[block], basis)
        return cls(basis, coarse, finer)

    @classmethod
    def map(cls, folder: Path) -> Sketch | None:
        """The sketch that `write` left there, mapped read-only; None when there is none."""
        paths = [folder / f"sketch-{name}.npy" for name in _NAMES]
        if not all(path.is_file() for path in paths):
            return None
        return cls(*(np.asarray(np.load(path, mmap_mode="r")) for path in paths))

    def write(self, folder: Path) -> None:
        for name in _NAMES:
            np.save(folder / f"sketch-{name}.npy", getattr(self, name), allow_pickle=False)

    def asked(self, vector: Vector) -> Asked:
        turned = vector @ self.basis
        whole = float(vector @ vector)
        first = whole - float(turned[:COARSE] @ turned[:COARSE])
        rests = _lengths(np.array([first, whole - float(turned @ turned)]))
        coarse, finer = np.empty(COARSE + 1, np.float32), np.empty(FINER + 2, np.float32)
        coarse[:-1], coarse[-1] = turned[:COARSE], rests[0]
        # the last one takes back what the first bound says of the rest
        finer[:-2], finer[-2], finer[-1] = turned[COARSE:], rests[1], -rests[0]
        return Asked(coarse=coarse, finer=finer)

    def tightened(self, bounds: Floats, rows: Rows, asked: Asked) -> Floats:
        """The second bound of rows from their first."""
        return bounds + self.finer.take(rows, axis=0) @ asked.finer


def promising(bounds: Floats, k: int) -> Rows:
    """Sorted positions of some of the highest bounds, at least k of them; not all, not exactly the best."""
    stride = max(1, len(bounds) // SAMPLE)
    sample = bounds[::stride]
    place = min(len(sample), OVERSHOT * k // stride + 1)
    edge = np.partition(sample, len(sample) - place)[len(sample) - place]
    found = np.flatnonzero(bounds >= edge)
    if len(found) >= k:
        return found
    return np.sort(np.argpartition(bounds, len(bounds) - k)[len(bounds) - k :])


def _parts(vectors: Floats, basis: Floats) -> tuple[Floats, Floats]:
    turned = vectors @ basis
    squares = np.cumsum(turned.astype(np.float64) ** 2, axis=1)
    whole = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    rests = _lengths(whole[:, None] - squares[:, [COARSE - 1, -1]])
    coarse = np.concatenate([turned[:, :COARSE], rests[:, :1]], axis=1, dtype=np.float32)
    finer = np.concatenate([turned[:, COARSE:], rests[:, ::-1]], axis=1, dtype=np.float32)
    return coarse, finer


def _lengths(squares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sqrt(np.maximum(0.0, squares) + ROUNDING))
