"""`souk bench rerank`: a ranking of 200 candidates, beside other ways to score the same trees."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
from numpy.typing import NDArray

from catalog.search import Candidate
from ranking.explanation import sentences
from ranking.features import RankingQuery, feature_matrix
from ranking.model_files import MODEL_FILE, RankerError
from ranking.reranker import Reranker
from ranking.simulation import nearest, simulated_market, simulated_query
from rules.campaigns import CompiledCampaigns, Trigger, leading_colours
from rules.loading import load_locales
from rules.pages import RuledPage, ruled_page
from service.bench_timing import load, machine, percentiles
from service.cli import CommandError
from service.peers import FOLDER, Peer, PeerError, peer_python
from service.settings import load_settings

PEERS = {"onnx": "rerank-onnx", "treelite": "rerank-treelite", "lleaves": "rerank-lleaves"}
"""Peer → its pins under `benchmarks/peers`."""
CANDIDATES = 200
MARKETPLACE = "in"
"""Whose shipped campaigns are applied."""
SHOWN_AT = datetime(2026, 11, 6, 12, tzinfo=UTC)
"""In the week of Diwali, when most of them run."""
WARM_UP = 20

Timer = Callable[[int], list[float]]
"""Runs so many times; milliseconds each."""


@click.command()
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1))
@click.option("--repeats", default=200, show_default=True, type=click.IntRange(10))
@click.option("--peers", default=",".join(PEERS), show_default=True, help="Empty: souk alone.")
@click.option(
    "--cache",
    default=Path.home() / ".cache" / "souk" / "peers",
    type=click.Path(path_type=Path),
    help="Where the peers' environments are kept.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def rerank(rounds: int, repeats: int, peers: str, cache: Path, *, as_json: bool) -> None:
    """Features, score, fold, diversity and rules for 200 simulated candidates, on one thread."""
    names = [name for name in peers.split(",") if name]
    unknown = sorted(set(names) - set(PEERS))
    if unknown:
        raise CommandError(f"{unknown[0]} is no peer. Known: {', '.join(PEERS)}.")
    settings = load_settings()
    folder = settings.models / "ranker"
    try:
        reranker = Reranker.load(folder)
        if reranker.degraded:
            raise CommandError(f"{folder} holds no model. Run `souk train ranker` first.")
        candidates, query = _simulated()
        matrix = feature_matrix(candidates, query)
        with _peers(names, cache, folder / MODEL_FILE, matrix) as others:
            campaigns = load_locales(settings.locales).marketplaces[MARKETPLACE].campaigns
            timers = {**_stages(reranker, candidates, query, matrix, campaigns), **others}
            taken = _interleaved(timers, rounds, repeats)
    except (RankerError, PeerError) as error:
        raise CommandError(str(error)) from None
    found = {name: percentiles(values) for name, values in taken.items()}
    document = {
        "machine": machine(),
        "load": load(),
        "rounds": rounds,
        "repeats": repeats,
        "candidates": CANDIDATES,
        "ranker": reranker.version,
        "souk": found["score"],
        "stages": {name: found[name] for name in found if name not in names},
        "peers": {name: found[name] for name in names},
        "ratio_to_best_peer": _ratio(found, names),
    }
    click.echo(json.dumps(document) if as_json else json.dumps(document, indent=1))


def _simulated() -> tuple[tuple[Candidate, ...], RankingQuery]:
    market = simulated_market(products=3000, seed=1)
    query, _ = simulated_query(market, seed=2)
    return nearest(market.candidates, query.look.vector, CANDIDATES), query


def _stages(
    reranker: Reranker,
    candidates: tuple[Candidate, ...],
    query: RankingQuery,
    matrix: NDArray[np.float32],
    campaigns: CompiledCampaigns,
) -> dict[str, Timer]:
    trigger = Trigger(
        prediction=query.prediction, at=SHOWN_AT, colours=leading_colours(query.look.colours)
    )

    def ruled() -> RuledPage:
        return ruled_page(reranker.rank(candidates, query, limit=CANDIDATES), campaigns, trigger)

    def explained() -> list[tuple[str, ...]]:
        items = reranker.rank(candidates, query, limit=10, explain=True)
        return [sentences(item, "en") for item in items]

    return {
        "features": _timer(lambda: feature_matrix(candidates, query)),
        "score": _timer(lambda: reranker.scorer.score(matrix)),
        "features_score_fold_diversity": _timer(
            lambda: reranker.rank(candidates, query, limit=CANDIDATES)
        ),
        "the_same_and_rules": _timer(ruled),
        "10_explained": _timer(explained),
    }


def _timer(call: Callable[[], object]) -> Timer:
    def run(repeats: int) -> list[float]:
        taken = []
        for _ in range(repeats):
            start = time.perf_counter()
            call()
            taken.append((time.perf_counter() - start) * 1e3)
        return taken

    return run


@contextmanager
def _peers(
    names: Sequence[str], cache: Path, model: Path, matrix: NDArray[np.float32]
) -> Iterator[dict[str, Timer]]:
    """Each peer in its own process and environment, made when it is not there yet."""
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="souk-bench-") as temporary, ExitStack() as stack:
        rows = Path(temporary) / "rows.npy"
        np.save(rows, matrix)
        script = FOLDER.parent / "rerank_peer.py"
        timers: dict[str, Timer] = {}
        for name in names:
            python = peer_python(PEERS[name], cache)
            peer = stack.enter_context(Peer(name, python, script, name, str(model), str(rows)))
            timers[name] = _peer_timer(peer)
        yield timers


def _peer_timer(peer: Peer) -> Timer:
    def run(repeats: int) -> list[float]:
        taken = peer.ask({"repeats": repeats})["ms"]
        if not isinstance(taken, list):
            raise PeerError(f"{peer.name} answered no times.")
        return [float(ms) for ms in taken]

    return run


def _interleaved(
    timers: Mapping[str, Timer], rounds: int, repeats: int
) -> Mapping[str, list[float]]:
    """All by turns, so that what else the machine does meets each of them."""
    taken: dict[str, list[float]] = {name: [] for name in timers}
    for timer in timers.values():
        timer(WARM_UP)
    for _ in range(rounds):
        for name, timer in timers.items():
            taken[name] += timer(repeats)
    return taken


def _ratio(found: Mapping[str, Mapping[str, float]], peers: Sequence[str]) -> float | None:
    best = min((found[name]["p50_ms"] for name in peers), default=None)
    return None if best is None else round(found["score"]["p50_ms"] / best, 3)
