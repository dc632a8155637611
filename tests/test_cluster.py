"""A run on a Dask cluster: the same bytes as on one machine, also when a worker is killed in the middle."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.cluster import read_on_cluster
from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.run import Progress, run
from tests.test_faults import poisoned, write_articles
from tests.test_run import result_bytes

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_articles(tmp_path_factory.mktemp("input") / "articles", 60)


@pytest.fixture(scope="module")
def expected(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("local") / "out"
    run([str(folder)], out, config=load_config(), workers=1)
    return result_bytes(out)


def test_same_bytes_when_a_worker_is_killed(
    cluster: Any, folder: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    workers: list[int] = []

    def kill(state: Progress) -> None:
        if state.step == "read" and state.done == 5 and not workers:
            with distributed.Client(cluster) as client:
                workers.extend(client.run(os.getpid).values())
            os.kill(workers[0], signal.SIGKILL)

    engine = partial(read_on_cluster, scheduler=cluster.scheduler_address, workers=0)
    summary = run([str(folder)], tmp_path / "out", config=load_config(), engine=engine, progress=kill)
    assert len(workers) == 2
    assert summary.errors == ()
    assert result_bytes(tmp_path / "out") == expected


def test_a_cluster_is_started_here_when_none_is_named(folder: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    engine = partial(read_on_cluster, scheduler=None, workers=2)
    run([str(folder)], tmp_path / "out", config=load_config(), engine=engine)
    assert result_bytes(tmp_path / "out") == expected


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_named(address: str, folder: Path, tmp_path: Path) -> None:
    engine = partial(read_on_cluster, scheduler=address, workers=0)
    with pytest.raises(ConfigError, match="expected the address of a running scheduler"):
        run([str(folder)], tmp_path / "out", config=load_config(), engine=engine)


def test_a_source_that_kills_every_worker_is_named_and_the_rest_goes_on(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = write_articles(tmp_path / "articles", 6)
    monkeypatch.setattr("pipeline.cluster.read_task", poisoned)
    engine = partial(read_on_cluster, scheduler=cluster.scheduler_address, workers=0)
    summary = run([str(few)], tmp_path / "out", config=load_config(), engine=engine)
    assert len(summary.tables.articles) == 5
    assert [Path(error.where).name for error in summary.errors] == ["003.md"]
