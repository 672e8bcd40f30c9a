"""A marketplace is added by files alone."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from catalog.marketplaces import localized
from catalog.money import Money
from rules.accessories import accessory_slots
from rules.checking import check_folder
from rules.expectations import seen_alone
from rules.loading import load_locales
from tests.rules.values import LOCALES

MARKETPLACE = """\
id: jp
names: {en: Japan, ja: 日本}
languages: [ja-JP]
default_language: ja-JP
currency: JPY
time_zone: Asia/Tokyo
size_systems: [JP]
prime_name: プライム
"""
ACCESSORIES = """\
rules:
  - id: dress-everyday
    owner: womens
    reason: A dress is worn with shoes and a bag.
    seen: [dress]
    slots:
      - {id: heels, titles: {ja: パンプス}, concepts: [heels, flats]}
      - {id: handbag, titles: {ja: バッグ}, concepts: [handbag, tote], price: lower}
    never: [necktie]
"""


def add_japan(folder: Path) -> None:
    """The German tree under its English names, and two files of Japan's own."""
    shutil.copytree(LOCALES, folder, dirs_exist_ok=True)
    japan = folder / "jp"
    japan.mkdir()
    german = (LOCALES / "de" / "categories.yaml").read_text("utf-8")
    text = re.sub(r"names: \{en: (.*?), de: .*?\}", r"names: {en: \1, ja: \1}", german)
    (japan / "categories.yaml").write_text(text, encoding="utf-8")
    (japan / "marketplace.yaml").write_text(MARKETPLACE, encoding="utf-8")
    (japan / "accessories.yaml").write_text(ACCESSORIES, encoding="utf-8")


def test_an_eighth_marketplace_works_by_files_alone(tmp_path: Path) -> None:
    add_japan(tmp_path)
    assert [
        str(f) for f in check_folder(tmp_path, date(2026, 11, 24)).findings if "/jp/" in f.file
    ] == []
    here = load_locales(tmp_path).marketplaces["jp"]
    assert here.marketplace.currency == "JPY"
    assert Money(amount_minor=1299, currency="JPY").major == 1299
    chain = here.marketplace.language_chain(None)
    assert localized(here.marketplace.names, chain) == "日本"
    assert here.tree.leaf_of("saree") is not None
    slots = accessory_slots((), seen_alone("dress", here.accessories), here.accessories,
                            datetime(2026, 6, 1, tzinfo=UTC))  # fmt: skip
    assert [slot.id for slot in slots] == ["heels", "handbag"]
    assert localized(dict(slots[0].titles), chain) == "パンプス"
    assert all(slot.categories for slot in slots)
