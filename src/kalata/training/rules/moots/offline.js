(function () {
  "use strict";
  var one = JSON.parse(document.getElementById("case").textContent), words = JSON.parse(document.getElementById("words").textContent);
  var rows = [], taken = 0;
  function keep(row) {
    row.at = new Date().toISOString();
    rows.push(row);
    draw();
  }
  function make(name, text, parent) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; }
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function opened() { return rows.filter(function (r) { return r.stage; }).length; }
  function mark() {
    var bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }
  function ask(q, parent) {
    var set = make("fieldset", "", parent);
    make("legend", q.id + ". " + q.text, set);
    if (q.options.length) {
      q.options.forEach(function (o) {
        var label = make("label", "", set), box = make("input");
        box.type = q.asks === "declare" ? "checkbox" : "radio";
        box.name = q.id;
        box.value = o[0];
        label.appendChild(box);
        label.appendChild(document.createTextNode(" " + o[1]));
      });
    } else {
      var area = make("textarea", "", set);
      area.rows = q.asks === "written" ? 5 : 1;
      area.setAttribute("aria-label", q.text);
    }
    var button = make("button", words.seal, set);
    button.type = "button";
    button.addEventListener("click", function () {
      var boxes = set.querySelectorAll("input:checked"), area = set.querySelector("textarea");
      var values = area ? [area.value] : Array.prototype.map.call(boxes, function (b) { return b.value; });
      if (!values.length && q.asks !== "declare" || area && !area.value.trim()) { return; }
      keep({ entry: mark(), seat: Number(document.getElementById("seat").value), question: q.id, values: values });
    });
    rows.filter(function (r) { return r.question === q.id; }).forEach(function (r) {
      make("p", words.sealed + " " + r.seat + ", " + r.at.slice(11, 16), set).className = "sealed";
    });
  }
  function draw() {
    var place = document.getElementById("stages"), last = opened();
    place.textContent = "";
    one.stages.slice(0, last).forEach(function (stage) {
      make("h2", words.stage + " " + stage.no + " : " + stage.title + " (" + stage.minutes + " " + words.minutes + ")", place);
      stage.facts.forEach(function (fact) { make("p", fact, place); });
      stage.papers.forEach(function (paper) { make("h3", paper[0], place); make("blockquote", paper[1], place); });
      if (stage.law.length) { make("p", stage.law.join(", "), place).className = "note"; }
      if (stage.no === last) { stage.questions.forEach(function (q) { ask(q, place); }); }
    });
    var next = one.stages[last];
    document.getElementById("open").disabled = !next;
    var said = words.kept + " : " + rows.filter(function (r) { return r.entry; }).length + (rows.length > taken ? " (" + words.untaken + ")" : "");
    document.getElementById("said").textContent = next && next.at ? said + ". " + words.stage + " " + next.no + " : " + words.due + " " + next.at : said;
  }
  function clock() {
    var first = rows.filter(function (r) { return r.stage === 1; })[0];
    document.getElementById("clock").textContent = first ? String(Math.floor((Date.now() - Date.parse(first.at)) / 60000)) : "0";
  }
  one.seats.forEach(function (seat) {
    var option = make("option", seat[0] + ". " + seat[1], document.getElementById("seat"));
    option.value = seat[0];
  });
  document.getElementById("open").addEventListener("click", function () {
    if (!opened() || confirm(words.confirm)) { keep({ stage: opened() + 1 }); }
  });
  document.getElementById("take").addEventListener("click", function () {
    var head = JSON.stringify({ sitting: one.sitting, sha256: one.sha256 });
    var text = [head].concat(rows.map(function (r) { return JSON.stringify(r); })).join("\n") + "\n";
    var link = make("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
    link.download = "affaire-" + one.sitting + ".jsonl";
    link.click();
    taken = rows.length;
    draw();
  });
  document.getElementById("back").addEventListener("change", function (event) {
    var file = event.target.files[0];
    if (!file) { return; }
    file.text().then(function (text) {
      var read = text.split("\n").filter(Boolean).map(function (line) { return JSON.parse(line); });
      if (read[0].sitting !== one.sitting || read[0].sha256 !== one.sha256) { throw new Error(); }
      rows = read.slice(1);
      taken = rows.length;
      draw();
      clock();
    }).catch(function () { document.getElementById("said").textContent = words.other; });
  });
  window.addEventListener("beforeunload", function (event) {
    if (rows.length > taken) { event.preventDefault(); }
  });
  draw();
  clock();
  setInterval(clock, 10000);
})();
