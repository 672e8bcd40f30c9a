"""ONNX Runtime sessions over the shipped networks: a square in, pooled features out.

The runtime is imported with the first session, after the fork: it starts a thread when it is
imported, and a forked process that has not that thread aborts when it ends.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision.framing import normalised

if TYPE_CHECKING:
    import onnxruntime

Floats = NDArray[np.float32]
Squares = NDArray[np.uint8]
"""Shape (n, side, side, 3), RGB."""


class FeatureNetwork:
    """One network file. Make it after the fork: a session's threads do not survive one."""

    def __init__(self, path: Path, threads: int) -> None:
        self._session = open_session(path, threads)
        self._input = self._session.get_inputs()[0].name

    def features(self, squares: Squares, *, mirrored: bool = False) -> Floats:
        """Shape (n, features). `mirrored`: the mean over each square and its mirror image."""
        found = self._run(normalised(squares))
        if mirrored:
            found = found + self._run(normalised(squares[:, :, ::-1]))
            return np.asarray(found / 2, dtype=np.float32)
        return found

    def _run(self, planes: Floats) -> Floats:
        (found,) = self._session.run(None, {self._input: planes})
        return np.asarray(found, dtype=np.float32)


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """A CPU session with exactly `threads` threads that sleep, not spin, between requests.

    Raises ValueError when the file is no network that this runtime can open.
    """
    import onnxruntime  # noqa: PLC0415  after the fork

    try:
        return onnxruntime.InferenceSession(
            str(path), sess_options=_options(threads), providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        # The runtime's own exceptions share no base class but this.
        raise ValueError(f"{path.name} is not a network: {str(error)[:160]}") from error


def _options(threads: int) -> onnxruntime.SessionOptions:
    """The arena stays on: a pass's layers come from memory that the session keeps, not from fresh pages."""
    import onnxruntime  # noqa: PLC0415  after the fork

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
