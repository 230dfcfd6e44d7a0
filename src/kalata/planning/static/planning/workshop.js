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

  // A bar moved along its row shifts its activity; dropped on another row, it is what that one waits for. Escape leaves it.
  const table = document.querySelector("table.gw[data-seen]");
  const told = document.getElementById("dragged");
  let held = null;
  const rowAt = (x, y) => document.elementFromPoint(x, y)?.closest("table.gw tbody tr[id]");
  const place = (dx) => held.row.querySelectorAll("td.g .gb, td.g .gu").forEach((bar) => bar.setAttribute("transform", `translate(${dx} 0)`));
  const leave = () => {
    if (!held) return;
    place(0);
    held.over?.classList.remove("drop");
    told.textContent = "";
    held = null;
  };
  // The form of that activity, as the page that opens it gives it now: only where the whole table is still the one that is seen.
  const act = async (code, id, fill) => {
    const there = new URL(location.href);
    there.searchParams.set("a", code);
    there.hash = "opened";
    const page = new DOMParser().parseFromString(await (await fetch(there)).text(), "text/html");
    const form = page.getElementById(id);
    if (!form || page.querySelector("table.gw[data-seen]")?.dataset.seen !== table.dataset.seen) return location.reload();
    for (const [name, value] of Object.entries(fill)) form.elements[name].value = value;
    form.action = there.pathname + there.search;
    form.hidden = true;
    document.body.append(document.adoptNode(form));
    form.requestSubmit(form.querySelector("button"));
  };
  table?.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest(".gb");
    const row = bar?.closest("tr[id]");
    if (!row || event.button) return;
    held = { row, x: event.clientX, wide: bar.closest("td").getBoundingClientRect().width, over: null, days: 0 };
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    const over = rowAt(event.clientX, event.clientY);
    held.over?.classList.remove("drop");
    held.over = over && over !== held.row ? over : null;
    held.over?.classList.add("drop");
    const dx = held.over ? 0 : event.clientX - held.x;
    held.days = Math.max(-366, Math.min(366, Math.round((dx / held.wide) * Number(table.dataset.days))));
    place(dx);
    told.textContent = held.over ? `${held.row.id} → ${held.over.id}` : `${held.row.id} ${held.days < 0 ? "−" : "+"}${Math.abs(held.days)}`;
  });
  document.addEventListener("pointerup", () => {
    if (!held) return;
    const { row, over, days } = held;
    leave();
    if (over) act(over.id, "link-form", { pred: row.id });
    else if (days) act(row.id, "shift-form", { days: String(days) });
  });
  document.addEventListener("pointercancel", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && leave());
})();
