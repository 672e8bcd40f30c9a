"""k nearest vectors by one bare library, in the process of `souk bench retrieval`'s peer.

Usage: knn_peer.py LIBRARY FOLDER KEPT; the folder holds the columns as NAME.npy. Then one JSON object a line
on standard input:
{"queries": FILE.npy, "filter": {"leaves": [..], "low": 0, "high": 9, "available": true}, "k": 100,
"effort": 128} and for each one on standard output: {"ms": [..], "cpu_ms": [..], "found": [[..], ..]}.
All libraries run on one thread. `effort` is the beam of a graph search, or eight times the cells that are
looked into; exact ones ignore it. What takes long to build is kept in the file KEPT, with what it took.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np

WORTH_KEEPING_S = 10


class Library(Protocol):
    def build(self, vectors: np.ndarray) -> None: ...
    def keep(self, path: str) -> None: ...
    def restore(self, path: str, vectors: np.ndarray) -> None: ...
    def search(self, query: np.ndarray, rows: np.ndarray | None, k: int, effort: int) -> Any:
        """Row numbers; `rows` is the mask of those that pass, None: all."""


class Numpy:
    def build(self, vectors: np.ndarray) -> None:
        self.vectors = vectors

    def keep(self, path: str) -> None:
        np.save(path, self.vectors)

    def restore(self, path: str, vectors: np.ndarray) -> None:
        del path
        self.vectors = vectors

    def search(self, query: np.ndarray, rows: np.ndarray | None, k: int, effort: int) -> Any:
        del effort
        at = None if rows is None else np.flatnonzero(rows)
        scores = (self.vectors if at is None else self.vectors[at]) @ query
        best = np.argpartition(scores, -k)[-k:] if len(scores) > k else np.arange(len(scores))
        best = best[np.argsort(-scores[best])]
        return best if at is None else at[best]


class FaissFlat:
    def __init__(self) -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self.faiss = faiss

    def build(self, vectors: np.ndarray) -> None:
        self.index = self.faiss.IndexFlatIP(vectors.shape[1])
        self.index.add(vectors)

    def keep(self, path: str) -> None:
        self.faiss.write_index(self.index, path)

    def restore(self, path: str, vectors: np.ndarray) -> None:
        del vectors
        self.index = self.faiss.read_index(path)

    def search(self, query: np.ndarray, rows: np.ndarray | None, k: int, effort: int) -> Any:
        found = self.index.search(query[None], k, params=self.parameters(rows, effort))[1][0]
        return found[found >= 0]

    def parameters(self, rows: np.ndarray | None, effort: int) -> Any:
        del effort
        if rows is None:
            return None
        bits = np.packbits(rows, bitorder="little")
        self.kept = self.faiss.IDSelectorBitmap(bits)
        return self.faiss.SearchParameters(sel=self.kept)


class FaissHnsw(FaissFlat):
    def build(self, vectors: np.ndarray) -> None:
        self.index = self.faiss.IndexHNSWFlat(vectors.shape[1], 32, self.faiss.METRIC_INNER_PRODUCT)
        self.index.hnsw.efConstruction = 100
        self.index.add(vectors)

    def parameters(self, rows: np.ndarray | None, effort: int) -> Any:
        if rows is None:
            return self.faiss.SearchParametersHNSW(efSearch=effort)
        bits = np.packbits(rows, bitorder="little")
        self.kept = self.faiss.IDSelectorBitmap(bits)
        return self.faiss.SearchParametersHNSW(efSearch=effort, sel=self.kept)


class FaissIvf(FaissFlat):
    """Four times the square root of the rows as cells, k-means over at most 64 rows a cell."""

    def build(self, vectors: np.ndarray) -> None:
        cells = int(4 * len(vectors) ** 0.5)
        self.index = self.faiss.index_factory(
            vectors.shape[1], f"IVF{cells},Flat", self.faiss.METRIC_INNER_PRODUCT
        )
        sample = np.random.default_rng(0).permutation(len(vectors))[: 64 * cells]
        self.index.train(vectors[np.sort(sample)])
        self.index.add(vectors)

    def parameters(self, rows: np.ndarray | None, effort: int) -> Any:
        cells = min(max(1, effort // 8), self.index.nlist)
        if rows is None:
            return self.faiss.SearchParametersIVF(nprobe=cells)
        bits = np.packbits(rows, bitorder="little")
        self.kept = self.faiss.IDSelectorBitmap(bits)
        return self.faiss.SearchParametersIVF(nprobe=cells, sel=self.kept)


class Hnswlib:
    def build(self, vectors: np.ndarray) -> None:
        import hnswlib

        self.index = hnswlib.Index(space="ip", dim=vectors.shape[1])
        self.index.init_index(max_elements=len(vectors), M=16, ef_construction=100)
        self.index.set_num_threads(1)
        self.index.add_items(vectors)

    def keep(self, path: str) -> None:
        self.index.save_index(path)

    def restore(self, path: str, vectors: np.ndarray) -> None:
        import hnswlib

        self.index = hnswlib.Index(space="ip", dim=vectors.shape[1])
        self.index.load_index(path)
        self.index.set_num_threads(1)

    def search(self, query: np.ndarray, rows: np.ndarray | None, k: int, effort: int) -> Any:
        self.index.set_ef(max(effort, k))
        wanted = k if rows is None else min(k, int(rows.sum()))
        passes = None if rows is None else lambda row: bool(rows[row])
        return self.index.knn_query(query[None], wanted, filter=passes)[0][0]


class Usearch:
    """Its Python API takes no filter: with one, the passing rows are searched exhaustively."""

    def build(self, vectors: np.ndarray) -> None:
        from usearch import index

        self.module, self.vectors = index, vectors
        self.index = index.Index(ndim=vectors.shape[1], metric="ip", dtype="f32")
        self.index.add(np.arange(len(vectors)), vectors, threads=1)

    def keep(self, path: str) -> None:
        self.index.save(path)

    def restore(self, path: str, vectors: np.ndarray) -> None:
        from usearch import index

        self.module, self.vectors = index, vectors
        self.index = index.Index.restore(path)

    def search(self, query: np.ndarray, rows: np.ndarray | None, k: int, effort: int) -> Any:
        if rows is None:
            self.index.expansion_search = max(effort, k)
            return self.index.search(query, k, threads=1).keys
        at = np.flatnonzero(rows)
        found = self.module.search(
            self.vectors[at], query, min(k, len(at)), metric="ip", exact=True, threads=1
        )
        return at[found.keys]


LIBRARIES: dict[str, type[Library]] = {
    "numpy": Numpy,
    "faiss-flat": FaissFlat,
    "faiss-hnsw": FaissHnsw,
    "faiss-ivf": FaissIvf,
    "hnswlib": Hnswlib,
    "usearch": Usearch,
}


def passing(data: Any, wanted: dict[str, Any]) -> np.ndarray | None:
    """The mask of a filter: numpy, as a caller of a bare library has to write it."""
    parts = []
    if wanted.get("leaves") is not None:
        allowed = np.zeros(int(data["leaf"].max()) + 1, bool)
        allowed[wanted["leaves"]] = True
        parts.append(allowed[data["leaf"]])
    if wanted.get("low") is not None:
        parts += [data["price"] >= wanted["low"], data["price"] <= wanted["high"]]
    if wanted.get("available") is not None:
        parts.append(data["available"] == wanted["available"])
    return np.logical_and.reduce(parts) if parts else None


def peak_bytes() -> int:
    """The most memory that this program held (Linux); `getrusage` would count what the parent held too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def ready(library: Library, vectors: np.ndarray, kept: Path) -> dict[str, float]:
    """Build it, or take what an earlier run built; what the build took, and the memory at its peak."""
    told = kept.with_suffix(".json")
    if told.is_file():
        library.restore(str(kept), vectors)
        return dict(json.loads(told.read_text(encoding="ascii")))
    wall, processor = time.perf_counter(), time.process_time()
    library.build(vectors)
    built = {
        "seconds": round(time.perf_counter() - wall, 2),
        "cpu_s": round(time.process_time() - processor, 2),
        "peak_bytes": peak_bytes(),
    }
    if built["seconds"] > WORTH_KEEPING_S:
        library.keep(str(kept))
        told.write_text(json.dumps(built), encoding="ascii")
    return built


def main() -> None:
    library = LIBRARIES[sys.argv[1]]()
    columns = ("vectors", "leaf", "price", "available")
    # mapped: all peers are up at once and share these pages
    data = {c: np.asarray(np.load(Path(sys.argv[2]) / f"{c}.npy", mmap_mode="r")) for c in columns}
    vectors = data["vectors"]
    built = ready(library, vectors, Path(sys.argv[3]))
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("op") == "built":
            print(json.dumps(built), flush=True)
            continue
        walls, processors, found = [], [], []
        for query in np.load(asked["queries"]):
            wall, processor = time.perf_counter(), time.process_time()
            mask = passing(data, asked["filter"])
            hits = library.search(query, mask, asked["k"], asked["effort"])
            walls.append((time.perf_counter() - wall) * 1e3)
            processors.append((time.process_time() - processor) * 1e3)
            found.append([int(i) for i in hits])
        print(json.dumps({"ms": walls, "cpu_ms": processors, "found": found}), flush=True)


if __name__ == "__main__":
    main()
