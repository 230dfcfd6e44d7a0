/* The entry desk: keyboard only. Without this script the form still works; nothing here decides anything. */
(() => {
  "use strict";
  const form = document.getElementById("f");
  if (!form || !window.kalataDesk) return;
  const { json, original, checker } = window.kalataDesk;
  const words = json("words");
  const inputs = [...form.querySelectorAll(".ln input")];
  const lines = inputs.filter((i) => i.dataset.line), tail = document.getElementById("l-tail");
  const send = document.getElementById("send"), kept = document.getElementById("kept"), where = document.getElementById("where");
  const register = form.dataset.register === "" ? null : Number(form.dataset.register);
  const view = original(json("frames"));
  let dirty = false, sending = false, flight = null, asked = false;

  const read = (key) => {
    const field = lines.find((i) => i.dataset.line === key);
    return field && field.value.trim() !== "" ? Number(field.value) : null;
  };
  const votes = lines.filter((i) => /^c\d+$/.test(i.dataset.line)).map((i) => i.dataset.line);
  const run = checker(json("checks"), words, votes, read, register);
  function check() {
    const found = run();
    document.getElementById("sum").textContent = String(found.sum);
    send.textContent = found.bad ? send.dataset.gap : send.dataset.plain;
  }

  const go = (index) => {
    if (index < 0) return;
    if (index >= inputs.length) send.focus();
    else { inputs[index].focus(); inputs[index].select(); }
  };
  const label = (input) => `${input.previousElementSibling.previousElementSibling.textContent} ${input.labels[0].textContent}`.trim();

  inputs.forEach((input, index) => {
    input.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.ctrlKey) { e.preventDefault(); if (input === tail) heading(); go(index + 1); }
      else if (e.key === "ArrowDown") { e.preventDefault(); go(index + 1); }
      else if (e.key === "ArrowUp") { e.preventDefault(); go(index - 1); }
    });
    input.addEventListener("focus", () => {
      form.querySelectorAll(".ln.on").forEach((l) => l.classList.remove("on"));
      input.closest(".ln").classList.add("on");
      view.follow(input.dataset.line || null);
      if (where) where.textContent = label(input);
    });
    input.addEventListener("blur", () => keep());
    input.addEventListener("input", () => { dirty = true; asked = false; if (input === tail) headed(""); check(); });
  });
  lines.forEach((input) => {
    for (const kind of ["paste", "drop"]) {
      input.addEventListener(kind, (e) => { e.preventDefault(); kept.textContent = words.paste; });
    }
    input.addEventListener("beforeinput", (e) => { if (e.data && /[^0-9]/.test(e.data)) e.preventDefault(); });
  });
  send.addEventListener("keydown", (e) => { if (e.key === "ArrowUp") { e.preventDefault(); go(inputs.length - 1); } });

  /* The end of the code is compared by the house as soon as it is typed: the hands go on, and come back if it is another paper. */
  function headed(text) {
    const says = document.getElementById("tail-says");
    says.textContent = text;
    says.hidden = !text;
    if (text) tail.setAttribute("aria-invalid", "true"); else tail.removeAttribute("aria-invalid");
    if (text) { tail.focus(); tail.select(); }
  }
  async function heading() { if (tail.value) { dirty = true; await keep(true); } }

  async function keep(head) {
    if (!dirty || sending) return;
    dirty = false;
    if (flight) flight.abort();
    flight = new AbortController();
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin", signal: flight.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      kept.textContent = said.kept ? `${words.kept} ${said.kept}` : said.says;
      if (head) headed(said.tail || "");
    } catch (problem) {
      if (sending || problem.name === "AbortError") return;
      dirty = true;
      kept.textContent = words.unkept;
    }
  }
  setInterval(() => keep(), 10000);

  /* Lines left empty are asked about once: empty on the paper, or forgotten? */
  function blanks() {
    const left = lines.filter((i) => i.value.trim() === ""), box = document.getElementById("blanks");
    if (!left.length || asked) return false;
    asked = true;
    document.getElementById("blank-lines").textContent = left.map(label).join(" ; ");
    box.hidden = false;
    go(inputs.indexOf(left[0]));
    return true;
  }
  form.addEventListener("submit", (e) => {
    if (sending || blanks()) { e.preventDefault(); return; }
    sending = true;
    if (flight) flight.abort();
    setTimeout(() => { sending = false; }, 8000);
  });
  document.querySelectorAll("[data-do]").forEach((b) => b.addEventListener("click", () => view.acts[b.dataset.do]()));
  const keys = { F2: "zoom", F4: "contrast", F6: "turn", PageDown: "next", PageUp: "before", "+": "closer", "-": "farther" };
  document.addEventListener("keydown", (e) => {
    const typing = e.target.matches("input:not([inputmode=numeric]), textarea");
    if (e.key === "F8") {
      e.preventDefault();
      document.getElementById("incident").open = true;
      document.getElementById("why").focus();
    } else if (e.key === "Enter" && e.ctrlKey && !e.target.closest("#incident")) { e.preventDefault(); form.requestSubmit(); }
    else if (keys[e.key] && !(typing && e.key.length === 1)) { e.preventDefault(); const act = view.acts[keys[e.key]]; if (act) act(); }
  });
  check();
  const wrong = document.querySelector(".errs"), bad = inputs.find((i) => i.getAttribute("aria-invalid"));
  const last = lines.reduce((found, i, n) => (i.value !== "" ? n : found), -1);
  if (wrong) (bad || wrong).focus();
  else if (tail.value === "" || last < 0) go(tail.value ? 1 : 0);
  else go(Math.min(inputs.length - 1, inputs.indexOf(lines[last]) + 1));
  if (last >= 0 && !wrong) kept.textContent = `${kept.textContent} ${words.resumed} ${label(document.activeElement)}`.trim();
})();
