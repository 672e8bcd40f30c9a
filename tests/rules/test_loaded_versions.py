"""Published versions as values: read once, kept within a bound, refused in a sentence."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.checks.sample import SAMPLE, write_sample
from rules.loaded_versions import LoadedVersions, VersionUnavailableError
from rules.loading import Locales
from rules.versions import RuleStore, store_url

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


class CountingStore(RuleStore):
    """Counts what is read."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.read: list[str] = []

    def load(self, version: str) -> Locales:
        self.read.append(version)
        return super().load(version)


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(store_url(None, tmp_path / "home"))


def published(store: RuleStore, folder: Path, note: str) -> str:
    changed = {"in/examples.yaml": SAMPLE["in/examples.yaml"] + f"# {note}\n"}
    write_sample(folder, changed)
    return store.publish(folder, by="a", reason=note, at=AT).version


def test_a_version_is_read_once_however_many_threads_ask(
    store: CountingStore, tmp_path: Path
) -> None:
    version = published(store, tmp_path / "l", "one")
    loaded = LoadedVersions(store)
    threads = [threading.Thread(target=loaded.get, args=(version,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read == [version]
    assert loaded.get(version).version == version


def test_the_version_that_was_asked_for_least_recently_goes_first(
    store: CountingStore, tmp_path: Path
) -> None:
    a, b, c = (published(store, tmp_path / "l", note) for note in ("a", "b", "c"))
    loaded = LoadedVersions(store, kept=2)
    for version in (a, b, a, c, a, b):
        loaded.get(version)
    assert store.read == [a, b, c, b]


def test_an_unknown_version_is_refused_for_good_with_those_that_exist(
    store: CountingStore, tmp_path: Path
) -> None:
    version = published(store, tmp_path / "l", "one")
    with pytest.raises(
        VersionUnavailableError, match=f"'nope' is not known. Known: {version}"
    ) as e:
        LoadedVersions(store).get("nope")
    assert e.value.lasting


def test_a_silent_database_is_refused_for_now(tmp_path: Path) -> None:
    (tmp_path / "rules.sqlite").write_text("this is no database, and long enough to say so")
    with pytest.raises(VersionUnavailableError, match="does not answer") as error:
        LoadedVersions(RuleStore(store_url(None, tmp_path))).get("any")
    assert not error.value.lasting
