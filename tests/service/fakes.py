"""A service over the real locale files and an exact index; only the networks are faked.

The fake networks see a photo's mean colour: a picture of one colour has the vector of the concept
that the colour stands for, so that tests decide what a photo shows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from catalog.categories import CategoryTree
from catalog.money import Money
from catalog.products import Listing, Offer, Product, Vector
from catalog.search import WHOLE, Box, Candidate, DetectedObject, Look, Prediction
from catalog.store import IndexRecord
from experiments.definitions import Experiment
from experiments.event_log import EventLog, log_url
from ranking.reranker import Reranker
from ranking.scorers import LinearScorer
from retrieval.exact import ExactIndex
from retrieval.index import CandidateIndex, IndexUnavailable
from rules.live import LiveRules
from rules.loaded_versions import LoadedVersions
from rules.loading import Locales, load_locales
from rules.versions import RuleStore
from service.app import build_app
from service.parts import Part
from service.services import Services
from service.settings import Settings
from service.tokens import TokenStore
from vision.models import ModelError, VisionModels
from vision.photos import Photo

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
SECRET = "not-a-secret"

CONCEPTS = {
    "kurti": (200, 30, 60),
    "tunic": (30, 200, 60),
    "saree": (30, 60, 200),
    "sofa": (120, 120, 120),
}
"""The colour that stands for each concept in test photos."""
STOCKED = (*CONCEPTS, "dupatta", "leggings", "earrings", "bangle", "flats", "necktie", "pendant")


class JsonClient:
    """Flask's test client, its answers untyped: tests read JSON by key."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.flask = build_app(services).test_client()

    def get(self, url: str, **options: Any) -> Any:
        return self.flask.get(url, **options)

    def post(self, url: str, **options: Any) -> Any:
        return self.flask.post(url, **options)

    def delete(self, url: str, **options: Any) -> Any:
        return self.flask.delete(url, **options)

    def search(self, marketplace: str, concept: str, query: str = "", **options: Any) -> Any:
        """A search with the photo that the fake networks take for the concept."""
        url = f"/v1/{marketplace}/search?{query}"
        return self.post(url, data=photo_bytes(concept), content_type="image/jpeg", **options)


def photo_bytes(concept: str, size: tuple[int, int] = (60, 80), form: str = "JPEG") -> bytes:
    """A picture that the fake networks take for the concept."""
    stream = io.BytesIO()
    Image.new("RGB", size, CONCEPTS[concept]).save(stream, form, quality=95)
    return stream.getvalue()


def concept_vector(concept: str, product: int = 0) -> Vector:
    """Near the concept's own direction; products of it differ a little."""
    own = np.random.default_rng(sum(map(ord, concept))).normal(size=128)
    noise = np.random.default_rng(product).normal(size=128) * 0.02 * (product > 0)
    vector = own / np.linalg.norm(own) + noise
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


@dataclass(frozen=True)
class _Detection:
    objects: tuple[DetectedObject, ...]
    degraded: tuple[str, ...] = ()


class FakeModels(VisionModels):
    """What `VisionModels` answers, from the photo's mean colour."""

    def __init__(self) -> None:
        """No files are read."""

    @property
    def version(self) -> str:
        return "fake-1"

    def detect(self, photo: Photo) -> _Detection:  # type: ignore[override]  # the same shape
        del photo
        left = DetectedObject(id=0, box=Box(0.1, 0.1, 0.9, 0.9), confidence=0.9, concept="topwear")
        return _Detection((left, DetectedObject(id=1, box=WHOLE, confidence=1.0)))

    def look(self, photo: Photo, box: Box) -> Look:
        mean = photo.pixels.reshape(-1, 3).mean(axis=0)
        seen = min(CONCEPTS, key=lambda c: float(np.abs(mean - CONCEPTS[c]).sum()))
        appearance: NDArray[np.float32] = np.full(32, 1 / 24, dtype=np.float32)
        return Look(
            box=box,
            vector=concept_vector(seen),
            features=np.zeros(4, dtype=np.float32),
            appearance=appearance,
            colours={"red": 1.0},
        )

    def classify(
        self,
        look: Look,
        neighbours: Sequence[Candidate],
        tree: CategoryTree,
        stocked: object = None,
    ) -> Prediction:
        del neighbours, stocked
        concept = max(CONCEPTS, key=lambda c: float(look.vector @ concept_vector(c)))
        leaf = tree.leaf_of(concept, "women") or ""
        return Prediction(
            category=leaf,
            confidence=0.9,
            concept=concept,
            concepts={concept: 0.9},
            categories={leaf: 0.9},
        )


def records(
    marketplace: str, tree: CategoryTree, currency: str, each: int = 12
) -> list[IndexRecord]:
    """A dozen products of every stocked concept, rated and priced alike in all test runs."""
    made = []
    for concept in STOCKED:
        leaf = tree.leaf_of(concept, "women")
        if leaf is None:
            raise ValueError(f"{marketplace} has no leaf for {concept}")
        for number in range(1, each + 1):
            listing = Listing(
                product=Product(
                    product_id=f"{concept}-{number}",
                    concept=concept,
                    titles={"en": f"{concept} {number}"},
                    colour=("red", "blue", "white")[number % 3],
                    gender=None if concept == "sofa" else "women",
                    image=f"{concept}{number}.jpg",
                ),
                offer=Offer(
                    marketplace=marketplace,
                    price=Money(amount_minor=1000 + number * 250, currency=currency),
                    available=number % 6 != 0,
                    sizes=() if concept == "sofa" else ("S", "M") if number % 2 else ("L",),
                    prime=number % 2 == 0,
                    rating=3 + (number % 3),
                    rating_count=10 * number,
                    popularity=number / 100,
                    listed_on="2026-01-01",
                ),
                category=leaf,
            )
            made.append(
                IndexRecord(
                    listing=listing,
                    vector=concept_vector(concept, number),
                    appearance=np.full(32, 1 / 24, dtype=np.float32),
                )
            )
    return made


def fake_services(
    home: Path,
    *,
    experiments: tuple[Experiment, ...] = (),
    models: VisionModels | str | None = "fake",
    index: CandidateIndex | str | None = "exact",
    each: int = 12,
    locales: Path | None = None,
    live: bool = False,
) -> Services:
    """`models=None` or `index=None`: that part cannot be made, as when its files are missing.

    `live`: the last published version serves, watched as in the real service.
    """
    folder = locales or ROOT / "locales"
    rules = Part(
        "rules",
        lambda: load_locales(folder) if locales else _locales(),
        failures=(ValueError,),
        describe=lambda found: found.version,
    )

    store = RuleStore(f"sqlite:///{home / 'rules.sqlite'}")
    versions = LoadedVersions(store)
    watched = Part(
        "rules",
        lambda: _watching(LiveRules(store, folder, versions=versions)),
        failures=(ValueError,),
        describe=lambda found: found.get().version,
    )

    def now() -> Locales:
        return watched.get().get() if live else rules.get()

    log = EventLog(log_url(None, home), patience_s=10.0)

    def make_models() -> VisionModels:
        if models is None:
            raise ModelError("models/trunk.onnx is missing. Run git checkout -- models.")
        return FakeModels() if isinstance(models, str) else models

    def make_index() -> CandidateIndex:
        if index is None:
            raise IndexUnavailable("No index is built. Build one: souk index build.")
        if not isinstance(index, str):
            return index
        found = now().marketplaces
        return ExactIndex(
            {m: records(m, x.tree, x.marketplace.currency, each) for m, x in found.items()},
            model="fake-1",
        )

    return Services(
        settings=Settings(home=home, locales=folder, models=ROOT / "models"),
        locales=now,
        locales_part=watched if live else rules,
        rules=store,
        rule_versions=versions,
        tokens=TokenStore(home / "tokens.sqlite"),
        models=Part("models", make_models, failures=(ModelError,), describe=lambda m: m.version),
        index=Part(
            "index", make_index, failures=(IndexUnavailable,), describe=lambda i: i.version.id
        ),
        reranker=Part(
            "ranker",
            lambda: Reranker(LinearScorer()),
            failures=(ValueError,),
            describe=lambda r: r.version,
        ),
        experiments=lambda: experiments,
        events=lambda: log,
        clock=lambda: NOW,
        secret=SECRET,
    )


def _watching(live: LiveRules) -> LiveRules:
    live.start()
    return live


_LOADED: list[Locales] = []


def _locales() -> Locales:
    """Read once a test run: the files do not change under the tests."""
    if not _LOADED:
        _LOADED.append(load_locales(ROOT / "locales"))
    return _LOADED[0]
