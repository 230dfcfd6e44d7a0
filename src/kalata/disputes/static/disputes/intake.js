/* The summary beside the form of a petition follows what is typed; files are dropped on their frame. All of it works without. */
(() => {
  "use strict";
  const form = document.getElementById("rq"), drop = document.getElementById("drop"), list = document.getElementById("chosen");
  if (!form) return;
  let due = 0, asked = 0;
  const look = async () => {
    const turn = ++asked, body = new FormData(form);
    body.delete("pieces");
    body.set("act", "look");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, credentials: "same-origin" });
      if (!answer.ok || turn !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("ahead");
      if (fresh) document.getElementById("ahead").replaceChildren(...fresh.childNodes);
      for (const one of page.querySelectorAll("[data-res]")) {
        const here = document.querySelector(`[data-res="${one.dataset.res}"]`);
        if (here) here.replaceChildren(...one.childNodes);
      }
    } catch { /* without network the form goes on; the summary waits */ }
  };
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(due);
    due = setTimeout(look, 400);
  });
  const files = document.getElementById("id_pieces"), camera = document.getElementById("id_camera");
  const say = () => {
    list.replaceChildren(...[files, camera].flatMap((box) => [...box.files]).map((one) => {
      const line = document.createElement("li");
      line.textContent = `${one.name}, ${Math.ceil(one.size / 1024)} Kio`;
      return line;
    }));
  };
  files.addEventListener("change", say);
  camera.addEventListener("change", say);
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("on", kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      const every = new DataTransfer();
      for (const one of [...files.files, ...event.dataTransfer.files]) every.items.add(one);
      files.files = every.files;
      say();
    });
  }
})();
