"""The public log and site of 25,000 stations with 12 lists: figures of the field guide, section 17."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kalata.transparency import folder
from kalata.transparency.rules import canonical, notes, proofs
from kalata.transparency.rules.entries import checked
from kalata.transparency.rules.merkle import Tree, leaf_hash
from kalata.transparency.rules.replay import AREA_COLUMNS, REGISTER_COLUMNS, Replay, table
from kalata.transparency.site import builder
from tests.site import COMMON, NAMES, SYSTEM, MadeLog, extras_now

STATIONS, LISTS = 25_000, 12
NAMED = (*NAMES, "La lampe d’argile", "Le canari", "L’arc", "Le tambour")


def country(where: Path, stations: int = STATIONS) -> MadeLog:
    """20 regions, 60 cercles, 800 communes."""
    areas = [["1", f"R{r:02d}", f"Région {r}", "région", "", ""] for r in range(20)]
    areas += [["2", f"C{c:02d}", f"Cercle {c}", "cercle", "1", f"R{c % 20:02d}"] for c in range(60)]
    areas += [["3", f"K{k:03d}", f"Commune {k}", "commune", "2", f"C{k % 60:02d}"] for k in range(800)]
    rows = [
        [f"B-{i:05d}", "general", f"École {i}", f"Centre {i // 4}", 700, "", "3", f"K{i % 800:03d}"]
        for i in range(stations)
    ]
    one, two = folder.keep_register(where, table(REGISTER_COLUMNS, rows), table(AREA_COLUMNS, areas))
    key = notes.SigningKey("resultats.example/c", notes.ED25519, b"\x01" * 32)
    made = MadeLog(where, key, [], Replay(folder.LogFolder(where).register), Tree(), random.Random(1), LISTS)
    made.put(
        kind="manifest", origin=key.name, keys=[key.verifier.text()], lists=[{"list": i + 1, "name": NAMED[i]} for i in range(LISTS)],
        boxes=["registered", "voters", "found", "invalid", "valid"], stations_sha256=one, areas_sha256=two, expected={"general": stations},
        rules={"pack": "ml", "version": "t"}, software={"name": "kalata", "version": "0"}, system=SYSTEM, keeps=[], exercise=True, names={"fr": "Essai", "en": "Trial"},
    )  # fmt: skip
    return made


def measure(line) -> None:
    witnesses = [notes.SigningKey(f"temoin-{n}", notes.COSIGNATURE, bytes([n]) * 32) for n in (2, 3, 4)]
    with tempfile.TemporaryDirectory() as keep:
        where, site = Path(keep) / "log", Path(keep) / "site"
        made = country(where)
        for i in range(STATIONS):
            made.report(f"B-{i:05d}")
        bodies = [canonical.read(e) for e in made.entries]
        start = time.perf_counter()
        data = [checked(b) for b in bodies]
        tree = Tree(map(leaf_hash, data))
        folder.write_log(Path(keep) / "plain", tree, data, 0, "x\n")
        took = time.perf_counter() - start
        line("log of 25,000 entries: canonical, hashed, tiles on disk", f"{took:.2f} s", "<= 2 s", took <= 2)
        made.close(*witnesses)
        more = [
            checked({**COMMON, "kind": "report", **{k: v for k, v in b.items() if k not in COMMON}, "station": f"X{i}"})
            for i, b in enumerate(bodies[1:1001])
        ]
        start = time.perf_counter()
        before = len(tree)
        tree.extend(leaf_hash(e) for e in more)
        tree.consistency(before)
        folder.write_log(Path(keep) / "plain", tree, (data + more)[before // 256 * 256 :], before, "x\n")
        took = time.perf_counter() - start
        line("  append 1,000 entries", f"{took:.3f} s", "<= 0.2 s", took <= 0.2)

        start = time.perf_counter()
        stats = builder.publish(where, site, extras_now(), sign=made.key.line)
        took = time.perf_counter() - start
        sizes = [(p.stat().st_size, p.stat().st_blocks * 512) for p in site.rglob("*") if p.is_file()]
        line(
            f"full publication, {len(sizes):,} files ({stats.seconds})",
            f"{took:.0f} s",
            "<= 180 s",
            took <= 180,
            of=len(sizes),
            least=STATIONS,
        )
        mib, disk = sum(s for s, _b in sizes) / 2**20, sum(b for _s, b in sizes) / 2**20
        line("  its size; on this disk with its blocks", f"{mib:.0f} / {disk:.0f} MiB", "<= 600 MiB", mib <= 600)
        proof = (site / "pv" / "B-12345.tlog-proof").stat().st_size
        line("  one proof, with 3 cosignatures", f"{proof} B", "<= 2,048 B", proof <= 2048)
        for page in (
            "index.html",
            "pv/B-12345.html",
            "r/1/R03.html",
            "r/3/K003.html",
            "areas.html",
            "missing.html",
            "data.html",
        ):
            both = len(gzip.compress((site / page).read_bytes(), 9)) + len(
                gzip.compress((site / "s/kalata.css").read_bytes(), 9)
            )
            line(f"  {page} with its style, gzip", f"{both / 1024:.1f} KiB", "<= 30 KiB", both <= 30 * 1024)
        size = (site / "verifier.html").stat().st_size
        line("  verifier.html", f"{size} B", "<= 25,000 B", size <= 25_000)

        key = made.key.verifier.text()
        for name, args in (
            (
                "verify.py, standard library",
                [sys.executable, "-I", "-S", str(site / "verify.py"), str(site), "--vkey", key],
            ),
            ("kalata log verify", [sys.executable, "-m", "kalata", "log", "verify", str(site), "--vkey", key]),
        ):
            start = time.perf_counter()
            done = subprocess.run(args, capture_output=True, text=True, check=False)
            took = time.perf_counter() - start
            line(
                f"{name}: the whole folder, exit {done.returncode}",
                f"{took:.1f} s",
                "<= 30 s",
                took <= 30 and done.returncode == 0,
            )

        for i in made.chance.sample(range(STATIONS), 100):
            made.report(f"B-{i:05d}")
        made.close(*witnesses)
        start = time.perf_counter()
        stats = builder.publish(where, site, extras_now(), sign=made.key.line)
        took = time.perf_counter() - start
        line(f"incremental, 100 changed ({stats.seconds})", f"{took:.1f} s", "<= 10 s", took <= 10 and not stats.full)
        one = proofs.read_proof((site / "pv" / "B-00007.tlog-proof").read_text())
        assert proofs.check_proof(one, (site / "pv" / "B-00007.json").read_bytes(), [made.key.verifier])
        print(f"  {os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    from bench.lines import line

    measure(line)
