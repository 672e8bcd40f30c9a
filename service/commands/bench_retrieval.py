"""`souk bench retrieval`: the embedded index beside bare libraries, in interleaved rounds."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from retrieval.embedded import EmbeddedIndex
from retrieval.versions import build_embedded
from service.bench_catalogue import BenchCatalogue, make_catalogue, row_of
from service.bench_timing import load, machine, percentiles
from service.bench_truth import TASKS, Task, recall, truth
from service.cli import CommandError
from service.commands.catalog_workspace import print_json, progress
from service.peers import FOLDER, Peer, PeerError, peer_python

LIBRARIES = {
    "numpy": None,
    "faiss-flat": "faiss",
    "faiss-hnsw": "faiss",
    "faiss-ivf": "faiss",
    "hnswlib": "hnswlib",
    "usearch": "usearch",
}
"""Library → its pins under `benchmarks/peers`; None: this environment's own."""
EFFORTFUL = ("faiss-hnsw", "faiss-ivf", "hnswlib", "usearch")
EFFORTS = (128, 256, 512, 1024, 2048, 4096, 8192)
"""Beams of a graph search (eight times the cells of an inverted file), until the recall is reached."""
RECALL = 0.99
PRIMARY = "leaves"


@dataclass(slots=True)
class Measured:
    """Times of one engine at one task over all rounds, and what it found last."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    found: Sequence[Sequence[int]] = ()
    effort: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What building took; bytes are files that souk maps, the peak of a peer's process."""

    seconds: float
    cpu_s: float
    bytes: int


Search = Callable[[Task, int], Measured]
"""One round of all queries; the effort is for graph searches."""


@click.command()
@click.option("--products", default=100_000, show_default=True, type=click.IntRange(1000))
@click.option("--queries", default=100, show_default=True, type=click.IntRange(1))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--k", default=100, show_default=True, type=click.IntRange(1, 1000))
@click.option("--seed", default=0, show_default=True)
@click.option("--peers", default=",".join(LIBRARIES), show_default=True, help="Comma-separated.")
@click.option(
    "--cache",
    default=Path.home() / ".cache" / "souk" / "peers",
    type=click.Path(path_type=Path),
    help="Where the peers' environments are kept.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def retrieval(
    products: int,
    queries: int,
    rounds: int,
    k: int,
    seed: int,
    peers: str,
    cache: Path,
    *,
    as_json: bool,
) -> None:
    """The embedded index beside bare libraries, at equal recall, on one thread."""
    names = [name for name in peers.split(",") if name]
    unknown = sorted(set(names) - set(LIBRARIES))
    if unknown:
        raise CommandError(f"{unknown[0]} is no peer. Known: {', '.join(LIBRARIES)}.")
    made = make_catalogue(products, queries=queries, seed=seed)
    try:
        with _engines(made, names, cache, k) as (engines, builds):
            measured = _measure(engines, made, rounds, k)
    except PeerError as error:
        raise CommandError(str(error)) from None
    tables = {task.name: _table(measured[task.name], truth(made, task, k)) for task in TASKS}
    document = {
        "machine": machine(),
        "load": load(),
        "products": products,
        "queries": queries,
        "rounds": rounds,
        "k": k,
        "seed": seed,
        "built": {name: asdict(built) for name, built in builds.items()},
        "souk": tables[PRIMARY]["souk"],
        "peers": {name: tables[PRIMARY][name] for name in names},
        "ratios": {name: _ratios(table) for name, table in tables.items()},
        "tasks": tables,
    }
    if as_json:
        print_json(document)
        return
    click.echo(json.dumps(document, indent=1))


@contextmanager
def _engines(
    made: BenchCatalogue, names: Sequence[str], cache: Path, k: int
) -> Iterator[tuple[dict[str, Search], dict[str, Built]]]:
    """Engines, and what building them took: the index in this process, each peer in its own.

    What a peer built of the same vectors in an earlier run is taken from the cache.
    """
    cache.mkdir(parents=True, exist_ok=True)
    vectors = hashlib.sha256(made.vectors.tobytes()).hexdigest()[:12]
    with TemporaryDirectory(prefix="souk-bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        columns = folder / "columns"
        columns.mkdir()
        for name in ("vectors", "leaf", "price", "available"):
            np.save(columns / f"{name}.npy", getattr(made, name))
        np.save(folder / "queries.npy", made.queries)
        wall, processor = time.perf_counter(), time.process_time()
        build_embedded({"in": made.records()}, folder, id="bench", model="m", taxonomy="t")
        builds = {
            "souk": Built(
                seconds=round(time.perf_counter() - wall, 2),
                cpu_s=round(time.process_time() - processor, 2),
                bytes=_bytes(folder / "bench"),
            )
        }
        engines: dict[str, Search] = {"souk": _souk(EmbeddedIndex.open(folder), made, k)}
        for name in names:
            pins = LIBRARIES[name]
            python = Path(sys.executable) if pins is None else peer_python(pins, cache)
            kept = cache / f"{name}-{vectors}.kept"
            script = FOLDER / "knn_peer.py"
            peer = stack.enter_context(Peer(name, python, script, name, str(columns), str(kept)))
            told = peer.ask({"op": "built"})
            builds[name] = Built(
                seconds=_number(told["seconds"]),
                cpu_s=_number(told["cpu_s"]),
                bytes=round(_number(told["peak_bytes"])),
            )
            engines[name] = _bare(peer, folder / "queries.npy", k)
        yield engines, builds


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.npy"))


def _souk(index: EmbeddedIndex, made: BenchCatalogue, k: int) -> Search:
    """Whole answers: candidates with their listings and vectors, totals and reasons."""

    def search(task: Task, effort: int) -> Measured:
        del effort
        measured, found = Measured(), []
        for query in made.queries:
            wall, processor = time.perf_counter(), time.process_time()
            hits = index.nearest(query, task.filters, k)
            measured.wall_ms.append((time.perf_counter() - wall) * 1e3)
            measured.cpu_ms.append((time.process_time() - processor) * 1e3)
            found.append([row_of(c.product_id) for c in hits.candidates])
        measured.found = found
        return measured

    return search


def _bare(peer: Peer, queries: Path, k: int) -> Search:
    """Row numbers only."""

    def search(task: Task, effort: int) -> Measured:
        answer = peer.ask(
            {"queries": str(queries), "filter": task.bare, "k": k, "effort": max(effort, k)}
        )
        return Measured(
            wall_ms=[_number(ms) for ms in _listed(answer["ms"])],
            cpu_ms=[_number(ms) for ms in _listed(answer["cpu_ms"])],
            found=[[int(str(i)) for i in _listed(found)] for found in _listed(answer["found"])],
        )

    return search


def _measure(
    engines: Mapping[str, Search], made: BenchCatalogue, rounds: int, k: int
) -> dict[str, dict[str, Measured]]:
    """Task → engine → times; within a round the engines take turns, and the first one changes."""
    measured: dict[str, dict[str, Measured]] = {}
    with progress("rounds", len(TASKS) * rounds) as tick:
        for task in TASKS:
            exact = truth(made, task, k)
            efforts = {name: _effort(search, task, exact) for name, search in engines.items()}
            of_task = {name: Measured(effort=efforts[name]) for name in engines}
            order = list(engines)
            for turn in range(rounds):
                at = turn % len(order)
                for name in (*order[at:], *order[:at]):
                    once = engines[name](task, efforts[name])
                    of_task[name].wall_ms += once.wall_ms
                    of_task[name].cpu_ms += once.cpu_ms
                    of_task[name].found = once.found
                tick(1)
            measured[task.name] = of_task
    return measured


def _effort(search: Search, task: Task, exact: Sequence[Sequence[int]]) -> int:
    """The least that reaches the recall; also warms up."""
    for effort in EFFORTS:
        if recall(search(task, effort).found, exact) >= RECALL:
            return effort
    return EFFORTS[-1]


def _table(
    measured: Mapping[str, Measured], exact: Sequence[Sequence[int]]
) -> dict[str, dict[str, float | int | None]]:
    return {
        name: {
            **percentiles(times.wall_ms),
            "cpu_p50_ms": round(float(np.median(times.cpu_ms)), 3),
            "recall": round(recall(times.found, exact), 4),
            "effort": times.effort if name in EFFORTFUL else None,
        }
        for name, times in measured.items()
    }


def _ratios(table: Mapping[str, Mapping[str, float | int | None]]) -> dict[str, float]:
    """The index's times over those of the quickest peer that reaches the recall."""
    peers = [times for name, times in table.items() if name != "souk" and _reached(times["recall"])]
    return {
        figure: round(_number(table["souk"][figure]) / min(_number(p[figure]) for p in peers), 3)
        for figure in ("p50_ms", "p95_ms", "cpu_p50_ms")
        if peers
    }


def _reached(recall: float | None) -> bool:
    return recall is not None and recall >= RECALL


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise PeerError(f"a peer answered {value!r} where a list was due")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise PeerError(f"a peer answered {value!r} where a number was due")
    return float(value)
