"use strict";
// The filters: they combine, and each value shows how many arguments it would leave.
(L => {
  const { h } = L;
  const FACETS = ["kind", "stance", "issue", "who", "outlet"],
    TOP = 8;
  const open = new Set(),
    filters = h("form", { class: "filters", onsubmit: e => e.preventDefault() });

  const labelOf = {
    kind: L.t,
    stance: L.t,
    outlet: v => v || L.t("noOutlet"),
    issue: v => v,
    who: id => (L.personById.has(id) ? L.personName(L.personById.get(id)) : id),
  };
  const facet = key => {
    const counts = L.counts[key],
      chosen = L.state[key];
    let values =
      key === "kind"
        ? L.KINDS
        : key === "stance"
          ? L.STANCES
          : [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
    values = [...chosen.filter(v => !values.includes(v)), ...values];
    if (values.length < 2 && !chosen.length) return null;
    const long = values.length > TOP + 1 && key !== "kind",
      all = open.has(key);
    if (long && !all)
      values = [...values.filter(v => chosen.includes(v)), ...values.filter(v => !chosen.includes(v))].slice(
        0,
        Math.max(TOP, chosen.length),
      );
    const box = value => {
      const label = value === undefined ? "" : labelOf[key](value),
        n = counts.get(value) || 0,
        id = `f-${key}-${value}`;
      const mark =
        key === "kind"
          ? h("i", { class: `dot k-${value}`, "aria-hidden": "true" }, L.GLYPH[value])
          : key === "stance"
            ? h("i", { class: `sign s-${value}`, "aria-hidden": "true" }, L.SIGN[value])
            : null;
      return h(
        "label",
        { class: n ? null : "zero" },
        h("input", {
          type: "checkbox",
          id,
          checked: chosen.includes(value),
          onchange: () => L.go({ ...L.toggled(key, value), arg: "" }, { replace: true }),
        }),
        mark,
        h("span", { class: "name" }, label),
        h("span", { class: "num" }, String(n)),
      );
    };
    const toggle = long
      ? h(
          "button",
          {
            type: "button",
            class: "plain more",
            id: `more-${key}`,
            onclick: () => {
              if (all) open.delete(key);
              else open.add(key);
              L.drawFilters();
            },
          },
          all ? L.t("less") : `${L.t("more")}…`,
        )
      : null;
    return h(
      "fieldset",
      { class: all ? "tall" : null },
      h("legend", null, L.t(`f_${key}`)),
      h("div", { class: "boxes" }, values.map(box)),
      toggle,
    );
  };

  let composing = false,
    timer = 0;
  const search = h("input", {
    type: "search",
    id: "q",
    autocomplete: "off",
    spellcheck: "false",
    oncompositionstart: () => {
      composing = true;
    },
    oncompositionend: () => {
      composing = false;
      later();
    },
    oninput: () => {
      if (!composing) later();
    },
  });
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => L.go({ q: search.value, arg: "" }, { replace: true }), 90);
  };
  const dates = L.articles
    .map(a => a.date)
    .filter(Boolean)
    .sort();
  L.drawFilters = () => {
    const active = document.activeElement && document.activeElement.id;
    const date = key =>
      h(
        "label",
        null,
        L.t(key),
        h("input", {
          type: "date",
          id: `f-${key}`,
          value: L.state[key],
          min: dates[0],
          max: dates[dates.length - 1],
          onchange: e => L.go({ [key]: e.target.value, arg: "" }, { replace: true }),
        }),
      );
    const vp = L.vpById.get(L.state.vp),
      level = Number(L.state.conf) || 0,
      shown = h("output", { for: "f-conf" }, `${level}%`);
    if (search.value !== L.state.q && document.activeElement !== search) search.value = L.state.q;
    const range = h("input", {
      type: "range",
      "aria-label": L.t("f_conf"),
      "aria-label": L.t("f_conf"),
      id: "f-conf",
      min: 0,
      max: 95,
      step: 5,
      value: level,
      oninput: e => {
        shown.textContent = `${e.target.value}%`;
        clearTimeout(timer);
        timer = setTimeout(
          () => L.go({ conf: e.target.value === "0" ? "" : e.target.value, arg: "" }, { replace: true }),
          90,
        );
      },
    });
    const parts = [
      h("label", { class: "search", for: "q" }, L.t("f_q"), search),
      vp
        ? h(
            "p",
            { class: "chip" },
            `${L.t("f_vp")}：${vp.label}`,
            h(
              "button",
              { type: "button", class: "plain", "aria-label": L.t("clear"), onclick: () => L.go({ vp: "" }) },
              "✕",
            ),
          )
        : null,
      ...FACETS.map(facet),
      dates.length > 1 && dates[0] !== dates[dates.length - 1]
        ? h("fieldset", null, h("legend", null, L.t("f_date")), h("div", { class: "dates" }, date("from"), date("to")))
        : null,
      h("fieldset", null, h("legend", null, L.t("f_conf")), h("label", { class: "range" }, range, shown)),
      h(
        "p",
        { class: "actions" },
        h(
          "button",
          {
            type: "button",
            class: "button",
            disabled: !L.filtering(),
            onclick: () => L.go({ ...L.cleared(), arg: "" }),
          },
          L.t("clear"),
        ),
        h(
          "button",
          {
            type: "button",
            class: "button",
            id: "csv",
            onclick: () => L.download("lunheng.csv", "text/csv", L.toCsv(L.shown)),
          },
          L.t("csv"),
        ),
        h(
          "button",
          {
            type: "button",
            class: "button",
            id: "md",
            onclick: () => L.download("lunheng.md", "text/markdown", L.toMarkdown(L.shown)),
          },
          L.t("md"),
        ),
        h("button", { type: "button", class: "button", onclick: () => window.print() }, L.t("print")),
      ),
    ];
    const focused = document.activeElement === search;
    const at = focused ? search.selectionStart : 0;
    filters.replaceChildren(...parts.filter(Boolean));
    if (focused) {
      search.focus();
      search.setSelectionRange(at, at);
    } else if (active && filters.querySelector(`#${CSS.escape(active)}`)) document.getElementById(active).focus();
  };
  L.filterForm = filters;
  L.searchBox = search;
})(Lunheng);
