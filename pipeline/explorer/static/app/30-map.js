"use strict";
// Argument map: issue, viewpoints (or speakers), arguments, what backs or rebuts them; drawn by cytoscape.js.
(L => {
  const { h } = L;
  const LIMIT = 40, PER_GROUP = 3, EVIDENCE = 0.25, WIDE = { issue: 170, group: 210, arg: 300 }, LINE = 18, PAD = 14, GAP = 14;

  // The same choice as the exported maps: the strongest of each viewpoint in turn, then their partners.
  L.chooseForMap = (args, keyOf) => {
    const groups = L.groupBy(args.filter(a => a.kind !== "evidence" || a.vp), keyOf), loose = L.strongest(groups.get(null) || []);
    groups.delete(null);
    // Mere evaluations count a quarter: causes, risks and strategies are what a map is for.
    const weight = ([key, list]) => list.length * (key.kind === "claim" ? 0.25 : 1);
    const order = [...groups].sort((a, b) => weight(b) - weight(a) || a[0].i - b[0].i).slice(0, Math.max(1, Math.floor(LIMIT / PER_GROUP)));
    const queues = order.map(([, list]) => L.strongest(list)), turns = [];
    for (let i = 0; queues.some(q => i < q.length); i++) for (const q of queues) if (i < q.length) turns.push(q[i]);
    turns.push(...loose);
    const room = LIMIT - Math.floor(LIMIT * EVIDENCE), picked = new Set(turns.slice(0, room)), inside = new Set(args);
    const partners = [];
    for (const a of [...picked]) for (const r of a.rel) partners.push(r.source === a ? r.target : r.source);
    for (const a of [...partners.filter(p => inside.has(p)), ...turns.slice(room), ...L.strongest(args.filter(a => a.kind === "evidence"))]) {
      if (picked.size >= LIMIT) break;
      picked.add(a);
    }
    return { picked: args.filter(a => picked.has(a)), order: order.map(([key]) => key) };
  };

  const wrap = (text, columns, most) => {
    const lines = [];
    let line = "", used = 0;
    for (const char of text.replace(/\s+/g, " ")) {
      const size = char.codePointAt(0) < 0x2000 ? 1 : 2;
      if (used + size > columns && !"，。、；：！？）》」』”’…,.;:!?)".includes(char)) { lines.push(line); line = ""; used = 0; }
      line += char; used += size;
    }
    lines.push(line);
    return lines.length > most ? [...lines.slice(0, most - 1), `${lines[most - 1]}…`] : lines;
  };

  const build = (args, byWho) => {
    const keyOf = byWho ? a => a.person : a => a.vp;
    const { picked, order } = L.chooseForMap(args, keyOf);
    const inside = new Set(picked), nodes = [], edges = [], level = new Map();
    const relations = L.relations.filter(r => inside.has(r.source) && inside.has(r.target));
    const edge = (from, to, kind) => edges.push({ from, to, kind });
    const issues = new Map();
    // A point made about many issues belongs to none of them: it hangs on "each article's issue".
    const issueOf = list => {
      const [top, own] = [...L.groupBy(list, a => a.article.issue)].sort((a, b) => b[1].length - a[1].length)[0], name = 2 * own.length > list.length ? top : "";
      issues.set(name, (issues.get(name) || 0) + 1);
      return `i:${name}`;
    };
    const groups = L.groupBy(picked, keyOf);
    for (const key of order) {
      const members = groups.get(key), all = args.filter(a => keyOf(a) === key);
      if (!members) continue;
      const n = L.tally(all), camp = L.camp(n.pro, n.con), label = byWho ? L.personName(key) : key.label;
      const note = byWho ? `${L.SIGN[camp]} ${L.t("nArgs", { n: all.length })}` : `${L.t(key.kind)} ${L.SIGN[camp]} ${L.t("nArgs", { n: all.length })}`;
      nodes.push({ id: `g:${key.i}`, type: "group", lines: [...wrap(label, 26, 3), note], kind: byWho ? "claim" : key.kind, group: key, all });
      edge(`g:${key.i}`, issueOf(all), camp === "pro" ? "support" : camp === "con" ? "attack" : "about");
    }
    const backs = new Set(relations.filter(r => r.source.kind === "evidence").map(r => r.source));
    for (const a of picked) {
      const key = keyOf(a), home = key && order.includes(key);
      nodes.push({ id: `a:${a.i}`, type: "arg", lines: [`${L.t(a.kind)} ${L.SIGN[a.stance]} ${L.personName(a.speaker)}`, ...wrap(a.text, 42, 4)], kind: a.kind, arg: a });
      level.set(a, backs.has(a) && !(home && !byWho) ? 3 : 2);
      if (home && level.get(a) === 2) edge(`a:${a.i}`, `g:${key.i}`, "member");
      else if (!a.rel.some(r => inside.has(r.source) && inside.has(r.target))) edge(`a:${a.i}`, issueOf([a]), a.stance === "pro" ? "support" : a.stance === "con" ? "attack" : "about");
    }
    for (const r of relations) edge(`a:${r.source.i}`, `a:${r.target.i}`, r.kind);
    for (const issue of issues.keys()) nodes.unshift({ id: `i:${issue}`, type: "issue", lines: wrap(issue || L.t("eachIssue"), 20, 4), kind: "issue" });
    return { nodes, edges, picked, level };
  };

  // Places by hand: each column stacked in the order of its parents, so that few lines cross and nothing overlaps.
  const layout = ({ nodes, edges, level }) => {
    const at = new Map(nodes.map(n => [n.id, n])), column = n => n.type === "issue" ? 0 : n.type === "group" ? 1 : level.get(n.arg);
    const x = [0, 290, 640, 1010], columns = [[], [], [], []];
    for (const n of nodes) { n.h = n.lines.length * LINE + PAD; n.w = WIDE[n.type]; columns[column(n)].push(n); }
    const parent = n => { const e = edges.find(e => e.from === n.id && at.has(e.to) && column(at.get(e.to)) < column(n)); return e ? at.get(e.to) : null; };
    const children = L.groupBy(nodes.filter(n => n.type !== "issue"), n => parent(n)?.id);
    const height = n => n.tall ??= Math.max(n.h + GAP, (children.get(n.id) || []).reduce((sum, c) => sum + height(c), 0));
    const put = (n, top) => {
      n.x = x[column(n)] + n.w / 2; n.y = n.type === "issue" ? Math.min(top + height(n) / 2, top + 260) : top + height(n) / 2;
      let y = top + Math.max(0, (height(n) - (children.get(n.id) || []).reduce((sum, c) => sum + height(c), 0)) / 2);
      for (const c of children.get(n.id) || []) { put(c, y); y += height(c); }
    };
    let top = 0;
    for (const root of [...columns[0], ...(children.get(undefined) || [])]) { put(root, top); top += height(root) + 20; }
  };

  const EDGE = { support: ["#00805c", "solid", "triangle"], attack: ["#c2480c", "dashed", "tee"], cause: ["#b07800", "solid", "vee"], member: ["#9a9488", "solid", "none"], about: ["#bdb6aa", "dotted", "none"] };
  const STYLE = [
    { selector: "node", style: { shape: "round-rectangle", width: "data(w)", height: "data(h)", label: "data(label)", "text-wrap": "wrap", "text-max-width": 9999, "text-valign": "center", "text-halign": "center",
      "text-justification": "center", "font-size": 13, "line-height": 1.3, "font-family": '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif', "background-color": "data(tint)", "border-width": 1, "border-color": "data(colour)", color: "#1d1b18" } },
    { selector: "node[type = 'arg']", style: { "text-halign": "right", "text-justification": "left", "text-margin-x": "data(shift)" } },
    { selector: "node[type = 'group']", style: { "border-width": 2.5, "font-weight": 600 } },
    { selector: "node[type = 'issue']", style: { color: "#fff", "font-weight": 600, "font-size": 15 } },
    { selector: "edge", style: { width: 1.6, "line-color": "data(colour)", "line-style": "data(line)", "target-arrow-shape": "data(arrow)", "target-arrow-color": "data(colour)", "curve-style": "bezier", "arrow-scale": 0.9 } },
    { selector: "edge.side", style: { "curve-style": "unbundled-bezier", "control-point-distances": "data(bow)", "control-point-weights": 0.5, "source-endpoint": "90deg", "target-endpoint": "90deg" } },
    { selector: "edge[kind = 'attack']", style: { width: 2 } },
    { selector: "node:active, node:selected", style: { "overlay-opacity": 0.08, "border-width": 3 } },
  ];

  const draw = (box, graph) => {
    layout(graph);
    const node = n => ({ data: { id: n.id, label: n.lines.join("\n"), w: n.w, h: n.h, shift: 10 - n.w, type: n.type, tint: n.type === "issue" ? "#2b2824" : L.TINT[n.kind], colour: n.type === "issue" ? "#2b2824" : L.COLOUR[n.kind] }, position: { x: n.x, y: n.y } });
    const known = new Map(graph.nodes.map(n => [n.id, n]));
    const shape = e => {
      const [from, to] = [known.get(e.from), known.get(e.to)], side = from.x === to.x;
      return { classes: side ? "side" : "", data: { bow: (to.y > from.y ? -1 : 1) * Math.min(150, 26 + Math.abs(to.y - from.y) * 0.12) } };
    };
    const edges = graph.edges.filter(e => known.has(e.from) && known.has(e.to)).map((e, i) => ({ classes: shape(e).classes, data: { ...shape(e).data, id: `e${i}`, source: e.from, target: e.to, kind: e.kind, colour: EDGE[e.kind][0], line: EDGE[e.kind][1], arrow: EDGE[e.kind][2] } }));
    const cy = cytoscape({ container: box, elements: [...graph.nodes.map(node), ...edges], style: STYLE, layout: { name: "preset", padding: 12 }, minZoom: 0.1, maxZoom: 2.5, autoungrabify: true, boxSelectionEnabled: false });
    cy.on("tap", "node", event => {
      const n = known.get(event.target.id());
      if (n.arg) L.panelOfArg(n.arg);
      else if (n.group) L.panelOfArgs(n.lines.slice(0, -1).join(""), n.all);
    });
    // The picture is as tall as it needs and scrolls with the page; a small screen starts at its top left corner.
    const bounds = cy.elements().boundingBox(), zoom = Math.max(0.62, Math.min(1.15, (box.clientWidth - 24) / bounds.w)), tall = matchMedia("(min-width: 900px)").matches;
    if (tall) box.style.height = `${Math.ceil(bounds.h * zoom + 24)}px`;
    cy.resize();
    L.fitMap = () => cy.viewport({ zoom, pan: { x: 12 - bounds.x1 * zoom, y: 12 - bounds.y1 * zoom } });
    L.fitMap();
    cy.userZoomingEnabled(!tall);
    box.addEventListener("wheel", e => {
      if (!e.ctrlKey || !tall) return;
      e.preventDefault();
      const at = box.getBoundingClientRect();
      cy.zoom({ level: cy.zoom() * (e.deltaY < 0 ? 1.15 : 1 / 1.15), renderedPosition: { x: e.clientX - at.left, y: e.clientY - at.top } });
    }, { passive: false });
    L.cy = cy;
  };

  const outline = graph => {
    const known = new Map(graph.nodes.map(n => [n.id, n])), into = L.groupBy(graph.edges, e => e.to), seen = new Set();
    const item = (n, kind) => {
      const again = seen.has(n.id);
      seen.add(n.id);
      const said = kind ? h("em", null, L.t(kind === "cause" ? "leads" : kind), " ") : null;
      const head = n.arg ? h("span", null, said, L.kindTag(n.kind), L.stanceTag(n.arg.stance), L.link({ view: "read", art: n.arg.article.id, arg: n.arg.id }, null, n.arg.text), " ", L.byline(n.arg)) : h("span", null, h("b", null, n.lines.join(n.type === "issue" ? "" : " ")));
      const below = again ? [] : (into.get(n.id) || []).filter(e => known.has(e.from));
      return h("li", null, head, below.length ? h("ul", null, below.map(e => item(known.get(e.from), ["support", "attack", "cause"].includes(e.kind) ? e.kind : ""))) : null);
    };
    return h("ul", { class: "outline" }, graph.nodes.filter(n => n.type === "issue").map(n => item(n, "")));
  };

  L.views.map = args => {
    const byWho = L.state.by === "who", asText = L.state.as ? L.state.as === "text" : matchMedia("(max-width: 699px)").matches, graph = build(args, byWho);
    const choice = (patch, key, on) => L.link(patch, { class: "choice", "aria-current": on ? "true" : null }, L.t(key));
    const box = h("div", { class: "cy", role: "img", "aria-label": `${L.t("map")}，${L.t("shown", { n: graph.picked.length, all: args.length })}` });
    if (!asText) requestAnimationFrame(() => box.isConnected && draw(box, graph));
    const button = (key, sign, act) => h("button", { class: "plain", onclick: act, "aria-label": L.t(key), title: L.t(key) }, sign);
    const zoom = factor => L.cy.zoom({ level: L.cy.zoom() * factor, renderedPosition: { x: box.clientWidth / 2, y: box.clientHeight / 2 } });
    return h("div", { class: "map-view" }, h("p", { class: "help" }, L.t("mapHelp"), " ", L.t("shown", { n: graph.picked.length, all: args.length }), L.lang ? "." : "。"),
      h("p", { class: "legend" }, choice({ by: "" }, "byVp", !byWho), choice({ by: "who" }, "byWho", byWho), h("span", { class: "sep" }), choice({ as: "map" }, "asMap", !asText), choice({ as: "text" }, "asText", asText),
        h("span", { class: "sep" }), ["support", "attack", "cause"].map(k => h("span", { class: `edge e-${k}` }, L.t(k === "cause" ? "leads" : k)))),
      asText ? outline(graph) : h("div", { class: "canvas-box" }, box, h("div", { class: "zoom" }, button("zoomIn", "＋", () => zoom(1.4)), button("zoomOut", "－", () => zoom(1 / 1.4)), button("fit", "⤢", () => L.fitMap()))));
  };
})(Lunheng);
