"""A new marketplace is a new folder: no code, and search, accessories, money and language work."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.service.fakes import ROOT, JsonClient, fake_services


def test_japan_is_added_by_files_alone(tmp_path: Path) -> None:
    locales = tmp_path / "locales"
    shutil.copytree(ROOT / "locales", locales)
    shutil.copytree(locales / "us", locales / "jp")
    (locales / "jp" / "marketplace.yaml").write_text(
        "id: jp\n"
        "names: {en: Japan, ja: 日本}\n"
        "languages: [ja-JP]\n"
        "default_language: ja-JP\n"
        "currency: JPY\n"
        "time_zone: Asia/Tokyo\n"
        "size_systems: [JP]\n"
        "prime_name: プライム\n",
        encoding="utf-8",
    )
    tree = locales / "jp" / "categories.yaml"
    text = tree.read_text(encoding="utf-8").replace(
        "names: {en: Tunics", "names: {ja: チュニック, en: Tunics"
    )
    tree.write_text(text, encoding="utf-8")
    client = JsonClient(fake_services(tmp_path / "home", locales=locales))
    answer = client.search("jp", "kurti").json
    assert (answer["currency"], answer["language"]) == ("JPY", "ja-JP")
    assert answer["results"][0]["price"]["display"].startswith("￥")
    focus = next(o for o in answer["objects"] if o["id"] == answer["focus"])
    assert focus["category"]["path"][-1] == "チュニック"
    assert answer["accessories"]
    assert client.get("/v1/jp").json["name"] == "日本"
