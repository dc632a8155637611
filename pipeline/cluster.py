"""Sources over the machines of a Dask cluster (extra: cluster): the same function per source, the same outcomes.

Every machine must see the articles and the output folder under the same paths. What a lost machine was reading is read
by another; a source that ends three workers becomes an error, and the others go on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from pipeline.errors import ConfigError
from pipeline.records import Failure
from pipeline.worker import Outcome, Task, deaf_to_ctrl_c, read_task

AHEAD = 8  # tasks handed out per worker at a time, as in a pool of processes


def read_on_cluster(tasks: Sequence[Task], *, scheduler: str | None, workers: int) -> Generator[Outcome, None, None]:
    """Read the sources on the cluster at `scheduler`; yield outcomes in the order in which they finish.

    Parameters
    ----------
    tasks : sequence of Task
        What is to be read.
    scheduler : str, optional
        Address such as ``tcp://10.0.0.1:8786``; without one, a cluster of `workers` processes is started here.
    workers : int
        Processes of the cluster that is started here; 0 means one per core.

    Raises
    ------
    ConfigError
        If Dask is not installed or the scheduler does not answer.
    """
    with _client(scheduler, workers or os.cpu_count() or 1) as client:
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        rest = [_anywhere(task) for task in reversed(tasks)]
        running: dict[str, Task] = {}
        doubtful: list[Task] = []

        def hand_out(count: int) -> list[Any]:
            chosen = [rest.pop() for _ in range(min(count, len(rest)))]
            futures = [client.submit(read_task, task, pure=False) for task in chosen]
            running.update({future.key: task for future, task in zip(futures, chosen, strict=True)})
            return futures

        finished = as_completed(hand_out(AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))))
        for future in finished:
            task = running.pop(future.key)
            try:
                yield future.result()
            except KilledWorker:
                doubtful.append(task)  # or one that was waiting beside it
            future.release()
            for more in hand_out(1):
                finished.add(more)
        for task in doubtful:
            try:
                yield client.submit(read_task, task, pure=False).result()
            except KilledWorker:
                yield Outcome((), (), (_died(task),), 0)


def _anywhere(task: Task) -> Task:
    """Return the task with absolute paths: a worker's current folder is not ours."""
    origin = task.source.origin
    source = task.source if origin is None else dataclasses.replace(task.source, origin=origin.absolute())
    return dataclasses.replace(task, source=source, cache=task.cache.absolute() if task.cache else None)


@contextlib.contextmanager
def _client(scheduler: str | None, workers: int) -> Iterator[Any]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ConfigError("--engine dask: Dask is not installed; pip install 'lunheng[cluster]'") from error
    if scheduler is None:
        # One thread per process: tools are built once per process and are not meant to be shared.
        with deaf_to_ctrl_c():
            cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
            )
        with cluster, Client(cluster) as client:
            yield client
        return
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"--scheduler {scheduler}: {error}; expected the address of a running scheduler, such as "
            "tcp://10.0.0.1:8786; start one with `dask scheduler` and workers with `dask worker ADDRESS --nthreads 1`"
        ) from error
    with client:
        yield client


def _died(task: Task) -> Failure:
    return Failure(
        where=task.source.path,
        got="every worker that read it was ended by the system or crashed (often: out of memory)",
        expected="a source that fits into memory",
        remedy="split it, or give the workers more memory; the other sources are complete",
    )
