"use strict";
// The state of the page lives in its address (after #). Filters combine; each counts what the others leave.
(L => {
  const LISTS = ["kind", "stance", "who", "outlet", "issue"];
  const SINGLE = ["view", "art", "arg", "q", "from", "to", "conf", "vp", "by", "as", "lang"];
  const FILTERS = [...LISTS, "q", "from", "to", "conf", "vp"];
  L.parse = hash => {
    const given = new URLSearchParams(hash.replace(/^#/, ""));
    const state = {};
    for (const key of LISTS) state[key] = given.getAll(key);
    for (const key of SINGLE) state[key] = given.get(key) || "";
    return state;
  };
  L.format = state => {
    const out = new URLSearchParams();
    for (const key of SINGLE) if (state[key]) out.append(key, state[key]);
    for (const key of LISTS) for (const value of state[key]) out.append(key, value);
    return `#${out}`;
  };
  L.state = L.parse("");
  L.href = patch => L.format({ ...L.state, arg: "", ...patch });
  L.go = (patch, { replace = false } = {}) => {
    const target = L.format({ ...L.state, ...patch });
    if (target === location.hash || (target === "#" && !location.hash)) return;
    if (replace) {
      history.replaceState(null, "", target);
      L.onState();
    } else location.hash = target;
  };
  L.toggled = (key, value) => {
    const now = L.state[key];
    return { [key]: now.includes(value) ? now.filter(v => v !== value) : [...now, value] };
  };
  L.cleared = () => Object.fromEntries(FILTERS.map(key => [key, LISTS.includes(key) ? [] : ""]));
  L.filtering = () => FILTERS.some(key => L.state[key].length > 0);

  const KEY = {
    kind: a => a.kind,
    stance: a => a.stance,
    who: a => a.person.id,
    outlet: a => a.article.outlet || "",
    issue: a => a.article.issue,
  };
  const tests = state => {
    const list = LISTS.filter(key => state[key].length).map(key => {
      const wanted = new Set(state[key]);
      return [key, a => wanted.has(KEY[key](a))];
    });
    const query = state.q.trim().toLowerCase(),
      least = Number(state.conf) / 100,
      { from, to, vp } = state;
    if (query) list.push(["q", a => a.hay.includes(query)]);
    if (from || to)
      list.push(["date", a => a.article.date && (!from || a.article.date >= from) && (!to || a.article.date <= to)]);
    if (least > 0) list.push(["conf", a => a.conf >= least]);
    if (vp) list.push(["vp", a => L.belongs(a, vp)]);
    return list;
  };
  // One pass over all arguments: what passes, and per filter how many would pass if only the others held.
  L.applyFilters = () => {
    const checks = tests(L.state),
      counts = Object.fromEntries(LISTS.map(key => [key, new Map()])),
      passing = [];
    for (const arg of L.args) {
      let failed = "",
        failures = 0;
      for (const [key, check] of checks)
        if (!check(arg)) {
          failed = key;
          if (++failures > 1) break;
        }
      if (failures > 1) continue;
      if (!failures) passing.push(arg);
      for (const key of LISTS) {
        if (failures && failed !== key) continue;
        const value = KEY[key](arg);
        counts[key].set(value, (counts[key].get(value) || 0) + 1);
      }
    }
    L.shown = passing;
    L.counts = counts;
    return passing;
  };

  const quoted = value => {
    let text = String(value ?? "");
    if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  const points = (text, offset) => Array.from(text.slice(0, offset)).length;
  L.toCsv = args => {
    const head = [
      "argument_id",
      "text",
      "kind",
      "stance",
      "speaker",
      "mode",
      "confidence",
      "viewpoint",
      "article",
      "outlet",
      "published",
      "article_id",
      "start",
      "end",
      "path",
    ];
    const rows = args.map(a => [
      a.id,
      a.text,
      a.kind,
      a.stance,
      L.personName(a.speaker),
      a.mode,
      a.conf,
      a.vp ? a.vp.label : "",
      L.articleTitle(a.article),
      a.article.outlet,
      a.article.date,
      a.article.id,
      points(a.article.text, a.start),
      points(a.article.text, a.end),
      a.article.path,
    ]);
    return "\ufeff" + [head, ...rows].map(row => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  };
  const plain = text => text.replace(/\s*\n\s*/g, " ").replace(/([\\`*_[\]<>|~$&#])/g, "\\$1");
  L.toMarkdown = args => {
    const lines = [`# ${plain(L.title)}`, ""];
    for (const [vp, group] of L.groupBy(args, a => a.vp)) {
      lines.push(`## ${vp ? plain(vp.label) : L.t("other")}`, "");
      for (const a of group)
        lines.push(
          `- **${L.t(a.kind)} ${L.SIGN[a.stance]}** ${plain(a.text)} ——${plain(L.personName(a.speaker))}，${plain(L.sourceLine(a.article))}`,
        );
      lines.push("");
    }
    return lines.join("\n");
  };
  L.download = (name, type, text) => {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = L.h("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
})(Lunheng);
