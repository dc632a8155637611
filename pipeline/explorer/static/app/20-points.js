"use strict";
// Viewpoint map: every argument a point, every viewpoint a label; labels that would overlap wait for a closer look.
(L => {
  const { h } = L;
  const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
  const MARGIN = 46;

  const frame = args => {
    const placed = args.filter(a => a.vp || a.x || a.y);
    const xs = placed.map(a => a.x).concat(L.viewpoints.map(v => v.x)),
      ys = placed.map(a => a.y).concat(L.viewpoints.map(v => v.y));
    const span = list => list.reduce(([lo, hi], v) => [Math.min(lo, v), Math.max(hi, v)], [Infinity, -Infinity]);
    const [x0, x1] = xs.length ? span(xs) : [0, 1],
      [y0, y1] = ys.length ? span(ys) : [0, 1];
    return { placed, x0, y0, w: x1 - x0 || 1, h: y1 - y0 || 1 };
  };

  // Stance by shape: for a triangle up, against a triangle down, neutral a ring.
  const point = (ctx, stance, x, y, r) => {
    ctx.beginPath();
    if (stance === "neu") {
      ctx.arc(x, y, r * 0.85, 0, 7);
      ctx.stroke();
      return;
    }
    const d = stance === "pro" ? -1 : 1;
    ctx.moveTo(x, y + d * r * 1.2);
    ctx.lineTo(x - r * 1.1, y - d * r * 0.8);
    ctx.lineTo(x + r * 1.1, y - d * r * 0.8);
    ctx.closePath();
    ctx.fill();
  };

  class Chart {
    constructor(canvas, args) {
      Object.assign(this, { canvas, zoom: 1, dx: 0, dy: 0, bounds: frame(args), lit: null, labels: [] });
      this.groups = [
        ...L.groupBy(
          this.bounds.placed.filter(a => a.vp),
          a => a.vp,
        ),
      ].sort((a, b) => b[1].length - a[1].length || a[0].i - b[0].i);
      this.ctx = canvas.getContext("2d");
    }
    size() {
      const box = this.canvas.getBoundingClientRect(),
        ratio = window.devicePixelRatio || 1;
      this.w = Math.max(200, box.width);
      this.h = Math.max(200, box.height);
      this.canvas.width = this.w * ratio;
      this.canvas.height = this.h * ratio;
      this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    place(p) {
      const b = this.bounds;
      return [
        (MARGIN + ((p.x - b.x0) / b.w) * (this.w - 2 * MARGIN)) * this.zoom + this.dx,
        (MARGIN + ((p.y - b.y0) / b.h) * (this.h - 2 * MARGIN)) * this.zoom + this.dy,
      ];
    }
    draw() {
      const { ctx } = this,
        crowd = Math.min(1, Math.sqrt(2500 / (1 + this.bounds.placed.length))),
        r = Math.max(1.8, Math.min(8, (3.4 + this.zoom * 0.7) * (this.zoom > 3 ? 1 : crowd))),
        dim = this.lit;
      ctx.clearRect(0, 0, this.w, this.h);
      ctx.lineWidth = 1.6;
      for (const a of this.bounds.placed) {
        const [x, y] = this.place(a);
        if (x < -9 || y < -9 || x > this.w + 9 || y > this.h + 9) continue;
        ctx.globalAlpha = dim && a.vp !== dim ? 0.16 : 0.5 + 0.32 * crowd;
        ctx.fillStyle = ctx.strokeStyle = L.COLOUR[a.kind];
        point(ctx, a.stance, x, y, r);
      }
      ctx.globalAlpha = 1;
      this.drawLabels();
    }
    drawLabels() {
      const { ctx } = this;
      this.labels = [];
      ctx.textBaseline = "middle";
      ctx.textAlign = "left";
      const order = this.lit ? [...this.groups].sort((a, b) => (b[0] === this.lit) - (a[0] === this.lit)) : this.groups;
      // About one label per 40,000 square pixels reads calmly; a closer look makes room for more.
      const room = Math.max(6, ((this.w * this.h) / 40000) * this.zoom);
      for (const [vp, list] of order) {
        if (this.labels.length >= room) break;
        const size = Math.min(18, 12 + Math.sqrt(list.length) * 0.8);
        ctx.font = `600 ${size}px ${FONT}`;
        const w = ctx.measureText(vp.label).width,
          [cx, cy] = this.place(vp);
        if (cx < 0 || cy < 0 || cx > this.w || cy > this.h) continue;
        // Above the points of the viewpoint or below them, as far as they reach, but never far from the middle.
        const reach = Math.min(34, Math.max(...list.map(a => Math.abs(this.place(a)[1] - cy)))) / size + 0.95;
        const spot = [
          [0, -reach],
          [0, reach],
          [0, -reach - 1.4],
          [0, reach + 1.4],
          [0.7, 0],
          [-0.7, 0],
          [0, 0],
        ]
          .map(([fx, fy]) => ({
            x: Math.max(4, Math.min(this.w - w - 4, cx - w / 2 + fx * w)),
            y: Math.max(size, Math.min(this.h - size, cy + fy * size)),
            w,
            h: size * 1.25,
            vp,
          }))
          .find(
            s =>
              !this.labels.some(
                o => s.x < o.x + o.w + 6 && o.x < s.x + s.w + 6 && Math.abs(s.y - o.y) < (s.h + o.h) / 2 + 1,
              ),
          );
        if (!spot) continue;
        this.labels.push(spot);
        ctx.lineWidth = 4;
        ctx.lineJoin = "round";
        ctx.strokeStyle = "rgba(255,253,249,.92)";
        ctx.strokeText(vp.label, spot.x, spot.y);
        ctx.fillStyle = this.lit === vp ? "#8c2f1b" : "#1d1b18";
        ctx.fillText(vp.label, spot.x, spot.y);
      }
    }
    zoomAt(factor, x = this.w / 2, y = this.h / 2) {
      const zoom = Math.max(1, Math.min(24, this.zoom * factor)),
        k = zoom / this.zoom;
      this.dx = x - (x - this.dx) * k;
      this.dy = y - (y - this.dy) * k;
      this.zoom = zoom;
      this.keep();
      this.draw();
    }
    keep() {
      this.dx = Math.min(0, Math.max(this.w * (1 - this.zoom), this.dx));
      this.dy = Math.min(0, Math.max(this.h * (1 - this.zoom), this.dy));
    }
    reset() {
      this.zoom = 1;
      this.dx = this.dy = 0;
      this.draw();
    }
    light(vp) {
      if (vp !== this.lit) {
        this.lit = vp;
        this.draw();
      }
    }
    at(x, y) {
      const label = this.labels.find(o => x >= o.x && x <= o.x + o.w && Math.abs(y - o.y) <= o.h / 2);
      if (label) return { vp: label.vp };
      let best = null,
        near = 144;
      for (const a of this.bounds.placed) {
        const [px, py] = this.place(a),
          d = (px - x) ** 2 + (py - y) ** 2;
        if (d < near) {
          near = d;
          best = a;
        }
      }
      return best && { arg: best };
    }
  }

  const listen = (chart, shown) => {
    const { canvas } = chart;
    let drag = null,
      moved = false;
    const where = e => {
      const box = canvas.getBoundingClientRect();
      return [e.clientX - box.left, e.clientY - box.top];
    };
    canvas.addEventListener(
      "wheel",
      e => {
        e.preventDefault();
        chart.zoomAt(e.deltaY < 0 ? 1.2 : 1 / 1.2, ...where(e));
      },
      { passive: false },
    );
    canvas.addEventListener("pointerdown", e => {
      drag = where(e);
      moved = false;
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener("pointermove", e => {
      const [x, y] = where(e);
      if (drag && chart.zoom > 1 && (moved || Math.hypot(x - drag[0], y - drag[1]) > 3)) {
        moved = true;
        chart.dx += x - drag[0];
        chart.dy += y - drag[1];
        drag = [x, y];
        chart.keep();
        chart.draw();
        return;
      }
      const hit = chart.at(x, y);
      canvas.style.cursor = hit ? "pointer" : "grab";
      canvas.title = hit ? (hit.vp ? hit.vp.label : `${L.personName(hit.arg.speaker)}：${hit.arg.text}`) : "";
      chart.light(hit && hit.vp ? hit.vp : null);
    });
    canvas.addEventListener("pointerup", e => {
      const hit = !moved && chart.at(...where(e));
      drag = null;
      if (hit && hit.vp)
        L.panelOfViewpoint(
          hit.vp,
          shown.filter(a => a.vp === hit.vp),
        );
      else if (hit) L.panelOfArgs(hit.arg.vp ? hit.arg.vp.label : L.t("alone"), [hit.arg]);
    });
    canvas.addEventListener("keydown", e => {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[e.key];
      if (e.key === "+" || e.key === "=") chart.zoomAt(1.4);
      else if (e.key === "-") chart.zoomAt(1 / 1.4);
      else if (e.key === "0") chart.reset();
      else if (step) {
        chart.dx += step[0];
        chart.dy += step[1];
        chart.keep();
        chart.draw();
      } else return;
      e.preventDefault();
    });
  };

  L.views.points = args => {
    const canvas = h("canvas", { class: "points", tabindex: "0", role: "img", "aria-label": L.t("points") });
    const chart = new Chart(canvas, args);
    listen(chart, args);
    const redraw = () => {
      if (canvas.isConnected) {
        chart.size();
        chart.draw();
      }
    };
    new ResizeObserver(redraw).observe(canvas);
    L.chart = chart;
    const button = (key, sign, act) =>
      h("button", { class: "plain", onclick: act, "aria-label": L.t(key), title: L.t(key) }, sign);
    return h(
      "div",
      { class: "points-view" },
      h("p", { class: "help" }, L.t("pointsHelp")),
      h(
        "p",
        { class: "legend" },
        L.KINDS.map(k => L.kindTag(k)),
        h("span", { class: "shape" }, `▲ ${L.t("pro")}　▼ ${L.t("con")}　○ ${L.t("neu")}`),
      ),
      h(
        "div",
        { class: "points-grid" },
        h(
          "div",
          { class: "canvas-box" },
          canvas,
          h(
            "div",
            { class: "zoom" },
            button("zoomIn", "＋", () => chart.zoomAt(1.5)),
            button("zoomOut", "－", () => chart.zoomAt(1 / 1.5)),
            button("fit", "⤢", () => chart.reset()),
          ),
        ),
        h(
          "ol",
          { class: "vp-list" },
          chart.groups.map(([vp, list]) =>
            h(
              "li",
              null,
              h(
                "button",
                {
                  class: "plain",
                  onclick: () => L.panelOfViewpoint(vp, list),
                  onmouseenter: () => chart.light(vp),
                  onmouseleave: () => chart.light(null),
                  onfocus: () => chart.light(vp),
                  onblur: () => chart.light(null),
                },
                h("i", { class: `dot k-${vp.kind}`, "aria-hidden": "true" }, L.GLYPH[vp.kind]),
                h("span", null, vp.label),
                h("span", { class: "num" }, String(list.length)),
              ),
            ),
          ),
        ),
      ),
    );
  };
})(Lunheng);
