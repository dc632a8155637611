"use strict";
// The frame of the page: masthead, views, filters, address and keyboard.
(L => {
  const { h } = L;
  const VIEWS = ["overview", "points", "map", "matrix", "prices", "read", "list"], FACETS = ["kind", "stance", "issue", "who", "outlet"], TOP = 8;
  const open = new Set();
  const main = h("main", { id: "main" }), nav = h("nav", { class: "views" }), filters = h("form", { class: "filters", onsubmit: e => e.preventDefault() });
  const status = h("p", { class: "status", role: "status", "aria-live": "polite" }), panel = h("aside", { id: "panel", hidden: true, "aria-live": "off" });
  const masthead = h("header", { class: "masthead" }), footer = h("footer", { class: "foot" });
  const filterBox = h("details", { class: "filter-box" });

  const drawFrame = () => {
    document.documentElement.lang = L.lang ? "en" : "zh-CN";
    document.title = L.title;
    L.clear(masthead).append(h("p", { class: "brand" }, L.lang ? "Lunheng" : "论衡"), h("h1", null, L.title),
      h("button", { class: "plain lang", lang: L.lang ? "zh" : "en", onclick: () => L.go({ lang: L.lang ? "" : "en" }) }, L.t("lang")));
    L.clear(nav).append(...VIEWS.map(v => L.link({ view: v, art: "", vp: v === "list" ? L.state.vp : L.state.vp }, { "aria-current": L.state.view === v ? "page" : null }, L.t(v))));
    nav.setAttribute("aria-label", L.lang ? "Views" : "页面");
    L.clear(footer).append(h("p", null, L.t("footer")), h("p", { class: "no-print" }, L.t("keys")));
  };

  const labelOf = { kind: L.t, stance: L.t, outlet: v => v || L.t("noOutlet"), issue: v => v, who: id => L.personName(L.personById.get(id)) };
  const facet = key => {
    const counts = L.counts[key], chosen = L.state[key];
    let values = key === "kind" ? L.KINDS : key === "stance" ? L.STANCES : [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
    values = [...chosen.filter(v => !values.includes(v)), ...values];
    if (values.length < 2 && !chosen.length) return null;
    const long = values.length > TOP + 1 && key !== "kind", all = open.has(key);
    if (long && !all) values = [...values.filter(v => chosen.includes(v)), ...values.filter(v => !chosen.includes(v))].slice(0, Math.max(TOP, chosen.length));
    const box = value => {
      const label = value === undefined ? "" : labelOf[key](value), n = counts.get(value) || 0, id = `f-${key}-${value}`;
      const mark = key === "kind" ? h("i", { class: `dot k-${value}`, "aria-hidden": "true" }, L.GLYPH[value]) : key === "stance" ? h("i", { class: `sign s-${value}`, "aria-hidden": "true" }, L.SIGN[value]) : null;
      return h("label", { class: n ? null : "zero" }, h("input", { type: "checkbox", id, checked: chosen.includes(value), onchange: () => L.go({ ...L.toggled(key, value), arg: "" }, { replace: true }) }), mark, h("span", { class: "name" }, label), h("span", { class: "num" }, String(n)));
    };
    const toggle = long ? h("button", { type: "button", class: "plain more", id: `more-${key}`, onclick: () => { if (all) open.delete(key); else open.add(key); drawFilters(); } }, all ? L.t("less") : `${L.t("more")}…`) : null;
    return h("fieldset", { class: all ? "tall" : null }, h("legend", null, L.t(`f_${key}`)), h("div", { class: "boxes" }, values.map(box)), toggle);
  };

  let composing = false, timer = 0;
  const search = h("input", { type: "search", id: "q", autocomplete: "off", spellcheck: "false", oncompositionstart: () => { composing = true; }, oncompositionend: () => { composing = false; later(); }, oninput: () => { if (!composing) later(); } });
  const later = () => { clearTimeout(timer); timer = setTimeout(() => L.go({ q: search.value, arg: "" }, { replace: true }), 90); };
  const dates = L.articles.map(a => a.date).filter(Boolean).sort();
  const drawFilters = () => {
    const active = document.activeElement && document.activeElement.id;
    const date = key => h("label", null, L.t(key), h("input", { type: "date", id: `f-${key}`, value: L.state[key], min: dates[0], max: dates[dates.length - 1], onchange: e => L.go({ [key]: e.target.value, arg: "" }, { replace: true }) }));
    const vp = L.vpById.get(L.state.vp), level = Number(L.state.conf) || 0, shown = h("output", { for: "f-conf" }, `${level}%`);
    if (search.value !== L.state.q && document.activeElement !== search) search.value = L.state.q;
    const range = h("input", { type: "range", id: "f-conf", min: 0, max: 95, step: 5, value: level, oninput: e => { shown.textContent = `${e.target.value}%`; clearTimeout(timer); timer = setTimeout(() => L.go({ conf: e.target.value === "0" ? "" : e.target.value, arg: "" }, { replace: true }), 90); } });
    const parts = [
      h("label", { class: "search", for: "q" }, L.t("f_q"), search),
      vp ? h("p", { class: "chip" }, `${L.t("f_vp")}：${vp.label}`, h("button", { type: "button", class: "plain", "aria-label": L.t("clear"), onclick: () => L.go({ vp: "" }) }, "✕")) : null,
      ...FACETS.map(facet), dates.length > 1 && dates[0] !== dates[dates.length - 1] ? h("fieldset", null, h("legend", null, L.t("f_date")), h("div", { class: "dates" }, date("from"), date("to"))) : null,
      h("fieldset", null, h("legend", null, L.t("f_conf")), h("label", { class: "range" }, range, shown)),
      h("p", { class: "actions" }, h("button", { type: "button", class: "button", disabled: !L.filtering(), onclick: () => L.go({ ...L.cleared(), arg: "" }) }, L.t("clear")),
        h("button", { type: "button", class: "button", id: "csv", onclick: () => L.download("lunheng.csv", "text/csv", L.toCsv(L.shown)) }, L.t("csv")),
        h("button", { type: "button", class: "button", id: "md", onclick: () => L.download("lunheng.md", "text/markdown", L.toMarkdown(L.shown)) }, L.t("md")),
        h("button", { type: "button", class: "button", onclick: () => window.print() }, L.t("print"))),
    ];
    const focused = document.activeElement === search;
    const at = focused ? search.selectionStart : 0;
    filters.replaceChildren(...parts.filter(Boolean));
    if (focused) { search.focus(); search.setSelectionRange(at, at); } else if (active && filters.querySelector(`#${CSS.escape(active)}`)) document.getElementById(active).focus();
  };

  let before = {};
  L.onState = () => {
    const state = L.parse(location.hash), was = before;
    if (state.arg && !state.art && L.argById.has(state.arg)) state.art = L.argById.get(state.arg).article.id;
    if (state.arg && !state.view) state.view = "read";
    if (!VIEWS.includes(state.view)) state.view = "overview";
    L.state = state;
    L.lang = state.lang === "en" ? 1 : 0;
    before = state;
    const key = s => L.format({ ...s, arg: "" });
    if (was.view && key(was) === key(state) && state.view === "read" && state.art) { L.focusMark(state.arg); if (!state.arg) L.closePanel(); return; }
    const args = L.applyFilters(), moved = was.view !== state.view || was.art !== state.art;
    drawFrame();
    drawFilters();
    status.textContent = L.t("matching", { n: args.length, all: L.args.length });
    filterBox.querySelector("summary").textContent = `${L.t("filters")} · ${status.textContent}`;
    if (moved || was.lang !== state.lang) L.closePanel();
    const title = state.view === "read" ? null : h("h2", { tabindex: "-1", id: "view-title" }, L.t(state.view));
    const needed = args.length || (state.view === "read" && state.art) || state.view === "prices";
    L.clear(main).append(...[title, needed ? L.views[state.view](args) : h("p", { class: "nothing" }, L.t("none"))].filter(Boolean));
    if (state.view === "read" && state.art && state.arg) requestAnimationFrame(() => L.focusMark(state.arg));
    else if (moved && was.view) { scrollTo(0, 0); const t = document.getElementById("view-title"); if (t) t.focus({ preventScroll: true }); }
  };

  const stepTo = by => {
    if (L.state.view === "read" && L.state.art) {
      const mine = L.articleById.get(L.state.art).args, k = mine.findIndex(a => a.id === L.state.arg), next = mine[Math.max(0, Math.min(mine.length - 1, k < 0 ? 0 : k + by))];
      if (next) L.go({ arg: next.id });
      return;
    }
    const links = [...document.querySelectorAll("#panel:not([hidden]) .card-link, main .card-link")], k = links.indexOf(document.activeElement), to = links[Math.max(0, Math.min(links.length - 1, k + by))];
    if (to) to.focus();
  };
  document.addEventListener("keydown", e => {
    if (e.key === "Escape") { L.closePanel(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    if (e.key === "/") { e.preventDefault(); filterBox.open = true; search.focus(); }
    else if (e.key === "j") stepTo(1);
    else if (e.key === "k") stepTo(-1);
    else if (/^[1-7]$/.test(e.key)) L.go({ view: VIEWS[Number(e.key) - 1], art: "", arg: "" });
  });
  const skip = h("a", { class: "skip", href: "#main", onclick: e => { e.preventDefault(); const t = document.getElementById("view-title"); if (t) t.focus(); } }, L.t("skip"));
  const wide = matchMedia("(min-width: 900px)"), fold = () => { filterBox.open = wide.matches; };
  wide.addEventListener("change", fold);
  fold();
  filterBox.append(h("summary", null, L.t("filters")), status, filters);
  document.getElementById("app").append(skip, masthead, nav, h("div", { class: "layout" }, filterBox, main, panel), footer);
  window.addEventListener("hashchange", L.onState);
  L.onState();
})(Lunheng);
