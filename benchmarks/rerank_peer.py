"""Times one peer on the trees that souk ships, in the peer's own environment.

    python rerank_peer.py onnx|treelite|lleaves|lightgbm MODEL.txt MATRIX.npy ROUNDS REPEATS

MATRIX is float32, shape (rows, features). Prints one JSON object: p50, p95 and p99 in milliseconds
(medians over the rounds) and the greatest difference to LightGBM's own scores.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module

import lightgbm
import numpy as np


def onnx(path: str, rows: np.ndarray) -> Callable[[], np.ndarray]:
    onnxruntime = import_module("onnxruntime")
    tools = import_module("onnxmltools")
    types = import_module("onnxmltools.convert.common.data_types")
    # The converter knows no lambdarank; the trees are the same as a regression's.
    text = lightgbm.Booster(model_file=path).model_to_string()
    trees = lightgbm.Booster(model_str=text.replace("objective=lambdarank", "objective=regression"))
    wide = types.FloatTensorType([None, rows.shape[1]])
    made = tools.convert_lightgbm(trees, initial_types=[("x", wide)])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(made.SerializeToString(), options)
    return lambda: np.asarray(session.run(None, {"x": rows})[0]).ravel()


def treelite(path: str, rows: np.ndarray) -> Callable[[], np.ndarray]:
    peer = import_module("treelite")
    model = peer.frontend.load_lightgbm_model(path)
    wide = rows.astype(np.float64)
    return lambda: np.asarray(peer.gtil.predict(model, wide, nthread=1)).ravel()


def lleaves(path: str, rows: np.ndarray) -> Callable[[], np.ndarray]:
    peer = import_module("lleaves")
    model = peer.Model(model_file=path)
    model.compile()
    wide = rows.astype(np.float64)
    return lambda: np.asarray(model.predict(wide, n_jobs=1)).ravel()


def plain(path: str, rows: np.ndarray) -> Callable[[], np.ndarray]:
    booster = lightgbm.Booster(model_file=path)
    return lambda: np.asarray(booster.predict(rows, num_threads=1))


PEERS = {"onnx": onnx, "treelite": treelite, "lleaves": lleaves, "lightgbm": plain}


def timed(call: Callable[[], np.ndarray], repeats: int) -> list[float]:
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1e3)
    return taken


def main() -> None:
    name, path, matrix, rounds, repeats = sys.argv[1:]
    rows = np.load(matrix)
    call = PEERS[name](path, rows)
    own = plain(path, rows)()
    difference = float(np.abs(call() - own).max())
    timed(call, 50)
    quantiles = [np.percentile(timed(call, int(repeats)), [50, 95, 99]) for _ in range(int(rounds))]
    p50, p95, p99 = np.median(quantiles, axis=0)
    found = {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "difference": difference}
    print(json.dumps({key: round(float(value), 6) for key, value in found.items()}))


if __name__ == "__main__":
    main()
