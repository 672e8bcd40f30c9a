"""Whether the accessories offered meet `accessories.csv`, from photos, products and concepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.concepts import ConceptTree
from catalog.search import Slot
from service.evaluation.yardstick import ExpectedAccessories
from service.pipeline import FilledSlot

SOURCES = ("photo", "product", "concept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One answer's slots, and what the photo already shows worn."""

    slots: tuple[FilledSlot, ...]
    worn: tuple[str, ...] = ()
    by_rules: tuple[Slot, ...] = ()
    """What the rules offer with the concept that it truly is, worn things left out alike."""


@dataclass(slots=True)
class _Shares:
    """Slots of many answers, held against those of the true concept's rules."""

    offered: int = 0
    right: int = 0
    """Of those offered: what the rules offer too."""
    by_rules: int = 0
    found: int = 0
    """Of those by the rules: what is offered."""

    def document(self) -> dict[str, object]:
        return {
            "precision": _rate(self.right, self.offered),
            "recall": _rate(self.found, self.by_rules),
        }


@dataclass(slots=True)
class AccessoriesReport:
    """A row passes when most of its answers offer each slot and none leads with what is barred.

    Beside it, in `met`, how many of the answers offer all of the row's slots. `precision` is the share
    of the slots offered that have a concept in common with a slot of the true concept's rules, `recall`
    the share of those slots that have one in common with what is offered; both pooled over the
    answers, null where no rule offers anything.
    """

    tree: ConceptTree
    rows: list[dict[str, object]] = field(default_factory=list)
    _met: Counter[str] = field(default_factory=Counter)
    _answers: Counter[str] = field(default_factory=Counter)
    _broken: Counter[str] = field(default_factory=Counter)
    _shares: dict[str, _Shares] = field(default_factory=lambda: {s: _Shares() for s in SOURCES})

    def judge(self, expected: ExpectedAccessories, source: str, answers: Sequence[Offered]) -> None:
        """Judge one line of the yardstick by all its answers from one source."""
        missing: Counter[str] = Counter()
        broken: Counter[str] = Counter()
        met = 0
        for answer in answers:
            lacking = ["|".join(s) for s in expected.slots if not self._offers(answer, s)]
            missing.update(lacking)
            met += not lacking
            barred = self._barred_leaders(answer, expected.never_first)
            broken.update(barred)
            self._broken[source] += bool(barred)
            self._count_shares(answer, self._shares[source])
        self._met[source] += met
        self._answers[source] += len(answers)
        majority = len(answers) / 2
        self.rows.append(
            {
                "line": expected.line,
                "marketplace": expected.marketplace,
                "seen": expected.seen,
                "source": source,
                "answers": len(answers),
                "met": met,
                "slots_missing": sorted(s for s, n in missing.items() if n > majority),
                "never_first_broken": dict(sorted(broken.items())),
            }
        )

    def document(self) -> Mapping[str, object]:
        passed = [r for r in self.rows if not r["slots_missing"] and not r["never_first_broken"]]
        by_source = {
            source: {
                "n": sum(r["source"] == source for r in self.rows),
                "passed": sum(r["source"] == source for r in passed),
                "answers": self._answers[source],
                "answers_met": self._met[source],
                "answers_broken": self._broken[source],
                **self._shares[source].document(),
            }
            for source in SOURCES
        }
        return {
            "rows": self.rows,
            "passed": len(passed),
            "n": len(self.rows),
            "by_source": by_source,
        }

    def _offers(self, answer: Offered, wanted: Iterable[str]) -> bool:
        """Offered though nothing of it may be stocked; or worn already, and so left out rightly.

        What is worn may be seen by a coarser name: shoes are seen, and sneakers are not offered.
        """
        offered = [c for filled in answer.slots for c in filled.slot.concepts]
        return any(
            self.tree.is_a(have, want) for want in wanted for have in (*offered, *answer.worn)
        ) or any(self.tree.is_a(want, worn) for want in wanted for worn in answer.worn)

    def _count_shares(self, answer: Offered, shares: _Shares) -> None:
        """Nothing is counted where no rule stands for the true concept."""
        if answer.by_rules:
            offered = [self._below(filled.slot) for filled in answer.slots]
            by_rules = [self._below(slot) for slot in answer.by_rules]
            any_offered, any_by_rules = set().union(*offered), set().union(*by_rules)
            shares.offered += len(offered)
            shares.by_rules += len(by_rules)
            shares.right += sum(not one.isdisjoint(any_by_rules) for one in offered)
            shares.found += sum(not one.isdisjoint(any_offered) for one in by_rules)

    def _below(self, slot: Slot) -> set[str]:
        return {below for named in slot.concepts for below in self.tree.below(named)}

    def _barred_leaders(self, answer: Offered, never: Iterable[str]) -> set[str]:
        leaders = [f.items[0].candidate.listing.product.concept for f in answer.slots if f.items]
        return {b for b in never for leader in leaders if self.tree.is_a(leader, b)}


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
