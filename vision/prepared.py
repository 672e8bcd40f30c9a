"""Networks laid out for this processor, kept as files that processes map and share.

To open a shipped network, its weights are cast to float32 and ordered for the processor: about 70 MB
of a process's own memory for the three of them. Done once and written down, they are mapped instead:
all processes share the pages, and the same numbers come out.

Invariants: a copy is whole or absent; it belongs to one network, one runtime and one kind of
processor; where it cannot be made or read, the shipped file serves.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

NETWORK = "network.onnx"
WEIGHTS = "weights.bin"
_LEAST_BYTES = "1024"
"""Smaller tensors stay in the network's own file."""


def prepared_network(path: Path, folder: Path, options: onnxruntime.SessionOptions) -> Path | None:
    """The copy of a network in `folder`, made when it is not there; None where that fails."""
    try:
        place = folder / f"{path.stem}-{_key(path)}"
        if not place.exists():
            _make(path, place, options)
        return place / NETWORK
    except (OSError, ValueError, RuntimeError):
        return None


def mapped(options: onnxruntime.SessionOptions) -> onnxruntime.SessionOptions:
    """Options that read a copy as it lies in its file: nothing is laid out again in memory."""
    import onnxruntime  # noqa: PLC0415  after the fork

    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.disable_prepacking", "1")
    return options


def forget(network: Path) -> None:
    """Remove a copy that cannot be opened, so that the next process makes it again."""
    shutil.rmtree(network.parent, ignore_errors=True)


def _make(path: Path, place: Path, options: onnxruntime.SessionOptions) -> None:
    import onnxruntime  # noqa: PLC0415  after the fork

    place.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        options.optimized_model_filepath = str(part / NETWORK)
        for name, value in (("file_name", WEIGHTS), ("min_size_in_bytes", _LEAST_BYTES)):
            key = f"session.optimized_model_external_initializers_{name}"
            options.add_session_config_entry(key, value)
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        part.chmod(0o755)
        try:
            part.rename(place)
        except OSError:  # another process was faster
            if not (place / NETWORK).exists():
                raise
    except Exception as error:
        # The runtime's own exceptions share no base class but this.
        raise ValueError(f"{path.name} cannot be prepared: {error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    for older in place.parent.glob(f"{path.stem}-*"):
        if older != place:  # whoever still maps it keeps its pages
            shutil.rmtree(older, ignore_errors=True)


def _key(path: Path) -> str:
    import onnxruntime  # noqa: PLC0415  after the fork

    words = (path.read_bytes(), onnxruntime.__version__.encode(), _processor().encode())
    return hashlib.sha256(b"\0".join(words)).hexdigest()[:12]


def _processor() -> str:
    """What the layout of the weights depends on: the instructions that the processor has."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return f"{platform.machine()} {flags}"
