"""Short product titles in six languages, put together from words: the noun, its colour, its print.

The words stand in `words.csv` (nouns, with their grammatical gender after a slash), `colour_words.csv`
and `print_words.csv`. A colour with four forms writes them out as masculine|feminine|plural|plural;
one form is inflected by the language's rule.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "hi", "de", "fr", "it", "es")
_FORMS = ("m", "f", "mp", "fp")
_ENDINGS: Mapping[str, Mapping[str, tuple[str, str, str, str]]] = {
    "fr": {"é": ("é", "ée", "és", "ées"), "e": ("e", "e", "es", "es"), "": ("", "e", "s", "es")},
    "it": {"o": ("o", "a", "i", "e"), "e": ("e", "e", "i", "i")},
    "es": {"o": ("o", "a", "os", "as"), "e": ("e", "e", "es", "es")},
    "hi": {"ा": ("ा", "ी", "े", "ी")},
}


def product_titles(
    concept: str, *, colour: str | None, print_: str | None, gender: str | None = None
) -> dict[str, str]:
    """Titles by language. Prints without a word are left out. KeyError: the concept has no noun."""
    return {language: _title(language, concept, colour, print_, gender) for language in LANGUAGES}


def noun(concept: str, language: str) -> str:
    return _words("words.csv")[concept][language].split("/")[0]


def inflected(form: str, gender: str, language: str) -> str:
    """A colour word as it stands beside a noun of that grammatical gender."""
    index = _FORMS.index(gender)
    if "|" in form:
        return form.split("|")[index]
    if " " in form:
        return " ".join(inflected(word, gender, language) for word in form.split())
    for ending, forms in _ENDINGS.get(language, {}).items():
        if form.endswith(ending):
            return form[: len(form) - len(ending)] + forms[index]
    return form


def _title(
    language: str, concept: str, colour: str | None, print_: str | None, gender: str | None
) -> str:
    name, _, grammar = _words("words.csv")[concept][language].partition("/")
    dye = _words("colour_words.csv")[colour][language] if colour else ""
    pattern = _words("print_words.csv").get(print_ or "", {}).get(language, "")
    if language == "de":
        title = " ".join(word for word in (name, f"in {dye}" if dye else "", pattern) if word)
    elif language == "en":
        whom = {"men": "men's", "women": "women's"}.get(gender or "", "")
        title = " ".join(word for word in (whom, dye, pattern, name) if word)
    elif language == "hi":
        title = " ".join(w for w in (inflected(dye, grammar, "hi"), pattern, name) if w)
    else:
        title = " ".join(w for w in (name, inflected(dye, grammar, language), pattern) if w)
    return title[:1].upper() + title[1:]


@cache
def _words(file: str) -> dict[str, dict[str, str]]:
    """Rows of a word list by their first column."""
    with Path(__file__).with_name(file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    key = next(iter(rows[0]))
    return {row[key]: row for row in rows}
