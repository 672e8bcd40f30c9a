"""One reading of one file: where findings go, which rule is being read, which words are known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from documents.findings import Finding, Severity
from documents.nodes import Node, Scalar, Series, Table
from documents.suggestions import suggestion


class _AnyWord(Collection[str]):
    """Contains every word: for references into a file that could not be read."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


ANY_WORD: Collection[str] = _AnyWord()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words that a value may name, and what to call one of them."""

    noun: str
    words: Collection[str]


@dataclass(slots=True, kw_only=True)
class Reading:
    """Collects every problem of a file; a schema reports here and goes on."""

    file: str
    known: Mapping[str, Vocabulary] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    rule: str = ""

    def report(
        self, node: Node, code: str, found: str, fix: str, severity: Severity = "error"
    ) -> None:
        """Add a finding at the node, in the rule that is being read."""
        self.findings.append(
            Finding(file=self.file, line=node.line, column=node.column, code=code, rule=self.rule,
                    found=found, fix=fix, severity=severity)
        )  # fmt: skip

    def report_unknown(self, node: Scalar, vocabulary: Vocabulary) -> None:
        """Add the finding for a word that the vocabulary lacks, with the nearest known one."""
        self.report_unknown_word(node, node.text, vocabulary)

    def report_unknown_word(self, node: Node, word: str, vocabulary: Vocabulary) -> None:
        """The same for one word of several in a text."""
        self.report(node, "S005", f"{vocabulary.noun} '{shortened(word)}' is not known",
                    suggestion(word, vocabulary.words, vocabulary.noun))  # fmt: skip


def kind_of(node: Node) -> str:
    """What is written, in the reader's words."""
    if isinstance(node, Series):
        return "a list is written"
    if isinstance(node, Table):
        return "keys are written"
    if not node.text and not node.quoted:
        return "nothing is written"
    return f"'{shortened(node.text)}' is written"


def shortened(text: str) -> str:
    """A value as a message can show it."""
    return text if len(text) <= 60 else text[:57] + "…"
