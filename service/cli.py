"""`souk`: every command in one place, each imported only when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, NoReturn

import click


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command lives, and its line in the help, so that help imports nothing."""

    target: str
    help: str


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that are modules of their own under one word."""

    members: Mapping[str, Command]
    help: str


COMMANDS: Mapping[str, Command | Group] = {
    "demo": Command(
        "service.commands.demo:demo", "Everything, embedded: catalogue, index, server."
    ),
    "serve": Command("service.commands.serve:serve", "Serve the API and the pages by gunicorn."),
    "search": Command("service.commands.search:search", "Search with a photo."),
    "catalog": Command("service.commands.catalog:catalog", "Import, embed and keep products."),
    "index": Command("service.commands.index:index", "Build, check and swap index versions."),
    "train": Group(
        {
            "heads": Command("service.commands.train_vision:heads", "The category heads."),
            "concepts": Command("service.commands.train_vision:concepts", "Concepts taught anew."),
            "embedder": Command("service.commands.train_vision:embedder", "Trunk and embedder."),
            "frozen": Command("service.commands.train_vision:frozen", "The untrained baseline."),
            "detector": Command("service.commands.train_detector:detector", "The detector."),
            "ranker": Command("service.commands.train_ranker:ranker", "The re-ranker."),
            "composites": Command(
                "service.commands.train_composites:composites", "Segment-and-paste pictures."
            ),
            "renders": Command("service.commands.train_renders:renders", "Renders of 3D models."),
            "sources": Command(
                "service.commands.train_sources:sources", "What each concept stands on."
            ),
        },
        "Train the networks (extra `train`) and the re-ranker.",
    ),
    "evaluate": Group(
        {
            "vision": Command("service.commands.evaluate_vision:vision", "Category and detection."),
            "runs": Command("service.commands.evaluate_runs:runs", "A training run's network."),
            "folds": Command("service.commands.evaluate_folds:folds", "Indian wear, five folds."),
            "viewpoints": Command(
                "service.commands.evaluate_viewpoints:viewpoints", "Furniture from every side."
            ),
            "retrieval": Command("service.commands.evaluate_retrieval:retrieval", "Neighbours."),
            "ranking": Command("service.commands.evaluate_ranking:ranking", "The re-ranker."),
            "culture": Command("service.commands.evaluate_culture:culture", "Cultural fidelity."),
            "foreign": Command(
                "service.commands.evaluate_foreign:foreign", "Pictures of nothing to buy."
            ),
            "accessories": Command(
                "service.commands.evaluate_accessories:accessories", "Accessory slots."
            ),
        },
        "Measure quality on a folder of labelled pictures.",
    ),
    "bench": Group(
        {
            "latency": Command("service.commands.bench_latency:latency", "Bytes to answer."),
            "rerank": Command("service.commands.bench_rerank:rerank", "The re-ranker."),
            "retrieval": Command("service.commands.bench_retrieval:retrieval", "Embedded kNN."),
            "elasticsearch": Command(
                "service.commands.bench_elasticsearch:elasticsearch", "The Elasticsearch adapter."
            ),
            "rules": Command("service.commands.bench_rules:rules", "Matching and checking rules."),
            "assignment": Command("service.commands.bench_assignment:assignment", "Assignment."),
            "catalog": Command("service.commands.bench_catalog:catalog", "Import and embedding."),
        },
        "Measure speed beside the named peers.",
    ),
    "rank": Group(
        {"explain": Command("service.commands.rank_explain:explain", "Why this order?")},
        "Look into a ranking.",
    ),
    "rules": Command("service.commands.rules:rules", "Check, preview and publish locale rules."),
    "experiments": Command("service.commands.experiments:experiments", "A/B experiments."),
    "tokens": Command("service.commands.tokens:tokens", "Tokens of admins and merchandisers."),
    "doctor": Command("service.commands.doctor:doctor", "What is configured, answers, is missing."),
}


class CommandError(click.ClickException):
    """A failure that the user can mend: one clear sentence, exit code 1, never a stack trace."""

    def show(self, file: IO[Any] | None = None) -> None:
        del file
        click.echo(f"souk: {self.message}", err=True)


class LazyGroup(click.Group):
    """A group that imports a member when it is called, so that `souk --help` stays quick."""

    def __init__(self, name: str, members: Mapping[str, Command | Group], text: str) -> None:
        super().__init__(name=name, help=text)
        self._members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self._members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        found = self._members.get(cmd_name)
        if found is None:
            return None
        if isinstance(found, Group):
            return LazyGroup(cmd_name, found.members, found.help)
        module, attribute = found.target.split(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{found.target} is no command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """What the user can mend is told in one sentence."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, _mendable()):
                raise CommandError(getattr(error, "detail", str(error))) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, member.help) for name, member in self._members.items()])


def _mendable() -> tuple[type[Exception], ...]:
    """Errors whose message names what is wrong and how to mend it; imported once something failed."""
    from catalog.database import StoreError  # noqa: PLC0415
    from catalog.importing import ImportRefusedError  # noqa: PLC0415
    from catalog.tables import TableError  # noqa: PLC0415
    from documents.findings import DocumentError  # noqa: PLC0415
    from ranking.model_files import RankerError  # noqa: PLC0415
    from retrieval.index import IndexBuildError, IndexUnavailable  # noqa: PLC0415
    from service.problems import Problem  # noqa: PLC0415
    from service.settings import SettingsError  # noqa: PLC0415
    from vision.manifest import ModelError  # noqa: PLC0415
    from vision.training.archives import DataError  # noqa: PLC0415

    return (
        DataError, DocumentError, ImportRefusedError, IndexBuildError, IndexUnavailable, ModelError, Problem,
        RankerError, SettingsError, StoreError, TableError,
    )  # fmt: skip


def main() -> NoReturn:
    """The console script."""
    text = "Visual search that ranks by the shopper's marketplace."
    LazyGroup("souk", COMMANDS, text)(prog_name="souk")
    raise SystemExit(0)
