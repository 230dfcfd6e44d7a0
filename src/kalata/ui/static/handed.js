/* A form whose answer is a file to keep (data-then): the file is saved, then the page that says what was done is shown.
   Without this script the file is saved and the page stays; the next one says it. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-then]")) {
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      for (const button of form.querySelectorAll("button")) button.disabled = true; // a second press would ask twice
      let answer;
      try { answer = await fetch(form.action, { method: "POST", body: new FormData(form) }); } catch { form.submit(); return; }
      const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") || "");
      if (!answer.ok || !name) { form.submit(); return; } // refused: nothing was done, and the page says why
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = name[1];
      document.body.append(link);
      link.click();
      setTimeout(() => location.assign(form.dataset.then), 300);
    });
  }
})();
