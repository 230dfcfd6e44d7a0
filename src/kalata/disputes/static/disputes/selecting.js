// What is selected in the full text goes to the box of the passage; without this script it is typed there.
"use strict";
document.addEventListener("selectionchange", () => {
  const box = document.getElementById("words"), held = document.getSelection();
  if (!box || !held || held.isCollapsed || document.activeElement === box) return;
  const from = held.anchorNode && held.anchorNode.parentElement;
  if (from && from.closest("[data-full]")) box.value = held.toString().replace(/\s+/g, " ").trim().slice(0, 400);
});
