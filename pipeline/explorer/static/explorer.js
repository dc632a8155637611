"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const app = document.getElementById("app");
  const add = (tag, text, parent = app) => { const e = document.createElement(tag); e.textContent = text; parent.append(e); return e; };
  add("h1", data.title);
  for (const a of data.arguments) {
    const article = data.articles[a[1]];
    add("p", `${a[5]} · ${data.speakers[a[2]][0]}: ${article[10].slice(a[3], a[4])}`);
  }
})();
