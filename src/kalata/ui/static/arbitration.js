/* Arbitration by keyboard: 1, 2 and 3 choose on the line in hand, the next line follows, Ctrl+Enter records. */
(() => {
  "use strict";
  const form = document.getElementById("arb");
  if (!form || !window.kalataDesk) return;
  document.documentElement.classList.add("js");
  const { json, original, checker } = window.kalataDesk;
  const words = json("words"), values = json("values"), frames = json("frames");
  const rows = [...form.querySelectorAll("fieldset.one")], pieces = [...document.querySelectorAll(".scan .line")];
  const why = document.getElementById("why"), send = document.getElementById("send"), scan = document.querySelector(".scan");
  const view = original(frames);
  let now = 0, sending = false;

  const picked = (row) => (row.querySelector("input[type=radio]:checked") || {}).value;
  function value(row) {
    const pick = picked(row), [first, second] = values.apart[row.dataset.line];
    if (pick !== "free") return pick === "first" ? first : pick === "second" ? second : null;
    const text = row.querySelector("input.v").value.trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  }
  const read = (key) => { const row = rows.find((r) => r.dataset.line === key); return row ? value(row) : values.alike[key] ?? null; };
  const votes = [...Object.keys(values.alike), ...Object.keys(values.apart)].filter((k) => /^c\d+$/.test(k));
  const registered = document.querySelector('.cks [data-code="E10"]');
  const run = checker(json("checks"), words, votes, read, registered ? Number(form.dataset.register) : null);

  function paint() {
    const all = rows.every(picked);
    document.getElementById("after").hidden = !all;
    document.getElementById("later").hidden = all;
    if (all) run();
    why.classList.toggle("now", rows.some((r) => picked(r) === "free"));
    rows.forEach((row) => {
      row.querySelector(".free").classList.toggle("now", picked(row) === "free");
      const mine = document.querySelector(`#mine [data-line="${row.dataset.line}"]`);
      if (!picked(row)) return;
      const found = value(row);
      mine.querySelector(".f").textContent = found === null ? words.empty : String(found);
      mine.querySelector(".i").setAttribute("class", "i ok");
      mine.querySelector(".i use").setAttribute("href", picked(row) === "free" ? "#pen" : "#ok");
    });
  }
  function show(index, focus = true) {
    now = Math.max(0, Math.min(rows.length - 1, index));
    const key = rows[now].dataset.line;
    rows.forEach((r, n) => r.classList.toggle("now", n === now));
    pieces.forEach((p) => p.classList.toggle("now", p.dataset.line === key));
    if (!(key in frames)) scan.classList.add("page"); else scan.classList.remove("page");
    view.follow(key);
    document.getElementById("where").textContent = rows[now].querySelector("legend").textContent.trim();
    if (focus) (rows[now].querySelector("input[type=radio]:checked") || rows[now].querySelector("input[type=radio]")).focus();
  }
  const onward = () => { const open = rows.findIndex((r) => !picked(r)); if (open >= 0) show(open); else send.focus(); };

  form.addEventListener("change", paint);
  rows.forEach((row) => row.querySelector("input.v").addEventListener("input", () => { row.querySelector("[value=free]").checked = true; paint(); }));
  form.addEventListener("submit", (e) => {
    if (sending) { e.preventDefault(); return; }
    sending = true;
    setTimeout(() => { sending = false; }, 8000);
  });
  const acts = {
    page: () => { scan.classList.toggle("page"); view.follow(rows[now].dataset.line); },
    contrast: () => scan.classList.toggle("strong"),
  };
  document.querySelectorAll("[data-do]").forEach((b) => b.addEventListener("click", acts[b.dataset.do]));
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && e.ctrlKey) {
      e.preventDefault();
      const open = rows.findIndex((r) => !picked(r));
      if (open >= 0) show(open); else form.requestSubmit();
    } else if (e.key === "F2") { e.preventDefault(); acts.page(); }
    else if (e.key === "F4") { e.preventDefault(); acts.contrast(); }
    else if (e.key === "F8") { e.preventDefault(); document.getElementById("incident").open = true; document.getElementById("ag").focus(); }
    else if (e.target.matches("input.v") && e.key === "Enter") { e.preventDefault(); const reason = document.getElementById("rs"); if (reason.value) onward(); else reason.focus(); }
    else if (e.target.matches("#rs") && e.key === "Enter") { e.preventDefault(); onward(); }
    else if (e.target.matches("input:not([type=radio]), textarea, select")) return;
    else if (["1", "2", "3"].includes(e.key)) {
      e.preventDefault();
      rows[now].querySelectorAll("input[type=radio]")[Number(e.key) - 1].checked = true;
      paint();
      if (e.key === "3") rows[now].querySelector("input.v").focus();
      else onward();
    } else if (e.key === "ArrowUp" || e.key === "ArrowDown") { e.preventDefault(); show(now + (e.key === "ArrowUp" ? -1 : 1)); }
  });
  if (rows.length) { const open = rows.findIndex((r) => !picked(r)); show(open < 0 ? 0 : open); paint(); }
  const wrong = form.querySelector(".errs");
  if (wrong) wrong.focus();
})();
