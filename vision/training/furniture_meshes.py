"""3D models as triangles ready to draw: centred, turned, scaled by the diagonal of their bounds.

The units inside the files differ; y is up in all of them.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image

from vision.training.furniture_models import FurnitureModel

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piece:
    """One material of a model, ready for the graphics library; `skin` is its texture."""

    triangles: NDArray[np.float32]
    """Shape (3 * faces, 8): position, normal, texture coordinate."""
    colour: tuple[float, float, float, float]
    skin: Image.Image | None


@contextlib.contextmanager
def unpacked(model: FurnitureModel) -> Iterator[Path]:
    """The model's folder in a temporary place; yields its OBJ file."""
    folder = str(PurePosixPath(model.path).parent)
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(model.archive) as files:
        for member in files.namelist():
            inside = PurePosixPath(member)
            if str(inside.parent) == folder and not member.endswith("/"):
                (Path(place) / inside.name).write_bytes(files.read(member))
        yield Path(place) / PurePosixPath(model.path).name


def load_pieces(obj: Path, rotation: Sequence[float] = ()) -> tuple[Piece, ...]:
    """The meshes of an OBJ file, centred on their bounds and scaled to a diagonal of 1.

    Raises:
        ValueError: The file holds no triangle.
    """
    logging.getLogger("trimesh").setLevel(logging.CRITICAL)
    opacity = _opacities(obj)
    scene = trimesh.load_scene(obj, process=False)
    meshes = [m for m in scene.dump() if isinstance(m, trimesh.Trimesh) and len(m.faces)]
    if not meshes:
        raise ValueError(f"{obj.name}: no triangle in it")
    turn = np.array(rotation, dtype=np.float64).reshape(3, 3) if len(rotation) == 9 else np.eye(3)
    corners = [np.asarray(m.vertices) @ turn.T for m in meshes]
    low = np.min([c.min(axis=0) for c in corners], axis=0)
    high = np.max([c.max(axis=0) for c in corners], axis=0)
    size = max(float(np.linalg.norm(high - low)), 1e-9)
    return tuple(
        _piece(mesh, (points - (low + high) / 2) / size, opacity)
        for mesh, points in zip(meshes, corners, strict=True)
    )


def _piece(mesh: trimesh.Trimesh, points: Matrix, opacity: dict[str, float]) -> Piece:
    faces = np.asarray(mesh.faces)
    flat = points[faces]
    across = np.cross(flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0])
    smooth = _smooth_normals(mesh, faces, across)
    material = getattr(mesh.visual, "material", None)
    uv = getattr(mesh.visual, "uv", None)
    skin = getattr(material, "image", None) if uv is not None else None
    texture = np.zeros((*faces.shape, 2)) if uv is None else np.asarray(uv)[faces]
    colour = np.asarray(getattr(material, "main_color", (180, 180, 180, 255)), np.float64) / 255
    alpha = opacity.get(getattr(material, "name", "") or "", 1.0)
    rows = np.concatenate([flat, smooth, texture], axis=2).reshape(-1, 8)
    base = (
        (1.0, 1.0, 1.0)
        if skin is not None
        else (float(colour[0]), float(colour[1]), float(colour[2]))
    )
    return Piece(rows.astype(np.float32), (*base, alpha), skin)


def _smooth_normals(mesh: trimesh.Trimesh, faces: NDArray[np.int64], across: Matrix) -> Matrix:
    """Vertex normals, but a face's own where they would round off a hard edge."""
    count = len(mesh.vertices)
    total = np.zeros((count, 3))
    for corner in range(3):
        np.add.at(total, faces[:, corner], across)
    rounded = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    own = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    normals: Matrix = rounded[faces]
    sharp = np.einsum("fcd,fd->fc", normals, own) < 0.85
    normals[sharp] = np.repeat(own[:, None, :], 3, axis=1)[sharp]
    return normals


def _opacities(obj: Path) -> dict[str, float]:
    """`d` of each material, which the loader does not carry over."""
    found: dict[str, float] = {}
    for mtl in obj.parent.glob("*.mtl"):
        name = ""
        for line in mtl.read_text(encoding="latin-1").splitlines():
            words = line.split()
            if len(words) > 1 and words[0] == "newmtl":
                name = words[1]
            elif len(words) > 1 and words[0] == "d":
                found[name] = float(words[-1])
    return found
