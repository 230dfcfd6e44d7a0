// Keyboard of the workshop: arrows choose a row, Enter opens it, Alt+arrow shifts it, L links, S splits, ? says why, Ctrl+Z undoes.
(() => {
  const rows = [...document.querySelectorAll("a[data-row]")];
  const here = () => rows.indexOf(document.activeElement);
  const go = (i) => rows[Math.max(0, Math.min(rows.length - 1, i))]?.focus();
  const press = (id, name, value) => {
    const form = document.getElementById(id);
    if (!form) return false;
    if (name) form.elements[name].value = value;
    form.requestSubmit(form.querySelector("button"));
    return true;
  };
  const focus = (id) => document.querySelector(`#${id} input:not([type=hidden])`)?.focus();
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select")) return;
    const key = event.key;
    let done = true;
    if (event.altKey && key === "ArrowRight") done = press("shift-form", "days", "1");
    else if (event.altKey && key === "ArrowLeft") done = press("shift-form", "days", "-1");
    else if (event.ctrlKey && (key === "z" || key === "y")) document.querySelector(`[data-key=${key}]`)?.click();
    else if (event.altKey || event.ctrlKey || event.metaKey) done = false;
    else if (key === "ArrowDown") go(here() + 1);
    else if (key === "ArrowUp") go(here() - 1);
    else if (key === "l" || key === "L") focus("link-form");
    else if (key === "s" || key === "S") focus("split-form");
    else if (key === "?") document.getElementById("opened")?.scrollIntoView();
    else done = false;
    if (done) event.preventDefault();
  });
})();
