"use strict";
// Small helpers to make elements. Strings become text nodes, never markup.
(L => {
  const NS = "http://www.w3.org/2000/svg";
  const fill = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "class") element.setAttribute("class", value);
      else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name.startsWith("--")) element.style.setProperty(name, value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat(3))
      if (child !== null && child !== undefined && child !== false) element.append(child);
    return element;
  };
  L.h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  L.svg = (tag, attributes, ...children) => fill(document.createElementNS(NS, tag), attributes, children);
  L.clear = element => {
    element.replaceChildren();
    return element;
  };
  const h = L.h;

  // Where a click leads: the same state with `patch` over it, so that it can be copied and opened elsewhere.
  L.link = (patch, attributes, ...children) => h("a", { href: L.href(patch), ...attributes }, ...children);
  L.kindTag = kind =>
    h("span", { class: `kind k-${kind}` }, h("i", { "aria-hidden": "true" }, L.GLYPH[kind]), L.t(kind));
  L.stanceTag = stance =>
    h("span", { class: `stance s-${stance}` }, h("i", { "aria-hidden": "true" }, L.SIGN[stance]), L.t(stance));

  L.balanceBar = (n, label) => {
    const sum = Math.max(1, n.pro + n.con + n.neu);
    const part = stance => h("span", { class: `part s-${stance}`, "--share": `${(100 * n[stance]) / sum}%` });
    const text = ["pro", "neu", "con"].map(s => `${L.t(s)} ${n[s]}`).join("，");
    return h(
      "span",
      { class: "bar", role: "img", "aria-label": `${label ? label + "：" : ""}${text}`, title: text },
      part("pro"),
      part("neu"),
      part("con"),
    );
  };

  L.byline = arg => {
    const person = L.personName({ name: arg.speaker.name });
    const note = [arg.speaker.affiliation, arg.speaker.title].filter(Boolean).join("");
    const how = arg.mode === "indirect" || arg.mode === "hearsay" ? `（${L.t(arg.mode)}）` : "";
    return h("span", { class: "by" }, h("b", null, person), note ? `，${note}` : "", how);
  };
  L.sourceLine = article => [`《${L.articleTitle(article)}》`, article.outlet, article.date].filter(Boolean).join(" ");

  // One argument: its words, whose they are, and the way to its sentence.
  L.card = (arg, { marked = true, tag = "li" } = {}) =>
    h(
      tag,
      { class: `card k-${arg.kind}` },
      L.link(
        { view: "read", art: arg.article.id, arg: arg.id },
        { class: "card-link" },
        h("q", { class: "words" }, ...(marked ? L.marked(arg.text) : [arg.text])),
        h("span", { class: "meta" }, L.kindTag(arg.kind), L.stanceTag(arg.stance), L.byline(arg)),
        h(
          "span",
          { class: "meta source" },
          `${L.sourceLine(arg.article)} · ${L.t("conf")} ${Math.round(arg.conf * 100)}%`,
        ),
      ),
    );

  // `text` with the words that are searched for marked.
  L.marked = text => {
    const query = (L.state.q || "").trim().toLowerCase();
    if (!query) return [text];
    const parts = [],
      low = text.toLowerCase();
    if (low.length !== text.length) return [text];
    let at = 0;
    for (let found = low.indexOf(query); found >= 0; found = low.indexOf(query, at)) {
      parts.push(text.slice(at, found), h("mark", null, text.slice(found, found + query.length)));
      at = found + query.length;
    }
    parts.push(text.slice(at));
    return parts;
  };

  // A long list of which only the rows in sight exist. Rows have one height, so that places are known beforehand.
  const PRINTED = 300;
  L.virtualList = (items, rowHeight, makeRow, label) => {
    const inner = h("ul", { class: "vlist-inner", "aria-label": label });
    const box = h("div", { class: "vlist", tabindex: "0", role: "region", "aria-label": label }, inner);
    inner.style.height = `${items.length * rowHeight}px`;
    let first = -1,
      last = -1;
    const draw = () => {
      const from = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 5);
      const to = Math.min(items.length, Math.ceil((box.scrollTop + (box.clientHeight || 800)) / rowHeight) + 5);
      if (from === first && to === last) return;
      first = from;
      last = to;
      inner.replaceChildren(
        ...items.slice(from, to).map((item, k) => {
          const row = makeRow(item);
          row.style.top = `${(from + k) * rowHeight}px`;
          row.style.height = `${rowHeight}px`;
          row.setAttribute("aria-setsize", items.length);
          row.setAttribute("aria-posinset", from + k + 1);
          return row;
        }),
      );
    };
    box.addEventListener("scroll", draw, { passive: true });
    // On paper nothing scrolls: the first rows are all made, the rest is named.
    box.addEventListener("lunheng-print", () => {
      const rows = items.slice(0, PRINTED).map(makeRow);
      const rest =
        items.length > PRINTED ? h("li", { class: "soft" }, L.t("shown", { n: PRINTED, all: items.length })) : null;
      inner.style.height = "auto";
      inner.classList.add("on-paper");
      inner.replaceChildren(...rows, ...(rest ? [rest] : []));
      first = last = -1;
    });
    box.addEventListener("lunheng-screen", () => {
      inner.style.height = `${items.length * rowHeight}px`;
      inner.classList.remove("on-paper");
      draw();
    });
    requestAnimationFrame(draw);
    draw();
    return box;
  };

  // The panel at the side (at the bottom of a phone): what lies behind a point, a cell or a mark.
  L.openPanel = (title, ...content) => {
    const panel = document.getElementById("panel");
    L.panelOpener = document.activeElement;
    L.clear(panel).append(
      h(
        "div",
        { class: "panel-head" },
        h("h2", { tabindex: "-1" }, title),
        h("button", { class: "plain", onclick: L.closePanel, "aria-label": L.t("close") }, "✕"),
      ),
      h("div", { class: "panel-body" }, ...content),
    );
    panel.hidden = false;
    document.body.classList.add("with-panel");
  };
  L.closePanel = () => {
    const panel = document.getElementById("panel");
    if (panel.hidden) return;
    panel.hidden = true;
    document.body.classList.remove("with-panel");
    if (L.panelOpener && L.panelOpener.isConnected) L.panelOpener.focus();
  };
  const MOST = 60;
  L.panelOfArgs = (title, args, ...before) => {
    const shown = L.strongest(args).slice(0, MOST);
    const rest = args.length > MOST ? h("p", { class: "soft" }, L.t("shown", { n: MOST, all: args.length })) : null;
    L.openPanel(
      title,
      ...before,
      rest,
      h(
        "ul",
        { class: "cards" },
        shown.map(a => L.card(a)),
      ),
    );
  };
  L.panelOfViewpoint = (vp, args) =>
    L.panelOfArgs(
      vp.label,
      args,
      h(
        "p",
        { class: "meta" },
        L.kindTag(vp.kind),
        L.stanceTag(L.camp(vp.pro, vp.con)),
        L.t("vpStats", { n: vp.size, a: vp.nArticles, p: vp.nSpeakers }),
      ),
      vp.keywords.length ? h("p", { class: "soft" }, vp.keywords.join(" · ")) : null,
      h("p", null, L.link({ view: "list", vp: vp.id }, { class: "arrow" }, L.t("allOf", { n: vp.args.length }))),
      L.themeOf(vp),
    );
  // The theme of a viewpoint and what else is said under it.
  L.themeOf = vp =>
    vp.theme
      ? h(
          "p",
          { class: "soft" },
          `${L.t("theme")}：`,
          L.link({ view: "list", vp: vp.theme.id }, null, vp.theme.label),
          "（",
          vp.theme.children
            .filter(v => v !== vp)
            .slice(0, 6)
            .map((v, i) => [i ? "、" : "", L.link({ view: "list", vp: v.id }, null, v.label)]),
          "）",
        )
      : null;
})(Lunheng);
