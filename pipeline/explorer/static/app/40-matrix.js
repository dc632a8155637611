"use strict";
// Who says what: speakers by viewpoints; each cell a stance (colour and sign) and a count.
(L => {
  const { h } = L;
  const ROWS = 30,
    MORE = 100,
    COLUMNS = 24;

  L.views.matrix = args => {
    const inside = args.filter(a => a.vp);
    const bySize = groups => [...groups].sort((a, b) => b[1].length - a[1].length || a[0].i - b[0].i);
    const columns = bySize(L.groupBy(inside, a => a.vp))
      .slice(0, COLUMNS)
      .map(([vp]) => vp);
    columns.sort((a, b) => L.KINDS.indexOf(a.kind) - L.KINDS.indexOf(b.kind));
    const wanted = new Set(columns),
      people = bySize(
        L.groupBy(
          inside.filter(a => wanted.has(a.vp)),
          a => a.person,
        ),
      );
    const cells = L.groupBy(inside, a => `${a.person.i}/${a.vp.i}`);
    const head = h(
      "tr",
      null,
      h("th", { class: "corner", scope: "col" }, L.t("speakerCol")),
      columns.map(vp =>
        h(
          "th",
          { scope: "col", class: `k-${vp.kind}` },
          h(
            "button",
            {
              class: "plain vertical",
              onclick: () =>
                L.panelOfViewpoint(
                  vp,
                  inside.filter(a => a.vp === vp),
                ),
            },
            h("i", { "aria-hidden": "true" }, L.GLYPH[vp.kind]),
            h("span", null, vp.label),
          ),
        ),
      ),
    );
    const cell = (person, vp) => {
      const list = cells.get(`${person.i}/${vp.i}`);
      if (!list) return h("td", { class: "empty" });
      const n = L.tally(list),
        camp = L.camp(n.pro, n.con);
      return h(
        "td",
        null,
        h(
          "button",
          {
            class: `cell s-${camp}`,
            "aria-label": `${L.personName(person)}，${vp.label}：${L.t(camp)}，${L.t("nArgs", { n: list.length })}`,
            onclick: () => L.panelOfArgs(`${L.personName(person)} · ${vp.label}`, list),
          },
          L.SIGN[camp],
          list.length > 1 ? h("sub", null, String(list.length)) : null,
        ),
      );
    };
    const said = L.groupBy(args, a => a.person);
    const row = ([person]) => {
      const n = L.tally(said.get(person)),
        camp = L.side(n);
      return h(
        "tr",
        null,
        h(
          "th",
          { scope: "row" },
          L.link({ view: "list", who: [person.id] }, null, L.personName(person)),
          h("i", { class: `sign s-${camp}`, title: `${L.t("stanceOf")}：${L.t(camp)}` }, L.SIGN[camp]),
        ),
        columns.map(vp => cell(person, vp)),
      );
    };
    const hidden = people.slice(ROWS),
      body = h("tbody", null, people.slice(0, ROWS).map(row));
    const more = hidden.length
      ? h(
          "p",
          null,
          h(
            "button",
            {
              class: "button",
              onclick: e => {
                body.append(...hidden.splice(0, MORE).map(row));
                if (hidden.length) e.target.textContent = `${L.t("more")} ${hidden.length}`;
                else e.target.remove();
              },
            },
            `${L.t("more")} ${hidden.length}`,
          ),
        )
      : null;
    return h(
      "div",
      { class: "matrix-view" },
      h("p", { class: "help" }, L.t("matrixHelp")),
      h(
        "p",
        { class: "legend" },
        [...L.STANCES, "mixed"].map(s => L.stanceTag(s)),
      ),
      h(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": L.t("matrix") },
        h("table", { class: "matrix" }, h("thead", null, head), body),
      ),
      more,
    );
  };
})(Lunheng);
