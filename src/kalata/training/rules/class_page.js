(function () {
  "use strict";
  var one = JSON.parse(document.getElementById("class").textContent), words = JSON.parse(document.getElementById("words").textContent);
  var fields = ["agent", "present", "code", "form", "answers"], places = { agent: 2, present: 4, code: 5, form: 6, answers: 7 };
  var taken = true, blank = one.seats.map(function (s) { return s[2]; });
  function make(tag, text, parent) {
    var made = document.createElement(tag);
    if (text) { made.textContent = text; }
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function boxed(label, box, parent, i, field) {
    var said = make("label", label, parent);
    box.id = field + "-" + one.seats[i][1];
    said.htmlFor = box.id;
    parent.appendChild(box);
    box.addEventListener("input", function () { keep(i, field, box.value.trim()); });
    return box;
  }
  function keep(i, field, value) {
    one.seats[i][places[field]] = value;
    taken = false;
    tell();
  }
  function wanted(seat) {
    var found = one.forms.filter(function (f) { return f[0] === seat[6]; })[0];
    return found ? found[2] : 0;
  }
  function fault(seat) {
    if (seat[5] && !/^[0-9]{6}$/.test(seat[5])) { return words.odd; }
    if (seat[7] && seat[7].replace(/\s/g, "").length !== wanted(seat)) { return words.short + " " + wanted(seat) + "."; }
    return "";
  }
  function tell() {
    var came = one.seats.filter(function (s) { return s[4]; }), both = came.filter(function (s) { return /^[0-9]{6}$/.test(s[5]); });
    var papers = one.seats.filter(function (s) { return s[7]; });
    one.seats.forEach(function (s) { document.getElementById("fault-" + s[1]).textContent = fault(s); });
    document.getElementById("said").textContent = words.came + " : " + came.length + " / " + one.seats.length + " ; " + words.proofs + " : " + both.length
      + " ; " + words.papers + " : " + papers.length + (taken ? "" : " (" + words.untaken + ")");
  }
  function draw() {
    var place = document.getElementById("seats");
    place.textContent = "";
    one.seats.forEach(function (s, i) {
      var set = make("fieldset", "", place), more, box, said;
      make("legend", words.seat + " " + s[1] + ". " + (s[3] || words.nobody) + (s[8] ? ", " + s[8] : ""), set);
      said = make("label", "", set);
      said.className = "box";
      box = make("input", "", said);
      box.type = "checkbox";
      box.checked = !!s[4];
      box.addEventListener("change", function () { keep(i, "present", this.checked ? "oui" : ""); });
      said.appendChild(document.createTextNode(words.present));
      box = boxed(words.code, make("input"), set, i, "code");
      box.type = "text"; box.inputMode = "numeric"; box.maxLength = 6; box.autocomplete = "off"; box.value = s[5];
      more = make("details", "", set);
      more.open = !!s[7] || s[2] !== blank[i] || !blank[i];
      make("summary", words.paper, more);
      box = boxed(words.agent, make("input"), more, i, "agent");
      box.type = "text"; box.value = s[2];
      box = boxed(words.form, make("select"), more, i, "form");
      make("option", words.none, box).value = "";
      one.forms.forEach(function (f) { make("option", f[1] + " (" + f[0] + ")", box).value = f[0]; });
      box.value = s[6];
      box = boxed(words.answers, make("input"), more, i, "answers");
      box.type = "text"; box.autocapitalize = "characters"; box.value = s[7];
      said = make("p", "", set);
      said.id = "fault-" + s[1]; said.className = "bad";
    });
    tell();
  }
  function cell(value) {
    var text = String(value === null || value === undefined ? "" : value);
    if (/^[=+@\t]/.test(text) || (/^-/.test(text) && !/^[-A-Za-z\s]+$/.test(text))) { text = "'" + text; }
    return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function table(text) {
    var rows = [[""]], quoted = false, i, c, row;
    for (i = 0; i < text.length; i += 1) {
      c = text[i]; row = rows[rows.length - 1];
      if (quoted && c === '"' && text[i + 1] === '"') { row[row.length - 1] += c; i += 1; }
      else if (c === '"') { quoted = !quoted; }
      else if (c === "," && !quoted) { row.push(""); }
      else if (c === "\n" && !quoted) { rows.push([""]); }
      else if (c !== "\r") { row[row.length - 1] += c; }
    }
    return rows.filter(function (r) { return r.length === one.head.length; });
  }
  function again(rows) {
    var marks = one.seats.map(function (s) { return s[0]; });
    if (rows.length !== marks.length || rows.some(function (r, i) { return r[0] !== marks[i]; })) { throw new Error(); }
    rows.forEach(function (r, i) { fields.forEach(function (f) { one.seats[i][places[f]] = r[places[f]]; }); });
  }
  document.getElementById("take").addEventListener("click", function () {
    var rows = [one.head].concat(one.seats.map(function (s) { return s.slice(0, 8); })), link = make("a");
    link.href = URL.createObjectURL(new Blob([rows.map(function (r) { return r.map(cell).join(","); }).join("\n") + "\n"], { type: "text/csv" }));
    link.download = one.code + "-saisie.csv";
    link.click();
    taken = true;
    tell();
  });
  document.getElementById("back").addEventListener("change", function (event) {
    var file = event.target.files[0];
    if (!file) { return; }
    file.text().then(function (text) { again(table(text.replace(/^\ufeff/, "")).slice(1)); taken = true; draw(); })
      .catch(function () { document.getElementById("said").textContent = words.other; });
  });
  window.addEventListener("beforeunload", function (event) { if (!taken) { event.preventDefault(); } });
  draw();
})();
