"""The contract of `CandidateIndex` on the engines that need nothing but this process."""

from __future__ import annotations

import pytest

from retrieval.index import CandidateIndex
from tests.retrieval.contract import RECORDS, Contract
from tests.retrieval.engines import LOCAL, Engine, exact


@pytest.fixture(scope="module")
def _oracle(tmp_path_factory: pytest.TempPathFactory) -> CandidateIndex:
    return exact(RECORDS, tmp_path_factory.mktemp("exact"))


@pytest.fixture(scope="module", params=LOCAL, ids=lambda engine: engine.name)
def _built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> CandidateIndex:
    engine: Engine = request.param
    return engine.build(RECORDS, tmp_path_factory.mktemp(engine.name))


class TestLocalEngines(Contract):
    @pytest.fixture
    def index(self, _built: CandidateIndex) -> CandidateIndex:
        return _built

    @pytest.fixture
    def oracle(self, _oracle: CandidateIndex) -> CandidateIndex:
        return _oracle
