/* The keys of a page. `?` shows them. A key brings to an act, it never does it. Without this script Tab and Enter do all. */
(() => {
  "use strict";
  for (const sheet of document.querySelectorAll("[data-print]")) { sheet.hidden = false; sheet.addEventListener("click", () => window.print()); }
  const sheet = document.getElementById("keys"), open = document.getElementById("keys-open");
  const main = document.getElementById("c");
  if (!sheet || !sheet.showModal || !main) return;
  const own = document.querySelector(".desk-ft, #arb") !== null; // a desk that has keys of its own says them itself
  const seen = (e) => e.getClientRects().length > 0 && !e.disabled;
  const search = () => main.querySelector("form[role=search] input:not([type=hidden]):not([type=checkbox])");
  const rows = () => [...main.querySelectorAll("table tbody tr")].map((r) => [r, r.querySelector("a[href], button, summary")]).filter(([, to]) => to && seen(to));
  const acts = () => [...main.querySelectorAll("a.btn, button.btn")].filter((b) => seen(b) && !b.closest("table, dialog, form[role=search]")).slice(0, 9);

  function show() {
    const has = { search: !!search(), rows: rows().length > 1, ticks: !!main.querySelector("tbody input[type=checkbox]") };
    for (const row of sheet.querySelectorAll("[data-for]")) row.hidden = own || !has[row.dataset.for];
    const body = document.getElementById("keys-acts");
    body.textContent = "";
    if (!own) acts().forEach((act, i) => {
      const row = body.insertRow(), head = document.createElement("th"), key = document.createElement("kbd");
      head.scope = "row"; key.textContent = String(i + 1); head.append(key); row.append(head);
      row.insertCell().textContent = act.textContent.trim().replace(/\s+/g, " ");
    });
    sheet.showModal();
  }
  function step(by) {
    const all = rows(), at = all.findIndex(([row]) => row.contains(document.activeElement));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) { next[1].focus(); next[0].scrollIntoView({ block: "nearest" }); }
  }
  open.hidden = false;
  open.addEventListener("click", show);
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.altKey || e.metaKey || sheet.open || "off" in sheet.dataset) return;
    if (e.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
    if (e.key === "?") { e.preventDefault(); show(); return; }
    if (own) return;
    const tick = e.key === "x" && document.activeElement.closest("tr") ? document.activeElement.closest("tr").querySelector("input[type=checkbox]") : null;
    const to = e.key === "/" ? search() : /^[1-9]$/.test(e.key) ? acts()[Number(e.key) - 1] : null;
    if (to) { e.preventDefault(); to.focus(); to.scrollIntoView({ block: "nearest" }); }
    else if (tick) { e.preventDefault(); tick.click(); }
    else if (e.key === "j" || e.key === "k") { e.preventDefault(); step(e.key === "j" ? 1 : -1); }
  });
})();
