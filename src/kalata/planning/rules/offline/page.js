"use strict";
// One page without a network: what is typed stays in this page until the file is saved; a saved file is taken up again.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const said = read("said"), rows = read("rows"), words = read("words");
const list = document.getElementById("list"), on = document.getElementById("on"), state = document.getElementById("state");
const FIELDS = ["percent", "started", "finished", "blocked", "note", "evidence"];
const RUNS = /^[ \u00a0]*[=+\-@\t\r\n＝＋－＠]/; // what a spreadsheet would run: kalata.inert says the same
const bare = (text) => (text.startsWith("'") && RUNS.test(text.slice(1)) ? text.slice(1) : text);
let typed = {}, unsaved = false;
// The same page on two telephones is two sayings: each opening has a mark of its own, and a saved file keeps that of its telephone.
let mark = said.mark + Array.from(crypto.getRandomValues(new Uint8Array(4)), (n) => n.toString(16).padStart(2, "0")).join("");
const today = () => { const d = new Date(); d.setMinutes(d.getMinutes() - d.getTimezoneOffset()); return d.toISOString().slice(0, 10); };
const make = (tag, props, ...inside) => { const e = Object.assign(document.createElement(tag), props); e.append(...inside); return e; };
const told = () => rows.filter((r) => (typed[r.code] || {}).percent !== undefined && typed[r.code].percent !== "");

function wrong(row) {
  const v = typed[row.code] || {}, now = today(), n = Number(v.percent);
  if (!/^\d{1,3}$/.test(v.percent) || n > 100) return "percent";
  if (v.started && v.started > now) return "started";
  if (v.finished && (n !== 100 || v.finished > on.value || v.finished > now || (v.started && v.started > v.finished))) return "finished";
  if (n === 100 && row.evidence && !(v.evidence || "").trim()) return "evidence";
  return "";
}

function show() {
  const n = told().length;
  state.textContent = n ? `${n} / ${rows.length} ${words.count}` : words.nothing;
}

function box(row, name) {
  const date = name === "started" || name === "finished";
  const input = make("input", { name, type: date ? "date" : "text", value: (typed[row.code] || {})[name] || "", maxLength: name === "blocked" ? 300 : 600 });
  if (name === "percent") input.inputMode = "numeric";
  input.addEventListener("input", () => {
    (typed[row.code] = typed[row.code] || {})[name] = input.value;
    unsaved = true;
    show();
  });
  return make("label", { className: FIELDS.indexOf(name) > 2 ? "wide" : "" }, words[name], input);
}

function card(row) {
  const late = row.last < today() && row.percent !== 100 ? `, ${words.late}` : "";
  const head = make("summary", {}, make("b", { textContent: row.code }), ` ${row.name} `, make("span", { className: "small", textContent: `${words.planned} ${row.start} – ${row.last}${row.percent === null ? "" : `, ${row.percent} %`}${late}` }));
  const grid = make("div", { className: "grid" }, ...FIELDS.map((f) => box(row, f)));
  if (row.evidence) grid.append(make("p", { className: "small wide", textContent: words.needs }));
  const one = make("details", { id: row.code }, head, grid);
  one.dataset.words = `${row.code} ${row.name}`.toLowerCase();
  return one;
}

function cell(value) {
  const given = String(value === undefined ? "" : value).replace(/[\r\n\t]+/g, " ").trim(), text = RUNS.test(given) ? `'${given}` : given;
  return /[",;]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function save() {
  const given = told(), bad = given.find((r) => wrong(r));
  for (const input of list.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  if (!given.length || bad || !on.value || on.value > today()) {
    state.textContent = given.length ? words.bad : words.nothing;
    const at = bad ? document.getElementById(bad.code) : null;
    if (at) {
      at.open = true;
      const input = at.querySelector(`[name=${wrong(bad)}]`);
      input.setAttribute("aria-invalid", "true");
      input.focus();
    } else if (given.length) on.focus();
    return;
  }
  const lines = given.map((r) => {
    const v = { entry: mark, plan: said.plan, unit: said.unit, code: r.code, base: r.base, on: on.value, ...typed[r.code] };
    return said.columns.map((c) => cell(v[c])).join(",");
  });
  const text = `\ufeff${[said.columns.join(","), ...lines].join("\r\n")}\r\n`;
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: `avancement-${said.plan}-${said.unit || "pays"}-${on.value}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  unsaved = false;
}

function cells(text) {
  // A table as this page writes it: commas, quotes doubled inside quotes, no line inside a cell.
  return text.replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean).map((line) => {
    const out = [];
    const part = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;
    for (let m = part.exec(line); m; m = part.exec(line)) {
      out.push(bare(m[1] === undefined ? m[2] : m[1].replace(/""/g, '"')));
      if (part.lastIndex >= line.length) break;
    }
    return out;
  });
}

async function again(file) {
  const [head, ...lines] = cells(await file.text());
  const mine = lines.map((l) => Object.fromEntries(head.map((h, i) => [h, l[i] || ""]))).filter((r) => r.plan === said.plan && r.unit === said.unit && rows.some((one) => one.code === r.code));
  for (const r of mine) typed[r.code] = Object.fromEntries(FIELDS.map((f) => [f, r[f] || ""]));
  if (mine.length && /^[0-9a-f]{16}$/.test(mine[0].entry) && mine[0].entry.startsWith(said.mark)) mark = mine[0].entry;
  state.textContent = mine.length ? "" : words.other;
  list.replaceChildren(...rows.map(card));
  if (mine.length) show();
}

on.value = today();
list.append(...rows.map(card));
document.getElementById("save").addEventListener("click", save);
document.getElementById("clear").addEventListener("click", () => {
  if (!confirm(words.sure)) return;
  typed = {};
  unsaved = false;
  list.replaceChildren(...rows.map(card));
  show();
});
document.getElementById("find").addEventListener("input", (event) => {
  const words_ = event.target.value.toLowerCase();
  for (const one of list.children) one.hidden = !one.dataset.words.includes(words_);
});
document.getElementById("again").addEventListener("change", (event) => {
  if (event.target.files[0]) again(event.target.files[0]);
});
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
show();
