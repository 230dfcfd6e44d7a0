"use strict";
// A certificate checked from the issuer's keys in this page alone. The signature is Ed25519 (RFC 8032), written out: no browser need know it.
const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => ((a % m) + m) % m;
function pow(b, e) { let r = 1n; for (b = mod(b); e > 0n; e >>= 1n) { if (e & 1n) r = mod(r * b); b = mod(b * b); } return r; }
const D = mod(-121665n * pow(121666n, P - 2n)), I = pow(2n, (P - 1n) / 4n);
function add([X, Y, Z, T], [U, V, W, S]) {
  const a = mod((Y - X) * (V - U)), b = mod((Y + X) * (V + U)), c = mod(2n * T * S * D), d = mod(2n * Z * W);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}
function times(n, point) { let r = [0n, 1n, 1n, 0n]; for (; n > 0n; n >>= 1n) { if (n & 1n) r = add(r, point); point = add(point, point); } return r; }
const same = (a, b) => mod(a[0] * b[2] - b[0] * a[2]) === 0n && mod(a[1] * b[2] - b[1] * a[2]) === 0n;
const little = bytes => bytes.reduceRight((n, b) => (n << 8n) | BigInt(b), 0n);
function point(bytes) {
  const said = little(bytes), sign = said >> 255n, y = said & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = mod(u * pow(v, 3n) * pow(u * pow(v, 7n), (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * I);
  if (mod(v * x * x) !== u || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}
const BASE = point(Uint8Array.from([0x58, ...Array(31).fill(0x66)]));
const FULL = (1n << 64n) - 1n;
const primes = n => { const found = []; for (let k = 2; found.length < n; k++) if (found.every(p => k % p)) found.push(k); return found; };
// The first 64 bits after the point of the square (cube) root of a prime: the constants of SHA-512.
function root(prime, power) {
  const target = BigInt(prime) << BigInt(64 * power);
  let low = 0n, high = 1n << 70n;
  while (low < high) { const middle = (low + high + 1n) >> 1n; if (middle ** BigInt(power) <= target) low = middle; else high = middle - 1n; }
  return low & FULL;
}
const K = primes(80).map(p => root(p, 3)), H = primes(8).map(p => root(p, 2));
const turn = (x, n) => ((x >> n) | (x << (64n - n))) & FULL;
function sha512(bytes) {
  const whole = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128), view = new DataView(whole.buffer);
  whole.set(bytes); whole[bytes.length] = 0x80; view.setBigUint64(whole.length - 8, BigInt(bytes.length) * 8n);
  const h = [...H];
  for (let at = 0; at < whole.length; at += 128) {
    const w = [];
    for (let i = 0; i < 80; i++) {
      if (i < 16) { w.push(view.getBigUint64(at + 8 * i)); continue; }
      const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n), s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
      w.push((w[i - 16] + s0 + w[i - 7] + s1) & FULL);
    }
    let [a, b, c, d, e, f, g, k] = h;
    for (let i = 0; i < 80; i++) {
      const t1 = k + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & FULL & g)) + K[i] + w[i];
      const t2 = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, k] = [(t1 + t2) & FULL, a, b, c, (d + t1) & FULL, e, f, g];
    }
    [a, b, c, d, e, f, g, k].forEach((v, i) => { h[i] = (h[i] + v) & FULL; });
  }
  const out = new DataView(new ArrayBuffer(64));
  h.forEach((v, i) => out.setBigUint64(8 * i, v));
  return new Uint8Array(out.buffer);
}
function signedBy(key, bytes, signature) {
  if (signature.length !== 64 || key.length !== 32) return false;
  const a = point(key), r = point(signature.slice(0, 32)), s = little(signature.slice(32));
  if (!a || !r || s >= L) return false;
  const k = mod(little(sha512(Uint8Array.from([...signature.slice(0, 32), ...key, ...bytes]))), L);
  return same(times(s, BASE), add(r, times(k, a)));
}
class Bad extends Error { constructor(verdict) { super(verdict); this.verdict = verdict; } }
function decoded(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new Bad("malformed");
  const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  let said = "";
  for (let n = 0; n < bytes.length; n += 8190) said += btoa(String.fromCharCode(...bytes.slice(n, n + 8190)));
  if (said.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") !== text) throw new Bad("malformed");
  return bytes;
}
function object(bytes) {
  let value;
  try { value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)); } catch { throw new Bad("malformed"); }
  if (!value || typeof value !== "object" || Array.isArray(value)) throw new Bad("malformed");
  return value;
}
function opened(token, issuer, most) {
  const parts = token.trim().split(".");
  if (token.length > most || parts.length !== 3) throw new Bad("malformed");
  const head = object(decoded(parts[0])), said = object(decoded(parts[1])), signature = decoded(parts[2]);
  if (head.alg !== "EdDSA" || "crit" in head) throw new Bad("bad_signature");
  const inner = said.issuer && typeof said.issuer === "object" ? said.issuer.id : said.issuer;
  if (said.iss !== issuer.id || inner !== issuer.id) throw new Bad("unknown_issuer");
  const keys = issuer.keys.filter(k => !("kid" in head) || k.kid === head.kid);
  if (!keys.length) throw new Bad("unknown_issuer");
  const bytes = new TextEncoder().encode(parts[0] + "." + parts[1]);
  if (!keys.some(k => signedBy(decoded(k.jwk.x), bytes, signature))) throw new Bad("bad_signature");
  return said;
}
function typed(said, kind) {
  if (!Array.isArray(said.type) || !said.type.includes("VerifiableCredential") || !said.type.includes(kind) || said.jti !== said.id) throw new Bad("malformed");
}
function day(said, key, number, hour) {
  if (!(key in said) && !(number in said)) return null;
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/.exec(said[key]);
  if (!found || found[2] !== hour || Date.parse(said[key]) / 1000 !== said[number]) throw new Bad("malformed");
  return found[1];
}
async function unpacked(bytes) {
  try {
    const all = new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
    if (all.length > 8 << 20) throw new Bad("malformed");
    return all;
  } catch { throw new Bad("malformed"); }
}
async function withdrawn(token, issuer, index) {
  const said = opened(token, issuer, 8 << 20);
  typed(said, "BitstringStatusListCredential");
  const list = said.credentialSubject;
  if (said.id !== issuer.status_list || !list || list.type !== "BitstringStatusList" || list.statusPurpose !== "revocation") throw new Bad("malformed");
  if (typeof list.encodedList !== "string" || list.encodedList[0] !== "u") throw new Bad("malformed");
  const bits = await unpacked(decoded(list.encodedList.slice(1)));
  if (index >= 8 * bits.length) throw new Bad("malformed");
  return bits[index >> 3] & (0x80 >> (index & 7)) ? String((list.reasons || {})[index] || "") : null;
}
async function verdict(token, issuer, at, status) {
  let claim = null, begins, ends, index;
  try {
    const said = opened(token, issuer, 64 << 10);
    typed(said, "OpenBadgeCredential");
    begins = day(said, "validFrom", "nbf", "00:00:00"); ends = day(said, "validUntil", "exp", "23:59:59");
    const subject = said.credentialSubject, entry = said.credentialStatus;
    try {
      index = Number(entry.statusListIndex);
      claim = { certificate: said.id.replace("urn:kalata:certificate:", ""), person_code: subject.identifier[0].identityHash, role: subject.role, level: subject.achievement.specialization,
        procedure_version: subject.achievement.version, place: subject.place, awarded_on: begins, expires_on: ends };
    } catch { throw new Bad("malformed"); }
    if (!begins || entry.type !== "BitstringStatusListEntry" || !/^(0|[1-9]\d{0,8})$/.test(entry.statusListIndex) || claim.person_code !== said.sub) throw new Bad("malformed");
    if (status && entry.statusListCredential !== issuer.status_list) throw new Bad("malformed");
  } catch (bad) { return { verdict: bad.verdict || "malformed", claim: null, of: "" }; }
  if (status) {
    try {
      const reason = await withdrawn(status, issuer, index);
      if (reason !== null) return { verdict: "revoked", claim, reason };
    } catch (bad) { return { verdict: bad.verdict || "malformed", claim, of: "status" }; }
  }
  const warning = status ? "" : "revocation_not_checked";
  return { verdict: at < begins ? "not_yet" : ends && at > ends ? "expired" : "valid", claim, warning };
}
if (typeof document !== "undefined") {
  const of = id => document.getElementById(id), issuer = JSON.parse(of("issuer").textContent), words = JSON.parse(of("words").textContent);
  const now = new Date(), two = n => String(n).padStart(2, "0");
  of("at").value = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  window.kalataVerdict = (token, at, status) => verdict(token, issuer, at, status);
  of("check").addEventListener("submit", async event => {
    event.preventDefault();
    const read = async id => (of(id).files[0] ? of(id).files[0].text() : "");
    const found = await verdict((await read("file")) || of("token").value, issuer, of("at").value, await read("list"));
    const box = of("said"), title = document.createElement("strong"), rows = document.createElement("dl");
    title.textContent = words[found.verdict];
    box.className = found.verdict === "valid" ? "valid" : "no";
    const lines = [found.of ? words.status : "", found.reason ? `${words.reason} ${found.reason}` : "", found.warning ? words[found.warning] : ""].filter(Boolean);
    Object.entries(found.claim || {}).forEach(([key, value]) => {
      if (!value) return;
      const name = document.createElement("dt"), said = document.createElement("dd");
      name.textContent = words[key]; said.textContent = value; rows.append(name, said);
    });
    box.replaceChildren(title, ...lines.map(text => { const p = document.createElement("p"); p.textContent = text; return p; }), rows);
    box.focus();
  });
}
if (typeof module !== "undefined") module.exports = { verdict, sha512 };
