"""The command line: one sub-command per step, and the only place that prints."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.argmap import FORMATS, export_maps
from pipeline.article.entities import load_entities
from pipeline.cluster import read_on_cluster
from pipeline.config import Config, load_config
from pipeline.errors import ConfigError, LunhengError
from pipeline.gold import read_gold
from pipeline.ingest import find_sources
from pipeline.records import Failure
from pipeline.run import Engine
from pipeline.run import Progress as RunProgress
from pipeline.run import run as run_batch
from pipeline.score import score_tables
from pipeline.score.prices import score_price_tables
from pipeline.show import reading_lines, summary_lines
from pipeline.show_scores import score_lines, train_lines
from pipeline.tables import read_tables
from pipeline.training import train_from_files
from pipeline.version import __version__
from pipeline.worker import Task, read_task

app = typer.Typer(
    name="lunheng",
    help="论衡 reads Chinese commentary: who argues what, for or against, and in which words.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings in TOML; see `lunheng settings`.")]
ProfileOption = Annotated[str | None, typer.Option("--profile", help="best (default) or fast.")]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option("--column", help="Column of a table and what it is, such as 文章内容=text; may be repeated."),
]
IssueOption = Annotated[
    str | None, typer.Option("--issue", help="The question the articles are about, such as 大模型价格战.")
]


@app.command()
def run(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")],
    issue: IssueOption = None,
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes; 0: one per core.")] = 0,
    engine: Annotated[str, typer.Option("--engine", help="local, or dask for several machines.")] = "local",
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="With dask: address such as tcp://10.0.0.1:8786.")
    ] = None,
    profile: ProfileOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with exit code 1 when anything was left out.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Also write every table as CSV.")] = False,
    column: ColumnOption = None,
    config: ConfigOption = None,
) -> None:
    """Read every article under PATHS and write tables, viewpoints, maps and a page to explore."""
    settings = _settings(config, profile, column, csv=csv)
    reader = _engine(engine, scheduler, workers)
    try:
        summary = _with_bar(
            lambda tell: run_batch(
                paths, out, config=settings, issue=issue, workers=workers, engine=reader, progress=tell
            )
        )
    except KeyboardInterrupt:
        _err.print("Stopped. Articles already read are kept; the same command goes on from there.")
        raise typer.Exit(130) from None
    for failure in (*summary.errors, *summary.failures):
        _err.print(_line(failure), markup=False)
    for line in summary_lines(summary):
        _out.print(line)
    if not summary.counts["rows"]["articles"]:
        for note in summary.notes:
            _err.print(note, markup=False)
        _err.print("No article could be read; the lines above say why.")
        raise typer.Exit(1)
    if summary.errors or (strict and (summary.failures or summary.n_quarantined)):
        raise typer.Exit(1)


@app.command()
def read(
    file: Annotated[str, typer.Argument(help="One file, or - for standard input.")],
    issue: IssueOption = None,
    profile: ProfileOption = None,
    column: ColumnOption = None,
    config: ConfigOption = None,
) -> None:
    """Show one article in the terminal: who says what."""
    settings = _settings(config, profile, column, csv=False)
    sources, failures = find_sources([file], settings.ingest)
    outcomes = [read_task(Task(source, settings, issue, None)) for source in sources]
    failures += [failure for outcome in outcomes for failure in (*outcome.failures, *outcome.errors)]
    readings = [reading for outcome in outcomes for reading in outcome.readings]
    for failure in failures:
        _err.print(_line(failure), markup=False)
    for reading in readings:
        for line in reading_lines(reading):
            _out.print(line)
    if not readings:
        raise typer.Exit(1)


@app.command(name="map")
def map_(
    out: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    format_: Annotated[
        str, typer.Option("--format", help="Formats, comma-separated; all for every one.")
    ] = "argdown,dot,svg",
    scope: Annotated[str, typer.Option("--scope", help="all, viewpoint:ID, article:ID or speaker:NAME.")] = "all",
    max_arguments: Annotated[int, typer.Option("--max-arguments", min=1, help="Draw the strongest ones only.")] = 40,
) -> None:
    """Export argument maps of a finished run to OUT/maps."""
    formats = list(FORMATS) if format_ == "all" else [name.strip() for name in format_.split(",") if name.strip()]
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ConfigError(f"--format: got {', '.join(unknown)}; expected some of {', '.join(FORMATS)}, or all")
    report = export_maps(read_tables(out / "tables"), formats, out / "maps", scope=scope, max_arguments=max_arguments)
    for note in report.notes:
        _err.print(note, markup=False)
    for path in report.paths:
        _out.print(str(path), markup=False)


@app.command()
def score(
    gold: Annotated[Path, typer.Argument(help="Annotated articles: a JSON-lines file or a folder of them.")],
    out: Annotated[Path, typer.Argument(help="Folder of a finished run over the same articles.")],
) -> None:
    """Compare a run with annotated articles; on articles that the models were trained on the scores flatter."""
    annotated, tables = read_gold(gold), read_tables(out / "tables")
    prices = score_price_tables(annotated, tables, same_house=load_entities().same_house)
    for line in score_lines(score_tables(annotated, tables), prices):
        _out.print(line, markup=False)


@app.command()
def train(
    gold: Annotated[list[Path], typer.Argument(help="Annotated articles: JSON-lines files or folders of them.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the weights; name it in the setting arguments.model.")],
    quick: Annotated[bool, typer.Option("--quick", help="Train the model of the fast profile only.")] = False,
    decide_on: Annotated[
        Path | None,
        typer.Option(
            "--decide-on",
            help="Annotated articles most like what you read: learned last, and thresholds on them.",
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option("--start", help="Folder of pre-trained weights for the network (scripts/pretrain.py)."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Train the models again on annotated articles (`corpus/gold/README.md` tells how to annotate)."""
    report = train_from_files(gold, out, load_config(config), network=not quick, decide_on=decide_on, start=start)
    for line in train_lines(report):
        _out.print(line, markup=False)


@app.command()
def settings() -> None:
    """Print every setting with its default and what it means; save it as a start for your own file."""
    from importlib import resources

    _out.print((resources.files("pipeline") / "defaults.toml").read_text(encoding="utf-8"), markup=False, end="")


@app.command()
def version() -> None:
    """Print the version."""
    _out.print(f"lunheng {__version__}")


def _settings(path: Path | None, profile: str | None, column: list[str] | None, *, csv: bool) -> Config:
    overrides: dict[str, Any] = {}
    if profile is not None:
        overrides["profile"] = profile
    if csv:
        overrides["export"] = {"csv": True}
    if column:
        pairs = [item.partition("=") for item in column]
        if not all(name and role for name, _, role in pairs):
            raise ConfigError(f"--column: got {' '.join(column)}; expected NAME=ROLE, such as 文章内容=text")
        overrides["ingest"] = {"columns": {name: role for name, _, role in pairs}}
    return load_config(path, **overrides)


def _engine(name: str, scheduler: str | None, workers: int) -> Engine | None:
    if name not in ("local", "dask"):
        raise ConfigError(f"--engine: got {name!r}, expected local or dask")
    if name == "local" and scheduler is not None:
        raise ConfigError("--scheduler goes with --engine dask; leave it out or add that")
    return partial(read_on_cluster, scheduler=scheduler, workers=workers) if name == "dask" else None


def _line(failure: Failure) -> str:
    return f"{failure.where}: {failure.got}; expected {failure.expected}; {failure.remedy}"


def _with_bar(work: Any) -> Any:
    """Run `work` with a progress bar where a person is looking, without one elsewhere."""
    if not _err.is_terminal:
        return work(None)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
    )
    steps = {"read": "读 reading", "viewpoints": "聚 viewpoints", "export": "写 files"}
    with Progress(*columns, console=_err, transient=True) as bar:
        task = bar.add_task("…", total=None, counts="")

        def tell(state: RunProgress) -> None:
            counts = f"{state.articles} articles" + (f", {state.failures} failed" if state.failures else "")
            bar.update(task, description=steps[state.step], completed=state.done, total=state.total, counts=counts)

        return work(tell)


def main() -> None:
    """Run the command line; a mistake that the user can mend ends with one line and exit code 2."""
    try:
        app(standalone_mode=True)
    except LunhengError as error:
        _err.print(f"lunheng: {error}", markup=False)
        sys.exit(2)
    except OSError as error:  # the disk: full, read-only, gone
        _err.print(f"lunheng: {error.filename or 'output'}: {error.strerror or error}; mend that and try again")
        sys.exit(2)


if __name__ == "__main__":
    main()
