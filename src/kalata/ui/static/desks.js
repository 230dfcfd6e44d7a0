/* What the desks that type share: the original that follows the line in hand, the checks, the keys. It decides nothing. */
(() => {
  "use strict";
  const json = (id) => JSON.parse(document.getElementById(id).textContent);

  /* The original: frames is line -> [page, x, y, width, height] in ten-thousandths of that picture. */
  function original(frames) {
    const scan = document.querySelector(".scan");
    if (!scan) return { follow() {}, acts: {} };
    const scroller = scan.querySelector(".pages") || scan;
    const papers = [...scan.querySelectorAll(".paper")], narrow = matchMedia("(max-width: 59.99em)");
    const steps = [1, 1.35, 1.8, 2.4, 3.2];
    let zoom = 0, turn = 0, at = null, here = 0;
    scan.classList.toggle("framed", Object.keys(frames).length > 0);
    const mark = document.createElement("span");
    mark.className = "hl";
    mark.hidden = true;

    function show(index) {
      here = Math.max(0, Math.min(papers.length - 1, index));
      papers.forEach((p, n) => p.classList.toggle("cur", n === here));
    }
    function place() {
      const frame = at && frames[at];
      mark.hidden = !frame || turn !== 0;
      if (!papers.length) return;
      if (!frame) { if (!narrow.matches && at === null) scroller.scrollTo({ top: 0 }); return; }
      const [page, x, y, w, h] = frame, sheet = papers[page], inner = sheet.firstElementChild;
      show(page);
      inner.append(mark);
      Object.assign(mark.style, { insetInlineStart: `${x / 100 - 0.4}%`, insetBlockStart: `${y / 100 - 0.15}%`, inlineSize: `${w / 100 + 0.8}%`, blockSize: `${h / 100 + 0.3}%` });
      const box = inner.getBoundingClientRect();
      if (box.height < 10) return; // the picture is not there yet: its `load` comes back here
      const cx = (x + w / 2) / 1e4 * box.width, cy = (y + h / 2) / 1e4 * box.height;
      if (narrow.matches) {
        const slip = (view, all, centre) => Math.min(0, Math.max(view - all, view / 2 - centre));
        inner.style.setProperty("--ox", `${slip(sheet.clientWidth, box.width, cx)}px`);
        inner.style.setProperty("--oy", `${slip(sheet.clientHeight, box.height, cy)}px`);
      } else {
        const top = inner.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
        const left = inner.getBoundingClientRect().left - scroller.getBoundingClientRect().left + scroller.scrollLeft;
        scroller.scrollTo({ top: top + cy - scroller.clientHeight / 2, left: left + cx - scroller.clientWidth / 2 });
      }
    }
    const sized = () => { scan.style.setProperty("--zoom", String(steps[zoom])); place(); };
    papers.forEach((p) => { const img = p.querySelector("img"); if (img && !img.complete) img.addEventListener("load", place); });
    addEventListener("resize", place);
    show(0);
    const turned = (by) => { show(here + by); if (!narrow.matches) papers[here].scrollIntoView({ block: "start" }); };
    return {
      follow(key) { at = key; place(); },
      framed: (key) => key in frames,
      acts: {
        zoom: () => { zoom = zoom ? 0 : 2; sized(); },
        closer: () => { zoom = Math.min(steps.length - 1, zoom + 1); sized(); },
        farther: () => { zoom = Math.max(0, zoom - 1); sized(); },
        contrast: () => scan.classList.toggle("strong"),
        turn: () => { scan.classList.remove("t" + turn); turn = (turn + 90) % 360; if (turn) scan.classList.add("t" + turn); place(); },
        next: () => turned(1),
        before: () => turned(-1),
      },
    };
  }

  /* The identities of the form on what is typed. read: line -> number, or null where it is empty; votes: their lines. */
  function checker(checks, words, votes, read, register) {
    const figure = (key) => (key === "one" ? 1 : key === "sum" ? votes.reduce((t, k) => t + (read(k) || 0), 0) : read(key) || 0);
    const side = (terms) => Object.entries(terms).reduce((total, [key, n]) => total + n * figure(key), 0);
    function mark(code, state, text) {
      const row = document.querySelector(`.cks [data-code="${code}"]`);
      if (!row) return;
      row.classList.toggle("hot", state === "bad");
      const svg = row.querySelector(".i");
      svg.setAttribute("class", "i " + (state === "wait" ? "" : state));
      svg.firstElementChild.setAttribute("href", "#" + state);
      const label = row.querySelector(".st");
      label.className = "st " + (state === "wait" ? "mute" : state);
      label.textContent = words[state];
      row.querySelector(".f").textContent = text;
    }
    return () => {
      const counts = { bad: 0, ok: 0, wait: 0 };
      for (const c of checks) {
        const typed = c.needs.every((key) => read(key) !== null) && (!("sum" in c.left) || votes.some((k) => read(k) !== null));
        let state = "wait", text = "";
        if (typed) {
          const left = side(c.left), right = side(c.right), gap = left - right;
          const holds = c.relation === "=" ? gap === 0 : gap <= 0;
          const noted = !holds && c.excused && read(c.excused) === 1;
          state = holds || noted ? "ok" : "bad";
          text = c.right.one ? "" : `${left} ${holds ? c.relation.replace("<=", "≤") : "≠"} ${right}`;
          if (noted) text += ` : ${words.noted}`;
          else if (!holds && !c.right.one) {
            text += ` : ${gap < 0 ? words.missing : words.over} ${Math.abs(gap)}.`;
            if (gap % 9 === 0) text += " " + words.nines;
          }
        }
        counts[state] += 1;
        mark(c.code, state, text);
      }
      if (register !== null) {
        const typed = read("registered"), state = typed === null ? "wait" : typed === register ? "ok" : "bad";
        counts[state] += 1;
        mark("E10", state, typed === null ? "" : `${typed} ${state === "ok" ? "=" : "≠"} ${register}`);
      }
      const line = document.getElementById("counts");
      if (line) {
        line.textContent = "";
        for (const state of ["bad", "ok", "wait"]) {
          if (!counts[state]) continue;
          const tag = document.createElement("span");
          tag.className = "tag " + (state === "wait" ? "" : state);
          tag.textContent = `${counts[state]} ${words[state].toLowerCase()}`;
          line.append(tag, " ");
        }
      }
      return { ...counts, sum: figure("sum") };
    };
  }

  /* `?` shows the keys of this desk, wherever a question mark is not being written. */
  const sheet = document.getElementById("keys");
  const said = document.getElementById("keys-show");
  if (sheet && sheet.showModal) {
    if (said) said.addEventListener("click", () => sheet.showModal());
    document.addEventListener("keydown", (e) => {
      if (e.key !== "?" || e.ctrlKey || e.altKey || e.metaKey || sheet.open) return;
      if (e.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([inputmode=numeric])")) return;
      e.preventDefault();
      sheet.showModal();
    });
  }
  window.kalataDesk = { json, original, checker };
})();
