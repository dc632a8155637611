"use strict";
// Front page: what is argued, how the sides weigh, which points recur, who speaks.
(L => {
  const { h } = L;
  const PER_KIND = 3,
    VOICES = 12,
    ISSUES = 6;

  const lede = args => {
    const n = L.tally(args),
      people = new Set(args.map(a => a.person)),
      articles = new Set(args.map(a => a.article));
    const camp = L.camp(n.pro, n.con);
    const key = camp === "con" ? "ledeCon" : camp === "pro" ? "ledePro" : "ledeEven";
    return h(
      "div",
      { class: "lede" },
      h("p", { class: "standfirst" }, L.t("lede", { a: articles.size, p: people.size, n: args.length })),
      h("p", null, L.t(key, n)),
    );
  };

  const balance = args => {
    const rows = L.KINDS.map(kind => [kind, args.filter(a => a.kind === kind)]).filter(([, list]) => list.length);
    const most = Math.max(...rows.map(([, list]) => list.length));
    return h(
      "section",
      { class: "balance" },
      h("h3", null, L.t("balance")),
      h(
        "p",
        { class: "legend" },
        L.STANCES.map(s => h("span", null, L.stanceTag(s))),
      ),
      h(
        "table",
        null,
        h(
          "tbody",
          null,
          rows.map(([kind, list]) =>
            h(
              "tr",
              null,
              h("th", { scope: "row" }, L.link({ view: "list", kind: [kind] }, null, L.kindTag(kind))),
              h("td", { class: "num" }, String(list.length)),
              h(
                "td",
                { class: "wide" },
                h(
                  "span",
                  { class: "bar-box", "--share": `${Math.max(6, (100 * list.length) / most)}%` },
                  L.balanceBar(L.tally(list), L.t(kind)),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  };

  const viewpoint = (vp, args) => {
    const best = L.strongest(args).find(a => a.text.length <= 90) || L.strongest(args)[0],
      n = L.tally(args),
      outlets = new Set(args.map(a => a.article.outlet).filter(Boolean)).size;
    return h(
      "li",
      { class: `theme k-${vp.kind}` },
      vp.theme ? h("p", { class: "meta over" }, L.link({ view: "list", vp: vp.theme.id }, null, vp.theme.label)) : null,
      h("h4", null, L.link({ view: "list", vp: vp.id }, { title: L.t("allOf", { n: args.length }) }, vp.label)),
      h(
        "p",
        { class: "meta" },
        L.balanceBar(n, vp.label),
        L.t("vpShort", {
          n: args.length,
          a: new Set(args.map(a => a.article)).size,
          p: new Set(args.map(a => a.person)).size,
        }),
        outlets > 1 ? L.t("vpOutlets", { o: outlets }) : null,
      ),
      L.link(
        { view: "read", art: best.article.id, arg: best.id },
        { class: "card-link" },
        h("q", { class: "words" }, best.text),
        h("span", { class: "meta" }, L.stanceTag(best.stance), L.byline(best), "，", L.sourceLine(best.article)),
      ),
    );
  };

  const themes = args => {
    const groups = [
      ...L.groupBy(
        // What stands under a theme alone shares no point with others.
        args.filter(a => a.vp && !a.vp.children.length),
        a => a.vp,
      ),
    ].map(([vp, list]) => ({ vp, list, spread: new Set(list.map(a => a.article)).size }));
    groups.sort((a, b) => b.spread - a.spread || b.list.length - a.list.length || a.vp.i - b.vp.i);
    const columns = L.KINDS.map(kind => [kind, groups.filter(g => g.vp.kind === kind)]).filter(
      ([, found]) => found.length,
    );
    if (!columns.length) return null;
    return h(
      "section",
      { class: "themes" },
      h("h3", null, L.t("themes")),
      columns.map(([kind, found]) =>
        h(
          "section",
          { class: `band k-${kind}`, "aria-label": L.t(kind) },
          h("h4", { class: "band-head" }, L.kindTag(kind)),
          h(
            "div",
            null,
            h(
              "ol",
              null,
              found.slice(0, PER_KIND).map(g => viewpoint(g.vp, g.list)),
            ),
            found.length > PER_KIND
              ? h(
                  "details",
                  null,
                  h("summary", null, `${L.t("more")} ${found.length - PER_KIND}`),
                  h(
                    "ul",
                    { class: "brief" },
                    found
                      .slice(PER_KIND)
                      .map(g =>
                        h("li", null, L.link({ view: "list", vp: g.vp.id }, null, g.vp.label), ` ${g.list.length}`),
                      ),
                  ),
                )
              : null,
          ),
        ),
      ),
    );
  };

  const voices = args => {
    const groups = [...L.groupBy(args, a => a.person)]
      .sort((a, b) => b[1].length - a[1].length || a[0].i - b[0].i)
      .slice(0, VOICES);
    return h(
      "section",
      { class: "voices" },
      h("h3", null, L.t("voices")),
      h(
        "ul",
        { class: "plain-list" },
        groups.map(([person, list]) => {
          const n = L.tally(list);
          return h(
            "li",
            null,
            L.link({ view: "list", who: [person.id] }, null, h("b", null, L.personName(person))),
            person.note ? ` ${person.note} ` : " ",
            L.stanceTag(L.side(n)),
            h("span", { class: "num" }, L.t("nArgs", { n: list.length })),
          );
        }),
      ),
    );
  };

  const issues = args => {
    const groups = [...L.groupBy(args, a => a.article.issue)].sort((a, b) => b[1].length - a[1].length);
    return h(
      "section",
      { class: "issues" },
      h("h3", null, L.t("issues")),
      h(
        "ul",
        { class: "plain-list" },
        groups
          .slice(0, ISSUES)
          .map(([issue, list]) =>
            h(
              "li",
              null,
              L.link({ view: "overview", issue: [issue] }, null, issue),
              L.balanceBar(L.tally(list), issue),
              h("span", { class: "num" }, L.t("nArgs", { n: list.length })),
            ),
          ),
      ),
      groups.length > ISSUES ? h("p", { class: "soft" }, `${L.t("more")} ${groups.length - ISSUES}`) : null,
    );
  };

  L.views = {
    overview: args =>
      h(
        "div",
        { class: "overview" },
        lede(args),
        h("div", { class: "two" }, balance(args), issues(args)),
        themes(args),
        voices(args),
      ),
  };
})(Lunheng);
