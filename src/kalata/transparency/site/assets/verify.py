#!/usr/bin/env python3
"""Verify a published election folder with nothing but Python's standard library.

    python3 verify.py FOLDER --vkey 'name+id+key'      (Python 3.8 or newer; exit status 0: all holds)

It checks the signature of the checkpoint, that every entry leads to the signed root, that every published
total is the exact sum of the reports in force, each station's record and proof, the open data and the signed
list of files. It was written apart from the program that publishes, on purpose: read it, it is short. Take it
and the key from two different places. Format: C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof.
"""
import argparse, base64, csv, hashlib, io, json, os, sys, zipfile

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
    need(len(raw) == 33 and raw[0] in (1, 4), "not an Ed25519 key: " + name)
    need(name and not any(c.isspace() for c in name) and sha(name.encode() + b"\n" + raw)[:4].hex() == digits, "the key does not fit its name")
    return name, raw[0], raw[1:], bytes.fromhex(digits)


def split(note):
    need(all(ord(c) >= 32 or c == "\n" for c in note), "the note has control characters")
    text, gap, tail = note.rpartition("\n\n")
    need(gap and tail.endswith("\n") and text, "the note is malformed")
    lines = []
    for line in tail[:-1].split("\n"):
        name, space, payload = line[2:].partition(" ")
        need(line.startswith("\u2014 ") and space and name and "+" not in name, "a signature line is malformed")
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
            if key[1] == 4:
                message = b"cosignature/v1\ntime %d\n" % int.from_bytes(payload[:8], "big") + text.encode()
                good = len(payload) == 72 and signed(key[2], payload[8:], message)
            else:
                good = signed(key[2], payload, text.encode())
            need(good, "the signature of %s does not fit" % name)
            found.append(name)
    return found


def checkpoint(note, keys):
    text, _ = split(note)
    lines = text.split("\n")
    need(len(lines) == 4 and not lines[3] and lines[0], "the checkpoint is not three lines")
    need(lines[1].isascii() and lines[1].isdigit() and str(int(lines[1])) == lines[1], "the size is not a plain number")
    root = unb64(lines[2])
    need(len(root) == 32, "the root is not 32 bytes")
    need(all(k[0] == lines[0] for k in keys) and signers(note, keys), "no trusted key of the log has signed")
    return lines[0], int(lines[1]), root


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


def entry_of(data):
    value = json.loads(data.decode(), object_pairs_hook=once)
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    need(written == data, "an entry is not in canonical form")
    return value


# --- what the log says -------------------------------------------------------------------------------
NAMES = ["registered", "additional", "voters", "proxies", "found", "invalid", "blank", "annulled_votes", "valid", "received", "unused", "spoiled"]


class Log:
    """Reports in force, sums of every area: recomputed entry by entry; every total is compared on its way."""

    def __init__(self, read):
        self.read, self.size, self.changed = read, 0, -1
        self.history, self.key_at, self.sums, self.totals = {}, {}, {}, {}

    def use(self, entry):
        files = []
        for field in ("stations_sha256", "areas_sha256"):
            data = self.read("register/%s.csv" % entry[field])
            need(sha(data).hex() == entry[field], "the register is not the one the log binds")
            files.append(list(csv.DictReader(io.StringIO(data.decode(), newline=""))))
        above = {(a["level"], a["code"]): (a["parent_level"], a["parent"]) for a in files[1]}
        self.areas, self.expected = {}, {}
        for s in files[0]:
            chain, step = [], (s["level"], s["area"])
            while step[0] and len(chain) < 12:
                chain.append(step)
                step = above.get(step, ("", ""))
            chain.append(("nation", ""))
            if s["constituency"]:
                chain.append(("constituency", s["constituency"]))
            self.areas[s["part"], s["station"]] = chain
            for area in chain:
                self.expected[area] = self.expected.get(area, 0) + 1
        self.sums = {}
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
            held = self.sums.setdefault(area, [[0] * len(row), [0] * 12, set()])
            if version["by"] is None:
                held[0] = [a + sign * b for a, b in zip(held[0], row)]
                (held[2].add if sign > 0 else held[2].discard)(key)
            elif version["why"] in ("annulment", "court"):
                held[1] = [a + sign * b * (n in self.manifest["keeps"]) for a, b, n in zip(held[1], row, NAMES)]

    def feed(self, e):
        i, kind = self.size, e["kind"]
        need((i == 0) == (kind == "manifest"), "a log begins with its one manifest")
        if i:
            need(all(e[k] == self.manifest[k] for k in ("v", "election", "contest", "round")), "an entry of another contest")
        if kind == "manifest":
            self.manifest, self.lists = e, [o["list"] for o in e["lists"]]
        if kind in ("manifest", "register"):
            self.use(e)
        elif kind in ("report", "revision"):
            key = (e["part"], e["station"])
            need(key in self.areas, "a station that is not in the register")
            past = self.history.setdefault(key, [])
            if kind == "report":
                need(not past and e["revision"] == 0, "a second report is a revision")
            else:
                need(past and e["prev_index"] == past[-1]["index"] and e["revision"] == len(past), "a revision out of order")
            need(all(v["list"] in self.lists for v in e["votes"]), "a vote for no list")
            if past:
                self.put(key, past[-1], -1)
            past.append({"index": i, "entry": e, "by": None, "why": ""})
            self.key_at[i] = key
            self.put(key, past[-1], 1)
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
        elif kind == "declaration":
            need(e["total_index"] in self.totals.values(), "a declaration that rests on no total in force")
        if kind in ("manifest", "register", "report", "revision", "exclusion"):
            self.changed = i
        self.size += 1

    def total(self, i, e):
        area = (e["level"], e["code"])
        need(self.changed < e["covers_size"] <= i, "a total that does not cover what is before it")
        figures, kept, keys = self.sums.get(area, [[0] * (12 + len(self.lists)), [0] * 12, set()])
        indices = sorted(self.history[k][-1]["index"] for k in keys)
        listed = "".join("%d\n" % n for n in indices).encode()
        boxes = set(self.manifest["boxes"]) | {"valid"}
        want = {
            "expected": self.expected.get(area, 0),
            "included": {"count": len(indices), "sum": sum(indices), "sha256": sha(listed).hex()},
            "figures": {n: v for n, v in zip(NAMES, figures) if n in boxes},
            "votes": [{"list": n, "n": v} for n, v in zip(self.lists, figures[12:])],
        }
        if self.manifest["keeps"]:
            want["kept"] = {n: v for n, v in zip(NAMES, kept) if n in self.manifest["keeps"]}
        for name, value in want.items():
            need(e.get(name) == value, "the total of %s %s does not fit: %s" % (area[0], area[1], name))


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


# --- the folder --------------------------------------------------------------------------------------
def verify(folder, vkeys=(), say=lambda text: None):
    """(problems, facts). problems is empty when everything holds."""
    site = os.path.exists(os.path.join(folder, "log", "checkpoint"))
    where = os.path.join(folder, "log") if site else folder
    problems, facts = [], {"folder": folder}

    def path(name):
        return os.path.join(folder, *name.split("/"))

    def read(name, base=where):
        with open(os.path.join(base, *name.split("/")), "rb") as file:
            return file.read()

    try:
        note = read("checkpoint").decode()
        keys = [key_of(v) for v in vkeys] or [key_of(read("log.vkey").decode().split()[0])]
        size = int(split(note)[0].split("\n")[1])
        entries = []
        for n in range(-(-size // 256)):
            data, at = read(tile("entries", n, min(256, size - 256 * n))), 0
            while at < len(data):
                end = at + 2 + int.from_bytes(data[at : at + 2], "big")
                need(end <= len(data), "a bundle is cut short")
                entries.append(data[at + 2 : end])
                at = end
        need(len(entries) == size, "%d entries, not %d" % (len(entries), size))
        for data in entries:
            if b'"kind":"key"' in data:
                e = entry_of(data)
                fresh = key_of(e["vkey"])
                message = b"kalata.log/rotation/v1\n" + e["vkey"].encode() + b"\n"
                need(any(k[0] == fresh[0] and signed(k[2], unb64(e["signature"]), message) for k in keys), "a rotation that the old key did not sign")
                keys.append(fresh)
        origin, size, root = checkpoint(note, keys)
        leaves = [leaf(e) for e in entries]
        need(root_of(leaves) == root, "the entries do not lead to the signed root")
        level, hashes = 0, leaves
        while hashes:
            for n in range(-(-len(hashes) // 256)):
                part = hashes[256 * n : 256 * n + 256]
                if read(tile(level, n, len(part))) != b"".join(part):
                    problems.append((tile(level, n, len(part)), "is not what the entries make"))
            hashes = [root_of(hashes[i : i + 256]) for i in range(0, len(hashes) // 256 * 256, 256)]
            level += 1
        say("%s: %d entries, root %s" % (origin, size, root.hex()))
        log = Log(read)
        for data in entries:
            log.feed(entry_of(data))
        need(log.manifest["origin"] == origin, "the manifest is of another log")
        totals = sum(b'"kind":"total"' in e for e in entries)
        facts.update(origin=origin, size=size, root=root.hex(), stations=len(log.history), totals=totals, proofs=0, files=0)
        witnesses = []
        if os.path.exists(os.path.join(where, "policy")):
            known = [key_of(w[2]) for w in (x.split() for x in read("policy").decode().splitlines()) if w and w[0] == "witness"]
            witnesses = signers(note, known)
        facts["witnesses"] = witnesses
    except (Wrong, OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as why:
        return problems + [("log", str(why) or type(why).__name__)], facts
    if not site:
        return problems, facts
    if not os.path.exists(path("d/results.csv")) or read("d/results.csv", folder) != results_csv(log, entries):
        problems.append(("d/results.csv", "is not what the log says"))
    force = sorted(h[-1]["index"] for h in log.history.values() if h[-1]["by"] is None)
    if os.path.exists(path("d/stations.ndjson")) and read("d/stations.ndjson", folder) != b"".join(entries[i] + b"\n" for i in force):
        problems.append(("d/stations.ndjson", "is not what the log says"))
    good = {}
    for name in sorted(os.listdir(path("pv")) if os.path.isdir(path("pv")) else []):
        if not name.endswith(".json"):
            continue
        try:
            data, proof = read("pv/" + name, folder), read("pv/" + name[:-5] + ".tlog-proof", folder).decode()
            head, _, point = proof.partition("\n\n")
            lines = head.split("\n")
            need(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index "), "not a proof")
            if point not in good:
                good[point] = checkpoint(point, keys)
            index = int(lines[1][6:])
            need(lines[1] == "index %d" % index, "the index is not a plain number")
            included(index, good[point][1], leaf(data), good[point][2], [unb64(x) for x in lines[2:]])
            need(index < size and entries[index] == data, "not the entry of its index")
            e = entry_of(data)
            need(log.history[e["part"], e["station"]][-1]["index"] == index, "not the report in force of its station")
            facts["proofs"] += 1
        except (Wrong, OSError, ValueError, KeyError, IndexError) as why:
            problems.append(("pv/" + name, str(why) or type(why).__name__))
    try:
        listed = read("files.sha256", folder)
        note = read("files.note", folder).decode()
        need(split(note)[0] == "kalata/files@v1\n%s\n%s\n" % (origin, sha(listed).hex()) and signers(note, keys), "does not sign this list of files")
        names = dict((line[66:], line[:64]) for line in listed.decode().splitlines())
        there = set()
        for base, _, files in os.walk(folder):
            there.update(os.path.relpath(os.path.join(base, f), folder).replace(os.sep, "/") for f in files)
        there -= {"files.sha256", "files.note", ".kalata-site.json"}
        facts["files"] = len(names)
        problems += [(n, "is missing") for n in sorted(set(names) - there)] + [(n, "is not in the signed list") for n in sorted(there - set(names))]
        problems += [(n, "was changed") for n in sorted(there & set(names)) if sha(read(n, folder)).hex() != names[n]]
    except (Wrong, OSError, ValueError) as why:
        problems.append(("files.note", str(why)))
    try:
        with zipfile.ZipFile(path("dump.zip")) as packed:
            inside = packed.namelist()
            problems += [("dump.zip", n + " differs") for n in inside if not os.path.exists(os.path.join(where, n)) or packed.read(n) != read(n)]
            need("checkpoint" in inside, "has no checkpoint")
    except (Wrong, OSError, zipfile.BadZipFile) as why:
        problems.append(("dump.zip", str(why)))
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
