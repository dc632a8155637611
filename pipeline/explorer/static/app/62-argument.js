"use strict";
// Everything about one argument, in the panel: its words, its relations, who else says so.
(L => {
  const { h } = L;

  const relationItem = (arg, r) => {
    const other = r.source === arg ? r.target : r.source,
      verb = L.t(r.kind === "cause" ? "leads" : r.kind);
    return h(
      "li",
      { class: `e-${r.kind}` },
      h("em", null, r.source === arg ? `${verb} →` : `← ${verb}`),
      " ",
      L.link({ view: "read", art: other.article.id, arg: other.id }, null, other.text),
      " ",
      L.byline(other),
    );
  };
  L.panelOfArg = arg => {
    const mineElsewhere = L.strongest(arg.person.args.filter(a => a !== arg)).slice(0, 5);
    const same = arg.vp ? L.strongest(arg.vp.args.filter(a => a !== arg)).slice(0, 8) : [];
    const mine = arg.article.args,
      k = mine.indexOf(arg);
    const step = (to, key) =>
      to ? L.link({ view: "read", art: arg.article.id, arg: to.id }, { class: "button" }, L.t(key)) : null;
    L.openPanel(
      h("span", null, L.kindTag(arg.kind), arg.kind2 ? L.kindTag(arg.kind2) : null, L.stanceTag(arg.stance)),
      h("blockquote", null, arg.text),
      h(
        "p",
        { class: "meta" },
        L.byline(arg),
        arg.modality !== "asserted" ? ` · ${L.t(arg.modality)}` : "",
        ` · ${L.t("conf")} ${Math.round(arg.conf * 100)}%`,
      ),
      h("p", { class: "meta source" }, L.sourceLine(arg.article)),
      L.state.view === "read" && L.state.art === arg.article.id
        ? h("p", { class: "steps" }, step(mine[k - 1], "prev"), step(mine[k + 1], "next"))
        : h("p", null, L.link({ view: "read", art: arg.article.id, arg: arg.id }, { class: "arrow" }, L.t("inText"))),
      arg.rel.length
        ? [
            h("h3", null, L.t("relations")),
            h(
              "ul",
              { class: "relations" },
              arg.rel.map(r => relationItem(arg, r)),
            ),
          ]
        : null,
      arg.vp
        ? [
            h("h3", null, `${L.t("sameVp")}：`, L.link({ view: "list", vp: arg.vp.id }, null, arg.vp.label)),
            h(
              "ul",
              { class: "cards" },
              same.map(a => L.card(a)),
            ),
          ]
        : null,
      mineElsewhere.length
        ? [
            h("h3", null, L.link({ view: "list", who: [arg.person.id] }, null, L.t("says"))),
            h(
              "ul",
              { class: "cards" },
              mineElsewhere.map(a => L.card(a)),
            ),
          ]
        : null,
    );
  };
})(Lunheng);
