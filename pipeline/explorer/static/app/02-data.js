"use strict";
// The data of the page, and what is looked up in it. Text reaches the page through textContent alone.
(L => {
  const raw = JSON.parse(document.getElementById("data").textContent);
  L.title = raw.title;
  L.articles = raw.articles.map((r, i) => ({
    i,
    id: r[0],
    title: r[1],
    author: r[2],
    outlet: r[3],
    date: r[4],
    url: r[5],
    path: r[6],
    issue: r[7],
    repeat: r[8],
    script: r[9],
    text: r[10],
    plain: r[11],
    segments: raw.segments[i],
    args: [],
    prices: [],
  }));
  L.people = [];
  const byPerson = new Map();
  L.speakers = raw.speakers.map((r, i) => {
    const speaker = { i, name: r[0], title: r[1], affiliation: r[2], kind: r[3], person: 0 };
    if (!byPerson.has(r[4])) {
      byPerson.set(r[4], L.people.length);
      L.people.push({ i: L.people.length, id: r[4], name: r[0], kind: r[3], note: "", args: [] });
    }
    speaker.person = byPerson.get(r[4]);
    const person = L.people[speaker.person];
    if (!person.note) person.note = [r[2], r[1]].filter(Boolean).join("");
    return speaker;
  });
  L.viewpoints = raw.viewpoints.map((r, i) => ({
    i,
    id: r[0],
    label: r[1],
    kind: r[2],
    keywords: r[3],
    size: r[4],
    nArticles: r[5],
    nSpeakers: r[6],
    pro: r[7],
    con: r[8],
    exemplars: r[9],
    parent: r[10],
    x: r[11],
    y: r[12],
    args: [],
  }));
  L.args = raw.arguments.map((r, i) => {
    const article = L.articles[r[1]],
      speaker = L.speakers[r[2]];
    const text = article.text.slice(r[3], r[4]);
    const arg = {
      i,
      id: r[0],
      article,
      speaker,
      person: L.people[speaker.person],
      start: r[3],
      end: r[4],
      text,
      kind: r[5],
      kind2: r[6],
      mode: r[7],
      modality: r[8],
      stance: r[9],
      conf: r[10],
      sconf: r[11],
      vp: r[12] < 0 ? null : L.viewpoints[r[12]],
      x: r[13],
      y: r[14],
      rel: [],
      hay: "",
    };
    arg.hay = [
      text,
      article.plain && article.plain.slice(r[3], r[4]),
      speaker.name,
      article.title,
      arg.vp && arg.vp.label,
    ]
      .filter(Boolean)
      .join("\n")
      .toLowerCase();
    article.args.push(arg);
    arg.person.args.push(arg);
    if (arg.vp) arg.vp.args.push(arg);
    return arg;
  });
  for (const article of L.articles) article.args.sort((a, b) => a.start - b.start);
  L.relations = raw.relations.map(r => ({ source: L.args[r[0]], target: L.args[r[1]], kind: r[2], conf: r[3] }));
  for (const r of L.relations) {
    r.source.rel.push(r);
    r.target.rel.push(r);
  }
  L.stances = new Map(raw.stances.map(r => [r[0], r[1]]));
  const named = text => (text && text !== "-" ? text : "");
  L.prices = raw.prices.map((r, i) => ({
    i,
    article: L.articles[r[0]],
    start: r[1],
    end: r[2],
    date: r[3],
    vendor: named(r[4]),
    product: named(r[5]),
    direction: r[6],
    old: r[7],
    new: r[8],
    currency: r[9],
    unit: r[10],
    free: r[11],
    change: r[12],
    oldNorm: r[13],
    newNorm: r[14],
    normUnit: r[15],
    flags: r[16],
    step: r[17],
  }));
  for (const p of L.prices) p.article.prices.push(p);
  const index = (list, key) => new Map(list.map(item => [item[key], item]));
  L.argById = index(L.args, "id");
  L.articleById = index(L.articles, "id");
  L.vpById = index(L.viewpoints, "id");
  L.personById = index(L.people, "id");

  for (const vp of L.viewpoints) {
    vp.theme = vp.parent < 0 ? null : L.viewpoints[vp.parent];
    vp.children = [];
  }
  for (const vp of L.viewpoints) if (vp.theme) vp.theme.children.push(vp);
  // A viewpoint and, for a theme, the viewpoints under it.
  L.belongs = (arg, id) => Boolean(arg.vp) && (arg.vp.id === id || (Boolean(arg.vp.theme) && arg.vp.theme.id === id));

  L.articleTitle = article => article.title || article.path || L.t("untitled");
  // Unsigned authors share a word, not a person: their outlet tells them apart.
  L.personName = person => {
    const unsigned = person.name === "N" || person.name === "作者" || !person.name;
    return unsigned ? L.t("author") + (person.note ? `·${person.note}` : "") : person.name;
  };
  L.camp = (pro, con) =>
    !(pro + con) ? "neu" : pro >= (2 / 3) * (pro + con) ? "pro" : con >= (2 / 3) * (pro + con) ? "con" : "mixed";
  // The stance of a voice, decided as in the table of stances: mixed from 15 % of either side on.
  L.side = n => {
    const sided = n.pro + n.con;
    if (!sided || sided < 0.03 * (sided + n.neu)) return "neu";
    return Math.min(n.pro, n.con) >= 0.15 * sided ? "mixed" : n.pro > n.con ? "pro" : "con";
  };
  L.tally = args => {
    const n = { pro: 0, con: 0, neu: 0 };
    for (const a of args) n[a.stance]++;
    return n;
  };
  L.groupBy = (items, key) => {
    const groups = new Map();
    for (const item of items) {
      const k = key(item);
      if (!groups.has(k)) groups.set(k, []);
      groups.get(k).push(item);
    }
    return groups;
  };
  // Whole sentences first, then exemplars of a viewpoint, then the surest.
  L.rank = a => (a.text.length >= 12 ? 2 : 0) + (a.vp && a.vp.exemplars.includes(a.i) ? 1 : 0) + a.conf;
  L.strongest = args => args.slice().sort((a, b) => L.rank(b) - L.rank(a) || a.i - b.i);
})(Lunheng);
