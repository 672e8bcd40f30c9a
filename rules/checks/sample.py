"""A whole locale in a few lines: each check's examples replace one or two of its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SAMPLE: Mapping[str, str] = {
    "concepts.yaml": """\
concepts:
  fashion: {}
  shoes: {parent: fashion}
  kurti: {parent: fashion}
  saree: {parent: fashion}
  dupatta: {parent: fashion}
  necktie: {parent: fashion}
  heels: {parent: shoes}
  jutti: {parent: shoes}
""",
    "festivals.yaml": """\
festivals:
  diwali: {names: {en: Diwali}, dates: ["2026-11-08", "2027-10-29", "2999-11-08"]}
""",
    "in/marketplace.yaml": """\
id: in
names: {en: India}
languages: [en-IN]
default_language: en-IN
currency: INR
time_zone: Asia/Kolkata
size_systems: [IN]
prime_name: Prime
""",
    "in/categories.yaml": """\
categories:
  women: {names: {en: Women}}
  women.ethnic: {names: {en: Ethnic wear}, concepts: [kurti, saree, dupatta]}
  women.shoes: {names: {en: Shoes}, concepts: [heels, jutti]}
  men: {names: {en: Men}}
  men.ties: {names: {en: Ties}, concepts: [necktie]}
""",
    "in/accessories.yaml": """\
rules:
  - id: kurti-everyday
    owner: womens
    reason: A kurti is worn with a dupatta.
    seen: [kurti]
    slots:
      - {id: dupatta, titles: {en: Dupattas}, concepts: [dupatta]}
    never: [necktie]
""",
    "in/merchandising.yaml": "campaigns: []\n",
    "in/examples.yaml": """\
examples:
  - {id: kurti-offers-a-dupatta, seen: kurti, offers: [dupatta], never: [necktie]}
""",
}


def write_sample(folder: Path, changes: Mapping[str, str]) -> Path:
    """Write the sample locale with some files replaced or added; returns the folder."""
    for name, text in {**SAMPLE, **changes}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
