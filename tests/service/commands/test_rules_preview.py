"""`souk rules preview`: from a draft and a photo or product to a page that shows what changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from service.cli import COMMANDS, LazyGroup
from tests.rules.values import LOCALES
from tests.service.fakes import JsonClient, fake_services, photo_bytes

TWO = """\
campaigns:
  - id: hide-one
    owner: o
    reason: Recalled by its maker.
    actions: [{hide: {products: [saree-1]}}]
  - id: lead-four
    owner: o
    reason: The <new> one leads.
    actions: [{pin: {product: saree-4}, at: 1}]
"""

Preview = Callable[..., tuple[Result, str]]


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Preview:
    """Runs the command over fakes with a draft of two campaigns; gives the result and the page."""
    draft = tmp_path / "draft"
    shutil.copytree(LOCALES, draft)
    (draft / "in" / "merchandising.yaml").write_text(TWO, encoding="utf-8")
    for place in (draft / "in" / "regions").iterdir():
        for name in ("merchandising.yaml", "accessories.yaml", "examples.yaml"):
            (place / name).unlink(missing_ok=True)
    (draft / "in" / "regions" / "kerala" / "merchandising.yaml").write_text(
        "disabled:\n  - {id: lead-four, reason: It is not sold here.}\n", encoding="utf-8"
    )
    services = fake_services(tmp_path / "home")
    monkeypatch.setattr("service.commands.rules_preview.build_services", lambda _: services)
    monkeypatch.setenv("SOUK_HOME", str(tmp_path / "home"))
    photo, page = tmp_path / "photo.jpg", tmp_path / "page.html"
    photo.write_bytes(photo_bytes("saree"))

    def run(*options: str) -> tuple[Result, str]:
        asked = ["--photo", str(photo)] if "--product" not in options else []
        where = ["rules", "preview", str(draft), "--marketplace", "in", "--out", str(page)]
        result = CliRunner().invoke(LazyGroup("souk", COMMANDS, ""), [*where, *asked, *options])
        return result, page.read_text("utf-8") if page.exists() else ""

    return run


def columns(page: str) -> list[list[str]]:
    """The products of both lists, in order."""
    return [re.findall(r"<li[^>]*>(?:<img[^>]*>)?([^<]+)", part) for part in re.findall(
        r"<ol>(.*?)</ol>", page, re.DOTALL)]  # fmt: skip


def test_a_photo_is_shown_before_and_after_the_draft(preview: Preview, tmp_path: Path) -> None:
    result, page = preview()
    assert result.exit_code == 0, result.output
    now, draft = columns(page)
    served = JsonClient(fake_services(tmp_path / "served")).search("in", "saree", "limit=20")
    assert now == [item["title"] for item in served.json["results"]]
    assert draft != now
    assert "lead-four: pin to 1 (The &lt;new&gt; one leads.)" in page
    assert "<h3>Campaigns</h3>" in page
    assert "hide-one: hide 1 (Recalled by its maker.)" in page
    assert "→ 1</small>" in page
    assert "gone in the draft" in page
    assert "1 are gone" in result.output


def test_one_draft_rule_alone_is_shown_without_the_other(preview: Preview) -> None:
    _, both = preview()
    result, alone = preview("--only", "lead-four")
    assert result.exit_code == 0, result.output
    assert "gone in the draft" in both
    assert "gone in the draft" not in alone
    assert "lead-four: pin to 1" in alone
    assert "+lead-four</small>" in alone


def test_a_rule_that_the_draft_drops_can_be_tried_alone(preview: Preview) -> None:
    result, page = preview("--only", "diwali-sarees", "--product", "saree-2")
    assert result.exit_code == 0, result.output
    assert "+diwali-sarees</small>" in page


def test_a_region_sees_its_own_draft(preview: Preview) -> None:
    result, page = preview("--region", "kerala", "--product", "saree-2")
    assert result.exit_code == 0, result.output
    assert "<title>draft in in/kerala</title>" in page
    assert "lead-four" not in page
    assert "gone in the draft" in page


def test_pictures_are_inside_the_page_and_texts_are_escaped(
    preview: Preview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "saree.png"
    Image.new("RGB", (4, 4), "red").save(picture)
    monkeypatch.setattr("service.commands.rules_preview._pictures", lambda *_: lambda _: picture)
    _, page = preview()
    assert '<img alt="" src="data:image/png;base64,' in page
    assert "<new>" not in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--only", "none"), "has a rule 'none'"),
        (("--region", "goa"), "region: found 'goa'; send one of assam, gujarat"),
        (("--product", "gone"), "stocks no product 'gone'"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(
    preview: Preview, options: tuple[str, ...], said: str
) -> None:
    result, page = preview(*options)
    assert result.exit_code == 1
    assert said in result.output
    assert page == ""
