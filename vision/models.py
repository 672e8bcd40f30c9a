"""The networks as the pipeline uses them: detect, look, classify. Never imports torch.

`load_models` opens the sessions: call it after the fork, once in each worker.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.categories import CategoryTree
from catalog.search import WHOLE, Box, Candidate, DetectedObject, Look, Prediction
from vision.appearance import HISTOGRAM_BINS, SIDE, appearance_of
from vision.detector import DETECTOR, Detection, Detector, open_detector
from vision.framing import framed
from vision.heads import ConceptHead, HeadSettings, classify, softmax
from vision.manifest import DEFAULT_HEAD, Manifest, ModelError, read_manifest
from vision.networks import FeatureNetwork, Floats, Squares
from vision.photos import Photo

__all__ = ["Detection", "ModelError", "VisionModels", "load_models"]

TRUNK = "trunk.onnx"
EMBEDDER = "embedder.onnx"
HEADS = "heads.npz"
BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """From features and the head's probabilities to the learned part of the vector.

    A vector has a part for how a thing looks and one for what it is: the square roots of its concepts'
    probabilities, whose dot product is the Bhattacharyya coefficient of two predictions. Both are
    turned onto their leading directions.
    """

    weight: Floats
    """Shape (features, directions): the embedder's own."""
    bias: Floats
    looks: Floats
    """Shape (directions, a part of the vector)."""
    concepts: Floats
    """Shape (classes, the rest of it)."""
    temperature: float
    """Divides the logits for the probabilities."""
    concept_share: float
    """Of the squared length."""

    def vectors(self, features: Floats, logits: Floats) -> Floats:
        """Shape (n, learned): of the embedder's features (n, features) and logits (n, classes)."""
        looks = look_directions(features, self.weight, self.bias) @ self.looks
        concepts = concept_roots(logits, self.temperature) @ self.concepts
        share = self.concept_share
        return np.concatenate([looks * np.sqrt(1 - share), concepts * np.sqrt(share)], axis=1)


def look_directions(features: Floats, weight: Floats, bias: Floats) -> Floats:
    """How things look, before it is turned: shape (n, directions), unit length."""
    return _unit(features @ weight + bias)


def concept_roots(logits: Floats, temperature: float) -> Floats:
    """What things are, before it is turned: square roots of probabilities, unit length."""
    return np.asarray(np.sqrt(softmax(logits / temperature)), dtype=np.float32)


class VisionModels:
    """One version of the shipped models, loaded."""

    def __init__(
        self,
        manifest: Manifest,
        trunk: FeatureNetwork,
        embedder: FeatureNetwork,
        head: ConceptHead,
        projection: Projection,
        detector: Detector | None = None,
        aside: Executor | None = None,
    ) -> None:
        self._manifest = manifest
        self._trunk = trunk
        self._embedder = embedder
        self._projection = projection
        self._detector = detector
        self._aside = aside
        self.head = head

    @property
    def version(self) -> str:
        return self._manifest.version

    def settings(self, marketplace: str) -> HeadSettings:
        """The marketplace's own fit, else the common one."""
        heads = self._manifest.heads
        return heads.get(marketplace, heads[DEFAULT_HEAD])

    def detect(self, photo: Photo) -> Detection:
        """What to look at; the whole picture is always the last candidate."""
        if self._detector is None:
            return Detection(objects=(whole_picture(0),), degraded=("detector:missing",))
        return self._detector.detect(photo)

    def look(self, photo: Photo, box: Box) -> Look:
        """What the networks see inside the box."""
        return self._looks([(photo.pixels_for(box, self._manifest.side), box)])[0]

    def looks(self, photos: Sequence[Photo]) -> list[Look]:
        """Each photo as a whole, in batches; for embedding a catalogue."""
        found: list[Look] = []
        for start in range(0, len(photos), BATCH):
            part = photos[start : start + BATCH]
            found += self._looks([(photo.pixels, WHOLE) for photo in part])
        return found

    def classify(
        self,
        look: Look,
        neighbours: Sequence[Candidate],
        tree: CategoryTree,
        stocked: Mapping[str, float] | None = None,
    ) -> Prediction:
        """What it is, in the words of one marketplace's tree."""
        return classify(
            self.head, look.features, neighbours, tree, self.settings(tree.marketplace), stocked
        )

    def _looks(self, parts: Sequence[tuple[NDArray[np.uint8], Box]]) -> list[Look]:
        side = self._manifest.side
        squares: Squares = np.stack([framed(pixels, box, side) for pixels, box in parts])
        narrow, wide = self._features(squares)
        features = np.concatenate([narrow, wide], axis=1)
        learned = self._projection.vectors(wide, self.head.logits(features))
        looks = []
        for index, (pixels, box) in enumerate(parts):
            appearance = appearance_of(framed(pixels, box, SIDE))
            looks.append(
                Look(
                    box=box,
                    vector=joined_vector(
                        learned[index], appearance.values, self._manifest.colour_weight
                    ),
                    features=features[index],
                    appearance=appearance.values,
                    colours=appearance.colours,
                )
            )
        return looks

    def _features(self, squares: Squares) -> tuple[Floats, Floats]:
        """The trunk's and the embedder's, side by side where there is a thread for it."""
        mirrored = self._manifest.mirrored
        if self._aside is None:
            narrow = self._trunk.features(squares, mirrored=mirrored)
            return narrow, self._embedder.features(squares, mirrored=mirrored)
        waiting = self._aside.submit(self._trunk.features, squares, mirrored=mirrored)
        wide = self._embedder.features(squares, mirrored=mirrored)
        return waiting.result(), wide


def load_models(folder: Path, threads: int = 2) -> VisionModels:
    """Check and open a version of the models. Raises ModelError naming the file and the fix.

    With two threads or more trunk and embedder run side by side: a small network gains more from that
    than from threads of its own.
    """
    manifest = read_manifest(folder)
    try:
        each = max(1, threads // 2)
        trunk = FeatureNetwork(folder / TRUNK, each)
        embedder = FeatureNetwork(folder / EMBEDDER, each)
        head, projection = read_heads(folder / HEADS)
        listed = DETECTOR in manifest.files
        detector = open_detector(folder / DETECTOR, threads) if listed else None
    except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"The models in {folder} (version {manifest.version}) cannot be opened: {error}. "
            "Take them all from one release, or run `git checkout -- models`."
        ) from error
    aside = ThreadPoolExecutor(1, "trunk") if threads > 1 else None
    return VisionModels(manifest, trunk, embedder, head, projection, detector, aside)


def read_heads(path: Path) -> tuple[ConceptHead, Projection]:
    """The linear layers, stored as float16, used as float32."""
    with np.load(path, allow_pickle=False) as stored:
        wide = {name: np.asarray(stored[name]) for name in stored.files}
    numbers = {n: v.astype(np.float32) for n, v in wide.items() if v.dtype.kind == "f"}
    head = ConceptHead(
        classes=tuple(str(name) for name in wide["classes"]),
        weight=numbers["weight"],
        bias=numbers["bias"],
        gender_weight=numbers["gender_weight"],
        gender_bias=numbers["gender_bias"],
        presence_weight=numbers["presence_weight"],
        presence_bias=numbers["presence_bias"],
    )
    return head, Projection(
        weight=numbers["projection"],
        bias=numbers["projection_bias"],
        looks=numbers["projection_looks"],
        concepts=numbers["projection_concepts"],
        temperature=float(numbers["projection_temperature"]),
        concept_share=float(numbers["projection_concept_share"]),
    )


def joined_vector(learned: Floats, appearance: Floats, colour_weight: float) -> Floats:
    """The learned part and the square roots of the colour histogram, together of unit length.

    The dot product of two histograms' square roots is their Bhattacharyya coefficient.
    """
    colour = np.sqrt(appearance[:HISTOGRAM_BINS])
    parts = (learned * np.sqrt(1 - colour_weight), colour * np.sqrt(colour_weight))
    return _unit(np.concatenate(parts).astype(np.float32))


def whole_picture(index: int) -> DetectedObject:
    """The candidate that every photo has."""
    return DetectedObject(id=index, box=WHOLE, confidence=1.0, concept=None)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
