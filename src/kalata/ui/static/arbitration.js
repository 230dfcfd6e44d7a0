/* Arbitration by keyboard: 1, 2 and 3 choose on the line in hand, then the next line. */
(() => {
  "use strict";
  const form = document.getElementById("arb");
  if (!form) return;
  const rows = [...form.querySelectorAll("fieldset.diff")];
  const shade = () => rows.forEach((row) => row.querySelectorAll(".pick label").forEach((l) => l.classList.toggle("on", l.firstElementChild.checked)));
  form.addEventListener("change", shade);
  form.addEventListener("keydown", (e) => {
    if (!["1", "2", "3"].includes(e.key) || e.target.matches("input:not([type=radio])")) return;
    const row = e.target.closest("fieldset.diff") || rows[0];
    const radio = row.querySelectorAll("input[type=radio]")[Number(e.key) - 1];
    e.preventDefault();
    radio.checked = true;
    shade();
    if (e.key === "3") { radio.closest("label").querySelector("input:not([type=radio])").focus(); return; }
    const next = rows[rows.indexOf(row) + 1];
    if (next) next.querySelector("input[type=radio]").focus();
    else form.querySelector("button.btn").focus();
  });
  form.querySelectorAll(".pick input:not([type=radio])").forEach((free) => free.addEventListener("input", () => {
    free.closest("label").querySelector("input[type=radio]").checked = true;
    shade();
  }));
  const first = form.querySelector("input[type=radio]");
  if (first) first.focus();
})();
