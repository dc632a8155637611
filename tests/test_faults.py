"""What no user should ever notice: killed runs, dying workers, full disks."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.cache import package_fingerprint
from pipeline.config import load_config
from pipeline.errors import ConfigError
from pipeline.run import RunSummary, run
from pipeline.worker import Outcome, Task, prepare, read_task

BODY = """# 第{n}次降价

作者 | 顾远

降价的根本原因是推理成本下降，第{n}次也不例外。但价格战可能挤压创业公司的生存空间。

“没有利润的增长走不远。”虚构公司云栈智能的创始人陆闻舟说。厂商应该提供差异化服务。

预计明年会有{n}家厂商退出，低价能够推动技术普及。
"""


def write_articles(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    for n in range(count):
        (folder / f"{n:03}.md").write_text(BODY.format(n=n + 2), encoding="utf-8")
    return folder


def everything(out: Path) -> dict[str, bytes]:
    """All results, also what changed; without the manifest (seconds) and the lock."""
    files = [p for p in sorted(out.rglob("*")) if p.is_file() and p.name not in {"manifest.json", ".lock"}]
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


def read_into(out: Path, folder: Path) -> RunSummary:
    return run([str(folder)], out, config=load_config(), workers=1)


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> list[str]:
    """Let the process die before the `step`-th effect on the disk; return the effects that happened."""
    done: list[str] = []

    def deadly(module: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(module, name)

        def effect(*args: Any, **kwargs: Any) -> Any:
            if len(done) == step:
                raise Killed
            done.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, effect)

    deadly(os, "rename")
    deadly(os, "replace")
    deadly(shutil, "rmtree")
    deadly(pq.ParquetWriter, "write_table")
    return done


@pytest.mark.slow
@pytest.mark.parametrize("over_earlier_results", [False, True])
def test_killed_before_any_effect_the_next_run_ends_the_same(over_earlier_results: bool, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 4)
    start = tmp_path / "start"
    if over_earlier_results:
        read_into(start, folder)
    else:
        start.mkdir()
    write_articles(folder, 6)
    shutil.copytree(start, tmp_path / "calm")
    read_into(tmp_path / "calm", folder)
    expected = everything(tmp_path / "calm")
    for step in range(1000):
        out = tmp_path / f"out{step}"
        shutil.copytree(start, out)
        with pytest.MonkeyPatch.context() as patch:
            done = kill_at(patch, step)
            try:
                read_into(out, folder)
            except Killed:
                pass
            else:
                assert step == len(done)
                break
        read_into(out, folder)
        assert everything(out) == expected, f"killed after {len(done)} effects, the last {done[-1:]}"
        shutil.rmtree(out)
    assert step > 20


def digest_of_the_package() -> str:
    """Return the digest that a new process would see."""
    package_fingerprint.cache_clear()
    return package_fingerprint()


def kill_after(process: subprocess.Popen[bytes], out: Path, n_stored: int, pause: float) -> bool:
    """Kill a run `pause` seconds after it has stored so many readings; return whether it was still going on.

    Counting readings, not seconds alone, the moments lie within the run however busy the machine is.
    """
    wait_until(lambda: process.poll() is not None or len(list((out / ".cache").glob("??/*.json"))) >= n_stored, 120)
    time.sleep(pause)
    process.kill()
    return process.wait() == -signal.SIGKILL


@pytest.mark.slow
def test_killed_at_random_moments_the_next_run_ends_the_same(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 80)
    calm = tmp_path / "calm"
    before = digest_of_the_package()
    subprocess.run(command("run", folder, "--out", calm, "--workers", 2), check=True, capture_output=True)
    expected = everything(calm)
    dice = random.Random(7)
    n_killed = 0
    for round_ in range(10):
        out = tmp_path / f"out{round_}"
        for _ in range(2):
            process = subprocess.Popen(
                command("run", folder, "--out", out, "--workers", 2),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            # One kill in four falls into start-up, two into reading, one into what follows it.
            n_stored = dice.choice((0, dice.randint(1, 79), dice.randint(1, 79), 80))
            n_killed += kill_after(process, out, n_stored, dice.uniform(0, 2.5 if n_stored in (0, 80) else 0.2))
        again = subprocess.run(
            command("run", folder, "--out", out, "--workers", 1), capture_output=True, text=True, check=False
        )
        if digest_of_the_package() != before:
            pytest.skip("the code was changed while the test ran: readings and results follow the code")
        assert again.returncode == 0, again.stderr
        assert everything(out) == expected
        shutil.rmtree(out)
    assert n_killed >= 10, "most of the others were done before their time"


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def heed_interrupts() -> None:
    """Undo what a shell does to the jobs that it starts in the background: they ignore Ctrl-C, and so would the run."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start_with_workers(folder: Path, out: Path, *more: str) -> tuple[subprocess.Popen[str], list[int]]:
    """Start a run in a process group of its own, as a terminal does; return it once its workers read."""
    process = subprocess.Popen(
        command("run", folder, "--out", out, "--workers", 2, *more),
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heed_interrupts,
    )  # fmt: skip
    assert wait_until(lambda: any((out / ".cache").glob("??/*.json")), 60)
    return process, children_of(process.pid)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to find the workers")
@pytest.mark.parametrize("engine", ["local", "dask"])
def test_ctrl_c_ends_soon_and_says_how_to_go_on(engine: str, tmp_path: Path) -> None:
    if engine == "dask":
        pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    folder = write_articles(tmp_path / "articles", 400)
    process, workers = start_with_workers(folder, tmp_path / "out", "--engine", engine)
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    # Under two seconds on an idle machine; the bound leaves room for the other tests beside it on the same cores.
    assert time.monotonic() - begun < 10
    assert process.returncode == 130
    assert told.strip() == "Stopped. Articles already read are kept; the same command goes on from there."
    assert wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 20)
    again = subprocess.run(
        command("run", folder, "--out", tmp_path / "out"), capture_output=True, text=True, check=True
    )
    assert "not read again" in again.stdout


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to find the workers")
def test_workers_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 400)
    process, workers = start_with_workers(folder, tmp_path / "out")
    assert workers
    process.kill()
    process.communicate(timeout=10)
    assert wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 5)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to find the workers")
def test_a_worker_killed_by_the_system_loses_nothing(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 400)
    process, _ = start_with_workers(folder, tmp_path / "out")
    readers = [pid for pid in children_of(process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(readers[0], signal.SIGKILL)
    shown, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    assert "400 篇文章" in shown


def poisoned(task: Task) -> Outcome:
    """Read a source, or die as a process does that asks for too much memory."""
    if task.source.path.endswith("003.md"):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_task(task)


@pytest.mark.slow
def test_a_source_that_kills_its_worker_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_articles(tmp_path / "articles", 8)
    monkeypatch.setattr("pipeline.pool.MIN_SOURCES_FOR_WORKERS", 1)
    monkeypatch.setattr("pipeline.pool.read_task", poisoned)
    summary = run([str(folder)], tmp_path / "out", config=load_config(), workers=2)
    assert len(summary.tables.articles) == 7
    assert [Path(error.where).name for error in summary.errors] == ["003.md"]
    assert "ended twice" in summary.errors[0].got
    monkeypatch.undo()
    assert len(read_into(tmp_path / "out", folder).tables.articles) == 8


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_disk_that_refuses_ends_in_one_clear_line(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_articles(tmp_path / "articles", 2)

    def refuse(path: Path, data: bytes | str) -> None:
        raise OSError(code, os.strerror(code), str(path))

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.cache.write_atomically", refuse)
        with pytest.raises(ConfigError, match=f"{os.strerror(code)}.*run the same command again"):
            read_into(tmp_path / "out", folder)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.corpus.write_atomically", refuse)
        with pytest.raises(ConfigError, match="run the same command again"):
            read_into(tmp_path / "out", folder)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.tables.pq.ParquetWriter.write_table", lambda *_, **__: refuse(tmp_path, b""))
        with pytest.raises(ConfigError, match="run the same command again"):
            read_into(tmp_path / "out", folder)
    read_into(tmp_path / "out", folder)
    read_into(tmp_path / "calm", folder)
    assert everything(tmp_path / "out") == everything(tmp_path / "calm")


@pytest.mark.slow
def test_files_that_may_not_grow_end_in_one_clear_line(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 3)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(
        command("run", folder, "--out", tmp_path / "out"), capture_output=True, text=True, preexec_fn=limit, check=False
    )
    assert done.returncode == 2
    assert "run the same command again" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_output_is_named(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", 1)
    (tmp_path / "out").mkdir(mode=0o555)
    with pytest.raises(ConfigError, match="another with --out"):
        read_into(tmp_path / "out", folder)


def test_a_source_that_changes_while_it_is_read_is_not_remembered(tmp_path: Path) -> None:
    from pipeline.ingest import find_sources

    folder = write_articles(tmp_path / "articles", 1)
    config = load_config()
    source = find_sources([str(folder)], config.ingest)[0][0]
    task = prepare(source, config, None, tmp_path / "cache")
    (folder / "000.md").write_text(BODY.format(n=9), encoding="utf-8")
    read_task(task)
    assert not (tmp_path / "cache" / "sources").exists()
