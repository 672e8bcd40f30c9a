"""Times one peer on the trees that souk ships, in the peer's own environment.

    python rerank_peer.py onnx|treelite|lleaves|lightgbm MODEL.txt MATRIX.npy

MATRIX is float32, shape (rows, features). Each line on standard input, `{"repeats": 200}`, is answered
by `{"ms": [...], "difference": …}`: the times, and the greatest difference to LightGBM's own scores.
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
    """Arguments: peer, model, matrix. Each line in asks for a number of repeats; each line out answers."""
    name, path, matrix = sys.argv[1:]
    rows = np.load(matrix)
    try:
        call = PEERS[name](path, rows)
        difference = float(np.abs(call() - plain(path, rows)()).max())
    except Exception as error:  # noqa: BLE001  whatever a peer raises, its benchmark must not pass
        for _ in sys.stdin:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
        return
    timed(call, 50)
    for line in sys.stdin:
        milliseconds = timed(call, int(json.loads(line)["repeats"]))
        print(json.dumps({"ms": milliseconds, "difference": difference}), flush=True)


if __name__ == "__main__":
    main()
