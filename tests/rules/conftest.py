"""The sample locale, loaded with some of its files replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.campaigns import CompiledCampaigns
from rules.checks.sample import write_sample
from rules.loading import Locales, load_locales
from tests.rules.values import SampleLocale


@pytest.fixture
def sample(tmp_path: Path) -> SampleLocale:
    """`sample(accessories=…, merchandising=…)` loads the sample locale with these files."""

    def load(**files: str) -> Locales:
        changes = {f"in/{name}.yaml": text for name, text in files.items()}
        return load_locales(write_sample(tmp_path, changes))

    return load


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> CompiledCampaigns:
    """The sample marketplace without a campaign."""
    locales = load_locales(write_sample(tmp_path_factory.mktemp("base"), {}))
    return locales.marketplaces["in"].campaigns
