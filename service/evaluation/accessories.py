"""Whether the accessories offered meet `accessories.csv`, from photos, products and concepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.concepts import ConceptTree
from service.evaluation.yardstick import ExpectedAccessories
from service.pipeline import FilledSlot

SOURCES = ("photo", "product", "concept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One answer's slots, and what the photo already shows worn."""

    slots: tuple[FilledSlot, ...]
    worn: tuple[str, ...] = ()


@dataclass(slots=True)
class AccessoriesReport:
    """A row passes when most of its answers offer each slot and none leads with what is barred.

    Beside it, in `met`, how many of the answers offer all of the row's slots.
    """

    tree: ConceptTree
    rows: list[dict[str, object]] = field(default_factory=list)
    _met: Counter[str] = field(default_factory=Counter)
    _answers: Counter[str] = field(default_factory=Counter)

    def judge(self, expected: ExpectedAccessories, source: str, answers: Sequence[Offered]) -> None:
        """Judge one line of the yardstick by all its answers from one source."""
        missing: Counter[str] = Counter()
        broken: Counter[str] = Counter()
        met = 0
        for answer in answers:
            lacking = ["|".join(s) for s in expected.slots if not self._offers(answer, s)]
            missing.update(lacking)
            met += not lacking
            broken.update(self._barred_leaders(answer, expected.never_first))
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
                "never_first_broken": sorted(broken),
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

    def _barred_leaders(self, answer: Offered, never: Iterable[str]) -> set[str]:
        leaders = [f.items[0].candidate.listing.product.concept for f in answer.slots if f.items]
        return {b for b in never for leader in leaders if self.tree.is_a(leader, b)}
