"""`souk`: every command in one place, each imported only when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import NoReturn

import click

COMMANDS: Mapping[str, str | Mapping[str, str]] = {
    "demo": "service.commands.demo:demo",
    "serve": "service.commands.serve:serve",
    "search": "service.commands.search:search",
    "catalog": "service.commands.catalog:catalog",
    "index": "service.commands.index:index",
    "train": {
        "heads": "service.commands.train_vision:heads",
        "detector": "service.commands.train_detector:detector",
        "embedder": "service.commands.train_vision:embedder",
        "ranker": "service.commands.train_ranker:ranker",
        "composites": "service.commands.train_composites:composites",
        "renders": "service.commands.train_renders:renders",
    },
    "evaluate": {
        "vision": "service.commands.evaluate_vision:vision",
        "retrieval": "service.commands.evaluate_retrieval:retrieval",
        "ranking": "service.commands.evaluate_ranking:ranking",
        "culture": "service.commands.evaluate_culture:culture",
        "accessories": "service.commands.evaluate_accessories:accessories",
    },
    "bench": {
        "latency": "service.commands.bench_latency:latency",
        "rerank": "service.commands.bench_rerank:rerank",
        "retrieval": "service.commands.bench_retrieval:retrieval",
        "elasticsearch": "service.commands.bench_elasticsearch:elasticsearch",
        "rules": "service.commands.bench_rules:rules",
        "assignment": "service.commands.bench_assignment:assignment",
        "catalog": "service.commands.bench_catalog:catalog",
    },
    "rank": {"explain": "service.commands.rank_explain:explain"},
    "rules": "service.commands.rules:rules",
    "experiments": "service.commands.experiments:experiments",
    "tokens": "service.commands.tokens:tokens",
    "doctor": "service.commands.doctor:doctor",
}
"""Where each command lives; a nested mapping is a group whose members are modules of their own."""


class CommandError(click.ClickException):
    """A failure that the user can mend: one clear sentence, exit code 1, never a stack trace."""

    def show(self, file: object = None) -> None:
        del file
        click.echo(f"souk: {self.message}", err=True)


class LazyGroup(click.Group):
    """A group that imports a member when it is called, so that `souk --help` stays quick."""

    def __init__(self, name: str, members: Mapping[str, str | Mapping[str, str]]) -> None:
        super().__init__(name=name, help=_HELP.get(name, ""))
        self._members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self._members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        target = self._members.get(cmd_name)
        if target is None:
            return None
        if not isinstance(target, str):
            return LazyGroup(cmd_name, target)
        module, attribute = target.split(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{target} is no command")
        return command


_HELP = {
    "souk": "Visual search that ranks by the shopper's marketplace.",
    "train": "Train the networks and the re-ranker (extra `train`).",
    "evaluate": "Measure quality on a folder of labelled pictures.",
    "bench": "Measure speed beside the named peers.",
    "rank": "Look into a ranking.",
}


def main() -> NoReturn:
    """The console script."""
    LazyGroup("souk", COMMANDS)(prog_name="souk")
    raise SystemExit(0)
