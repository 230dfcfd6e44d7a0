/* The entry desk: keyboard only. Without this script the form still works; nothing here decides anything. */
(() => {
  "use strict";
  const form = document.getElementById("f");
  if (!form) return;
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const checks = json("checks"), words = json("words");
  const inputs = [...form.querySelectorAll(".ln input")];
  const lines = inputs.filter((i) => i.dataset.line);
  const votes = lines.filter((i) => /^c\d+$/.test(i.dataset.line));
  const send = document.getElementById("send"), kept = document.getElementById("kept");
  const scan = document.querySelector(".scan"), where = document.getElementById("where");
  const register = form.dataset.register === "" ? null : Number(form.dataset.register);
  let dirty = false, sending = false, flight = null;

  const read = (key) => {
    const field = lines.find((i) => i.dataset.line === key);
    return field && field.value.trim() !== "" ? Number(field.value) : null;
  };
  const figure = (key) => (key === "one" ? 1 : key === "sum" ? votes.reduce((t, i) => t + Number(i.value || 0), 0) : read(key) || 0);
  const side = (terms) => Object.entries(terms).reduce((total, [key, n]) => total + n * figure(key), 0);

  function mark(code, state, text) {
    const row = document.querySelector(`.cks [data-code="${code}"]`);
    if (!row) return;
    row.classList.toggle("hot", state === "bad");
    const svg = row.querySelector(".i");
    svg.setAttribute("class", "i " + (state === "wait" ? "" : state));
    svg.firstElementChild.setAttribute("href", "#" + state);
    const label = row.querySelector(".st");
    label.className = "st " + (state === "wait" ? "mute" : state);
    label.textContent = words[state];
    row.querySelector(".f").textContent = text;
  }

  function check() {
    const counts = { bad: 0, ok: 0, wait: 0 };
    document.getElementById("sum").textContent = String(figure("sum"));
    for (const c of checks) {
      const typed = c.needs.every((key) => read(key) !== null) && (!("sum" in c.left) || votes.some((i) => i.value !== ""));
      let state = "wait", text = "";
      if (typed) {
        const left = side(c.left), right = side(c.right), gap = left - right;
        const holds = c.relation === "=" ? gap === 0 : gap <= 0;
        const noted = !holds && c.excused && read(c.excused) === 1;
        state = holds || noted ? "ok" : "bad";
        text = c.right.one ? "" : `${left} ${holds ? c.relation.replace("<=", "≤") : "≠"} ${right}`;
        if (noted) text += ` : ${words.noted}`;
        else if (!holds && !c.right.one) {
          text += ` : ${gap < 0 ? words.missing : words.over} ${Math.abs(gap)}.`;
          if (gap % 9 === 0) text += " " + words.nines;
        }
      }
      counts[state] += 1;
      mark(c.code, state, text);
    }
    if (register !== null) {
      const typed = read("registered");
      const state = typed === null ? "wait" : typed === register ? "ok" : "bad";
      counts[state] += 1;
      mark("E10", state, typed === null ? "" : `${typed} ${state === "ok" ? "=" : "≠"} ${register}`);
    }
    const line = document.getElementById("counts");
    line.textContent = "";
    for (const state of ["bad", "ok", "wait"]) {
      if (!counts[state]) continue;
      const tag = document.createElement("span");
      tag.className = "tag " + (state === "wait" ? "" : state);
      tag.textContent = `${counts[state]} ${words[state].toLowerCase()}`;
      line.append(tag, " ");
    }
    send.textContent = counts.bad ? send.dataset.gap : send.dataset.plain;
  }

  const go = (index) => {
    if (index < 0) return;
    if (index >= inputs.length) send.focus();
    else { inputs[index].focus(); inputs[index].select(); }
  };

  inputs.forEach((input, index) => {
    input.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.ctrlKey) { e.preventDefault(); go(index + 1); }
      else if (e.key === "ArrowDown") { e.preventDefault(); go(index + 1); }
      else if (e.key === "ArrowUp") { e.preventDefault(); go(index - 1); }
    });
    input.addEventListener("focus", () => {
      form.querySelectorAll(".ln.on").forEach((l) => l.classList.remove("on"));
      input.closest(".ln").classList.add("on");
      if (where) where.textContent = `${input.previousElementSibling.previousElementSibling.textContent} ${input.labels[0].textContent}`.trim();
    });
    input.addEventListener("blur", () => keep());
    input.addEventListener("input", () => { dirty = true; check(); });
  });
  lines.forEach((input) => {
    for (const kind of ["paste", "drop"]) {
      input.addEventListener(kind, (e) => { e.preventDefault(); kept.textContent = words.paste; });
    }
    input.addEventListener("beforeinput", (e) => { if (e.data && /[^0-9]/.test(e.data)) e.preventDefault(); });
  });
  send.addEventListener("keydown", (e) => { if (e.key === "ArrowUp") { e.preventDefault(); go(inputs.length - 1); } });

  async function keep() {
    if (!dirty || sending) return;
    dirty = false;
    flight = new AbortController();
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin", signal: flight.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      kept.textContent = said.kept ? `${words.kept} ${said.kept}` : said.says;
    } catch (_problem) {
      if (sending) return;
      dirty = true;
      kept.textContent = words.unkept;
    }
  }
  setInterval(keep, 10000);

  form.addEventListener("submit", (e) => {
    if (sending) { e.preventDefault(); return; }
    sending = true;
    if (flight) flight.abort();
    setTimeout(() => { sending = false; }, 8000);
  });
  let turn = 0;
  const acts = {
    zoom: () => scan.classList.toggle("big"),
    contrast: () => scan.classList.toggle("strong"),
    turn: () => { scan.classList.remove("t" + turn); turn = (turn + 90) % 360; scan.classList.add("t" + turn); },
  };
  document.querySelectorAll("[data-do]").forEach((b) => b.addEventListener("click", acts[b.dataset.do]));
  document.addEventListener("keydown", (e) => {
    if (e.key === "F2") { e.preventDefault(); acts.zoom(); }
    else if (e.key === "F4") { e.preventDefault(); acts.contrast(); }
    else if (e.key === "F6") { e.preventDefault(); acts.turn(); }
    else if (e.key === "F8") {
      e.preventDefault();
      const box = document.getElementById("incident");
      box.open = true;
      document.getElementById("why").focus();
    } else if (e.key === "Enter" && e.ctrlKey) { e.preventDefault(); form.requestSubmit(); }
  });
  check();
  const wrong = form.querySelector(".errs");
  if (wrong) wrong.focus(); else inputs[0].focus();
})();
