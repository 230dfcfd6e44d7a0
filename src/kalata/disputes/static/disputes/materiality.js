/* A case is weighed again without loading the page anew: the form is sent as it is, the parts that answer take their place. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-weigh]");
  if (!form || !window.fetch || !window.DOMParser) return;
  let asked = 0;
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.value !== "weigh") return;
    event.preventDefault();
    const mine = ++asked;
    const body = new FormData(form);
    body.append("act", "weigh");
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(body), credentials: "same-origin", redirect: "error" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const parts = fresh.querySelectorAll("[data-live]");
      const here = document.querySelectorAll("[data-live]");
      if (mine !== asked) return;
      if (parts.length !== here.length) throw new Error("another page");
      const held = document.activeElement && document.activeElement.name === "station" ? document.activeElement.value : "";
      here.forEach((old, n) => old.replaceWith(document.importNode(parts[n], true)));
      if (held) [...document.querySelectorAll("input[name=station]")].filter((one) => one.value === held).forEach((one) => one.focus());
    } catch {
      const act = document.createElement("input");
      Object.assign(act, { type: "hidden", name: "act", value: "weigh" });
      form.append(act);
      form.submit();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
})();
