"""How the shipped networks are made: which pictures each run learns from, in which order, with which seed.

lite0        trained brands, without the photos of `ethnic_extra` (its features serve their 5-fold figure)
lite2        every trainable brand, `ethnic_extra` and the renders; the products set aside for choosing
             (`val` by product or sender) stay out, so that thresholds are fitted on unseen pictures
lite0-more, lite2-more
             both go on with all of that
lite0-long, lite2-long
             both go on, their first blocks kept, with more of what shoppers photograph; lite0-long
             again from lite0 and still without `ethnic_extra`
lite0-last, lite2-last
             with shoppers' photos cut off their backgrounds, and `ethnic_extra`
lite0-wide, lite2-wide
             go on from those at 192 pixels, more often on screens and behind things
lite0-covered, lite2-covered
             go on from those, with up to two fifths hidden from one side and still more screens
lite0-made, lite2-made
             go on from the mean of each network's later runs with what souk puts together and renders
             itself; or from a version of the models, read back (`vision/training/reading_back.py`)
lite0-fold0 to 4
             lite0-long with `ethnic_extra` but for one fold; measured, never shipped
ablation-plain, -composites, -adversary
             what a treatment alone does: trained brands of the catalogue and nothing else, the pictures as
             they are, as composites, and with an adversary of brands; measured, never shipped

What is shipped is the mean of each network's later runs (`SHIPPED`), whose home concepts are taught anew
afterwards (`vision/training/concept_fitting.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from catalog.concepts import ConceptTree
from catalog.demo.drawing import DRAWABLE, draw
from vision.detector import DETECTOR
from vision.heads import HeadSettings
from vision.manifest import DEFAULT_HEAD
from vision.training.archives import DataError
from vision.training.assemble import Assembly, assemble
from vision.training.backgrounds import load_backgrounds
from vision.training.corpus import (
    Item,
    drawn_items,
    part_items,
    predicted_classes,
    rendered_items,
    sample_items,
)
from vision.training.efficientnet_lite import LITE0, LITE2, Variant
from vision.training.finetune import BOOSTS, Plan, Stage, VisionNetwork, fine_tune
from vision.training.packaging import write_version
from vision.training.reading_back import read_back
from vision.training.samples import Sample, read_samples
from vision.training.splits import Split
from vision.training.views import Recipe, background_pool

MEASURED_ONLY = ("ikea_", "room_")
"""File names of pictures whose terms allow measuring, never training."""
DRAWN_EACH = 20
DRAWN_SEED = 10_000
DRAWN_SIDE = 160
POOL_SEED = 0

VERSION = "2026.11.3"
SIDE = 160
"""Pixels a side that the networks read when serving."""
COLOUR_WEIGHT = 0.25
MIRRORED = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training run. `chosen` says which rows of the splits it learns from."""

    name: str
    variant: Variant
    plan: Plan
    chosen: Callable[[Sample], bool]
    renders: bool = False
    cut_photos: bool = False
    """Whether what shoppers photographed is cut off its background too."""
    drawn: bool = True
    made: bool = False
    """Whether it also learns from what souk puts together and renders itself."""
    start: tuple[str, ...] = ()
    """The runs with the mean of whose networks it goes on."""


def trained_brands(sample: Sample) -> bool:
    """Neither measured nor set aside, and not `ethnic_extra`."""
    split = sample.split
    return split.brand == "train" and split.product == "train" and sample.dataset != "ethnic_extra"


def trained_catalogue(sample: Sample) -> bool:
    """As `trained_brands`, the catalogue alone."""
    return sample.dataset == "catalog" and trained_brands(sample)


def all_but_chosen_by(sample: Sample) -> bool:
    """Every trainable brand; of products, senders and photos, the trained ones."""
    if sample.dataset != "catalog":
        return sample.split.product == "train"
    return sample.split.brand in ("train", "val") and sample.split.product == "train"


def all_but_ethnic_extra(sample: Sample) -> bool:
    """As `all_but_chosen_by`, less every photo of `ethnic_extra`."""
    return sample.dataset != "ethnic_extra" and all_but_chosen_by(sample)


def all_but_fold(fold: int, sample: Sample) -> bool:
    """As `all_but_chosen_by`, and of `ethnic_extra` the sources of the other folds."""
    if sample.dataset == "ethnic_extra":
        return sample.split.fold != fold
    return all_but_chosen_by(sample)


FOLDS = 5
"""Of the source repositories of `ethnic_extra`; a fold's network is measured, never shipped."""

WILD_BOOSTS = {
    **BOOSTS, "dupatta": 1.6, "stole": 1.6, "ethnic_extra": 2.2, "street": 2.2, "part": 1.0,
}  # fmt: skip
"""More of what shoppers photograph themselves."""

SHOPPERS = Recipe(thumbnail=0.45, occlude=0.3, screenshot=0.16)
"""Views more often on a phone's screen and behind other things."""

AS_THEY_ARE = Recipe(composite=0, turn=0, thumbnail=0, light=0.3, camera=0, occlude=0, screenshot=0)
"""Plain augmentation: cropped, mirrored, a little brighter or darker."""

COVERED = Recipe(thumbnail=0.45, occlude=0.25, screenshot=0.22, cover=0.3)
"""As `SHOPPERS`, also with a large part hidden."""


def _ablation(name: str, *, recipe: Recipe, adversary: float = 0.0) -> Run:
    plan = Plan(
        stages=(Stage(112, 500), Stage(160, 100)), recipe=recipe, adversary=adversary,
        average=0.99, seed=30,
    )  # fmt: skip
    return Run(name=name, variant=LITE0, plan=plan, chosen=trained_catalogue, drawn=False)


SHIPPED = {
    LITE0: ("lite0-more", "lite0-last", "lite0-wide"),
    LITE2: ("lite2-more", "lite2-long", "lite2-last", "lite2-wide"),
}
"""Runs whose weights are averaged into the network that is shipped."""

RUNS: Mapping[str, Run] = {
    run.name: run
    for run in (
        Run(
            name="lite0",
            variant=LITE0,
            plan=Plan(stages=(Stage(112, 800), Stage(144, 250), Stage(160, 120))),
            chosen=trained_brands,
        ),
        Run(
            name="lite2",
            variant=LITE2,
            plan=Plan(stages=(Stage(112, 650), Stage(144, 180), Stage(160, 90)), seed=8),
            chosen=all_but_chosen_by,
            renders=True,
        ),
        Run(
            name="lite2-more",
            variant=LITE2,
            plan=Plan(
                stages=(Stage(128, 450), Stage(160, 150)),
                rate=4e-4, head_rate=2e-3, average=0.99, seed=10,
            ),
            chosen=all_but_chosen_by,
            renders=True,
            start=("lite2",),
        ),
        Run(
            name="lite0-more",
            variant=LITE0,
            plan=Plan(
                stages=(Stage(128, 450), Stage(160, 120)),
                rate=4e-4, head_rate=2e-3, average=0.99, seed=9,
            ),
            chosen=all_but_chosen_by,
            renders=True,
            start=("lite0",),
        ),
        Run(
            name="lite0-long",
            variant=LITE0,
            plan=Plan(
                stages=(Stage(144, 3000),),
                boosts=WILD_BOOSTS, frozen=5, head_rate=2e-3, seed=11,
            ),
            chosen=all_but_ethnic_extra,
            renders=True,
            start=("lite0",),
        ),
        Run(
            name="lite2-long",
            variant=LITE2,
            plan=Plan(
                stages=(Stage(160, 2800),),
                boosts=WILD_BOOSTS, frozen=7, head_rate=2e-3, until=1800, seed=12,
            ),
            chosen=all_but_chosen_by,
            renders=True,
            start=("lite2-more",),
        ),
        Run(
            name="lite0-last",
            variant=LITE0,
            plan=Plan(
                stages=(Stage(160, 700),),
                boosts=WILD_BOOSTS, frozen=5, rate=4e-4, head_rate=2e-3, average=0.99, seed=13,
            ),
            chosen=all_but_chosen_by,
            renders=True,
            cut_photos=True,
            start=("lite0-long",),
        ),
        Run(
            name="lite2-last",
            variant=LITE2,
            plan=Plan(
                stages=(Stage(160, 900),),
                boosts=WILD_BOOSTS, frozen=7, rate=4e-4, head_rate=2e-3, average=0.99, seed=14,
            ),
            chosen=all_but_chosen_by,
            renders=True,
            cut_photos=True,
            start=("lite2-long",),
        ),
        Run(
            name="lite0-wide",
            variant=LITE0,
            plan=Plan(
                stages=(Stage(192, 800),), boosts=WILD_BOOSTS, recipe=SHOPPERS,
                frozen=5, rate=3e-4, head_rate=1.5e-3, average=0.99, seed=15,
            ),
            chosen=all_but_chosen_by,
            renders=True,
            cut_photos=True,
            start=("lite0-last",),
        ),
        Run(
            name="lite2-wide",
            variant=LITE2,
            plan=Plan(
                stages=(Stage(192, 800),), boosts=WILD_BOOSTS, recipe=SHOPPERS,
                frozen=7, rate=3e-4, head_rate=1.5e-3, average=0.99, seed=16,
            ),
            chosen=all_but_chosen_by,
            renders=True,
            cut_photos=True,
            start=("lite2-last",),
        ),
        *(
            Run(
                name=f"{base}-covered",
                variant=variant,
                plan=Plan(
                    stages=(Stage(160, 600),), boosts=WILD_BOOSTS, recipe=COVERED,
                    frozen=frozen, rate=3e-4, head_rate=1.5e-3, average=0.99, seed=seed,
                ),
                chosen=all_but_chosen_by,
                renders=True,
                cut_photos=True,
                start=(f"{base}-wide",),
            )
            for base, variant, frozen, seed in (("lite0", LITE0, 5, 17), ("lite2", LITE2, 7, 18))
        ),
        *(
            Run(
                name=f"{base}-made",
                variant=variant,
                plan=Plan(
                    stages=(Stage(160, steps),), boosts={**WILD_BOOSTS, "made": 0.4}, recipe=COVERED,
                    frozen=frozen, rate=3e-4, head_rate=1.5e-3, average=0.99, seed=seed,
                ),
                chosen=all_but_chosen_by,
                renders=True,
                cut_photos=True,
                made=True,
                start=start,
            )
            for base, variant, steps, frozen, seed, start in (
                ("lite0", LITE0, 1300, 5, 51, SHIPPED[LITE0]),
                ("lite2", LITE2, 900, 7, 52, SHIPPED[LITE2]),
            )
        ),
        *(
            Run(
                name=f"lite0-fold{fold}",
                variant=LITE0,
                plan=Plan(
                    stages=(Stage(144, 200),),
                    boosts=WILD_BOOSTS, frozen=5, rate=2e-4, head_rate=2e-3, average=0.98,
                    seed=20 + fold,
                ),
                chosen=partial(all_but_fold, fold),
                renders=True,
                start=("lite0-long",),
            )
            for fold in range(FOLDS)
        ),
        _ablation("ablation-plain", recipe=AS_THEY_ARE),
        _ablation("ablation-composites", recipe=Recipe()),
        _ablation("ablation-adversary", recipe=Recipe(), adversary=0.3),
    )
}  # fmt: skip


def needed_runs() -> tuple[str, ...]:
    """The runs behind the shipped networks, each after the one that it goes on from."""
    needed: set[str] = set()
    waiting = [name for names in SHIPPED.values() for name in names]
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting += RUNS[name].start
    return tuple(name for name in RUNS if name in needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """Where everything that is learned from lies; `without` names data sets to leave out."""

    data: Path
    tree: ConceptTree
    splits: Mapping[tuple[str, str], Split]
    renders: Path | None = None
    made: Path | None = None
    without: Collection[str] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        return predicted_classes(self.tree)

    def samples(self, chosen: Callable[[Sample], bool]) -> tuple[Sample, ...]:
        """The labelled pictures that are chosen and whose terms allow training."""
        found = read_samples(self.data, self.tree, self.splits).samples
        return tuple(
            s
            for s in found
            if s.dataset not in self.without and not s.file.startswith(MEASURED_ONLY) and chosen(s)
        )

    def items(
        self,
        chosen: Callable[[Sample], bool],
        *,
        renders: bool,
        cut_photos: bool,
        drawn: bool = True,
        made: bool = False,
    ) -> list[Item]:
        """Photos, garments cut from street photos and, when asked, what is drawn, rendered and made.

        Raises DataError when the data folder has nothing of it.
        """
        samples, classes = self.samples(chosen), self.classes
        if not samples:
            raise DataError(
                f"{self.data} holds no labelled picture to learn from. It should have folders such as "
                "catalog/ with products.csv and images.zip."
            )
        items = sample_items(self.data, samples, self.tree, classes, cut_photos=cut_photos)
        items += part_items(self.data, samples, self.tree, classes, cut_photos=cut_photos)
        if drawn and "drawn" not in self.without:
            concepts = [c for c in DRAWABLE if c in self.tree.concepts]
            items += drawn_items(
                lambda concept, seed: draw(concept, seed, DRAWN_SIDE),
                concepts, self.tree, classes, each=DRAWN_EACH, seed=DRAWN_SEED,
            )  # fmt: skip
        if renders and self.renders is not None and "renders" not in self.without:
            items += self.rendered(self.renders)
        if made and self.made is not None and "made" not in self.without:
            items += self.rendered(self.made)
        return items

    def rendered(self, folder: Path) -> list[Item]:
        """The pictures of one folder of `souk train renders`."""
        return rendered_items(folder, folder / "renders.csv", self.tree, self.classes)

    def pool(self) -> list[NDArray[np.uint8]]:
        """Backgrounds to paste on."""
        return background_pool(load_backgrounds(self.data, self.splits), POOL_SEED)


def train(
    run: Run, materials: Materials, work: Path, *, onward: Path | None = None
) -> VisionNetwork:
    """Do one run; its averaged network is left in `work/<name>/averaged.pt`.

    A run that is done is not done again (delete its folder for that); a stopped one goes on. With
    `onward`, a version of the models, a run begins with its network instead of with the runs before.
    """
    done = work / run.name / "averaged.pt"
    if done.exists():
        return load_network(run.variant, done, len(materials.classes))
    items = materials.items(
        run.chosen,
        renders=run.renders,
        cut_photos=run.cut_photos,
        drawn=run.drawn,
        made=run.made,
    )
    pool = materials.pool()
    if not run.start:
        start = None
    elif onward is not None:
        start = read_back(onward, run.variant, items, pool, run.plan)
    else:
        before = [work / name / "averaged.pt" for name in run.start]
        start = mean_network(run.variant, before, len(materials.classes))
    return fine_tune(run.variant, items, pool, run.plan, work / run.name, start=start)


def write_models(materials: Materials, work: Path, folder: Path) -> str:
    """Assemble the runs' networks into the folder and write its manifest; returns the version."""
    classes = materials.classes
    items = materials.items(all_but_chosen_by, renders=False, cut_photos=True)
    assemble(
        mean_network(LITE0, [work / run / "averaged.pt" for run in SHIPPED[LITE0]], len(classes)),
        mean_network(LITE2, [work / run / "averaged.pt" for run in SHIPPED[LITE2]], len(classes)),
        classes,
        items,
        materials.pool(),
        Assembly(side=SIDE),
        folder,
    )
    extra = tuple(name for name in (DETECTOR,) if (folder / name).exists())
    manifest = write_version(
        folder,
        version=VERSION,
        side=SIDE,
        colour_weight=COLOUR_WEIGHT,
        mirrored=MIRRORED,
        heads={DEFAULT_HEAD: HeadSettings()},
        extra_files=extra,
    )
    return manifest.version


def load_network(variant: Variant, path: Path, classes: int) -> VisionNetwork:
    """A run's averaged network. Raises FileNotFoundError when the run was not done."""
    network = VisionNetwork(variant, classes)
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


def mean_network(variant: Variant, paths: Sequence[Path], classes: int) -> VisionNetwork:
    """The mean of several runs' weights, which stand in one basin because each goes on from another.

    Such a mean often does better on pictures unlike the trained ones (Wortsman et al. 2022).
    """
    network = load_network(variant, paths[0], classes)
    mean = network.state_dict()
    for count, path in enumerate(paths[1:], start=2):
        for name, value in load_network(variant, path, classes).state_dict().items():
            if value.is_floating_point():
                mean[name].lerp_(value, 1 / count)
    return network
