"""`souk bench rerank`: what a ranking of 200 candidates takes, beside other ways to score the same trees."""

from __future__ import annotations

import json
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import numpy as np

from catalog.search import Candidate
from ranking.explanation import sentences
from ranking.features import RankingQuery, feature_matrix
from ranking.model_files import MODEL_FILE, RankerError
from ranking.reranker import Reranker
from ranking.simulation import nearest, simulated_market, simulated_query
from service.cli import CommandError
from service.settings import ROOT, load_settings

PEERS = ("onnx", "treelite", "lleaves")
CANDIDATES = 200
SCRIPT = ROOT / "benchmarks" / "rerank_peer.py"


@click.command()
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1))
@click.option("--repeats", default=200, show_default=True, type=click.IntRange(10))
@click.option(
    "--peers", type=click.Path(path_type=Path), default=Path("/tmp/souk-peers"), show_default=True,  # noqa: S108
    help="Folder with one environment a peer: rerank-onnx, rerank-treelite, rerank-lleaves.",
)  # fmt: skip
@click.option("--no-peers", is_flag=True, help="Time souk alone.")
@click.option("--json", "as_json", is_flag=True)
def rerank(rounds: int, repeats: int, peers: Path, *, no_peers: bool, as_json: bool) -> None:
    """Features, score, fold, diversity for 200 simulated candidates, on one thread."""
    folder = load_settings().models / "ranker"
    pythons = {} if no_peers else _pythons(peers)
    try:
        reranker = Reranker.load(folder)
    except RankerError as error:
        raise CommandError(str(error)) from None
    if reranker.degraded:
        raise CommandError(f"{folder} holds no model. Run `souk train ranker` first.")
    candidates, query = _simulated()
    matrix = feature_matrix(candidates, query)
    stages = {
        "features": lambda: feature_matrix(candidates, query),
        "score": lambda: reranker.scorer.score(matrix),
        "features_score_fold_diversity": lambda: reranker.rank(candidates, query, limit=CANDIDATES),
        "explain_10": lambda: _explained(reranker, candidates, query),
    }
    found = {name: timed(call, rounds, repeats) for name, call in stages.items()}
    others = {
        name: _peer(name, python, folder / MODEL_FILE, matrix, rounds, repeats)
        for name, python in pythons.items()
    }
    document = {
        "machine": machine(),
        "rounds": rounds,
        "repeats": repeats,
        "candidates": CANDIDATES,
        "ranker": reranker.version,
        "souk": found["score"],
        "stages": found,
        "peers": others,
        "ratio_to_best_peer": _ratio(found["score"], others),
    }
    click.echo(json.dumps(document) if as_json else json.dumps(document, indent=2))


def timed(call: Callable[[], object], rounds: int, repeats: int) -> dict[str, float]:
    """Medians over the rounds of p50, p95 and p99, in milliseconds; the first calls are not counted."""
    for _ in range(20):
        call()
    quantiles = []
    for _ in range(rounds):
        taken = []
        for _ in range(repeats):
            start = time.perf_counter()
            call()
            taken.append((time.perf_counter() - start) * 1e3)
        quantiles.append(np.percentile(taken, [50, 95, 99]))
    p50, p95, p99 = np.median(quantiles, axis=0)
    return {
        "p50_ms": round(float(p50), 4),
        "p95_ms": round(float(p95), 4),
        "p99_ms": round(float(p99), 4),
    }


def machine() -> str:
    """The processor's name as Linux gives it, else the platform's."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.platform()


def _simulated() -> tuple[tuple[Candidate, ...], RankingQuery]:
    market = simulated_market(products=3000, seed=1)
    query, _ = simulated_query(market, seed=2)
    return nearest(market.candidates, query.look.vector, CANDIDATES), query


def _explained(
    reranker: Reranker, candidates: tuple[Candidate, ...], query: RankingQuery
) -> list[tuple[str, ...]]:
    items = reranker.rank(candidates, query, limit=10, explain=True)
    return [sentences(item, "en") for item in items]


def _pythons(peers: Path) -> Mapping[str, Path]:
    """The peers' interpreters; CommandError names what is missing and how to make it."""
    found = {name: peers / f"rerank-{name}" / "bin" / "python" for name in PEERS}
    missing = [name for name, python in found.items() if not python.is_file()]
    if missing or not SCRIPT.is_file():
        names = ", ".join(missing) or SCRIPT.name
        raise CommandError(
            f"no environment for {names} in {peers}. Make each with `python -m venv` from "
            "benchmarks/peers/rerank-*.txt, or pass --no-peers."
        )
    return found


def _peer(
    name: str, python: Path, model: Path, matrix: np.ndarray, rounds: int, repeats: int
) -> dict[str, float]:
    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        np.save(file, matrix)
        file.flush()
        ran = subprocess.run(  # noqa: S603  an interpreter and a script of the caller's own choosing
            [str(python), str(SCRIPT), name, str(model), file.name, str(rounds), str(repeats)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if ran.returncode != 0:
        last = (ran.stderr.strip().splitlines() or ["no message"])[-1]
        raise CommandError(f"peer {name} failed: {last}. See benchmarks/peers/rerank-{name}.txt.")
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _ratio(own: Mapping[str, float], peers: Mapping[str, Mapping[str, float]]) -> float | None:
    best = min((peer["p50_ms"] for peer in peers.values()), default=None)
    return None if best is None else round(own["p50_ms"] / best, 3)
