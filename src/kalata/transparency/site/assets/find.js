// Finds a place or a station by its name as people type it. No server: the index is small scripts beside the pages.
(function () {
  var me = document.currentScript, up = me.getAttribute("data-up"), home = me.getAttribute("data-home");
  var box = document.getElementById("find-q"), list = document.getElementById("found"), said = document.getElementById("found-say");
  var more = document.getElementById("found-all"), zones = null, info = {}, held = {}, codes = {}, asked = {}, timer = 0;
  var say = function (key) { return list.getAttribute("data-" + key); };

  function fold(text) {
    return text.toLowerCase().replace(/ß/g, "ss").replace(/[ɛɔɲŋ’_-]/g, function (c) { return { "ɛ": "e", "ɔ": "o", "ɲ": "n", "ŋ": "n", "’": "'" }[c] || " "; }).normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }
  function words(text) { return fold(text).match(/[\p{L}\p{N}]+/gu) || []; }
  var heard = {};
  function sound(word) {
    if (!heard[word]) heard[word] = info.spellings.reduce(function (w, rule) { return w.replace(rule[0], rule[1]); }, word);
    return heard[word];
  }
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    var older = [], before = [], row = [], i, j;
    for (j = 0; j <= b.length; j++) row[j] = j;
    for (i = 1; i <= a.length; i++) {
      older = before; before = row; row = [i];
      for (j = 1; j <= b.length; j++) {
        row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], older[j - 2] + 1);
      }
      if (Math.min.apply(null, row) > most) return most + 1;
    }
    return Math.min(row[b.length], most + 1);
  }
  function cost(a, b) {
    if (a === b) return 0;
    if (b.indexOf(a) === 0) return a.length > 1 ? info.costs[1] : -1;
    var x = sound(a), y = sound(b);
    if (x === y) return info.costs[0];
    if (x.length > 2 && y.indexOf(x) === 0) return info.costs[1];
    var most = x.length < 4 || !/^\p{L}+$/u.test(x) ? 0 : x.length < 7 ? 1 : 2, n = most ? distance(x, y, most) : 1;
    return n <= most ? info.costs[2] * n : -1;
  }

  function near(asked, rows) {
    // the rows that answer most of the words, the nearest first; a word that many rows hold is weighed once
    var out = [], most = 0, far = asked.map(function () { return new Map(); });
    rows.forEach(function (row) {
      if (!row.words) row.words = words(row[0]);
      var n = 0, sum = 0;
      asked.forEach(function (word, i) {
        var best = -1;
        row.words.forEach(function (other) { var c = far[i].get(other); if (c === undefined) far[i].set(other, c = cost(word, other)); if (c >= 0 && (best < 0 || c < best)) best = c; });
        if (best >= 0) { n++; sum += best; }
      });
      if (n) { out.push([n, sum, row]); if (n > most) most = n; }
    });
    out = out.filter(function (one) { return one[0] === most; });
    if (out.some(function (one) { return one[1] < info.costs[2]; })) out = out.filter(function (one) { return one[1] < info.costs[2]; });
    return out.sort(function (a, b) { return a[1] - b[1] || b[2][2] - a[2][2]; });
  }
  function load(name) {
    if (asked[name]) return;
    asked[name] = 1;
    said.textContent = say("wait");
    var tag = document.createElement("script");
    tag.src = up + "find/" + name + ".js";
    tag.onerror = function () { said.textContent = say("lost"); };
    document.head.appendChild(tag);
  }
  function where(at) {
    var out = [];
    for (; at >= 0; at = zones[at][3]) out.push(zones[at][0]);
    return out.join(", ");
  }
  function line(href, name, rest) {
    var li = document.createElement("li"), a = document.createElement("a"), span = document.createElement("span");
    a.href = home + href; a.textContent = name;
    span.className = "mute small"; span.textContent = " " + rest;
    li.appendChild(a); li.appendChild(span); list.appendChild(li);
  }

  function look() {
    if (!zones) return load("zones");
    var text = box.value.trim(), all = words(text), code = all.join(""), coded = 0;
    list.textContent = ""; said.textContent = ""; more.hidden = true;
    if (code.length < 2) return;
    var first = code.slice(0, info.codes);
    if (/\d/.test(code) && info.begins.indexOf(first) >= 0) {
      if (!codes[first]) return load("c-" + first);
      codes[first].filter(function (one) { return words(one[0]).join("").indexOf(code) === 0; }).slice(0, 12).forEach(function (one) { coded++; line("pv/" + one[1] + ".html", one[0], say("station")); });
    }
    var telling = all.filter(function (w) { return w.length > 2 && info.common.indexOf(w) < 0; });
    if (!telling.length) telling = all;
    var keys = telling.map(function (w) { var k = sound(w)[0]; return /[a-z0-9]/.test(k) ? k : "_"; }).filter(function (k) { return info.parts[k]; });
    var lacks = keys.filter(function (k) { return !held[k]; });
    lacks.forEach(load);
    if (lacks.length) return;
    var areas = near(telling, zones), close = function (rows) { return rows.length && rows[0][1] < info.costs[2]; };
    areas.slice(0, 8).forEach(function (one) { var z = one[2]; line(z[1] + ".html", z[0], (z[3] >= 0 ? where(z[3]) + " · " : "") + z[2] + " " + say("stations")); });
    var seen = {}, spots = [];
    Object.keys(held).forEach(function (k) { held[k].forEach(function (row) { var id = row[0] + "|" + row[1]; if (!seen[id]) { seen[id] = 1; spots.push(row); } }); });
    var found = near(telling, spots), exact = coded || close(found) || close(areas);
    found.slice(0, 20).forEach(function (one) { var s = one[2]; line(s[3], s[0], where(s[1]) + " · " + s[2] + " " + say("stations")); });
    var count = list.children.length;
    said.textContent = count ? (exact ? "" : say("near")) : say("none");
    var left = Object.keys(info.parts).filter(function (k) { return !held[k]; });
    if (!exact && left.length) {
      more.hidden = false;
      more.textContent = say("all") + " (" + Math.ceil(left.reduce(function (n, k) { return n + info.parts[k]; }, 0) / 1024) + " " + say("unit") + ")";
      more.onclick = function () { left.forEach(load); };
    }
  }

  window.kalata = {
    zones: function (rows, about) {
      info = about;
      info.spellings = about.spellings.map(function (rule) { return [new RegExp(rule[0], "g"), rule[1]]; });
      zones = rows; look();
    },
    part: function (key, rows) { held[key] = rows; look(); },
    codes: function (key, rows) { codes[key] = rows.map(function (one) { return typeof one === "string" ? [one, one] : one; }); look(); }
  };
  document.getElementById("find").hidden = false;
  box.form.onsubmit = function (event) { event.preventDefault(); look(); };
  box.oninput = function () { clearTimeout(timer); timer = setTimeout(look, 250); };
  var before = /[?&]q=([^&]*)/.exec(location.search);
  if (before) { box.value = decodeURIComponent(before[1].replace(/\+/g, " ")); look(); }
})();
