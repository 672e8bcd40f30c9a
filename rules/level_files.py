"""The files of each level of the inheritance, each read once however many marketplaces inherit it.

The root's stand in `locales/` itself and hold in every marketplace; a language's in
`languages/<xx>/`, for the marketplaces whose default language it is; a marketplace's in its folder;
a region's in `<marketplace>/regions/<region>/`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from catalog.locale_files import LoadedMarketplace, language_folder, read_file
from catalog.locale_schemas import REGION_SETTINGS, RegionSettings
from catalog.marketplaces import Marketplace, RankingDefaults
from documents.findings import Finding, errors
from documents.nodes import Node, Table
from documents.reading import ANY_WORD, Vocabulary
from documents.schema import Schema, T
from rules.accessories import AccessoryRule
from rules.campaigns import Campaign
from rules.inheritance import Astray, Disabled, Level, R, RuleFile, at_level, inherit
from rules.schemas import ACCESSORIES_FILE, EXAMPLES_FILE, MERCHANDISING_FILE, Example

LANGUAGE_FILES = ("marketplace.yaml", "accessories.yaml", "merchandising.yaml")
"""What the root and a language may state; all may be absent."""
REGION_FILES = (*LANGUAGE_FILES, "examples.yaml")
"""The files of a region's folder; all but the first may be absent."""
LOCALE_FILES = (
    "marketplace.yaml", "categories.yaml", "accessories.yaml", "merchandising.yaml", "examples.yaml",
)  # fmt: skip
"""The files of a marketplace's folder; the last two may be absent."""
SHARED_FILES = ("concepts.yaml", "festivals.yaml", *LANGUAGE_FILES)
"""The files beside the marketplaces' folders; all but the first may be absent."""

REGION_FOLDER = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""Names of regions: what a request calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarketplace:
    """One marketplace, or one of its regions, as far as it could be read."""

    loaded: LoadedMarketplace
    rules: tuple[AccessoryRule, ...]
    """Its own and the inherited ones."""
    campaigns: tuple[Campaign, ...]
    examples: tuple[Example, ...]
    findings: tuple[Finding, ...]
    sources: Mapping[str, Node] = field(repr=False)
    region: str | None = None
    whole: ReadMarketplace | None = field(default=None, repr=False)
    """The marketplace that the region belongs to."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Paths of the files that are a region's own, by name."""
    disabled: tuple[Disabled, ...] = ()
    astray: tuple[Astray, ...] = ()

    @property
    def id(self) -> str:
        return self.loaded.id

    @property
    def new_rules(self) -> tuple[AccessoryRule, ...]:
        """Of a region, what its marketplace does not hold alike; else every rule.

        The region has the tree and the festivals of its marketplace, so what a check says of one
        rule by them it has said there.
        """
        return self.rules if self.whole is None else _beyond(self.rules, self.whole.rules)

    @property
    def new_campaigns(self) -> tuple[Campaign, ...]:
        """Likewise of campaigns."""
        return (
            self.campaigns if self.whole is None else _beyond(self.campaigns, self.whole.campaigns)
        )

    @property
    def title(self) -> str:
        """What the command line calls it: `in`, or `in/kerala`."""
        return f"{self.id}/{self.region}" if self.region else self.id

    def file(self, name: str) -> str:
        """The path of one of its files, as findings print it; a region's own goes first."""
        return self.files.get(name) or self.loaded.file(name)

    def is_own(self, file: str) -> bool:
        """Whether the file stands in the marketplace's folder, not above it."""
        return Path(file).is_relative_to(self.loaded.folder)

    def is_whole(self, name: str) -> bool:
        """Whether the file was read without an error, so that what it lacks is really missing.

        A region's goes on from its marketplace's, which must have been read too.
        """
        own = not any(f.file == self.file(name) for f in errors(self.findings))
        return own and (self.whole is None or self.whole.is_whole(name))


def _beyond(here: tuple[R, ...], above: tuple[R, ...]) -> tuple[R, ...]:
    known = {id(rule) for rule in above}
    return tuple(rule for rule in here if id(rule) not in known)


def is_marketplace_file(name: str) -> bool:
    """Whether a path below a marketplace's folder is one of its files, or of its regions'."""
    parts = name.split("/")
    if len(parts) == 3 and parts[0] == "regions":
        return REGION_FOLDER.fullmatch(parts[1]) is not None and parts[2] in REGION_FILES
    return name in LOCALE_FILES


def language_folders(folder: Path) -> tuple[Path, ...]:
    """The folders of languages, by name."""
    return _folders(folder / "languages")


def region_folders(place: Path) -> tuple[Path, ...]:
    """The folders of a marketplace's regions, by name."""
    return tuple(one for one in _folders(place / "regions") if REGION_FOLDER.fullmatch(one.name))


def _folders(place: Path) -> tuple[Path, ...]:
    return tuple(sorted(one for one in place.iterdir() if one.is_dir())) if place.is_dir() else ()


def read_views(
    folder: Path, loaded: Sequence[LoadedMarketplace], known: Mapping[str, Vocabulary]
) -> Iterator[ReadMarketplace]:
    """Every marketplace, each followed by its regions. `known` lacks the categories only."""
    shared = _SharedFiles(folder, loaded, known)
    for one in loaded:
        words = Vocabulary(noun="category", words=_categories(one))
        reader = _Reader(folder, {**known, "category": words})
        above = tuple(shared.above(one))
        own = reader.level(Level.MARKETPLACE, one.folder, required=("accessories.yaml",))
        whole = _view(one, (*above, own))
        yield whole
        for place in region_folders(one.folder):
            region = reader.level(Level.REGION, place)
            settings = reader.read(place / "marketplace.yaml", REGION_SETTINGS)
            yield _region(whole, (*above, own, region), place, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LevelFiles:
    """The rules of one level."""

    level: Level
    accessories: RuleFile[AccessoryRule]
    merchandising: RuleFile[Campaign]
    examples: tuple[Example, ...]
    findings: tuple[Finding, ...]
    sources: Mapping[str, Node]


class _Reader:
    """Reads the files of one vocabulary."""

    def __init__(self, folder: Path, known: Mapping[str, Vocabulary]) -> None:
        self._folder = folder
        self._known = known

    def level(self, level: Level, place: Path, required: Collection[str] = ()) -> _LevelFiles:
        """The rule files of a folder; what is absent states nothing, unless it is required."""
        findings: list[Finding] = []
        sources: dict[str, Node] = {}

        def value(name: str, schema: Schema[T], absent: T) -> T:
            path = place / name
            if name not in required and not path.exists():
                return absent
            read, reading, root = read_file(path, self._folder, schema, self._known)
            findings.extend(reading.findings)
            if root is not None:
                sources[name] = root
            return absent if read is None else read

        nothing: tuple[Example, ...] = ()
        inner = level >= Level.MARKETPLACE
        return _LevelFiles(
            level=level,
            accessories=at_level(level, value("accessories.yaml", ACCESSORIES_FILE, RuleFile())),
            merchandising=at_level(
                level, value("merchandising.yaml", MERCHANDISING_FILE, RuleFile())
            ),
            examples=value("examples.yaml", EXAMPLES_FILE, nothing) if inner else nothing,
            findings=tuple(findings),
            sources=sources,
        )

    def read(self, path: Path, schema: Schema[RegionSettings]) -> _RegionFile:
        read, reading, root = read_file(path, self._folder, schema, self._known)
        return _RegionFile(settings=read, findings=tuple(reading.findings), source=root)


@dataclass(frozen=True, slots=True, kw_only=True)
class _RegionFile:
    """A region's `marketplace.yaml` as far as it could be read."""

    settings: RegionSettings | None
    findings: tuple[Finding, ...]
    source: Node | None


class _SharedFiles:
    """The root's and the languages' rules; each may name the categories that all its heirs have."""

    def __init__(
        self, folder: Path, loaded: Sequence[LoadedMarketplace], known: Mapping[str, Vocabulary]
    ) -> None:
        self._folder = folder
        self._loaded = loaded
        self._known = known
        self._read: dict[Path, _LevelFiles] = {}

    def above(self, one: LoadedMarketplace) -> Iterator[_LevelFiles]:
        """The levels above a marketplace, the most general first."""
        for level, place in zip((Level.ROOT, Level.LANGUAGE), self._places(one), strict=False):
            if place not in self._read:
                heirs = [heir for heir in self._loaded if place in self._places(heir)]
                words = Vocabulary(noun="category of every marketplace that inherits this,",
                                   words=_in_all([_categories(heir) for heir in heirs]))  # fmt: skip
                reader = _Reader(self._folder, {**self._known, "category": words})
                self._read[place] = reader.level(level, place)
            yield self._read[place]

    def _places(self, one: LoadedMarketplace) -> tuple[Path, ...]:
        if one.marketplace is None:
            return (self._folder,)
        return (self._folder, language_folder(self._folder, one.marketplace))


def _view(one: LoadedMarketplace, levels: Sequence[_LevelFiles]) -> ReadMarketplace:
    accessories = inherit([(level.level, level.accessories) for level in levels])
    campaigns = inherit([(level.level, level.merchandising) for level in levels])
    own = levels[-1]
    return ReadMarketplace(
        loaded=one,
        rules=accessories.rules,
        campaigns=campaigns.rules,
        examples=own.examples,
        findings=(*one.findings, *(f for level in levels for f in level.findings)),
        sources={**one.sources, **own.sources},
        disabled=(*accessories.disabled, *campaigns.disabled),
        astray=(*accessories.astray, *campaigns.astray),
    )


def _region(
    whole: ReadMarketplace, levels: Sequence[_LevelFiles], place: Path, stated: _RegionFile
) -> ReadMarketplace:
    one = whole.loaded
    here = _view(one, levels)
    own = dict(levels[-1].sources)
    if stated.source is not None:
        own["marketplace.yaml"] = stated.source
    outer = one.sources.get("marketplace.yaml")
    above = () if outer is None else ((one.file("marketplace.yaml"), outer),)
    return replace(
        here,
        loaded=_with_settings(replace(one, inherited=(*one.inherited, *above)), stated.settings),
        findings=(*here.findings, *stated.findings),
        whole=whole,
        sources={**levels[-2].sources, **one.sources, **own},
        region=place.name,
        files={name: str(place / name) for name in ("marketplace.yaml", *own)},
    )


def _with_settings(one: LoadedMarketplace, stated: RegionSettings | None) -> LoadedMarketplace:
    if stated is None or one.marketplace is None:
        return one
    marketplace: Marketplace = one.marketplace
    ranking = RankingDefaults(**{**asdict(marketplace.ranking), **stated.ranking})
    here = replace(
        marketplace,
        names=dict(stated.names),
        time_zone=stated.time_zone or marketplace.time_zone,
        prime_name=stated.prime_name or marketplace.prime_name,
        size_systems=stated.size_systems or marketplace.size_systems,
        ranking=ranking,
    )
    return replace(one, marketplace=here, seasons={**one.seasons, **stated.seasons})


def _categories(one: LoadedMarketplace) -> Collection[str]:
    return written_keys(one.sources.get("categories.yaml"), "categories")


def _in_all(words: Sequence[Collection[str]]) -> Collection[str]:
    known = [some for some in words if some is not ANY_WORD]
    if not known:
        return ANY_WORD
    return dict.fromkeys(word for word in known[0] if all(word in others for others in known[1:]))


def written_keys(root: Node | None, name: str) -> Collection[str]:
    """The words under the key; any word when the file could not be read.

    One mistake there is then not reported again wherever the file is referred to.
    """
    table = root.get(name) if isinstance(root, Table) else None
    return dict.fromkeys(k.text for k, _ in table.entries) if isinstance(table, Table) else ANY_WORD
