/* The field is always ready for the next scan: what was refused stays to be read, and the next scan takes its place. */
(() => {
  "use strict";
  const code = document.getElementById("code"), why = document.getElementById("why");
  if (!code) return;
  const at = why && why.getAttribute("aria-invalid") ? why : code;
  at.focus();
  at.select();
  document.addEventListener("keydown", (e) => {
    if (e.target !== document.body || e.ctrlKey || e.altKey || e.metaKey || !/^[0-9A-Za-z]$/.test(e.key)) return;
    code.focus();
    code.select();
  });
})();
/* The camera of a phone or tablet reads the square of a form: the picture is read by the house, not kept. */
(() => {
  "use strict";
  const camera = document.getElementById("cam"), form = document.getElementById("rf"), says = document.getElementById("camsays");
  if (!camera) return;
  camera.addEventListener("change", async () => {
    if (!camera.files.length) return;
    const body = new FormData();
    body.append("picture", camera.files[0]);
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    says.textContent = "…";
    try {
      const answer = await (await fetch(form.dataset.read, { method: "POST", body, credentials: "same-origin" })).json();
      if (answer.code) { document.getElementById("code").value = answer.code; form.requestSubmit(); }
      else says.textContent = answer.says || "–";
    } catch (problem) { says.textContent = String(problem); }
    camera.value = "";
  });
})();
