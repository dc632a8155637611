"use strict";
// The frame of the page: masthead, views, filters, address and keyboard.
(L => {
  const { h } = L;
  const VIEWS = ["overview", "points", "map", "matrix", "prices", "read", "list"];
  const main = h("main", { id: "main" }),
    nav = h("nav", { class: "views" });
  const status = h("p", { class: "status", role: "status", "aria-live": "polite" }),
    panel = h("aside", { id: "panel", hidden: true, "aria-live": "off" });
  const masthead = h("header", { class: "masthead" }),
    footer = h("footer", { class: "foot" });
  const filterBox = h("details", { class: "filter-box" });

  const drawFrame = () => {
    document.documentElement.lang = L.lang ? "en" : "zh-CN";
    document.title = L.title;
    L.clear(masthead).append(
      h("p", { class: "brand" }, L.lang ? "Lunheng" : "论衡"),
      h("h1", null, L.title),
      h(
        "button",
        { class: "plain lang", lang: L.lang ? "zh" : "en", onclick: () => L.go({ lang: L.lang ? "" : "en" }) },
        L.t("lang"),
      ),
    );
    L.clear(nav).append(
      ...VIEWS.map(v => L.link({ view: v, art: "" }, { "aria-current": L.state.view === v ? "page" : null }, L.t(v))),
    );
    nav.setAttribute("aria-label", L.lang ? "Views" : "页面");
    L.clear(footer).append(h("p", null, L.t("footer")), h("p", { class: "no-print" }, L.t("keys")));
  };

  let before = {};
  L.onState = () => {
    const state = L.parse(location.hash),
      was = before;
    if (state.arg && !state.art && L.argById.has(state.arg)) state.art = L.argById.get(state.arg).article.id;
    if (state.arg && !state.view) state.view = "read";
    if (!VIEWS.includes(state.view)) state.view = "overview";
    L.state = state;
    L.lang = state.lang === "en" ? 1 : 0;
    before = state;
    const key = s => L.format({ ...s, arg: "" });
    if (was.view && key(was) === key(state) && state.view === "read" && state.art) {
      L.focusMark(state.arg);
      if (!state.arg) L.closePanel();
      return;
    }
    const args = L.applyFilters(),
      moved = was.view !== state.view || was.art !== state.art;
    drawFrame();
    L.drawFilters();
    status.textContent = L.t("matching", { n: args.length, all: L.args.length });
    filterBox.querySelector("summary").textContent = `${L.t("filters")} · ${status.textContent}`;
    if (moved || was.lang !== state.lang) L.closePanel();
    const title = state.view === "read" ? null : h("h2", { tabindex: "-1", id: "view-title" }, L.t(state.view));
    const needed = args.length || (state.view === "read" && state.art) || state.view === "prices";
    L.clear(main).append(
      ...[title, needed ? L.views[state.view](args) : h("p", { class: "nothing" }, L.t("none"))].filter(Boolean),
    );
    if (state.view === "read" && state.art && state.arg) requestAnimationFrame(() => L.focusMark(state.arg));
    else if (moved && was.view) {
      scrollTo(0, 0);
      const t = document.getElementById("view-title");
      if (t) t.focus({ preventScroll: true });
    }
  };

  const stepTo = by => {
    if (L.state.view === "read" && L.state.art) {
      const mine = L.articleById.get(L.state.art).args,
        k = mine.findIndex(a => a.id === L.state.arg),
        next = mine[Math.max(0, Math.min(mine.length - 1, k < 0 ? 0 : k + by))];
      if (next) L.go({ arg: next.id });
      return;
    }
    const links = [...document.querySelectorAll("#panel:not([hidden]) .card-link, main .card-link")],
      k = links.indexOf(document.activeElement),
      to = links[Math.max(0, Math.min(links.length - 1, k + by))];
    if (to) to.focus();
  };
  document.addEventListener("keydown", e => {
    if (e.key === "Escape") {
      L.closePanel();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    if (e.key === "/") {
      e.preventDefault();
      filterBox.open = true;
      L.searchBox.focus();
    } else if (e.key === "j") stepTo(1);
    else if (e.key === "k") stepTo(-1);
    else if (/^[1-7]$/.test(e.key)) L.go({ view: VIEWS[Number(e.key) - 1], art: "", arg: "" });
  });
  const skip = h(
    "a",
    {
      class: "skip",
      href: "#main",
      onclick: e => {
        e.preventDefault();
        const t = document.getElementById("view-title");
        if (t) t.focus();
      },
    },
    L.t("skip"),
  );
  const wide = matchMedia("(min-width: 900px)"),
    fold = () => {
      filterBox.open = wide.matches;
    };
  wide.addEventListener("change", fold);
  fold();
  filterBox.append(h("summary", null, L.t("filters")), status, L.filterForm);
  document
    .getElementById("app")
    .append(skip, masthead, nav, h("div", { class: "layout" }, filterBox, main, panel), footer);
  const tellLists = name => document.querySelectorAll(".vlist").forEach(box => box.dispatchEvent(new Event(name)));
  window.addEventListener("beforeprint", () => tellLists("lunheng-print"));
  window.addEventListener("afterprint", () => tellLists("lunheng-screen"));
  window.addEventListener("hashchange", L.onState);
  L.onState();
})(Lunheng);
