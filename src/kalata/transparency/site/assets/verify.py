#!/usr/bin/env python3
"""Verify a published election folder with nothing but Python's standard library.

    python3 verify.py FOLDER --vkey 'name+id+key'      (Python 3.8 or newer; exit status 0: all holds)

It checks the signature of the checkpoint, that every entry leads to the signed root, that every published
total is the exact sum of the reports in force, each station's record and proof, the open data and the signed
list of files. It was written apart from the program that publishes, on purpose: read it, it is short. Take it
and the key from two different places. Format: C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof.
"""
import argparse, base64, csv, hashlib, io, json, os, re, sys, unicodedata, zipfile

# --- Ed25519, verification only (RFC 8032, section 5.1.7) ------------------------------------------
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    g, h = 2 * t1 * t2 * D, 2 * z1 * z2
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, point)
        point, n = add(point, point), n >> 1
    return out


def decode(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        raise ValueError("point")
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT % P
    if (x * x - xx) % P or (x == 0 and sign):
        raise ValueError("point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, signature, message):
    try:
        if len(signature) != 64 or len(public) != 32:
            return False
        point, r, s = decode(public), decode(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    if s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    a, b = times(s, BASE), add(r, times(k, point))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


# --- ML-DSA-44, verification only (FIPS 204, algorithm 8) ---------------------------------------------
Q, GAMMA = 8380417, 95232  # GAMMA: (Q - 1) / 88


def turn(n):
    return pow(1753, int("{:08b}".format(n)[::-1], 2), Q)


TURNS = [turn(n) for n in range(256)]


def ntt(f):
    f, n, length = list(f), 0, 128
    while length:
        for start in range(0, 256, 2 * length):
            n += 1
            for j in range(start, start + length):
                t = TURNS[n] * f[j + length]
                f[j], f[j + length] = (f[j] + t) % Q, (f[j] - t) % Q
        length //= 2
    return f


def back(f):
    f, n, length = list(f), 256, 1
    while length < 256:
        for start in range(0, 256, 2 * length):
            n -= 1
            for j in range(start, start + length):
                t = f[j]
                f[j], f[j + length] = (t + f[j + length]) % Q, -TURNS[n] * (t - f[j + length]) % Q
        length *= 2
    return [x * 8347681 % Q for x in f]


def bits(data, width):
    whole = int.from_bytes(data, "little")
    return [whole >> i & (1 << width) - 1 for i in range(0, 8 * len(data), width)]


def uniform(seed):
    size = 1344
    while True:
        raw = hashlib.shake_128(seed).digest(size)
        found = [x for x in (raw[i] | raw[i + 1] << 8 | (raw[i + 2] & 127) << 16 for i in range(0, size, 3)) if x < Q]
        if len(found) >= 256:
            return found[:256]
        size += 168 * 3


def ball(seed):
    raw, c, at = hashlib.shake_256(seed).digest(2048), [0] * 256, 8
    for i in range(217, 256):
        while raw[at] > i:
            at += 1
        c[i], c[raw[at]] = c[raw[at]], -1 if raw[(i - 217) // 8] >> (i - 217) % 8 & 1 else 1
        at += 1
    return c


def hints(y):
    found, at = [], 0
    for end in y[80:]:
        if not at <= end <= 80 or any(y[i] >= y[i + 1] for i in range(at, end - 1)):
            return None
        found.append(set(y[at:end]))
        at = end
    return found if not any(y[at:80]) else None


def high(r, hint):
    low = r % (2 * GAMMA)
    low -= 2 * GAMMA if low > GAMMA else 0
    top = 0 if r - low == Q - 1 else (r - low) // (2 * GAMMA)
    low -= r - low == Q - 1
    return (top + (1 if low > 0 else -1)) % 44 if hint else top


def lattice_signed(public, signature, message):
    if len(public) != 1312 or len(signature) != 2420:
        return False
    rho, seed, hint = public[:32], signature[:32], hints(signature[2336:])
    z = [[131072 - x for x in bits(signature[32 + 576 * i : 608 + 576 * i], 18)] for i in range(4)]
    if hint is None or any(abs(x) >= 131072 - 78 for p in z for x in p):
        return False
    mu = hashlib.shake_256(hashlib.shake_256(public).digest(64) + b"\0\0" + message).digest(64)
    c, zs, out = ntt(ball(seed)), [ntt(p) for p in z], []
    for i in range(4):
        t = ntt([x << 13 for x in bits(public[32 + 320 * i : 352 + 320 * i], 10)])
        row = [uniform(rho + bytes([j, i])) for j in range(4)]
        w = back([sum(a[n] * b[n] for a, b in zip(row, zs)) - c[n] * t[n] for n in range(256)])
        out += [high(w[n], n in hint[i]) for n in range(256)]
    packed = sum(x << 6 * n for n, x in enumerate(out)).to_bytes(768, "little")
    return hashlib.shake_256(mu + packed).digest(32) == seed


# --- notes, keys, checkpoints ------------------------------------------------------------------------
def sha(data):
    return hashlib.sha256(data).digest()


def unb64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 is not canonical")
    return data


class Wrong(Exception):
    pass


def need(true, why):
    if not true:
        raise Wrong(why)


def key_of(text):
    name, _, rest = text.strip().partition("+")
    digits, _, key = rest.partition("+")
    raw = unb64(key)
    need(raw[:1] in (b"\1", b"\4", b"\6") and len(raw) == (1313 if raw[0] == 6 else 33), "not an Ed25519 or ML-DSA-44 key: " + name)
    need(name and not any(c.isspace() or c == "\ufeff" for c in name) and sha(name.encode() + b"\n" + raw)[:4].hex() == digits, "the key does not fit its name")
    return name, raw[0], raw[1:], bytes.fromhex(digits)


def split(note):
    need(all(ord(c) >= 32 or c == "\n" for c in note), "the note has control characters")
    text, gap, tail = note.rpartition("\n\n")
    need(gap and tail.endswith("\n") and text, "the note is malformed")
    lines = []
    for line in tail[:-1].split("\n"):
        name, space, payload = line[2:].partition(" ")
        need(line.startswith("\u2014 ") and space and name and "+" not in name and not any(c.isspace() or c == "\ufeff" for c in name), "a signature line is malformed")
        raw = unb64(payload)
        need(len(raw) >= 5, "a signature is too short")
        lines.append((name, raw[:4], raw[4:]))
    return text + "\n", lines


def signers(note, keys):
    """Names of the given keys that signed; a given key's bad signature stops everything."""
    text, lines = split(note)
    found = []
    for name, ident, payload in lines:
        for key in keys:
            if (key[0], key[3]) != (name, ident):
                continue
            if key[1] == 1:
                good = signed(key[2], payload, text.encode())
            else:
                seconds = int.from_bytes(payload[:8], "big")
                need(0 < seconds < 2**63, "a cosignature without a time")
                if key[1] == 4:
                    good = signed(key[2], payload[8:], b"cosignature/v1\ntime %d\n" % seconds + text.encode())
                else:
                    good = lattice_signed(key[2], payload[8:], subtree(name, text, payload[:8]))
            need(good, "the signature of %s does not fit" % name)
            found.append(key)
    return found


def subtree(name, text, time):
    """What an ML-DSA-44 line signs of a checkpoint (C2SP tlog-cosignature): label, signer, time, origin, 0, size, root."""
    origin, size, root = point_of(text)
    who, what = name.encode(), origin.encode()
    need(max(len(who), len(what)) < 256, "a name too long")
    return b"subtree/v1\n\0" + bytes([len(who)]) + who + time + bytes([len(what)]) + what + bytes(8) + size.to_bytes(8, "big") + root


def point_of(text):
    lines = text.split("\n")
    need(len(lines) == 4 and not lines[3] and lines[0], "the checkpoint is not three lines")
    need(lines[1].isascii() and lines[1].isdigit() and str(int(lines[1])) == lines[1], "the size is not a plain number")
    need(int(lines[1]) < 2**53, "a size beyond 2^53")
    root = unb64(lines[2])
    need(len(root) == 32, "the root is not 32 bytes")
    return lines[0], int(lines[1]), root


def checkpoint(note, keys, due=()):
    """(origin, size, root), signed by one of these keys, and by each of those that are due."""
    origin, size, root = point_of(split(note)[0])
    found = signers(note, keys)
    need(all(k[0] == origin for k in keys) and found and all(k in found for k in due), "no trusted key of the log has signed")
    return origin, size, root


class Chain:
    """The keys of a log: those of its manifest, then each one that the key before it announced in an entry.

    A key is in force once something else follows its announcement; from then on the key before it signs no more.
    """

    def __init__(self, entries):
        need(entries, "an empty log has no key")
        first = entry_of(entries[0])
        need(first["kind"] == "manifest", "a log begins with its one manifest")
        newest, self.steps, self.origin, waiting = {}, [], first["origin"], False
        for text in first["keys"]:
            key = key_of(text)
            need(key[0] == self.origin and key[1] in (1, 6) and key[1] not in newest and text == text.strip(), "keys of the manifest that are not those of one log")
            newest[key[1]] = key
        self.every = list(newest.values())
        self.steps.append((0, dict(newest)))
        for i, data in enumerate(entries):
            if i and b'"kind":"key"' in data:
                e = entry_of(data)
                key = key_of(e["vkey"])
                by = newest.get(key[1]) or newest.get(1)
                message = b"kalata.log/rotation/v1\n" + e["vkey"].encode() + b"\n"
                need(by and key[0] == by[0] and key[1] in (1, 6) and key not in self.every and e["vkey"] == e["vkey"].strip(), "a key that is not one of this log")
                check = lattice_signed if by[1] == 6 else signed
                need(check(by[2], unb64(e["signature"]), message), "a rotation that the old key did not sign")
                newest[key[1]], waiting = key, True
                self.every.append(key)
            elif waiting:
                self.steps.append((i + 1, dict(newest)))
                waiting = False

    def at(self, size):
        return [keys for start, keys in self.steps if start <= size][-1]

    def open(self, note, given=()):
        origin, size, _ = point_of(split(note)[0])
        need(origin == self.origin, "the checkpoint is of another log")
        now = self.at(size)
        return checkpoint(note, list(now.values()), [now[k[1]] for k in given if k[1] in now])

    def known(self, given):
        mine = [k for k in given if k[0] == self.origin]
        need(mine, "no key of %s is given" % self.origin)
        need(all(k in self.every for k in mine), "a key that %s has never announced" % self.origin)
        return mine


# --- the tree ----------------------------------------------------------------------------------------
def leaf(entry):
    return sha(b"\0" + entry)


def node(a, b):
    return sha(b"\1" + a + b)


def root_of(leaves):
    """RFC 6962: pairs, level by level; an odd last one goes up alone."""
    if not leaves:
        return sha(b"")
    while len(leaves) > 1:
        up = [node(leaves[i], leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]
        leaves = up + leaves[-1:] if len(leaves) % 2 else up
    return leaves[0]


def included(index, size, hash_, root, proof):
    need(0 <= index < size and all(len(h) == 32 for h in [hash_, root, *proof]), "the proof is malformed")
    fn, sn = index, size - 1
    for part in proof:
        need(sn, "the proof is too long")
        if fn & 1 or fn == sn:
            hash_ = node(part, hash_)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash_ = node(hash_, part)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and hash_ == root, "the proof does not lead to the root")


def tile(level, n, width):
    groups = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        groups.append("x%03d" % (n % 1000))
    return "tile/%s/%s%s" % (level, "/".join(reversed(groups)), "" if width == 256 else ".p/%d" % width)


def once(pairs):
    need(len(dict(pairs)) == len(pairs), "the same key twice in an entry")
    return dict(pairs)


def no_fraction(text):
    raise Wrong("a number that is not whole: " + text)


def sound(value, depth=0):
    """What canonical entries are made of: objects with ASCII keys, arrays, true and false, NFC text, whole numbers."""
    need(depth <= 32, "an entry nested too deep")
    if isinstance(value, dict):
        need(all(k.isascii() for k in value), "a key that is not ASCII")
        for inner in value.values():
            sound(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            sound(inner, depth + 1)
    elif isinstance(value, str):
        need(unicodedata.normalize("NFC", value) == value and not re.search("[\ud800-\udfff]", value), "text that is not in NFC")
    elif not isinstance(value, bool):
        need(isinstance(value, int) and abs(value) < 2**53, "a null, or a number beyond 2^53")


def entry_of(data):
    """An entry read from its bytes: in canonical form, of a known kind, every field of its type and range."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=once, parse_float=no_fraction, parse_constant=no_fraction)
        sound(value)
        written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except RecursionError:
        raise Wrong("an entry nested too deep") from None
    need(isinstance(value, dict) and written == data, "an entry is not in canonical form")
    shape(value)
    return value


# --- what an entry may be ----------------------------------------------------------------------------
NAMES = ["registered", "additional", "voters", "proxies", "found", "invalid", "blank", "annulled_votes", "valid", "received", "unused", "spoiled"]
REASON = "correction late recall annulment court recount restored".split()


def number(v, low=0, high=2**53):
    return type(v) is int and low <= v < high


def string(v, low=1, high=300, control=True):
    return type(v) is str and low <= len(v) <= high and not (control and re.search("[\0-\x1f\x7f]", v))


def like(pattern):
    return lambda v: type(v) is str and re.fullmatch(pattern, v) is not None


def chosen(words, least=0):
    return lambda v: type(v) is list and len(v) >= least and all(type(x) is str and x in words for x in v) and len(set(v)) == len(v)


def ballots(high):
    def test(v):
        if type(v) is not list or not all(type(x) is dict and set(x) == {"list", "n"} for x in v):
            return False
        return all(number(x["list"], 1) and number(x["n"], 0, high) for x in v) and len({x["list"] for x in v}) == len(v)

    return test


def options(v):
    if type(v) is not list or not v:
        return False
    for x in v:
        if type(x) is not dict or not {"list", "name"} <= set(x) <= {"list", "name", "code", "emblem", "withdrawn"}:
            return False
        if not number(x["list"], 1) or x.get("withdrawn", True) is not True:
            return False
        if not all(string(x[k], control=False) for k in ("name", "code", "emblem") if k in x):
            return False
    return len({x["list"] for x in v}) == len(v)


def numbers(keys):
    return lambda v: type(v) is dict and all(re.fullmatch(keys, k) and number(n) for k, n in v.items())


WORD, SHA = "[A-Za-z0-9_-]{1,20}", like("[0-9a-f]{64}")
TYPES = {
    "text": string,
    "empty": lambda v: string(v, 0),
    "long": lambda v: string(v, 1, 5000),
    "secret": lambda v: string(v, 12),
    "order": lambda v: type(v) is list and all(number(x, 1) for x in v) and len(set(v)) == len(v) > 1,
    "keys": lambda v: type(v) is list and len(v) > 0 and all(string(x, 1, 5000) for x in v),
    "n": number,
    "rank": lambda v: number(v, 1),
    "count": lambda v: number(v, 0, 10**9),
    "one": lambda v: number(v, 1, 2),
    "word": like(WORD),
    "sha": SHA,
    "day": like("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "instant": like("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"),
    "body": like("two_persons|commission|court"),
    "bool": lambda v: type(v) is bool,
    "object": lambda v: type(v) is dict,
    "objects": lambda v: type(v) is list and all(type(x) is dict for x in v),
    "lists": options,
    "boxes": chosen(NAMES),
    "parts": numbers(WORD),
    "figures": numbers("|".join(NAMES)),
    "votes": ballots(10**9),
    "sums": ballots(2**53),
    "findings": chosen(("E01", "E02"), 1),
    "status": like("counted|annulled"),
    "reason": like("|".join(REASON)),
    "stage": like("provisional|final"),
    "included": lambda v: type(v) is dict and set(v) == {"count", "sum", "sha256"} and number(v["count"]) and number(v["sum"]) and SHA(v["sha256"]),
}
COMMON = "v:one kind:text election:text contest:text round:rank "
REPORT = "part:word station:text serial:rank revision:n votes:votes status:status "
ORDERED = " ?act:text ?at:instant ?authority:body ?approval:rank ?reason_sha256:sha"
MORE = ORDERED + " ?scan_sha256:sha ?published_batch:rank ?findings:findings " + " ".join("?%s:count" % n for n in NAMES)
REGISTER = "stations_sha256:sha areas_sha256:sha expected:parts "
KINDS = {
    "manifest": REGISTER + "origin:text keys:keys lists:lists boxes:boxes rules:object software:object system:object keeps:boxes exercise:bool"
    " ?polling_day:day ?names:object ?absent:objects ?announced:n",
    "register": REGISTER,
    "report": REPORT + MORE,
    "revision": REPORT + MORE + " prev_index:n reason_code:reason",
    "exclusion": "index:n part:word station:text reason_code:reason" + ORDERED,
    "total": "level:word code:empty covers_size:n expected:n included:included figures:figures votes:sums ?kept:figures",
    "declaration": "stage:stage document_sha256:sha total_index:n outcome_sha256:sha ?act:text",
    "ruling": "act:text version:rank full_sha256:sha public_sha256:sha document_sha256:sha",
    "lot": "number:rank constituency:empty votes:sums places:rank promise:sha source:text",
    "draw": "index:n secret:secret public:text order:order ?act:text",
    "undraw": "index:n ?act:text",
    "key": "vkey:long signature:long ?policy_sha256:sha",
}


def shape(e):
    kind = e.get("kind")
    need(type(kind) is str and kind in KINDS, "an entry of no known kind")
    fields = dict(f.split(":") for f in (COMMON + KINDS[kind]).split())
    for name in fields:
        need(name[0] == "?" or name in e, "%s: %s is missing" % (kind, name))
    for name, value in e.items():
        test = not name.startswith("?") and (fields.get(name) or fields.get("?" + name))
        need(test and TYPES[test](value), "%s: %s may not be %.60r" % (kind, name, value))
    need(e.get("reason_code") != "court" or e.get("authority", "court") == "court", "a decision of the court that another body ordered")
    if kind in ("report", "revision"):
        need(e["votes"] or e["status"] == "annulled", "a report that counts and states no vote")
        need(e.get("findings", []) == contradictions(e), "figures that contradict each other, or a finding that is none")


def contradictions(e):
    """E01: sum of votes = valid. E02: valid + null + blank + annulled = papers in the box. A paper may be wrong; its entry says so."""
    out = ["E01"] if "valid" in e and sum(v["n"] for v in e["votes"]) != e["valid"] else []
    if {"valid", "found", "invalid"} <= set(e) and e["valid"] + e["invalid"] + e.get("blank", 0) + e.get("annulled_votes", 0) != e["found"]:
        out.append("E02")
    return out


def table(data, columns):
    """The rows of a CSV written the one way: as it is published, without a control character."""
    text = data.decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    need(rows and rows[0] == columns and all(len(r) == len(columns) for r in rows), "a register with other columns")
    need(out.getvalue() == text and text.count("\n") == len(rows) and not re.search("[\0-\x09\x0b-\x1f\x7f]", text), "a register that is not in canonical form")
    return [dict(zip(columns, r)) for r in rows[1:]]


STATIONS = "station part name centre registered constituency level area".split()
AREAS = "level code name kind parent_level parent".split()


# --- what the log says -------------------------------------------------------------------------------
class Listed:
    """Indices that count in an area; their text is kept by thousands, so that a total costs what changed before it."""

    def __init__(self):
        self.held, self.texts = {}, {}

    def put(self, index, sign):
        some = self.held.setdefault(index // 4096, set())
        (some.add if sign > 0 else some.discard)(index)
        self.texts.pop(index // 4096, None)

    def told(self):
        for n in self.held.keys() - self.texts.keys():
            some = sorted(self.held[n])
            self.texts[n] = len(some), sum(some), "".join("%d\n" % i for i in some).encode()
        parts = [self.texts[n] for n in sorted(self.texts)]
        return {"count": sum(p[0] for p in parts), "sum": sum(p[1] for p in parts), "sha256": sha(b"".join(p[2] for p in parts)).hex()}


class Log:
    """Reports in force, sums of every area: recomputed entry by entry; every total is compared on its way."""

    def __init__(self, read):
        self.read, self.size, self.changed, self.manifest = read, 0, -1, None
        self.history, self.key_at, self.sums, self.totals, self.untold = {}, {}, {}, {}, set()
        self.lots, self.rulings = {}, {}

    def use(self, entry):
        files = []
        for field in ("stations_sha256", "areas_sha256"):
            data = self.read("register/%s.csv" % entry[field])
            need(sha(data).hex() == entry[field], "the register is not the one the log binds")
            files.append(table(data, AREAS if files else STATIONS))
        above = {}
        for a in files[1]:
            area = (a["level"], a["code"])
            need(area not in above and area != ("nation", "") and re.fullmatch(WORD, a["level"]), "an area twice, or without level")
            above[area] = (a["parent_level"], a["parent"]) if a["parent_level"] else None
        self.areas, self.expected, parts = {}, {}, {}
        for s in files[0]:
            chain, step = [], (s["level"], s["area"]) if s["level"] or s["area"] else None
            while step:
                need(step in above and step[0] != "constituency" and len(chain) < 12, "an area that is not in the register")
                chain.append(step)
                step = above[step]
            chain.append(("nation", ""))
            if s["constituency"]:
                need(("constituency", s["constituency"]) in above, "a constituency that is not in the register")
                chain.append(("constituency", s["constituency"]))
            key = (s["part"], s["station"])
            need(key not in self.areas and key[1] and re.fullmatch(WORD, key[0]), "a station twice, or without code or part")
            need(re.fullmatch("(0|[1-9][0-9]{0,8})?", s["registered"]), "registered voters that are no count")
            self.areas[key] = chain
            parts[key[0]] = parts.get(key[0], 0) + 1
            for area in chain:
                self.expected[area] = self.expected.get(area, 0) + 1
        need(parts == entry["expected"], "other counts of stations by part than the register's")
        self.sums, self.untold = {}, set(self.expected)
        for key, versions in self.history.items():
            self.put(key, versions[-1], 1)

    def put(self, key, version, sign):
        e = version["entry"]
        votes = [0] * len(self.lists)
        for v in e["votes"]:
            votes[self.lists.index(v["list"])] = v["n"]
        row = [e.get(n, 0) for n in NAMES] + votes
        if "valid" not in e:
            row[8] = sum(votes)
        for area in self.areas.get(key, ()):
            held = self.sums.setdefault(area, [[0] * len(row), [0] * 12, Listed()])
            self.untold.add(area)
            if version["by"] is None:
                held[0] = [a + sign * b for a, b in zip(held[0], row)]
                held[2].put(version["index"], sign)
            elif version["why"] in ("annulment", "court"):
                held[1] = [a + sign * b * (n in self.manifest["keeps"]) for a, b, n in zip(held[1], row, NAMES)]

    def feed(self, e):
        i, kind = self.size, e["kind"]
        need((i == 0) == (kind == "manifest"), "a log begins with its one manifest")
        need(not i or all(e[k] == self.manifest[k] for k in ("v", "election", "contest", "round")), "an entry of another contest")
        if kind == "manifest":
            self.manifest, self.lists = e, [o["list"] for o in e["lists"]]
        if kind in ("manifest", "register"):
            self.use(e)
        elif kind in ("report", "revision"):
            self.report(i, e)
        elif kind == "exclusion":
            key = self.key_at.get(e["index"])
            need(key == (e["part"], e["station"]) and self.history[key][-1]["index"] == e["index"], "an exclusion of nothing in force")
            held = self.history[key][-1]
            need(held["by"] is None, "excluded twice")
            self.put(key, held, -1)
            held["by"], held["why"] = i, e["reason_code"]
            self.put(key, held, 1)
        elif kind == "total":
            self.total(i, e)
            self.totals[e["level"], e["code"]] = i
            self.untold.discard((e["level"], e["code"]))
        elif kind == "declaration":
            need(not self.untold and e["total_index"] == self.totals.get(("nation", "")), "a declaration that rests on no national total in force")
        elif kind == "ruling":
            need(e["version"] == self.rulings.setdefault(e["act"], 0) + 1, "the text of a decision that does not follow the version before it")
            self.rulings[e["act"]] += 1
        elif kind in ("lot", "draw", "undraw"):
            self.lot(i, e)
        self.changed = i if kind in ("manifest", "register", "report", "revision", "exclusion") else self.changed
        self.size += 1

    def report(self, i, e):
        key = (e["part"], e["station"])
        need(key in self.areas, "a station that is not in the register")
        past = self.history.setdefault(key, [])
        if e["kind"] == "report":
            need(not past and e["revision"] == 0, "a second report is a revision")
        else:
            need(past and e["prev_index"] == past[-1]["index"] and e["revision"] == len(past), "a revision out of order")
        need(all(v["list"] in self.lists for v in e["votes"]), "a vote for no list")
        need(all(n in self.manifest["boxes"] for n in NAMES if n in e), "a figure that is not on the form of the manifest")
        if past:
            self.put(key, past[-1], -1)
        past.append({"index": i, "entry": e, "by": None, "why": ""})
        self.key_at[i] = key
        self.put(key, past[-1], 1)

    def lot(self, i, e):
        """Lots: `lot` promises the SHA-256 of a secret for one tie, `draw` opens it, `undraw` sets both aside."""
        if e["kind"] == "lot":
            law, tied = self.manifest["system"], {v["list"]: v["n"] for v in e["votes"]}
            held = self.sums.get(("constituency", e["constituency"]) if e["constituency"] else ("nation", ""))
            need(law.get("tie_rule") == "lot", "lots that no law of the manifest draws")
            need(all(x["entry"]["number"] < e["number"] for x in self.lots.values()), "a promise of lots out of number")
            need(e["places"] < len(tied) and all(n in self.lists for n in tied), "lots between no more lists than places")
            need(held and all(held[0][12 + self.lists.index(n)] == v for n, v in tied.items()), "lots between lists that have other votes")
            need(min(tied.values()) > 0 and (law.get("kind") == "proportional" or len(set(tied.values())) == 1), "lots between lists that are not tied")
            same = [x for x in self.lots.values() if x["tie"] == (e["constituency"], e["places"], tied) and x["state"] != "undone"]
            need(not same, "two promises for one tie")
            self.lots[i] = {"entry": e, "tie": (e["constituency"], e["places"], tied), "state": "promised"}
            return
        made = self.lots.get(e["index"])
        need(made and made["state"] != "undone", "lots that were not promised, or are undone")
        if e["kind"] == "undraw":
            made["state"] = "undone"
            return
        need(made["state"] == "promised", "lots drawn twice")
        secret, number = e["secret"], e["public"]
        need("|" not in secret + number and sha(secret.encode()).hex() == made["entry"]["promise"], "lots with another secret than the promised one")
        order = sorted(made["tie"][2], key=lambda n: sha(("%s|%s|%d" % (secret, number, n)).encode()))
        need(e["order"] == order, "lots in another order than the secret and the number give")
        made["state"] = "drawn"

    def total(self, i, e):
        area = (e["level"], e["code"])
        need(self.changed < e["covers_size"] <= i, "a total that does not cover what is before it")
        need(area in self.expected, "a total of an area without stations")
        figures, kept, listed = self.sums.get(area, [[0] * (12 + len(self.lists)), [0] * 12, Listed()])
        boxes = set(self.manifest["boxes"]) | {"valid"}
        want = {
            "expected": self.expected[area],
            "included": listed.told(),
            "figures": {n: v for n, v in zip(NAMES, figures) if n in boxes},
            "votes": [{"list": n, "n": v} for n, v in zip(self.lists, figures[12:])],
            "kept": {n: v for n, v in zip(NAMES, kept) if n in self.manifest["keeps"]} if self.manifest["keeps"] else None,
        }
        for name, value in want.items():
            need(e.get(name) == value, "the total of %s %s does not fit: %s" % (area[0], area[1], name))

    def ended(self):
        need(self.manifest, "a log begins with its one manifest")
        need(not self.key_at or not self.untold, "no total of %s covers the last reports" % (sorted(self.untold) or [""])[0:1])
        for key, versions in self.history.items():
            need(versions[-1]["entry"]["status"] != "annulled" or versions[-1]["by"] is not None, "station %s is annulled and counted" % key[1])


def results_csv(log, entries):
    boxes = [n for n in NAMES if n in log.manifest["boxes"]]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = "index leaf_hash station part state revision prev_index reason_code act status published_batch serial scan_sha256".split()
    writer.writerow(head + boxes + ["votes_%d" % n for n in log.lists])
    for i, key in sorted(log.key_at.items()):
        versions = log.history[key]
        v = next(x for x in versions if x["index"] == i)
        e = v["entry"]
        state = "replaced" if v is not versions[-1] else "excluded" if v["by"] is not None else "current"
        votes = {x["list"]: x["n"] for x in e["votes"]}
        row = [i, leaf(entries[i]).hex(), e["station"], e["part"], state]
        row += [e.get(k, "") for k in head[5:]] + [e.get(n, "") for n in boxes] + [votes.get(n, "") for n in log.lists]
        writer.writerow(["'" + c if isinstance(c, str) and c.startswith(("=", "+", "-", "@", "\t", "\r")) else c for c in row])
    return out.getvalue().encode()


# --- the register of corrections -----------------------------------------------------------------------
LEDGER = (
    "correction notice index at station part constituency kind field list old new old_counted new_counted authority act approval reason reason_sha256"
    " lead_before gap_before valid_before lead_after gap_after valid_after local_lead_before local_gap_before local_valid_before"
    " local_lead_after local_gap_after local_valid_after"
).split()


def margin(held):
    """(who leads, by how many votes, valid votes): the numbers of the lists at the top, several where they are equal."""
    votes, valid = held
    ranked = sorted(votes, key=lambda n: (-votes[n], n))
    if not ranked or not votes[ranked[0]]:
        return "", 0, valid
    lead = [n for n in ranked if votes[n] == votes[ranked[0]]]
    gap = 0 if len(lead) > 1 else votes[ranked[0]] - (votes[ranked[1]] if len(ranked) > 1 else 0)
    return " ".join(map(str, lead)), gap, valid


def became(old, new, declared):
    """What a station's new record is to the one before it; "" where nothing that everybody could read changes."""
    if old is None:
        return "late" if declared and new[0] != "gone" else ""
    if new[0] != old[0]:
        return {"gone": "recalled", "counted": "restored", "annulled": "annulled"}[new[0]]
    return "corrected" if old[1:3] != new[1:3] else "replaced" if old[3] != new[3] else ""


def differences(old, new):
    """(field, list, old, new) of every row that differs; nothing stands against what was not counted."""
    same = old is not None and old[0] == new[0]
    was = old if old and (old[0] == "counted" or same) else ("", {}, {})
    now = new if new[0] == "counted" or same else ("", {}, {})
    rows = [(n, "", was[1].get(n, ""), now[1].get(n, "")) for n in dict.fromkeys([*was[1], *now[1]])]
    rows += [("votes", n, was[2].get(n, ""), now[2].get(n, "")) for n in sorted({*was[2], *now[2]})]
    return [r for r in rows if r[2] != r[3]] or [("", "", "", "")]


def record_of(e, old):
    """(standing, figures, votes, document) that an entry makes of a station; None where it says nothing new."""
    if e["kind"] != "exclusion":
        mark = "%d %s" % (e["serial"], e.get("scan_sha256", ""))
        return e["status"], {n: e[n] for n in NAMES if n in e}, {v["list"]: v["n"] for v in e["votes"]}, mark
    if old is None or old[0] != "counted":
        return None
    return ("annulled", *old[1:]) if e["reason_code"] in ("annulment", "court") else ("gone", {}, {}, "")


def corrections_csv(log, entries, reasons):
    """The register from the entries alone, reckoned again. reasons: index -> words, believed where the log has their digest."""
    out, now, sums = io.StringIO(), {}, {}
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LEDGER)
    number, notice, last, declared = 0, 0, None, False
    for i, data in enumerate(entries):
        e = json.loads(data)
        declared = declared or e["kind"] == "declaration"
        if e["kind"] not in ("report", "revision", "exclusion"):
            continue
        key, old = (e["part"], e["station"]), now.get((e["part"], e["station"]))
        new = record_of(e, old)
        kind = became(old, new, declared) if new else ""
        if new is None or (old and not kind):
            continue
        now[key] = new
        group = next((a[1] for a in log.areas[key] if a[0] == "constituency"), "")
        held = [sums.setdefault(g, [dict.fromkeys(log.lists, 0), 0]) for g in ((), group) if g != ""]
        before = [margin(h) for h in held]
        for sign, one in ((-1, old), (1, new)):
            if one and one[0] == "counted":
                for h in held:
                    h[1] += sign * one[1].get("valid", sum(one[2].values()))
                    for n, v in one[2].items():
                        h[0][n] += sign * v
        if not kind:
            continue
        order = (e.get("at"), e.get("authority"), e.get("act"), e.get("approval"))
        number, notice, last = number + 1, notice + (not e.get("at") or order != last), order
        said = reasons.get(i, "")
        said = said if sha(said.encode()).hex() == e.get("reason_sha256") else ""
        tail = [x for b, h in zip(before, held) for x in (*b, *margin(h))]
        ends = [int(bool(old) and old[0] == "counted"), int(new[0] == "counted"), e.get("authority", ""), e.get("act", "")]
        ends += [e.get("approval", ""), said, e.get("reason_sha256", ""), *tail, *[""] * (12 - len(tail))]
        for row in differences(old, new):
            cells = [number, notice, i, e.get("at", ""), e["station"], e["part"], group, kind, *row, *ends]
            writer.writerow(["'" + c if isinstance(c, str) and c.startswith(("=", "+", "-", "@", "\t", "\r")) else c for c in cells])
    return out.getvalue().encode()


# --- the folder --------------------------------------------------------------------------------------
FAULTS = (Wrong, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, csv.Error)


class Folder:
    """A published folder, or the log alone: where its files lie."""

    def __init__(self, folder):
        self.folder = folder
        self.site = os.path.exists(os.path.join(folder, "log", "checkpoint"))
        self.where = os.path.join(folder, "log") if self.site else folder

    def path(self, name):
        return os.path.join(self.folder, *name.split("/"))

    def file(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def read(self, name):
        """A file of the log."""
        with open(os.path.join(self.where, *name.split("/")), "rb") as file:
            return file.read()

    def entries(self, size):
        """The entries that lie in the bundles, in order."""
        found = []
        for n in range(-(-size // 256)):
            data, at = self.read(tile("entries", n, min(256, size - 256 * n))), 0
            while at < len(data):
                end = at + 2 + int.from_bytes(data[at : at + 2], "big")
                need(end <= len(data), "a bundle is cut short")
                found.append(data[at + 2 : end])
                at = end
        need(len(found) == size, "%d entries, not %d" % (len(found), size))
        return found

    def witnesses(self, note):
        if not os.path.exists(os.path.join(self.where, "policy")):
            return []
        lines = [x.split() for x in self.read("policy").decode().splitlines()]
        known = [key_of(w[2]) for w in lines if w and w[0] == "witness"]
        return sorted(set(k[0] for k in signers(note, known)))


class Held:
    """A log that was replayed: its entries, its chain of signed notes, what the entries say."""

    def __init__(self, folder, vkeys, problems, facts, say):
        """Adds to problems the tiles that differ, to facts what is known. Raises FAULTS where the log does not hold."""
        note = folder.read("checkpoint").decode()
        keys = [key_of(v) for v in vkeys] or [key_of(folder.read("log.vkey").decode().split()[0])]
        self.entries = folder.entries(int(split(note)[0].split("\n")[1]))
        self.chain = Chain(self.entries)
        self.origin, self.size, root = self.chain.open(note, self.chain.known(keys))
        leaves = [leaf(e) for e in self.entries]
        need(root_of(leaves) == root, "the entries do not lead to the signed root")
        problems += tile_problems(folder, leaves)
        say("%s: %d entries, root %s" % (self.origin, self.size, root.hex()))
        self.log = log = Log(folder.read)
        for data in self.entries:
            log.feed(entry_of(data))
        log.ended()
        need(log.manifest["origin"] == self.origin, "the manifest is of another log")
        totals = sum(b'"kind":"total"' in e for e in self.entries)
        facts["draws"] = sum(x["state"] == "drawn" for x in log.lots.values())
        facts["findings"] = sum("findings" in h[-1]["entry"] for h in log.history.values())
        facts.update(origin=self.origin, size=self.size, root=root.hex(), stations=len(log.history), totals=totals, proofs=0, files=0)
        facts["witnesses"] = folder.witnesses(note)


def tile_problems(folder, leaves):
    """Every tile of every level holds the hashes that the entries make."""
    problems, level, hashes = [], 0, leaves
    while hashes:
        for n in range(-(-len(hashes) // 256)):
            part = hashes[256 * n : 256 * n + 256]
            if folder.read(tile(level, n, len(part))) != b"".join(part):
                problems.append((tile(level, n, len(part)), "is not what the entries make"))
        hashes = [root_of(hashes[i : i + 256]) for i in range(0, len(hashes) // 256 * 256, 256)]
        level += 1
    return problems


def data_problems(folder, held):
    """The open data are, to the byte, what the log says."""
    problems, log, entries = [], held.log, held.entries
    told = "is not what the log says"
    if not os.path.exists(folder.path("d/results.csv")) or folder.file("d/results.csv") != results_csv(log, entries):
        problems.append(("d/results.csv", told))
    if os.path.exists(folder.path("d/corrections.csv")):
        try:
            reasons = {int(k): v for k, v in json.loads(folder.file("d/reasons.json")).items()}
            bound = [sha(v.encode()).hex() == entry_of(entries[i]).get("reason_sha256") for i, v in reasons.items()]
            need(all(bound), "a reason is not the one that the log binds")
        except (Wrong, OSError, ValueError, IndexError, AttributeError, TypeError) as why:
            problems.append(("d/reasons.json", str(why)))
            reasons = {}
        if folder.file("d/corrections.csv") != corrections_csv(log, entries, reasons):
            problems.append(("d/corrections.csv", told))
    force = sorted(h[-1]["index"] for h in log.history.values() if h[-1]["by"] is None)
    stations = b"".join(entries[i] + b"\n" for i in force)
    if os.path.exists(folder.path("d/stations.ndjson")) and folder.file("d/stations.ndjson") != stations:
        problems.append(("d/stations.ndjson", told))
    return problems


def proof_problems(folder, held, facts):
    """Each station's and each draw's entry is in the log, by the proof that lies beside it."""
    problems, good = [], {}
    for name in [d + "/" + n for d in ("pv", "draw") if os.path.isdir(folder.path(d)) for n in sorted(os.listdir(folder.path(d)))]:
        if not name.endswith(".json"):
            continue
        try:
            prove(folder, held, name, good)
            facts["proofs"] += 1
        except (Wrong, OSError, ValueError, KeyError, IndexError) as why:
            problems.append((name, str(why) or type(why).__name__))
    return problems


def prove(folder, held, name, good):
    """Raises unless the entry of this name is proved. good: the signed points that were opened already."""
    data, proof = folder.file(name), folder.file(name[:-5] + ".tlog-proof").decode()
    head, _, point = proof.partition("\n\n")
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index "), "not a proof")
    if point not in good:
        good[point] = held.chain.open(point)
    index = int(lines[1][6:])
    need(lines[1] == "index %d" % index, "the index is not a plain number")
    included(index, good[point][1], leaf(data), good[point][2], [unb64(x) for x in lines[2:]])
    need(index < held.size and held.entries[index] == data, "not the entry of its index")
    if name.startswith("draw/"):
        need(name == "draw/%d.json" % index, "not the entry of its name")
        return
    e = entry_of(data)
    need(held.log.history[e["part"], e["station"]][-1]["index"] == index, "not the report in force of its station")


def file_problems(folder, held, facts):
    """The files that lie there are those of the signed list, unchanged."""
    try:
        listed, note = folder.file("files.sha256"), folder.file("files.note").decode()
        signed = "kalata/files@v1\n%s\n%s\n" % (held.origin, sha(listed).hex())
        need(split(note)[0] == signed and signers(note, held.chain.every), "does not sign this list of files")
        names = dict((line[66:], line[:64]) for line in listed.decode().splitlines())
        there = set()
        for base, _, files in os.walk(folder.folder):
            there.update(os.path.relpath(os.path.join(base, f), folder.folder).replace(os.sep, "/") for f in files)
        there -= {"files.sha256", "files.note"}
        facts["files"] = len(names)
        problems = [(n, "is missing") for n in sorted(set(names) - there)]
        problems += [(n, "is not in the signed list") for n in sorted(there - set(names))]
        return problems + [(n, "was changed") for n in sorted(there & set(names)) if sha(folder.file(n)).hex() != names[n]]
    except (Wrong, OSError, ValueError) as why:
        return [("files.note", str(why))]


def dump_problems(folder):
    """The one file to take away holds the log as it lies there."""
    problems = []
    try:
        with zipfile.ZipFile(folder.path("dump.zip")) as packed:
            for n in packed.namelist():
                if not os.path.exists(os.path.join(folder.where, n)) or packed.read(n) != folder.read(n):
                    problems.append(("dump.zip", n + " differs"))
            need("checkpoint" in packed.namelist(), "has no checkpoint")
    except (Wrong, OSError, zipfile.BadZipFile) as why:
        problems.append(("dump.zip", str(why)))
    return problems


def verify(folder, vkeys=(), say=lambda text: None):
    """(problems, facts). problems is empty when everything holds."""
    problems, facts, whole = [], {"folder": folder}, Folder(folder)
    try:
        held = Held(whole, vkeys, problems, facts, say)
    except FAULTS as why:
        return problems + [("log", str(why) or type(why).__name__)], facts
    if whole.site:
        problems += data_problems(whole, held)
        problems += proof_problems(whole, held, facts)
        problems += file_problems(whole, held, facts)
        problems += dump_problems(whole)
    return problems, facts


def main():
    ask = argparse.ArgumentParser(description="Verify a published election folder.")
    ask.add_argument("folder")
    ask.add_argument("--vkey", action="append", default=[], help="key of the log, as read aloud or printed")
    ask.add_argument("--json", action="store_true")
    given = ask.parse_args()
    problems, facts = verify(given.folder, given.vkey)
    if given.json:
        print(json.dumps({"valid": not problems, "problems": problems, **facts}))
    else:
        for name, value in facts.items():
            print("%-10s %s" % (name, value))
        for where, what in problems[:60]:
            print("WRONG      %s: %s" % (where, what))
        if not given.vkey:
            print("NOTE       the key was taken from the folder itself: give --vkey with the one read aloud or printed")
        print("VALID / VALIDE" if not problems else "NOT VALID / NON VALIDE")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
