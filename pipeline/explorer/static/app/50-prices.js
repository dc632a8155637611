"use strict";
// Price timeline: arrows from the old to the new price over time, on a log scale, and the table of all of them.
(L => {
  const { h, svg } = L;
  const W = 960,
    H = 380,
    LEFT = 64,
    RIGHT = 130,
    TOP = 18,
    BOTTOM = 34,
    ROWS = 100,
    LABELS = 60;
  const HUES = ["#0067a5", "#c2480c", "#00805c", "#a8508a", "#807300", "#3a3a3a", "#5b8db8", "#b07800"];
  const number = text => {
    const value = Number(text);
    return text !== null && text !== "" && Number.isFinite(value) && value > 0 ? value : null;
  };
  const full = date => /^\d{4}-\d{2}-\d{2}$/.test(date || "");
  const symbol = currency => (L.lang ? currency : { CNY: "元", USD: "美元" }[currency] || currency);

  const ticks = (lo, hi) => {
    const out = [];
    for (let e = Math.floor(Math.log10(lo)); e <= Math.ceil(Math.log10(hi)); e++)
      for (const m of [1, 3]) {
        const v = m * 10 ** e;
        if (v >= lo * 0.99 && v <= hi * 1.01) out.push(Number(v.toPrecision(1)));
      }
    return out;
  };

  // Several articles report the same change: the chart shows it once, the table every time.
  const once = events =>
    [
      ...L.groupBy(events, p => [p.date, p.vendor, p.product, p.direction, p.oldNorm, p.newNorm].join("|")).values(),
    ].map(same => same[0]);

  const chart = all => {
    const events = once(all);
    const units = [
      ...L.groupBy(
        events.filter(p => full(p.date) && p.normUnit && (number(p.newNorm) || number(p.oldNorm))),
        p => `${p.currency}/${p.normUnit}`,
      ),
    ].sort((a, b) => b[1].length - a[1].length);
    if (!units.length || units[0][1].length < 2) return null;
    const list = units[0][1].slice().sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.i - b.i)),
      { currency, normUnit } = list[0];
    const values = list.flatMap(p => [number(p.oldNorm), number(p.newNorm)]).filter(Boolean),
      lo = Math.min(...values) / 1.4,
      hi = Math.max(...values) * 1.4;
    const days = list.map(p => Date.parse(p.date)),
      d0 = Math.min(...days),
      d1 = Math.max(...days),
      span = d1 - d0 || 1;
    const x = p => LEFT + 14 + ((Date.parse(p.date) - d0) / span) * (W - LEFT - RIGHT - 28),
      y = v => TOP + ((Math.log(hi) - Math.log(v)) / (Math.log(hi) - Math.log(lo))) * (H - TOP - BOTTOM);
    const vendors = [...new Set(list.map(p => p.vendor))],
      hue = p => HUES[vendors.indexOf(p.vendor) % HUES.length];
    const root = svg("svg", {
      viewBox: `0 0 ${W} ${H}`,
      role: "group",
      "aria-label": L.t("prices"),
      class: "price-chart",
    });
    for (const v of ticks(lo, hi))
      root.append(
        svg("line", { x1: LEFT, x2: W - RIGHT, y1: y(v), y2: y(v), class: "grid" }),
        svg("text", { x: LEFT - 8, y: y(v) + 4, "text-anchor": "end" }, String(v)),
      );
    root.append(svg("text", { x: 4, y: 12, class: "unit" }, `${symbol(currency)} / ${normUnit}`));
    let lastTick = -99;
    for (const p of list)
      if (x(p) - lastTick > 84) {
        lastTick = x(p);
        root.append(
          svg("text", { x: x(p), y: H - 12, "text-anchor": "middle" }, p.date),
          svg("line", { x1: x(p), x2: x(p), y1: H - BOTTOM, y2: H - BOTTOM + 6, class: "grid" }),
        );
      }
    const taken = [],
      marks = [];
    list.forEach((p, k) => {
      const px = x(p) + ((k - list.findIndex(o => o.date === p.date)) % 9) * 7,
        from = number(p.oldNorm),
        to = number(p.newNorm),
        end = to || y.floor || lo;
      const mark = svg(
        "a",
        { href: L.href({ view: "read", art: p.article.id, arg: `p${p.i}` }) },
        svg("title", null, `${p.vendor} ${p.product} ${p.date} ${p.old ?? ""}→${p.free ? L.t("free") : (p.new ?? "")}`),
      );
      if (from)
        mark.append(
          svg("line", { x1: px, x2: px, y1: y(from), y2: y(end), stroke: hue(p), "stroke-width": 2.2 }),
          svg("circle", { cx: px, cy: y(from), r: 3, fill: "#fffdf9", stroke: hue(p), "stroke-width": 1.6 }),
        );
      const ey = y(end),
        down = !from || end <= from ? 1 : -1;
      mark.append(
        from
          ? svg("path", {
              d: `M${px - 5},${ey - 6 * down} L${px + 5},${ey - 6 * down} L${px},${ey + 2 * down} Z`,
              fill: hue(p),
            })
          : svg("circle", { cx: px, cy: ey, r: 4.5, fill: hue(p) }),
      );
      taken.push([px - 6, ey, 12, 13]);
      if (from)
        for (let at = Math.min(y(from), ey); at < Math.max(y(from), ey); at += 10) taken.push([px - 4, at, 8, 12]);
      marks.push([p, mark, px, ey]);
      root.append(mark);
    });
    const named = [];
    for (const [p, mark, px, ey] of marks.slice(0, LABELS)) {
      const name = `${p.vendor} ${p.product}`.trim(),
        label = name.length > 16 ? `${name.slice(0, 15)}…` : name,
        w = [...label].reduce((sum, char) => sum + (char < "\u2e80" ? 6.9 : 12.4), 0);
      // Input and output prices of one product on one day need its name once.
      if (named.some(([other, x, y]) => other === label && Math.abs(x - px) < 80 && Math.abs(y - ey) < 40)) continue;
      const spot = [
        [8, 4],
        [-8 - w, 4],
        [8, -9],
        [-8 - w, -9],
      ]
        .map(([ox, oy]) => [px + ox, ey + oy])
        .find(
          ([lx, ly]) =>
            lx > LEFT &&
            lx + w < W &&
            ly < H - BOTTOM + 2 &&
            !taken.some(([ox, oy, ow]) => lx < ox + ow && ox < lx + w && Math.abs(ly - 4 - oy) < 13),
        );
      if (spot) {
        named.push([label, px, ey]);
        taken.push([spot[0], spot[1] - 4, w]);
        mark.append(svg("text", { x: spot[0], y: spot[1], class: "name", "--hue": hue(p) }, label));
      }
    }
    const legend = vendors
      .filter(Boolean)
      .map(vendor => h("span", { class: "vendor", "--hue": HUES[vendors.indexOf(vendor) % HUES.length] }, vendor));
    return h("figure", null, h("p", { class: "legend" }, legend), h("div", { class: "scroll", tabindex: "0" }, root));
  };

  const money = (p, value) =>
    value === null
      ? "—"
      : number(value.replace(/[万亿]$/, "")) === null
        ? value
        : `${value} ${symbol(p.currency)}${p.unit ? `/${p.unit}` : ""}`;
  const row = p =>
    h(
      "tr",
      null,
      h(
        "td",
        { class: "nowrap" },
        p.date || L.t("undated"),
        p.flags.includes("year-guessed") ? h("abbr", { title: L.t("guessed") }, "？") : null,
      ),
      h(
        "td",
        null,
        p.vendor || p.product ? [h("b", null, p.vendor), " ", p.product] : "—",
        p.direction !== "-" ? `（${L.t(p.direction)}）` : "",
      ),
      h("td", null, money(p, p.old)),
      h("td", null, p.free ? L.t("free") : money(p, p.new)),
      h(
        "td",
        { class: "num" },
        p.change
          ? `${p.change.replace("-", "－")}%`
          : p.step
            ? money(p, p.step.replace("-", "")).replace(/^/, p.step.startsWith("-") ? "－" : "＋")
            : "—",
      ),
      h(
        "td",
        null,
        L.link({ view: "read", art: p.article.id, arg: `p${p.i}` }, null, `《${L.articleTitle(p.article)}》`),
      ),
    );

  // Days without a year, and events without a day, come last.
  const when = p => (/^\d{4}/.test(p.date || "") ? p.date : `9999-${p.date || "99"}`);

  L.views.prices = args => {
    const articles = new Set(args.map(a => a.article)),
      narrowed = L.filtering();
    const events = L.prices
      .filter(p => !narrowed || articles.has(p.article))
      .sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : a.i - b.i));
    if (!events.length) return h("p", { class: "nothing" }, L.t("noPrices"));
    const hidden = events.slice(ROWS),
      body = h("tbody", null, events.slice(0, ROWS).map(row));
    const more = hidden.length
      ? h(
          "p",
          null,
          h(
            "button",
            {
              class: "button",
              onclick: e => {
                body.append(...hidden.splice(0, ROWS).map(row));
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
      { class: "prices-view" },
      h("p", { class: "help" }, L.t("pricesHelp")),
      chart(events),
      h(
        "div",
        { class: "scroll" },
        h(
          "table",
          { class: "price-table" },
          h(
            "thead",
            null,
            h(
              "tr",
              null,
              ["pDate", "pWho", "pOld", "pNew", "pChange", "pSource"].map(k => h("th", { scope: "col" }, L.t(k))),
            ),
          ),
          body,
        ),
      ),
      more,
    );
  };
})(Lunheng);
