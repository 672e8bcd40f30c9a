"""Published versions, and the one that serves in a process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from documents.findings import DocumentError
from rules.checks.sample import SAMPLE, write_sample
from rules.live import LiveRules
from rules.loading import load_locales, locale_contents
from rules.versions import (
    Published,
    RuleStore,
    StaleBaseError,
    UnknownVersionError,
    store_url,
    write_contents,
)
from tests.experiments.logs import postgresql, server_programs

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
OTHER = {"in/examples.yaml": SAMPLE["in/examples.yaml"] + "# changed\n"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of its own, where Debian's package is installed."""
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed; apt-get install postgresql")
    with postgresql(tmp_path_factory.mktemp("postgresql"), programs) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return store_url(None, tmp_path / "home")
    made = store_url(request.getfixturevalue("server"), tmp_path)
    engine = create_engine(made)
    with engine.begin() as connection:
        connection.execute(text("drop table if exists rule_versions, rule_contents"))
    engine.dispose()
    return made


@pytest.fixture
def store(url: str) -> Iterator[RuleStore]:
    made = RuleStore(url)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "locales", {})


@pytest.fixture
def live(store: RuleStore, folder: Path) -> Iterator[LiveRules]:
    made = LiveRules(store, folder, poll_s=0.02)
    yield made
    made.stop()


def publish(store: RuleStore, folder: Path, reason: str = "r") -> str:
    return store.publish(folder, by="asha", reason=reason, at=AT).version


def test_a_published_version_is_current_and_loads_as_the_folder_does(
    store: RuleStore, folder: Path
) -> None:
    assert store.current() is None
    version = publish(store, folder)
    assert store.current() == version == load_locales(folder).version
    loaded = store.load(version)
    assert loaded.version == version
    assert (
        loaded.marketplaces["in"].marketplace == load_locales(folder).marketplaces["in"].marketplace
    )


def test_equal_files_have_equal_versions_and_other_files_another(
    store: RuleStore, folder: Path
) -> None:
    first = publish(store, folder)
    write_sample(folder, OTHER)
    second = publish(store, folder)
    assert second != first
    write_sample(folder, {})
    assert publish(store, folder) == first


def test_the_history_says_who_when_why_and_what(store: RuleStore, folder: Path) -> None:
    first = publish(store, folder, "first")
    write_sample(folder, OTHER)
    second = publish(store, folder, "second")
    assert [(r.number, r.version, r.by, r.reason, r.kind, r.at) for r in store.history()] == [
        (2, second, "asha", "second", "publish", AT), (1, first, "asha", "first", "publish", AT),
    ]  # fmt: skip
    assert "+# changed" in store.difference(first, second)
    assert store.difference(first, first) == ""


def test_a_folder_with_errors_changes_nothing(store: RuleStore, folder: Path) -> None:
    good = publish(store, folder)
    write_sample(folder, {"in/accessories.yaml": "rules: [oops\n"})
    with pytest.raises(DocumentError):
        publish(store, folder)
    assert store.current() == good
    assert len(store.history()) == 1


def test_a_rollback_returns_to_the_version_before_or_to_a_named_one(
    store: RuleStore, folder: Path
) -> None:
    first = publish(store, folder)
    with pytest.raises(UnknownVersionError, match="no earlier version"):
        store.rollback(by="b", reason="r", at=AT)
    write_sample(folder, OTHER)
    second = publish(store, folder)
    assert store.rollback(by="ben", reason="complaints", at=AT).version == first
    assert store.current() == first
    assert store.history()[0].kind == "rollback"
    assert store.rollback(by="ben", reason="r", at=AT, to=second).version == second
    with pytest.raises(UnknownVersionError, match="version 'nope' is not known"):
        store.rollback(by="ben", reason="r", at=AT, to="nope")


def test_two_stores_on_one_database_see_the_same(store: RuleStore, folder: Path, url: str) -> None:
    version = publish(store, folder)
    with closing(RuleStore(url)) as other:
        assert other.current() == version


def test_a_draft_of_an_older_version_changes_nothing(store: RuleStore, folder: Path) -> None:
    first = publish(store, folder)
    write_sample(folder, OTHER)
    second = store.publish(folder, by="a", reason="r", at=AT, base=first).version
    write_sample(folder, {})
    with pytest.raises(
        StaleBaseError, match=f"began with version {first}; version {second} serves"
    ):
        store.publish(folder, by="b", reason="r", at=AT, base=first)
    assert [row.version for row in store.history()] == [second, first]


def _drafts(folder: Path, count: int) -> list[Path]:
    return [
        write_sample(folder / f"draft-{n}",
                     {"in/examples.yaml": SAMPLE["in/examples.yaml"] + f"# draft {n}\n"})
        for n in range(count)
    ]  # fmt: skip


def _at_once(url: str, drafts: list[Path], base: str | None) -> list[Published | Exception]:
    """Each draft published by a store and a thread of its own, all let go together."""
    gate, done = threading.Barrier(len(drafts)), list[Published | Exception]()

    def run(draft: Path) -> None:
        with closing(RuleStore(url)) as store:
            gate.wait()
            try:
                done.append(store.publish(draft, by="a", reason="r", at=AT, base=base))
            except StaleBaseError as error:
                done.append(error)

    threads = [threading.Thread(target=run, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.parametrize("published", [True, False])
def test_of_drafts_of_one_base_exactly_one_is_published(
    store: RuleStore, folder: Path, url: str, tmp_path: Path, *, published: bool
) -> None:
    """Also when nothing was published before, and the base is the folder's own version."""
    base = publish(store, folder) if published else load_locales(folder).version
    before = len(store.history())
    done = _at_once(url, _drafts(tmp_path, 5), base)
    won = [one for one in done if isinstance(one, Published)]
    assert len(won) == 1
    assert len(done) == 5
    assert store.current() == won[0].version
    assert len(store.history()) == before + 1


def test_without_a_base_everyone_is_published_once_in_some_order(
    store: RuleStore, url: str, tmp_path: Path
) -> None:
    done = _at_once(url, _drafts(tmp_path, 5), None)
    rows = store.history()
    assert sorted(row.number for row in rows) == [1, 2, 3, 4, 5]
    assert sorted(row.version for row in rows) == sorted(
        one.version for one in done if isinstance(one, Published)
    )


def test_contents_never_leave_their_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lies outside the folder"):
        write_contents({"../evil.yaml": b""}, tmp_path / "here")


def test_the_url_names_the_workspace_or_the_stated_database(tmp_path: Path) -> None:
    assert store_url(None, tmp_path) == f"sqlite:///{tmp_path}/rules.sqlite"
    assert store_url("postgresql://h/d", tmp_path) == "postgresql+psycopg://h/d"


def test_the_folder_serves_until_something_is_published(
    live: LiveRules, store: RuleStore, folder: Path
) -> None:
    assert live.get().version == load_locales(folder).version
    write_sample(folder, OTHER)
    assert live.refresh() is False
    version = publish(store, folder)
    assert live.refresh() is True
    assert live.get().version == version


def test_a_published_version_and_a_rollback_are_live_within_two_seconds(
    live: LiveRules, store: RuleStore, folder: Path
) -> None:
    first = publish(store, folder)
    live.start()
    write_sample(folder, OTHER)
    second = publish(store, folder)
    for wanted, change in ((second, None), (first, store.rollback)):
        if change is not None:
            change(by="b", reason="r", at=AT)
        deadline = time.monotonic() + 2.0
        while live.get().version != wanted:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_version_that_cannot_be_loaded_never_replaces_a_good_one(
    live: LiveRules, store: RuleStore, folder: Path
) -> None:
    good = publish(store, folder)
    assert live.refresh()
    write_sample(folder, OTHER)
    bad = publish(store, folder)
    with store._connected().begin() as connection:
        connection.execute(text("delete from rule_contents where version = :v"), {"v": bad})
    assert live.refresh() is False
    assert live.get().version == good
    assert live.problem is not None
    assert bad in live.problem
    store.rollback(by="b", reason="r", at=AT, to=good)
    live.refresh()
    assert live.problem is None


def test_a_database_that_does_not_answer_leaves_the_last_good_version(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "rules.sqlite").write_text(
        "this is no database, and long enough to say so"
    )
    live = LiveRules(RuleStore(store_url(None, tmp_path / "home")), folder)
    assert live.get().version == load_locales(folder).version
    assert live.problem == "the database of rule versions does not answer. Check SOUK_DATABASE_URL."


def test_readers_never_see_a_mixture(live: LiveRules, store: RuleStore, folder: Path) -> None:
    """Under publishing, every value read is wholly one of the published versions."""
    versions = {publish(store, folder)}
    live.refresh()
    seen: set[tuple[str, int]] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            now = live.get()
            seen.add((now.version, len(now.marketplaces["in"].examples)))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    expected = {(next(iter(versions)), 1)}
    for count in (2, 3, 4):
        lines = "".join(f"  - {{id: e{n}, seen: kurti, offers: [dupatta]}}\n" for n in range(count))
        write_sample(folder, {"in/examples.yaml": f"examples:\n{lines}"})
        expected.add((publish(store, folder), count))
        live.refresh()
    done.set()
    for reader in readers:
        reader.join()
    assert seen <= expected


def test_contents_are_the_locale_files_only(folder: Path) -> None:
    (folder / "notes.txt").write_text("not published")
    assert sorted(locale_contents(folder)) == sorted(SAMPLE)
