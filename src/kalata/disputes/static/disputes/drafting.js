/* The page of a draft: what the acts give is looked at again while an act is written, stations are offered as they are
   typed. Without this script every button still works; nothing here computes or keeps anything. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-live]");
  const beside = document.getElementById("beside");
  let turn = 0, last = null;

  async function look() {
    const mine = ++turn;
    if (last) last.abort();
    last = new AbortController();
    const data = new FormData(form);
    data.delete("file");
    data.set("act", "try");
    beside.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action.split("#")[0], { method: "POST", body: data, credentials: "same-origin", signal: last.signal });
      if (!answer.ok || mine !== turn) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      beside.replaceChildren(...fresh.body.childNodes);
    } catch (_problem) { /* the page as it was stays */ } finally {
      if (mine === turn) beside.setAttribute("aria-busy", "false");
    }
  }
  if (form && beside) {
    let wait;
    const soon = () => { clearTimeout(wait); wait = setTimeout(look, 400); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
  }

  document.querySelectorAll("input[data-near]").forEach((box) => {
    const list = document.getElementById("bureaux");
    const whole = list && list.options.length > 0;
    let wait;
    box.addEventListener("input", () => {
      if (whole || box.value.trim().length < 2) return;
      clearTimeout(wait);
      wait = setTimeout(async () => {
        const answer = await fetch(`${box.dataset.near}?bureau=${encodeURIComponent(box.value.trim())}`, { credentials: "same-origin" });
        if (!answer.ok) return;
        const found = await answer.json();
        list.replaceChildren(...found.stations.map((s) => Object.assign(document.createElement("option"), { value: s.code, textContent: s.name })));
      }, 250);
    });
    if (!box.dataset.into) return;
    box.addEventListener("keydown", (e) => {
      if (e.key !== "Enter") return;
      e.preventDefault();
      const into = document.getElementById(box.dataset.into);
      const word = box.value.trim();
      if (!word) return;
      into.value = into.value.trim() ? `${into.value.replace(/\s+$/, "")}\n${word}` : word;
      box.value = "";
      into.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
})();
