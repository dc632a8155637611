"""Plots of viewpoints as plotly figures, in Chinese, from the tables of a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from pipeline.records import KIND_ZH, STANCE_ZH, Tables
from pipeline.viewpoints.agreement import speaker_matrix

FONT = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
# Okabe & Ito's palette, told apart by people who do not see red and green.
KIND_COLOURS = {
    "cause": "#0072B2", "risk": "#D55E00", "benefit": "#009E73", "strategy": "#E69F00",
    "forecast": "#CC79A7", "evidence": "#999999", "claim": "#56B4E9",
}  # fmt: skip
STANCE_COLOURS = {"pro": "#0072B2", "con": "#D55E00", "neu": "#BBBBBB"}
NAMED = 24  # names that are tried on the map, largest first


@dataclass(frozen=True, slots=True)
class Plots:
    """The plots of one run; every method returns a plotly figure."""

    tables: Tables

    def map(self) -> Any:
        """Return the map of viewpoints."""
        return viewpoint_map(self.tables)

    def hierarchy(self) -> Any:
        """Return kinds, themes and viewpoints as nested boxes."""
        return viewpoint_hierarchy(self.tables)

    def over_time(self, *, top: int = 8) -> Any:
        """Return the largest viewpoints month by month."""
        return viewpoints_over_time(self.tables, top=top)

    def matrix(self, *, max_speakers: int = 20, max_viewpoints: int = 15) -> Any:
        """Return who makes which viewpoint."""
        return agreement_matrix(self.tables, max_speakers=max_speakers, max_viewpoints=max_viewpoints)

    def stance_by_outlet(self, *, top: int = 15) -> Any:
        """Return the stance of every outlet."""
        return stance_by_outlet(self.tables, top=top)


def viewpoint_map(tables: Tables) -> Any:
    """Return the map of viewpoints: what stands near says something alike; area is the number of arguments."""
    go = _plotly()
    figure = go.Figure()
    leaves = _leaves(tables)
    largest = max((v.size for v in leaves), default=1)
    named = _named(leaves)
    for kind, colour in KIND_COLOURS.items():
        own = [v for v in leaves if v.kind == kind]
        if own:
            figure.add_trace(
                go.Scatter(
                    x=[v.x for v in own], y=[v.y for v in own], name=KIND_ZH[kind], mode="markers+text",
                    text=[v.label if v.viewpoint_id in named else "" for v in own], textposition="top center",
                    marker={
                        "size": [10 + 30 * (v.size / largest) ** 0.5 for v in own], "color": colour, "opacity": 0.75,
                    },
                    customdata=[[v.label, v.size, v.n_articles, v.n_speakers, v.n_pro, v.n_con] for v in own],
                    hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]} 条论点 · %{customdata[2]} 篇 · "
                    "%{customdata[3]} 个声音<br>支持 %{customdata[4]} · 反对 %{customdata[5]}"
                    "<extra>%{fullData.name}</extra>",
                )
            )  # fmt: skip
    left, right = min((v.x for v in leaves), default=0.0), max((v.x for v in leaves), default=1.0)
    margin = 0.12 * (right - left) or 1.0  # room for the names of the outermost
    figure.update_xaxes(visible=False, range=[left - margin, right + margin])
    figure.update_yaxes(visible=False)
    return _finish(figure, "观点地图", height=640)


def _named(leaves: list[Any]) -> set[str]:
    """Return the viewpoints whose names the map can show: the largest, as long as no two names run into each other."""
    width = max((v.x for v in leaves), default=1) - min((v.x for v in leaves), default=0) or 1.0
    height = max((v.y for v in leaves), default=1) - min((v.y for v in leaves), default=0) or 1.0
    shown: list[Any] = []
    for viewpoint in sorted(leaves, key=lambda v: (-v.size, v.viewpoint_id))[:NAMED]:
        if all(
            abs(viewpoint.y - other.y) > 0.05 * height
            or abs(viewpoint.x - other.x) > 0.009 * width * (len(viewpoint.label) + len(other.label))
            for other in shown
        ):
            shown.append(viewpoint)
    return {v.viewpoint_id for v in shown}


def viewpoint_hierarchy(tables: Tables) -> Any:
    """Return kinds, themes and viewpoints as nested boxes; area is the number of arguments."""
    go = _plotly()
    leaves = _leaves(tables)
    parents = {v.parent_id for v in leaves}
    themes = [v for v in tables.viewpoints if v.viewpoint_id in parents]
    kinds = sorted({v.kind for v in leaves})
    ids = [*kinds, *(t.viewpoint_id for t in themes), *(v.viewpoint_id for v in leaves)]
    labels = [*(KIND_ZH[k] for k in kinds), *(t.label for t in themes), *(v.label for v in leaves)]
    above = ["" for _ in kinds] + [t.kind for t in themes] + [v.parent_id or v.kind for v in leaves]
    sizes = Counter({v.viewpoint_id: v.size for v in leaves})
    for viewpoint in leaves:
        sizes[viewpoint.kind] += viewpoint.size
        if viewpoint.parent_id is not None:
            sizes[viewpoint.parent_id] += viewpoint.size
    colours = [KIND_COLOURS[k] for k in (*kinds, *(t.kind for t in themes), *(v.kind for v in leaves))]
    figure = go.Figure(
        go.Treemap(
            ids=ids, labels=labels, parents=above, values=[sizes[i] for i in ids], branchvalues="total",
            marker={"colors": colours}, hovertemplate="<b>%{label}</b><br>%{value} 条论点<extra></extra>",
        )
    )  # fmt: skip
    return _finish(figure, "观点层次：类型 → 主题 → 观点", height=640)


def viewpoints_over_time(tables: Tables, *, top: int = 8) -> Any:
    """Return how many arguments made each of the `top` largest viewpoints, month by month."""
    go = _plotly()
    months = {a.article_id: a.published.strftime("%Y-%m") for a in tables.articles if a.published is not None}
    articles = {a.argument_id: a.article_id for a in tables.arguments}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for membership in tables.memberships:
        month = months.get(articles.get(membership.argument_id, ""))
        if membership.viewpoint_id is not None and month is not None:
            counts[membership.viewpoint_id][month] += 1
    axis = sorted({month for row in counts.values() for month in row})
    shown = sorted(_leaves(tables), key=lambda v: (-counts[v.viewpoint_id].total(), v.viewpoint_id))[:top]
    figure = go.Figure()
    for viewpoint in shown:
        row = counts[viewpoint.viewpoint_id]
        figure.add_trace(go.Scatter(x=axis, y=[row[m] for m in axis], name=viewpoint.label, mode="lines+markers"))
    figure.update_xaxes(title="发表月份", type="category")
    figure.update_yaxes(title="论点数", rangemode="tozero")
    return _finish(figure, "观点随时间的变化" if axis else "观点随时间的变化（没有文章标明日期）")


def agreement_matrix(tables: Tables, *, max_speakers: int = 20, max_viewpoints: int = 15) -> Any:
    """Return who makes which viewpoint: blue for, orange against, grey without a side, blank silent."""
    go = _plotly()
    matrix = speaker_matrix(tables, max_speakers=max_speakers, max_viewpoints=max_viewpoints)
    values = [[None if cell is None else max(-1, min(1, cell)) for cell in row] for row in matrix.cells]
    words = {None: "未谈", -1: "反对", 0: "中立", 1: "支持"}
    figure = go.Figure(
        go.Heatmap(
            z=values, x=_apart(matrix.labels), y=_apart(matrix.names), zmin=-1, zmax=1, xgap=2, ygap=2,
            colorscale=[[0, STANCE_COLOURS["con"]], [0.5, "#DDDDDD"], [1, STANCE_COLOURS["pro"]]], showscale=False,
            customdata=[[words[value] for value in row] for row in values],
            hovertemplate="%{y}<br>%{x}<br>%{customdata}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(tickangle=-40)
    return _finish(figure, "谁持哪种观点", height=240 + 22 * len(matrix.names))


def stance_by_outlet(tables: Tables, *, top: int = 15) -> Any:
    """Return the shares of arguments for, against and neutral in each outlet; copies of articles left out."""
    go = _plotly()
    outlets = {a.article_id: a.outlet or "未知来源" for a in tables.articles if a.repeat_of is None}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for argument in tables.arguments:
        if argument.article_id in outlets:
            counts[outlets[argument.article_id]][argument.stance] += 1
    shown = sorted(counts, key=lambda o: (-counts[o].total(), o))[:top][::-1]
    figure = go.Figure()
    for stance, colour in STANCE_COLOURS.items():
        figure.add_trace(
            go.Bar(
                y=shown, x=[counts[o][stance] / counts[o].total() for o in shown], name=STANCE_ZH[stance],
                orientation="h", marker={"color": colour}, customdata=[counts[o][stance] for o in shown],
                hovertemplate="%{y}<br>%{fullData.name} %{customdata} 条，%{x:.0%}<extra></extra>",
            )
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    return _finish(figure, "各来源的立场", height=220 + 24 * len(shown))


def _plotly() -> Any:
    import plotly.graph_objects as go

    return go


def _leaves(tables: Tables) -> list[Any]:
    """Return the viewpoints that have members: themes are their parents."""
    parents = {v.parent_id for v in tables.viewpoints}
    return [v for v in tables.viewpoints if v.viewpoint_id not in parents]


def _apart(names: tuple[str, ...]) -> list[str]:
    """Return the names, equal ones set apart by an invisible mark: plotly would draw them in one row."""
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        result.append(name + "\u200b" * seen[name])
        seen[name] += 1
    return result


def _finish(figure: Any, title: str, *, height: int = 480) -> Any:
    figure.update_layout(
        title=title, font={"family": FONT, "size": 13}, template="plotly_white", height=height,
        margin={"l": 40, "r": 20, "t": 60, "b": 40}, legend={"orientation": "h", "y": -0.12},
    )  # fmt: skip
    return figure
