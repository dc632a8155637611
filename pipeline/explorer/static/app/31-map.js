"use strict";
// The argument map as a picture, drawn by cytoscape.js, and as an outline for reading aloud and small screens.
(L => {
  const { h } = L;
  const EDGE = {
    support: ["#00805c", "solid", "triangle"],
    attack: ["#c2480c", "dashed", "tee"],
    cause: ["#b07800", "solid", "vee"],
    member: ["#9a9488", "solid", "none"],
    about: ["#bdb6aa", "dotted", "none"],
  };
  const STYLE = [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        width: "data(w)",
        height: "data(h)",
        label: "data(label)",
        "text-wrap": "wrap",
        "text-max-width": 9999,
        "text-valign": "center",
        "text-halign": "center",
        "text-justification": "center",
        "font-size": 13,
        "line-height": 1.3,
        "font-family": '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
        "background-color": "data(tint)",
        "border-width": 1,
        "border-color": "data(colour)",
        color: "#1d1b18",
      },
    },
    {
      selector: "node[type = 'arg']",
      style: { "text-halign": "right", "text-justification": "left", "text-margin-x": "data(shift)" },
    },
    { selector: "node[type = 'group']", style: { "border-width": 2.5, "font-weight": 600 } },
    { selector: "node[type = 'issue']", style: { color: "#fff", "font-weight": 600, "font-size": 15 } },
    {
      selector: "edge",
      style: {
        width: 1.6,
        "line-color": "data(colour)",
        "line-style": "data(line)",
        "target-arrow-shape": "data(arrow)",
        "target-arrow-color": "data(colour)",
        "curve-style": "bezier",
        "arrow-scale": 0.9,
      },
    },
    {
      selector: "edge.side",
      style: {
        "curve-style": "unbundled-bezier",
        "control-point-distances": "data(bow)",
        "control-point-weights": 0.5,
        "edge-distances": "endpoints",
        "source-endpoint": "90deg",
        "target-endpoint": "90deg",
      },
    },
    // Toward the issue the lines run along one trunk per side, so that they do not cross.
    {
      selector: "edge.trunk",
      style: { "curve-style": "taxi", "taxi-direction": "leftward", "taxi-turn-min-distance": 4 },
    },
    { selector: "edge.trunk.support", style: { "taxi-turn": "34px", "target-endpoint": "50% -24%" } },
    { selector: "edge.trunk.attack", style: { "taxi-turn": "48px", "target-endpoint": "50% 0%" } },
    { selector: "edge.trunk.about", style: { "taxi-turn": "62px", "target-endpoint": "50% 24%" } },
    { selector: "edge[kind = 'attack']", style: { width: 2 } },
    { selector: "node:active, node:selected", style: { "overlay-opacity": 0.08, "border-width": 3 } },
  ];

  const draw = (box, graph) => {
    L.layoutMap(graph);
    const node = n => ({
      data: {
        id: n.id,
        label: n.lines.join("\n"),
        w: n.w,
        h: n.h,
        shift: 10 - n.w,
        type: n.type,
        tint: n.type === "issue" ? "#2b2824" : L.TINT[n.kind],
        colour: n.type === "issue" ? "#2b2824" : L.COLOUR[n.kind],
      },
      position: { x: n.x, y: n.y },
    });
    const known = new Map(graph.nodes.map(n => [n.id, n]));
    const shape = e => {
      const [from, to] = [known.get(e.from), known.get(e.to)],
        side = from.x === to.x;
      return {
        classes: to.type === "issue" ? `trunk ${e.kind}` : side ? "side" : "",
        data: { bow: (to.y > from.y ? -1 : 1) * Math.min(150, 26 + Math.abs(to.y - from.y) * 0.12) },
      };
    };
    const edges = graph.edges
      .filter(e => known.has(e.from) && known.has(e.to))
      .map((e, i) => ({
        classes: shape(e).classes,
        data: {
          ...shape(e).data,
          id: `e${i}`,
          source: e.from,
          target: e.to,
          kind: e.kind,
          colour: EDGE[e.kind][0],
          line: EDGE[e.kind][1],
          arrow: EDGE[e.kind][2],
        },
      }));
    const cy = cytoscape({
      container: box,
      elements: [...graph.nodes.map(node), ...edges],
      style: STYLE,
      layout: { name: "preset", padding: 12 },
      minZoom: 0.1,
      maxZoom: 2.5,
      autoungrabify: true,
      boxSelectionEnabled: false,
    });
    cy.on("tap", "node", event => {
      const n = known.get(event.target.id());
      if (n.arg) L.panelOfArg(n.arg);
      else if (n.group) L.panelOfArgs(n.lines.slice(0, -1).join(""), n.all);
    });
    // The picture is as tall as it needs and scrolls with the page; a small screen starts at its top left corner.
    const bounds = cy.elements().boundingBox(),
      zoom = Math.max(0.62, Math.min(1.15, (box.clientWidth - 24) / bounds.w)),
      tall = matchMedia("(min-width: 900px)").matches;
    if (tall) box.style.height = `${Math.ceil(bounds.h * zoom + 70)}px`;
    cy.resize();
    L.fitMap = () => cy.viewport({ zoom, pan: { x: 12 - bounds.x1 * zoom, y: 12 - bounds.y1 * zoom } });
    L.fitMap();
    cy.userZoomingEnabled(!tall);
    box.addEventListener(
      "wheel",
      e => {
        if (!e.ctrlKey || !tall) return;
        e.preventDefault();
        const at = box.getBoundingClientRect();
        cy.zoom({
          level: cy.zoom() * (e.deltaY < 0 ? 1.15 : 1 / 1.15),
          renderedPosition: { x: e.clientX - at.left, y: e.clientY - at.top },
        });
      },
      { passive: false },
    );
    L.cy = cy;
  };

  const outline = graph => {
    const known = new Map(graph.nodes.map(n => [n.id, n])),
      into = L.groupBy(graph.edges, e => e.to),
      seen = new Set();
    const item = (n, kind) => {
      const again = seen.has(n.id);
      seen.add(n.id);
      const said = kind ? h("em", null, L.t(kind === "cause" ? "leads" : kind), " ") : null;
      const head = n.arg
        ? h(
            "span",
            null,
            said,
            L.kindTag(n.kind),
            L.stanceTag(n.arg.stance),
            L.link({ view: "read", art: n.arg.article.id, arg: n.arg.id }, null, n.arg.text),
            " ",
            L.byline(n.arg),
          )
        : h("span", null, h("b", null, n.lines.join(n.type === "issue" ? "" : " ")));
      const below = again ? [] : (into.get(n.id) || []).filter(e => known.has(e.from));
      return h(
        "li",
        null,
        head,
        below.length
          ? h(
              "ul",
              null,
              below.map(e => item(known.get(e.from), ["support", "attack", "cause"].includes(e.kind) ? e.kind : "")),
            )
          : null,
      );
    };
    return h(
      "ul",
      { class: "outline" },
      graph.nodes.filter(n => n.type === "issue").map(n => item(n, "")),
    );
  };

  L.views.map = args => {
    const byWho = L.state.by === "who",
      asText = L.state.as ? L.state.as === "text" : matchMedia("(max-width: 699px)").matches,
      graph = L.buildMap(args, byWho);
    const choice = (patch, key, on) => L.link(patch, { class: "choice", "aria-current": on ? "true" : null }, L.t(key));
    const box = h("div", {
      class: "cy",
      role: "img",
      "aria-label": `${L.t("map")}，${L.t("shown", { n: graph.picked.length, all: args.length })}`,
    });
    if (!asText) requestAnimationFrame(() => box.isConnected && draw(box, graph));
    const button = (key, sign, act) =>
      h("button", { class: "plain", onclick: act, "aria-label": L.t(key), title: L.t(key) }, sign);
    const zoom = factor =>
      L.cy.zoom({ level: L.cy.zoom() * factor, renderedPosition: { x: box.clientWidth / 2, y: box.clientHeight / 2 } });
    return h(
      "div",
      { class: "map-view" },
      h(
        "p",
        { class: "help" },
        L.t("mapHelp"),
        " ",
        L.t("shown", { n: graph.picked.length, all: args.length }),
        L.lang ? "." : "。",
      ),
      h(
        "p",
        { class: "legend" },
        choice({ by: "" }, "byVp", !byWho),
        choice({ by: "who" }, "byWho", byWho),
        h("span", { class: "sep" }),
        choice({ as: "map" }, "asMap", !asText),
        choice({ as: "text" }, "asText", asText),
        h("span", { class: "sep" }),
        ["support", "attack", "cause"].map(k => h("span", { class: `edge e-${k}` }, L.t(k === "cause" ? "leads" : k))),
      ),
      asText
        ? outline(graph)
        : h(
            "div",
            { class: "canvas-box" },
            box,
            h(
              "div",
              { class: "zoom" },
              button("zoomIn", "＋", () => zoom(1.4)),
              button("zoomOut", "－", () => zoom(1 / 1.4)),
              button("fit", "⤢", () => L.fitMap()),
            ),
          ),
    );
  };
})(Lunheng);
