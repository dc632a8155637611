"use strict";
// What the argument map shows (issue, viewpoints or speakers, arguments, what backs or rebuts them) and where.
(L => {
  const LIMIT = 40,
    PER_GROUP = 3,
    EVIDENCE = 0.25,
    WIDE = { issue: 170, group: 210, arg: 300 },
    LINE = 18,
    PAD = 14,
    GAP = 14;

  // The same choice as the exported maps: the strongest of each viewpoint in turn, then their partners.
  L.chooseForMap = (args, keyOf) => {
    const groups = L.groupBy(
        args.filter(a => a.kind !== "evidence" || a.vp),
        keyOf,
      ),
      loose = L.strongest(groups.get(null) || []);
    groups.delete(null);
    // Mere evaluations count a quarter: causes, risks and strategies are what a map is for.
    const weight = ([key, list]) => list.length * (key.kind === "claim" ? 0.25 : 1);
    const order = [...groups]
      .sort((a, b) => weight(b) - weight(a) || a[0].i - b[0].i)
      .slice(0, Math.max(1, Math.floor(LIMIT / PER_GROUP)));
    const queues = order.map(([, list]) => L.strongest(list)),
      turns = [];
    for (let i = 0; queues.some(q => i < q.length); i++) for (const q of queues) if (i < q.length) turns.push(q[i]);
    turns.push(...loose);
    const room = LIMIT - Math.floor(LIMIT * EVIDENCE),
      picked = new Set(turns.slice(0, room)),
      inside = new Set(args);
    const partners = [];
    for (const a of [...picked]) for (const r of a.rel) partners.push(r.source === a ? r.target : r.source);
    for (const a of [
      ...partners.filter(p => inside.has(p)),
      ...turns.slice(room),
      ...L.strongest(args.filter(a => a.kind === "evidence")),
    ]) {
      if (picked.size >= LIMIT) break;
      picked.add(a);
    }
    return { picked: args.filter(a => picked.has(a)), order: order.map(([key]) => key) };
  };

  // Lines of at most `columns` columns (2 for a Chinese character); Latin words and numbers stay whole.
  const wrap = (text, columns, most) => {
    const lines = [];
    let line = "",
      used = 0;
    for (const piece of text.replace(/\s+/g, " ").match(/[\w.,%$/-]{1,18}|./gu) || []) {
      const size = [...piece].reduce((sum, char) => sum + (char.codePointAt(0) < 0x2000 ? 1 : 2), 0);
      if (used + size > columns && line && !"，。、；：！？）》」』”’…,.;:!?)".includes(piece)) {
        lines.push(line);
        line = "";
        used = 0;
      }
      line += piece;
      used += size;
    }
    lines.push(line);
    return lines.length > most ? [...lines.slice(0, most - 1), `${lines[most - 1]}…`] : lines;
  };

  L.buildMap = (args, byWho) => {
    const keyOf = byWho ? a => a.person : a => a.vp;
    const { picked, order } = L.chooseForMap(args, keyOf);
    const inside = new Set(picked),
      nodes = [],
      edges = [],
      level = new Map();
    const relations = L.relations.filter(r => inside.has(r.source) && inside.has(r.target));
    const edge = (from, to, kind) => edges.push({ from, to, kind });
    const issues = new Map();
    // A point made about many issues belongs to none of them: it hangs on "each article's issue".
    const issueOf = list => {
      const [top, own] = [...L.groupBy(list, a => a.article.issue)].sort((a, b) => b[1].length - a[1].length)[0],
        name = 2 * own.length > list.length ? top : "";
      issues.set(name, (issues.get(name) || 0) + 1);
      return `i:${name}`;
    };
    const groups = L.groupBy(picked, keyOf);
    for (const key of order) {
      const members = groups.get(key),
        all = args.filter(a => keyOf(a) === key);
      if (!members) continue;
      const n = L.tally(all),
        camp = byWho ? L.side(n) : L.camp(n.pro, n.con),
        label = byWho ? L.personName(key) : key.label;
      const note = byWho
        ? `${L.SIGN[camp]} ${L.t("nArgs", { n: all.length })}`
        : `${L.t(key.kind)} ${L.SIGN[camp]} ${L.t("nArgs", { n: all.length })}`;
      nodes.push({
        id: `g:${key.i}`,
        type: "group",
        lines: [...wrap(label, 26, 3), note],
        kind: byWho ? "claim" : key.kind,
        group: key,
        all,
      });
      edge(`g:${key.i}`, issueOf(all), camp === "pro" ? "support" : camp === "con" ? "attack" : "about");
    }
    const backs = new Set(relations.filter(r => r.source.kind === "evidence").map(r => r.source));
    for (const a of picked) {
      const key = keyOf(a),
        home = key && order.includes(key);
      nodes.push({
        id: `a:${a.i}`,
        type: "arg",
        lines: [`${L.t(a.kind)} ${L.SIGN[a.stance]} ${L.personName(a.speaker)}`, ...wrap(a.text, 42, 4)],
        kind: a.kind,
        arg: a,
      });
      level.set(a, backs.has(a) && !(home && !byWho) ? 3 : 2);
      if (home && level.get(a) === 2) edge(`a:${a.i}`, `g:${key.i}`, "member");
      else if (!a.rel.some(r => inside.has(r.source) && inside.has(r.target)))
        edge(`a:${a.i}`, issueOf([a]), a.stance === "pro" ? "support" : a.stance === "con" ? "attack" : "about");
    }
    for (const r of relations) edge(`a:${r.source.i}`, `a:${r.target.i}`, r.kind);
    for (const issue of issues.keys())
      nodes.unshift({ id: `i:${issue}`, type: "issue", lines: wrap(issue || L.t("eachIssue"), 20, 4), kind: "issue" });
    return { nodes, edges, picked, level };
  };

  // Places by hand: each column stacked in the order of its parents, so that few lines cross and nothing overlaps.
  L.layoutMap = ({ nodes, edges, level }) => {
    const at = new Map(nodes.map(n => [n.id, n])),
      column = n => (n.type === "issue" ? 0 : n.type === "group" ? 1 : level.get(n.arg));
    const x = [0, 290, 640, 1010],
      columns = [[], [], [], []];
    for (const n of nodes) {
      n.h = n.lines.length * LINE + PAD;
      n.w = WIDE[n.type];
      columns[column(n)].push(n);
    }
    const parent = n => {
      const e = edges.find(e => e.from === n.id && at.has(e.to) && column(at.get(e.to)) < column(n));
      return e ? at.get(e.to) : null;
    };
    const children = L.groupBy(
      nodes.filter(n => n.type !== "issue"),
      n => parent(n)?.id,
    );
    const height = n =>
      (n.tall ??= Math.max(
        n.h + GAP,
        (children.get(n.id) || []).reduce((sum, c) => sum + height(c), 0),
      ));
    const put = (n, top) => {
      n.x = x[column(n)] + n.w / 2;
      n.y = n.type === "issue" ? Math.min(top + height(n) / 2, top + 260) : top + height(n) / 2;
      let y = top + Math.max(0, (height(n) - (children.get(n.id) || []).reduce((sum, c) => sum + height(c), 0)) / 2);
      for (const c of children.get(n.id) || []) {
        put(c, y);
        y += height(c);
      }
    };
    let top = 0;
    for (const root of [...columns[0], ...(children.get(undefined) || [])]) {
      put(root, top);
      top += height(root) + 20;
    }
  };
})(Lunheng);
