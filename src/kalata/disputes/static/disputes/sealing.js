// Sealed deliberation on the member's own machine: the same bytes as `kalata disputes seal` and `unseal`
// (docs/en/sealed.md). Web Crypto only. The private key is read from a file that the member chooses, stays in this
// page's memory as a key that cannot be exported, and is never sent. What the server receives is sealed bytes.
// Whoever serves other code than this can read what is typed: the commands make trusting the page unnecessary.
//
//   <div data-bench data-readers="bench1+… one a line" data-says-altered="…">     messages: data-says-<code>
//     <input type="file" data-bench-key> <input type="password" data-bench-passphrase> <button type="button" data-bench-open>
//     <p data-bench-said></p>
//     <div data-bench-sealed="address of the sealed bytes"></div>                  filled with the text
//     <form data-bench-form><textarea data-bench-write></textarea>                 no name: never sent
//       <input type="hidden" name="sealed"></form>                                 base64 of the sealed bytes
//   </div>
"use strict";
(() => {
  const bytes = (text) => new TextEncoder().encode(text);
  const MAGIC = bytes("kalata.court/sealed/1\n"), SLOT = 113, STEP = 256, LENGTH = 8, TAG = 16, COMMIT = 32;
  const CURVE = { name: "ECDH", namedCurve: "P-256" }, FORMAT = "kalata.court/bench-key/1";
  const KEM = joined(bytes("KEM"), [0, 0x10]), HPKE = joined(bytes("HPKE"), [0, 0x10, 0, 1, 0, 2]);
  const MOST_READERS = 1000, LARGEST = 32 * 1024 * 1024, MOST_ROUNDS = 5000000;
  const failed = (code) => Object.assign(new Error(code), { code });

  function joined(...parts) {
    const out = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of parts) { out.set(one, at); at += one.length; }
    return out;
  }
  function base64(data) {
    let text = "";
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
    return btoa(text);
  }
  function unbase64(text) {
    const data = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    if (base64(data) !== text) throw failed("bad-key");
    return data;
  }
  const same = (a, b) => a.length === b.length && a.every((one, at) => one === b[at]);
  const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
  const rounded = (length) => Math.max(1, Math.ceil(length / STEP)) * STEP;

  async function hmac(key, data) {
    const held = await crypto.subtle.importKey("raw", key.length ? key : new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", held, data));
  }
  const extract = (suite, salt, label, ikm) => hmac(salt, joined(bytes("HPKE-v1"), suite, bytes(label), ikm));
  async function expand(suite, prk, label, info, length) { // 32 bytes at the most: one block
    return (await hmac(prk, joined([0, length], bytes("HPKE-v1"), suite, bytes(label), info, [1]))).subarray(0, length);
  }
  async function schedule(dh, context) { // RFC 9180, 4.1 and 5.1, base mode
    const shared = await expand(KEM, await extract(KEM, [], "eae_prk", dh), "shared_secret", context, 32);
    const around = joined([0], await extract(HPKE, [], "psk_id_hash", []), await extract(HPKE, [], "info_hash", MAGIC));
    const secret = await extract(HPKE, shared, "secret", []);
    const key = await crypto.subtle.importKey("raw", await expand(HPKE, secret, "key", around, 32), "AES-GCM", false, ["encrypt", "decrypt"]);
    return { key, iv: await expand(HPKE, secret, "base_nonce", around, 12) };
  }
  async function diffie(priv, point) {
    const pub = await crypto.subtle.importKey("raw", point, CURVE, false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: pub }, priv, 256));
  }
  async function wrapped(secret, point) {
    const once = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const enc = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
    const { key, iv } = await schedule(await diffie(once.privateKey, point), joined(enc, point));
    return joined(enc, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, secret)));
  }
  async function unwrapped(slot, mine) {
    try {
      const enc = slot.subarray(0, 65);
      const { key, iv } = await schedule(await diffie(mine.priv, enc), joined(enc, mine.point));
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, slot.subarray(65)));
    } catch { return null; }
  }
  async function derived(secret) {
    const held = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const both = new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: MAGIC }, held, 512));
    const key = await crypto.subtle.importKey("raw", both.subarray(0, 32), "AES-GCM", false, ["encrypt", "decrypt"]);
    return { key, commit: both.slice(32) };
  }

  async function publicKey(line) {
    const [name, digits, ...rest] = line.trim().split(/\s+/)[0].split("+");
    let point;
    try { point = unbase64(rest.join("+")); } catch { throw failed("bad-public-key"); }
    const check = new Uint8Array(await crypto.subtle.digest("SHA-256", joined(bytes("bench1\n"), point)));
    if (name !== "bench1" || point.length !== 65 || hex(check.subarray(0, 4)) !== digits) throw failed("bad-public-key");
    try { await crypto.subtle.importKey("raw", point, CURVE, false, []); } catch { throw failed("bad-public-key"); }
    return point;
  }
  async function readers(text) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() && !line.trim().startsWith("#"));
    const points = await Promise.all(lines.map(publicKey));
    if (!points.length || points.length > MOST_READERS) throw failed("no-reader");
    if (new Set(points.map(hex)).size !== points.length) throw failed("twice");
    return points;
  }
  /** The private key of a member from the text of its file; it cannot be read back from what is returned. */
  async function readKey(text, passphrase = "") {
    let held;
    try { held = JSON.parse(text); } catch { throw failed("bad-key"); }
    if (!held || held.format !== FORMAT) throw failed("bad-key");
    const point = await publicKey(String(held.public));
    let secret;
    if (held.sealed) {
      if (!passphrase) throw failed("passphrase-wanted");
      if (!(Number.isInteger(held.rounds) && held.rounds >= 1 && held.rounds <= MOST_ROUNDS)) throw failed("bad-key");
      const from = await crypto.subtle.importKey("raw", bytes(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
      const how = { name: "PBKDF2", hash: "SHA-256", salt: unbase64(held.salt), iterations: held.rounds };
      const key = await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
      const around = { name: "AES-GCM", iv: unbase64(held.nonce), additionalData: bytes(held.public) };
      try { secret = await crypto.subtle.decrypt(around, key, unbase64(held.sealed)); } catch { throw failed("bad-passphrase"); }
    } else secret = unbase64(String(held.secret));
    try { return { priv: await crypto.subtle.importKey("pkcs8", secret, CURVE, false, ["deriveBits"]), point }; } catch { throw failed("bad-key"); }
  }
  /** text: bytes; keys: the public lines of the bench. The sealed bytes. */
  async function seal(text, keys) {
    const points = await readers(keys);
    if (text.length > LARGEST) throw failed("too-long");
    const secret = crypto.getRandomValues(new Uint8Array(32)), { key, commit } = await derived(secret);
    const slots = await Promise.all(points.map((point) => wrapped(secret, point)));
    slots.sort((a, b) => (hex(a) < hex(b) ? -1 : 1)); // no order tells who is who
    const head = joined(MAGIC, [points.length >> 8, points.length & 255], ...slots, commit);
    const padded = new Uint8Array(LENGTH + rounded(text.length));
    new DataView(padded.buffer).setUint32(4, text.length);
    padded.set(text, LENGTH);
    const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), additionalData: head }, key, padded);
    return joined(head, new Uint8Array(body));
  }
  /** data: the sealed bytes; mine: what readKey gave. The text, in bytes. */
  async function unseal(data, mine) {
    const begin = MAGIC.length + 2, count = (data[MAGIC.length] << 8) | data[MAGIC.length + 1];
    if (!same(data.subarray(0, MAGIC.length), MAGIC)) throw failed("not-sealed");
    const end = begin + count * SLOT + COMMIT, size = data.length - end - LENGTH - TAG;
    if (!(count >= 1 && count <= MOST_READERS && size >= STEP && size % STEP === 0 && size <= LARGEST)) throw failed("altered");
    let secret = null;
    for (let n = 0; n < count && !secret; n += 1) secret = await unwrapped(data.subarray(begin + n * SLOT, begin + (n + 1) * SLOT), mine);
    if (!secret) throw failed("not-for-this-key");
    const head = data.slice(0, end), { key, commit } = await derived(secret);
    let padded;
    try {
      padded = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12), additionalData: head }, key, data.slice(end)));
    } catch { throw failed("altered"); }
    const view = new DataView(padded.buffer), length = view.getUint32(4);
    const whole = same(commit, head.subarray(-COMMIT)) && view.getUint32(0) === 0 && rounded(length) === size;
    if (!whole || padded.subarray(LENGTH + length).some((one) => one)) throw failed("altered");
    return padded.slice(LENGTH, LENGTH + length);
  }

  // --- a page of the room ------------------------------------------------------------------------------
  function say(bench, code) {
    const where = bench.querySelector("[data-bench-said]");
    if (where) where.textContent = code ? bench.getAttribute(`data-says-${code}`) || code : "";
  }
  async function keyOf(bench) {
    const file = bench.querySelector("[data-bench-key]").files[0];
    const phrase = bench.querySelector("[data-bench-passphrase]");
    if (!file) throw failed("bad-key");
    return readKey(await file.text(), phrase ? phrase.value : "");
  }
  async function open(bench) {
    const mine = await keyOf(bench);
    let odd = "";
    for (const one of bench.querySelectorAll("[data-bench-sealed]")) {
      try {
        const answer = await fetch(one.dataset.benchSealed, { credentials: "same-origin", cache: "no-store" });
        if (!answer.ok) throw failed("unreachable");
        one.textContent = new TextDecoder().decode(await unseal(new Uint8Array(await answer.arrayBuffer()), mine));
        one.hidden = false;
      } catch (fault) { odd = fault.code || "unreachable"; }
    }
    if (odd) throw failed(odd);
  }
  async function send(bench, form) {
    const text = form.querySelector("[data-bench-write]"), field = form.querySelector("input[name=sealed]");
    if (text.name) throw failed("named"); // a named box would be sent in clear
    field.value = base64(await seal(bytes(text.value), bench.dataset.readers));
    text.value = "";
    form.submit();
  }
  function wire(bench) {
    const told = (act) => (event) => {
      event.preventDefault();
      say(bench, "");
      if (!(globalThis.crypto && crypto.subtle)) { say(bench, "no-crypto"); return; }
      act(event).catch((fault) => say(bench, fault.code || "unreachable"));
    };
    const button = bench.querySelector("[data-bench-open]");
    if (button) button.addEventListener("click", told(() => open(bench)));
    for (const form of bench.querySelectorAll("[data-bench-form]")) form.addEventListener("submit", told(() => send(bench, form)));
  }
  globalThis.KalataSealing = { readKey, seal, unseal };
  document.querySelectorAll("[data-bench]").forEach(wire);
})();
