"""From the event log to an experiment's report; the command, the API and the pages share it."""

from __future__ import annotations

from experiments.definitions import Experiment
from experiments.event_log import EventLog
from experiments.joining import join
from experiments.report import Report, make_report


def read_report(experiment: Experiment, log: EventLog) -> Report:
    """Raises LogFailure when the database does not answer."""
    joined = join(
        experiment,
        log.exposures(experiment.key),
        log.searches(experiment.marketplaces),
        log.events(experiment.marketplaces),
    )
    return make_report(experiment, joined)
