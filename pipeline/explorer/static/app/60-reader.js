"use strict";
// The article itself, with its arguments marked in place, and the list of all arguments.
(L => {
  const { h } = L;

  const lines = article => {
    const found = [];
    let at = 0;
    for (const line of article.text.split("\n")) {
      if (line.trim()) found.push({ start: at, end: at + line.length, roles: [] });
      at += line.length + 1;
    }
    let k = 0;
    for (const [start, end, role] of article.segments) {
      while (k < found.length - 1 && found[k].end <= start) k++;
      if (found[k] && start < found[k].end && end > found[k].start) found[k].roles.push([start, end, role]);
    }
    return found;
  };
  const roleOf = line => {
    const known = new Set(line.roles.map(r => r[2]));
    for (const role of ["body", "heading", "byline", "caption"]) if (known.has(role)) return role;
    return known.has("boilerplate") ? "boilerplate" : "body";
  };

  // Cut a line wherever a mark or a piece of furniture begins or ends, and dress each piece with what covers it.
  const dress = (article, line, shown) => {
    const args = article.args.filter(a => a.start < line.end && a.end > line.start),
      prices = article.prices.filter(p => p.start < line.end && p.end > line.start);
    const furniture = line.roles.filter(r => r[2] === "boilerplate"),
      cuts = new Set([line.start, line.end]);
    for (const [s, e] of [...args.map(a => [a.start, a.end]), ...prices.map(p => [p.start, p.end]), ...furniture])
      for (const c of [s, e]) if (c > line.start && c < line.end) cuts.add(c);
    const edges = [...cuts].sort((a, b) => a - b),
      out = [];
    for (let i = 0; i < edges.length - 1; i++) {
      const [s, e] = [edges[i], edges[i + 1]],
        words = article.text.slice(s, e),
        price = prices.find(p => p.start <= s && p.end >= e);
      const arg = args.filter(a => a.start <= s && a.end >= e).sort((a, b) => a.end - a.start - (b.end - b.start))[0];
      let piece = L.marked(words);
      if (price)
        piece = [h("span", { class: "price-mark", id: price.start === s ? `at-p${price.i}` : null }, ...piece)];
      if (arg) {
        const first = arg.start === s;
        out.push(
          h(
            "a",
            {
              class: `mark k-${arg.kind}${shown.has(arg) ? "" : " faded"}`,
              id: first ? `at-${arg.id}` : null,
              "data-arg": arg.id,
              href: L.href({ view: "read", art: article.id, arg: arg.id }),
              tabindex: first ? null : "-1",
            },
            first
              ? h(
                  "i",
                  {
                    class: "gloss",
                    "aria-label": `${L.t(arg.kind)} ${L.t(arg.stance)} ${L.personName(arg.speaker)}：`,
                  },
                  `${L.GLYPH[arg.kind]}${L.SIGN[arg.stance]}`,
                )
              : null,
            ...piece,
          ),
        );
      } else if (furniture.some(f => f[0] <= s && f[1] >= e)) out.push(h("span", { class: "furniture" }, ...piece));
      else out.push(...piece);
    }
    return out;
  };

  const bodyOf = (article, shown) => {
    const out = [];
    let folded = [],
      isTitle = true;
    const flush = () => {
      if (folded.length)
        out.push(h("details", { class: "folded" }, h("summary", null, L.t("folded", { n: folded.length })), folded));
      folded = [];
    };
    for (const line of lines(article)) {
      const role = roleOf(line);
      if (role === "boilerplate") {
        folded.push(h("p", null, article.text.slice(line.start, line.end)));
        continue;
      }
      flush();
      const repeatsTitle =
        isTitle && article.title && article.text.slice(line.start, line.end).trim() === article.title.trim();
      isTitle = false;
      if (repeatsTitle) continue;
      const tag = role === "heading" ? "h4" : "p";
      out.push(h(tag, { class: role === "body" ? null : role }, ...dress(article, line, shown)));
    }
    flush();
    return out;
  };

  const head = article => {
    const copy = article.repeat >= 0 ? L.articles[article.repeat] : null;
    const safe = /^https?:\/\//i.test(article.url || "");
    return h(
      "header",
      null,
      h("h2", { tabindex: "-1", id: "view-title" }, L.articleTitle(article)),
      h(
        "p",
        { class: "meta" },
        [article.author, article.outlet, article.date].filter(Boolean).join(" · "),
        safe ? [" · ", h("a", { href: article.url, rel: "noreferrer noopener", target: "_blank" }, article.url)] : null,
      ),
      h("p", { class: "meta source" }, `${L.t("issues")}：${article.issue} · ${L.t("sourceFile")} ${article.path}`),
      copy
        ? h(
            "p",
            { class: "meta" },
            `${L.t("repeatOf")} `,
            L.link({ view: "read", art: copy.id }, null, L.articleTitle(copy)),
          )
        : null,
    );
  };
  const rail = article => {
    const speakers = [...L.groupBy(article.args, a => a.speaker)].sort((a, b) => b[1].length - a[1].length);
    return h(
      "aside",
      { class: "rail", "aria-label": L.t("voices") },
      h("h3", null, L.t("voices")),
      h(
        "ul",
        { class: "plain-list" },
        speakers.map(([speaker, list]) => {
          const stance = L.stances.get(speaker.i) || L.side(L.tally(list)),
            note = [speaker.affiliation, speaker.title].filter(Boolean).join("");
          return h(
            "li",
            null,
            L.link({ view: "read", art: article.id, arg: list[0].id }, null, h("b", null, L.personName(speaker))),
            note ? ` ${note}` : "",
            " ",
            L.stanceTag(stance),
            h("span", { class: "num" }, L.t("nArgs", { n: list.length })),
          );
        }),
      ),
      h(
        "p",
        { class: "legend" },
        L.KINDS.filter(k => article.args.some(a => a.kind === k)).map(k => L.kindTag(k)),
      ),
    );
  };

  const index = shown => {
    const groups = L.groupBy(shown, a => a.article),
      all = L.filtering() ? L.articles.filter(a => groups.has(a)) : L.articles;
    const row = article => {
      const list = groups.get(article) || [];
      return h(
        "li",
        { class: "article-row" },
        L.link(
          { view: "read", art: article.id },
          { class: "card-link" },
          h("b", null, L.articleTitle(article)),
          h(
            "span",
            { class: "meta" },
            [article.author, article.outlet, article.date].filter(Boolean).join(" · ") || article.path,
          ),
          h(
            "span",
            { class: "meta" },
            L.balanceBar(L.tally(list), L.articleTitle(article)),
            L.t("nArgs", { n: list.length }),
          ),
        ),
      );
    };
    return h(
      "div",
      null,
      h("h2", { tabindex: "-1", id: "view-title" }, L.t("read")),
      h("p", { class: "help" }, L.t("readHelp")),
      L.virtualList(all, innerWidth < 700 ? 104 : 88, row, L.t("articles")),
    );
  };

  L.views.read = args => {
    const article = L.articleById.get(L.state.art);
    if (!article) return index(args);
    const shown = new Set(args);
    return h(
      "div",
      { class: "reader" },
      h("p", { class: "no-print" }, L.link({ view: "read", art: "" }, { class: "arrow back" }, `${L.t("articles")}`)),
      h(
        "div",
        { class: "reader-grid" },
        h(
          "article",
          { lang: article.script === "hant" ? "zh-Hant" : "zh-Hans" },
          head(article),
          bodyOf(article, shown),
        ),
        rail(article),
      ),
    );
  };
  // Show one argument (or price) of the open article without building the article again.
  L.focusMark = id => {
    for (const old of document.querySelectorAll(".mark.now, .price-mark.now")) old.classList.remove("now");
    const mark = id && document.getElementById(`at-${id}`),
      arg = L.argById.get(id);
    if (!mark) return;
    for (const piece of document.querySelectorAll(`.mark[data-arg="${CSS.escape(id)}"]`)) piece.classList.add("now");
    mark.classList.add("now");
    if (arg) L.panelOfArg(arg);
    mark.scrollIntoView({
      block: "center",
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
    if (arg) mark.focus({ preventScroll: true });
  };

  L.views.list = args => {
    const vp = L.vpById.get(L.state.vp);
    return h(
      "div",
      { class: "list-view" },
      vp
        ? h("p", { class: "meta" }, L.kindTag(vp.kind), h("b", null, vp.label), ` · ${vp.keywords.join(" · ")}`)
        : null,
      vp ? L.themeOf(vp) : null,
      L.virtualList(args, innerWidth < 700 ? 158 : 108, a => L.card(a), L.t("list")),
    );
  };
})(Lunheng);
