"""Sources over worker processes: bounded, stopped at once by Ctrl-C, and not lost when a process dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for

from pipeline.errors import ConfigError
from pipeline.records import Failure
from pipeline.worker import Outcome, Task, deaf_to_ctrl_c, read_task

# Tasks handed out per worker at a time: enough that none waits, few enough that little is in doubt when one dies.
AHEAD = 8
# Below this many sources to read, the start of worker processes costs more than they save (about 1.5 s each).
MIN_SOURCES_FOR_WORKERS = 60


def read_here(tasks: Sequence[Task], workers: int) -> Generator[Outcome, None, None]:
    """Read the sources on this machine: in `workers` processes, or in this one where that is quicker."""
    if workers <= 1 or len(tasks) < MIN_SOURCES_FOR_WORKERS:
        yield from map(read_task, tasks)
    else:
        yield from read_in_pool(tasks, workers)


def read_in_pool(tasks: Sequence[Task], workers: int) -> Generator[Outcome, None, None]:
    """Read the sources in `workers` processes; yield outcomes in the order in which they finish.

    When a process dies (out of memory, a crash in a library), the sources that were handed out are read again one at a
    time in a process of their own; one that ends that process as well becomes an error, and the others go on.
    """
    rest = list(reversed(tasks))
    while rest:
        doubtful: dict[Future[Outcome], Task] = {}
        try:
            with _pool(workers) as pool:
                while rest or doubtful:
                    while rest and len(doubtful) < AHEAD * workers:
                        doubtful[_submit(pool, rest[-1])] = rest[-1]
                        rest.pop()
                    finished, _ = wait(doubtful, return_when=FIRST_COMPLETED)
                    for future in finished:
                        outcome = future.result()
                        del doubtful[future]
                        yield outcome
        except BrokenProcessPool:
            yield from _one_by_one(list(doubtful.values()))


def _one_by_one(tasks: Sequence[Task]) -> Iterator[Outcome]:
    rest = list(reversed(tasks))
    while rest:
        try:
            with _pool(1) as pool:
                _probe(pool)
                while rest:
                    outcome = _submit(pool, rest[-1]).result()
                    rest.pop()
                    yield outcome
        except BrokenProcessPool:
            yield Outcome((), (), (_died(rest.pop()),), 0)


def _probe(pool: ProcessPoolExecutor) -> None:
    """Raise a ConfigError when a worker cannot even start, so that no source is blamed for that."""
    try:
        with deaf_to_ctrl_c():
            started = pool.submit(os.getpid)
        started.result()
    except BrokenProcessPool as error:
        raise ConfigError(
            "worker processes end as soon as they start; a script that calls run() must do so below "
            "`if __name__ == '__main__':`; mend that or use one worker (--workers 1)"
        ) from error


def _died(task: Task) -> Failure:
    return Failure(
        where=task.source.path,
        got="the process that read it was ended twice by the system or crashed (often: out of memory)",
        expected="a source that fits into memory",
        remedy="split it, or run with fewer --workers; the other sources are complete",
    )


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    before = set(multiprocessing.active_children())
    # "spawn": forked copies of a process with Arrow's threads can hang.
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_die_with_parent)
    try:
        yield pool
    except BaseException:
        # Ctrl-C or a fault: what is being read is given up, so nobody waits for it. Stored readings appear whole or
        # not at all, so ending a process does no harm.
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, task: Task) -> Future[Outcome]:
    with deaf_to_ctrl_c():  # a task may start a process
        return pool.submit(read_task, task)


def _die_with_parent() -> None:
    """End this process when the one that started it is gone, however it went."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            wait_for([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
