/* What is typed in a section is kept as a draft while it is typed. Without this script the button keeps it. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const text = form.querySelector("textarea"), said = document.getElementById("kept");
  let last = text.value, sending = false;
  async function keep() {
    if (sending || text.value === last) return;
    const now = text.value, data = new FormData(form);
    data.set("act", "keep");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: data, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const done = await answer.json();
      last = now;
      said.textContent = `${said.dataset.kept} ${done.kept}`;
    } catch (_problem) {
      said.textContent = said.dataset.unkept;
    }
  }
  setInterval(keep, 8000);
  text.addEventListener("blur", keep);
  form.addEventListener("submit", () => { sending = true; });
})();
